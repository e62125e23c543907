"""Where an answer comes from: a skill when something is to be done, else the language model, else an honest "no".

The order is the law of the house: what can be done or looked up exactly never goes to the model. The answer is a stream of
pieces fit to be spoken, so that the first is heard while the rest is being thought.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field

from appliance.errors import ApplianceError
from appliance.history import History
from appliance.messages import text
from appliance.prompt import messages
from appliance.sentences import pieces
from appliance.skills import Match, Situation, Skills
from appliance.worker import Worker


@dataclass
class Answer:
    """An answer under way. Iterate over `pieces` once; `text` grows meanwhile."""

    by: str
    """skill:<name> | llm | box"""
    pieces: AsyncGenerator[str, None]
    sources: list[str] = field(default_factory=list)
    ends: bool = False
    """True where the person called the turn off."""
    asks: bool = False
    """True where the person is expected to answer: the room listens again, without a wake word, once."""
    match: Match | None = None
    """The sentence, where a skill took it."""


class Answerer:
    """Finds who answers. Shared by all rooms."""

    def __init__(self, skills: Skills, llm: Worker | None, max_tokens: int) -> None:
        self._skills, self._llm, self._max_tokens = skills, llm, max_tokens

    @property
    def has_model(self) -> bool:
        """False where only skills answer."""
        return self._llm is not None

    async def answer(
        self, question: str, situation: Situation, history: History, mark: Callable[[str, float], None]
    ) -> Answer:
        """Return the answer to `question`. `mark(stage, seconds)` is told how long each stage took.

        Raises what a skill raises; the pieces raise EngineError where the model dies.
        """
        if situation.heard:
            outcome = await situation.heard(question, situation.confidence, situation.origin, situation.language)
            if outcome:
                said = outcome.text or text("action-done", situation.language)
                return Answer("box", _one(said), asks=outcome.status == "confirm")
        began = time.perf_counter()
        match = self._skills.match(question, situation.language)
        mark("intent", time.perf_counter() - began)
        if match:
            reply = await self._skills.handle(match, situation.acting("sentence"))
            return Answer(f"skill:{match.skill}", _one(reply.text), ends=reply.ends, match=match, asks=reply.asks)
        if self._llm is None:
            return Answer("box", _one(text("spoken-no-model", situation.language)))
        return Answer("llm", self._think(question, situation, history, mark))

    async def warm(self, situation: Situation) -> None:
        """Compile the sentences and read the unchanging part of the prompt, so that the first turn need not."""
        self._skills.match("?", situation.language)
        if self._llm:
            with contextlib.suppress(ApplianceError):
                await self._llm.call("warm", messages(situation, History(), "")[:1])

    async def _think(
        self, question: str, situation: Situation, history: History, mark: Callable[[str, float], None]
    ) -> AsyncGenerator[str, None]:
        assert self._llm is not None
        began = time.perf_counter()
        stream = self._llm.stream("chat", messages(situation, history, question), self._max_tokens)
        said = False
        async with (
            contextlib.aclosing(stream) as thoughts,
            contextlib.aclosing(pieces(_timed(thoughts, began, mark))) as out,
        ):
            async for piece in out:
                if not said:
                    mark("llm_first_clause", time.perf_counter() - began)
                    said = True
                yield piece
        mark("llm", time.perf_counter() - began)
        if not said:
            yield text("spoken-no-answer", situation.language)


async def _timed(
    stream: AsyncIterator[str], began: float, mark: Callable[[str, float], None]
) -> AsyncGenerator[str, None]:
    first = True
    async for piece in stream:
        if first:
            mark("llm_first_token", time.perf_counter() - began)
            first = False
        yield piece


async def _one(piece: str) -> AsyncGenerator[str, None]:
    if piece:
        yield piece
