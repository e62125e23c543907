"""`grillon hear FILE...`: what is said in recordings."""

from __future__ import annotations

import asyncio
import json
import time
from pathlib import Path
from typing import Annotated

import typer

from appliance import commands
from appliance.app import Box
from appliance.audio import read_wav
from appliance.commands import Json, say
from appliance.errors import InputError


def hear(
    files: Annotated[list[Path], typer.Argument(help=say("help-wavs"), show_default=False)], as_json: Json = False
) -> None:
    """Transcribe recordings; a file that cannot be used is told, and the others are done."""
    settings = commands.settings()

    async def heard() -> int:
        async with commands.loaded_box(settings, need=("stt",)) as box:
            return max([await _one(box, file, as_json) for file in files])

    if len(files) == 1:
        read_wav(files[0])  # a bad single file is told before anything heavy is loaded
    raise typer.Exit(asyncio.run(heard()))


async def _one(box: Box, file: Path, as_json: bool) -> int:
    try:
        pcm = read_wav(file)
    except InputError as error:
        message = error.text(commands.language())
        commands.err.print(message, style="red", markup=False)
        if as_json:
            told = {"file": str(file), "text": "", "confidence": 0.0, "seconds": 0.0, "error": message}
            typer.echo(json.dumps(told, ensure_ascii=False))
        return commands.BAD_INPUT
    began = time.perf_counter()
    result = await box.mind.recognise(pcm)
    seconds = round(time.perf_counter() - began, 3)
    if as_json:
        told = {"file": str(file), "text": result.text, "confidence": round(result.confidence, 3), "seconds": seconds}
        typer.echo(json.dumps(told, ensure_ascii=False))
    else:
        typer.echo(f"{file}: {result.text}")
    return commands.OK
