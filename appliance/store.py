"""What must survive a power cut and is not the person's file: volume and mute of each room.

One small JSON file, replaced whole (written aside, flushed, renamed): after a cut it holds the old state or the new one,
never half of one. A file that cannot be read is set aside and the defaults apply: a box must start.
"""

from __future__ import annotations

import contextlib
import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from appliance.errors import InputError


@dataclass(frozen=True, slots=True)
class RoomState:
    """The state of one room."""

    volume_percent: int = 70
    muted: bool = False


class Store:
    """The state file of the box. `folder` None keeps everything in memory (one-shot commands)."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / "state.json" if folder else None
        self._rooms: dict[str, RoomState] = {}
        if self._path and self._path.exists():
            try:
                data = json.loads(self._path.read_text("utf-8"))
                self._rooms = {name: _room(state) for name, state in data["rooms"].items()}
            except (OSError, ValueError, KeyError, TypeError, AttributeError):
                with contextlib.suppress(OSError):
                    self._path.replace(self._path.with_suffix(".broken"))

    def room(self, name: str) -> RoomState:
        """Return the state of a room, the defaults for a new one."""
        return self._rooms.get(name, RoomState())

    def change(self, name: str, **values: Any) -> RoomState:
        """Change fields of a room's state and write it down.

        Raises InputError where the disk refuses; the new state then holds until the box ends.
        """
        self._rooms[name] = replace(self.room(name), **values)
        if self._path:
            try:
                self._write(self._path)
            except OSError as error:
                raise InputError("state-not-written", stage="store", path=self._path, detail=error) from error
        return self._rooms[name]

    def _write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".new")
        with aside.open("w", encoding="utf-8") as file:
            json.dump({"rooms": {name: asdict(state) for name, state in self._rooms.items()}}, file)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)


def _room(state: dict[str, Any]) -> RoomState:
    return RoomState(max(0, min(100, int(state["volume_percent"]))), bool(state["muted"]))
