"""The daemon's side of one sound device: starts the child process of soundcard.py, reads what it tells, kills it.

Killing is the only way out of a hung device, and also what mute means: no process, no sample.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import sys
from dataclasses import dataclass
from typing import Any

from appliance import soundcard
from appliance.errors import DeviceError

OPENING_SECONDS = 8.0
"""A device that is not open by then hangs. Long, because a busy Raspberry Pi needs a second for Python alone."""


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """What a device was opened as. Samples are interleaved int16."""

    device: str
    rate: int
    channels: int


@dataclass(frozen=True, slots=True)
class Device:
    """A sound device of this machine."""

    name: str
    inputs: int
    """Channels of its microphones; 0: it has none."""
    outputs: int
    rate: float
    """The rate that it prefers."""
    default_input: bool
    default_output: bool


class Card:
    """A running child process."""

    def __init__(self, process: asyncio.subprocess.Process, lost: str, device: str) -> None:
        self._process, self._lost, self._device = process, lost, device

    @classmethod
    async def start(cls, direction: str, device: str) -> Card:
        """Start a child for "capture", "playback" or "list"; `device` is part of a name, "" the default.

        Raises DeviceError where the machine has no room for another process: it may have in a while.
        """
        lost, pipe = "speaker-lost" if direction == "playback" else "microphone-lost", asyncio.subprocess.PIPE
        # -P: a file in the current folder must not stand in for a module of ours.
        command = [sys.executable, "-P", "-m", "appliance.soundcard", direction, device]
        try:
            # A session of its own: Ctrl-C in the terminal is for the daemon, which ends the child in its own time.
            process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, start_new_session=True)
        except OSError as error:
            raise DeviceError(lost, device=device or "default") from error
        return cls(process, lost, device or "default")

    @property
    def pid(self) -> int:
        """Process id, for the log and for tests."""
        return self._process.pid

    async def opened(self) -> SoundFormat:
        """Wait until the device is open. Raises DeviceError."""
        try:
            async with asyncio.timeout(OPENING_SECONDS):
                _, payload = await self.read()
        except TimeoutError as error:
            raise DeviceError(self._lost, device=self._device) from error
        return SoundFormat(**json.loads(payload))

    async def read(self) -> tuple[bytes, bytes]:
        """Return the next message, kind and payload. Raises DeviceError where the child told trouble or ended."""
        assert self._process.stdout
        try:
            kind, length = soundcard.HEAD.unpack(await self._process.stdout.readexactly(soundcard.HEAD.size))
            payload = await self._process.stdout.readexactly(length)
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            raise DeviceError(self._lost, device=self._device) from error
        if kind == soundcard.TROUBLE:
            values: dict[str, Any] = json.loads(payload)
            raise DeviceError(values.pop("code"), **values)
        return kind, payload

    def send(self, kind: bytes, payload: bytes = b"") -> None:
        """Send a message; nothing happens where the child is gone: `read` tells."""
        assert self._process.stdin
        if not self._process.stdin.is_closing():
            self._process.stdin.write(soundcard.HEAD.pack(kind, len(payload)) + payload)

    def kill(self) -> None:
        """End the child now."""
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()

    async def aclose(self) -> None:
        """End the child and wait until it is gone."""
        self.kill()
        await self._process.wait()


async def devices() -> list[Device]:
    """Return the sound devices of this machine. Raises DeviceError where they cannot be told."""
    card = await Card.start("list", "")
    try:
        async with asyncio.timeout(OPENING_SECONDS):
            _, payload = await card.read()
    except TimeoutError as error:
        raise DeviceError("microphone-lost", device="default") from error
    finally:
        await card.aclose()
    return [Device(**told) for told in json.loads(payload)]
