"""Wishes that wait for a person: one a room, once, and not for long. And those who guess at the code.

A wish of level 2 can be answered once the room was heard to listen for it (`open`), for LISTENING_SECONDS; whoever began to
speak in time may finish (`speaking`). One of level 3 waits APPROVING_SECONDS from the moment it was wished. Nothing here acts:
what ran out is handed to `expired`, which writes it down.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from appliance.actions import Action, Origin
from appliance.messages import text

LISTENING_SECONDS = 10.0
"""A spoken yes must begin within."""
SPEAKING_SECONDS = 35.0
"""Whoever began in time is recognised by then: the longest utterance and a slow recogniser."""
TYPING_SECONDS = 30.0
UNASKED_SECONDS = 60.0
"""A question that no room ever listened for is dropped."""
APPROVING_SECONDS = 60.0
MOST_WAITING = 20
READ_BACK = 4
"""So many actions are read one by one; of the others the number is told."""
SPOKEN = ("voice", "keyboard")
"""The paths of somebody who is there."""
OWN = (*SPOKEN, "page")
"""The paths of wishes that need not be named to be approved: of whoever wished them on purpose, here. What came over a link,
or was put off (perhaps by a link), is approved by its id only: no button and no bare code answers a stranger."""


@dataclass(eq=False, slots=True)
class Waiting:
    """A wish that waits."""

    request_id: str
    actions: tuple[Action, ...]
    origin: Origin
    level: int
    wish: str
    """In words, as it was read back."""
    language: str
    undoing: bool
    fingerprints: tuple[str, ...] = ()
    """Of its actions: how each was to be done when it was read back."""
    is_open: bool = False
    """True while a spoken yes counts."""
    spoken_to: bool = False
    """True once somebody began to speak while it was open."""


class Approvals:
    """What waits, by room."""

    def __init__(self, expired: Callable[[Waiting], None]) -> None:
        self._expired = expired
        self._waiting: dict[str, Waiting] = {}
        self._timers: dict[str, asyncio.TimerHandle] = {}

    def all(self) -> list[Waiting]:
        """Return what waits, the oldest first."""
        return list(self._waiting.values())

    def of(self, room: str) -> Waiting | None:
        """Return what waits in a room."""
        return self._waiting.get(room)

    def has_place(self, origin: Origin) -> bool:
        """Tell whether a wish may wait: what came over a link never takes the place of what somebody there said."""
        known = self.of(origin.room)
        if known is None:
            return origin.path in SPOKEN or len(self._waiting) < MOST_WAITING
        return origin.path in SPOKEN or known.origin.path not in SPOKEN

    def add(self, waiting: Waiting, seconds: float) -> None:
        """Let a wish wait for so long. Its room must be free."""
        assert waiting.origin.room not in self._waiting
        self._waiting[waiting.origin.room] = waiting
        self._until(waiting, seconds)

    def take(self, waiting: Waiting) -> bool:
        """Take a wish out, once: False where it was taken, has expired or was replaced."""
        room = waiting.origin.room
        if self._waiting.get(room) is not waiting:
            return False
        del self._waiting[room]
        self._timers.pop(room).cancel()
        return True

    def open(self, room: str) -> None:
        """The room listens: from now on a spoken yes counts, for a while, the first time only."""
        waiting = self.of(room)
        if waiting and not waiting.is_open and waiting.level == 2:
            waiting.is_open = True
            self._until(waiting, LISTENING_SECONDS)

    def speaking(self, room: str) -> None:
        """Somebody began to speak in the room: what is open waits for the end of it."""
        waiting = self.of(room)
        if waiting and waiting.is_open and not waiting.spoken_to:
            waiting.spoken_to = True
            self._until(waiting, SPEAKING_SECONDS)

    def find(self, request_id: str, room: str = "") -> Waiting | None:
        """Return the wish of that id (in that room, where one is named), or where there is no id the only one of OWN."""
        found = [w for w in self.all() if w.request_id == request_id] if request_id else self.own()
        found = [w for w in found if not room or w.origin.room == room]
        return found[0] if len(found) == 1 else None

    def own(self) -> list[Waiting]:
        """Return what waits and need not be named."""
        return [waiting for waiting in self.all() if waiting.origin.path in OWN]

    def _until(self, waiting: Waiting, seconds: float) -> None:
        room = waiting.origin.room
        if room in self._timers:
            self._timers[room].cancel()
        self._timers[room] = asyncio.get_running_loop().call_later(seconds, self._run_out, waiting)

    def _run_out(self, waiting: Waiting) -> None:
        if self.take(waiting):
            self._expired(waiting)


@dataclass(frozen=True, slots=True)
class Undo:
    """What gives the state of before back."""

    actions: tuple[Action, ...]
    fingerprints: tuple[str, ...]
    until: float


class Undoings:
    """What "annule" does in each room, for a moment."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._undo: dict[str, Undo] = {}

    def remember(self, room: str, actions: Sequence[Action], fingerprints: tuple[str, ...]) -> None:
        """Note what takes back what was done last; nothing where nothing can: never something older."""
        self._undo.pop(room, None)
        if actions:
            self._undo[room] = Undo(tuple(actions), fingerprints, asyncio.get_running_loop().time() + self._seconds)

    def take(self, room: str) -> Undo | None:
        """Return what can be taken back in a room, once."""
        undo = self._undo.pop(room, None)
        return undo if undo and asyncio.get_running_loop().time() <= undo.until else None


def in_words(words: Sequence[str], language: str) -> str:
    """Return what is wished in words: READ_BACK one by one, of the others the number."""
    if len(words) > READ_BACK:
        words = [*words[:READ_BACK], text("action-others", language, count=len(words) - READ_BACK)]
    joined = ", ".join(words[:-1])
    return text("action-and", language, first=joined, last=words[-1]) if joined else words[-1]


class Guesses:
    """Stops those who try one code after the other: FREE wrong ones, then a pause that doubles each time."""

    FREE = 5
    FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 300.0, 86_400.0

    def __init__(self) -> None:
        self._wrong = 0
        self._pauses = 0
        self._until = 0.0

    def pause_seconds(self, now: float) -> float:
        """Return for how long no code is looked at, 0 for not at all."""
        return max(0.0, self._until - now)

    def wrong(self, now: float) -> None:
        """Count a wrong code."""
        self._wrong += 1
        if self._wrong >= self.FREE:
            pause = min(self.FIRST_PAUSE_SECONDS * 2**self._pauses, self.LONGEST_PAUSE_SECONDS)
            self._wrong, self._pauses, self._until = 0, self._pauses + 1, now + pause

    def right(self) -> None:
        """Forget what was wrong before."""
        self._wrong = self._pauses = 0
