"""`grillon ask FILE.wav`: one turn on a recording, through the real chain."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any

import typer

from appliance import commands, wire
from appliance.app import Box
from appliance.audio import Pcm, read_wav
from appliance.bus import Subscription
from appliance.commands import At, Json, Place, option, say
from appliance.ears import FileEar
from appliance.events import Answered, Event, Failed, Transcribed, TurnEnded, WakeDetected
from appliance.speaker import FileMouth


def ask(
    file: Annotated[Path, typer.Argument(help=say("help-wav"), show_default=False)],
    wake: Annotated[bool, option("wake", "--wake")] = False,
    answer_file: Annotated[Path | None, option("out", "--out", metavar="WAV")] = None,
    as_jsonl: Annotated[bool, option("jsonl", "--jsonl")] = False,
    as_json: Json = False,
    at: At = "",
    place: Place = "",
) -> None:
    """Answer a recording."""
    settings = commands.placed(commands.settings(), place)
    clock = commands.clock_at(at, settings)
    pcm, mouth = read_wav(file), FileMouth(answer_file, realtime=False)

    async def answered() -> list[Event]:
        async with commands.loaded_box(settings, clock=clock) as box:
            return await one_turn(box, pcm, wake=wake, mouth=mouth, live=as_jsonl)

    happened = asyncio.run(answered())
    result = summary(str(file), happened)
    if as_json:
        typer.echo(json.dumps(result, ensure_ascii=False))
    elif not as_jsonl:
        show(result)
    raise typer.Exit(status(happened))


async def one_turn(
    box: Box, pcm: Pcm, *, wake: bool, mouth: FileMouth | None = None, live: bool = False
) -> list[Event]:
    """Run one turn on a recording as fast as the machine can; return what happened."""
    mouth = mouth or FileMouth(None, realtime=False)
    mouth.voice, mouth.date = box.voice, box.mind.clock().isoformat(timespec="seconds")
    session = box.session(
        "fichier" if box.settings.language == "fr" else "file",
        FileEar(pcm, realtime=False),
        mouth,
        wake=wake,
        chimes=False,
        single=True,
    )
    happened: list[Event] = []
    with box.bus.subscribe(limit=100_000) as events:
        telling = asyncio.create_task(_collect(events, happened, live))
        try:
            if not wake:
                await session.listen("listen")
            await session.run()
            await asyncio.sleep(0)
        finally:
            telling.cancel()
            await asyncio.wait([telling])
            await mouth.aclose()
    return happened


async def _collect(events: Subscription, happened: list[Event], live: bool) -> None:
    try:
        async for event in events:
            _tell(event, happened, live)
    finally:
        for event in events.drain():
            _tell(event, happened, live)


def _tell(event: Event, happened: list[Event], live: bool) -> None:
    happened.append(event)
    if live:
        typer.echo(wire.to_json(event))


def summary(file: str, happened: list[Event]) -> dict[str, Any]:
    """Return what `--json` prints: file, wake, heard, answer, by, sources, timing_ms."""
    result: dict[str, Any] = {"file": file, "wake": None, "heard": "", "answer": "", "by": None, "sources": []}
    result["timing_ms"] = {}
    for event in happened:
        match event:
            case WakeDetected():
                result["wake"] = event.word
            case Transcribed():
                result["heard"] = event.text
            case Answered():
                result["answer"] = event.text
                result["by"] = None if event.by == "box" else event.by
                result["sources"] = event.sources
            case TurnEnded():
                result["timing_ms"] = event.timing_ms
    return result


def status(happened: list[Event]) -> int:
    """Return the exit status: answered, nothing understood, or failed."""
    for event in happened:
        if isinstance(event, Failed):
            commands.err.print(event.message, style="red", markup=False)
    outcomes = [event.outcome for event in happened if isinstance(event, TurnEnded)]
    if not outcomes or outcomes[-1] == "nothing_heard":
        return commands.NOT_UNDERSTOOD
    return commands.OK if outcomes[-1] in ("answered", "stopped") else commands.FAILED


def show(result: dict[str, Any]) -> None:
    """Print who said what, and where the time went."""
    if result["wake"]:
        commands.out.print(say("ask-wake", word=result["wake"]))
    commands.out.print(say("ask-heard", text=result["heard"] or say("ask-nothing")), markup=False)
    if result["answer"]:
        commands.out.print(say("ask-answer", text=result["answer"], by=result["by"] or "-"), markup=False)
    commands.out.print(timeline(result["timing_ms"]), style="dim")


def timeline(timing_ms: dict[str, float]) -> str:
    """Return one line: stage and milliseconds."""
    return " · ".join(f"{stage} {milliseconds:.0f} ms" for stage, milliseconds in timing_ms.items())
