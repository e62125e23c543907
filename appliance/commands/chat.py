"""`grillon chat`: the same answers in writing, without sound."""

from __future__ import annotations

import asyncio
import json
import sys
import threading
import time
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer

from appliance import commands
from appliance.actions import Origin
from appliance.app import Box
from appliance.commands import At, Json, Place, option, say
from appliance.errors import EngineError, InputError
from appliance.events import Command, SetVolume
from appliance.history import History
from appliance.messages import text
from appliance.skills import Situation


def chat(
    words: Annotated[str, typer.Argument(help=say("help-question"), metavar="[TEXTE]", show_default=False)] = "",
    batch: Annotated[Path | None, option("batch", "--batch", metavar="FILE")] = None,
    as_json: Json = False,
    at: At = "",
    place: Place = "",
) -> None:
    """Answer a question, a file of questions (each a conversation of its own), or what is typed."""
    settings = commands.placed(commands.settings(), place)
    clock = commands.clock_at(at, settings)
    questions = _questions(words, batch)

    async def answered() -> None:
        async with commands.loaded_box(settings, need=("llm",), clock=clock) as box:
            if questions is None:
                await _converse(box, as_json)
            for question in questions or []:
                _show(await _answer(box, question), as_json, alone=batch is None)

    asyncio.run(answered())


async def _answer(box: Box, question: str) -> dict[str, Any]:
    """Answer one question of its own; an engine that dies costs this answer and not those that follow."""
    try:
        return await Conversation(box).ask(question)
    except EngineError as error:
        commands.err.print(error.text(commands.language()), style="red", markup=False)
        answer = text("spoken-failed", box.settings.language)
        return {"question": question, "answer": answer, "by": None, "sources": [], "seconds": 0.0}


def _questions(words: str, batch: Path | None) -> list[str] | None:
    if batch is None:
        if not words and not sys.stdin.isatty():
            words = sys.stdin.read()
        words = commands.readable(words)
        return [words.strip()] if words.strip() else (None if sys.stdin.isatty() else _refuse())
    try:
        lines = (sys.stdin.read() if str(batch) == "-" else batch.read_text("utf-8")).splitlines()
    except FileNotFoundError as error:
        raise InputError("file-missing", path=batch) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("file-unreadable", path=batch, detail=error) from error
    return [commands.readable(line.strip()) for line in lines if line.strip()] or _refuse()


def _refuse() -> list[str]:
    raise InputError("text-empty")


async def _converse(box: Box, as_json: bool) -> None:
    conversation = Conversation(box)
    while (question := await _typed()) is not None:
        if question.strip():
            _show(await conversation.ask(commands.readable(question.strip())), as_json, alone=True)


async def _typed() -> str | None:
    """Return the next line that is typed, None at the end; Ctrl-C ends at once, which asyncio.to_thread would not."""
    loop = asyncio.get_running_loop()
    typed: asyncio.Future[str | None] = loop.create_future()

    def read() -> None:
        try:
            line: str | None = input("> ")
        except EOFError:
            line = None
        loop.call_soon_threadsafe(typed.set_result, line)

    threading.Thread(target=read, daemon=True).start()
    return await typed


class Conversation:
    """Questions and answers in writing, one after the other."""

    def __init__(self, box: Box) -> None:
        self._box, self._history, self._last, self._volume = box, History(), "", 70

    async def ask(self, question: str) -> dict[str, Any]:
        """Return {"question", "answer", "by", "sources", "seconds"}."""
        mind = self._box.mind
        began = time.perf_counter()
        answer = await mind.answerer.answer(question, self._situation(), self._history, lambda stage, seconds: None)
        self._last = " ".join([piece async for piece in answer.pieces])
        self._history.add(question, self._last)
        by = None if answer.by == "box" else answer.by
        seconds = round(time.perf_counter() - began, 3)
        return {"question": question, "answer": self._last, "by": by, "sources": answer.sources, "seconds": seconds}

    def _situation(self) -> Situation:
        mind, household = self._box.mind, self._box.household
        executor, origin = household.executor, Origin("keyboard")
        situation = Situation(
            mind.language,
            "",
            mind.clock(),
            mind.place,
            self._volume,
            self._last,
            self._send,
            home=household.home,
            origin=origin,
            heard=executor.heard,
            bind=executor.bound,
            undo=partial(executor.undo, "", origin),
            timers=household.timers,
            lists=household.lists,
        )
        return situation.acting("sentence")

    async def _send(self, command: Command) -> None:
        if isinstance(command, SetVolume):
            self._volume = command.percent


def _show(result: dict[str, Any], as_json: bool, *, alone: bool) -> None:
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    elif alone:
        typer.echo(result["answer"])
    else:
        typer.echo(f"{result['question']}\n  {result['answer']}")
