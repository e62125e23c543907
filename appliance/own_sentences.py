"""The owner's own sentences (`[[home.sentences]]`) as a skill: what they say, and what is then done or answered.

    [[home.sentences]]
    say = ["bonne nuit [la maison]", "je vais (me coucher|au lit)"]
    do = [{ service = "light.turn_off", area = "Salon" }, { service = "cover.close_cover", thing = "Volet du salon" }]
    answer = "Bonne nuit."

What is done goes through the executor as everything does: writing a rule gives no right that its sentence has not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from appliance.actions import Action
from appliance.grammar import OwnSentence
from appliance.home import Home
from appliance.messages import text
from appliance.rules import Deed, Rule
from appliance.skills import Reply, Situation, Slots


class OwnSentences:
    """All rules of the owner, in the shape of a skill."""

    SENTENCES: Mapping[str, Mapping[str, Sequence[str]]] = {}
    """None by itself: the grammar is given `sentences`."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._rules = rules
        self.sentences = [OwnSentence(rule.say, rule.language) for rule in rules]

    async def handle(self, intent: str, slots: Slots, situation: Situation) -> Reply:
        """Do what the rule of this number says. A thing that is not there is told, and then nothing is done."""
        rule = self._rules[int(intent)]
        actions: list[Action] = []
        for deed in rule.do:
            found = _actions(deed, slots, situation.home)
            if not found:
                missing = deed.thing or deed.area or deed.service
                return Reply(text("own-nothing-there", situation.language, name=_filled(missing, slots)))
            actions += found
        if actions:
            if situation.perform is None:
                return Reply(text("own-no-home", situation.language))
            outcome = await situation.perform(actions)
            if outcome.status != "done":
                return Reply(outcome.text, asks=outcome.status == "confirm")
        return Reply(rule.answer or text("own-done", situation.language))


def _actions(deed: Deed, slots: Slots, home: Home) -> list[Action]:
    domain, _, service = deed.service.partition(".")
    name, area = _filled(deed.thing, slots), _filled(deed.area, slots)
    if (deed.thing and not name) or (deed.area and not area):
        return []  # "{name}" was left out of what was said: that is nothing, not everything
    things = home.find(name=name, area=area, domains=() if name else (domain,))
    wanted = Action(domain, service, data=dict(deed.data))
    return [replace(wanted, domain=thing.domain if name else domain, target=thing.id) for thing in things]


def _filled(words: str, slots: Slots) -> str:
    for slot in ("name", "area"):
        words = words.replace(f"{{{slot}}}", str(slots.get(slot, "")))
    return words
