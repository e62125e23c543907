"""Ears: where sound comes from. The protocol, the microphone of this machine, and a recording in its place.

A microphone is never given up: no sound for two seconds ends its child process, says once that it is lost, and looks
for it again, at first often and then every five seconds, until sound flows. So a plug that is pulled and put back needs
no one. What the session does not take in time is dropped, oldest first, and counted: old sound is worth less than new.

All time here is the event loop's (`loop.time`, `asyncio.sleep`): a loop on virtual time plays a recording in no time.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from appliance.audio import FRAME_SAMPLES, FRAME_SECONDS, RATE, Pcm, Rechunker, Resampler, read_wav, to_pcm
from appliance.card import Card, Device, SoundFormat, devices
from appliance.errors import DeviceError

__all__ = ["Device", "Ear", "FileEar", "MicrophoneEar", "devices"]

log = logging.getLogger(__name__)

LOST_SECONDS = 2.0
FIRST_SOUND_SECONDS = 5.0
"""A device that was just opened may take longer."""
BUFFER_SECONDS = 2.0
RETRY_SECONDS, RETRY_MOST_SECONDS = 0.5, 5.0


class Ear(Protocol):
    """Delivers 16 kHz mono int16 sound in blocks of exactly 20 ms (320 samples)."""

    device: str
    """Name to show."""

    def blocks(self) -> AsyncIterator[Pcm]:
        """Yield blocks of shape (320,). A recording ends; a microphone does not: it is lost and found inside."""

    def mute(self, muted: bool) -> None:
        """Cut the capture for real (no sample reaches the process), or give it back."""

    async def aclose(self) -> None:
        """Free the device."""


def _nobody(device: str) -> None:
    pass


class MicrophoneEar:
    """A microphone whose name contains `device` ("": the default one), in a child process of its own."""

    def __init__(
        self, device: str = "", *, on_lost: Callable[[str], None] = _nobody, on_found: Callable[[str], None] = _nobody
    ) -> None:
        self.device = device or "default"
        self.dropped_blocks = 0
        """Blocks that nobody took in time."""
        self._wanted, self._on_lost, self._on_found = device, on_lost, on_found
        self._heard: deque[Pcm] = deque(maxlen=int(BUFFER_SECONDS / FRAME_SECONDS))
        self._news = asyncio.Event()
        self._open_to_sound = asyncio.Event()
        self._open_to_sound.set()
        self._cut = False
        """The running child was muted: its end is no loss, even where the sound was given back meanwhile."""
        self._card: Card | None = None
        self._capture: asyncio.Task[None] | None = None
        self._first: asyncio.Future[None] | None = None
        self._lost = False

    @property
    def child_pid(self) -> int | None:
        """Process id of the capture; None while there is none."""
        return self._card.pid if self._card else None

    async def open(self) -> None:
        """Start to listen; return at the first sound, at once where muted.

        Raises DeviceError (microphone-missing, microphone-unknown...) where the first attempt fails; the microphone is
        looked for on and on all the same, until `aclose`.
        """
        self._start()
        assert self._first
        if self._open_to_sound.is_set():
            await asyncio.shield(self._first)

    async def blocks(self) -> AsyncIterator[Pcm]:
        """Yield blocks of shape (320,) for ever, or until `aclose`; nothing comes while muted or lost."""
        self._start()
        assert self._capture
        while True:
            while self._heard:
                yield self._heard.popleft()
            if self._capture.done():
                if not self._capture.cancelled():
                    self._capture.result()  # a bug ends the ear, and is not hidden
                return
            self._news.clear()
            await self._news.wait()

    def mute(self, muted: bool) -> None:
        """End the child process, so that no sample reaches us; or let it be started again."""
        if not muted:
            self._open_to_sound.set()
            return
        self._open_to_sound.clear()
        self._cut = True
        self._heard.clear()
        if self._card:
            self._card.kill()
            self._card = None

    async def aclose(self) -> None:
        """Free the device; `blocks` ends."""
        if self._capture:
            self._capture.cancel()
            await asyncio.wait([self._capture])

    def _start(self) -> None:
        if self._capture is None:
            self._first = asyncio.get_running_loop().create_future()
            self._first.add_done_callback(lambda first: first.cancelled() or first.exception())  # not everybody asks
            self._capture = asyncio.create_task(self._listen_for_ever(), name=f"microphone {self.device}")
            self._capture.add_done_callback(lambda _: self._news.set())

    async def _listen_for_ever(self) -> None:
        pause = RETRY_SECONDS
        while True:
            await self._open_to_sound.wait()
            try:
                await self._listen()
            except DeviceError as error:
                if self._cut:
                    continue
                pause = RETRY_SECONDS if not self._lost else min(2 * pause, RETRY_MOST_SECONDS)
                self._say_lost(error)
            await asyncio.sleep(pause)

    async def _listen(self) -> None:
        """Hear one child process until it fails. Raises DeviceError."""
        self._cut = False
        self._card = card = await Card.start("capture", self._wanted)
        try:
            if self._cut:  # while the child was being started
                card.kill()
            opened = await card.opened()
            self.device = opened.device
            mono = _ToMono(opened)
            patience = FIRST_SOUND_SECONDS
            while True:
                sound = await self._sound(card, patience)
                if self._cut:  # a last message that was already in the pipe
                    raise DeviceError("microphone-lost", device=self.device)
                self._say_found()
                self._keep(mono.feed(sound))
                patience = LOST_SECONDS
        finally:
            self._card = None
            await card.aclose()

    async def _sound(self, card: Card, patience: float) -> bytes:
        try:
            async with asyncio.timeout(patience):
                _, sound = await card.read()
        except TimeoutError as error:
            raise DeviceError("microphone-lost", device=self.device) from error
        return sound

    def _keep(self, blocks: list[Pcm]) -> None:
        self.dropped_blocks += max(0, len(self._heard) + len(blocks) - (self._heard.maxlen or 0))
        self._heard.extend(blocks)
        self._news.set()

    def _say_lost(self, error: DeviceError) -> None:
        if self._first and not self._first.done():
            self._first.set_exception(error)
        if not self._lost:
            self._lost = True
            log.warning("%s", error)
            self._on_lost(self.device)

    def _say_found(self) -> None:
        if self._first and not self._first.done():
            self._first.set_result(None)
        if self._lost:
            self._lost = False
            self._on_found(self.device)


class _ToMono:
    """From what the device gives to blocks of 16 kHz mono."""

    def __init__(self, opened: SoundFormat) -> None:
        self._channels = opened.channels
        self._plain = opened.channels == 1 and opened.rate == RATE
        self._resampler = Resampler(opened.rate, RATE)
        self._rechunker = Rechunker()

    def feed(self, sound: bytes) -> list[Pcm]:
        pcm = np.frombuffer(sound, np.int16)
        if not self._plain:
            together = pcm.reshape(-1, self._channels).mean(axis=1, dtype=np.float32) / np.float32(32768)
            pcm = to_pcm(self._resampler.feed(together))
        return self._rechunker.feed(pcm)


class FileEar:
    """A recording in a microphone's place: a file's path, or 16 kHz mono samples.

    In real time it passes by as a microphone's sound would, muted or not; otherwise it is as fast as it is taken, and
    stands still while muted. Silence of `then_silence` seconds follows (math.inf: for ever), then it ends.
    """

    def __init__(self, sound: Path | str | Pcm, *, realtime: bool = False, then_silence: float = 0.0) -> None:
        """Read the recording. Raises InputError."""
        self.device = "pcm" if isinstance(sound, np.ndarray) else str(sound)
        self._pcm = sound if isinstance(sound, np.ndarray) else read_wav(sound)
        self._realtime, self._then_silence = realtime, then_silence
        self._open_to_sound = asyncio.Event()
        self._open_to_sound.set()
        self._closed = False

    async def blocks(self) -> AsyncIterator[Pcm]:
        """Yield blocks of shape (320,); the last one of the recording is filled with silence."""
        loop = asyncio.get_running_loop()
        began, number = loop.time(), 0
        count = math.ceil(len(self._pcm) / FRAME_SAMPLES)
        last = math.inf if math.isinf(self._then_silence) else count + round(self._then_silence / FRAME_SECONDS)
        silence = np.zeros(FRAME_SAMPLES, np.int16)
        while number < last and not self._closed:
            block = self._pcm[number * FRAME_SAMPLES : (number + 1) * FRAME_SAMPLES] if number < count else silence
            number += 1
            if self._realtime:
                await asyncio.sleep(max(0.0, began + number * FRAME_SECONDS - loop.time()))
                if not self._open_to_sound.is_set():
                    continue
            else:
                await asyncio.sleep(0)  # others must have their turn
                await self._open_to_sound.wait()
            yield block if len(block) == FRAME_SAMPLES else np.pad(block, (0, FRAME_SAMPLES - len(block)))

    def mute(self, muted: bool) -> None:
        """Hold the sound back, or give it again."""
        if muted:
            self._open_to_sound.clear()
        else:
            self._open_to_sound.set()

    async def aclose(self) -> None:
        """End the recording."""
        self._closed = True
        self._open_to_sound.set()
