"""Which device each command topic reaches, found without looking at every thing of the home. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Generic, TypeVar

from appliance.links._topics import reach

K = TypeVar("K")
Levels = tuple[str, ...]
LEVELS_LIMIT = 10
"""Topics that begin alike for so long count as one device's: else one topic of a hundred levels would fill the index."""


class Reaches(Generic[K]):
    """Who moves what: the answers are those of _topics.same_device."""

    def __init__(self) -> None:
        self._at: defaultdict[Levels, set[K]] = defaultdict(set)
        """By the whole reach."""
        self._below: defaultdict[Levels, set[K]] = defaultdict(set)
        """By each beginning of it, of two levels or more, itself included."""

    def add(self, who: K, topics: Iterable[str]) -> None:
        """Note that `who` commands these topics."""
        for levels in map(_reach, topics):
            self._at[levels].add(who)
            for start in _starts(levels):
                self._below[start].add(who)

    def remove(self, who: K, topics: Iterable[str]) -> None:
        """Forget what was added."""
        for levels in map(_reach, topics):
            for table, key in ((self._at, levels), *((self._below, start) for start in _starts(levels))):
                table[key].discard(who)
                if not table[key]:
                    del table[key]

    def touching(self, topics: Iterable[str]) -> set[K]:
        """Return all who move a device that one of these topics moves."""
        found: set[K] = set()
        for levels in map(_reach, topics):
            found |= self._below.get(levels, set())
            for start in (levels, *_starts(levels)):
                found |= self._at.get(start, set())
        return found


def _reach(topic: str) -> Levels:
    return reach(topic)[:LEVELS_LIMIT]


def _starts(levels: Levels) -> list[Levels]:
    return [levels[:length] for length in range(2, len(levels) + 1)]
