"""What each kind of thing is sent, how it is read, what undoes it, and what it is called."""

from __future__ import annotations

import json
from typing import Any

import pytest

from appliance.actions import Action, Value
from appliance.errors import InputError
from appliance.home import State
from appliance.links import _colors
from appliance.links._described import described
from appliance.links._keys import Keys
from appliance.links._kind import Kind
from appliance.links._kinds import DECLARED


def kind(domain: str, **config: Any) -> Kind:
    return DECLARED[domain](Keys(config))


def sent(thing: Kind, service: str, state: State = State(), **data: Value) -> list[tuple[str, Any]]:  # noqa: B008
    found = thing.act(service, data, state)
    return [(p.topic, json.loads(p.payload) if p.payload.startswith("{") else p.payload) for p in found]


def heard(thing: Kind, *said: tuple[str, object]) -> State:
    state = State()
    for topic, payload in said:
        state = thing.follow(topic, payload if isinstance(payload, str) else json.dumps(payload), state)
    return state


CLIMATE = {
    "mode_command_topic": "c/mode/set",
    "mode_state_topic": "c",
    "mode_state_template": "{{ value_json.system_mode }}",
    "temperature_command_topic": "c/temp/set",
    "temperature_state_topic": "c",
    "temperature_state_template": "{{ value_json.target }}",
    "current_temperature_topic": "c",
    "current_temperature_template": "{{ value_json.local }}",
    "modes": ["off", "heat"],
    "min_temp": 5,
    "max_temp": 30,
}


def test_a_thermostat() -> None:
    thing = kind("climate", **CLIMATE)
    state = heard(thing, ("c", {"system_mode": "heat", "target": 20.5, "local": 19.126}))
    assert state == State("heat", {"temperature": 20.5, "current_temperature": 19.13})
    assert sent(thing, "set_temperature", temperature=21) == [("c/temp/set", "21")]
    assert sent(thing, "set_hvac_mode", mode="off") == sent(thing, "turn_off") == [("c/mode/set", "off")]
    assert sent(thing, "turn_on") == [("c/mode/set", "heat")]
    back = [("set_hvac_mode", {"mode": "heat"}), ("set_temperature", {"temperature": 20.5})]
    assert thing.undoing("set_temperature", {"temperature": 25}, state) == back
    assert thing.undoing("set_temperature", {"temperature": 25}, State()) is None
    for service, data in (("set_temperature", {"temperature": 31}), ("set_hvac_mode", {"mode": "cool"})):
        with pytest.raises(InputError):
            thing.act(service, data, state)


def test_a_thermostat_that_counts_in_fahrenheit() -> None:
    thing = kind("climate", **CLIMATE | {"temperature_unit": "F", "min_temp": 41, "max_temp": 86})
    assert heard(thing, ("c", {"target": 68})).attributes == {"temperature": 20}
    assert sent(thing, "set_temperature", temperature=21.5) == [("c/temp/set", "70.7")]


def test_a_fan_with_its_own_speeds() -> None:
    thing = kind(
        "fan",
        command_topic="f/set/fan_state",
        state_topic="f",
        state_value_template="{{ value_json.fan_state }}",
        percentage_command_topic="f/set/fan_mode",
        percentage_command_template="{{ {0:'off', 1:'low', 2:'medium', 3:'high'}[value] | default('') }}",
        percentage_state_topic="f",
        percentage_value_template="{{ {'off':0, 'low':1, 'medium':2, 'high':3}[value_json.fan_mode] | default('None') }}",
        speed_range_min=1,
        speed_range_max=3,
    )
    state = heard(thing, ("f", {"fan_state": "ON", "fan_mode": "medium"}))
    assert state == State("on", {"percentage": 67})
    assert sent(thing, "set_percentage", percentage=67)[0][1] == "high"
    assert sent(thing, "set_percentage", percentage=66)[0][1] == "medium"
    assert sent(thing, "turn_on", percentage=100) == [("f/set/fan_state", "ON"), ("f/set/fan_mode", "high")]
    assert heard(thing, ("f", {"fan_mode": "auto"})) == State()
    assert thing.undoing("turn_off", {}, state) == [("set_percentage", {"percentage": 67})]


def test_a_light_of_the_default_schema() -> None:
    thing = kind(
        "light",
        command_topic="l/set",
        state_topic="l",
        brightness_command_topic="l/b/set",
        brightness_state_topic="l/b",
        rgb_command_topic="l/rgb/set",
        rgb_command_template="{{ '#' }}{{ red }}-{{ green }}-{{ blue }}",
        rgb_state_topic="l/rgb",
        color_temp_command_topic="l/ct/set",
        color_temp_state_topic="l/ct",
        on_command_type="first",
    )
    state = heard(thing, ("l", "ON"), ("l/b", "128"), ("l/ct", "250"), ("l/rgb", "0,255,0"))
    assert state == State("on", {"brightness_percent": 50, "color": "green"})
    assert heard(thing, ("l/rgb", "1,2"), ("l/b", "bright"), ("l", "?")) == State()
    assert sent(thing, "turn_on", color="#0a0b0c", brightness_percent=10) == [
        ("l/set", "ON"),
        ("l/rgb/set", "#10-11-12"),
        ("l/b/set", "26"),
    ]
    held = {"brightness_percent": 50, "color": "green"}
    assert thing.undoing("turn_off", {}, state) == [("turn_on", held)]
    assert thing.undoing("turn_on", {}, State("off")) == [("turn_off", {})]
    assert thing.undoing("turn_on", {}, State()) == [("turn_off", {})]
    assert sent(thing, "toggle", state) == [("l/set", "OFF")] and sent(thing, "toggle") == [("l/set", "ON")]


@pytest.mark.parametrize(
    ("modes", "color"),
    [
        (["rgb"], {"r": 0, "g": 0, "b": 255}),
        (["rgbw"], {"r": 0, "g": 0, "b": 255, "w": 0}),
        (["hs", "color_temp"], {"h": 240.0, "s": 100.0}),
    ],
)
def test_a_light_of_the_json_schema(modes: list[str], color: dict[str, float]) -> None:
    thing = kind("light", schema="json", command_topic="l/set", state_topic="l", supported_color_modes=modes)
    [(_, message)] = sent(thing, "turn_on", color="blue")
    assert message == {"state": "ON", "color": color}
    state = heard(thing, ("l", {"state": "ON", "color_mode": modes[0], "color": color, "brightness": None}))
    assert state == State("on", {"color": "blue"})
    assert heard(thing, ("l", {"state": None}), ("l", "[]"), ("l", "{")) == State()


def test_a_light_of_the_template_schema() -> None:
    thing = kind(
        "light",
        schema="template",
        command_topic="l/set",
        state_topic="l",
        command_on_template="on,{{ brightness|d }},{{ red|d }}-{{ green|d }}-{{ blue|d }}",
        command_off_template="off",
        state_template="{{ value.split(',')[0] }}",
        brightness_template="{{ value.split(',')[1] }}",
        red_template="{{ value.split(',')[2].split('-')[0] }}",
        green_template="{{ value.split(',')[2].split('-')[1] }}",
        blue_template="{{ value.split(',')[2].split('-')[2] }}",
    )
    assert heard(thing, ("l", "on,51,255-0-0")) == State("on", {"brightness_percent": 20, "color": "red"})
    assert sent(thing, "turn_on", brightness_percent=20) == [("l/set", "on,51,--")]
    assert sent(thing, "turn_on", color="red") == [("l/set", "on,,255-0-0")]
    assert sent(thing, "turn_off") == [("l/set", "off")]


def test_a_cover_that_counts_the_other_way() -> None:
    thing = kind("cover", set_position_topic="v/set", position_topic="v", position_open=0, position_closed=10)
    assert heard(thing, ("v", "10")) == State("closed", {"position": 0})
    assert heard(thing, ("v", "8")) == State("open", {"position": 20})
    assert sent(thing, "set_cover_position", position=20) == [("v/set", "8")]
    assert sent(thing, "open_cover") == [("v/set", "0")] and sent(thing, "close_cover") == [("v/set", "10")]
    assert "stop_cover" not in thing.services
    assert thing.undoing("open_cover", {}, State("open", {"position": 20})) == [
        ("set_cover_position", {"position": 20})
    ]


def test_a_cover_with_words_only() -> None:
    thing = kind("cover", command_topic="v/set", state_topic="v")
    assert [heard(thing, ("v", word)).value for word in ("open", "closed", "opening", "x")] == [
        "open",
        "closed",
        "opening",
        "",
    ]
    assert heard(thing, ("v", "opening"), ("v", "stopped")).value == "open"
    assert thing.undoing("close_cover", {}, State("open")) == [("open_cover", {})]
    assert thing.undoing("stop_cover", {}, State("opening")) is None


def test_a_lock() -> None:
    thing = kind("lock", command_topic="s/set", state_topic="s", command_template='{"do": "{{ value }}"}')
    assert sent(thing, "unlock") == [("s/set", {"do": "UNLOCK"})]
    assert heard(thing, ("s", "LOCKED")).value == "locked" and heard(thing, ("s", "JAMMED")).value == "jammed"
    assert thing.undoing("unlock", {}, State("locked")) == [("lock", {})]


def test_a_switch_whose_words_are_booleans() -> None:
    config = {"command_topic": "p/set", "state_topic": "p", "value_template": "{{ value_json.child }}"}
    thing = kind("switch", **config, payload_on=True, payload_off=False)
    assert heard(thing, ("p", {"child": True})).value == "on" and heard(thing, ("p", {"child": False})).value == "off"
    assert sent(thing, "turn_off") == [("p/set", "False")]


def test_sensors() -> None:
    door = {"state_topic": "d", "value_template": "{{ value_json.contact }}", "payload_on": False, "payload_off": True}
    assert heard(kind("binary_sensor", **door), ("d", {"contact": True})).value == "off"
    sensor = kind("sensor", state_topic="s")
    assert heard(sensor, ("s", "21.5\x00\u202e")).value == "21.5" and not sensor.services
    assert len(heard(sensor, ("s", "x" * 9999)).value) == 255


def test_a_vacuum() -> None:
    thing = kind("vacuum", command_topic="a/set", state_topic="a", supported_features=["start", "return_home", "stop"])
    assert heard(thing, ("a", {"state": "docked", "battery_level": 61})) == State("docked", {"battery_percent": 61})
    assert sent(thing, "return_to_base") == [("a/set", "return_to_base")]
    assert thing.undoing("start", {}, State("docked")) == [("return_to_base", {})]


def test_a_player() -> None:
    thing = kind(
        "media_player",
        command_topic="m/set",
        payload_mute="M",
        payload_unmute="U",
        volume_command_topic="m/v/set",
        volume_state_topic="m/v",
        volume_scale=1,
        state_topic="m",
    )
    state = heard(thing, ("m", "playing"), ("m/v", "0.35"))
    assert state == State("playing", {"volume_percent": 35})
    assert sent(thing, "volume_set", volume_percent=20) == [("m/v/set", "0.2")]
    assert sent(thing, "volume_mute", muted=False) == [("m/set", "U")]
    assert thing.undoing("volume_set", {"volume_percent": 9}, state) == [("volume_set", {"volume_percent": 35})]
    assert thing.undoing("media_next_track", {}, state) == [("media_previous_track", {})]
    assert thing.undoing("media_pause", {}, state) == [("media_play", {})]
    assert "turn_on" not in thing.services


def test_scenes_and_scripts_are_started_and_never_undone() -> None:
    assert sent(kind("scene", command_topic="x"), "turn_on") == [("x", "ON")]
    script = kind("script", command_topic="x", payload_press="go")
    assert sent(script, "turn_on") == [("x", "go")] and script.undoing("turn_on", {}, State()) is None
    assert script.afterwards("turn_on", {}, State()) == State()


def test_colours_come_back_as_they_went() -> None:
    for name, parts in _colors.NAMED.items():
        if name in ("black", "gray"):
            continue
        there = _colors.from_xy(*_colors.xy(parts))
        apart = abs(_colors.hs(there)[1] - _colors.hs(parts)[1])
        assert apart < 12, name
    plain = ("red", "orange", "yellow", "blue", "pink", "white", "turquoise")
    assert [_colors.name(_colors.PLAIN[name]) for name in plain] == list(plain)
    assert _colors.name((10, 20, 15)) == "#0a140f" and _colors.rgb("#0A140F") == (10, 20, 15)


@pytest.mark.parametrize(
    ("action", "name", "french", "english"),
    [
        (
            ("light", "turn_off", {}),
            "Lumière du plafond",
            "éteindre la lumière du plafond",
            "turn off the Lumière du plafond",
        ),
        (
            ("light", "turn_on", {"brightness_percent": 40, "color": "red"}),
            "Lampe",
            "allumer la lampe à 40 % en rouge",
            None,
        ),
        (("cover", "open_cover", {}), "Volets du Bureau", "ouvrir les volets du Bureau", None),
        (("cover", "set_cover_position", {"position": 30}), "Store", "mettre le store à 30 %", None),
        (("lock", "unlock", {}), "Porte d'entrée", "déverrouiller la porte d'entrée", "unlock the Porte d'entrée"),
        (("climate", "set_temperature", {"temperature": 20.5}), "Chauffage", "régler le chauffage à 20,5 degrés", None),
        (("scene", "turn_on", {}), "Cinéma", "activer Cinéma", None),
        (("script", "turn_on", {}), "Bonne nuit", "lancer Bonne nuit", "run the Bonne nuit"),
        (("media_player", "volume_mute", {"muted": False}), "Radio", "remettre le son sur la radio", None),
        (("vacuum", "return_to_base", {}), "Aspirateur", "renvoyer l'aspirateur à sa base", None),
    ],
)
def test_what_an_action_is_called(
    action: tuple[str, str, dict[str, Value]], name: str, french: str, english: str | None
) -> None:
    domain, service, data = action
    one = Action(domain, service, "x", data)
    assert described(one, name, "fr") == french
    assert english is None or described(one, name, "en") == english


def test_every_service_of_every_kind_has_its_words() -> None:
    everything = {"command_topic": "a", "set_position_topic": "b", "percentage_command_topic": "c", "state_topic": "d"}
    everything |= {"mode_command_topic": "e", "temperature_command_topic": "f", "volume_command_topic": "g"}
    everything |= {"payload_on": "1", "payload_off": "0", "payload_mute": "m", "payload_unmute": "u"}
    features: dict[str, Any] = {"supported_features": ["start", "stop", "pause", "return_home"]}
    for domain in DECLARED:
        for service in kind(domain, **everything, **features).services:
            for language in ("fr", "en"):
                assert "Lampe" in described(Action(domain, service, "x"), "Ma Lampe", language)
