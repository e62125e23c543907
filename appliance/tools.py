"""What no sentence matches may still be a wish: the language model chooses among what the words support, or nothing.

    "il fait trop sombre au salon"  ─ offer ─▶  {"do":"turn_on","what":"light"}, or none  ─ model ─▶  HassTurnOn

What is offered is looked up and not thought: things, rooms, numbers and lengths of time that were said and exist, and a
direction to which some word points. So the model, which obeys a schema made of the offer, cannot invent any of them, and
where nothing is offered (nearly all free talk) it is not asked at all. What it adds is understanding: whether this is a
wish. The result is the Match that an exact sentence would have given, and goes the same way, through skill and executor.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, takewhile
from typing import Any

from appliance.engines import Message
from appliance.home import Home
from appliance.messages import text as message
from appliance.skills import Match, Slots
from appliance.tools_control import controls
from appliance.tools_said import heard, is_said, seconds_in
from appliance.tools_state import asks, concerns_home, states
from appliance.tools_words import HAD, KNOWLEDGE, LIST, THINGS, TIMER, TIMER_NAME, WAYS, found

__all__ = ["BEGUN", "MAX_TOKENS", "WAYS", "Call", "Offer", "concerns_home", "offer", "opening"]

MAX_TOKENS = 48
MAX_CALLS = 24
"""More would make the prompt long, and a sentence that fits so much is no clear wish."""
ITEM_WORDS = 6
BEGUN = '{"do":"'
"""How every answer begins: written for the model, so that its first word decides."""


@dataclass(frozen=True, slots=True)
class Call:
    """One thing that the model may choose, and what it means."""

    choice: Mapping[str, str | float]
    """As the model writes it."""
    intent: str
    slots: Slots


@dataclass(frozen=True, slots=True)
class Offer:
    """What one sentence may be a wish for."""

    language: str
    said: str
    """The sentence, folded."""
    sentence: str
    calls: tuple[Call, ...] = ()
    item: bool = False
    """Whether something may be put on the shopping list."""

    def __bool__(self) -> bool:
        return bool(self.calls) or self.item

    def schema(self) -> str:
        """Return the JSON schema that the model has to obey: nothing, or one of the calls."""
        choices = [_exactly(choice) for choice in self._choices()]
        if self.item:
            choices.append(
                _object({"do": {"const": self._way("list_add")}, "item": {"type": "string", "maxLength": 40}})
            )
        return json.dumps({"oneOf": choices}, ensure_ascii=False)

    def messages(self) -> list[Message]:
        """Return the question for the model, with the beginning of its answer."""
        choices = [_written(choice) for choice in self._choices()[1:]]
        if self.item:
            choices.append(_written({"do": self._way("list_add"), "item": "…"}))
        return [
            *_rules(self.language), Message("user", _asked(self.sentence, choices)), Message("assistant", BEGUN)
        ]  # fmt: skip

    def tokens(self) -> int:
        """Return how many tokens tell the choices apart at most: usually one, since `match` takes a clear beginning."""
        if self.item:
            return MAX_TOKENS
        pairs = combinations([_written(choice) for choice in self._choices()], 2)
        same = max(sum(1 for _ in takewhile(lambda two: two[0] == two[1], zip(*pair, strict=False))) for pair in pairs)
        return min(same - len(BEGUN) + 1, MAX_TOKENS)

    def match(self, answer: str, skills: Mapping[str, str]) -> Match | None:
        """Return what the model's answer means: None for nothing, and for whatever was not offered.

        `skills`: intent -> name of the skill that handles it; an intent that none handles means nothing.
        """
        meant = [n for n, choice in enumerate(self._choices()) if _written(choice).startswith(answer)]
        if self.item and (not meant or len(answer) <= len(BEGUN)):
            call = self._listed(answer)
        else:
            call = self.calls[meant[0] - 1] if len(meant) == 1 and meant[0] else None
        if call is None or call.intent not in skills:
            return None
        return Match(skills[call.intent], call.intent, dict(call.slots), self.said.replace(" , ", " "))

    def _choices(self) -> list[Mapping[str, str | float]]:
        """Return what can be chosen, nothing first, in the person's language."""
        calls = [
            {
                key: self._way(str(value)) if key == "do" else _noun(value, self.language)
                for key, value in call.choice.items()
            }
            for call in self.calls
        ]
        return [{"do": self._way("none")}, *calls]

    def _way(self, way: str) -> str:
        return WAYS[way].get(self.language, WAYS[way]["fr"])

    def _listed(self, answer: str) -> Call | None:
        try:
            choice = json.loads(answer)
        except ValueError:
            return None
        if not isinstance(choice, dict) or choice.get("do") != self._way("list_add"):
            return None
        item = str(choice.get("item", ""))
        item = item.strip(" .,!?")
        if not is_said(item, self.said, self.language) or len(item.split()) > ITEM_WORDS:
            return None
        if found(LIST, heard(item, self.language), self.language):
            return None
        return Call({}, "HassShoppingListAddItem", {"item": item})


def offer(sentence: str, home: Home, language: str, area: str = "") -> Offer:
    """Return what the words support; false where the model need not be asked. `area`: where this was said."""
    said = heard(sentence, language)
    if not said or found(KNOWLEDGE, said, language):
        return Offer(language, said, sentence)
    calls = [Call(*parts) for parts in (*controls(said, home, language, area), *_timer(said, language))]
    if not calls and asks(sentence, said, language):
        calls = [Call(*parts) for parts in states(said, home, language, area)]
    item = not calls and _now(LIST, said, language)
    return Offer(language, said, sentence, tuple(calls) if len(calls) <= MAX_CALLS else (), item)


def opening(language: str) -> list[Message]:
    """Return a question that has the unchanging beginning and nothing more: read in time, each later one comes sooner."""
    return [*_rules(language), Message("user", "?")]


def _rules(language: str) -> list[Message]:
    told = [Message("system", message("prompt-tools", language))]
    for line in message("prompt-tools-examples", language).splitlines():
        sentence, *choices, answer = (part.strip() for part in line.split("|"))
        told += [Message("user", _asked(sentence, choices)), Message("assistant", answer)]
    return told


def _timer(said: str, language: str) -> Iterator[tuple[Mapping[str, str | float], str, Slots]]:
    seconds = seconds_in(said, language)
    if seconds and _now(TIMER, said, language):
        parts = {"hours": seconds // 3600, "minutes": seconds // 60 % 60, "seconds": seconds % 60}
        slots: Slots = {unit: count for unit, count in parts.items() if count}
        if name := _timer_name(said, language):
            slots["name"] = name
        yield {"do": "timer"}, "HassStartTimer", slots


def _now(words: Mapping[str, str], said: str, language: str) -> bool:
    """Tell whether one of these words is said of now, not of what was."""
    language = language if language in words else "fr"
    for match in re.finditer(words[language], said):
        if match[0].endswith(("er", "ir", "re")) or not re.search(HAD[language], said[: match.start()].rstrip()):
            return True
    return False


def _timer_name(said: str, language: str) -> str:
    match = re.search(TIMER_NAME.get(language, TIMER_NAME["fr"]), said)
    return match[1] if match else ""


def _asked(sentence: str, choices: Sequence[str]) -> str:
    return "\n".join((sentence, *choices))


def _noun(value: str | float, language: str) -> str | float:
    """Return a kind in the person's language, anything else as it is."""
    words = THINGS.get(str(value), {})
    return words.get(language, words.get("fr", value))


def _written(choice: Mapping[str, Any]) -> str:
    return json.dumps(choice, ensure_ascii=False, separators=(",", ":"))


def _exactly(choice: Mapping[str, Any]) -> dict[str, Any]:
    return _object({key: {"const": value} for key, value in choice.items()})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(properties), "additionalProperties": False
    }  # fmt: skip
