"""The box's one SQLite file: timers, lists, the journal of decisions. Durable state that a power cut must not lose.

WAL with `synchronous = FULL`: what was committed is there after the plug was pulled. Each user brings its own tables as a
list of migrations, applied once and in order; whoever adds a column adds a migration and never edits an old one. A file
that SQLite calls broken is set aside under another name and a new one is begun: the box must start.
The file holds what people said: nobody else may read it.
Source: https://www.sqlite.org/wal.html
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from appliance.errors import InputError

FILE = "grillon.sqlite"


class Database:
    """An open file. `folder` None keeps everything in memory (one-shot commands)."""

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / FILE if folder else None
        self.set_aside: Path | None = None
        """Where the broken file of before is, if there was one."""
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            if self.path is None or isinstance(error, sqlite3.OperationalError):
                raise InputError("state-not-written", stage="database", path=self.path, detail=error) from error
            self.set_aside = self.path.with_suffix(".broken")
            self.path.replace(self.set_aside)
            for rest in ("-wal", "-shm"):
                self.path.with_name(self.path.name + rest).unlink(missing_ok=True)
            self._connection = self._open()

    def migrate(self, name: str, steps: Sequence[str]) -> None:
        """Apply the steps (SQL scripts) of `name` that this file has not seen yet."""
        self.write("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, steps INTEGER NOT NULL) STRICT")
        done = next((row[0] for row in self.read("SELECT steps FROM migrations WHERE name = ?", name)), 0)
        for number, step in enumerate(steps[done:], done + 1):
            self._connection.executescript(
                f"BEGIN; {step}; INSERT OR REPLACE INTO migrations VALUES ('{name}', {number}); COMMIT;"  # noqa: S608 ours
            )

    def read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of a query."""
        return self._connection.execute(sql, values).fetchall()

    def write(self, sql: str, *values: object) -> int:
        """Change something, durably once this returns; return the last row's id.

        Raises InputError "state-not-written" where the disk refuses.
        """
        try:
            with self._connection:
                return self._connection.execute(sql, values).lastrowid or 0
        except sqlite3.OperationalError as error:
            raise InputError("state-not-written", stage="database", path=self.path, detail=error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _open(self) -> sqlite3.Connection:
        if self.path is None:
            connection = sqlite3.connect(":memory:")
        else:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise InputError("state-not-written", stage="database", path=self.path, detail=error) from error
            connection = sqlite3.connect(self.path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                connection.close()
                raise sqlite3.DatabaseError("quick_check")
        connection.row_factory = sqlite3.Row
        return connection
