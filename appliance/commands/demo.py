"""`grillon demo`: the box asks itself a question aloud and answers it, through the whole chain, wake word included.

The sound passes in real time, as from a microphone, so that the times shown are those that a person would meet. What it said
is kept in a WAV, and played where there is a loudspeaker.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from appliance import commands, config, engines, wire
from appliance.app import Box, prepare
from appliance.audio import RATE, Pcm, resampled
from appliance.bus import Subscription
from appliance.commands import ask, option, say
from appliance.commands.run import told
from appliance.config import Config, EngineChoice, Wake
from appliance.ears import FileEar
from appliance.errors import DeviceError
from appliance.events import Event
from appliance.messages import text
from appliance.speakable import speakable
from appliance.speaker import FileMouth, SpeakerMouth

SPOKEN_WAKE_WORDS: dict[str, tuple[dict[str, Any], str]] = {
    "okay_nabu": ({"language": "it", "pitch": 1.3}, "okay nabu"),
    "hey_jarvis": ({"language": "en"}, "hey jarvis"),
    "alexa": ({"language": "en"}, "alexa"),
    "hey_mycroft": ({"language": "en"}, "hey mycroft"),
}
"""How Pico says a stock wake word so that the detector surely knows it: its options, and the words. The detectors learnt from
English speakers; of Pico's voices the Italian one says "okay nabu" most like them (10 of 10, in noise too)."""


def demo(out: Annotated[Path | None, option("out", "--out", metavar="WAV")] = None) -> None:
    """Ask a question aloud and answer it."""
    settings = commands.settings()
    words = settings.wake.options.get("words", ["okay_nabu"])
    word = next((word for word in words if word in SPOKEN_WAKE_WORDS), "")
    if not word:
        word, settings = "okay_nabu", settings.model_copy(update={"wake": Wake()})
    file = out or config.default_state_folder() / "demo.wav"
    if not out:
        with contextlib.suppress(OSError):  # the mouth will tell that it cannot write there
            file.parent.mkdir(parents=True, exist_ok=True)
    happened = asyncio.run(_lived(settings, word, FileMouth(file, realtime=False)))
    commands.out.print(ask.timeline(ask.summary("", happened)["timing_ms"]), style="dim")
    commands.out.print(say("demo-written", file=file), markup=False)
    raise typer.Exit(ask.status(happened))


async def _lived(settings: Config, word: str, mouth: FileMouth) -> list[Event]:
    question = text("demo-question", settings.language)
    async with commands.loaded_box(settings) as box:
        await prepare(box)
        commands.out.print(say("demo-asks", question=question), markup=False)
        sound = await asked_aloud(box, word, question)
        mouth.voice, mouth.date = box.voice, box.mind.clock().isoformat(timespec="seconds")
        ear = FileEar(sound, realtime=True, then_silence=1)
        session = box.session("demo", ear, mouth, chimes=False, single=True)
        happened: list[Event] = []
        with box.bus.subscribe() as events:
            telling = asyncio.create_task(_tell(events, happened))
            await session.run()
            await asyncio.sleep(0)
            telling.cancel()
        await _aloud(settings, [(sound, RATE), mouth.collected()])
    return happened


async def asked_aloud(box: Box, word: str, question: str) -> Pcm:
    """Return the wake word and the question as a person would say them to the box, 16 kHz with pauses."""
    options, words = SPOKEN_WAKE_WORDS[word]
    pico = EngineChoice(engine="pico", options=options)
    voice = engines.load("tts", "pico", config.engine_options("tts", pico), Path())
    calls = resampled(np.concatenate(list(voice.say(words))), voice.rate, RATE)  # type: ignore[attr-defined]
    tts = box.workers["tts"]
    chunks = [chunk async for chunk in tts.stream("say", speakable(question, box.settings.language))]
    asks = resampled(np.concatenate(chunks), int(tts.facts["rate"]), RATE)
    pause = np.zeros(RATE // 2, np.int16)
    return np.concatenate([pause, calls, pause, asks, pause, pause, pause])


async def _tell(events: Subscription, happened: list[Event]) -> None:
    async for event in events:
        happened.append(event)
        line = told(event).removeprefix("[demo] ") or wire.kind(event)
        commands.out.print(f"{event.t:6.2f} s  {line}", markup=False)


async def _aloud(settings: Config, sounds: list[tuple[Pcm, int]]) -> None:
    mouth = SpeakerMouth(settings.rooms[0].speaker)
    async with contextlib.aclosing(mouth):
        with contextlib.suppress(DeviceError):  # nothing here to hear it with
            for pcm, rate in sounds:
                await mouth.play(_one(pcm), rate)


async def _one(pcm: Pcm) -> AsyncIterator[Pcm]:
    yield pcm
