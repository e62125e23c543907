"""The home: what Home Assistant's sentences want done in it or ask about it.

Sentences come from home-assistant-intents (see grammar.py), whose intents and slots `handle` is given: names and areas as
the home writes them. Acting goes through `situation.perform` and nothing else; answers come from how the home stands, and
where that is not known, the answer says so. Replies say what is being done ("J'ouvre..."), never that it is done: the
things have not answered yet.

    _home_sentences  what people also say (in a file for each language, and _home_blocks)
    _home_targets    which things are meant
    _home_actions    what is to be done with them
    _home_steps      what is changed by a step
    _home_answers    what is known of them
    _home_words      how one speaks of them
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from appliance.actions import Action
from appliance.home import Thing
from appliance.messages import text
from appliance.skills import Reply, Situation, Slots, volume
from appliance.skills._home_actions import COMPOSED, SIMPLE, Deed, deed, lacks_value, volume_change
from appliance.skills._home_answers import ANSWERS
from appliance.skills._home_sentences import MORE as MORE_SENTENCES
from appliance.skills._home_steps import STEPS
from appliance.skills._home_targets import Found, Wish, find, present, silence, wish
from appliance.skills._home_words import capitalized, group, of, said

INTENTS = (*COMPOSED, *SIMPLE, *STEPS, *ANSWERS)
"""Home Assistant's intents that are handled here, and those that it has no name for (OWN_INTENTS)."""
OWN_INTENTS = ("HassStopMoving", "HassLightSetRelative", "HassClimateSetTemperatureRelative")

SENTENCES: dict[str, dict[str, list[str]]] = {}
"""All of them are Home Assistant's, and these blocks beside them."""
MORE = MORE_SENTENCES


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Act or answer."""
    given: dict[str, object] = dict(slots)
    if intent in ANSWERS:
        return Reply(ANSWERS[intent](given, situation))
    if lacks_value(intent, given):
        return Reply(text("home-how-much", situation.language))
    if intent in ("HassSetVolume", "HassSetVolumeRelative") and not _has_player(given, situation):
        return await _own_volume(intent, given, situation)
    if situation.perform is None:
        return Reply(text("home-none", situation.language))
    if intent in STEPS:
        return await _stepped(intent, given, situation)
    return await _act(deed(intent, given, situation), intent, given, situation)


async def _act(wanted: Deed, intent: str, slots: dict[str, object], situation: Situation) -> Reply:
    meant = wish(slots, wanted.domains)
    if intent == "HassVacuumCleanArea":  # the area is where to go, not where the vacuum is
        meant = Wish(meant.name, domains=meant.domains)
        situation = replace(situation, area=str(slots.get("area") or situation.area))
        if not situation.area:
            return Reply(text("home-which-room", situation.language))
    found = find(meant, situation)
    if found.problem:
        return Reply(found.problem)
    there, gone = present(found, situation)
    chosen = wanted.chosen(there, situation.home.state, named=bool(meant.name))
    if there and not chosen:
        return Reply(text("home-none-safe", situation.language))
    actions = [wanted.action(thing) for thing in chosen]
    return await _performed(actions, chosen, gone, _called(chosen, meant, found, situation), wanted.value, situation)


def _called(things: Sequence[Thing], meant: Wish, found: Found, situation: Situation) -> str:
    """Return how the reply calls the things: by their names, or as a group of a kind."""
    if len(things) > 1 and not meant.name:
        return group(len(things), _noun(things, meant), found.area, found.floor, situation.language)
    return said(things, situation.language, situation.home.things.values()) if things else ""


def _noun(things: Sequence[Thing], meant: Wish) -> tuple[str, str]:
    """Return the kind of the things: the wished one, unless several were wished."""
    if len({thing.domain for thing in things}) > 1:
        return "thing", ""
    classes = {thing.device_class for thing in things}
    if len(meant.device_classes) > 1 or things[0].domain != meant.noun[0]:
        return things[0].domain, classes.pop() if len(classes) == 1 else ""
    return meant.noun


async def _performed(
    actions: Sequence[Action], things: Sequence[Thing], gone: Sequence[Thing], called: str, value: str,
    situation: Situation,
) -> Reply:  # fmt: skip
    """Have the actions done, and tell what became of it."""
    language = situation.language
    quiet = silence(gone, language)
    if not actions or situation.perform is None:
        return Reply(quiet)
    outcome = await situation.perform(actions)
    if outcome.text or outcome.status != "done":
        return Reply(outcome.text)
    key = _did(actions[0])
    sentence = text(key, language, things=called, of_things=of(called, language), value=value)
    return Reply(f"{capitalized(sentence)} {quiet}".strip())


def _did(action: Action) -> str:
    """Return the message that says what an action does."""
    detail = next(
        (key for key in ("brightness_percent", "color", "color_temperature_kelvin") if key in action.data), ""
    )
    service = detail or action.service
    if action.service == "volume_mute":
        service = "mute" if action.data["muted"] else "unmute"
    if action.service == "turn_on" and action.domain in ("scene", "script"):
        service = action.domain
    return f"home-did-{service.replace('_', '-')}"


def _has_player(slots: dict[str, object], situation: Situation) -> bool:
    """Tell whether a sentence about the volume means a player; else it is the box's own voice."""
    if slots.get("name") or slots.get("area") or slots.get("floor"):
        return True
    return bool(situation.area and situation.home.find(area=situation.area, domains=["media_player"]))


async def _own_volume(intent: str, slots: dict[str, object], situation: Situation) -> Reply:
    if intent == "HassSetVolume":
        return await volume.handle("set", {"percent": round(float(str(slots["volume_level"])))}, situation)
    return await volume.handle("up" if volume_change(slots) > 0 else "down", {}, situation)


async def _stepped(intent: str, slots: dict[str, object], situation: Situation) -> Reply:
    """Change things by a step, from what each said of itself; what did not say is asked about."""
    step, language = STEPS[intent], situation.language
    meant = wish(slots, (step.domain,))
    found = find(meant, situation)
    if found.problem:
        return Reply(found.problem)
    there, gone = present(found, situation)
    actions = step.actions(there, slots, situation)
    if there and not actions:
        if step.domain != "media_player":
            return Reply(text("home-how-much", language))
        called = said(there, language, situation.home.things.values())
        return Reply(text("home-volume-unknown", language, of_things=of(called, language)))
    targets = {action.target for action in actions}
    known = [thing for thing in there if thing.id in targets]
    return await _performed(
        actions, known, gone, _called(known, meant, found, situation), step.told(actions, language), situation
    )
