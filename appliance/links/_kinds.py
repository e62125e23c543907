"""The kinds of things by the name of their component, and the small ones among them.

`script`, `media_player` and `weather` do not exist in MQTT discovery: the owner declares them. A `button` is a script here:
something that is started and says nothing.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Callable
from typing import Any

from appliance.home import State
from appliance.links._climate import Climate, Fan
from appliance.links._keys import Keys
from appliance.links._kind import Data, Draft, Kind, Publication, Step, measured, percent, told, wanted
from appliance.links._lights import light
from appliance.links._openings import Cover, Lock
from appliance.links._templates import fill

STATE_LIMIT = 255
VACUUM_STATES = ("cleaning", "docked", "paused", "idle", "returning", "error")


class Switch(Kind):
    """Something that is on or off."""

    domain = "switch"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic")
        command, template = keys.command("command_topic"), keys.template("command_template")
        on, off = keys.text("payload_on", "ON"), keys.text("payload_off", "OFF")
        words = {keys.text("state_on", on): "on", keys.text("state_off", off): "off"}
        self.listen(keys.topic("state_topic"), keys.template("value_template"), told(words))
        self.switched(self.send(command, fill(template, on)), self.send(command, fill(template, off)))


class Scene(Kind):
    """Something that is started and cannot be undone."""

    domain = "scene"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic")
        payload = keys.text("payload_on", keys.text("payload_press", "PRESS" if self.domain == "script" else "ON"))
        command, template = keys.command("command_topic"), keys.template("command_template")
        self.offer("turn_on", self.send(command, fill(template, payload)))

    def undoing(self, service: str, data: Data, state: State) -> list[Step] | None:
        """Return None: what a scene changed is not known."""
        return None

    def afterwards(self, service: str, data: Data, state: State) -> State:
        """Return the state as it was: it is not "on"."""
        return state


class Script(Scene):
    """A script of the owner's, or a button."""

    domain = "script"


class Sensor(Kind):
    """Something that only tells."""

    domain = "sensor"

    def read(self) -> None:
        """Read the keys."""
        self.keys.need("state_topic")

        def apply(draft: Draft, text: str) -> None:
            kept = "".join(c for c in text if unicodedata.category(c)[0] != "C")[:STATE_LIMIT]
            draft.value = "" if kept in ("None", "unknown", "unavailable") else kept

        self.listen(self.keys.topic("state_topic"), self.keys.template("value_template"), apply)


class BinarySensor(Kind):
    """Something that tells one of two things."""

    domain = "binary_sensor"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("state_topic")
        words = {keys.text("payload_on", "ON"): "on", keys.text("payload_off", "OFF"): "off"}
        self.listen(keys.topic("state_topic"), keys.template("value_template"), told(words))


class Vacuum(Kind):
    """A robot that cleans."""

    domain = "vacuum"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic")
        command = keys.command("command_topic")
        for service in keys.words("supported_features", ("start", "stop", "return_home")):
            name = "return_to_base" if service == "return_home" else service
            if name in ("start", "stop", "pause", "return_to_base"):
                self.offer(name, self.send(command, keys.text(f"payload_{name}", name)))
        self.listen(keys.topic("state_topic"), keys.template("value_template"), self._read_state)

    def _read_state(self, draft: Draft, text: str) -> None:
        said: Any = text
        if text.startswith("{"):
            found = json.loads(text)
            said = found.get("state")
            if isinstance(found.get("battery_level"), int | float):
                draft.attributes["battery_percent"] = percent(found["battery_level"])
        if said in VACUUM_STATES:
            draft.value = said

    def restoring(self, state: State) -> list[Step]:
        """Return what it was doing: cleaning or resting."""
        service = {"cleaning": "start", "docked": "return_to_base", "returning": "return_to_base"}.get(state.value)
        return [(service, {})] if service in self.services else []


class MediaPlayer(Kind):
    """Something that plays: keys of our own, since discovery has none.

    command_topic with payload_on, payload_off, payload_play, payload_pause, payload_next, payload_previous, payload_mute,
    payload_unmute; volume_command_topic (volume_scale, default 100); state_topic (playing, paused, idle, on, off) and
    volume_state_topic, each with its template.
    """

    domain = "media_player"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic", "volume_command_topic")
        command, template = keys.command("command_topic"), keys.template("command_template")
        for service, key, word in (
            ("media_play", "payload_play", "PLAY"),
            ("media_pause", "payload_pause", "PAUSE"),
            ("media_next_track", "payload_next", "NEXT"),
            ("media_previous_track", "payload_previous", "PREVIOUS"),
            ("turn_on", "payload_on", ""),
            ("turn_off", "payload_off", ""),
        ):
            payload = keys.text(key, word)
            if command and payload:
                self.offer(service, self.send(command, fill(template, payload)))
        mute, unmute = keys.text("payload_mute"), keys.text("payload_unmute")
        if command and mute and unmute:
            words = {True: fill(template, mute), False: fill(template, unmute)}
            self.offer("volume_mute", lambda d, s: [Publication(command, words[bool(d.get("muted", True))])], "muted")
        self._offer_volume()
        words_said = {word: word for word in ("playing", "paused", "idle", "on", "off", "standby")}
        self.listen(keys.topic("state_topic"), keys.template("value_template"), told(words_said))

    def _offer_volume(self) -> None:
        keys = self.keys
        topic, template = keys.command("volume_command_topic"), keys.template("volume_command_template")
        scale = keys.number("volume_scale", 100, 0.001, 1e6)

        def level(data: Data, state: State) -> list[Publication]:
            share = wanted(data, "volume_percent") / 100 * scale
            value = round(share, 3) if scale <= 1 else round(share)
            return [Publication(topic, fill(template, value, volume=value))]

        if topic:
            self.features.add("volume")
            self.offer("volume_set", level, "volume_percent")
        self.listen(
            keys.topic("volume_state_topic"),
            keys.template("volume_value_template"),
            measured("volume_percent", lambda v: percent(v / scale * 100)),
        )

    def undoing(self, service: str, data: Data, state: State) -> list[Step] | None:
        """Return the volume or the track as it was, or play and pause."""
        volume = state.attributes.get("volume_percent")
        if service == "volume_set":
            return [("volume_set", {"volume_percent": volume})] if volume is not None else None
        if service == "volume_mute":
            return [("volume_mute", {"muted": not data.get("muted", True)})]
        tracks = {"media_next_track": "media_previous_track", "media_previous_track": "media_next_track"}
        if service in tracks:
            return [(tracks[service], {})]
        return super().undoing(service, data, state)

    def restoring(self, state: State) -> list[Step]:
        """Return playing or paused, on or off."""
        service = {"playing": "media_play", "paused": "media_pause", "off": "turn_off"}.get(state.value)
        return [(service, {})] if service in self.services else []


class Weather(Sensor):
    """What the weather is, told by the owner's own station."""

    domain = "weather"


DISCOVERED: dict[str, Callable[[Keys], Kind]] = {
    "light": light,
    "switch": Switch,
    "cover": Cover,
    "lock": Lock,
    "fan": Fan,
    "climate": Climate,
    "scene": Scene,
    "button": Script,
    "sensor": Sensor,
    "binary_sensor": BinarySensor,
    "vacuum": Vacuum,
}
"""By the component of a discovery topic."""
DECLARED: dict[str, Callable[[Keys], Kind]] = {
    **{name: kind for name, kind in DISCOVERED.items() if name != "button"},
    "script": Script,
    "media_player": MediaPlayer,
    "weather": Weather,
}
"""By the domain of a thing that the owner declares."""
PASSED_OVER = frozenset(
    {
        *("alarm_control_panel", "camera", "date", "datetime", "device_automation", "device_tracker", "event"),
        *("humidifier", "image", "lawn_mower", "notify", "number", "select", "siren", "tag", "text", "time", "update"),
        *("valve", "water_heater"),
    }
)
"""Components of discovery that are no mistake, and that nobody speaks to here."""
