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
"""Of what was done or decided; of what was refused or failed below that, REFUSED_KEPT."""
REFUSED_KEPT = 5_000
REFUSED_A_MINUTE = 20
"""Of one path; of the others the number is noted with the next."""
ACTIONS_BYTES = 1000
"""Of the actions of one entry: whoever wishes chooses the data."""
LONGEST_VALUE = 200
_REFUSED = ("refused", "wrong-code", "failed", "dropped", "expired", "changed")
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
        self._refused: dict[str, tuple[datetime, int]] = {}
        """Of each path: since when its refusals are counted, and how many came."""
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
        if decision == "refused":
            unwritten = self._too_many(origin.path)
            if unwritten is None:
                return
            detail += f" (+{unwritten})" if unwritten else ""
        row = self._database.write(
            "INSERT INTO journal (at, room, path, author, level, decision, factor, request_id, detail, actions)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            *(self._clock().isoformat(timespec="seconds"), origin.room, origin.path, origin.author, level, decision),
            *(factor, request_id, detail, _kept(actions)),
        )
        if self._database.trouble and level >= levels.COSTLY:
            raise self._database.trouble  # memory is no journal
        if row % 1000 == 0:
            self._forget()

    def _too_many(self, path: str) -> int | None:
        """Count a refusal; return None where it is one too many, else how many were not written before."""
        now = self._clock()
        since, count = self._refused.get(path, (now, 0))
        if not 0 <= (now - since).total_seconds() < 60:
            self._refused[path] = now, 1
            return max(0, count - REFUSED_A_MINUTE)
        self._refused[path] = since, count + 1
        return 0 if count < REFUSED_A_MINUTE else None

    def _forget(self) -> None:
        """Keep the newest. Who is refused again and again cannot push out what was done."""
        marks = ", ".join("?" * len(_REFUSED))
        for which, kept in ((f"decision IN ({marks})", REFUSED_KEPT), (f"decision NOT IN ({marks})", ROWS_KEPT)):
            newest = f"SELECT id FROM journal WHERE {which} ORDER BY id DESC LIMIT 1 OFFSET ?"  # noqa: S608 ours
            self._database.write(
                f"DELETE FROM journal WHERE {which} AND id <= ({newest})",  # noqa: S608 ours
                *(*_REFUSED, *_REFUSED, kept),
            )

    def last(self, count: int) -> list[Entry]:
        """Return the newest entries, the oldest of them first."""
        rows = self._database.read("SELECT * FROM journal ORDER BY id DESC LIMIT ?", count)
        return [Entry(*[*tuple(row)[1:-1], json.loads(row["actions"])]) for row in reversed(rows)]

    def clear(self) -> int:
        """Forget everything; return how many entries there were."""
        count: int = self._database.read("SELECT COUNT(*) FROM journal")[0][0]
        self._database.write("DELETE FROM journal")
        return count


def _kept(actions: Sequence[Action]) -> str:
    """Return actions as they are kept: without their data, then without the last ones, where that would be too much."""
    for most in (LONGEST_VALUE, 0):
        wished = [_told(action, most) for action in actions]
        if len(told := json.dumps(wished, ensure_ascii=False)) <= ACTIONS_BYTES:
            return told
    while len(wished) > 1 and len(json.dumps(wished, ensure_ascii=False)) > ACTIONS_BYTES:
        wished.pop()
    return json.dumps(wished, ensure_ascii=False)


def _told(action: Action, most: int) -> dict[str, Any]:
    data = {str(k)[:40]: v[:most] if isinstance(v, str) else v for k, v in list(action.data.items())[:10]}
    names = {"domain": action.domain[:80], "service": action.service[:80], "target": action.target[:200]}
    return {**names, "data": data if most else {}}
