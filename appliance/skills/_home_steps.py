"""By how much: louder, brighter, warmer, from what each thing said of itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.actions import Action
from appliance.home import State, Thing
from appliance.skills import Situation
from appliance.skills._home_actions import is_number, volume_change, volume_now
from appliance.skills._home_words import celsius, listed

LIGHT_STEP_PERCENT = 20
TEMPERATURE_STEP = 1.0
DIMMEST_PERCENT = 5
"""Who dims a light does not turn it off."""


@dataclass(frozen=True, slots=True)
class Step:
    """What changes by a step, and within what."""

    domain: str
    service: str
    key: str
    now: Callable[[State, bool], float | None]
    """How a thing stands, or None where that is not known; the second argument: whether there is to be more of it."""
    change: Callable[[dict[str, object]], float]
    low: float
    high: float
    feature: str = ""

    def actions(self, things: Sequence[Thing], slots: dict[str, object], situation: Situation) -> list[Action]:
        """Return what to do with those of the things of which it is known how they stand."""
        capable = [thing for thing in things if not self.feature or self.feature in thing.features] or list(things)
        change = self.change(slots)
        actions = []
        for thing in capable:
            now = self.now(situation.home.state(thing.id), change > 0)
            if now is not None:
                value = max(self.low, min(self.high, now + change))
                actions.append(Action(self.domain, self.service, thing.id, {self.key: _tidy(value, self.domain)}))
        return actions

    def told(self, actions: Sequence[Action], language: str) -> str:
        """Return what the things are set to: "40 %", "20 % et 60 %"."""
        values = dict.fromkeys(float(str(action.data[self.key])) for action in actions)
        spoken = [celsius(v, language) if self.domain == "climate" else f"{round(v)} %" for v in values]
        return listed(spoken, language) if spoken else ""


def _tidy(value: float, domain: str) -> float | int:
    return value if domain == "climate" else round(value)


def _volume(state: State, more: bool) -> float | None:
    return volume_now(state)


def _brightness(state: State, more: bool) -> float | None:
    if state.value == "off":
        return 0 if more else None
    known = state.attributes.get("brightness_percent")
    if is_number(known):
        return float(str(known))
    return 100 if state.value == "on" and not more else None


def _target(state: State, more: bool) -> float | None:
    known = state.attributes.get("temperature")
    return float(str(known)) if is_number(known) else None


def _by(usual: float) -> Callable[[dict[str, object]], float]:
    def change(slots: dict[str, object]) -> float:
        step = float(str(slots["step"])) if is_number(slots.get("step")) else usual
        return -step if slots.get("direction") == "down" else step

    return change


STEPS = {
    "HassSetVolumeRelative": Step("media_player", "volume_set", "volume_percent", _volume, volume_change, 0, 100),
    "HassLightSetRelative": Step(
        "light", "turn_on", "brightness_percent", _brightness, _by(LIGHT_STEP_PERCENT), DIMMEST_PERCENT, 100, "brightness"
    ),
    "HassClimateSetTemperatureRelative": Step(
        "climate", "set_temperature", "temperature", _target, _by(TEMPERATURE_STEP), 0, 100
    ),
}  # fmt: skip
