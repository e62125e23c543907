"""Discovery payloads as zigbee2mqtt, Tasmota and ESPHome publish them, and a home that hears them without a broker."""

from __future__ import annotations

import json
from typing import Any

from appliance import events
from appliance.events import Event
from appliance.home import Area, Home
from appliance.links._registry import Registry
from appliance.links._topics import KNOWN

Z2M_LIGHT: dict[str, Any] = {
    "availability": [{"topic": "zigbee2mqtt/bridge/state", "value_template": "{{ value_json.state }}"}],
    "availability_mode": "all",
    "brightness": True,
    "brightness_scale": 254,
    "command_topic": "zigbee2mqtt/Lampe salon/set",
    "device": {
        "identifiers": ["zigbee2mqtt_0x0017880103d2c1a5"],
        "manufacturer": "Philips",
        "model": "Hue white and color",
        "name": "Lampe salon",
        "via_device": "zigbee2mqtt_bridge_0x00124b0022813c3b",
    },
    "effect": True,
    "effect_list": ["blink", "breathe", "okay"],
    "max_mireds": 500,
    "min_mireds": 153,
    "name": None,
    "object_id": "lampe_salon",
    "origin": {"name": "Zigbee2MQTT", "sw": "2.1.0", "url": "https://www.zigbee2mqtt.io"},
    "schema": "json",
    "state_topic": "zigbee2mqtt/Lampe salon",
    "supported_color_modes": ["xy", "color_temp"],
    "unique_id": "0x0017880103d2c1a5_light_zigbee2mqtt",
}
Z2M_COVER: dict[str, Any] = {
    "command_topic": "zigbee2mqtt/salon/volets/set",
    "device": {"identifiers": ["zigbee2mqtt_0x1"], "name": "Volets du salon", "suggested_area": "salon"},
    "name": None,
    "position_template": "{{ value_json.position }}",
    "position_topic": "zigbee2mqtt/salon/volets",
    "set_position_template": '{ "position": {{ position }} }',
    "set_position_topic": "zigbee2mqtt/salon/volets/set",
    "state_closing": "DOWN",
    "state_opening": "UP",
    "state_stopped": "STOP",
    "state_topic": "zigbee2mqtt/salon/volets",
    "value_template": '{% if "moving" in value_json and value_json.moving %} {{ value_json.moving }}{% else %}STOP {% endif %}',
    "unique_id": "0x1_cover_zigbee2mqtt",
}
TASMOTA_LIGHT: dict[str, Any] = {
    "name": "Tasmota",
    "cmd_t": "cmnd/tasmota_B1/POWER",
    "stat_t": "tele/tasmota_B1/STATE",
    "val_tpl": "{{value_json.POWER}}",
    "pl_off": "OFF",
    "pl_on": "ON",
    "avty_t": "tele/tasmota_B1/LWT",
    "pl_avail": "Online",
    "pl_not_avail": "Offline",
    "uniq_id": "869AB1_LI_1",
    "dev": {"ids": ["869AB1"], "name": "Tasmota", "mdl": "Sonoff B1", "sw": "8.1.0(sonoff)", "mf": "Tasmota"},
    "bri_cmd_t": "cmnd/tasmota_B1/Dimmer",
    "bri_stat_t": "tele/tasmota_B1/STATE",
    "bri_scl": 100,
    "on_cmd_type": "brightness",
    "bri_val_tpl": "{{value_json.Dimmer}}",
    "rgb_cmd_t": "cmnd/tasmota_B1/Color2",
    "rgb_stat_t": "tele/tasmota_B1/STATE",
    "rgb_val_tpl": "{{value_json.Color.split(',')[0:3]|join(',')}}",
    "clr_temp_cmd_t": "cmnd/tasmota_B1/CT",
    "clr_temp_stat_t": "tele/tasmota_B1/STATE",
    "clr_temp_val_tpl": "{{value_json.CT}}",
}
ESPHOME_FAN: dict[str, Any] = {
    "pct_cmd_t": "chambre/fan/ventilateur/speed_level/command",
    "pct_stat_t": "chambre/fan/ventilateur/speed_level/state",
    "spd_rng_max": 4,
    "name": "Ventilateur",
    "stat_t": "chambre/fan/ventilateur/state",
    "cmd_t": "chambre/fan/ventilateur/command",
    "avty_t": "chambre/status",
    "uniq_id": "ESPfanventilateur",
    "dev": {
        "ids": "a4cf12f03246",
        "name": "Chambre",
        "sw": "esphome v2024.6.1",
        "mdl": "nodemcuv2",
        "mf": "espressif",
        "sa": "Chambre",
    },
}
DEVICE: dict[str, Any] = {
    "dev": {"ids": "ea334450945afc", "name": "Cuisine", "mf": "Bla", "sa": "Cuisine"},
    "o": {"name": "bla2mqtt", "sw": "2.1", "url": "https://bla2mqtt.example.com/support"},
    "~": "zigbee2mqtt/cuisine",
    "avty": [{"t": "~/availability", "pl_avail": "oui", "pl_not_avail": "non"}],
    "cmps": {
        "plan": {"p": "light", "name": "Plan de travail", "cmd_t": "~/set/plan", "stat_t": "~/plan", "uniq_id": "k1"},
        "chaleur": {
            "p": "sensor",
            "dev_cla": "temperature",
            "unit_of_meas": "°C",
            "val_tpl": "{{ value_json.temperature | round(1) }}",
            "stat_t": "~/sensor",
            "uniq_id": "k2",
        },
        "lien": {"p": "sensor", "stat_t": "~/x", "ent_cat": "diagnostic"},
        "mise_a_jour": {"p": "update", "stat_t": "~/y"},
    },
}


class Bus:
    """A home, and all that was told of it."""

    def __init__(self, **options: Any) -> None:
        self.home = Home(areas=[Area("Salon"), Area("Bureau", aliases=("Cabinet",))])
        self.events: list[Event] = []
        self.now = 0.0
        self.registry = Registry(
            self.home, "fr", self.events.append, options.pop("filters", KNOWN), clock=lambda: self.now, **options
        )

    def say(self, topic: str, payload: object) -> None:
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        self.registry.discover(topic, raw)

    def hear(self, topic: str, payload: object) -> None:
        self.registry.follow(topic, payload.encode() if isinstance(payload, str) else json.dumps(payload).encode())

    def seen(self, kind: type[Event]) -> list[Any]:
        return [e for e in self.events if isinstance(e, kind)]

    @property
    def reasons(self) -> list[str]:
        return [e.message for e in self.seen(events.DiscoveryRefused)]

    @property
    def names(self) -> dict[str, str]:
        return {thing.id: thing.name for thing in self.home.things.values()}
