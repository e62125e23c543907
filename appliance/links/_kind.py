"""How one thing is read and moved over MQTT: what all kinds of things share.

A kind is made of the keys of its configuration. From them it knows which topics tell how the thing stands, and what to
publish for a service; both are pure: no message is sent here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from appliance.actions import Value
from appliance.errors import InputError
from appliance.home import State
from appliance.links._filters import TemplateError
from appliance.links._keys import Keys
from appliance.links._templates import Template, read

Data = Mapping[str, Value]
Step = tuple[str, dict[str, Value]]
"""A service and its data."""

NOTHING = ("", "None", "none", "null")
"""What a template makes of a payload that says nothing."""
SENSELESS = (TemplateError, ValueError, TypeError, LookupError, ArithmeticError, AttributeError, RecursionError)
"""What reading a message may fail of, where a stranger wrote it."""
CONTRARY = {
    "turn_on": "turn_off",
    "turn_off": "turn_on",
    "toggle": "toggle",
    "lock": "unlock",
    "unlock": "lock",
    "open_cover": "close_cover",
    "close_cover": "open_cover",
    "media_play": "media_pause",
    "media_pause": "media_play",
    "start": "return_to_base",
    "return_to_base": "start",
}
AFTERWARDS = {
    "turn_on": "on",
    "turn_off": "off",
    "lock": "locked",
    "unlock": "unlocked",
    "open_cover": "open",
    "close_cover": "closed",
    "media_play": "playing",
    "media_pause": "paused",
    "start": "cleaning",
    "return_to_base": "returning",
    "stop": "idle",
}


@dataclass(frozen=True, slots=True)
class Publication:
    """A message to send."""

    topic: str
    payload: str


@dataclass(slots=True)
class Draft:
    """How a thing stands, while a message is read."""

    value: str
    attributes: dict[str, Value] = field(default_factory=dict)


Apply = Callable[[Draft, str], None]
Service = Callable[[Data, State], list[Publication]]


@dataclass(frozen=True, slots=True)
class Reading:
    """What is read from a topic."""

    topic: str
    template: Template | None
    apply: Apply


class Kind:
    """One kind of things. A subclass reads its keys in `read`."""

    domain = ""

    def __init__(self, keys: Keys) -> None:
        """Raises InputError with the reason why this configuration is refused."""
        self.keys = keys
        self.readings: list[Reading] = []
        self.services: dict[str, Service] = {}
        self.takes: dict[str, frozenset[str]] = {}
        """The data that a service takes."""
        self.features: set[str] = set()
        self.retain = keys.flag("retain")
        self.read()
        self.optimistic = not self.readings or keys.flag("optimistic")

    def read(self) -> None:
        """Read the keys."""
        raise NotImplementedError

    def listen(self, topic: str, template: Template | None, apply: Apply) -> None:
        """Note what is read from a topic, where there is one."""
        if topic:
            self.readings.append(Reading(topic, template, apply))

    def offer(self, name: str, service: Service, *takes: str) -> None:
        """Note a service."""
        self.services[name] = service
        self.takes[name] = frozenset(takes)

    def send(self, topic: str, payload: str) -> Service:
        """Return the service that publishes one payload."""
        return lambda data, state: [Publication(topic, payload)]

    def follow(self, topic: str, payload: str, state: State) -> State:
        """Return how the thing stands after a message."""
        draft = Draft(state.value, dict(state.attributes))
        for reading in self.readings:
            if reading.topic == topic:
                try:
                    reading.apply(draft, read(reading.template, payload))
                except SENSELESS:
                    continue  # this message says nothing of that
        return State(draft.value, draft.attributes, state.available)

    def act(self, service: str, data: Data, state: State) -> list[Publication]:
        """Return what to publish. Raises InputError where the service or its data make no sense."""
        if service not in self.services:
            raise InputError("thing-no-service", stage="home", service=service[:40])
        unknown = set(data) - self.takes[service]
        if unknown:
            raise InputError("thing-wrong-data", stage="home", key=min(unknown)[:40])
        return self.services[service](data, state)

    def afterwards(self, service: str, data: Data, state: State) -> State:
        """Return how a thing that never says so stands after a service."""
        value = AFTERWARDS.get(service, state.value)
        if service == "toggle":
            value = "off" if state.value == "on" else "on"
        if "position" in data:
            value = "open" if _number(data["position"]) > 0 else "closed"
        if "mode" in data:
            value = str(data["mode"])
        attributes = {k: v for k, v in data.items() if k not in ("mode",)}
        return State(value, {**state.attributes, **attributes}, state.available)

    def undoing(self, service: str, data: Data, state: State) -> list[Step] | None:
        """Return what gives the present state back; the contrary where that is unknown; None where nothing can."""
        steps = self.restoring(state) if service in CONTRARY or self.takes.get(service) else None
        if steps:
            return steps
        contrary = CONTRARY.get(service)
        return [(contrary, {})] if contrary in self.services else None

    def restoring(self, state: State) -> list[Step]:
        """Return what brings a thing into a state; nothing where that is unknown."""
        service = {"on": "turn_on", "off": "turn_off", "locked": "lock", "unlocked": "unlock"}.get(state.value)
        return [(service, {})] if service in self.services else []

    def switched(self, on: Service, off: Service, *takes: str) -> None:
        """Offer turn_on, turn_off and toggle."""
        self.offer("turn_on", on, *takes)
        self.offer("turn_off", off)
        self.offer("toggle", lambda data, state: (off if state.value == "on" else on)({}, state))


def told(words: Mapping[str, str]) -> Apply:
    """Return what sets the state by the words that a thing has for it; others say nothing."""

    def apply(draft: Draft, text: str) -> None:
        if text in words:
            draft.value = words[text]
        elif text in NOTHING[1:]:
            draft.value = ""

    return apply


def measured(name: str, scale: Callable[[float], Value]) -> Apply:
    """Return what sets a numeric attribute; "None" takes it away."""

    def apply(draft: Draft, text: str) -> None:
        if text in NOTHING:
            if text:
                draft.attributes.pop(name, None)
            return
        draft.attributes[name] = scale(finite(text))

    return apply


def finite(text: object) -> float:
    """Return a number of reasonable size. Raises ValueError."""
    if isinstance(text, bool):
        raise ValueError
    found = float(str(text))
    if not math.isfinite(found) or abs(found) > 1e9:
        raise ValueError
    return found


def percent(value: float) -> int:
    """Return a whole percentage within bounds."""
    return round(min(max(value, 0), 100))


def tidy(value: float) -> int | float:
    """Return a number without needless decimals."""
    rounded = round(value, 2)
    return int(rounded) if rounded == int(rounded) else rounded


def wanted(data: Data, key: str, least: float = 0, most: float = 100) -> float:
    """Return a number that a service needs. Raises InputError where it lacks or is out of bounds."""
    value = data.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not least <= value <= most:
        raise InputError("thing-out-of-range", stage="home", key=key, least=tidy(least), most=tidy(most))
    return value


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0
