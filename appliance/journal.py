"""The journal of decisions: what was wished, by which way, what it needed, what became of it.

One row a decision, in the box's database, written before what needs a decision is done. It holds what the home did and when:
it never leaves the box by itself, and `grillon journal clear` empties it. It never holds a code.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from appliance import levels
from appliance.actions import Action, Origin
from appliance.database import Database

Decision = Literal[
    "done",
    "asked",
    "confirmed",
    "approved",
    "refused",
    "expired",
    "dropped",
    "changed",
    "failed",
    "undone",
    "wrong-code",
]
ROWS_KEPT = 20_000
MIGRATIONS = (
    "CREATE TABLE journal (id INTEGER PRIMARY KEY AUTOINCREMENT, at TEXT NOT NULL, room TEXT NOT NULL, path TEXT NOT NULL,"
    " author TEXT NOT NULL, level INTEGER NOT NULL, decision TEXT NOT NULL, factor TEXT NOT NULL, request_id TEXT NOT NULL,"
    " detail TEXT NOT NULL, actions TEXT NOT NULL) STRICT",
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision."""

    at: str
    """ISO 8601, with the offset."""
    room: str
    path: str
    author: str
    level: int
    decision: str
    factor: str
    """What decided: "" (nobody was asked), voice, keyboard, code, button:<thing>."""
    request_id: str
    detail: str
    """Why it failed or was refused: a stable code."""
    actions: list[dict[str, Any]]
    """domain, service, target, data."""


class Journal:
    """The journal in the database of the box."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database, self._clock = database, clock
        database.migrate("journal", MIGRATIONS)

    def write(
        self,
        decision: Decision,
        actions: Sequence[Action],
        origin: Origin,
        level: int,
        *,
        factor: str = "",
        request_id: str = "",
        detail: str = "",
    ) -> None:
        """Note a decision, durably once this returns. Raises InputError where the disk refuses."""
        wished = [{"domain": a.domain, "service": a.service, "target": a.target, "data": dict(a.data)} for a in actions]
        row = self._database.write(
            "INSERT INTO journal (at, room, path, author, level, decision, factor, request_id, detail, actions)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(self._clock().isoformat(timespec="seconds"), origin.room, origin.path, origin.author, level, decision),
            *(factor, request_id, detail, json.dumps(wished, ensure_ascii=False)),
        )
        if self._database.trouble and level >= levels.COSTLY:
            raise self._database.trouble  # memory is no journal
        if row % 1000 == 0:
            self._database.write("DELETE FROM journal WHERE id <= ?", row - ROWS_KEPT)

    def last(self, count: int) -> list[Entry]:
        """Return the newest entries, the oldest of them first."""
        rows = self._database.read("SELECT * FROM journal ORDER BY id DESC LIMIT ?", count)
        return [Entry(*[*tuple(row)[1:-1], json.loads(row["actions"])]) for row in reversed(rows)]

    def clear(self) -> int:
        """Forget everything; return how many entries there were."""
        count: int = self._database.read("SELECT COUNT(*) FROM journal")[0][0]
        self._database.write("DELETE FROM journal")
        return count
