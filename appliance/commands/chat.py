"""`grillon chat`: the same answers in writing, without sound."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from appliance import commands
from appliance.app import Box
from appliance.commands import At, Json, Place, option, say
from appliance.errors import InputError
from appliance.events import Command, SetVolume
from appliance.history import History
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
                _show(await Conversation(box).ask(question), as_json, alone=batch is None)

    asyncio.run(answered())


def _questions(words: str, batch: Path | None) -> list[str] | None:
    if batch is None:
        if not words and not sys.stdin.isatty():
            words = sys.stdin.read()
        return [words.strip()] if words.strip() else (None if sys.stdin.isatty() else _refuse())
    try:
        lines = (sys.stdin.read() if str(batch) == "-" else batch.read_text("utf-8")).splitlines()
    except FileNotFoundError as error:
        raise InputError("file-missing", path=batch) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("file-unreadable", path=batch, detail=error) from error
    return [line.strip() for line in lines if line.strip()] or _refuse()


def _refuse() -> list[str]:
    raise InputError("text-empty")


async def _converse(box: Box, as_json: bool) -> None:
    conversation = Conversation(box)
    while True:
        try:
            question = await asyncio.to_thread(input, "> ")
        except EOFError:
            return
        if question.strip():
            _show(await conversation.ask(question.strip()), as_json, alone=True)


class Conversation:
    """Questions and answers in writing, one after the other."""

    def __init__(self, box: Box) -> None:
        self._box, self._history, self._last, self._volume = box, History(), "", 70

    async def ask(self, question: str) -> dict[str, Any]:
        """Return {"question", "answer", "by", "sources", "seconds"}."""
        mind = self._box.mind
        began = time.perf_counter()
        situation = Situation(mind.language, "", mind.clock(), mind.place, self._volume, self._last, self._send)
        answer = await mind.answerer.answer(question, situation, self._history, lambda stage, seconds: None)
        self._last = " ".join([piece async for piece in answer.pieces])
        self._history.add(question, self._last)
        by = None if answer.by == "box" else answer.by
        seconds = round(time.perf_counter() - began, 3)
        return {"question": question, "answer": self._last, "by": by, "sources": answer.sources, "seconds": seconds}

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
