"""What the language model is told: who it is, how to speak, where and when it is, and the conversation so far.

A small board reads a prompt at a few dozen tokens a second, so the prompt is short and made to stay in the model's cache:
the rules first, which never change, then the place and the day, which seldom do, then the turns, then the question.
The hour is given without its minutes (the clock skill tells the time exactly): with them, each minute would make the
model read the whole conversation again.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from appliance.engines import Message
from appliance.history import History
from appliance.messages import text


class Circumstances(Protocol):
    """What the prompt needs to know of the moment."""

    @property
    def language(self) -> str:
        """Language of the answer: "fr" or "en"."""

    @property
    def now(self) -> datetime:
        """Local time."""

    @property
    def place(self) -> str:
        """Town where the box stands, or ""."""


def system_prompt(language: str, place: str, now: datetime) -> str:
    """Return the rules of the house, then the place (where one is known), the day and the hour."""
    rules = text("prompt-rules", language)
    where = text("prompt-place", language, place=place) if place else ""
    when = text(
        "prompt-moment",
        language,
        weekday=text(f"weekday-{now.isoweekday()}", language),
        day=now.day,
        month=text(f"month-{now.month}", language),
        year=now.year,
        hour=now.hour,
    )
    return " ".join(part for part in (rules, where, when) if part)


def messages(circumstances: Circumstances, history: History, question: str) -> list[Message]:
    """Return the conversation for the model: the system prompt, the turns of which something was heard, the question.

    An answer that was cut short ends in "…".
    """
    talk = [Message("system", system_prompt(circumstances.language, circumstances.place, circumstances.now))]
    for turn in history.turns:
        if turn.heard:
            heard = turn.heard.rstrip(" .…") + "…" if turn.interrupted else turn.heard
            talk += [Message("user", turn.question), Message("assistant", heard)]
    return [*talk, Message("user", question)]
