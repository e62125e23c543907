"""Every event and every command, found by reflection, survives the wire."""

from __future__ import annotations

import dataclasses
import json
from typing import Any, get_args, get_origin, get_type_hints

import pytest

from appliance import events, wire
from appliance.errors import InputError
from appliance.events import Command, Event

ALL: list[type[Event] | type[Command]] = [
    cls
    for cls in vars(events).values()
    if isinstance(cls, type) and issubclass(cls, Event | Command) and cls not in (Event, Command)
]


def example(hint: Any, salt: int) -> Any:
    """Return a value of an annotated type; other salt, other value."""
    if get_origin(hint) is list:
        return [example(get_args(hint)[0], salt + i) for i in range(2)]
    if get_origin(hint) is dict:
        values = get_args(get_args(hint)[1]) or get_args(hint)[1:]
        return {f"clé {i}": example(value, salt + i) for i, value in enumerate(values)}
    return {str: f'« né à {salt} h » 🦗\n"\\', int: salt, float: salt + 0.25, bool: salt % 2 == 1}[hint]


def instance(cls: type[Any], salt: int) -> Any:
    hints = get_type_hints(cls)
    return cls(**{f.name: example(hints[f.name], salt + i) for i, f in enumerate(dataclasses.fields(cls))})


@pytest.mark.parametrize("salt", [0, 7])
@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_what_goes_over_the_wire_comes_back_equal(cls: type[Any], salt: int) -> None:
    item = instance(cls, salt)
    line = wire.to_json(item)
    assert "\n" not in line
    if issubclass(cls, Event):
        assert wire.event_from_json(line) == item
    else:
        name = next(name for name, known in wire.COMMANDS.items() if known is cls)
        data = json.loads(line)
        del data["kind"]
        assert wire.command_from_payload(name, json.dumps(data).encode()) == item


@pytest.mark.parametrize("cls", ALL, ids=lambda cls: cls.__name__)
def test_events_and_commands_are_frozen_and_slotted(cls: type[Any]) -> None:
    item = instance(cls, 1)
    with pytest.raises(dataclasses.FrozenInstanceError):
        item.room = "cave"
    assert not hasattr(item, "__dict__")


def test_kinds_are_unique_and_kebab_case() -> None:
    kinds = [wire.kind(cls) for cls in ALL]
    assert len(set(kinds)) == len(kinds)
    assert all(kind == kind.lower() and " " not in kind and "_" not in kind for kind in kinds)
    assert wire.kind(events.WakeDetected) == wire.kind(events.WakeDetected(word="ok")) == "wake-detected"


def test_every_class_has_its_name_outside() -> None:
    assert {*wire.EVENTS.values(), *wire.COMMANDS.values()} == set(ALL)
    assert {"ask", "listen", "mute", "say", "stop", "unmute", "volume"} <= set(wire.COMMANDS)
    assert {"act", "approve", "refuse"} <= set(wire.COMMANDS)


def test_an_empty_payload_means_no_fields() -> None:
    assert wire.command_from_payload("stop", b"") == events.Stop()


def test_a_whole_number_is_a_fraction_but_not_the_other_way() -> None:
    assert wire.event_from_json('{"kind": "speaking-ended", "seconds": 2}') == events.SpeakingEnded(seconds=2)
    with pytest.raises(InputError) as caught:
        wire.event_from_json('{"kind": "volume-changed", "percent": 2.0}')
    assert caught.value.code == "payload-wrong-type"


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("", "payload-not-json"),
        ("[]", "payload-not-json"),
        ("[" * 100_000, "payload-not-json"),
        ('{"kind": "box-stopped", "room": "\\ud800"}', "payload-not-json"),
        ("{}", "payload-unknown-kind"),
        ('{"kind": ["box-stopped"]}', "payload-unknown-kind"),
        ('{"kind": "event"}', "payload-unknown-kind"),
        ('{"kind": "say", "text": "a command is no event"}', "payload-unknown-kind"),
        ('{"kind": "box-stopped", "reason": "heat"}', "payload-unknown-field"),
        ('{"kind": "wake-detected"}', "payload-missing-field"),
        ('{"kind": "mute-changed", "muted": 1}', "payload-wrong-type"),
        ('{"kind": "volume-changed", "percent": true}', "payload-wrong-type"),
        ('{"kind": "answered", "text": "oui", "by": "llm", "sources": ["a", 1]}', "payload-wrong-type"),
        ('{"kind": "turn-ended", "outcome": "x", "timing_ms": {"stt": "fast"}}', "payload-wrong-type"),
        ('{"kind": "turn-ended", "outcome": "x", "timing_ms": []}', "payload-wrong-type"),
    ],
)
def test_what_is_not_an_event_is_refused_with_its_reason(line: str, code: str) -> None:
    with pytest.raises(InputError) as caught:
        wire.event_from_json(line)
    assert caught.value.code == code


def test_a_refusal_names_the_field() -> None:
    with pytest.raises(InputError) as caught:
        wire.command_from_payload("volume", b'{"percent": "fort"}')
    assert caught.value.text("fr") == "le champ percent n'a pas le type attendu"
