"""`grillon say "texte"`: the box's voice, aloud or into a file."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

import typer

from appliance import commands
from appliance.commands import option, say
from appliance.errors import InputError
from appliance.sentences import pieces
from appliance.speaker import FileMouth, Mouth, SpeakerMouth
from appliance.voice import Speech


def speak(
    words: Annotated[str, typer.Argument(help=say("help-text"), metavar="TEXTE", show_default=False)],
    file: Annotated[Path | None, option("out", "--out", metavar="WAV")] = None,
) -> None:
    """Speak a text."""
    words = commands.readable(words)
    if not words.strip():
        raise InputError("text-empty")
    settings = commands.settings()

    async def spoken() -> float:
        mouth: Mouth = FileMouth(file, realtime=False) if file else SpeakerMouth(settings.rooms[0].speaker)
        async with commands.loaded_box(settings, need=("tts",)) as box, contextlib.aclosing(mouth):
            if isinstance(mouth, FileMouth):
                mouth.voice, mouth.date = box.voice, box.mind.clock().isoformat(timespec="seconds")
            voice, language = box.mind.tts, settings.language
            assert voice is not None
            speech = Speech(voice, mouth, box.mind.regions.get(language, language))
            return await speech.say(pieces(_one(words), guarded=False))

    seconds = asyncio.run(spoken())
    if file:
        commands.err.print(say("say-written", file=file, seconds=round(seconds, 1)), markup=False)


async def _one(words: str) -> AsyncIterator[str]:
    yield words
