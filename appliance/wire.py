"""Events and commands to JSON and back, and the names they have outside.

`WakeDetected` is "wake-detected" on the wire; `SetVolume` is the command "volume". Decoding trusts nothing: an unknown
field, a missing one or a wrong type is an InputError whose text says which.
"""

from __future__ import annotations

import json
import re
from dataclasses import MISSING, fields
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from appliance import events
from appliance.errors import InputError
from appliance.events import Command, Event

T = TypeVar("T", Event, Command)


def kind(item: Event | Command | type[Event] | type[Command]) -> str:
    """Return the wire name of an event or command class: kebab-case."""
    cls = item if isinstance(item, type) else type(item)
    return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()


def _classes(base: type[T]) -> dict[str, type[T]]:
    found = [c for c in vars(events).values() if isinstance(c, type) and issubclass(c, base) and c is not base]
    return {kind(c): c for c in found}


EVENTS: dict[str, type[Event]] = _classes(Event)
COMMANDS: dict[str, type[Command]] = {
    ("volume" if name == "set-volume" else name): cls for name, cls in _classes(Command).items()
}


def to_dict(item: Event | Command) -> dict[str, Any]:
    """Return the fields as plain JSON values, the kind first."""
    return {"kind": kind(item)} | {f.name: getattr(item, f.name) for f in fields(item)}


def to_json(item: Event | Command) -> str:
    """Return one line of JSON."""
    return json.dumps(to_dict(item), ensure_ascii=False)


def event_from_json(line: str) -> Event:
    """Return the event that `to_json` wrote. Raises InputError."""
    data = _parse(line)
    name = data.pop("kind", None)
    if not isinstance(name, str) or name not in EVENTS:
        raise InputError("payload-unknown-kind", stage="wire", kind=str(name))
    return _build(EVENTS[name], data)


def command_from_payload(name: str, payload: bytes) -> Command:
    """Return the command `name` (say, ask, volume...) from an outside payload: UTF-8 JSON, an empty one meaning {}.

    Raises InputError, whose text says what was wrong.
    """
    if name not in COMMANDS:
        raise InputError("payload-unknown-kind", stage="wire", kind=name)
    try:
        line = payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise InputError("payload-not-json", stage="wire") from error
    return _build(COMMANDS[name], _parse(line or "{}"))


def _parse(line: str) -> dict[str, Any]:
    try:
        data = json.loads(line)
        json.dumps(data, ensure_ascii=False).encode("utf-8")  # half a surrogate pair, escaped, is no text
    except (ValueError, RecursionError) as error:
        raise InputError("payload-not-json", stage="wire") from error
    if not isinstance(data, dict):
        raise InputError("payload-not-json", stage="wire")
    return data


def _build(cls: type[T], data: dict[str, Any]) -> T:
    hints = get_type_hints(cls)
    unknown = sorted(set(data) - set(hints))
    if unknown:
        raise InputError("payload-unknown-field", stage="wire", field=", ".join(unknown)[:80])
    for f in fields(cls):
        if f.name in data:
            if not _is(data[f.name], hints[f.name]):
                raise InputError("payload-wrong-type", stage="wire", field=f.name)
        elif f.default is MISSING and f.default_factory is MISSING:
            raise InputError("payload-missing-field", stage="wire", field=f.name)
    return cls(**data)


def _is(value: object, hint: Any) -> bool:
    """Tell whether a JSON value has the annotated type (bool is no int; an int is a float)."""
    origin = get_origin(hint)
    if origin is list:
        return isinstance(value, list) and all(_is(v, get_args(hint)[0]) for v in value)
    if origin is dict:
        return isinstance(value, dict) and all(_is(v, get_args(hint)[1]) for v in value.values())
    if origin is not None:  # X | Y
        return any(_is(value, h) for h in get_args(hint))
    if hint is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if hint is int:
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, hint)
