"""Wishes: the commands that the box carries out. `events.py` names them too; both are one vocabulary.

Frozen, slotted dataclasses that hold plain JSON values only, as the events are.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """Something that is wished. An empty `room` means the first room of the configuration."""

    room: str = ""
    command_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Command):
    """Speak this text as it is."""

    text: str
    language: str = ""
    """fr or en, one that the box speaks; empty: the box's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Command):
    """Answer this text as if it had been heard, aloud."""

    text: str
    language: str = ""
    """The language of the text and of the answer, as for Say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listen(Command):
    """Listen now, without a wake word (push to talk)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop(Command):
    """Fall silent and end the turn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute(Command):
    """Cut the capture of sound."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmute(Command):
    """Give the capture of sound back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetVolume(Command):
    """Set the loudness of the voice."""

    percent: int
    """0 to 100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Act(Command):
    """Do this, without words. Its level is the executor's to say: what is critical waits for a yes or a second factor."""

    service: str
    """domain.service, as Home Assistant names it: light.turn_on, cover.open_cover..."""
    thing: str = ""
    """Id, name or alias of the thing."""
    data: dict[str, str | int | float | bool] = field(default_factory=dict)
    """What the service needs: brightness_percent, temperature..."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Approve(Command):
    """The second factor: let the wish that waits be done. It is never logged, published or written down with its code."""

    code: str = field(repr=False)
    request_id: str = ""
    """As ApprovalWanted told it; empty where only one wish waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Command):
    """Tell which wishes wait for a second factor: CommandDone with request_id -> the wish in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refuse(Command):
    """Let a wish that waits not be done."""

    request_id: str = ""
    """Empty: all that waits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring(Command):
    """Ring, and say why, until somebody hears: a wake word, a command, or the end of `seconds`."""

    text: str
    timer_id: str = ""
    """The timer, alarm or reminder whose time has come."""
    seconds: float = 60.0
    """For how long at most."""
    language: str = ""
    """The language of the text, as for Say."""
