"""Heating and fans: what is set to a temperature or a speed.

Sources: https://www.home-assistant.io/integrations/climate.mqtt/ and https://www.home-assistant.io/integrations/fan.mqtt/
"""

from __future__ import annotations

import math

from appliance.actions import Value
from appliance.errors import InputError
from appliance.home import State
from appliance.links._kind import (
    NOTHING,
    Data,
    Draft,
    Kind,
    Publication,
    Step,
    finite,
    measured,
    percent,
    tidy,
    told,
    wanted,
)
from appliance.links._templates import fill

MODES = ("auto", "off", "cool", "heat", "dry", "fan_only", "heat_cool")
ON_MODES = ("heat_cool", "heat", "auto", "cool", "dry", "fan_only")


class Climate(Kind):
    """A thermostat. The box speaks of degrees Celsius, whatever the device counts."""

    domain = "climate"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("mode_command_topic", "temperature_command_topic", "power_command_topic", "current_temperature_topic")
        self.fahrenheit = keys.text("temperature_unit", "C").upper() == "F"
        low, high = (45, 95) if self.fahrenheit else (7, 35)
        self.least = self._celsius(keys.number("min_temp", low, -1000, 1000))
        self.most = self._celsius(keys.number("max_temp", high, -1000, 1000))
        self.modes = keys.words("modes", MODES)
        self.mode = keys.command("mode_command_topic"), keys.template("mode_command_template")
        self.temperature = keys.command("temperature_command_topic"), keys.template("temperature_command_template")
        self._listen()
        if self.temperature[0]:
            self.features.add("temperature")
            self.offer("set_temperature", self._set_temperature, "temperature")
        if self.mode[0]:
            self.features.add("mode")
            self.offer("set_hvac_mode", lambda data, state: self._set_mode(data.get("mode")), "mode")
        self._offer_power()

    def _listen(self) -> None:
        keys = self.keys
        for topic, name in (("temperature_state", "temperature"), ("current_temperature", "current_temperature")):
            template = keys.template(f"{topic}_template", "value_template")
            self.listen(keys.topic(f"{topic}_topic"), template, measured(name, lambda v: tidy(self._celsius(v))))
        modes = {mode: mode for mode in {*self.modes, *MODES}}
        template = keys.template("mode_state_template", "value_template")
        self.listen(keys.topic("mode_state_topic"), template, told(modes))

    def _offer_power(self) -> None:
        power, template = self.keys.command("power_command_topic"), self.keys.template("power_command_template")
        if power:
            on, off = (self.keys.text(f"payload_{word}", word.upper()) for word in ("on", "off"))
            self.switched(self.send(power, fill(template, on)), self.send(power, fill(template, off)))
        elif self.mode[0] and "off" in self.modes:
            mode = next((mode for mode in ON_MODES if mode in self.modes), None)
            if mode:
                self.offer("turn_on", lambda data, state: self._set_mode(mode))
            self.offer("turn_off", lambda data, state: self._set_mode("off"))

    def _celsius(self, value: float) -> float:
        return (value - 32) / 1.8 if self.fahrenheit else value

    def _set_temperature(self, data: Data, state: State) -> list[Publication]:
        celsius = wanted(data, "temperature", self.least, self.most)
        value = tidy(celsius * 1.8 + 32 if self.fahrenheit else celsius)
        topic, template = self.temperature
        return [Publication(topic, fill(template, value))]

    def _set_mode(self, mode: Value | None) -> list[Publication]:
        if mode not in self.modes:
            known = ", ".join(self.modes)
            raise InputError("thing-not-one-of", stage="home", value=str(mode)[:40], known=known)
        topic, template = self.mode
        return [Publication(topic, fill(template, mode))]

    def restoring(self, state: State) -> list[Step]:
        """Return the mode and the temperature that it has now."""
        steps: list[Step] = []
        if "mode" in self.features and state.value in self.modes:
            steps.append(("set_hvac_mode", {"mode": state.value}))
        temperature = state.attributes.get("temperature")
        if "temperature" in self.features and isinstance(temperature, int | float):
            steps.append(("set_temperature", {"temperature": temperature}))
        return steps

    def afterwards(self, service: str, data: Data, state: State) -> State:
        """Return how one that never says so stands after a service: its state is its mode."""
        after = super().afterwards(service, data, state)
        if service == "turn_on":
            return State(next((m for m in ON_MODES if m in self.modes), "auto"), after.attributes, after.available)
        return after


class Fan(Kind):
    """A fan, some with speeds; speeds are percentages here, whatever the device counts."""

    domain = "fan"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic")
        command, template = keys.command("command_topic"), keys.template("command_template")
        on, off = keys.text("payload_on", "ON"), keys.text("payload_off", "OFF")
        self.listen(
            keys.topic("state_topic"),
            keys.template("state_value_template", "value_template"),
            told({on: "on", off: "off"}),
        )
        self.low, self.high = keys.number("speed_range_min", 1, 1, 1e6), keys.number("speed_range_max", 100, 1, 1e6)
        if self.low >= self.high and keys.has("speed_range_max"):
            raise InputError("discovery-wrong-value", stage="home", key="speed_range_max")
        self.unset = keys.text("payload_reset_percentage", "None")
        self.speed = keys.command("percentage_command_topic"), keys.template("percentage_command_template")
        self.listen(
            keys.topic("percentage_state_topic"), keys.template("percentage_value_template"), self._read_percentage
        )
        switch_on, switch_off = (self.send(command, fill(template, payload)) for payload in (on, off))

        def turn_on(data: Data, state: State) -> list[Publication]:
            return switch_on({}, state) + (self._set(data, state) if "percentage" in data else [])

        if self.speed[0]:
            self.features.add("percentage")
            self.switched(turn_on, switch_off, "percentage")
            self.offer(
                "set_percentage",
                lambda data, state: self._set(data, state) if data.get("percentage") else switch_off({}, state),
                "percentage",
            )
        else:
            self.switched(switch_on, switch_off)

    def _set(self, data: Data, state: State) -> list[Publication]:
        share = wanted(data, "percentage")
        speed = math.ceil(self.low - 1 + share * (self.high - self.low + 1) / 100 - 1e-9)
        topic, template = self.speed
        return [Publication(topic, fill(template, speed))]

    def _read_percentage(self, draft: Draft, text: str) -> None:
        if text in (*NOTHING, self.unset):
            if text:
                draft.attributes.pop("percentage", None)
            return
        share = (finite(text) - self.low + 1) / (self.high - self.low + 1)
        draft.attributes["percentage"] = percent(share * 100)

    def restoring(self, state: State) -> list[Step]:
        """Return its speed, or on and off."""
        percentage = state.attributes.get("percentage")
        if state.value == "on" and "percentage" in self.features and percentage:
            return [("set_percentage", {"percentage": percentage})]
        return super().restoring(state)
