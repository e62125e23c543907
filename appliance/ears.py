"""Ears: where sound comes from."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Protocol

from appliance.audio import Pcm


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
