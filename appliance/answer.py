"""Where an answer comes from: a skill when something is to be done, else the language model, else an honest "no".

    a question of ours waits? ─▶ yes, no │ a sentence: exact, or by its sound ─▶ skill │ doubtful ─▶ asked back
        └▶ the model chooses among what the words support ─▶ the same skill │ talk ─▶ the model

The order is the law of the house: what can be done or looked up exactly never goes to the model. The answer is a stream of
pieces fit to be spoken, so that the first is heard while the rest is being thought.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass, field, replace

from appliance.actions import Author, Origin
from appliance.errors import ApplianceError
from appliance.history import History
from appliance.home import Home
from appliance.messages import text
from appliance.prompt import messages
from appliance.sentences import pieces
from appliance.skills import OWNER, Match, Situation, Skills
from appliance.tools import concerns_home, offer, opening
from appliance.understand import Understanding, Understood
from appliance.worker import Worker
from appliance.yes_no import said_no, said_yes

DOUBT_SECONDS = 20.0
"""For how long a yes takes a doubt away, counted from the question's first word."""


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
    understood: Understood | None = None
    """What was made of the question, where it was none of the answers that the box waited for."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A sentence that was probably meant, asked back."""

    match: Match
    origin: Origin
    until: float
    """Time of the loop."""


class Answerer:
    """Finds who answers. Shared by all rooms."""

    def __init__(
        self,
        skills: Skills,
        llm: Worker | None,
        max_tokens: int,
        home: Home | None = None,
    ) -> None:
        self._skills, self._llm, self._max_tokens = skills, llm, max_tokens
        self._home = home or Home()
        self._understandings: dict[str, Understanding] = {}
        self._doubts: dict[str, Doubt] = {}
        """By room."""

    @property
    def has_model(self) -> bool:
        """False where only skills answer."""
        return self._llm is not None

    def understanding(self, language: str) -> Understanding:
        """Return what understands this language."""
        if language not in self._understandings:
            skills = self._skills
            self._understandings[language] = Understanding(language, self._home, skills.found, skills.own)
        return self._understandings[language]

    async def answer(
        self, question: str, situation: Situation, history: History, mark: Callable[[str, float], None]
    ) -> Answer:
        """Return the answer to `question`. `mark(stage, seconds)` is told how long each stage took.

        Raises what a skill raises; the pieces raise EngineError where the model dies.
        """
        began = time.perf_counter()
        if settled := await self._settled(question, situation):
            return settled
        understood = self.understanding(situation.language).understand(
            question, situation.readings, situation.confidence
        )
        mark("intent", time.perf_counter() - began)
        if understood.match and understood.verdict == "doubtful":
            return self._ask_back(understood, understood.match, situation)
        if understood.match:
            author: Author = "sentence" if understood.verdict == "exact" else "repair"
            return await self._handled(understood.match, question, situation, author, understood)
        if match := await self._chosen(question, situation, mark):
            return await self._handled(match, question, situation, "model", understood)
        if concerns_home(question, self._home, situation.language):
            return Answer("box", _one(text("spoken-home-unknown", situation.language)), understood=understood)
        if self._llm is None:
            return Answer("box", _one(text("spoken-no-model", situation.language)), understood=understood)
        return Answer("llm", self._think(question, situation, history, mark), understood=understood)

    async def warm(self, situation: Situation) -> None:
        """Compile the sentences and read the unchanging part of the prompts, so that the first turn need not."""
        await asyncio.to_thread(self.understanding(situation.language).compile)
        if self._llm:
            with contextlib.suppress(ApplianceError):
                if self._home.things:
                    await self._llm.call("choose", opening(situation.language), "{}", 0)
                await self._llm.call("warm", messages(situation, History(), "")[:1])

    async def keep_up(self) -> None:
        """Compile the sentences again where a name of the home changed, beside the turns."""
        for understanding in list(self._understandings.values()):
            await understanding.keep_up()

    async def _settled(self, question: str, situation: Situation) -> Answer | None:
        """Take what was said as the answer to a question of the box, where one waits in this room."""
        language, room = situation.language, situation.room
        doubt = self._doubts.pop(room, None)
        if situation.heard:
            outcome = await situation.heard(question, situation.confidence, situation.origin, language)
            if outcome:
                return Answer(
                    "box", _one(outcome.text or text("confirm-done", language)), asks=outcome.status == "confirm"
                )
        if doubt is None or asyncio.get_running_loop().time() > doubt.until or doubt.origin != situation.origin:
            return None
        if said_no(question, language):
            return Answer("box", _one(text("doubt-dropped", language)))
        if said_yes(question, language):
            return await self._handled(doubt.match, doubt.match.sentence, situation, "repair")
        return None

    def _ask_back(self, understood: Understood, match: Match, situation: Situation) -> Answer:
        until = asyncio.get_running_loop().time() + DOUBT_SECONDS
        self._doubts[situation.room] = Doubt(match, situation.origin, until)
        asked = text("doubt-question", situation.language, sentence=understood.sentence)
        return Answer("box", _one(asked), asks=True, understood=understood)

    async def _handled(
        self, match: Match, said: str, situation: Situation, author: Author, understood: Understood | None = None
    ) -> Answer:
        """Let the skill act and answer, in the name of whoever made the match."""
        if match.skill == OWNER:
            author = "owner"
        situation = replace(situation.acting(author), said=said)
        reply = await self._skills.handle(match, situation)
        by = f"skill:{match.skill}"
        return Answer(by, _one(reply.text), ends=reply.ends, asks=reply.asks, match=match, understood=understood)

    async def _chosen(self, question: str, situation: Situation, mark: Callable[[str, float], None]) -> Match | None:
        """Let the model choose among what the words support; None where they support nothing, or it chose nothing."""
        if self._llm is None or not (offered := offer(question, self._home, situation.language, situation.area)):
            return None
        began = time.perf_counter()
        answer = await self._llm.call("choose", offered.messages(), offered.schema(), offered.tokens())
        mark("tools", time.perf_counter() - began)
        return offered.match(answer, self._skills.handlers)

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
