"""What a room is doing, kept from the events: for whoever asks in between two of them.

What no event has told yet is None ("not known yet"), never a guess.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from appliance import events
from appliance.events import Event


class Rooms:
    """The newest state of every room."""

    def __init__(self, names: Iterable[str]) -> None:
        unknown = {"state": "asleep", "muted": None, "volume": None, "microphone": None}
        self.now: dict[str, dict[str, Any]] = {name: dict(unknown) for name in names}
        """Room -> state (asleep, listening, thinking, speaking), muted, volume (0 to 100), microphone (delivers)."""

    def follow(self, event: Event) -> bool:
        """Take an event in; tell whether it changed a room's state."""
        match event:
            case events.StateChanged():
                change: dict[str, Any] = {"state": event.state}
            case events.MuteChanged():
                change = {"muted": event.muted}
            case events.VolumeChanged():
                change = {"volume": event.percent}
            case events.MicrophoneLost() | events.MicrophoneFound():
                change = {"microphone": isinstance(event, events.MicrophoneFound)}
            case _:
                return False
        room = self.now.get(event.room)
        if room is None or room | change == room:
            return False
        room.update(change)
        return True
