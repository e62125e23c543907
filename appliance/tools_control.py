"""What the words of a sentence support doing to the things of the home."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from appliance.home import Home, Thing
from appliance.skills import Slots
from appliance.tools_said import names_in, numbers_in, things_said, wished
from appliance.tools_words import DEFERRED, DIRECTIONS, EVERYWHERE, KINDS, LEFT, MEASURES, RETOLD, SEEN, WHETHER, found

Parts = tuple[Mapping[str, str | float], str, Slots]
"""A choice as the model writes it, the intent and its slots."""

INTENTS = {
    "turn_on": "HassTurnOn",
    "turn_off": "HassTurnOff",
    "open": "HassTurnOn",
    "close": "HassTurnOff",
    "lock": "HassTurnOn",
    "unlock": "HassTurnOff",
}
"""Home Assistant's intents turn covers on to open them and locks on to lock them."""
SETTINGS = {
    "light": ("HassLightSet", "brightness", 0.0, 100.0),
    "cover": ("HassSetPosition", "position", 0.0, 100.0),
    "fan": ("HassFanSetSpeed", "percentage", 0.0, 100.0),
    "climate": ("HassClimateSetTemperature", "temperature", 5.0, 35.0),
    "media_player": ("HassSetVolume", "volume_level", 0.0, 100.0),
}
"""Domain -> intent, its slot, and what that may hold."""


@dataclass(frozen=True, slots=True)
class Target:
    """What a sentence may be about: a thing, or all of a kind somewhere."""

    what: str
    """As the model writes it."""
    where: str
    domain: str
    slots: Slots


def controls(said: str, home: Home, language: str, area: str) -> Iterator[Parts]:
    """Yield what may be wished to be done now."""
    if any(found(words, said, language) for words in (MEASURES, DEFERRED, LEFT, WHETHER, RETOLD)):
        return
    things = things_said(said, home, language)
    numbers = numbers_in(said, [*(thing.name for thing in things), *home.areas, *home.floors])
    seen = [way for way in SEEN if found(SEEN[way], said, language)]
    verbs = [way for way in DIRECTIONS if wished(way, said, language)]
    aims = list(targets(said, home, language, area, things, light=bool(seen)))
    for aim in aims:
        choice: dict[str, str | float] = {"what": aim.what, **({"where": aim.where} if aim.where else {})}
        if numbers:
            yield from _settings(aim, choice, numbers, bool(set(verbs) - {"turn_off", "lock", "unlock"}))
            continue
        ways = verbs if aim.domain != "light" else dict.fromkeys([*verbs, *seen])
        for way in ways:
            if aim.domain in DIRECTIONS[way].domains and way in INTENTS:
                yield {"do": way} | choice, INTENTS[way], aim.slots


def _settings(aim: Target, choice: dict[str, str | float], numbers: list[float], asked: bool) -> Iterator[Parts]:
    if not asked or aim.domain not in SETTINGS:
        return
    intent, slot, least, most = SETTINGS[aim.domain]
    for number in numbers:
        if least <= number <= most:
            value = int(number) if number.is_integer() else number
            yield {"do": "set"} | choice | {"to": value}, intent, aim.slots | {slot: value}


def targets(
    said: str, home: Home, language: str, area: str, things: list[Thing], *, light: bool = False
) -> Iterator[Target]:
    """Yield the things that were named, and the kinds that were, in the places that were.

    `light`: that it is about the light goes without saying. Where no place was said it is here, or the only one there is.
    """
    for thing in things:
        slots: Slots = {"name": thing.name, "domain": thing.domain}
        twice = len(home.find(name=thing.name)) > 1 and thing.area
        yield Target(
            thing.name, thing.area if twice else "", thing.domain, slots | ({"area": thing.area} if twice else {})
        )
    named = {thing.domain for thing in things}
    for kind, of in KINDS.items():
        noun = re.search(rf"\b(?:{of.nouns.get(language, of.nouns['fr'])})\b", said)
        if of.domain in named or not (noun or (light and kind == "light")):
            continue
        for place in _places(said, home, language, area, kind, everywhere=noun is not None):
            if meant := home.find(**place, domains=[of.domain], device_classes=of.device_classes):
                kind_slots: Slots = {"domain": of.domain, **place}
                if of.device_classes:
                    kind_slots["device_class"] = meant[0].device_class
                yield Target(kind, next(iter(place.values()), ""), of.domain, kind_slots)


def _places(said: str, home: Home, language: str, area: str, kind: str, *, everywhere: bool) -> list[dict[str, str]]:
    areas, floors = names_in(said, home.areas.values()), names_in(said, home.floors.values())
    if areas or floors:
        return [*({"area": name} for name in areas), *({"floor": name} for name in floors if not areas)]
    if everywhere and found(EVERYWHERE, said, language):
        return [{}]
    of = KINDS[kind]
    if area and home.find(area=area, domains=[of.domain], device_classes=of.device_classes):
        return [{"area": area}]
    return [{}] if len(home.find(domains=[of.domain], device_classes=of.device_classes)) == 1 else []
