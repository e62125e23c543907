"""Timers, alarms and reminders on virtual time: what rings when, what a restart and a clock that jumps leave of it."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from appliance.actions import Action
from appliance.database import Database
from appliance.errors import ApplianceError, InputError
from appliance.events import Command, Event, Ring, Say, TimerCancelled, TimerFinished, TimerStarted, TimerUpdated
from appliance.timers import LONGEST_SECONDS, MOST, Timers
from tests import clock

PARIS = ZoneInfo("Europe/Paris")
NINE = datetime(2026, 11, 24, 9, 0, tzinfo=PARIS)


class World:
    """A box that runs for a while: its clocks, and what it sent and published. `off` seconds passed since `began`."""

    def __init__(self, folder: Path | None, began: datetime = NINE) -> None:
        self.database = Database(folder)
        self.began, self.jumped = began, 0.0
        self.sent: list[tuple[float, Command]] = []
        self.events: list[Event] = []
        self.asked: list[tuple[float, str, str]] = []
        self.languages: list[str] = []
        self.rooms = ("", "cuisine", "salon")

    def now(self) -> datetime:
        seconds = self.began.timestamp() + self.loop.time() + self.jumped
        return datetime.fromtimestamp(seconds, PARIS)

    async def send(self, command: Command) -> None:
        if command.room not in self.rooms:
            raise InputError("room-unknown", stage="box", room=command.room, known="cuisine")
        self.sent.append((self.loop.time(), command))

    async def later(self, words: str, room: str, language: str) -> None:
        self.kept_when_asked = self.timers.all("command")
        self.languages.append(language)
        self.asked.append((self.loop.time(), words, room))

    def live(self, play: Callable[[World], Awaitable[None]]) -> World:
        clock.run(self._live(play))
        return self

    async def _live(self, play: Callable[[World], Awaitable[None]]) -> None:
        self.loop = asyncio.get_running_loop()
        self.timers = Timers(self.database, self.now, self.loop.time, self.events.append, self.send, self.later, "fr")
        running = asyncio.create_task(self.timers.run())
        await play(self)
        running.cancel()
        await asyncio.wait([running])
        if not running.cancelled():
            running.result()
        self.database.close()

    async def do(self, service: str, target: str = "", **data: Any) -> tuple[Action, ...]:
        domain, service = service.split(".")
        action = Action(domain, service, target, data)
        assert self.timers.knows(action)
        assert self.timers.describe(action, "fr") and self.timers.describe(action, "en")
        back = self.timers.undoing(action)
        await self.timers.do(action)
        return back or ()

    async def start(self, seconds: float, name: str = "", room: str = "cuisine", **data: Any) -> str:
        await self.do("timer.start", seconds=seconds, name=name, room=room, **data)
        return max((entry.id for entry in self.timers.all()), key=int)

    @property
    def rings(self) -> list[tuple[float, str]]:
        return [(round(t, 1), command.text) for t, command in self.sent if isinstance(command, Ring)]

    @property
    def told(self) -> list[str]:
        return [command.text for _, command in self.sent if isinstance(command, Say)]


def test_it_rings_on_time_and_says_which() -> None:
    async def play(world: World) -> None:
        await world.start(600, "des pâtes")
        await world.start(30)
        await asyncio.sleep(700)

    world = World(None).live(play)
    assert world.rings == [
        (30.0, "Le minuteur de 30 secondes est terminé."),
        (600.0, "Le minuteur des pâtes est terminé."),
    ]
    assert [type(e) for e in world.events] == [TimerStarted, TimerStarted, TimerFinished, TimerFinished]
    assert world.events[-1].name == "les pâtes"  # type: ignore[attr-defined]
    assert all(command.room == "cuisine" for _, command in world.sent)
    assert world.timers.all() == []


def test_pause_resume_extend_shorten() -> None:
    async def play(world: World) -> None:
        tea = await world.start(100, "thé")
        await asyncio.sleep(40)
        await world.do("timer.pause", tea)
        await asyncio.sleep(1000)
        entry = world.timers.find("timer", name="le thé")[0]
        assert world.timers.remaining(entry) == pytest.approx(60)
        await world.do("timer.extend", tea, seconds=30)
        await world.do("timer.resume", tea)
        await world.do("timer.shorten", tea, seconds=50)
        await asyncio.sleep(100)

    world = World(None).live(play)
    assert world.rings == [(1080.0, "Le minuteur de thé est terminé.")]
    assert [e.active for e in world.events if isinstance(e, TimerUpdated)] == [False, False, True, True]


def test_more_taken_off_than_is_left_rings_at_once() -> None:
    async def play(world: World) -> None:
        await world.do("timer.shorten", await world.start(100), seconds=500)
        await asyncio.sleep(1)

    assert World(None).live(play).rings[0][0] == 0.0


def test_cancelled_and_given_back() -> None:
    async def play(world: World) -> None:
        tea, eggs = await world.start(100, "thé"), await world.start(300, "œufs")
        (back,) = await world.do("timer.cancel", tea)
        assert [entry.id for entry in world.timers.all()] == [eggs]
        await asyncio.sleep(20)
        assert world.timers.knows(back)
        await world.timers.do(back)
        assert not world.timers.knows(back)
        every = await world.do("timer.cancel_all")
        assert world.timers.all() == []
        for action in every:
            await world.timers.do(action)
        (undo,) = await world.do("timer.start", seconds=5, room="cuisine")
        await world.timers.do(undo)
        await asyncio.sleep(400)

    world = World(None).live(play)
    assert [t for t, _ in world.rings] == [100.0, 300.0]
    assert sum(isinstance(event, TimerCancelled) for event in world.events) == 4


def test_what_a_restart_leaves(tmp_path: Path) -> None:
    async def before(world: World) -> None:
        await world.start(600, "les pâtes")
        await world.do("timer.pause", await world.start(90, "le thé"))
        await asyncio.sleep(60)

    async def after(world: World) -> None:
        assert [(e.name, round(world.timers.remaining(e))) for e in world.timers.all()] == [
            ("les pâtes", 420),
            ("le thé", 90),
        ]
        await asyncio.sleep(500)

    World(tmp_path).live(before)
    world = World(tmp_path, NINE + timedelta(seconds=180)).live(after)
    assert world.rings == [(420.0, "Le minuteur des pâtes est terminé.")]
    assert world.told == []


def test_what_was_due_while_the_box_was_off_is_told(tmp_path: Path) -> None:
    async def before(world: World) -> None:
        await world.start(183 * 60, "des pâtes")
        await world.do("reminder.add", when="2026-11-24T12:10:00+01:00", text="sortir le pain", room="cuisine")
        await world.start(3600, command="éteins la lumière", room="salon")

    async def after(world: World) -> None:
        await asyncio.sleep(5)

    World(tmp_path).live(before)
    late = NINE + timedelta(hours=5)
    world = World(tmp_path, late).live(after)
    assert world.told == [
        "Pendant que j'étais éteint, à 10 h, je n'ai pas pu faire ceci : éteins la lumière.",
        "Pendant que j'étais éteint, le minuteur des pâtes aurait dû sonner à 12 h 03. "
        "Pendant que j'étais éteint, à 12 h 10, il y avait un rappel : sortir le pain.",
    ]
    assert world.rings == world.asked == []
    assert [e.missed for e in world.events if isinstance(e, TimerFinished)] == [True] * 3
    assert World(tmp_path, late).live(after).told == [], "once"


def test_a_little_late_rings(tmp_path: Path) -> None:
    async def before(world: World) -> None:
        await world.start(60, "le thé")
        await world.do("alarm.set", when="2026-11-24T09:02:00+01:00", room="salon")

    async def after(world: World) -> None:
        await asyncio.sleep(5)

    World(tmp_path).live(before)
    world = World(tmp_path, NINE + timedelta(seconds=100)).live(after)
    assert world.rings == [(0.0, "Le minuteur du thé est terminé.")]
    world = World(tmp_path, NINE + timedelta(minutes=10)).live(after)
    assert world.rings == [(0.0, "Il est 9 h 10, c'est l'heure.")], "a sleeper is woken late rather than not"


def test_a_wall_clock_that_jumps_moves_no_timer(tmp_path: Path) -> None:
    async def play(world: World) -> None:
        await world.start(600, "le thé")
        await asyncio.sleep(100)
        world.jumped = 40_000.0
        await asyncio.sleep(100)
        world.jumped = -900.0
        await asyncio.sleep(300)

    async def after(world: World) -> None:
        await asyncio.sleep(200)

    world = World(tmp_path).live(play)
    assert world.rings == []
    world = World(tmp_path, NINE + timedelta(seconds=500 - 900)).live(after)
    assert [t for t, _ in world.rings] == [100.0], "and the time that was stored has followed"


def test_a_clock_that_is_set_rings_what_it_passed() -> None:
    async def play(world: World) -> None:
        await world.do("alarm.set", when="2026-11-24T12:00:00+01:00", room="salon")
        await asyncio.sleep(100)
        world.jumped = 3 * 3600
        await asyncio.sleep(11)

    assert World(None).live(play).rings[0][1] == "Il est 12 h 01, c'est l'heure."


def test_an_alarm_comes_again_on_its_days_whatever_the_season() -> None:
    friday = datetime(2026, 3, 27, 12, 0, tzinfo=PARIS)  # the clocks change on Sunday

    async def play(world: World) -> None:
        await world.do("alarm.set", when="2026-03-28T07:00:00+01:00", days="1267", room="salon")
        await asyncio.sleep(4.5 * 86_400)

    world = World(None, friday).live(play)
    rang = [datetime.fromtimestamp(friday.timestamp() + t, PARIS) for t, _ in world.rings]
    assert [f"{when:%a %H:%M}" for when in rang] == ["Sat 07:00", "Sun 07:00", "Mon 07:00", "Tue 07:00"]
    assert [entry.days for entry in world.timers.all()] == [(1, 2, 6, 7)]


def test_a_command_is_asked_when_its_time_comes() -> None:
    async def play(world: World) -> None:
        await world.start(600, command="éteins la lumière")
        await world.start(610, command="turn off the light", language="en")
        await asyncio.sleep(700)

    world = World(None).live(play)
    assert world.asked == [(600.0, "éteins la lumière", "cuisine"), (610.0, "turn off the light", "cuisine")]
    assert world.languages == ["fr", "en"]
    assert world.kept_when_asked == [], "forgotten before it is done: never done twice"
    assert world.rings == []


def test_a_room_that_is_no_more_is_told_elsewhere() -> None:
    async def play(world: World) -> None:
        await world.start(5, room="grenier")
        await asyncio.sleep(6)

    assert [command.room for _, command in World(None).live(play).sent] == [""]


def test_what_rang_can_be_put_off() -> None:
    async def play(world: World) -> None:
        await world.do("alarm.set", when="2026-11-24T09:10:00+01:00", room="salon")
        await asyncio.sleep(610)
        entry = world.timers.rang("salon")
        assert entry is not None
        await world.do("alarm.snooze", entry.id, seconds=300)
        await asyncio.sleep(700)
        assert world.timers.rang("cuisine") is None

    assert [t for t, _ in World(None).live(play).rings] == [600.0, 910.0]


@pytest.mark.parametrize(
    ("service", "data"),
    [
        ("timer.start", {}),
        ("timer.start", {"seconds": 0}),
        ("timer.start", {"seconds": -5}),
        ("timer.start", {"seconds": "beaucoup"}),
        ("timer.start", {"seconds": float("nan")}),
        ("timer.start", {"seconds": True}),
        ("timer.explode", {"seconds": 10}),
        ("timer.cancel", {}),
        ("timer.restore", {}),
        ("alarm.set", {"when": "demain"}),
        ("alarm.set", {"when": "2026-11-25T07:00", "days": "89"}),
        ("alarm.pause", {}),
        ("reminder.add", {"when": "2026-11-25T07:00", "text": " "}),
        ("reminder.add", {"when": "2026-11-25T07:00", "text": "x" * 1000}),
        ("light.turn_on", {}),
    ],
)
def test_what_makes_no_sense_is_not_known(service: str, data: dict[str, Any]) -> None:
    async def play(world: World) -> None:
        await world.start(100)
        domain, name = service.split(".")
        assert not world.timers.knows(Action(domain, name, "77", data))

    World(None).live(play)


def test_what_is_too_much_is_refused() -> None:
    async def play(world: World) -> None:
        with pytest.raises(InputError) as long:
            await world.start(LONGEST_SECONDS + 1)
        with pytest.raises(InputError) as over:
            await world.do("alarm.set", when="2026-11-24T08:00:00+01:00", room="salon")
        assert {long.value.code, over.value.code} == {"timer-too-long", "timer-over-already"}
        for _ in range(MOST):
            await world.start(1000)
        with pytest.raises(InputError, match="100"):
            await world.start(1000)

    World(None).live(play)


def test_a_disk_that_refuses_sets_nothing_and_silences_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(world: World) -> None:
        await world.start(10, "le thé")

        def refuse(*args: object) -> None:
            raise InputError("state-not-written", stage="database", path="x", detail="full")

        monkeypatch.setattr(world.database, "write", refuse)
        with pytest.raises(ApplianceError):
            await world.start(5, "les pâtes")
        await asyncio.sleep(60)

    assert len(World(None).live(play).rings) == 1


CHILD = """
import asyncio, sys, time
from datetime import datetime
from pathlib import Path
from appliance.actions import Action
from appliance.database import Database
from appliance.timers import Timers

async def nothing(*args): pass

async def main():
    timers = Timers(Database(Path(sys.argv[1])), lambda: datetime.now().astimezone(), time.monotonic,
                    lambda event: None, nothing, nothing, "fr")
    await timers.do(Action("timer", "start", "", {"seconds": 600, "name": "les pâtes", "room": "cuisine"}))
    print("set", flush=True)
    await asyncio.sleep(60)

asyncio.run(main())
"""


def test_a_power_cut_right_after_it_was_set(tmp_path: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(tmp_path)], stdout=subprocess.PIPE)
    assert child.stdout and child.stdout.readline() == b"set\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()

    async def after(world: World) -> None:
        (entry,) = world.timers.all()
        assert entry.name == "les pâtes"
        assert 500 < world.timers.remaining(entry) <= 600

    World(tmp_path, datetime.now(PARIS)).live(after)
