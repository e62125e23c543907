"""Things whose keys, messages and actions are made at random: nothing breaks, and what is kept can be said as JSON."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from appliance import wire
from appliance.actions import Value
from appliance.errors import InputError
from appliance.links._abbreviations import TOP
from appliance.links._kinds import DISCOVERED
from tests.announced import Bus

KEYS = sorted({*TOP.values()} - {"entity_category", "enabled_by_default"})
TOPICS = ("zigbee2mqtt/x/set", "zigbee2mqtt/x", "a/b")
TEMPLATES = (
    "{{ value }}",
    "{{ value_json.a }}",
    "{{ value_json['a'][0] | int }}",
    "{{ {1:'a'}[value] | default('None') }}",
    "{{ value.split(',')[1] }}",
    "{{ value_json.a + 1 }}",
    "{{ value_json[value_json] }}",
    "{{ value_json.a in value_json }}",
    "{% if value_json.a > 3 %}x{% endif %}",
    "{{ value_json | join(',') }}",
    "{{ value_json.a[1:9] }}",
    "{{ value_json | first | last }}",
    "{{ value_json | round(value_json.a) }}",
)
STRANGE: tuple[Any, ...] = (
    *(None, True, 0, -1, 3, 255, 1e308, "", "ON", "None", "#", "x" * 100, [], ["rgb"], ["xy", "color_temp"]),
    *(["off", "heat"], [1], {}, {"a": 1}, "🦗"),
)
PAYLOADS = (
    *("ON", "", "None", "255", "0,0,0", "a,b", "{", "[1,2]", "null", "1e400", "-5", "NaN", '{"a":1}', '{"a":[1,"x"]}'),
    '{"state":"ON","brightness":"x","color":{"r":1,"g":2,"b":"z"}}',
    '{"state":[],"color":{"h":1e308,"s":-3}}',
    *(
        '{"color":{"x":1e8,"y":-1e8}}',
        '{"color":{"x":0,"y":0},"color_mode":[]}',
        '{"color_temp":0}',
        '{"color_temp":1e-9}',
    ),
    *('{"battery_level":NaN}', '{"a":"\\ud800"}', "9" * 5000, "[" * 3000, '{"a":' + "9" * 400 + "}", "\udcff"),
)
DATA: tuple[dict[str, Value], ...] = (
    *({}, {"brightness_percent": 50}, {"color": "red"}, {"color": 3}, {"color_temperature_kelvin": 3000}),
    *({"position": 50}, {"position": float("nan")}, {"percentage": 33}, {"temperature": 20}, {"mode": "heat"}),
)


def config(chance: random.Random, component: str) -> dict[str, Any]:
    made: dict[str, Any] = {"command_topic": TOPICS[0], "state_topic": "a/b"}
    for key in chance.sample(KEYS, chance.randint(3, 25)):
        likely = TOPICS if "topic" in key else TEMPLATES if "template" in key else STRANGE
        made[key] = chance.choice(likely if chance.random() < 0.9 else STRANGE)
    if component == "light":
        made["schema"] = chance.choice(["json", "default", "template"])
    return made


@pytest.mark.parametrize("seed", range(3))
def test_things_at_random(seed: int) -> None:
    chance = random.Random(seed)
    found, reasons = 0, []
    for _ in range(700):
        bus, component = Bus(), chance.choice(sorted(DISCOVERED))
        bus.say(f"homeassistant/{component}/x/config", config(chance, component))
        for topic in sorted(bus.registry.topics) * 4:
            bus.registry.follow(topic, chance.choice(PAYLOADS).encode("utf-8", "surrogateescape"))
        for thing_id, state in bus.home.states.items():
            entry = bus.registry.get(thing_id)
            assert entry
            found += 1
            for service in entry.kind.services:
                data = chance.choice(DATA)
                try:
                    for publication in entry.kind.act(service, data, state):
                        publication.payload.encode()
                    entry.kind.afterwards(service, data, state)
                except InputError as error:
                    reasons.append(error.text("fr"))
                entry.kind.undoing(service, data, state)
            json.dumps([state.value, dict(state.attributes)], allow_nan=False).encode()
        for event in bus.events:
            assert wire.event_from_json(wire.to_json(event)) == event
    assert found > 50 and reasons and all(reasons)
