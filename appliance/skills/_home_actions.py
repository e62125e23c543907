"""What is to be done for a sentence: the services, their data, and the domains that have them. Home Assistant's meanings:
to turn a cover on opens it, and to turn a lock on locks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import isfinite

from appliance.actions import Action, Value
from appliance.folding import without_accents
from appliance.home import State, Thing
from appliance.levels import COSTLY, level
from appliance.messages import catalogue, text
from appliance.skills import Situation
from appliance.skills._home_words import celsius
from appliance.spoken_names import with_article

ON = {
    "cover": "open_cover", "valve": "open_valve", "lock": "lock", "button": "press", "vacuum": "start",
    "lawn_mower": "start_mowing",
}  # fmt: skip
OFF = {
    "cover": "close_cover", "valve": "close_valve", "lock": "unlock", "vacuum": "return_to_base", "lawn_mower": "dock",
}  # fmt: skip
KEPT_ON = re.compile(
    r"frigo|refrigerat|congelat|fridge|freezer|\b(box|internet|wifi|routeur|router|modem|serveur|server|nas|reseau|network)\b"
    r"|chauff|chaudiere|boiler|heater|heating|pompe|pump|\bvmc\b|ventilation|aquarium|alarme?\b|camera|vanne|valve"
    r"|\b(grillon|domotique|home assistant)\b"
)
"""In the name of a switch: what is meant to stay on where "everything" is turned off."""
POWERED = ("light", "switch", "fan", "media_player", "climate")
NAMED_BY = {
    "cover": ("cover",), "cover_device_class": ("cover",), "valve": ("valve",), "lock": ("lock",), "scene": ("scene",),
    "script": ("script",), "button": ("button",), "default": POWERED,
    "everything": ("light", "switch", "media_player"),
}  # fmt: skip
"""home-assistant-intents' response -> the domains that such a sentence can mean: "éteins" never unlocks."""
ACTABLE = (*POWERED, "cover", "valve", "lock", "script", "vacuum", "lawn_mower")
VOLUME_STEP_PERCENT = 10
NEEDED = {
    "HassLightSet": ("brightness", "temperature"), "HassSetPosition": ("position",), "HassFanSetSpeed": ("percentage",),
    "HassClimateSetTemperature": ("temperature",), "HassSetVolume": ("volume_level",),
}  # fmt: skip
"""Slots of which one must be a number."""

Data = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Deed:
    """What to do with each thing that is meant."""

    domains: tuple[str, ...]
    service: Callable[[Thing], str]
    data: Data = field(default_factory=dict)
    feature: str = ""
    """What a thing must be capable of, where any says what it is capable of."""
    wanted: tuple[str, ...] = ()
    """States in which a thing is the likeliest to be meant, where none is named."""
    value: str = ""
    """What is told of the data."""
    everything: bool = False
    """Whether "everything" was said: what must stay on, or needs to be confirmed, is to be named."""

    def chosen(self, things: Sequence[Thing], state: Callable[[str], State], *, named: bool) -> list[Thing]:
        """Return those of the things that can do it and are likely meant."""
        if self.everything:
            things = [thing for thing in things if not self._is_spared(thing)]
        capable = [thing for thing in things if not self.feature or self.feature in thing.features] or list(things)
        likely = [thing for thing in capable if not named and state(thing.id).value in self.wanted]
        return likely or capable

    def _is_spared(self, thing: Thing) -> bool:
        kept = thing.domain == "switch" and KEPT_ON.search(without_accents(thing.name.lower()))
        return bool(kept) or level(self.action(thing), thing, {}) >= COSTLY

    def action(self, thing: Thing) -> Action:
        """Return what to do with one thing."""
        return Action(thing.domain, self.service(thing), thing.id, self.data)


def deed(intent: str, slots: dict[str, object], situation: Situation) -> Deed:
    """Return what an intent wants done."""
    if intent in SIMPLE:
        domain, service, data, wanted = SIMPLE[intent]
        return Deed((domain,), lambda _: service, data, wanted=wanted)
    return COMPOSED[intent](slots, situation)


def _turn_on(slots: dict[str, object], situation: Situation) -> Deed:
    response = str(slots.get("response", ""))
    domains = NAMED_BY.get(response, (*ACTABLE, "scene", "button"))
    return Deed(domains, lambda thing: ON.get(thing.domain, "turn_on"), everything=response == "everything")


def _turn_off(slots: dict[str, object], situation: Situation) -> Deed:
    response = str(slots.get("response", ""))
    domains = NAMED_BY.get(response, ACTABLE)
    return Deed(domains, lambda thing: OFF.get(thing.domain, "turn_off"), everything=response == "everything")


def _light(slots: dict[str, object], situation: Situation) -> Deed:
    language = situation.language
    if slots.get("color"):
        color = str(slots["color"])
        key = f"home-color-{color}"
        said = text("home-in-color", language, color=text(key, language) if key in catalogue() else color)
        return _set("light", "turn_on", "color", color, said, "color")
    if is_number(slots.get("temperature")):
        kelvin = _whole(slots["temperature"])
        said = text("home-kelvins", language, value=kelvin)
        return _set("light", "turn_on", "color_temperature_kelvin", kelvin, said, "color_temperature")
    return _percent("light", "turn_on", "brightness_percent", slots.get("brightness"), "brightness")


def _position(slots: dict[str, object], situation: Situation) -> Deed:
    percent = _whole(slots.get("position"))
    return Deed(
        ("cover", "valve"),
        lambda thing: f"set_{thing.domain}_position",
        {"position": percent},
        "position",
        value=f"{percent} %",
    )


def _fan(slots: dict[str, object], situation: Situation) -> Deed:
    return _percent("fan", "set_percentage", "percentage", slots.get("percentage"), "percentage")


def _temperature(slots: dict[str, object], situation: Situation) -> Deed:
    degrees = float(str(slots["temperature"]))
    return _set("climate", "set_temperature", "temperature", degrees, celsius(degrees, situation.language))


def _fan_mode(slots: dict[str, object], situation: Situation) -> Deed:
    mode = str(slots.get("fan_mode", ""))
    return _set("climate", "set_fan_mode", "fan_mode", mode, mode)


def _volume(slots: dict[str, object], situation: Situation) -> Deed:
    return _percent("media_player", "volume_set", "volume_percent", slots.get("volume_level"))


def _clean(slots: dict[str, object], situation: Situation) -> Deed:
    area = str(slots.get("area") or situation.area)
    return _set("vacuum", "clean_area", "area", area, with_article(area, situation.language))


def _percent(domain: str, service: str, key: str, value: object, feature: str = "") -> Deed:
    percent = max(0, min(100, _whole(value)))
    return _set(domain, service, key, percent, f"{percent} %", feature)


def _set(domain: str, service: str, key: str, value: Value, said: str, feature: str = "") -> Deed:
    return Deed((domain,), lambda _: service, {key: value}, feature, value=said)


def is_number(value: object) -> bool:
    """Tell whether a value is a finite number, or is written as one."""
    try:
        return isfinite(float(str(value)))
    except ValueError:
        return False


def lacks_value(intent: str, slots: dict[str, object]) -> bool:
    """Tell whether an intent needs a number or a color that its slots do not have: a model may forget it."""
    if intent == "HassLightSet" and slots.get("color"):
        return False
    needed = NEEDED.get(intent, ())
    return bool(needed) and not any(is_number(slots.get(slot)) for slot in needed)


def _whole(value: object) -> int:
    return round(float(str(value)))


def volume_now(state: State) -> float | None:
    """Return how loud a player is, in percent; None where it did not say."""
    if is_number(state.attributes.get("volume_percent")):
        return float(state.attributes["volume_percent"])
    return 100 * float(state.attributes["volume_level"]) if is_number(state.attributes.get("volume_level")) else None


def volume_change(slots: dict[str, object]) -> int:
    """Return by how many percent the volume changes."""
    step = slots.get("volume_step", "up")
    if is_number(step):
        return _whole(step)
    return -VOLUME_STEP_PERCENT if step == "down" else VOLUME_STEP_PERCENT


SIMPLE: dict[str, tuple[str, str, Data, tuple[str, ...]]] = {
    "HassMediaPause": ("media_player", "media_pause", {}, ("playing",)),
    "HassMediaUnpause": ("media_player", "media_play", {}, ("paused",)),
    "HassMediaNext": ("media_player", "media_next_track", {}, ("playing", "paused")),
    "HassMediaPrevious": ("media_player", "media_previous_track", {}, ("playing", "paused")),
    "HassMediaPlayerMute": ("media_player", "volume_mute", {"muted": True}, ("playing",)),
    "HassMediaPlayerUnmute": ("media_player", "volume_mute", {"muted": False}, ("playing",)),
    "HassStopMoving": ("cover", "stop_cover", {}, ("opening", "closing")),
    "HassVacuumStart": ("vacuum", "start", {}, ()),
    "HassVacuumReturnToBase": ("vacuum", "return_to_base", {}, ()),
    "HassLawnMowerStartMowing": ("lawn_mower", "start_mowing", {}, ()),
    "HassLawnMowerDock": ("lawn_mower", "dock", {}, ()),
}
COMPOSED: dict[str, Callable[[dict[str, object], Situation], Deed]] = {
    "HassTurnOn": _turn_on,
    "HassTurnOff": _turn_off,
    "HassLightSet": _light,
    "HassSetPosition": _position,
    "HassFanSetSpeed": _fan,
    "HassClimateSetTemperature": _temperature,
    "HassClimateSetFanMode": _fan_mode,
    "HassSetVolume": _volume,
    "HassVacuumCleanArea": _clean,
}
