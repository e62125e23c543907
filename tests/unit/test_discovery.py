"""Discovery payloads: those of zigbee2mqtt, Tasmota and ESPHome become things; whatever else is refused says why."""

from __future__ import annotations

import json
from typing import Any

import pytest

from appliance import events
from appliance.errors import ConfigError
from appliance.home import Area, State, Thing
from appliance.links._registry import TELL_LIMIT
from appliance.links._topics import KNOWN, allowed, is_filter, matches, reserved, same_device
from tests.announced import DEVICE, ESPHOME_FAN, TASMOTA_LIGHT, Z2M_COVER, Z2M_LIGHT, Bus


@pytest.fixture
def bus() -> Bus:
    return Bus()


def sent(bus: Bus, thing_id: str, service: str, **data: Any) -> list[tuple[str, Any]]:
    entry = bus.registry.get(thing_id)
    assert entry
    publications = entry.kind.act(service, data, bus.home.state(thing_id))
    return [(p.topic, json.loads(p.payload) if p.payload.startswith("{") else p.payload) for p in publications]


def test_a_light_of_zigbee2mqtt(bus: Bus) -> None:
    bus.say("homeassistant/light/0x0017880103d2c1a5/light/config", Z2M_LIGHT)
    assert not bus.reasons
    thing = bus.home.things["light.0x0017880103d2c1a5.light"]
    assert (thing.name, thing.domain) == ("Lampe salon", "light")
    assert thing.features == {"brightness", "color", "color_temperature"}
    bus.hear(
        "zigbee2mqtt/Lampe salon", {"state": "ON", "brightness": 127, "color_mode": "color_temp", "color_temp": 370}
    )
    held = {"brightness_percent": 50, "color_temperature_kelvin": 2703}
    assert bus.home.state(thing.id) == State("on", held)
    topic = "zigbee2mqtt/Lampe salon/set"
    assert sent(bus, thing.id, "turn_off") == [(topic, {"state": "OFF"})]
    assert sent(bus, thing.id, "turn_on", brightness_percent=100) == [(topic, {"state": "ON", "brightness": 254})]
    red = {"state": "ON", "color": {"x": 0.64, "y": 0.33}}
    [(_, found)] = sent(bus, thing.id, "turn_on", color="red")
    assert found["color"] == pytest.approx(red["color"], abs=0.01)
    bus.hear("zigbee2mqtt/Lampe salon", {"color_mode": "xy", "color": {"x": 0.64, "y": 0.33}})
    assert bus.home.state(thing.id).attributes == {"brightness_percent": 50, "color": "red"}
    bus.hear("zigbee2mqtt/bridge/state", {"state": "offline"})
    assert not bus.home.state(thing.id).available


def test_a_cover_of_zigbee2mqtt_with_statements_in_its_template(bus: Bus) -> None:
    bus.say("homeassistant/cover/0x1/cover/config", Z2M_COVER)
    thing = bus.home.things["cover.0x1.cover"]
    assert (thing.name, thing.area) == ("Volets du salon", "Salon")
    topic = "zigbee2mqtt/salon/volets"
    bus.hear(topic, {"position": 0, "moving": None})
    assert bus.home.state(thing.id) == State("closed", {"position": 0})
    bus.hear(topic, {"position": 10, "moving": "UP"})
    assert bus.home.state(thing.id).value == "opening"
    bus.hear(topic, {"position": 60, "moving": "STOP"})
    assert bus.home.state(thing.id) == State("open", {"position": 60})
    assert sent(bus, thing.id, "set_cover_position", position=40) == [(f"{topic}/set", {"position": 40})]
    assert sent(bus, thing.id, "open_cover") == [(f"{topic}/set", "OPEN")]


def test_a_light_of_tasmota(bus: Bus) -> None:
    bus.say("homeassistant/light/869AB1_LI_1/config", TASMOTA_LIGHT)
    assert not bus.reasons
    [thing_id] = bus.home.things
    state = {"POWER": "ON", "Dimmer": 40, "Color": "255,0,0,0,0", "CT": 250}
    bus.hear("tele/tasmota_B1/STATE", {"POWER": "ON", "Dimmer": 40})
    assert bus.home.state(thing_id) == State("on", {"brightness_percent": 40})
    bus.hear("tele/tasmota_B1/LWT", "Offline")
    assert not bus.home.state(thing_id).available
    bus.hear("tele/tasmota_B1/LWT", "Online")
    bus.hear("tele/tasmota_B1/STATE", state)
    assert bus.home.state(thing_id).available and bus.home.state(thing_id).attributes["brightness_percent"] == 40
    assert sent(bus, thing_id, "turn_on") == [("cmnd/tasmota_B1/Dimmer", "40")]
    assert sent(bus, thing_id, "turn_on", color="blue")[0] == ("cmnd/tasmota_B1/Color2", "0,0,255")
    assert sent(bus, thing_id, "turn_on", color_temperature_kelvin=4000)[0] == ("cmnd/tasmota_B1/CT", "250")
    assert sent(bus, thing_id, "turn_off") == [("cmnd/tasmota_B1/POWER", "OFF")]


def test_a_fan_of_esphome(bus: Bus) -> None:
    bus.say("homeassistant/fan/chambre/ventilateur/config", ESPHOME_FAN)
    thing = bus.home.things["fan.chambre.ventilateur"]
    assert (thing.name, thing.area) == ("Chambre Ventilateur", "Chambre")
    assert "Chambre" in bus.home.areas, "an area that the owner did not write is kept as it is called"
    bus.hear("chambre/fan/ventilateur/speed_level/state", "3")
    assert bus.home.state(thing.id).attributes == {"percentage": 75}
    assert sent(bus, thing.id, "set_percentage", percentage=50) == [
        ("chambre/fan/ventilateur/speed_level/command", "2")
    ]
    assert sent(bus, thing.id, "set_percentage", percentage=0) == [("chambre/fan/ventilateur/command", "OFF")]


def test_a_device_with_components(bus: Bus) -> None:
    topic = "homeassistant/device/ea334450945afc/config"
    bus.say(topic, DEVICE)
    assert not bus.reasons
    lamp, sensor = "device.ea334450945afc.plan", "device.ea334450945afc.chaleur"
    assert bus.names == {lamp: "Cuisine Plan de travail", sensor: "Cuisine"}
    bus.hear("zigbee2mqtt/cuisine/sensor", {"temperature": 21.456})
    assert bus.home.state(sensor).value == "21.5" and bus.home.things[sensor].unit == "°C"
    bus.hear("zigbee2mqtt/cuisine/availability", "non")
    assert not bus.home.state(lamp).available and not bus.home.state(sensor).available
    shorter = DEVICE | {"cmps": DEVICE["cmps"] | {"plan": {"p": "light"}}}
    bus.say(topic, shorter)
    assert list(bus.names) == [sensor] and bus.seen(events.ThingLost)[0].thing_id == lamp
    bus.say(topic, b"")
    assert not bus.home.things and not bus.registry.topics


def test_one_bad_component_leaves_the_others(bus: Bus) -> None:
    components = {
        **DEVICE["cmps"],
        "mal": {"p": "switch", "cmd_t": "ailleurs/set"},
        "quoi": {"p": "grille-pain", "stat_t": "a/b"},
    }
    bus.say("homeassistant/device/x/config", DEVICE | {"cmps": components})
    assert len(bus.home.things) == 2 and len(bus.reasons) == 2


def test_updates_replace_and_repetitions_are_no_news(bus: Bus) -> None:
    topic = "homeassistant/light/0x1/light/config"
    bus.say(topic, Z2M_LIGHT)
    bus.hear("zigbee2mqtt/Lampe salon", {"state": "ON"})
    version = bus.home.names_version
    bus.say(topic, Z2M_LIGHT)
    assert len(bus.seen(events.ThingFound)) == 1 and bus.home.names_version == version
    bus.say(topic, Z2M_LIGHT | {"device": {"name": "Lampe de lecture"}})
    assert list(bus.names.values()) == ["Lampe de lecture"]
    assert bus.home.state("light.0x1.light").value == "on" and len(bus.seen(events.ThingFound)) == 2
    bus.say(topic, Z2M_LIGHT | {"command_topic": "ailleurs"})
    assert list(bus.names.values()) == ["Lampe de lecture"], "a refused update changes nothing"


def test_what_is_heard_before_a_second_thing_of_the_same_topic_holds_for_it(bus: Bus) -> None:
    base = {"state_topic": "zigbee2mqtt/a", "command_topic": "zigbee2mqtt/a/set"}
    bus.say("homeassistant/switch/a/l1/config", base | {"value_template": "{{ value_json.state_l1 }}"})
    bus.hear("zigbee2mqtt/a", {"state_l1": "ON", "state_l2": "OFF"})
    bus.say("homeassistant/switch/a/l2/config", base | {"value_template": "{{ value_json.state_l2 }}"})
    assert {i: s.value for i, s in bus.home.states.items()} == {"switch.a.l1": "on", "switch.a.l2": "off"}


def test_areas_are_the_owner_s_without_case_and_accents(bus: Bus) -> None:
    bus.home.areas["Véranda"] = Area("Véranda")
    for number, said in enumerate(["veranda", "VÉRANDA", "cabinet"]):
        bus.say(f"homeassistant/sensor/s{number}/config", {"state_topic": "a/b", "device": {"name": "X", "sa": said}})
    assert [t.area for t in bus.home.things.values()] == ["Véranda", "Véranda", "Bureau"]
    assert len(bus.home.areas) == 3


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ({"name": "Lampe", "device": {"name": "Salon"}}, "Salon Lampe"),
        ({"name": None, "device": {"name": "Salon"}}, "Salon"),
        ({"device": {"name": "Salon"}}, "Salon"),
        ({"name": "Salon lampe", "device": {"name": "Salon"}}, "Salon lampe"),
        ({"name": "Lampe"}, "Lampe"),
        ({}, "chose du salon"),
        ({"name": "a\x00b\n\u202ec\u2028d" + "x" * 200}, "a b c d" + "x" * 73),
        ({"name": " \t"}, "chose du salon"),
    ],
)
def test_names(bus: Bus, config: dict[str, Any], name: str) -> None:
    bus.say("homeassistant/sensor/chose_du-salon/config", {"state_topic": "a/b"} | config)
    assert list(bus.names.values()) == [name]


def test_what_the_owner_declared_wins(bus: Bus) -> None:
    mqtt = {"command_topic": "prive/lampe", "stat_t": "prive/lampe/etat"}
    bus.registry.declare(Thing("light.lampe", "Lampe Salon", "light", "Salon"), mqtt)
    bus.say("homeassistant/light/0x1/light/config", Z2M_LIGHT)
    assert list(bus.names) == ["light.lampe"] and not bus.reasons
    assert sent(bus, "light.lampe", "turn_on") == [("prive/lampe", "ON")]
    bus.hear("prive/lampe/etat", "ON")
    assert bus.home.state("light.lampe").value == "on"


@pytest.mark.parametrize(
    "mqtt", [{}, {"command_topic": "a/#"}, {"command_topic": 3}, {"command_topic": "a", "schema": "x"}]
)
def test_a_declared_thing_that_cannot_work_is_a_mistake_of_the_configuration(bus: Bus, mqtt: dict[str, Any]) -> None:
    with pytest.raises(ConfigError) as caught:
        bus.registry.declare(Thing("light.lampe", "Lampe", "light"), mqtt)
    assert "Lampe" in caught.value.text("fr")


LIGHT = {"command_topic": "zigbee2mqtt/x/set", "state_topic": "zigbee2mqtt/x"}


@pytest.mark.parametrize(
    ("topic", "payload", "reason"),
    [
        ("light/x", b"{", "JSON"),
        ("light/x", b"\xff", "JSON"),
        ("light/x", b"[]", "JSON"),
        ("light/x", b'{"a": NaN}', "JSON"),
        ("light/x", b'{"name": "\\ud800"}', "JSON"),
        ("light/x", b'{"a":' * 90_000, "64 Ko"),
        ("light/x", b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "JSON"),
        ("light/x", json.dumps({"a": [[[[[[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]]]]]}).encode(), "imbriquée"),
        ("light/x", {}, "command_topic"),
        ("grille-pain/x", LIGHT, "grille-pain"),
        ("script/x", LIGHT, "script"),
        ("light/é", LIGHT, "forme"),
        ("light/x", LIGHT | {"command_topic": 7}, "command_topic"),
        ("light/x", LIGHT | {"command_topic": "zigbee2mqtt/+/set"}, "command_topic"),
        ("light/x", LIGHT | {"command_topic": "zigbee2mqtt/\0/set"}, "command_topic"),
        ("light/x", LIGHT | {"command_topic": "zigbee2mqtt/" + "x" * 300 + "/set"}, "command_topic"),
        ("light/x", LIGHT | {"state_topic": "#"}, "state_topic"),
        ("light/x", LIGHT | {"state_topic": "$SYS/broker/uptime"}, "state_topic"),
        ("light/x", LIGHT | {"command_topic": "porte/ouvre"}, 'ajoutez "porte/ouvre"'),
        ("light/x", LIGHT | {"schema": "json", "supported_color_modes": "xy"}, "supported_color_modes"),
        ("light/x", LIGHT | {"brightness_scale": "beaucoup"}, "brightness_scale"),
        ("light/x", LIGHT | {"brightness_scale": 0}, "brightness_scale"),
        ("light/x", LIGHT | {"state_value_template": "{{ range(10) }}"}, "range(10)"),
        ("light/x", LIGHT | {"payload_on": {"a": 1}}, "payload_on"),
        ("light/x", LIGHT | {"name": ["a"]}, "name"),
        ("light/x", LIGHT | {"device": "Salon"}, "device"),
        ("light/x", LIGHT | {"device_class": "<b>"}, "device_class"),
        ("light/x", LIGHT | {"availability": "zigbee2mqtt/x"}, "availability"),
        ("light/x", LIGHT | {"availability": [1]}, "availability"),
        ("light/x", LIGHT | {"availability": [{"topic": "#"}]}, "topic"),
        ("light/x", LIGHT | {"availability_mode": "none"}, "availability_mode"),
        ("light/x", LIGHT | {"retain": "peut-être"}, "retain"),
        ("lock/x", LIGHT | {"code_format": "^\\d{4}$"}, "code"),
        ("cover/x", LIGHT | {"position_open": 5, "position_closed": 5}, "position_open"),
        ("fan/x", LIGHT | {"speed_range_min": 9, "speed_range_max": 2}, "speed_range_max"),
        ("device/x", {"device": {"name": "a"}, "origin": {}}, "components"),
        ("device/x", {"components": {}, "device": {}}, "origin"),
        ("device/x", {"components": {"a": LIGHT}, "device": {}, "origin": {}}, "a.platform"),
        ("device/x", {"components": {"a": 1}, "device": {}, "origin": {}}, "a"),
        ("device/x", {"components": {str(n): {} for n in range(300)}, "device": {}, "origin": {}}, "200"),
        ("light/x", LIGHT | {"payload_on": "x" * 3000}, "payload_on"),
    ],
)
def test_what_is_refused_says_why(bus: Bus, topic: str, payload: object, reason: str) -> None:
    bus.say(f"homeassistant/{topic}/config", payload)
    assert not bus.home.things and bus.registry.refused == 1
    assert len(bus.reasons) == 1 and reason in bus.reasons[0]


@pytest.mark.parametrize(
    "topic", ["grillon/cuisine/command/ask", "$SYS/x", "homeassistant/lock/x/config", "homeassistant/status"]
)
def test_some_topics_are_never_published_to(topic: str) -> None:
    bus = Bus(filters=("#", topic))
    bus.say("homeassistant/switch/x/config", {"command_topic": topic})
    assert not bus.home.things and bus.registry.refused == 1
    assert not allowed(topic, ("#", topic), "homeassistant") and reserved(topic, "homeassistant")


def test_duplicates_are_refused(bus: Bus) -> None:
    bus.say("homeassistant/light/x/config", LIGHT | {"unique_id": "u"})
    bus.say("homeassistant/light/y/config", LIGHT | {"unique_id": "u"})
    bus.say("homeassistant/switch/z/config", LIGHT | {"unique_id": "u"})
    assert list(bus.names) == ["light.x", "switch.z"] and "ailleurs" in bus.reasons[0]


def test_too_many_things_are_refused(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.links._registry.THINGS_LIMIT", 3)
    for number in range(5):
        bus.say(f"homeassistant/light/x{number}/config", LIGHT)
    assert len(bus.home.things) == 3 and bus.registry.refused == 2 and "3" in bus.reasons[0]


def test_a_flood_of_refusals_is_counted_and_told_in_part(bus: Bus) -> None:
    for number in range(1000):
        bus.say(f"homeassistant/light/x{number}/config", b"{")
    assert bus.registry.refused == 1000 and len(bus.reasons) == TELL_LIMIT
    bus.now += 61
    bus.say("homeassistant/light/new/config", b"{")
    assert len(bus.reasons) == TELL_LIMIT + 1
    bus.say("homeassistant/light/new/config", b"{")
    assert len(bus.reasons) == TELL_LIMIT + 1, "the same is told once"


def test_settings_and_diagnostics_are_nobody_s_to_speak_to(bus: Bus) -> None:
    for extra in ({"entity_category": "config"}, {"ent_cat": "diagnostic"}, {"enabled_by_default": False}):
        bus.say("homeassistant/switch/x/config", LIGHT | extra)
    bus.say("homeassistant/select/x/config", LIGHT)
    assert not bus.home.things and not bus.reasons


def test_migration_to_a_device_leaves_one_of_each(bus: Bus) -> None:
    bus.say("homeassistant/light/x/config", LIGHT | {"unique_id": "u"})
    bus.say("homeassistant/light/x/config", {"migrate_discovery": True})
    device = {"dev": {"name": "X"}, "o": {"name": "o"}, "cmps": {"l": {"p": "light", "unique_id": "u"} | LIGHT}}
    bus.say("homeassistant/device/x/config", device)
    bus.say("homeassistant/light/x/config", b"")
    assert list(bus.names) == ["device.x.l"] and not bus.reasons


def test_who_claims_the_topic_of_a_lock_shares_it(bus: Bus) -> None:
    lock = {"command_topic": "zigbee2mqtt/serrure/set", "name": "Porte d'entrée"}
    bus.say("homeassistant/lock/a/config", lock)
    bus.say("homeassistant/light/b/config", LIGHT)
    for number, topic in enumerate(
        ["zigbee2mqtt/serrure/set", "zigbee2mqtt/serrure/set/state", "zigbee2mqtt/serrure/l1/set"]
    ):
        hostile = {"command_topic": topic, "payload_on": '{"state":"UNLOCK"}'}
        bus.say(f"homeassistant/switch/h{number}/config", hostile)
        assert bus.registry.sharing(f"switch.h{number}") >= {"lock.a"}
    assert bus.registry.sharing("lock.a") == {"switch.h0", "switch.h1", "switch.h2"}
    assert bus.registry.sharing("light.b") == frozenset() == bus.registry.sharing("nobody")


def test_reach_of_topics() -> None:
    assert same_device(["cmnd/x/POWER"], ["cmnd/x/POWER2"]) and not same_device(["cmnd/x/POWER"], ["cmnd/y/POWER"])
    assert not same_device(["n/light/a/command"], ["n/light/b/command"])
    assert not same_device([], ["a/b"]) and same_device(["a"], ["a"])


@pytest.mark.parametrize(
    ("topic", "pattern", "fits"),
    [
        ("a/b/c", "a/+/c", True), ("a/b/c", "a/#", True), ("a", "a/#", True), ("a/b/c", "a/+", False),
        ("a/b", "a/b/c", False), ("b", "#", True), ("a/b", "+/+", True), ("a//b", "a/+/b", True),
    ],
)  # fmt: skip
def test_filters(topic: str, pattern: str, fits: bool) -> None:
    assert matches(topic, pattern) is fits and is_filter(pattern)


def test_what_is_no_filter() -> None:
    assert not any(is_filter(f) for f in ("", "a/#/b", "a+/b", "a/b#", "a\0"))
    assert all(is_filter(f) for f in KNOWN)
