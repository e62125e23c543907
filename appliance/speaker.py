"""Mouths: where sound goes. The protocol, the loudspeaker of this machine, and a file in its place.

The loudspeaker's child process (soundcard.py) has two short stores: 0.2 s that wait in it, so that a busy daemon makes
no gap, and 0.15 s in the device. STOP throws both away, so silence does not wait for either. The child counts what left
the device: `heard_seconds` is what the person heard, not what was sent. A device that failed is opened again by the
next `play`, before any sound is taken for it.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections import deque
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Protocol

import numpy as np

from appliance import soundcard
from appliance.audio import RATE, Pcm, Rechunker, Resampler, gain, louder, resampled, to_float, to_pcm, write_wav
from appliance.card import Card, SoundFormat
from appliance.errors import DeviceError, InputError

BLOCK_SECONDS = 0.02
AHEAD_SECONDS = 0.2
LOST_SECONDS = 3.0
ASK_SECONDS = 5.0
"""A loudspeaker that is not there is looked for no more often: asking costs a process."""
NO_DEVICE = ("speaker-missing", "sound-library-missing")
KEPT_SECONDS = 600.0
"""A file in a loudspeaker's place keeps the newest ten minutes."""


class Mouth(Protocol):
    """Plays what the voice says."""

    device: str
    """Name to show."""
    volume_percent: int
    """0 to 100; applies to the next block played."""

    async def play(self, chunks: AsyncIterator[Pcm], rate: int) -> float:
        """Play mono int16 chunks at `rate` as they come; return the seconds heard, once the last sample was heard.

        Cancelling it, or `stop`, makes the device silent at once.
        """

    def stop(self) -> None:
        """Silence, now: the running `play` returns what had been heard."""

    @property
    def heard_seconds(self) -> float:
        """Seconds of the running (or last) `play` that left the loudspeaker."""

    async def aclose(self) -> None:
        """Free the device."""


class _OneAtATime:
    """`play` and `stop` over a performance that a subclass gives; a second `play` waits for the first."""

    def __init__(self) -> None:
        self._turnstile = asyncio.Lock()
        self._performance: asyncio.Task[None] | None = None

    async def play(self, chunks: AsyncIterator[Pcm], rate: int) -> float:
        """Play mono int16 chunks at `rate`; return the seconds heard. Raises DeviceError and what `chunks` raises."""
        async with self._turnstile:
            performance = self._performance = asyncio.create_task(self._perform(chunks, rate))
            try:
                await asyncio.wait([performance])
            finally:
                if not performance.done():  # the turn was cancelled
                    self.stop()
                    await asyncio.wait([performance])
            if not performance.cancelled():
                performance.result()
            return self.heard_seconds

    def stop(self) -> None:
        """Silence, now: the running `play` returns what had been heard."""
        if self._performance and not self._performance.done():
            self._fall_silent()
            self._performance.cancel()

    @property
    def heard_seconds(self) -> float:
        """Seconds of the running (or last) `play` that left the loudspeaker."""
        raise NotImplementedError

    async def _perform(self, chunks: AsyncIterator[Pcm], rate: int) -> None:
        raise NotImplementedError

    def _fall_silent(self) -> None:
        raise NotImplementedError


class SpeakerMouth(_OneAtATime):
    """A loudspeaker whose name contains `device` ("": the default one), in a child process of its own.

    `silent_without_device`: where the machine has none at all, the sound passes unheard, as long as it lasts, and one
    that is plugged in meanwhile is found by a later `play`.
    """

    def __init__(self, device: str = "", *, silent_without_device: bool = False) -> None:
        super().__init__()
        self.device = device or "default"
        self.volume_percent = 100
        self._wanted = device
        self._playback: _Playback | None = None
        self._silent_without_device = silent_without_device
        self._silent: FileMouth | None = None  # stands in while the running `play` has no device
        self._ask_again = 0.0  # the loop's time; until then there is no device
        self._heard_seconds = 0.0

    @property
    def child_pid(self) -> int | None:
        """Process id of the playback; None while there is none."""
        return self._playback.card.pid if self._playback else None

    @property
    def heard_seconds(self) -> float:
        """Seconds of the running (or last) `play` that left the loudspeaker."""
        sounding = self._silent or self._playback
        return sounding.heard_seconds if sounding else self._heard_seconds

    async def open(self) -> None:
        """Open the device in advance. Raises DeviceError (speaker-missing, speaker-unknown...)."""
        async with self._turnstile:
            await self._opened()

    async def aclose(self) -> None:
        """Free the device."""
        self.stop()
        async with self._turnstile:
            await self._close()

    async def _opened(self) -> _Playback | None:
        """Return the open device; None where there is none and silence is wanted."""
        loop = asyncio.get_running_loop()
        if self._playback is None and loop.time() >= self._ask_again:
            try:
                self._playback = await _Playback.open(self._wanted)
            except DeviceError as error:
                if not self._silent_without_device or error.code not in NO_DEVICE:
                    raise
                self._ask_again = loop.time() + ASK_SECONDS
            else:
                self.device = self._playback.opened.device
        return self._playback

    async def _close(self) -> None:
        playback, self._playback = self._playback, None
        if playback:
            self._heard_seconds = playback.heard_seconds
            await playback.aclose()

    async def _perform(self, chunks: AsyncIterator[Pcm], rate: int) -> None:
        self._heard_seconds = 0.0
        try:
            playback = await self._begun()
            if playback is None:
                await self._pass_silently(chunks, rate)
                return
            rechunker = Rechunker(round(playback.opened.rate * BLOCK_SECONDS))
            resampler = Resampler(rate, playback.opened.rate)
            async for chunk in chunks:
                for block in rechunker.feed(to_pcm(resampler.feed(to_float(chunk)))):
                    await playback.push(louder(block, gain(self.volume_percent)))
            for block in rechunker.feed(to_pcm(resampler.flush())) + rechunker.flush():
                await playback.push(louder(block, gain(self.volume_percent)))
            await playback.end()
        except DeviceError:
            await self._close()
            raise
        except BaseException:  # the voice failed, or we are stopped: nothing of what waits may sound any more
            self._fall_silent()
            raise

    async def _begun(self) -> _Playback | None:
        """Return the open device, ready for sound; one that failed while it was idle is opened again."""
        if self._playback:
            try:
                await self._playback.begin()
            except DeviceError:
                await self._close()
                self._heard_seconds = 0.0
            else:
                return self._playback
        playback = await self._opened()
        if playback:
            await playback.begin()
        return playback

    async def _pass_silently(self, chunks: AsyncIterator[Pcm], rate: int) -> None:
        self._silent = silent = FileMouth(None, realtime=True)
        try:
            await silent.play(chunks, rate)
        finally:
            self._heard_seconds, self._silent = silent.heard_seconds, None

    def _fall_silent(self) -> None:
        if self._silent:
            self._silent.stop()
        if self._playback:
            self._playback.stop()


class _Playback:
    """An open loudspeaker: the child and what it told."""

    def __init__(self, card: Card, opened: SoundFormat) -> None:
        self.card, self.opened = card, opened
        self._state = "idle"
        """idle -> starting -> playing -> idle; stopping -> idle from any of them."""
        self._sent = self._written = self._heard = 0
        self._news = asyncio.Event()
        self._trouble: DeviceError | None = None
        self._listening = asyncio.create_task(self._listen())

    @classmethod
    async def open(cls, device: str) -> _Playback:
        """Start the child. Raises DeviceError."""
        card = await Card.start("playback", device)
        try:
            return cls(card, await card.opened())
        except BaseException:
            await card.aclose()
            raise

    @property
    def heard_seconds(self) -> float:
        """Seconds since `begin` that left the device."""
        return self._heard / self.opened.rate

    async def begin(self) -> None:
        """Make the device ready for a new sound."""
        await self._until(lambda: self._state == "idle")  # a stop may be on its way
        self._sent = self._written = self._heard = 0
        self._state = "starting"
        self.card.send(soundcard.BEGIN)
        await self._until(lambda: self._state == "playing")

    async def push(self, block: Pcm) -> None:
        """Send a block of mono sound; waits while enough of it waits there."""
        ahead = AHEAD_SECONDS * self.opened.rate
        await self._until(lambda: self._sent - self._written < ahead)
        self.card.send(soundcard.SOUND, np.repeat(block, self.opened.channels).tobytes())
        self._sent += len(block)

    async def end(self) -> None:
        """Wait until the last sample was heard."""
        self.card.send(soundcard.END)
        await self._until(lambda: self._state == "idle")

    def stop(self) -> None:
        """Silence, now."""
        if self._state in ("starting", "playing"):
            self._state = "stopping"
            self.card.send(soundcard.STOP)

    async def aclose(self) -> None:
        """End the child."""
        await self.card.aclose()
        await asyncio.wait([self._listening])

    async def _until(self, reached: Callable[[], bool]) -> None:
        """Wait until the child told what is awaited. Raises DeviceError where it tells trouble, or nothing any more."""
        while not reached():
            if self._trouble:
                raise self._trouble
            self._news.clear()
            try:
                async with asyncio.timeout(LOST_SECONDS):
                    await self._news.wait()
            except TimeoutError as error:
                raise DeviceError("speaker-lost", device=self.opened.device) from error

    async def _listen(self) -> None:
        answers = {soundcard.BEGAN: "starting", soundcard.ENDED: "playing", soundcard.STOPPED: "stopping"}
        try:
            while True:
                kind, payload = await self.card.read()
                self._heard, self._written = soundcard.COUNTS.unpack(payload)
                if answers.get(kind) == self._state:  # an ENDED that a STOP overtook means nothing any more
                    self._state = "playing" if kind == soundcard.BEGAN else "idle"
                self._news.set()
        except DeviceError as error:
            self._trouble = error
            self._news.set()


class FileMouth(_OneAtATime):
    """Collects what was said; with a path, a WAV that is written after each `play` that said something.

    In real time it takes as long as the sound lasts, and what was stopped is kept as far as it was heard. The file
    holds the voice as it was made: `volume_percent` belongs to a room.
    """

    device = "file"

    def __init__(self, path: Path | str | None = None, *, realtime: bool = False) -> None:
        """Raises InputError audio-not-written where nothing could be written at `path`."""
        super().__init__()
        self.volume_percent = 100
        self.voice, self.date = "", ""
        """Told in the file's mark of synthetic speech, where the caller knows them."""
        self._path, self._realtime = path, realtime
        if path:
            self.device = str(path)
            _check_writable(Path(path))
        self._said: deque[tuple[Pcm, int]] = deque()
        self._kept_seconds = 0.0
        self._writing: asyncio.Task[None] | None = None
        self._unwritten = False
        """Something was said that the file does not hold yet."""
        self._heard_seconds = 0.0
        self._sounding: tuple[Pcm, int, float] | None = None
        """The chunk that is being heard, its rate, and the loop's time when it began."""

    @property
    def heard_seconds(self) -> float:
        """Seconds of the running (or last) `play` that were heard."""
        return self._heard_seconds + self._sounding_seconds()

    def collected(self) -> tuple[Pcm, int]:
        """Return what was said and its rate: the voice's, or 16 kHz where there were several."""
        said = list(self._said)  # a thread may be the one that asks
        rates = {rate for _, rate in said} or {RATE}
        rate = rates.pop() if len(rates) == 1 else RATE
        pieces = [resampled(pcm, own, rate) for pcm, own in said]
        return (np.concatenate(pieces) if pieces else np.zeros(0, np.int16)), rate

    async def aclose(self) -> None:
        """Stop what is being said; return once the file is written."""
        self.stop()
        async with self._turnstile:
            if self._writing:
                await asyncio.wait([self._writing])  # its failure was `play`'s

    async def _perform(self, chunks: AsyncIterator[Pcm], rate: int) -> None:
        self._heard_seconds = 0.0
        loop = asyncio.get_running_loop()
        ends = 0.0
        try:
            async for chunk in chunks:
                if self._realtime:
                    begins = max(loop.time(), ends)
                    ends = begins + len(chunk) / rate
                    self._sounding = (chunk, rate, begins)
                    await asyncio.sleep(ends - loop.time())
                self._sounding = None
                self._keep(chunk, rate)
        finally:
            if self._sounding:
                self._fall_silent()
            if self._path and self._unwritten:
                self._unwritten = False
                self._writing = asyncio.create_task(self._write(self._path, self._writing))
                await asyncio.shield(self._writing)  # whoever is cancelled: the file gets whole

    async def _write(self, path: Path | str, before: asyncio.Task[None] | None) -> None:
        if before:  # two at a time would mix in one file
            await asyncio.wait([before])
        await asyncio.to_thread(lambda: write_wav(path, *self.collected(), voice=self.voice, date=self.date))

    def _fall_silent(self) -> None:
        """Keep of the chunk that sounds what was heard of it."""
        if self._sounding:
            chunk, rate, _ = self._sounding
            heard = chunk[: round(self._sounding_seconds() * rate)]
            self._sounding = None
            self._keep(heard, rate)

    def _sounding_seconds(self) -> float:
        if self._sounding is None:
            return 0.0
        chunk, rate, begins = self._sounding
        return min(max(0.0, asyncio.get_running_loop().time() - begins), len(chunk) / rate)

    def _keep(self, chunk: Pcm, rate: int) -> None:
        self._unwritten = self._unwritten or len(chunk) > 0
        self._heard_seconds += len(chunk) / rate
        self._said.append((chunk, rate))
        self._kept_seconds += len(chunk) / rate
        while self._kept_seconds > KEPT_SECONDS and len(self._said) > 1:
            oldest, its_rate = self._said.popleft()
            self._kept_seconds -= len(oldest) / its_rate


def _check_writable(path: Path) -> None:
    """Raise InputError where a file could not be written: a person should know it before anything is said."""
    try:
        if path.is_dir():
            raise IsADirectoryError(0, "Is a directory")
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as error:
        raise InputError("audio-not-written", path=path, detail=error.strerror) from error
