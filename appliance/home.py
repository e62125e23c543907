"""The home: its floors, areas and things, and how they stand. Pure: it is told what happens, and never acts.

Domains, device classes, states and attributes are Home Assistant's, because everything that speaks MQTT discovery speaks
them: a light is "on" or "off" with `brightness_percent` and `color`, a cover "open" or "closed" with `position`, a lock
"locked" or "unlocked"... Names are the owner's. `names_version` grows whenever a name changed, so that whoever compiled
sentences from them knows when to do it again.
Source: https://developers.home-assistant.io/docs/core/entity
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from appliance.actions import Value

DOMAINS = (
    *("light", "switch", "cover", "lock", "fan", "climate", "scene", "script", "media_player", "vacuum"),
    *("sensor", "binary_sensor", "weather"),
)
FORMER, FORMER_THINGS = 16, 5000
"""So many faces are remembered of a thing, and of so many things. What has shown all of them is trusted with nothing."""


@dataclass(frozen=True, slots=True)
class Floor:
    """A storey."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Area:
    """A room of the home, or a place around it."""

    name: str
    floor: str = ""
    """Name of its floor; "" where there is none."""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Thing:
    """Something in the home that can be asked about or acted upon."""

    id: str
    """Unique, and the same after a restart: letters, digits, . _ -"""
    name: str
    """As the owner says it."""
    domain: str
    """One of DOMAINS."""
    area: str = ""
    """Name of its area; "" where that is unknown."""
    device_class: str = ""
    """As Home Assistant names it: shutter, blind, garage, door, temperature..."""
    aliases: tuple[str, ...] = ()
    features: frozenset[str] = frozenset()
    """What it can beside its domain's plain services: brightness, color, color_temperature, position, percentage..."""
    unit: str = ""
    """Unit of a sensor's value."""


@dataclass(frozen=True, slots=True)
class State:
    """How a thing stands, as far as it said."""

    value: str = ""
    """on, off, open, closed, locked, unlocked, playing, 21.5...; "" where nothing is known yet."""
    attributes: Mapping[str, Value] = field(default_factory=dict)
    available: bool = True
    """False where the thing, or what speaks for it, said that it is gone."""


class Home:
    """Everything that is known of the home now."""

    def __init__(self, floors: Iterable[Floor] = (), areas: Iterable[Area] = (), things: Iterable[Thing] = ()) -> None:
        self.floors = {floor.name: floor for floor in floors}
        self.areas = {area.name: area for area in areas}
        self.things: dict[str, Thing] = {}
        self.states: dict[str, State] = {}
        self.former: dict[str, list[Thing]] = {}
        """What each thing said of itself in this run, as far as its danger could hang on it; the last one may be less."""
        self.names_version = 0
        for thing in things:
            self.add(thing)

    def add(self, thing: Thing) -> None:
        """Put a thing into the home, in the place of one with the same id."""
        known = self.things.get(thing.id)
        self.things[thing.id] = thing
        self.states.setdefault(thing.id, State())
        self._remember(thing)
        if known is None or _said(known) != _said(thing):
            self.names_version += 1

    def _remember(self, thing: Thing) -> None:
        former = self.former.setdefault(thing.id, [])
        said = _dangerous(thing)
        if len(former) < FORMER and said not in map(_dangerous, former):
            former.append(thing)
        if len(self.former) > FORMER_THINGS:  # those that are there are never forgotten
            gone = next((one for one in self.former if one not in self.things), "")
            self.former.pop(gone, None)

    def copy(self) -> Home:
        """Return the names as they are now, for whoever reads them while they change; states are not in it."""
        return Home(self.floors.values(), self.areas.values(), list(self.things.values()))

    def remove(self, thing_id: str) -> None:
        """Take a thing away; one that is not there is fine."""
        if self.things.pop(thing_id, None):
            self.states.pop(thing_id, None)
            self.names_version += 1

    def report(self, thing_id: str, state: State) -> bool:
        """Note how a thing stands. Return whether that is news."""
        if thing_id not in self.things or self.states[thing_id] == state:
            return False
        self.states[thing_id] = state
        return True

    def state(self, thing_id: str) -> State:
        """Return how a thing stands; an empty state for one that never said."""
        return self.states.get(thing_id, State())

    def floor_of(self, thing: Thing) -> str:
        """Return the name of the floor of a thing, or ""."""
        area = self.areas.get(thing.area)
        return area.floor if area else ""

    def find(
        self,
        *,
        name: str = "",
        area: str = "",
        floor: str = "",
        domains: Iterable[str] = (),
        device_classes: Iterable[str] = (),
    ) -> list[Thing]:
        """Return the things to which all that is given applies. `name` may be an alias; names are compared as written."""
        domains, device_classes = frozenset(domains), frozenset(device_classes)
        return [
            thing
            for thing in self.things.values()
            if (not name or name in (thing.name, *thing.aliases))
            and (not area or thing.area == area)
            and (not floor or self.floor_of(thing) == floor)
            and (not domains or thing.domain in domains)
            and (not device_classes or thing.device_class in device_classes)
        ]

    def words(self) -> list[str]:
        """Return every name of this home once: floors, areas, things."""
        return list(dict.fromkeys([*self.floors, *self.areas, *(thing.name for thing in self.things.values())]))


def _dangerous(thing: Thing) -> tuple[object, ...]:
    return thing.name, thing.aliases, thing.domain, thing.device_class


def _said(thing: Thing) -> tuple[object, ...]:
    return thing.name, thing.aliases, thing.area, thing.domain, thing.device_class
