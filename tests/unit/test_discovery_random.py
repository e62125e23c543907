"""A thousand discovery payloads at random, half of them malformed: none crashes anything, each refusal says why."""

from __future__ import annotations

import json
import random
from typing import Any

from appliance.links._topics import KNOWN, allowed
from tests.announced import DEVICE, ESPHOME_FAN, TASMOTA_LIGHT, Z2M_COVER, Z2M_LIGHT, Bus


def mutated(chance: random.Random, value: Any) -> Any:
    """Return a value with something wrong somewhere in it."""
    strange = [
        None,
        True,
        -1,
        1e300,
        "",
        "#",
        "a/\0",
        "{{ range(9) }}",
        "{% for %}",
        [],
        {},
        [[[]]],
        {"a": {}},
        "x" * 5000,
    ]
    if isinstance(value, dict) and value and chance.random() < 0.9:
        key = chance.choice(list(value))
        if chance.random() < 0.15:
            return {k: v for k, v in value.items() if k != key}
        return value | {key: mutated(chance, value[key])}
    if isinstance(value, list) and value and chance.random() < 0.7:
        return [mutated(chance, value[0]), *value[1:]]
    return chance.choice(strange)


def broken(chance: random.Random, payload: dict[str, Any]) -> bytes:
    raw = json.dumps(payload).encode()
    at = chance.randrange(1, len(raw))
    return chance.choice(
        [
            raw[:at],
            raw[:at] + bytes([chance.randrange(128, 256)]) + raw[at:],
            b"[" * chance.choice([10, 100_000]),
            raw.replace(b'"', b"'"),
            raw[:-1] + b', "last": "\\udfff"}',
            json.dumps(chance.choice([1, "x", None, [payload]])).encode(),
            raw + b" " * 70_000,
        ]
    )


def test_a_thousand_random_payloads_crash_nothing_and_each_refusal_says_why() -> None:
    chance = random.Random(20261124)
    good = [
        ("light", Z2M_LIGHT),
        ("cover", Z2M_COVER),
        ("light", TASMOTA_LIGHT),
        ("fan", ESPHOME_FAN),
        ("device", DEVICE),
    ]
    counted = {"found": 0, "refused": 0, "passed over": 0}
    for number in range(1000):
        bus = Bus()
        component, payload = chance.choice(good)
        topic = f"homeassistant/{component}/node/x{number}/config"
        malformed = number % 2 == 1
        if malformed:
            bus.say(topic, broken(chance, payload))
        else:
            for _ in range(chance.randrange(3)):
                payload = mutated(chance, payload) if isinstance(payload, dict) else payload
            bus.say(topic, payload)
        for heard in sorted(bus.registry.topics):
            bus.hear(
                heard, chance.choice(["ON", "{", {"state": []}, {"state": "ON", "color": {"r": "x"}}, [1], "1e999"])
            )
        for thing in bus.home.things.values():
            entry = bus.registry.get(thing.id)
            assert entry and thing.name and all(allowed(t, KNOWN, "homeassistant") for t in entry.commands)
        refused = bus.registry.refused
        assert bool(bus.reasons) == bool(refused) and all(len(reason) > 10 for reason in bus.reasons)
        assert refused == 1 or not malformed
        kind = "refused" if refused else "found" if bus.home.things else "passed over"
        counted[kind] += 1
    assert counted["refused"] >= 500 and counted["found"] > 100
