"""What can be said to the box: the sentences of the skills, of the owner and of home-assistant-intents, in one matcher.

A grammar is compiled for one language and one home; whoever holds it makes a new one when `Home.names_version` grew. Two
sets of sentences are kept apart, because ours may say anything and home-assistant-intents' are many:

- ours: each skill's SENTENCES and the owner's `[[home.sentences]]`;
- Home Assistant's, for the intents that some skill lists in its INTENTS, with the names of this home. Their area from
  context ("allume la lumière" means here) is the skill's to find: it knows where the sentence was said.

Ours come first, except where one matched only by a wildcard ("rappelle-moi ...") and Home Assistant's matched word by word.
Both sides are folded (folding.py), fillers are taken off the ends, and numbers are tried as digits too.
Source: https://github.com/OHF-Voice/hassil, https://github.com/OHF-Voice/intents (Apache-2.0, CC BY 4.0)
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import ModuleType
from typing import Any

from appliance.folding import fold, fold_template, without_asides, without_fillers
from appliance.home import Home
from appliance.skills import OWNER, Match, Slots
from appliance.spoken_numbers import digits

REMEMBERED = 200
"""Texts."""
EVERYWHERE = "everywhere"
"""A slot of ours: everything of that kind in the home, not only here."""
_ALL = {
    "fr": re.compile(r"\b(?:tous|toutes?|partout|(?:la|le|l')\s?(?:maison|appartement|appart|logement|domicile))\b"),
    "en": re.compile(
        r"\b(?:all|every|everything|everywhere|whole (?:house|apartment|home)|"
        r"(?:in|of|around|throughout|across) (?:the|my|our) (?:house|apartment|home))\b"
    ),
}
_SAID = {"en": {"pour cent": "percent", "degres": "degrees"}}
"""How a sign is said where it is not as fold() writes it."""
_SIGNS = re.compile(r"\b(?:pour cent|degres)\b")
LATER = "conversation_command"
"""Home Assistant's slot of a command that is put off: it must be one."""


@dataclass(frozen=True, slots=True)
class OwnSentence:
    """A sentence of the owner's; its number in the configuration is its intent."""

    say: Sequence[str]
    language: str = ""
    """"": every language."""


class Grammar:
    """All sentences of one language in one home."""

    def __init__(
        self, language: str, home: Home, skills: Mapping[str, ModuleType], own: Sequence[OwnSentence] = ()
    ) -> None:
        self.language = language
        self._home, self._skills, self._own = home, skills, own
        self._known: dict[str, Match | None] = {}
        self._handlers = {intent: name for name, skill in skills.items() for intent in getattr(skill, "INTENTS", ())}

    def match(self, text: str) -> Match | None:
        """Return what a sentence means, or None. A few milliseconds, once compiled; the last ones are remembered."""
        if text not in self._known:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            self._known[text] = self._understood(text)
        return self._known[text]

    def _understood(self, text: str) -> Match | None:
        folded = without_fillers(fold(text), self.language)
        folded = _SIGNS.sub(lambda sign: _SAID.get(self.language, {}).get(sign[0], sign[0]), folded)
        for said in dict.fromkeys((folded, digits(folded, self.language), without_asides(folded))):
            if said and (match := self._match(said)):
                return match
        return None

    def _match(self, said: str) -> Match | None:
        ours = self._best(said, self.ours)
        if ours and not _by_wildcard(ours):
            return self._meaning(ours, said)
        theirs = self._best(said, self.theirs)
        if theirs and not (ours and _by_wildcard(theirs) and ours.text_chunks_matched >= theirs.text_chunks_matched):
            return self._meaning(theirs, said)
        return self._meaning(ours, said) if ours else None

    @staticmethod
    def _best(said: str, intents: Any) -> Any:
        from hassil import recognize_best

        return recognize_best(said, intents, best_slot_name="name")

    def _meaning(self, result: Any, said: str) -> Match | None:
        skill, _, intent = result.intent.name.partition(".")
        slots: Slots = {name: _plain(entity.value) for name, entity in result.entities.items()}
        if result.response not in (None, "default") and intent in self._handlers:
            slots["response"] = result.response
        if skill in self._skills and intent in self._handlers and _is_everywhere(said, slots, self.language):
            slots[EVERYWHERE] = 1
        if self.match(str(slots.get(LATER, "?"))) is None and LATER in slots:
            return None  # "maman arrive dans dix minutes" puts nothing off
        return Match(skill, intent, slots, said)

    @cached_property
    def ours(self) -> Any:
        """The sentences of the skills and the owner, compiled."""
        return self._compiled(self.our_sentences(), fold_template, fold)

    @cached_property
    def theirs(self) -> Any:
        """Home Assistant's sentences with the names of this home, compiled."""
        return self._compiled(self.their_sentences(), fold_template, fold)

    def as_written(self) -> list[Any]:
        """Return both sets compiled as they are written, accents and all: what the phonetic index is made of."""
        return [self._compiled(s, str.lower, str.lower) for s in (self.our_sentences(), self.their_sentences())]

    def our_sentences(self) -> dict[str, Any]:
        """Return the sentences of the skills and the owner, as hassil takes them."""
        intents: dict[str, Any] = {}
        lists: dict[str, Any] = {}
        for name, skill in self._skills.items():
            for intent, templates in skill.SENTENCES.get(self.language, {}).items():
                intents[f"{name}.{intent}"] = {"data": [{"sentences": list(templates)}]}
            lists |= getattr(skill, "LISTS", {})
        percent = f" {_SAID.get(self.language, {}).get('pour cent', 'pour cent')}"
        for number, own in enumerate(self._own):
            if own.language in ("", self.language):
                intents[f"{OWNER}.{number}"] = {
                    "data": [{"sentences": [said.replace("%", percent) for said in own.say]}]
                }
        return {"intents": intents, "lists": lists}

    def their_sentences(self) -> dict[str, Any]:
        """Return Home Assistant's sentences for the intents that a skill handles, and what skills add to them."""
        from home_assistant_intents import get_intents

        data: dict[str, Any] = copy.deepcopy(get_intents(self.language) or {})
        intents = {}
        theirs = data.setdefault("intents", {})
        for adder in self._skills.values():  # what it has no intent for
            for intent in getattr(adder, "MORE", {}).get(self.language, {}):
                theirs.setdefault(intent, {"data": []})
        for intent, content in theirs.items():
            if skill := self._handlers.get(intent):
                intents[f"{skill}.{intent}"] = content
                more = getattr(self._skills[skill], "MORE", {}).get(self.language, {})
                content["data"] = [b for b in content["data"] if not _of_persons(b)] + more.get(intent, [])
                for block in content["data"]:
                    block.get("requires_context", {}).pop("area", None)
        return {
            "intents": intents,
            "lists": data.get("lists", {}),
            "expansion_rules": data.get("expansion_rules", {}),
        }

    def _compiled(self, data: dict[str, Any], template: Callable[[str], str], name: Callable[[str], str]) -> Any:
        """Return hassil's Intents of these sentences; `template` and `name` fold them, or do not."""
        from hassil import Intents, TextSlotList

        for intent in data["intents"].values():
            for block in intent["data"]:
                block["sentences"] = [template(sentence) for sentence in block["sentences"]]
        rules = {template(key): template(body) for key, body in data.get("expansion_rules", {}).items()}
        lists = {template(key): _list(values, template) for key, values in data["lists"].items()}
        intents = Intents.from_dict(data | {"language": self.language, "expansion_rules": rules, "lists": lists})
        for kind, values in self._names(name).items():
            intents.slot_lists.setdefault(kind, TextSlotList.from_tuples(values, allow_template=False, name=kind))
        return intents

    def _names(self, said_as: Callable[[str], str]) -> dict[str, list[tuple[str, str, dict[str, str]]]]:
        home = self._home
        taken = {said_as(name) for thing in home.things.values() for name in (thing.name, *thing.aliases)}
        return {
            "name": [
                (said, thing.name, {"domain": thing.domain, "device_class": thing.device_class})
                for thing in home.things.values()
                for said in _spoken(said_as, thing.name, thing.aliases) | _synonyms(said_as, thing.name, taken)
            ],
            "area": [(said, a.name, {}) for a in home.areas.values() for said in _spoken(said_as, a.name, a.aliases)],
            "floor": [(said, f.name, {}) for f in home.floors.values() for said in _spoken(said_as, f.name, f.aliases)],
        }


def _spoken(said_as: Callable[[str], str], name: str, aliases: Sequence[str]) -> dict[str, None]:
    """Return the ways to say a name, each once."""
    return {said: None for one in (name, *aliases) if (said := said_as(one))}


_TELEVISION = re.compile(r"\b(télé|télévision|television|tv)\b", re.IGNORECASE)


def _synonyms(said_as: Callable[[str], str], name: str, taken: set[str]) -> dict[str, None]:
    """Return the other words for a television, where nothing else is called so."""
    if not _TELEVISION.search(name):
        return {}
    ways = (said_as(_TELEVISION.sub(word, name)) for word in ("télé", "télévision", "tv"))
    return {said: None for said in ways if said not in taken}


def _list(values: dict[str, Any], template: Callable[[str], str]) -> dict[str, Any]:
    if "values" not in values:
        return values
    folded: list[Any] = [
        value | {"in": template(value["in"])} if isinstance(value, dict) else template(value)
        for value in values["values"]
    ]
    return values | {"values": folded}


def _of_persons(block: dict[str, Any]) -> bool:
    """Tell whether sentences are about where people are: nobody is followed here, and theirs take any words."""
    domains = [source.get("domain") for source in (block.get("slots", {}), block.get("requires_context", {}))]
    return "person" in domains or ["person"] in domains


def _is_everywhere(said: str, slots: Slots, language: str) -> bool:
    placed = {"name", "area", "floor"} & slots.keys()
    return not placed and language in _ALL and bool(_ALL[language].search(said))


def _by_wildcard(result: Any) -> bool:
    return any(entity.is_wildcard for entity in result.entities.values())


def _plain(value: object) -> str | int | float:
    if isinstance(value, list | tuple):
        return ",".join(map(str, value))
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return value if isinstance(value, int | float) else str(value)
