"""Topics that ever were a dangerous thing's: whoever claims them is dangerous too, and it is found at once."""

from __future__ import annotations

import random
import time
from types import SimpleNamespace
from typing import Any, cast

import pytest

from appliance.actions import Action
from appliance.executor import Executor
from appliance.home import Thing
from appliance.links._reaches import Reaches
from appliance.links._topics import same_device
from tests.announced import Bus

LIGHT = {"command_topic": "zigbee2mqtt/x/set", "state_topic": "zigbee2mqtt/x"}
LOCK = {"command_topic": "zigbee2mqtt/serrure/set", "name": "Porte d'entrée"}


@pytest.fixture
def bus() -> Bus:
    return Bus()


@pytest.mark.parametrize(
    ("component", "payload"),
    [
        ("lock", LOCK),
        ("lock", LOCK | {"code_format": "\\d+"}),
        ("alarm_control_panel", LOCK),
        ("siren", {"~": "zigbee2mqtt/serrure", "cmd_t": "~/set"}),
        ("valve", LOCK),
        ("cover", LOCK | {"device_class": "garage", "name": "Accès"}),
        ("some_new_kind", LOCK),
        ("device", {"dev": {"ids": "a"}, "o": {"name": "z"}, "cmps": {"s": {"p": "siren"} | LOCK}}),
    ],
)
def test_what_was_once_a_dangerous_thing_s_stays_so(bus: Bus, component: str, payload: dict[str, Any]) -> None:
    topic = f"homeassistant/{component}/a/config"
    bus.say(topic, payload)
    bus.say(topic, b"")
    bus.say("homeassistant/light/l/config", LIGHT | {"command_topic": "zigbee2mqtt/serrure/set/state"})
    bus.say("homeassistant/light/m/config", LIGHT)
    assert bus.registry.dangerous("light.l") and not bus.registry.dangerous("light.m")
    actuator = SimpleNamespace(sharing=bus.registry.sharing, dangerous=bus.registry.dangerous)
    executor = Executor(bus.home, cast(Any, None), cast(Any, None), "fr", actuators=[cast(Any, actuator)])
    assert [executor.level(Action("light", "turn_on", i)) for i in ("light.l", "light.m")] == [3, 1]


def test_a_garage_that_says_it_is_a_shutter_stays_a_garage(bus: Bus) -> None:
    cover = {"command_topic": "home/g/set", "name": "Accès", "device_class": "garage"}
    bus.say("homeassistant/cover/g/config", cover)
    assert not bus.registry.dangerous("cover.g"), "its own level and the owner's marks hold"
    bus.say("homeassistant/cover/g/config", cover | {"device_class": "shutter"})
    assert bus.registry.dangerous("cover.g")


def test_a_lock_that_is_there_is_for_the_owner_s_marks(bus: Bus) -> None:
    bus.registry.declare(Thing("lock.mien", "Porte d'entrée", "lock"), LOCK)
    bus.say("homeassistant/lock/a/config", LOCK)
    bus.say("homeassistant/lock/b/config", LOCK | {"name": "Cave"})
    assert not bus.registry.dangerous("lock.mien") and not bus.registry.dangerous("lock.b")
    assert bus.registry.sharing("lock.mien") == {"lock.b"}


def test_a_setting_guards_nothing(bus: Bus) -> None:
    bus.say("homeassistant/lock/child/config", LOCK | {"entity_category": "config"})
    bus.say("homeassistant/select/effect/config", LOCK)
    bus.say("homeassistant/light/l/config", LIGHT | {"command_topic": LOCK["command_topic"]})
    assert not bus.registry.dangerous("light.l")


def test_the_address_of_a_zigbee_lock_is_the_lock(bus: Bus) -> None:
    """zigbee2mqtt takes commands at a device's address too; a lamp that nobody named yet is at its own, and no danger."""
    lock = LOCK | {"device": {"identifiers": ["zigbee2mqtt_0x00124b0012345678"], "name": "Serrure"}}
    bus.say("homeassistant/lock/a/config", lock)
    bus.say("homeassistant/light/l/config", LIGHT | {"command_topic": "zigbee2mqtt/0x00124b0012345678/set"})
    bus.say("homeassistant/light/m/config", LIGHT | {"command_topic": "zigbee2mqtt/0x00124b00deadbeef/set"})
    assert bus.registry.dangerous("light.l") and not bus.registry.dangerous("light.m")
    assert not bus.registry.dangerous("lock.a")


def test_too_many_dangerous_things_make_all_dangerous(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.links._registry.GUARDED_LIMIT", 2)
    bus.say("homeassistant/light/l/config", LIGHT)
    bus.say("homeassistant/siren/a/config", LOCK)
    assert not bus.registry.dangerous("light.l")
    bus.say("homeassistant/siren/b/config", LOCK)
    assert bus.registry.dangerous("light.l")


def test_the_index_says_what_comparing_all_says() -> None:
    chance = random.Random(4)
    topics = [
        "/".join(chance.choice(("a", "b", "set", "cmnd")) for _ in range(chance.randint(1, 5))) for _ in range(300)
    ]
    index = Reaches[int]()
    for number, topic in enumerate(topics):
        index.add(number, [topic])
    for number in range(0, 300, 2):
        index.remove(number, [topics[number]])
    for asked in topics:
        assert index.touching([asked]) == {n for n in range(1, 300, 2) if same_device([topics[n]], [asked])}


def test_a_house_of_lamps_is_judged_at_once(bus: Bus) -> None:
    for number in range(1500):
        bus.say(f"homeassistant/light/l{number}/config", LIGHT | {"command_topic": f"zigbee2mqtt/l{number}/set"})
    started = time.perf_counter()
    assert not any(bus.registry.sharing(i) or bus.registry.dangerous(i) for i in bus.names)
    assert time.perf_counter() - started < 1
