"""Covers and locks.

Sources: https://www.home-assistant.io/integrations/cover.mqtt/ and https://www.home-assistant.io/integrations/lock.mqtt/
"""

from __future__ import annotations

from appliance.errors import InputError
from appliance.home import State
from appliance.links._kind import NOTHING, Data, Draft, Kind, Publication, Step, finite, percent, told, wanted
from appliance.links._templates import fill


class Cover(Kind):
    """Shutters, blinds, gates: opened, closed, stopped, and some brought to a position."""

    domain = "cover"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic", "set_position_topic")
        self.open_at = keys.number("position_open", 100, -1e6, 1e6)
        self.closed_at = keys.number("position_closed", 0, -1e6, 1e6)
        if self.open_at == self.closed_at:
            raise InputError("discovery-wrong-value", stage="home", key="position_open")
        command = keys.command("command_topic")
        self.place = keys.command("set_position_topic"), keys.template("set_position_template")
        if self.place[0]:
            self.features.add("position")
            self.offer("set_cover_position", lambda data, state: self._to(wanted(data, "position")), "position")
        self._offer_moves(command)
        self._listen()

    def _offer_moves(self, command: str) -> None:
        for service, key, word, position in (
            ("open_cover", "payload_open", "OPEN", 100),
            ("close_cover", "payload_close", "CLOSE", 0),
            ("stop_cover", "payload_stop", "STOP", None),
        ):
            payload = self.keys.text(key, word)
            if command and payload:
                self.offer(service, self.send(command, payload))
            elif position is not None and self.place[0]:
                self.offer(service, lambda data, state, position=position: self._to(position))  # type: ignore[misc]
        if {"open_cover", "close_cover"} <= self.services.keys():
            self.offer("toggle", self._toggle)

    def _listen(self) -> None:
        keys = self.keys
        words = {
            keys.text("state_opening", "opening"): "opening",
            keys.text("state_closing", "closing"): "closing",
            keys.text("state_stopped", "stopped"): "stopped",
            keys.text("state_open", "open"): "open",
            keys.text("state_closed", "closed"): "closed",
        }
        self.reports_state = bool(keys.topic("state_topic"))
        moving = told(words)

        def apply(draft: Draft, text: str) -> None:
            before = draft.value
            moving(draft, text)
            position = draft.attributes.get("position")
            if draft.value in ("stopped", "open") and isinstance(position, int | float):
                draft.value = "open" if position > 0 else "closed"
            elif draft.value == "stopped":
                draft.value = {"opening": "open", "closing": "closed"}.get(before, before)

        # The position first: where one message has both, the state is then read by the new position.
        self.listen(keys.topic("position_topic"), keys.template("position_template", "value_template"), self._position)
        self.listen(keys.topic("state_topic"), keys.template("value_template"), apply)

    def _position(self, draft: Draft, text: str) -> None:
        if text in NOTHING:
            return
        share = (finite(text) - self.closed_at) / (self.open_at - self.closed_at)
        draft.attributes["position"] = percent(share * 100)
        if not self.reports_state or draft.value in ("", "open", "closed"):
            draft.value = "open" if percent(share * 100) > 0 else "closed"

    def _to(self, position: float) -> list[Publication]:
        topic, template = self.place
        place = round(self.closed_at + (self.open_at - self.closed_at) * position / 100)
        return [Publication(topic, fill(template, place, position=place))]

    def _toggle(self, data: Data, state: State) -> list[Publication]:
        shut = state.value in ("closed", "closing")
        return self.services["open_cover" if shut else "close_cover"]({}, state)

    def restoring(self, state: State) -> list[Step]:
        """Return what brings it back to its position, or to open or closed."""
        position = state.attributes.get("position")
        if "position" in self.features and isinstance(position, int | float) and 0 < position < 100:
            return [("set_cover_position", {"position": position})]
        service = {"open": "open_cover", "closed": "close_cover"}.get(state.value)
        return [(service, {})] if service in self.services else []


class Lock(Kind):
    """Locks. One that wants a code is refused: the box keeps none."""

    domain = "lock"

    def read(self) -> None:
        """Read the keys."""
        keys = self.keys
        keys.need("command_topic")
        if keys.has("code_format"):
            raise InputError("discovery-wants-code", stage="home")
        command, template = keys.command("command_topic"), keys.template("command_template")
        for service, key, word in (("lock", "payload_lock", "LOCK"), ("unlock", "payload_unlock", "UNLOCK")):
            self.offer(service, self.send(command, fill(template, keys.text(key, word))))
        words = {
            keys.text("state_jammed", "JAMMED"): "jammed",
            keys.text("state_locking", "LOCKING"): "locking",
            keys.text("state_unlocking", "UNLOCKING"): "unlocking",
            keys.text("state_locked", "LOCKED"): "locked",
            keys.text("state_unlocked", "UNLOCKED"): "unlocked",
        }
        self.listen(keys.topic("state_topic"), keys.template("value_template"), told(words))
