"""Timers, alarms, reminders and put-off commands: they ring on time, and survive a restart and a power cut.

While the box runs, a timer is counted on the monotonic clock, so that a wall clock that is set (a Pi without a clock of its
own, once the network came) moves no timer that was started in this run. What was started before a restart follows the wall
clock, as alarms and reminders always do: there is nothing else to know the time in between by. Where the wall clock jumps,
the stored times of running timers are written again. A box that neither has a clock nor ever gets the time from a network
cannot know how long it was off; its timers then ring late by that.

What was due while the box was off is told when it starts: nothing is lost. What is only a little late rings.
Every change comes through `do`, the executor's; reading is free. `run` is the one task.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from appliance import events
from appliance.actions import Action
from appliance.database import Database
from appliance.errors import ApplianceError, InputError
from appliance.events import Command, Event, Timed
from appliance.moments import next_time
from appliance.timed import Entry, Kept, What, called, same
from appliance.timers_words import described, missed, ringing

log = logging.getLogger(__name__)

LONGEST_SECONDS = 7 * 86_400
MOST = 100
"""So many timers, alarms and reminders at once."""
LONGEST_TEXT = 300
RING_SECONDS = {"alarm": 300.0}
USUAL_RING_SECONDS = 60.0
RINGS_LATE_SECONDS = {"alarm": 900.0}
"""What is later than this is told and does not ring."""
USUAL_LATE_SECONDS = 60.0
CHECK_SECONDS = 10.0
"""So often the wall clock is compared with the one that nobody sets."""
FAILED_SECONDS = 1.0
"""So long is waited after a failure: whatever fails each time must not keep the box from everything else."""
JUMP_SECONDS = 0.5
SNOOZE_SECONDS = 600.0
"""For so long what rang can be put off."""
_ON_ONE = {
    "timer": frozenset({"cancel", "pause", "resume", "extend", "shorten", "restore"}),
    "alarm": frozenset({"cancel", "snooze", "restore"}),
    "reminder": frozenset({"cancel", "snooze", "restore"}),
}


class Timers:
    """All of them. `send` takes a command to a room, `later(text, room, language)` asks a put-off command as if said now."""

    domains = frozenset(_ON_ONE)

    def __init__(
        self,
        database: Database,
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
        publish: Callable[[Event], None],
        send: Callable[[Command], Awaitable[None]],
        later: Callable[[str, str, str], Awaitable[None]],
        language: str = "fr",
    ) -> None:
        self._kept, self._clock, self._monotonic = Kept(database), clock, monotonic
        self._publish, self._send, self._later, self._language = publish, send, later, language
        self._entries = {entry.id: entry for entry in self._kept.all()}
        self._gone: deque[Entry] = deque(maxlen=MOST)
        """What was cancelled in this run: it can be given back."""
        self._rang: dict[str, tuple[Entry, float]] = {}
        """What rang last in each room, and when."""
        self._offset = self._wall() - monotonic()
        self._changed = asyncio.Event()

    # -- reading -----------------------------------------------------------------------------------------------------

    def all(self, *what: What) -> list[Entry]:
        """Return what waits for its time, the soonest first, what is paused last."""
        chosen = [entry for entry in self._entries.values() if not what or entry.what in what]
        return sorted(chosen, key=lambda entry: (entry.left_seconds is not None, self.remaining(entry)))

    def find(self, what: What, *, name: str = "", total_seconds: float = 0.0, room: str = "") -> list[Entry]:
        """Return those to which all that is given applies, the soonest first."""
        return [
            entry
            for entry in self.all(what)
            if (not name or same(entry.name or entry.text, name))
            and (not total_seconds or entry.total_seconds == total_seconds)
            and (not room or entry.room == room)
        ]

    def remaining(self, entry: Entry) -> float:
        """Return the seconds until it is due; negative where that was missed."""
        if entry.left_seconds is not None:
            return entry.left_seconds
        return entry.due - self._wall() if entry.ends is None else entry.ends - self._monotonic()

    def rang(self, room: str) -> Entry | None:
        """Return what rang last in a room, while it can still be put off."""
        entry, when = self._rang.get(room, (None, 0.0))
        return entry if entry and self._monotonic() - when < SNOOZE_SECONDS else None

    # -- changing: the executor's actuator ---------------------------------------------------------------------------

    def knows(self, action: Action) -> bool:
        """Tell whether this can be carried out: what it names exists, and its data make sense."""
        domain, service, data = action.domain, action.service, action.data
        if service == "cancel_all":
            return domain in _ON_ONE
        if (domain, service) == ("timer", "start"):
            return _is_length(data.get("seconds")) and len(str(data.get("command", ""))) <= LONGEST_TEXT
        if (domain, service) in (("alarm", "set"), ("reminder", "add")):
            words = str(data.get("text", ""))
            fine = len(words) <= LONGEST_TEXT and (domain == "alarm" or bool(words.strip()))
            return fine and _moment(data.get("when")) is not None and set(str(data.get("days", ""))) <= set("1234567")
        if service not in _ON_ONE.get(domain, ()):
            return False
        entry = self._subject(action)
        if entry is None or _domain(entry) != domain:
            return False
        return service not in ("extend", "shorten", "snooze") or _is_length(data.get("seconds"))

    def describe(self, action: Action, language: str) -> str:
        """Return the action in words, infinitive."""
        return described(action, self._subject(action), self._clock(), language)

    def undoing(self, action: Action) -> tuple[Action, ...] | None:
        """Return what gives the present state back."""
        domain, service, target = action.domain, action.service, action.target
        if service in ("start", "set", "add", "snooze"):
            return (Action(domain, "cancel", self._kept.next_id()),)
        if service == "cancel_all":
            return tuple(Action(domain, "restore", entry.id) for entry in self._chosen(action))
        opposite = {"cancel": "restore", "restore": "cancel", "pause": "resume", "resume": "pause"}
        opposite |= {"extend": "shorten", "shorten": "extend"}
        return (Action(domain, opposite[service], target, dict(action.data)),)

    async def do(self, action: Action) -> None:
        """Carry it out. Raises InputError where there are too many, it is too long, or the moment is over."""
        if action.service in ("start", "set", "add"):
            self._add(self._new(action))
        elif action.service == "cancel_all":
            for entry in self._chosen(action):
                self._cancel(entry)
        else:
            subject = self._subject(action)
            if subject is None:
                raise InputError("timer-gone", stage="timers")
            self._change(action, subject)
        self._changed.set()

    def _change(self, action: Action, entry: Entry) -> None:
        match action.service:
            case "cancel":
                self._cancel(entry)
            case "restore":
                self._restore(entry)
            case "snooze":
                seconds = float(action.data["seconds"])
                due = self._wall() + seconds
                self._add(replace(entry, id=self._kept.next_id(), due=due, at="", days=(), ends=None))
            case "pause" if entry.left_seconds is None:
                self._update(replace(entry, left_seconds=max(0.0, self.remaining(entry)), ends=None))
            case "resume" if entry.left_seconds is not None:
                self._update(self._counting(replace(entry, left_seconds=None), entry.left_seconds))
            case "extend" | "shorten":
                sign = 1 if action.service == "extend" else -1
                self._lengthen(entry, sign * float(action.data["seconds"]))

    def _lengthen(self, entry: Entry, seconds: float) -> None:
        left = max(0.0, self.remaining(entry) + seconds)
        if left > LONGEST_SECONDS:
            raise InputError("timer-too-long", stage="timers", days=LONGEST_SECONDS // 86_400)
        if entry.left_seconds is not None:
            self._update(replace(entry, left_seconds=left))
        else:
            self._update(self._counting(entry, left))

    def _new(self, action: Action) -> Entry:
        data = action.data
        if len(self._entries) >= MOST:
            raise InputError("timer-too-many", stage="timers", most=MOST)
        what: What = "timer" if action.domain == "timer" else "alarm" if action.domain == "alarm" else "reminder"
        if what == "timer" and data.get("command"):
            what = "command"
        words = data.get("command") if what == "command" else data.get("text", "")
        entry = Entry(
            self._kept.next_id(),
            what,
            name=called(str(data.get("name", "")))[:LONGEST_TEXT],
            text=str(words or "").strip(),
            room=str(data.get("room", "")),
            language=str(data.get("language") or self._language),
        )
        if action.domain == "timer":
            seconds = float(data["seconds"])
            if seconds > LONGEST_SECONDS:
                raise InputError("timer-too-long", stage="timers", days=LONGEST_SECONDS // 86_400)
            return self._counting(replace(entry, total_seconds=seconds), seconds)
        when = _moment(data["when"])
        if when is None or when.timestamp() <= self._wall():
            raise InputError("timer-over-already", stage="timers")
        days = tuple(sorted(int(day) for day in set(str(data.get("days", "")))))
        return replace(entry, due=when.timestamp(), days=days, at=f"{when:%H:%M}" if days else "")

    def _counting(self, entry: Entry, seconds: float) -> Entry:
        return replace(entry, due=self._wall() + seconds, ends=self._monotonic() + seconds)

    def _add(self, entry: Entry) -> None:
        self._kept.save(entry)  # what the disk refused was never set
        self._entries[entry.id] = entry
        self._tell(events.TimerStarted, entry)

    def _update(self, entry: Entry) -> None:
        self._kept.save(entry)
        self._entries[entry.id] = entry
        self._tell(events.TimerUpdated, entry)

    def _cancel(self, entry: Entry) -> None:
        self._kept.forget(entry.id)
        self._entries.pop(entry.id, None)
        self._gone.append(entry)
        self._tell(events.TimerCancelled, entry)

    def _restore(self, entry: Entry) -> None:
        self._gone.remove(entry)
        self._add(entry)

    def _subject(self, action: Action) -> Entry | None:
        """Return what an action is about: what was cancelled, for "restore"; what rang may be gone, for "snooze"."""
        if action.service == "restore":
            return next((entry for entry in self._gone if entry.id == action.target), None)
        rang = [entry for entry, _ in self._rang.values() if action.service == "snooze" and entry.id == action.target]
        return rang[0] if rang else self._entries.get(action.target)

    def _chosen(self, action: Action) -> list[Entry]:
        room = str(action.data.get("room", ""))
        return [e for e in self.all() if _domain(e) == action.domain and (not room or e.room == room)]

    # -- the time comes ----------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Ring what is due, until cancelled. What was due before is told first."""
        while True:
            self._changed.clear()
            least = FAILED_SECONDS
            try:
                await self._ring_what_is_due()
                least = 0.0
            except ApplianceError as error:  # whatever fails, what rings next must ring
                self._failed(error)
            except Exception:
                log.exception("a bug met the timers")
                self._failed(ApplianceError("bug", stage="timers"))
            waiting = [self.remaining(entry) for entry in self.all() if entry.left_seconds is None]
            seconds = min(max(least, min(waiting)), CHECK_SECONDS) if waiting else None
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._changed.wait()

    async def _ring_what_is_due(self) -> None:
        self._follow_the_clock()
        due = [entry for entry in self.all() if entry.left_seconds is None and self.remaining(entry) <= 0]
        await self._tell_missed([entry for entry in due if self._is_too_late(entry)])
        for entry in due:
            if not self._is_too_late(entry):
                await self._finish(entry)

    def _failed(self, error: ApplianceError) -> None:
        log.warning("timers: %s", error)
        self._publish(events.Failed(stage=error.stage, code=error.code, message=error.text(self._language)))

    def _is_too_late(self, entry: Entry) -> bool:
        return -self.remaining(entry) > RINGS_LATE_SECONDS.get(entry.what, USUAL_LATE_SECONDS)

    def _follow_the_clock(self) -> None:
        """Write the stored times again where somebody set the wall clock."""
        offset = self._wall() - self._monotonic()
        if abs(offset - self._offset) < JUMP_SECONDS:
            return
        self._offset = offset
        for entry in self.all():
            if entry.ends is not None:
                entry.due = entry.ends + offset
                self._safely(lambda entry=entry: self._kept.save(entry))  # type: ignore[misc]

    async def _finish(self, entry: Entry) -> None:
        now = self._clock()
        self._tell(events.TimerFinished, entry, remaining_seconds=0)
        if entry.what == "command":
            self._next(entry)  # before it is done: what cannot be forgotten must not be done again and again
            await self._reach(lambda room: self._later(entry.text, room, entry.language), entry.room)
        else:
            seconds = RING_SECONDS.get(entry.what, USUAL_RING_SECONDS)
            words = ringing(entry, now, entry.language)
            self._rang[entry.room] = (entry, self._monotonic())
            await self._reach(
                lambda room: self._send(events.Ring(room=room, text=words, timer_id=entry.id, seconds=seconds)),
                entry.room,
            )
            self._next(entry)

    async def _tell_missed(self, late: Sequence[Entry]) -> None:
        """Say in each room what it missed, all in one: what is said next would cut off what is said now."""
        now = self._clock()
        for room in dict.fromkeys(entry.room for entry in late):
            here = [entry for entry in late if entry.room == room]
            words = missed(here, now, self._language)
            await self._reach(self._sender(events.Say(text=words, language=self._language)), room)
            for entry in here:
                self._tell(events.TimerFinished, entry, remaining_seconds=0, missed=True)
                self._next(entry)

    def _sender(self, wish: Command) -> Callable[[str], Awaitable[None]]:
        return lambda room: self._send(replace(wish, room=room))

    async def _reach(self, send: Callable[[str], Awaitable[None]], room: str) -> None:
        """Send to a room, to the first one where it is no more."""
        for name in dict.fromkeys((room, "")):
            try:
                await send(name)
            except ApplianceError as error:
                log.warning("room %r was not reached: %s", name, error)
            else:
                return

    def _next(self, entry: Entry) -> None:
        """Forget what has had its time, or set what comes again for the next one. Only now: better twice than never."""
        if not entry.days:
            self._entries.pop(entry.id, None)
            self._safely(lambda: self._kept.forget(entry.id))
            return
        again = next_time(entry.wall_time, entry.days, self._clock() + timedelta(seconds=1))
        self._entries[entry.id] = replace(entry, due=again.timestamp())
        self._safely(lambda: self._update(self._entries[entry.id]))

    def _safely(self, write: Callable[[], None]) -> None:
        """Write where the disk lets us: a full one must not silence what rings next."""
        try:
            write()
        except ApplianceError as error:
            self._failed(error)

    def _wall(self) -> float:
        return self._clock().timestamp()

    def _tell(self, kind: type[Timed], entry: Entry, **fields: object) -> None:
        told: dict[str, object] = {
            "room": entry.room,
            "id": entry.id,
            "what": entry.what,
            "name": entry.name,
            "text": entry.text,
            "total_seconds": round(entry.total_seconds),
            "remaining_seconds": max(0, round(self.remaining(entry))),
            "active": entry.left_seconds is None,
        }
        self._publish(kind(**(told | fields)))  # type: ignore[arg-type]


def _domain(entry: Entry) -> str:
    return "timer" if entry.what == "command" else entry.what


def _is_length(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value < float("inf")


def _moment(value: object) -> datetime | None:
    try:
        return datetime.fromisoformat(str(value))
    except ValueError:
        return None
