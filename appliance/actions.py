"""What can be done in the world, by whom, and who carries it out: the vocabulary around the executor.

    sentence │ model's tool call │ MQTT │ page │ timer  ──▶  Action + Origin  ──▶  executor  ──▶  Actuator

An `Action` says what is wished and nothing of whether it may be: its level is looked up by levels.py from what the owner
and this program say, never from the action itself, so that nothing that is said, retrieved, generated or received can raise
its own rights. Only executor.py calls `Actuator.do`; a rule test looks for any other caller.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

Value = str | int | float | bool

Path = Literal["voice", "keyboard", "text", "mqtt", "page", "timer"]
"""How a wish came in. voice: a microphone of the room; keyboard: the terminal of the box; text: `ask` over a link;
mqtt: a command with an action in it; page: a screen; timer: what had been put off until now."""
Author = Literal["sentence", "repair", "model", "owner"]
"""Who made the action out of it: an exact sentence, a sentence heard imperfectly, the language model, the owner's own rule."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a wish comes from."""

    path: Path
    room: str = ""
    author: Author = "sentence"


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to be done."""

    domain: str
    """light, switch, cover, lock, fan, climate, scene, script, media_player, vacuum; timer, alarm, reminder, list; box."""
    service: str
    """What of it, as Home Assistant names it where it has a name: turn_on, set_position, unlock...; add, cancel..."""
    target: str = ""
    """Id of the thing, timer or list; "" where there is none."""
    data: Mapping[str, Value] = field(default_factory=dict)
    """What the service needs: brightness_percent, temperature..."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a wish."""

    status: Literal["done", "confirm", "approve", "refused", "failed"]
    """done; confirm: a spoken yes is awaited in the room; approve: a second factor is awaited; refused: it may not be, or
    there is no way to approve it; failed: it may be, and did not work."""
    text: str = ""
    """What to tell the person; "" where it was done and whoever asked knows better how to say so."""
    request_id: str = ""
    """What an approval names."""


Perform = Callable[[Sequence[Action]], Awaitable[Outcome]]
"""The executor, bound to one origin: what a skill is given."""


class Actuator(Protocol):
    """Carries actions out. The only caller of `do` is the executor."""

    domains: frozenset[str]
    """The domains of actions that it knows."""

    def knows(self, action: Action) -> bool:
        """Tell whether this very action can be carried out: the target exists, the service and its data make sense."""

    def describe(self, action: Action, language: str) -> str:
        """Return the action in words, infinitive: "ouvrir les volets du bureau". Made from what the owner named, never
        from what asked for it: this is what a person says yes to."""

    def undoing(self, action: Action) -> tuple[Action, ...] | None:
        """Return what would give the present state back; None where nothing can. Called before `do`."""

    async def do(self, action: Action) -> None:
        """Do it. Raises ApplianceError where it cannot."""
