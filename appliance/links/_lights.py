"""Lights, by the three schemas of discovery: default (a topic a property), json, and template.

Source: https://www.home-assistant.io/integrations/light.mqtt/
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from appliance.actions import Value
from appliance.errors import InputError
from appliance.home import State
from appliance.links import _colors
from appliance.links._keys import Keys
from appliance.links._kind import Data, Draft, Kind, Publication, Step, finite, measured, percent, told, wanted
from appliance.links._templates import Template, fill

COLOR_MODES = ("rgb", "hs", "xy", "rgbw", "rgbww")
COLDEST_KELVIN, WARMEST_KELVIN = 10_000, 1_000


def light(keys: Keys) -> Kind:
    """Return the light of the schema that the keys name. Raises InputError."""
    schemas: dict[str, Callable[[Keys], Kind]] = {
        "default": Light,
        "basic": Light,
        "json": JsonLight,
        "template": TemplateLight,
    }
    schema = keys.text("schema", "default")
    if schema not in schemas:
        raise InputError("discovery-wrong-value", stage="home", key="schema")
    return schemas[schema](keys)


class _AnyLight(Kind):
    domain = "light"

    def __init__(self, keys: Keys) -> None:
        self.in_kelvin = keys.flag("color_temp_kelvin")
        super().__init__(keys)

    def restoring(self, state: State) -> list[Step]:
        if state.value != "on":
            return super().restoring(state)
        held = state.attributes
        data: dict[str, Value] = {}
        if "brightness" in self.features and held.get("brightness_percent"):
            data["brightness_percent"] = held["brightness_percent"]
        for feature, key in (("color", "color"), ("color_temperature", "color_temperature_kelvin")):
            if feature in self.features and key in held:
                data[key] = held[key]
                break
        return [("turn_on", data)]

    def offered(self, on: Callable[[Data, State], list[Publication]], off: list[Publication]) -> None:
        """Offer what every light can, with the data that this one takes."""
        takes = {"brightness": "brightness_percent", "color": "color", "color_temperature": "color_temperature_kelvin"}
        self.switched(on, lambda data, state: off, *(takes[f] for f in sorted(self.features)))

    def warmth(self, kelvin: float) -> int:
        """Return a colour temperature as this light counts it."""
        return round(kelvin if self.in_kelvin else 1_000_000 / kelvin)

    def kelvin(self, value: float) -> int:
        """Return what a light's colour temperature is in kelvin. Raises ValueError."""
        if value <= 0:
            raise ValueError
        return round(value if self.in_kelvin else 1_000_000 / value)

    def set_color(self, draft: Draft, parts: _colors.Rgb) -> None:
        """Note a colour, which takes the place of a colour temperature."""
        draft.attributes.pop("color_temperature_kelvin", None)
        draft.attributes["color"] = _colors.name(parts)

    def set_warmth(self, draft: Draft, text: str) -> None:
        """Note a colour temperature, which takes the place of a colour."""
        draft.attributes["color_temperature_kelvin"] = self.kelvin(finite(text))
        draft.attributes.pop("color", None)


def _kelvin(data: Data) -> float:
    return wanted(data, "color_temperature_kelvin", WARMEST_KELVIN, COLDEST_KELVIN)


class Light(_AnyLight):
    """The default schema."""

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic")
        command = keys.command("command_topic")
        on, off = keys.text("payload_on", "ON"), keys.text("payload_off", "OFF")
        self.listen(
            keys.topic("state_topic"),
            keys.template("state_value_template", "value_template"),
            told({on: "on", off: "off"}),
        )
        self.order = keys.text("on_command_type", "last")
        self.switch_on = Publication(command, on)
        self.scale = keys.number("brightness_scale", 255, 1, 1e6)
        self.brightness = keys.command("brightness_command_topic"), keys.template("brightness_command_template")
        self.listen(
            keys.topic("brightness_state_topic"),
            keys.template("brightness_value_template"),
            measured("brightness_percent", lambda v: percent(v / self.scale * 100)),
        )
        self.colored = [
            (kind, topic, keys.template(f"{kind}_command_template"))
            for kind in ("rgb", "hs", "xy")
            if (topic := keys.command(f"{kind}_command_topic"))
        ]
        for kind in ("xy", "hs", "rgb"):
            self.listen(
                keys.topic(f"{kind}_state_topic"), keys.template(f"{kind}_value_template"), self._color_reader(kind)
            )
        self.warm = keys.command("color_temp_command_topic"), keys.template("color_temp_command_template")
        self.listen(keys.topic("color_temp_state_topic"), keys.template("color_temp_value_template"), self.set_warmth)
        self.features |= {"brightness"} if self.brightness[0] else set()
        self.features |= {"color"} if self.colored else set()
        self.features |= {"color_temperature"} if self.warm[0] else set()
        self.offered(self._on, [Publication(command, off)])

    def _on(self, data: Data, state: State) -> list[Publication]:
        styles = []
        if "color" in data:
            kind, topic, template = self.colored[0]
            styles.append(Publication(topic, _color_text(kind, template, _colors.rgb(data["color"]))))
        if "color_temperature_kelvin" in data:
            topic, template = self.warm
            styles.append(Publication(topic, fill(template, self.warmth(_kelvin(data)))))
        share = wanted(data, "brightness_percent") if "brightness_percent" in data else None
        if share is None and self.order == "brightness":
            held = state.attributes.get("brightness_percent")
            share = float(held) if isinstance(held, int | float) and held else 100
        if share is not None and self.brightness[0]:
            level = max(round(share / 100 * self.scale), 1 if share else 0)
            styles.append(Publication(self.brightness[0], fill(self.brightness[1], level)))
        if self.order == "brightness" and self.brightness[0]:
            return styles
        return [self.switch_on, *styles] if self.order == "first" else [*styles, self.switch_on]

    def _color_reader(self, kind: str) -> Callable[[Draft, str], None]:
        def apply(draft: Draft, text: str) -> None:
            parts = [finite(part) for part in text.split(",")]
            if kind == "rgb":
                r, g, b = (round(min(max(part, 0), 255)) for part in parts)
                self.set_color(draft, (r, g, b))
            else:
                a, b2 = parts
                self.set_color(draft, (_colors.from_hs if kind == "hs" else _colors.from_xy)(a, b2))

        return apply


def _color_text(kind: str, template: Template | None, parts: _colors.Rgb) -> str:
    if kind == "rgb":
        red, green, blue = parts
        return fill(template, f"{red},{green},{blue}", red=red, green=green, blue=blue)
    a, b = _colors.hs(parts) if kind == "hs" else _colors.xy(parts)
    names = {"hue": a, "sat": b} if kind == "hs" else {"x": a, "y": b}
    return fill(template, f"{a},{b}", **names)


class JsonLight(_AnyLight):
    """The JSON schema: one topic each way, a JSON object with all properties."""

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic")
        command = keys.command("command_topic")
        legacy = tuple(k for k in ("rgb", "hs", "xy", "color_temp") if keys.has(k) and keys.flag(k))
        modes = keys.words("supported_color_modes", legacy)
        self.scale = keys.number("brightness_scale", 255, 1, 1e6)
        self.color_mode = next((mode for mode in COLOR_MODES if mode in modes), "")
        if set(modes) - {"onoff"} or (keys.has("brightness") and keys.flag("brightness")):
            self.features.add("brightness")
        self.features |= {"color"} if self.color_mode else set()
        self.features |= {"color_temperature"} if "color_temp" in modes else set()
        self.listen(keys.topic("state_topic"), None, self._read_state)
        self.command = command
        self.offered(self._on, [Publication(command, json.dumps({"state": "OFF"}))])

    def _on(self, data: Data, state: State) -> list[Publication]:
        message: dict[str, Any] = {"state": "ON"}
        if "brightness_percent" in data:
            share = wanted(data, "brightness_percent")
            message["brightness"] = max(round(share / 100 * self.scale), 1 if share else 0)
        if "color" in data:
            message["color"] = self._color(_colors.rgb(data["color"]))
        if "color_temperature_kelvin" in data:
            message["color_temp"] = self.warmth(_kelvin(data))
        return [Publication(self.command, json.dumps(message))]

    def _color(self, parts: _colors.Rgb) -> dict[str, float]:
        if self.color_mode == "hs":
            return dict(zip("hs", _colors.hs(parts), strict=True))
        if self.color_mode == "xy":
            return dict(zip("xy", _colors.xy(parts), strict=True))
        white: dict[str, dict[str, float]] = {"rgb": {}, "rgbw": {"w": 0}, "rgbww": {"c": 0, "w": 0}}
        return {**dict(zip("rgb", parts, strict=True)), **white[self.color_mode]}

    def _read_state(self, draft: Draft, text: str) -> None:
        said = json.loads(text)
        if "state" in said:
            draft.value = {"ON": "on", "OFF": "off"}.get(said["state"], "" if said["state"] is None else draft.value)
        if said.get("brightness") is not None:
            draft.attributes["brightness_percent"] = percent(finite(said["brightness"]) / self.scale * 100)
        mode = said.get("color_mode")
        if isinstance(said.get("color"), dict) and mode in (None, *COLOR_MODES):
            self._read_color(draft, said["color"])
        if said.get("color_temp") is not None and mode in (None, "color_temp"):
            self.set_warmth(draft, said["color_temp"])

    def _read_color(self, draft: Draft, color: dict[str, Any]) -> None:
        if {"r", "g", "b"} <= color.keys():
            r, g, b = (round(min(max(finite(color[key]), 0), 255)) for key in "rgb")
            self.set_color(draft, (r, g, b))
        elif {"x", "y"} <= color.keys():
            self.set_color(draft, _colors.from_xy(finite(color["x"]), finite(color["y"])))
        elif {"h", "s"} <= color.keys():
            self.set_color(draft, _colors.from_hs(finite(color["h"]), finite(color["s"])))


class TemplateLight(_AnyLight):
    """The template schema: one topic each way, whose payloads are made and read by templates."""

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic")
        self.command = keys.command("command_topic")
        keys.need("command_on_template")
        keys.need("command_off_template")
        self.on, off = keys.template("command_on_template"), keys.template("command_off_template")
        topic = keys.topic("state_topic")
        self.listen(topic, keys.template("state_template"), told({"on": "on", "off": "off"}))
        if keys.has("brightness_template"):
            self.features.add("brightness")
            brightness = measured("brightness_percent", lambda v: percent(v / 255 * 100))
            self.listen(topic, keys.template("brightness_template"), brightness)
        parts = [keys.template(f"{part}_template") for part in ("red", "green", "blue")]
        if all(parts):
            self.features.add("color")
            self.parts = [part for part in parts if part]
            self.listen(topic, None, self._read_color)
        if keys.has("color_temp_template"):
            self.features.add("color_temperature")
            self.listen(topic, keys.template("color_temp_template"), self.set_warmth)
        self.offered(self._on, [Publication(self.command, fill(off, "off", state="off"))])

    def _read_color(self, draft: Draft, payload: str) -> None:
        r, g, b = (round(min(max(finite(part.read(payload)), 0), 255)) for part in self.parts)
        self.set_color(draft, (r, g, b))

    def _on(self, data: Data, state: State) -> list[Publication]:
        names: dict[str, Any] = {"state": "on"}
        if "brightness_percent" in data:
            names["brightness"] = round(wanted(data, "brightness_percent") * 255 / 100)
        if "color" in data:
            parts = _colors.rgb(data["color"])
            names |= dict(zip(("red", "green", "blue"), parts, strict=True))
            names |= dict(zip(("hue", "sat"), _colors.hs(parts), strict=True))
        if "color_temperature_kelvin" in data:
            names["color_temp"] = self.warmth(_kelvin(data))
        return [Publication(self.command, fill(self.on, "on", **names))]
