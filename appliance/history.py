"""What was asked, and what was heard of each answer: the memory of one conversation.

The memory is short on purpose. On a small board each remembered word is read again by the language model, and after a few
turns people have changed the subject. What was not heard was not said: an answer that was cut short is kept as far as
the loudspeaker had come, so that "et ensuite ?" continues from there.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and what was heard of its answer."""

    question: str
    heard: str
    interrupted: bool = False
    """True where the answer was cut short: `heard` is its beginning, perhaps empty."""


class History:
    """The newest turns of a conversation, at most `turns` of them and `characters` in all (the newest always stays)."""

    def __init__(self, turns: int = 4, characters: int = 1600) -> None:
        self._turns: deque[Turn] = deque(maxlen=turns)
        self._characters = characters

    def add(self, question: str, heard: str, *, interrupted: bool = False) -> None:
        """Remember a turn; the oldest ones go where the budget is exceeded."""
        self._turns.append(Turn(question.strip(), heard.strip(), interrupted))
        while len(self._turns) > 1 and self._size() > self._characters:
            self._turns.popleft()

    def interrupted(self, heard: str) -> None:
        """Keep only this part of the newest answer, and mark it as cut short. Nothing happens without a turn."""
        if self._turns:
            self._turns[-1] = replace(self._turns[-1], heard=heard.strip(), interrupted=True)

    def forget(self) -> None:
        """Begin a new conversation."""
        self._turns.clear()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The remembered turns, oldest first."""
        return tuple(self._turns)

    def _size(self) -> int:
        return sum(len(turn.question) + len(turn.heard) for turn in self._turns)
