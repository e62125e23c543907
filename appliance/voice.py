"""From pieces of an answer to the loudspeaker: the first piece sounds while the next are being thought and synthesised.

    pieces ──▶ speakable ──▶ tts worker ──▶ chunks (a few seconds ahead) ──▶ mouth

The synthesis runs ahead of the loudspeaker by AHEAD_SECONDS at most: rooms share the voice, and an answer that is cut
short should have cost little.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass

from appliance.audio import Pcm
from appliance.speakable import speakable
from appliance.speaker import Mouth
from appliance.worker import Worker

AHEAD_SECONDS = 6.0


@dataclass(slots=True)
class _Piece:
    text: str
    end_seconds: float
    """Where this piece ends in the sound of the whole answer."""


class Speech:
    """One answer on its way to one loudspeaker."""

    def __init__(self, tts: Worker, mouth: Mouth, language: str) -> None:
        self._tts, self._mouth, self._language = tts, mouth, language
        self._pieces: list[_Piece] = []
        self._chunks: asyncio.Queue[Pcm | None] = asyncio.Queue()
        self._waiting_seconds = 0.0
        self._room_ahead = asyncio.Event()
        self.on_piece: Callable[[str], None] = lambda text: None
        """Called with each piece of text before it is synthesised."""
        self.on_chunk: Callable[[], None] = lambda: None
        """Called at the first sound that was synthesised."""
        self.on_sound: Callable[[], None] = lambda: None
        """Called when the first sound goes to the mouth."""

    async def say(self, pieces: AsyncGenerator[str, None]) -> float:
        """Speak the pieces as they come; return the seconds heard. Raises what the pieces or the voice raise."""
        synthesis = asyncio.create_task(self._synthesise(pieces))
        try:
            seconds = await self._mouth.play(self._sound(), self.rate)
            if synthesis.done():
                synthesis.result()
            return seconds
        finally:
            if not synthesis.done():
                synthesis.cancel()
                await asyncio.wait([synthesis])
            elif not synthesis.cancelled():
                synthesis.exception()  # seen: it was raised above, or a worse one is on its way

    @property
    def rate(self) -> int:
        """Samples a second of the voice."""
        return int(self._tts.facts["rate"])

    @property
    def heard_text(self) -> str:
        """The part of the answer that left the loudspeaker, to the word."""
        heard, begin = self._mouth.heard_seconds, 0.0
        words: list[str] = []
        for piece in self._pieces:
            length = piece.end_seconds - begin
            share = min(1.0, max(0.0, heard - begin + 0.05) / length) if length else 0.0  # no sound yet: not heard
            spoken = piece.text.split()
            words += spoken[: round(share * len(spoken))]
            begin = piece.end_seconds
        return " ".join(words)

    async def _synthesise(self, pieces: AsyncGenerator[str, None]) -> None:
        try:
            async with contextlib.aclosing(pieces):  # else an engine that thinks would wait for a listener who left
                await self._synthesise_all(pieces)
        finally:
            self._chunks.put_nowait(None)

    async def _synthesise_all(self, pieces: AsyncGenerator[str, None]) -> None:
        seconds = 0.0
        async for text in pieces:
            while self._waiting_seconds > AHEAD_SECONDS:
                self._room_ahead.clear()
                await self._room_ahead.wait()
            self.on_piece(text)
            piece = _Piece(text, seconds)
            self._pieces.append(piece)
            async with contextlib.aclosing(self._tts.stream("say", speakable(text, self._language))) as chunks:
                async for pcm in chunks:
                    if not seconds:
                        self.on_chunk()
                    seconds += len(pcm) / self.rate
                    piece.end_seconds = seconds
                    self._waiting_seconds += len(pcm) / self.rate
                    self._chunks.put_nowait(pcm)

    async def _sound(self) -> AsyncIterator[Pcm]:
        first = True
        while (pcm := await self._chunks.get()) is not None:
            self._waiting_seconds -= len(pcm) / self.rate
            self._room_ahead.set()
            if first:
                self.on_sound()
                first = False
            yield pcm
