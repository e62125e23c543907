"""From an ear's blocks to frames that the session can act on: wake word always, voice activity while someone is heard.

Asleep, four blocks are taken to the wake word in one go: a detector waits for whole words, so 60 ms more cost nothing
that a person notices, and the box wakes its processor a quarter as often. Awake, every block is judged at once.
"""

from __future__ import annotations

from collections.abc import AsyncIterator

import numpy as np

from appliance.audio import FRAME_SECONDS, Frame, Pcm
from appliance.ears import Ear
from appliance.worker import Worker

ASLEEP_BLOCKS = 4


class Hearing:
    """One room's ear with its own wake-word and voice-activity detectors."""

    def __init__(self, ear: Ear, wake: Worker | None, vad: Worker) -> None:
        self._ear, self._wake, self._vad = ear, wake, vad
        self.attentive = False
        """True while a turn wants to know who speaks."""
        self.t = 0.0
        """Audio time: seconds heard so far."""

    async def frames(self) -> AsyncIterator[Frame]:
        """Yield every 20 ms; ends with a recording, never with a microphone."""
        waiting: list[Pcm] = []
        was_attentive = False
        async for block in self._ear.blocks():
            waiting.append(block)
            if not self.attentive and len(waiting) < ASLEEP_BLOCKS:
                continue
            if self.attentive and not was_attentive:
                await self._vad.call("reset")
            was_attentive = self.attentive
            for frame in await self._judge(waiting):
                yield frame
            waiting = []
        for frame in await self._judge(waiting):
            yield frame

    async def _judge(self, blocks: list[Pcm]) -> list[Frame]:
        if not blocks:
            return []
        together = blocks[0] if len(blocks) == 1 else np.concatenate(blocks)
        word = await self._wake.call("feed", together) if self._wake else ""
        speech = await self._vad.call("feed", together) if self.attentive else 0.0
        frames = []
        for block in blocks:
            self.t = round(self.t + FRAME_SECONDS, 3)
            frames.append(Frame(block, self.t, speech, word if block is blocks[-1] else ""))
        return frames

    async def aclose(self) -> None:
        """Free the detectors."""
        for worker in (self._wake, self._vad):
            if worker:
                await worker.aclose()

    async def forget(self) -> None:
        """Forget what the wake word has heard, once it fired."""
        if self._wake:
            await self._wake.call("reset")
