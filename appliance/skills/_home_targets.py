"""Which things of the home a sentence is about, as Home Assistant's users expect it.

    a name            that thing; of several with this name, the one in the area that was said, else in the area where it
                      was said, else on its floor; none of these: asks which
    an area, a floor  all things of that kind there
    neither           those in the area where it was said; none there, or that is unknown: the only one of its kind (or
                      those of the only area that has some); else asks for the room, so that nobody wakes a whole house by
                      mistake. "Partout" (the slot `everywhere`, and the response "light_all") means all of them.

A cover without a device class is what its name says ("Portail"); one whose name does not say may be any blind or shutter,
in an area where none is known to be one; never a door, a gate or a garage.
What is gone (unavailable) is told and not acted upon.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from appliance.home import Home, Thing
from appliance.messages import LANGUAGES, text
from appliance.skills import Situation
from appliance.skills._home_words import agreed, answers, capitalized, kind, listed, many, none_of, said, where
from appliance.spoken_names import with_article

SHADES = frozenset({"awning", "blind", "curtain", "shade", "shutter"})
SENSED = {
    "door": ("door", "opening"),
    "garage": ("garage_door",),
    "gate": ("opening",),
    "window": ("window", "opening"),
}
"""Device class of a cover -> those of the sensors that know whether such a thing is open."""

KINDS = (
    *(("cover", name) for name in sorted({*SHADES, *SENSED})),
    *((domain, "") for domain in ("light", "switch", "fan", "lock", "climate", "media_player", "vacuum")),
)
"""Domain and device class of what a name may be but a noun for."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a sentence says of the things that it means."""

    name: str = ""
    area: str = ""
    floor: str = ""
    domains: tuple[str, ...] = ()
    """The domains that the sentence can mean, the likeliest first."""
    device_classes: tuple[str, ...] = ()
    everywhere: bool = False

    @property
    def noun(self) -> tuple[str, str]:
        """Domain and device class by which the kind of thing is called."""
        return (self.domains or ("thing",))[0], (self.device_classes or ("",))[0]


@dataclass(frozen=True, slots=True)
class Found:
    """The things that are meant; or none, and why."""

    things: tuple[Thing, ...] = ()
    problem: str = ""
    area: str = ""
    """Where they were looked for."""
    floor: str = ""


def wish(slots: dict[str, object], domains: Sequence[str] = ()) -> Wish:
    """Return what the slots say; `domains` where they do not say which."""
    return Wish(
        str(slots.get("name") or ""),
        str(slots.get("area") or ""),
        str(slots.get("floor") or ""),
        _several(slots.get("domain")) or tuple(domains),
        _several(slots.get("device_class")),
        bool(slots.get("everywhere")) or slots.get("response") == "light_all",
    )


def _several(value: object) -> tuple[str, ...]:
    """Return one or several values of a slot: "blind", ["blind", "shade"] or "blind,shade"."""
    return tuple(value.split(",") if isinstance(value, str) else map(str, value)) if value else ()  # type: ignore[call-overload]


def find(wanted: Wish, situation: Situation) -> Found:
    """Return the things that a sentence means."""
    if wanted.name:
        return _named(wanted, situation)
    home, here = situation.home, situation.area
    if wanted.area or wanted.floor or wanted.everywhere:
        things = _of_kind(home, wanted, area=wanted.area, floor=wanted.floor)
        return _some(things, wanted, situation, wanted.area, wanted.floor)
    if here and (things := _of_kind(home, wanted, area=here)):
        return Found(tuple(things), area=here)
    things = _of_kind(home, wanted)
    if things and (len(things) == 1 or (not here and len({thing.area for thing in things}) == 1)):
        return Found(tuple(things), area=things[0].area)
    if things and not here:
        return Found(problem=text("home-which-room", situation.language))
    return _some([], wanted, situation, here, "")


def _some(things: Sequence[Thing], wanted: Wish, situation: Situation, area: str, floor: str) -> Found:
    if things:
        return Found(tuple(things), area=area, floor=floor)
    language = situation.language
    place = where(area, floor, language)
    problem = text("home-no-such", language, of_kind=none_of(*wanted.noun, language), place=place)
    return Found(problem=problem, area=area, floor=floor)


def _of_kind(home: Home, wanted: Wish, *, area: str = "", floor: str = "") -> list[Thing]:
    """Return the things of the wished kind in a place; in each area, covers of no class where none has the right one."""
    things = home.find(area=area, floor=floor, domains=wanted.domains)
    if not wanted.device_classes:
        return things
    exact = [thing for thing in things if _is_of_class(thing, wanted.device_classes)]
    if (
        not exact and wanted.area and "door" in wanted.device_classes
    ):  # "open the garage door", whose area is the garage
        exact = [thing for thing in things if _is_of_class(thing, ["garage"])]
    if not SHADES.intersection(wanted.device_classes):
        return exact
    served = {thing.area for thing in exact}
    plain = [t for t in things if t.domain == "cover" and not _classes(t) and t.area not in served]
    return [thing for thing in things if thing in exact or thing in plain]


def _is_of_class(thing: Thing, classes: Sequence[str]) -> bool:
    if thing.domain != "binary_sensor":
        return not _classes(thing).isdisjoint(classes)
    return any(thing.device_class in SENSED.get(wanted, ()) for wanted in classes)


def _classes(thing: Thing) -> set[str]:
    """Return the device classes of a cover: the one it has; else those that its name tells ("Store du bureau")."""
    if thing.device_class:
        return {thing.device_class}
    for language in LANGUAGES:
        told = [span for name in (*SHADES, *SENSED) if (span := _noun_in(thing.name, name, language))]
        if told:
            return {name for place, name in told if place == max(told)[0]}
    return set()


def _noun_in(name: str, device_class: str, language: str) -> tuple[tuple[int, int], str] | None:
    """Return how likely a name is headed by the noun of a device class: French names begin with theirs, English end."""
    noun = kind("cover", device_class, language)
    found = re.search(rf"\b{re.escape(noun)}(s|x|es)?\b", name.lower())
    if not found:
        return None
    return (-found.start() if language == "fr" else found.end(), len(noun)), device_class


def alike(wanted: Wish, situation: Situation) -> list[Thing]:
    """Return the things with a name in the one area that is meant: a lock and the sensor of its door are often called the
    same. Empty where there is none, or where several areas have one."""
    things = _nearest(
        situation.home.find(name=wanted.name, area=wanted.area, floor=wanted.floor, domains=wanted.domains), situation
    )
    order = {domain: place for place, domain in enumerate(wanted.domains)}
    things.sort(key=lambda thing: order.get(thing.domain, 0))
    return things if len({thing.area for thing in things}) == 1 else []


def _named(wanted: Wish, situation: Situation) -> Found:
    home, language = situation.home, situation.language
    things = home.find(name=wanted.name, area=wanted.area, floor=wanted.floor, domains=wanted.domains)
    if meant := _kind_instead(things, wanted, situation):
        return meant
    if not things:
        elsewhere = home.find(name=wanted.name, area=wanted.area, floor=wanted.floor)
        if elsewhere:
            sentence = text("home-cannot", language, things=said(elsewhere[:1], language))
            return Found(problem=capitalized(agreed(sentence, many=many(elsewhere[:1], language))))
        place = where(wanted.area, wanted.floor, language)
        return Found(problem=text("home-no-name", language, name=wanted.name, place=place))
    things = _nearest(things, situation)
    for domain in wanted.domains:
        if len(things) > 1 and len({thing.area for thing in things}) == 1:
            things = [thing for thing in things if thing.domain == domain] or things
    if len(things) == 1:
        return Found(tuple(things))
    areas = [with_article(area, language) for area in dict.fromkeys(thing.area for thing in things) if area]
    key = "home-several-rooms" if len(areas) > 1 else "home-several"
    return Found(problem=text(key, language, name=wanted.name, places=listed(areas or ["-"], language)))


def _kind_instead(things: Sequence[Thing], wanted: Wish, situation: Situation) -> Found | None:
    """Return the things of a kind where a name is but a kind ("Volets") and nothing has that name in the place that is
    meant: the volets of this room are meant then, not those that are called so in another one."""
    area = wanted.area or ("" if wanted.floor else situation.area)
    if any(thing.area == area or not area for thing in things) or not (area or wanted.floor):
        return None
    for domain, device_class in KINDS:
        nouns = {kind(domain, device_class, situation.language, count=count) for count in (1, 2)}
        if wanted.name.lower() in nouns and (not wanted.domains or domain in wanted.domains):
            classes = (device_class,) if device_class else ()
            of_kind = Wish("", area, wanted.floor, (domain,), classes)
            if there := _of_kind(situation.home, of_kind, area=area, floor=wanted.floor):
                return Found(tuple(there), area=area, floor=wanted.floor)
    return None


def _nearest(things: list[Thing], situation: Situation) -> list[Thing]:
    """Return the things in the area where one speaks, else those on its floor, else all."""
    home = situation.home
    here = home.areas.get(situation.area)
    in_area = [thing for thing in things if situation.area and thing.area == situation.area]
    on_floor = [thing for thing in things if here and here.floor and home.floor_of(thing) == here.floor]
    return in_area or on_floor or things


def present(found: Found, situation: Situation) -> tuple[list[Thing], list[Thing]]:
    """Return the things that can be reached, and those that said that they are gone."""
    there = [thing for thing in found.things if answers(situation.home.state(thing.id))]
    return there, [thing for thing in found.things if thing not in there]


def silence(gone: Sequence[Thing], language: str) -> str:
    """Return that these things do not answer; "" where there are none."""
    if not gone:
        return ""
    sentence = text("home-silent", language, things=said(gone, language))
    return capitalized(agreed(sentence, many=many(gone, language)))
