"""Mouths: where sound goes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from appliance.audio import Pcm


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
