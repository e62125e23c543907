"""What is known of the home: how things stand, how warm it is, what the weather is. From what the things said, and from
nothing else: where that is not known, the answer is that it is not."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from appliance.folding import without_accents
from appliance.home import State, Thing
from appliance.messages import catalogue, text
from appliance.skills import Situation
from appliance.skills._home_targets import SENSED, Found, Wish, alike, find, silence, wish
from appliance.skills._home_words import (
    LISTED,
    adjective,
    agreed,
    answers,
    capitalized,
    celsius,
    degrees,
    ignorance,
    kind,
    kind_feminine,
    many,
    number,
    reads,
    said,
    stands,
    where,
)

BY_STATE = {
    "on": ("light", "switch", "fan", "media_player", "climate", "binary_sensor"),
    "open": ("cover", "valve", "binary_sensor"),
    "locked": ("lock",),
}
BY_STATE |= {"off": BY_STATE["on"], "unlocked": BY_STATE["locked"]}
BY_STATE |= dict.fromkeys(("closed", "opening", "closing"), BY_STATE["open"])
"""A state that is asked about -> the domains that have it, the likeliest first."""
SENSED_OPEN = frozenset({"door", "garage_door", "opening", "window"})
"""Device classes of the sensors whose "on" is "open"."""
RUNNING = ("heat", "cool", "auto", "heat_cool", "dry", "fan_only", "playing", "paused", "idle", "buffering")
"""States of what is on."""
_OUTDOORS = "dehors extérieur extérieure jardin terrasse balcon outdoor outdoors outside garden"
OUTDOORS = frozenset(_OUTDOORS.split())
_NOT_OF_AIR = """
frigo réfrigérateur congélateur four chauffe-eau ballon eau piscine aquarium chaudière processeur cpu
fridge freezer oven boiler water pool tank processor
"""
NOT_OF_AIR = frozenset(_NOT_OF_AIR.split())
"""Words in the name of a sensor of temperature that does not tell how warm a room is."""


def state_of_things(slots: dict[str, object], situation: Situation) -> str:
    """Answer HassGetState."""
    asked = str(slots.get("state") or "")
    if slots.get("domain") == "person":
        return text("home-no-persons", situation.language)
    if slots.get("name"):
        return _one(wish(slots, BY_STATE.get(asked, ())), asked, situation)
    wanted = wish(slots, BY_STATE.get(asked, ()))
    if wanted.device_classes and any(device_class in SENSED for device_class in wanted.device_classes):
        wanted = Wish("", wanted.area, wanted.floor, (*wanted.domains, "binary_sensor"), wanted.device_classes)
    wanted = Wish(
        "", wanted.area, wanted.floor, wanted.domains, wanted.device_classes, not (wanted.area or wanted.floor)
    )
    found = find(wanted, situation)
    if found.problem:
        return found.problem
    if f"home-state-{asked}" not in catalogue():
        told = found.things[:LISTED]
        sentences = (stands(thing, situation.home.state(thing.id), situation.language) for thing in told)
        return " ".join(capitalized(sentence) for sentence in sentences)
    poll = _poll(found, asked, wanted, situation)
    response = str(slots.get("response") or "which")
    return " ".join(part for part in (poll.answer(response), poll.doubts()) if part)


def _one(wanted: Wish, asked: str, situation: Situation) -> str:
    """Tell how the thing with this name stands; whether it is as asked, where that was asked."""
    language, home = situation.language, situation.home
    twins = alike(wanted, situation) or alike(Wish(wanted.name, wanted.area, wanted.floor), situation)
    if not twins:
        found = find(Wish(wanted.name, wanted.area, wanted.floor), situation)
        if found.problem:
            return found.problem
        twins = list(found.things)
    if not asked or len({thing.name for thing in twins}) > 1:
        return " ".join(capitalized(stands(thing, home.state(thing.id), language)) for thing in twins)
    thing = next((twin for twin in twins if not ignorance(twin, home.state(twin.id), language)), twins[0])
    state = home.state(thing.id)
    sentence = stands(thing, state, language)
    if thing.domain not in wanted.domains or ignorance(thing, state, language):
        return capitalized(sentence)
    return f"{text('home-yes' if is_so(thing, state, asked) else 'home-no', language)}, {sentence}"


def is_so(thing: Thing, state: State, asked: str) -> bool:
    """Tell whether a thing stands as asked; sensors of doors and windows are on where they are open."""
    if thing.domain == "binary_sensor" and asked in ("open", "closed"):
        return state.value == {"open": "on", "closed": "off"}[asked]
    if asked == "on" and thing.domain in ("climate", "media_player"):
        return state.value == "on" or state.value in RUNNING
    return state.value == asked


@dataclass(frozen=True, slots=True)
class Poll:
    """What several things say to one question."""

    wanted: Wish
    asked: str
    place: str
    situation: Situation
    so: list[Thing] = field(default_factory=list)
    otherwise: list[Thing] = field(default_factory=list)
    unsure: list[Thing] = field(default_factory=list)

    def answer(self, response: str) -> str:
        """Return the answer to any, all, which or how_many."""
        language = self.situation.language
        if not self.so and not self.otherwise:
            return ""
        if response.startswith("all"):
            return self._all()
        if not self.so:
            sentence = self._filled("home-none-is", count=1)
            return (
                f"{text('home-no', language)}, {sentence[:1].lower()}{sentence[1:]}" if response == "any" else sentence
            )
        if response.startswith("how_many"):
            return self._count()
        sentence = self._stand(self.so, "home-are")
        return f"{text('home-yes', language)}, {sentence}" if response.startswith("any") else capitalized(sentence)

    def doubts(self) -> str:
        """Return for which things the answer is not known; "" where it is for all."""
        language, home = self.situation.language, self.situation.home
        gone = [thing for thing in self.unsure if not answers(home.state(thing.id))]
        mute = [thing for thing in self.unsure if thing not in gone]
        doubt = (
            agreed(text("home-unsure", language, things=self._called(mute)), many=many(mute, language)) if mute else ""
        )
        return " ".join(part for part in (doubt, silence(gone, language)) if part)

    def _all(self) -> str:
        language = self.situation.language
        if self.otherwise:
            return f"{text('home-no', language)}, {self._stand(self.otherwise, 'home-are-not')}"
        if self.unsure:
            return capitalized(self._stand(self.so, "home-are"))
        return self._filled("home-all-are", count=len(self.so))

    def _count(self) -> str:
        key = "home-only" if len(self.so) == 1 else "home-count"
        return self._filled(key, count=len(self.so))

    def _stand(self, things: Sequence[Thing], key: str) -> str:
        adjective_ = adjective(self.asked, self.situation.language, things)
        called = self._called(things)
        place = self._place(called)
        sentence = text(key, self.situation.language, things=called, state=adjective_, place=place)
        return agreed(sentence, many=many(things, self.situation.language))

    def _filled(self, key: str, count: int) -> str:
        """Return a sentence about the kind of thing, agreed with its noun."""
        language = self.situation.language
        forms = {"feminine": kind_feminine(*self.wanted.noun), "many": count > 1}
        state = agreed(text(f"home-state-{self.asked}", language), **forms)
        noun = kind(*self.wanted.noun, language, count=count)
        names = self._called(self.so) if self.so else ""
        place = self._place(names) if key == "home-all-are" and count == 1 else self.place
        sentence = text(key, language, count=count, kind=noun, state=state, place=place, things=names)
        return capitalized(agreed(sentence, **forms))

    def _place(self, called: str) -> str:
        """Return the place; "" where the names hold it: "la lumière de la cuisine est allumée"."""
        where_ = without_accents((self.wanted.area or self.wanted.floor).lower())
        return "" if where_ and where_ in without_accents(called.lower()) else self.place

    def _called(self, things: Sequence[Thing]) -> str:
        return said(things, self.situation.language, self.situation.home.things.values())


def _poll(found: Found, asked: str, wanted: Wish, situation: Situation) -> Poll:
    language = situation.language
    poll = Poll(wanted, asked, where(wanted.area, wanted.floor, language), situation)
    for thing in found.things:
        state = situation.home.state(thing.id)
        if ignorance(thing, state, language) or not state.value:
            poll.unsure.append(thing)
        elif is_so(thing, state, asked):
            poll.so.append(thing)
        else:
            poll.otherwise.append(thing)
    return poll


def temperature(slots: dict[str, object], situation: Situation) -> str:
    """Answer HassClimateGetTemperature: from a thermostat, else from a sensor of temperature there."""
    language, home = situation.language, situation.home
    if slots.get("name"):
        found = find(wish(slots), situation)
        if found.problem:
            return found.problem
        thing = found.things[0]
        state = home.state(thing.id)
        measured = _degrees(thing, state)
        return capitalized(
            reads(thing, degrees(thing, measured, language), language) if measured else stands(thing, state, language)
        )
    if slots.get("outdoors"):
        outdoors = _outdoors(situation)
        return text("home-degrees-outdoors" if outdoors else "home-no-outdoors", language, degrees=outdoors)
    area = str(slots.get("area") or situation.area)
    there = _thermometers(situation, area)
    if not there and not slots.get("area"):
        there = _thermometers(situation, "")
    if len({thing.area for thing in there}) > 1:
        return text("home-which-room", language)
    for thing in there:
        if measured := _degrees(thing, home.state(thing.id)):
            return _warmth(thing, measured, language)
    reasons = (ignorance(thing, home.state(thing.id), language) for thing in there)
    unknown = text("home-no-thermometer", language, place=where(area, "", language))
    return next((reason for reason in reasons if reason), unknown)


def _warmth(thing: Thing, measured: str, language: str) -> str:
    """Return how warm it is where a thing measures it."""
    value = degrees(thing, measured, language)
    if not thing.area:
        return capitalized(reads(thing, value, language))
    return text("home-degrees", language, degrees=value, place=where(thing.area, "", language))


def _thermometers(situation: Situation, area: str) -> list[Thing]:
    sensors = situation.home.find(area=area, domains=["sensor"], device_classes=["temperature"])
    of_air = [sensor for sensor in sensors if NOT_OF_AIR.isdisjoint(_words(sensor.name))]
    return [*situation.home.find(area=area, domains=["climate"]), *of_air]


def _words(name: str) -> set[str]:
    return set(re.findall(r"[\w-]+", name.lower()))


def _outdoors(situation: Situation) -> str:
    """Return how warm it is outdoors; "" where nothing says."""
    for thing in _thermometers(situation, ""):
        measured = _degrees(thing, situation.home.state(thing.id))
        if measured and not OUTDOORS.isdisjoint(_words(f"{thing.name} {thing.area}")):
            return degrees(thing, measured, situation.language)
    return ""


def _degrees(thing: Thing, state: State) -> str:
    """Return the temperature that a thing measures, as a number; "" where it does not say."""
    measured = state.value if thing.domain == "sensor" else state.attributes.get("current_temperature", "")
    try:
        float(measured)
    except ValueError:
        return ""
    return str(measured) if answers(state) else ""


def weather(slots: dict[str, object], situation: Situation) -> str:
    """Answer HassGetWeather: from a weather station of the home; else how warm it is outdoors, if that is measured."""
    language, home = situation.language, situation.home
    stations = home.find(name=str(slots.get("name") or ""), domains=["weather"])
    for station in stations:
        state = home.state(station.id)
        if answers(state) and state.value not in ("", "unknown"):
            return _forecast(str(slots.get("response") or ""), state, language)
    if stations:
        unknown = text("home-no-weather", language)
        return ignorance(stations[0], home.state(stations[0].id), language) or unknown
    if outdoors := _outdoors(situation):
        return text("home-only-outdoors", language, degrees=outdoors)
    return text("home-no-weather", language)


def _forecast(response: str, state: State, language: str) -> str:
    attribute = {"wind": "wind_speed", "pressure": "pressure", "uv": "uv_index"}.get(response)
    if attribute:
        if attribute not in state.attributes:
            return text("home-weather-lacks", language)
        unit = str(state.attributes.get(f"{attribute}_unit", "")) or {"pressure": "hPa", "wind_speed": "km/h"}.get(
            attribute, ""
        )
        value = f"{number(state.attributes[attribute], language)} {unit}".strip()
        return text(f"home-weather-{attribute.replace('_', '-')}", language, value=value)
    key = f"home-sky-{state.value.replace('_', '-')}"
    sky = text(key, language) if key in catalogue() else state.value
    warmth = state.attributes.get("temperature")
    if warmth is None:
        return capitalized(f"{sky}.")
    return capitalized(text("home-weather", language, sky=sky, degrees=celsius(warmth, language)))


ANSWERS: dict[str, Callable[[dict[str, object], Situation], str]] = {
    "HassGetState": state_of_things,
    "HassClimateGetTemperature": temperature,
    "HassGetWeather": weather,
}
