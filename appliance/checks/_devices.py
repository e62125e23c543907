"""What the checks of microphone and loudspeaker have in common: the rooms' devices among those that are there."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

from appliance.card import Device, devices

PREFIX = "file:"


def files(wanted: list[str]) -> list[Path]:
    """Return the recordings among the rooms' devices."""
    return [Path(name.removeprefix(PREFIX)) for name in wanted if name.startswith(PREFIX)]


def absent(wanted: list[str], channels: Callable[[Device], int]) -> tuple[list[str], list[str]]:
    """Return the rooms' device names that nothing matches ("" where nothing at all is there), and the names there are.

    Raises DeviceError where the sound system does not answer.
    """
    named = [name for name in wanted if not name.startswith(PREFIX)]
    if not named:
        return [], []
    there = [device.name for device in asyncio.run(devices()) if channels(device) > 0]
    return [name for name in named if not any(name.casefold() in one.casefold() for one in there)], there
