"""Questions about how the home stands: answered from what is known of it, never from what a language model believes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from appliance.folding import fold
from appliance.home import Home, Thing
from appliance.skills import Slots
from appliance.tools_control import Parts, targets
from appliance.tools_said import heard, names_in, things_said
from appliance.tools_words import (
    ASKS,
    DEFERRED,
    DIRECTIONS,
    DONE,
    HERE,
    KINDS,
    KNOWLEDGE,
    OUTSIDE,
    ROOMS,
    STATES,
    WARMTH,
    WHETHER,
    found,
)

MEASURED = ("sensor", "binary_sensor", "climate", "weather")
"""Domains of things that can be asked about without naming a state."""


def asks(sentence: str, said: str, language: str) -> bool:
    """Tell whether this is a question."""
    return "?" in sentence or found(ASKS, said, language)


def states(said: str, home: Home, language: str, area: str) -> Iterator[Parts]:
    """Yield what may be asked about the home."""
    said = re.sub(WHETHER.get(language, WHETHER["fr"]), " ", said)
    if found(DEFERRED, said, language):
        return
    things = things_said(said, home, language)
    outside = found(OUTSIDE, said, language)
    if outside and not things:
        things = _outside(home, language)
    for aim in targets(said, home, language, area, things):
        state = _state(aim.domain, said, language)
        if state or ("name" in aim.slots and aim.domain in MEASURED):
            choice = {"do": "state", "what": aim.what} | ({"where": aim.where} if aim.where else {})
            answer: Slots = {"state": state} if state else {}
            response = ("one_yesno" if state else "one") if "name" in aim.slots else "any"
            yield choice, "HassGetState", aim.slots | answer | {"response": response}
    if found(WARMTH, said, language) and not outside:
        for place in names_in(said, home.areas.values()) or ([area] if found(HERE, said, language) else []):
            if home.find(area=place, domains=["climate"]) or home.find(area=place, device_classes=["temperature"]):
                yield (
                    {"do": "state", "what": "temperature", "where": place},
                    "HassClimateGetTemperature",
                    {"area": place},
                )
    if outside and home.find(domains=["weather"]):
        yield {"do": "state", "what": "weather"}, "HassGetWeather", {}


def concerns_home(sentence: str, home: Home, language: str) -> bool:
    """Tell whether this asks how something of the home stands now, be it known here or not.

    No model knows that: where no tool answers, the honest answer is that it is not known.
    """
    said = heard(sentence, language)
    if not asks(sentence, said, language) or found(KNOWLEDGE, said, language):
        return False
    room = found(ROOMS, said, language) or bool(names_in(said, home.areas.values()))
    if found(WARMTH, said, language) and (room or found(OUTSIDE, said, language)):
        return True
    kinds = [
        k
        for k, of in KINDS.items()
        if re.search(rf"\b(?:le|la|les|l'|ma|mes|mon|the|my) ?(?:{of.nouns.get(language, of.nouns['fr'])})\b", said)
    ]
    things = things_said(said, home, language)
    return any(
        _state(domain, said, language) for domain in {*(KINDS[k].domain for k in kinds), *(t.domain for t in things)}
    )


def _state(domain: str, said: str, language: str) -> str:
    """Return the state that was asked for, as Home Assistant calls it, or ""."""
    for way, words in DONE.items():
        participle = rf"\b(?:{words.get(language, words['fr'])})\b"
        # The participle of these verbs is written like the imperative once accents are folded.
        if domain in DIRECTIONS[way].domains and re.search(participle, said):
            return STATES[way]
    return ""


def _outside(home: Home, language: str) -> list[Thing]:
    return [
        thing
        for thing in home.find(domains=["sensor"], device_classes=["temperature"])
        if found(OUTSIDE, fold(thing.name), language) or found(OUTSIDE, fold(thing.area), language)
    ]
