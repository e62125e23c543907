"""How much of a human decision an action needs, whoever wishes it. Pure, and looked up here only.

    0  read         answered
    1  reversible   done at once, and undone for a while by "annule"
    2  costly       read back; done after a spoken yes in the same room
    3  dangerous    done after a second factor off the voice channel: one microphone cannot tell a voice from its recording

What is not in the table is 3. Data of an action, who wished it and what a thing says of itself may make an action more
dangerous and never less; only the owner's marks (`[home.levels]`) lower anything, and they do not reach what opens or disarms
the home; by name they lower only what the owner declared, because whatever announces itself on the bus chooses its own name:
that is lowered by its id. Within a run nothing becomes less dangerous by describing itself anew.
Locks are 3 in every direction: locking may shut somebody out, and some hear "unlock" for "lock"; an owner who
thinks otherwise marks "lock.lock". So is stopping a garage door: a cheap relay knows one impulse for everything.

A thing's name counts, because a relay is a "switch" whatever hangs on it: "Portail", "Vanne de gaz" and "Serrure" are what
they say. A lamp that stands there is not: "Lumière du garage" stays a lamp.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping, Sequence

from appliance.actions import Action
from appliance.folding import without_accents
from appliance.home import DOMAINS, FORMER, Thing

READ, REVERSIBLE, COSTLY, DANGEROUS = range(4)
Marks = Mapping[str, int]
"""The owner's marks: by thing ("Portail"), service ("cover.open") or domain ("script")."""

COMFORT_CELSIUS = (5.0, 26.0)
"""A target temperature outside costs money or freezes pipes."""
_PLAIN_DATA = {"temperature": 20}

_SWITCHING = dict.fromkeys(("turn_on", "turn_off", "toggle"), REVERSIBLE)
_MOVING = ("open_cover", "close_cover", "stop_cover", "set_cover_position", "toggle")
_PLAYING = (
    *("media_play", "media_pause", "media_stop", "media_play_pause", "media_next_track", "media_previous_track"),
    *("volume_set", "volume_up", "volume_down", "volume_mute"),
)
_TIMES = (
    "add",
    "start",
    "pause",
    "resume",
    "extend",
    "shorten",
    "set",
    "cancel",
    "remove",
    "snooze",
    "stop",
    "restore",
)
_CLEARING = dict.fromkeys(("clear", "cancel_all", "remove_all", "delete", "clear_completed", "complete_all"), COSTLY)
TABLE: dict[str, dict[str, int]] = {
    "light": _SWITCHING,
    "switch": _SWITCHING,
    "fan": _SWITCHING | dict.fromkeys(("set_percentage", "oscillate", "set_preset_mode"), REVERSIBLE),
    "climate": _SWITCHING | dict.fromkeys(("set_temperature", "set_hvac_mode", "set_preset_mode"), REVERSIBLE),
    "cover": dict.fromkeys(_MOVING, REVERSIBLE),
    "media_player": _SWITCHING | dict.fromkeys(_PLAYING, REVERSIBLE),
    "vacuum": dict.fromkeys(("start", "stop", "pause", "return_to_base", "locate"), REVERSIBLE),
    "scene": {"turn_on": REVERSIBLE},
    "script": dict.fromkeys(("turn_on", "turn_off", "toggle"), COSTLY),  # it may do anything: nobody told us what
    "timer": dict.fromkeys(_TIMES, REVERSIBLE) | _CLEARING,
    "alarm": dict.fromkeys(_TIMES, REVERSIBLE) | _CLEARING,
    "reminder": dict.fromkeys(_TIMES, REVERSIBLE) | _CLEARING,
    "list": dict.fromkeys(("add", "remove", "complete", "uncomplete", "restore"), REVERSIBLE) | _CLEARING,
    "box": {"set_volume": REVERSIBLE, "broadcast": COSTLY},
}
"""Alarm is the one that wakes people; the one that guards the home is "alarm_control_panel", which is not here."""

FORBIDDEN_DOMAINS = frozenset({"lock", "alarm_control_panel", "siren", "valve", "lawn_mower", "water_heater"})
"""Dangerous whatever the service, and out of the marks' reach."""
SOFT_COVERS = frozenset({"shutter", "blind", "curtain", "shade", "awning"})
HARD_COVERS = frozenset({"garage", "gate", "door"})

LOCKING = "lock.lock"
"""The one mark that lowers something of a lock, and only where it is written just so."""
TELLING = ("sensor", "binary_sensor", "weather")
"""Things that tell and to which nothing can be done."""

_LAMP = re.compile(
    r"^(lumieres?|lampes?|lampadaires?|eclairages?|plafonniers?|spots?|appliques?|guirlandes?|neons?|leds?|lights?|lamps?)\b"
    r"|\b(lights?|lamps?|bulbs?|leds?)$"
)
_CURTAIN = re.compile(r"\b(volets?|stores?|rideaux?|persiennes?|brise[ -]soleil|blinds?|shutters?|curtains?|shades?)\b")
_GUARD = re.compile(
    r"\b(alarmes?|alarms?|serrures?|gaches?|verrous?|locks?|strikes?|sirenes?|sirens?|gaz|gas|vannes?|valves?|coffres?|safe"
    r"|chaudieres?|boilers?|disjoncteurs?|breakers?)\b"
)
_GATE = re.compile(r"\b(portails?|portillons?|barrieres?|gates?|garages?)\b")
_DOOR = re.compile(r"\b(portes?|doors?|fours?|cuisinieres?|gazinieres?|plaques?|ovens?|stoves?|cookers?|hobs?)\b")


def level(action: Action, thing: Thing | None, marks: Marks, *, declared: bool = True) -> int:
    """Return the level of an action on `thing` (None where it has no thing, or that is unknown).

    `declared`: the owner wrote the thing down, its name is his. Else a mark lowers it only by its id.
    """
    default = _default(action, thing)
    if action.domain == action.service == "lock" and thing and thing.domain == "lock" and LOCKING in marks:
        return marks[LOCKING]
    mark = _mark(action, thing, marks)
    if thing and not declared:
        by_id = {key: value for key, value in marks.items() if plain(key) == plain(thing.id)}
        by_service = {key: value for key, value in marks.items() if plain(key) not in _names(thing)}
        sure = _mark(action, thing, by_id or by_service)
        mark = max(default if sure is None else sure, mark or READ)
    if mark is None:
        return default
    return max(default, mark) if _out_of_reach(action, thing) else mark


def worst(action: Action, faces: Sequence[Thing], marks: Marks, *, declared: bool) -> int:
    """Return the highest level of an action on a thing, whichever of its faces of this run it showed."""
    if len(faces) >= FORMER:
        return DANGEROUS
    return max((level(action, face, marks, declared=declared) for face in faces), default=READ)


def strictest(things: Iterable[Thing], marks: Marks, declared: Container[str] | None = None) -> int:
    """Return the highest level that anything one can do to these things has: for things that hear the same command."""
    found = [READ]
    for thing in things:
        services = {} if thing.domain in TELLING else TABLE.get(thing.domain, {"": DANGEROUS})
        known = declared is None or thing.id in declared
        actions = [Action(thing.domain, service, thing.id, _PLAIN_DATA) for service in services]
        found += [level(action, thing, marks, declared=known) for action in actions]
    return max(found)


def plain(name: str) -> str:
    """Return a name as names are compared: without capitals, accents or doubled blanks."""
    return " ".join(without_accents(name.casefold().replace("_", " ")).split())


def _default(action: Action, thing: Thing | None) -> int:
    services = TABLE.get(action.domain, {})
    if action.service not in services or _out_of_reach(action, thing) or (thing is None and action.domain in DOMAINS):
        return DANGEROUS
    if action.domain == "cover":
        return _cover(thing)
    if action.domain == "climate" and action.service == "set_temperature":
        return REVERSIBLE if _comfortable(action.data.get("temperature")) else COSTLY
    return services[action.service]


def _cover(thing: Thing | None) -> int:
    assert thing is not None
    if thing.device_class in SOFT_COVERS or (not thing.device_class and _CURTAIN.search(plain(thing.name))):
        return REVERSIBLE
    return COSTLY if thing.device_class == "window" else DANGEROUS  # what kind nobody told may be the garage's


def _comfortable(temperature: object) -> bool:
    low, high = COMFORT_CELSIUS
    return isinstance(temperature, int | float) and low <= temperature <= high


def _out_of_reach(action: Action, thing: Thing | None) -> bool:
    """Tell whether an action is dangerous whatever the marks say."""
    if action.domain in FORBIDDEN_DOMAINS:
        return True
    if thing is None:
        return False
    if thing.domain != action.domain:  # an action that takes a lock for a lamp
        return True
    return thing.device_class in HARD_COVERS | {"gas", "lock", "siren"} or any(
        _named_dangerous(thing.domain, plain(name)) for name in (thing.name, *thing.aliases)
    )


def _named_dangerous(domain: str, name: str) -> bool:
    if domain in ("climate", *TELLING):
        return False
    lamp = _LAMP.search(name)
    if domain == "cover":
        return bool(_GUARD.search(name) or _GATE.search(name) or (_DOOR.search(name) and not _CURTAIN.search(name)))
    if _GUARD.search(name):
        return not lamp
    if domain == "light":  # a light named "Garage" lights the garage; one named "Portail" may be its relay
        return bool(re.search(r"\b(portails?|gates?)\b", name)) and not lamp
    if domain in ("switch", "script", "scene"):
        return bool(_GATE.search(name) or _DOOR.search(name)) and not lamp
    return False


def _names(thing: Thing) -> set[str]:
    return {plain(name) for name in (thing.name, thing.id, *thing.aliases)}


def _mark(action: Action, thing: Thing | None, marks: Marks) -> int | None:
    """Return the most particular mark: the thing's, else the service's, else the domain's."""
    names = _names(thing) if thing else set()
    by_thing, by_service, by_domain = [], [], []
    for key, value in marks.items():
        domain, dot, service = key.partition(".")
        if plain(key) in names:
            by_thing.append(value)
        elif dot and domain == action.domain and f"{action.service}_".startswith(f"{service}_"):
            by_service.append(value)
        elif key == action.domain:
            by_domain.append(value)
    found = by_thing or by_service or by_domain
    return max(found) if found else None
