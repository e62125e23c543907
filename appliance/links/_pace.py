"""Tells how things stand, each not too often: a thing that changes all the time tells its last state, a little later."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

CHANGES_LIMIT, CHANGES_SECONDS = 10, 1.0
"""So many changes of one thing are told in so many seconds."""
Later = Callable[[float, Callable[[], None]], object]


def later(seconds: float, act: Callable[[], None]) -> None:
    """Do something after a while; at once where nothing runs that could wait."""
    try:
        asyncio.get_running_loop().call_later(seconds, act)
    except RuntimeError:
        act()


class Pace:
    """Calls `tell` with the id of a thing that changed."""

    def __init__(self, tell: Callable[[str], None], clock: Callable[[], float], wait: Later = later) -> None:
        self._tell, self._clock, self._wait = tell, clock, wait
        self._told: dict[str, deque[float]] = {}
        self._waiting: set[str] = set()

    def changed(self, thing_id: str) -> None:
        """Tell it now, or once for all changes until then as soon as that is not too often."""
        if thing_id in self._waiting:
            return
        told, now = self._told.setdefault(thing_id, deque(maxlen=CHANGES_LIMIT)), self._clock()
        left = told[0] + CHANGES_SECONDS - now if len(told) == CHANGES_LIMIT else 0.0
        if left > 0:
            self._waiting.add(thing_id)
            self._wait(left, lambda: self._now(thing_id))
        else:
            told.append(now)
            self._tell(thing_id)

    def forget(self, thing_id: str) -> None:
        """Drop what is kept of a thing that is gone."""
        self._told.pop(thing_id, None)

    def _now(self, thing_id: str) -> None:
        self._waiting.discard(thing_id)
        if thing_id in self._told:
            self._told[thing_id].append(self._clock())
        self._tell(thing_id)
