"""In-process publish and subscribe: what happened, told to whoever wants to know.

Publishing never waits: each subscriber has a bounded queue, and a subscriber that does not keep up loses its oldest
events, which are counted. So no log, database or broker can ever delay a turn.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

from appliance.events import Event


class Subscription:
    """An asynchronous iterator over the events published since it was opened."""

    def __init__(self, limit: int) -> None:
        self._events: deque[Event] = deque()
        self._limit = limit
        self._ready = asyncio.Event()
        self.dropped = 0
        """Events lost because this subscriber did not keep up."""

    def put(self, event: Event) -> None:
        """Add an event; the oldest goes where the queue is full."""
        if len(self._events) >= self._limit:
            self._events.popleft()
            self.dropped += 1
        self._events.append(event)
        self._ready.set()

    def __aiter__(self) -> AsyncIterator[Event]:
        return self

    async def __anext__(self) -> Event:
        while not self._events:
            self._ready.clear()
            await self._ready.wait()
        return self._events.popleft()

    def drain(self) -> list[Event]:
        """Return what waits, without waiting."""
        waiting = list(self._events)
        self._events.clear()
        return waiting


class Bus:
    """Carries events from the parts of the box to its links, logs and tests."""

    def __init__(self) -> None:
        self._subscriptions: set[Subscription] = set()

    def publish(self, event: Event) -> None:
        """Hand `event` to every subscriber, at once and without waiting."""
        for subscription in tuple(self._subscriptions):
            subscription.put(event)

    @contextmanager
    def subscribe(self, limit: int = 1000) -> Iterator[Subscription]:
        """Open a subscription for the length of a `with` block; it may hold `limit` waiting events."""
        subscription = Subscription(limit)
        self._subscriptions.add(subscription)
        try:
            yield subscription
        finally:
            self._subscriptions.discard(subscription)
