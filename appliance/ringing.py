"""What rings in a room: one turn that rings until somebody hears it, for all whose time has come meanwhile. And what was put
off until now.

It waits for the answer that is being spoken, but not for long, and for whoever is speaking to the end. A wake word, `stop`
or pushing to talk means that it was heard; an announcement or a question from elsewhere only interrupts it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from appliance.events import Ring

PATIENCE_SECONDS = 8.0
"""For so long what is being said may go on."""
LONGEST_SECONDS = 600.0
PAUSE_SECONDS = 2.5
"""Silence between two rings, in which "stop" can be heard."""
SAY_EVERY = 5
"""Rings from one saying of what it is about to the next."""
HEARD = ("wake", "stop", "listen", "follow-up")
"""What cuts a ringing off for good."""


class Ringing:
    """The rings of one room. `ring` begins the turn and returns what cut it off, "" where nothing did."""

    def __init__(self, ring: Callable[[Ringing], Awaitable[str]], free: Callable[[float], Awaitable[None]]) -> None:
        self._ring, self._free = ring, free
        self._rings: list[tuple[Ring, float]] = []
        """With the loop's time at which each gives up."""
        self._unsaid: list[Ring] = []
        self._task: asyncio.Task[None] | None = None

    def add(self, ring: Ring) -> None:
        """Ring for this too, now or when the room is free."""
        ends = asyncio.get_running_loop().time() + min(max(ring.seconds, 1.0), LONGEST_SECONDS)
        self._rings.append((ring, ends))
        self._unsaid.append(ring)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="ringing")

    def going_on(self) -> bool:
        """Tell whether somebody is still to be rung for."""
        now = asyncio.get_running_loop().time()
        return bool(self._unsaid) or any(ends > now for _, ends in self._rings)

    def to_say(self, number: int) -> list[Ring]:
        """Return what is to be said after ring `number`: what is new, and everything now and then."""
        rings = [ring for ring, _ in self._rings] if number % SAY_EVERY == 0 else self._unsaid
        self._unsaid = []
        return list(rings)

    def heard(self) -> None:
        """Somebody said "stop", by whatever way: ring for nothing of before any more."""
        self._rings = [(ring, ends) for ring, ends in self._rings if ring in self._unsaid]

    async def aclose(self) -> None:
        """Ring no more."""
        if self._task:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self) -> None:
        while self.going_on():
            await self._free(PATIENCE_SECONDS)
            by = await self._ring(self)
            if not by:  # to the end, or the loudspeaker failed: it is not tried for ever
                self._rings, self._unsaid = [], []
            elif by in HEARD:
                self.heard()


class PutOff:
    """What is done in a room once that is free, one after the other. Whoever puts it here does not wait for it."""

    def __init__(self, free: Callable[[float], Awaitable[None]]) -> None:
        self._free, self._turn = free, asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    def add(self, begin: Callable[[], Awaitable[None]]) -> None:
        """Begin this when the room is free."""
        task = asyncio.create_task(self._run(begin), name="put-off")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def aclose(self) -> None:
        """Begin nothing more."""
        if tasks := list(self._tasks):
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _run(self, begin: Callable[[], Awaitable[None]]) -> None:
        async with self._turn:
            await self._free(PATIENCE_SECONDS)
            await begin()
