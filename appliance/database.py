"""The box's one SQLite file: timers, lists, the journal of decisions. Durable state that a power cut must not lose.

WAL with `synchronous = FULL`: what was committed is there after the plug was pulled. Each user brings its own tables as a
list of migrations, applied once and in order; whoever adds a column adds a migration and never edits an old one. A file
that SQLite calls broken is set aside under another name and a new one is begun: the box must start. Where the disk is full or
cannot be written, the daemon goes on in memory (`or_memory`), says so, and does nothing for which the journal is needed.
The file holds what people said: nobody else may read it.
Source: https://www.sqlite.org/wal.html
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from appliance.errors import InputError

FILE = "grillon.sqlite"
T = TypeVar("T")


def or_memory(folder: Path | None, use: Callable[[Database], T]) -> tuple[Database, T]:
    """Open the database of a folder and `use` it; where that cannot be, do so in memory, with `trouble` set."""
    database = None
    try:
        database = Database(folder)
        return database, use(database)
    except InputError as error:
        if folder is None:
            raise
        if database:
            database.close()
        stand_in = Database(None)
        stand_in.trouble = error
        return stand_in, use(stand_in)


class Database:
    """An open file. `folder` None keeps everything in memory (one-shot commands)."""

    def __init__(self, folder: Path | None) -> None:
        self.path = folder / FILE if folder else None
        self.set_aside: Path | None = None
        """Where the broken file of before is, if there was one."""
        self.trouble: InputError | None = None
        """Why this stands in, in memory, for the file: what is written here is lost when the box stops."""
        try:
            self._connection = self._open()
        except sqlite3.DatabaseError as error:
            if self.path is None or isinstance(error, sqlite3.OperationalError):
                raise self._refusal("state-not-written", error) from error
            try:
                self._set_aside(self.path)
                self._connection = self._open()
            except (OSError, sqlite3.Error) as worse:
                raise self._refusal("state-not-written", worse) from worse

    def migrate(self, name: str, steps: Sequence[str]) -> None:
        """Apply the steps (SQL scripts) of `name` that this file has not seen yet. Raises InputError."""
        self.write("CREATE TABLE IF NOT EXISTS migrations (name TEXT PRIMARY KEY, steps INTEGER NOT NULL) STRICT")
        done = next((row[0] for row in self.read("SELECT steps FROM migrations WHERE name = ?", name)), 0)
        for number, step in enumerate(steps[done:], done + 1):
            script = f"BEGIN; {step}; INSERT OR REPLACE INTO migrations VALUES ('{name}', {number}); COMMIT;"  # noqa: S608 ours
            try:
                self._connection.executescript(script)
            except sqlite3.Error as error:
                self._connection.rollback()
                raise self._refusal("state-not-written", error) from error

    def read(self, sql: str, *values: object) -> list[sqlite3.Row]:
        """Return the rows of a query. Raises InputError "state-not-read" where the file is damaged."""
        try:
            return self._connection.execute(sql, values).fetchall()
        except sqlite3.Error as error:
            raise self._refusal("state-not-read", error) from error

    def write(self, sql: str, *values: object) -> int:
        """Change something, durably once this returns; return the last row's id.

        Raises InputError "state-not-written" where the disk refuses.
        """
        try:
            with self._connection:
                return self._connection.execute(sql, values).lastrowid or 0
        except sqlite3.Error as error:
            raise self._refusal("state-not-written", error) from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def _refusal(self, code: str, error: Exception) -> InputError:
        return InputError(code, stage="database", path=self.path, detail=error)

    def _set_aside(self, path: Path) -> None:
        """Move a broken file out of the way, under a name of its own: the one of before is kept too."""
        self.set_aside = path.with_suffix(f".broken-{datetime.now():%Y%m%d-%H%M%S}")
        path.replace(self.set_aside)
        for rest in ("-wal", "-shm"):
            path.with_name(path.name + rest).unlink(missing_ok=True)

    def _open(self) -> sqlite3.Connection:
        if self.path is None:
            connection = sqlite3.connect(":memory:")
        else:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
            except OSError as error:
                raise self._refusal("state-not-written", error) from error
            connection = sqlite3.connect(self.path)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                connection.close()
                raise sqlite3.DatabaseError("quick_check")
        connection.row_factory = sqlite3.Row
        return connection
