"""The database file: damaged or refused by the disk, the box lives on and says so."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from appliance.actions import Action, Origin
from appliance.bus import Bus
from appliance.config import Config
from appliance.database import FILE, Database, or_memory
from appliance.errors import InputError
from appliance.events import Command, Event, Failed, Ring
from appliance.household import Household
from appliance.journal import Journal
from appliance.timers import Timers
from tests import clock

MOMENT = datetime(2026, 11, 24, 9, 0)
UNLOCK = Action("lock", "unlock", "lock.entree")
LAMP = Action("light", "turn_on", "light.lampe")


@contextlib.contextmanager
def refused(*codes: str) -> Iterator[None]:
    with pytest.raises(InputError) as caught:
        yield
    assert caught.value.code in codes


def damage(database: Database, folder: Path) -> None:
    """Overwrite every page but the first, as a dying card does."""
    database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    size = (folder / FILE).stat().st_size
    with (folder / FILE).open("r+b") as file:
        file.seek(4096)
        file.write(os.urandom(size - 4096))
    database._connection.execute("PRAGMA shrink_memory")


def test_a_damaged_page_is_told_and_nothing_worse(tmp_path: Path) -> None:
    database = Database(tmp_path)
    journal = Journal(database, lambda: MOMENT)
    journal.write("done", [LAMP], Origin("voice", "salon"), 1)
    damage(database, tmp_path)
    with refused("state-not-read"):
        database.read("SELECT * FROM journal")
    with refused("state-not-written"):
        journal.write("done", [LAMP], Origin("voice", "salon"), 1)
    with refused("state-not-read", "state-not-written"):
        database.migrate("more", ("CREATE TABLE more (a INTEGER)",))


def test_timers_ring_on_a_damaged_file(tmp_path: Path) -> None:
    sent: list[Command] = []
    told: list[Event] = []

    async def send(command: Command) -> None:
        sent.append(command)

    async def play() -> None:
        loop, database = asyncio.get_running_loop(), Database(tmp_path)
        now: Callable[[], datetime] = lambda: datetime.fromtimestamp(1_800_000_000 + loop.time())  # noqa: E731
        timers = Timers(database, now, loop.time, told.append, send, send, "fr")  # type: ignore[arg-type]
        for seconds in (5, 10):
            await timers.do(Action("timer", "start", "", {"seconds": seconds, "room": "salon"}))
        damage(database, tmp_path)
        running = asyncio.create_task(timers.run())
        await asyncio.sleep(20)
        assert not running.done()
        running.cancel()
        await asyncio.wait([running])

    clock.run(play())
    assert len([one for one in sent if isinstance(one, Ring)]) == 2
    assert {one.code for one in told if isinstance(one, Failed)} == {"state-not-written"}


def test_a_broken_file_is_set_aside_under_a_name_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "grillon.broken").write_text("the one of before")
    (tmp_path / FILE).write_text("no database" * 1000)
    database = Database(tmp_path)
    assert database.set_aside and database.set_aside.read_text().startswith("no database")
    assert (tmp_path / "grillon.broken").read_text() == "the one of before"


def test_a_disk_that_refuses_does_not_stop_the_box(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.write_text("a file where the folder should be")
    database, journal = or_memory(folder, lambda one: Journal(one, lambda: MOMENT))
    assert database.trouble and database.trouble.code == "state-not-written"
    journal.write("done", [LAMP], Origin("voice", "salon"), 1)
    with refused("state-not-written"):
        journal.write("asked", [UNLOCK], Origin("voice", "salon"), 3)
    with refused("state-not-written"):
        Database(folder)  # `grillon journal` reads no empty stand-in


def test_who_is_refused_again_and_again_neither_fills_the_journal_nor_pushes_out_what_was_done(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.journal.REFUSED_KEPT", 30)
    now = MOMENT
    journal = Journal(Database(tmp_path), lambda: now)
    journal.write("approved", [UNLOCK], Origin("voice", "salon"), 3)
    big = Action("x", "y" * 5000, "z" * 5000, {"a": "z" * 60_000, "b" * 5000: "é" * 60_000})
    for minute in range(60):
        now = MOMENT + timedelta(minutes=minute)
        for _ in range(100):
            journal.write("refused", [big] * 20, Origin("mqtt", ""), 3, detail="action-unknown")
    rows = journal.last(10_000)
    assert rows[0].decision == "approved", "what was done is still there"
    assert len(rows) <= 1 + 60 * 20
    assert {row.detail for row in rows[1:]} >= {"action-unknown", "action-unknown (+80)"}
    assert max(len(json.dumps(row.actions, ensure_ascii=False)) for row in rows) <= 1000
    assert rows[0].actions == [{"domain": "lock", "service": "unlock", "target": "lock.entree", "data": {}}]


def test_refused_entries_are_forgotten_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.journal.REFUSED_KEPT", 30)
    journal = Journal(Database(tmp_path), lambda: MOMENT)
    for decision in ("approved", *["failed"] * 998, "approved"):
        journal.write(decision, [LAMP], Origin("mqtt", ""), 1)  # type: ignore[arg-type]
    assert [row.decision for row in journal.last(2000)] == ["approved", *["failed"] * 30, "approved"]


def test_what_became_of_the_database_is_told_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / FILE).write_text("no database" * 1000)
    (tmp_path / "refused").write_text("a file where the folder should be")

    async def told(folder: Path) -> list[str]:
        bus = Bus()

        async def nothing(*given: object) -> None:
            pass

        household = Household(Config(), folder, bus, lambda: MOMENT, nothing, nothing)
        with bus.subscribe() as happened:
            keeping = asyncio.create_task(household.keep_time())
            await asyncio.sleep(1)
            assert not keeping.done()
            keeping.cancel()
            household.close()
            return [one.code for one in happened.drain() if isinstance(one, Failed)]

    assert clock.run(told(tmp_path / "broken")) == ["state-set-aside"]
    assert clock.run(told(tmp_path / "refused")) == ["state-not-written", "state-in-memory"]
