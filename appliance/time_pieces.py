"""The reader of times: pieces that are taken off a phrase from the left, until nothing is left of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from appliance.moments import Said

Note = Callable[["re.Match[str]", Said], None]
_AGAIN = ("filler", "part")
"""What may be said twice: "lundi matin à neuf heures du matin"."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that a phrase may say of a moment, and what it means."""

    kind: str
    pattern: re.Pattern[str]
    note: Note | None


def piece(kind: str, body: str, note: Note | None) -> Piece:
    """Return a piece whose words end where a word ends."""
    return Piece(kind, re.compile(rf"(?:{body})(?: |$)"), note)


def read(text: str, pieces: Sequence[Piece]) -> Said | None:
    """Return what a normalised phrase says of a moment; None where a word of it says nothing, or nothing says anything."""
    said, seen, at = Said(), set[str](), 0
    while at < len(text):
        found = next((p, m) for p in [*pieces, _NOTHING] if (m := p.pattern.match(text, at)))
        one, match = found
        if one is _NOTHING or (one.kind in seen and one.kind not in _AGAIN):
            return None
        if one.note:
            seen.add(one.kind)
            one.note(match, said)
        at = match.end()
    return said if seen else None


_NOTHING = Piece("nothing", re.compile(""), None)


@dataclass(frozen=True, slots=True)
class Durations:
    """How a language says lengths of time, normalised."""

    whole: str
    """Pattern of a whole length, without named groups."""
    term: re.Pattern[str]
    """One number with its unit: groups n, unit, extra ("et demie", "30")."""
    units: Mapping[str, int]
    """Seconds of each unit."""
    shares: Mapping[str, float]
    """What an extra adds, as a share of the unit."""

    def seconds(self, text: str) -> float | None:
        """Return the seconds; None where this is no length, or its units do not get smaller."""
        if not re.fullmatch(self.whole, text):
            return None
        total, smallest = 0.0, float("inf")
        for match in self.term.finditer(text):
            unit = self.units[match["unit"]]
            if unit >= smallest:
                return None
            smallest = unit
            number = float(match["n"]) if match["n"][0].isdigit() else 1.0
            extra = (match["extra"] or "").strip()
            if extra.isdigit():  # "une heure trente": of the next smaller unit
                smallest = unit // 60
                if unit not in (60, 3600) or int(extra) >= 60:
                    return None
                total += int(extra) * smallest
            total += unit * (number + self.shares.get(extra, 0))
        return total or None

    def after(self, match: re.Match[str], said: Said) -> None:
        """Note "in ten minutes"; the length is the group `span`."""
        length = self.seconds(match["span"])
        said.after = timedelta(seconds=length) if length else None
