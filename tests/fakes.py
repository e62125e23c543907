"""The roles in their simplest form, for the turn stories: what matters there is who waits for whom, not what is heard.

Sound is told by its samples: WAKE marks the end of a wake word, VOICE is speech, 0 is silence.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

import numpy as np

from appliance.audio import FRAME_SAMPLES, FRAME_SECONDS, Pcm
from appliance.engines import Message, Transcription
from appliance.errors import ApplianceError

WAKE, VOICE = 7, 1000
RATE = 16_000
SECONDS_A_WORD = 0.3


class ScriptedEar:
    """A microphone on virtual time: `at` says what is heard when; it ends at `ends`."""

    device = "script"

    def __init__(self, ends: float) -> None:
        self._ends = ends
        self._heard: list[tuple[float, float, int]] = []
        self._gone: list[tuple[float, float]] = []
        self.muted = False

    def at(self, seconds: float, *, speech: float = 0.0, wake: bool = False) -> ScriptedEar:
        self._heard.append((seconds, seconds + (speech or FRAME_SECONDS), WAKE if wake else VOICE))
        return self

    def gone(self, begin: float, end: float) -> ScriptedEar:
        """Nothing is delivered between these seconds: unplugged."""
        self._gone.append((begin, end))
        return self

    async def blocks(self) -> AsyncIterator[Pcm]:
        loop = asyncio.get_running_loop()
        began = loop.time()
        for number in range(1, round(self._ends / FRAME_SECONDS) + 1):
            now = number * FRAME_SECONDS
            await asyncio.sleep(max(0.0, began + now - loop.time()))
            if self.muted or any(begin <= now < end for begin, end in self._gone):
                continue
            value = next((v for begin, end, v in self._heard if begin <= now - 1e-9 < end), 0)
            yield np.full(FRAME_SAMPLES, value, np.int16)

    def mute(self, muted: bool) -> None:
        self.muted = muted

    async def aclose(self) -> None:
        pass


class FakeWorker:
    """An engine off the loop, without the engine: a table of methods, each a coroutine or an asynchronous generator."""

    def __init__(self, **methods: Callable[..., Any]) -> None:
        self._methods = methods
        self._turnstile = asyncio.Lock()
        self.facts = {"rate": RATE}
        self.asked: list[tuple[str, tuple[Any, ...]]] = []
        self.cancelled = 0

    @property
    def free(self) -> bool:
        return not self._turnstile.locked()

    async def call(self, method: str, *args: Any) -> Any:
        self.asked.append((method, args))
        async with self._turnstile:
            return await self._methods[method](*args)

    async def stream(self, method: str, *args: Any) -> AsyncIterator[Any]:
        self.asked.append((method, args))
        async with self._turnstile:
            try:
                async for item in self._methods[method](*args):
                    yield item
            except (asyncio.CancelledError, GeneratorExit):
                self.cancelled += 1
                raise

    async def aclose(self) -> None:
        pass


def wake_word() -> FakeWorker:
    async def feed(pcm: Pcm) -> str:
        return "okay_nabu" if WAKE in pcm else ""

    async def reset() -> None:
        pass

    return FakeWorker(feed=feed, reset=reset)


def voice_activity() -> FakeWorker:
    async def feed(pcm: Pcm) -> float:
        return 0.95 if VOICE in pcm[-FRAME_SAMPLES:] else 0.02

    async def reset() -> None:
        pass

    return FakeWorker(feed=feed, reset=reset)


def recogniser(*texts: str | Transcription | ApplianceError, seconds: float = 0.3) -> FakeWorker:
    """Hears these texts one after the other, in the language asked for or their own; an error is raised instead."""
    script = iter(texts)

    async def transcribe(
        pcm: Pcm, language: str, prompt: str = "", also: Mapping[str, str] | None = None
    ) -> Transcription:
        await asyncio.sleep(seconds)
        text = next(script)
        if isinstance(text, ApplianceError):
            raise text
        if isinstance(text, Transcription):
            assert text.language in (language, *(also or {}))
            return text
        return Transcription(text, language, 0.9 if text else 0.0)

    return FakeWorker(transcribe=transcribe)


def model(*answers: str | ApplianceError, reading_seconds: float = 0.2, word_seconds: float = 0.05) -> FakeWorker:
    """Thinks these answers one after the other, word by word; an error comes after "Voilà la"."""
    script = iter(answers)

    async def chat(messages: list[Message], max_tokens: int) -> AsyncIterator[str]:
        answer = next(script)
        await asyncio.sleep(reading_seconds)
        for word in (answer if isinstance(answer, str) else "Voilà la").split():
            yield word + " "
            await asyncio.sleep(word_seconds)
        if isinstance(answer, ApplianceError):
            raise answer

    async def warm(messages: list[Message]) -> None:
        pass

    return FakeWorker(chat=chat, warm=warm)


def voice(seconds: float = 0.05) -> FakeWorker:
    """Needs `seconds` a sentence and speaks SECONDS_A_WORD a word."""

    async def say(text: str) -> AsyncIterator[Pcm]:
        await asyncio.sleep(seconds)
        for _ in text.split():
            yield np.full(int(RATE * SECONDS_A_WORD), 300, np.int16)

    return FakeWorker(say=say)
