"""Timers, alarms, reminders and put-off commands as things, and how they are kept.

A timer is a length: while the box runs it is counted on a clock that nobody sets, because a Pi has no clock of its own and
the network may set the time at any moment. An alarm or a reminder is a moment of the wall clock. Across a restart the wall
clock is all there is: both are kept with the Unix time at which they are due.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time
from typing import Literal

from appliance.database import Database
from appliance.folding import fold

What = Literal["timer", "alarm", "reminder", "command"]
MIGRATIONS = (
    """CREATE TABLE timed (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        what TEXT NOT NULL,
        name TEXT NOT NULL,
        text TEXT NOT NULL,
        room TEXT NOT NULL,
        language TEXT NOT NULL,
        total_seconds REAL NOT NULL,
        due REAL NOT NULL,
        left_seconds REAL,
        at TEXT NOT NULL,
        days TEXT NOT NULL
    ) STRICT""",
)
_KEPT_AS = {
    "les ": ("pour les ", "des ", "les "),
    "le ": ("pour le ", "du ", "le "),
    "la ": ("pour la ", "de la ", "la "),
    "l'": ("pour l'", "de l'", "l'"),
    "": ("pour mes ", "pour mon ", "pour ma ", "pour ", "de ", "d'", "for the ", "for my ", "for ", "the ", "my "),
}
_ARTICLES = {said: kept for kept, ways in _KEPT_AS.items() for said in ways}
_ARTICLE = re.compile("|".join(sorted(map(re.escape, _ARTICLES), key=len, reverse=True)))


@dataclass(slots=True)
class Entry:
    """One timer, alarm, reminder or command that waits for its time."""

    id: str
    what: What
    name: str = ""
    """With its article, where it was said with one: "les pâtes"."""
    text: str = ""
    """Of a reminder; the sentence of a command."""
    room: str = ""
    language: str = "fr"
    total_seconds: float = 0.0
    """The length of a timer; 0 where a moment was set."""
    due: float = 0.0
    """Unix time."""
    left_seconds: float | None = None
    """What is left while it is paused; None while it runs."""
    at: str = ""
    """Wall time (HH:MM) of what comes again."""
    days: tuple[int, ...] = ()
    """ISO weekdays on which it comes again."""
    ends: float | None = None
    """When it is due on the clock that nobody sets; None where the wall clock counts."""

    @property
    def wall_time(self) -> time:
        """The time of day of what comes again."""
        return time.fromisoformat(self.at)


def called(name: str) -> str:
    """Return a name as it is kept: "des pâtes" and "pour les pâtes" as "les pâtes"."""
    name = " ".join(name.replace("’", "'").split())
    found = _ARTICLE.match(name.lower())
    return _ARTICLES[found[0]] + name[found.end() :] if found and name[found.end() :] else name


def same(name: str, other: str) -> bool:
    """Tell whether two names are one: the article, accents, capitals and the plural do not matter."""
    return _bare(name) == _bare(other)


def _bare(name: str) -> str:
    folded = fold(called(name))
    found = _ARTICLE.match(folded)
    words = (folded[found.end() :] if found else folded).split()
    return " ".join(word.rstrip("sx") or word for word in words)


class Kept:
    """The entries in the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        database.migrate("timed", MIGRATIONS)

    def all(self) -> list[Entry]:
        """Return every entry, as it was saved."""
        return [
            Entry(
                str(row["id"]),
                row["what"],
                row["name"],
                row["text"],
                row["room"],
                row["language"],
                row["total_seconds"],
                row["due"],
                row["left_seconds"],
                row["at"],
                tuple(int(day) for day in row["days"]),
            )
            for row in self._database.read("SELECT * FROM timed ORDER BY due")
        ]

    def next_id(self) -> str:
        """Return the id that the next new entry gets. No id is given twice."""
        rows = self._database.read("SELECT seq FROM sqlite_sequence WHERE name = 'timed'")
        return str(rows[0][0] + 1 if rows else 1)

    def save(self, entry: Entry) -> None:
        """Write an entry, durably."""
        self._database.write(
            "INSERT OR REPLACE INTO timed VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            int(entry.id),
            entry.what,
            entry.name,
            entry.text,
            entry.room,
            entry.language,
            float(entry.total_seconds),
            float(entry.due),
            entry.left_seconds,
            entry.at,
            "".join(map(str, entry.days)),
        )

    def forget(self, entry_id: str) -> None:
        """Remove an entry; one that is not there is fine."""
        self._database.write("DELETE FROM timed WHERE id = ?", int(entry_id))
