"""Skills: what the box does or says by itself, from closed sentences, exactly.

A skill is one file here, with

- `SENTENCES`: language -> intent -> hassil templates. Write them as people speak, with accents (a word sounds by
  them), without punctuation, capitals or hyphens. `[x]` is optional, `(a|b)` one of, `{slot}` a list of LISTS.
- `LISTS` (optional): slot -> hassil list.
- `async def handle(intent, slots, situation) -> Reply`.

A file whose name begins with `_` is no skill but a part of its neighbour.

Nothing else is edited to add one: file name = name in the events. Third parties register `grillon.skills` entry points
whose value is such a module. Politeness ("s'il te plaît", "dis-moi") is ignored by all of them, see FILLERS in folding.py.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any

from appliance.actions import Author, Origin, Outcome, Perform
from appliance.events import Command
from appliance.home import Home
from appliance.lists import Lists
from appliance.timers import Timers

Slots = dict[str, str | int | float]
OWNER = "owner"
"""The skill of the owner's own sentences."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a skill may know of the moment, and its one way to act: sending a command."""

    language: str
    room: str
    now: datetime
    place: str
    volume_percent: int
    last_answer: str
    """What the box said last in this room."""
    send: Callable[[Command], Awaitable[None]]
    home: Home = field(default_factory=Home)
    area: str = ""
    """The area of the home where this was said, or ""."""
    perform: Perform | None = None
    """The executor, bound to where this was said: the only way to act. None where the box has none (a conversation alone)."""
    undo: Callable[[str], Awaitable[Outcome | None]] | None = None
    """Takes back, in a language, what was done last in this room, while it may be; None where there is nothing."""
    origin: Origin = field(default=Origin("text"))
    """How this was said."""
    confidence: float = 1.0
    """How sure the recogniser was of it, 0 to 1."""
    readings: tuple[str, ...] = ()
    """What else the recogniser may have heard, the likeliest first."""
    bind: Callable[[Origin, str], Perform] | None = None
    """Makes the executor act for an origin, and ask in a language."""
    heard: Callable[[str, float, Origin, str], Awaitable[Outcome | None]] | None = None
    """Takes what was said as the answer to a question of the executor; None where it is none."""

    def acting(self, author: Author) -> Situation:
        """Return this situation with `perform` bound to whoever made actions out of what was said, and its language."""
        origin = replace(self.origin, author=author)
        perform = self.bind(origin, self.language) if self.bind else self.perform
        return replace(self, origin=origin, perform=perform)

    timers: Timers | None = None
    """To be read; changed by `perform`."""
    lists: Lists | None = None
    """To be read; changed by `perform`."""
    said: str = ""
    """The sentence as it was recognised or written, accents and all: slots are folded."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to say, written as one writes; an empty text is silence."""

    text: str
    ends: bool = False
    """True where the turn was called off ("stop")."""
    asks: bool = False
    """True where an answer is expected: the room listens again without a wake word, once."""


@dataclass(frozen=True, slots=True)
class Match:
    """A sentence that a skill understands."""

    skill: str
    intent: str
    slots: Slots
    sentence: str = field(default="", compare=False)
    """The sentence, folded, that means this."""


def modules() -> dict[str, ModuleType]:
    """Return every skill by name, the box's own first."""
    names = [m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")]
    found = {name: importlib.import_module(f"{__name__}.{name}") for name in names}
    for entry in entry_points(group="grillon.skills"):
        found.setdefault(entry.name, entry.load())
    return found


class Skills:
    """All skills: what can be said is taken from them by grammar.py, what was understood comes back to them."""

    def __init__(self, found: Mapping[str, Any] | None = None, own: Any = None) -> None:
        """`found`: skills by name, all of them by default; `own`: the owner's sentences (own_sentences.py)."""
        self.found = dict(modules() if found is None else found)
        self.own = own.sentences if own else ()
        if own:
            self.found[OWNER] = own
        self.handlers = {intent: name for name, skill in self.found.items() for intent in getattr(skill, "INTENTS", ())}
        """Home Assistant's intent -> the skill that handles it."""

    async def handle(self, match: Match, situation: Situation) -> Reply:
        """Let the skill act and answer."""
        reply: Reply = await self.found[match.skill].handle(match.intent, match.slots, situation)
        return reply
