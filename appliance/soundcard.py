"""The child process that holds one sound device: `python -m appliance.soundcard capture|playback|list [NAME]`.

PortAudio as Debian ships it can hang for ever when a USB device is unplugged, and a hung native call cannot be ended
from inside: so the device lives in a process that card.py can kill. Reads and writes block, since cffi callbacks fail
under systemd's MemoryDenyWriteExecute. There is no numpy here: two of these processes run on a small box all day.
PortAudio counts the devices once, when it starts; a new process sees what was plugged in meanwhile.

Messages both ways are a letter, a length, a payload:

    child    FORMAT  JSON {"device", "rate", "channels"}: the device is open
             SOUND   capture: interleaved int16
             BEGAN, HEARD, ENDED, STOPPED   playback: two counts, frames heard and frames written, since BEGIN
             TROUBLE JSON {"code", ...values}: an entry of messages.toml; the child ends
             DEVICES JSON list: the answer to `list`
    daemon   BEGIN, SOUND, END (play what is there to its end), STOP (silence now)

The end of the child's input means that the daemon is gone: the child ends at once, whatever its device does.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import struct
import sys
import threading
from typing import Any, BinaryIO

HEAD = struct.Struct("<cI")
COUNTS = struct.Struct("<QQ")
FORMAT, SOUND, TROUBLE, DEVICES = b"F", b"P", b"T", b"L"
BEGIN, END, STOP = b"B", b"E", b"S"
BEGAN, HEARD, ENDED, STOPPED = b"b", b"h", b"e", b"s"

READ_SECONDS = 0.04
CAPTURE_LATENCY_SECONDS = 0.08
PLAYBACK_LATENCY_SECONDS = 0.15
SPEECH_RATE = 16_000
CODES = {
    "input": {"missing": "microphone-missing", "unknown": "microphone-unknown", "refused": "microphone-refused"},
    "output": {"missing": "speaker-missing", "unknown": "speaker-unknown", "refused": "speaker-refused"},
}
LOST = {"input": "microphone-lost", "output": "speaker-lost"}


class SoundcardError(Exception):
    """Expected trouble, told to the daemon."""

    def __init__(self, code: str, **values: str) -> None:
        super().__init__(code)
        self.told = {"code": code} | values


class Out:
    """The pipe to the daemon."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def send(self, kind: bytes, payload: Any = b"") -> None:
        """Send one message."""
        self._file.write(HEAD.pack(kind, len(payload)))
        self._file.write(payload)
        self._file.flush()


def main(arguments: list[str]) -> int:
    """Serve until the daemon goes (0) or the device fails (1)."""
    direction, name = arguments[0], arguments[1] if len(arguments) > 1 else ""
    out = Out(_silence_natives())
    try:
        try:
            import sounddevice
        except OSError as error:
            raise SoundcardError("sound-library-missing") from error
        {"list": _list, "capture": _capture, "playback": _playback}[direction](sounddevice, name, out)
    except SoundcardError as trouble:
        out.send(TROUBLE, json.dumps(trouble.told).encode())
        return 1
    except BrokenPipeError:
        pass
    except Exception as error:
        # PortAudio's own start is part of the import, which then leaves no class to name; counting devices raises too.
        if type(error).__name__ != "PortAudioError":
            raise
        lost = LOST["output" if direction == "playback" else "input"]
        out.send(TROUBLE, json.dumps({"code": lost, "device": name or "default"}).encode())
        return 1
    return 0


def _silence_natives() -> BinaryIO:
    """Keep the pipe for ourselves and ALSA's chatter out of the log; Python's own traces still go to standard error."""
    out, err = os.dup(1), os.dup(2)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    sys.stderr = os.fdopen(err, "w", buffering=1)
    return os.fdopen(out, "wb")


def _list(sounddevice: Any, name: str, out: Out) -> None:
    default = sounddevice.default.device
    devices = [
        {
            "name": device["name"],
            "inputs": device["max_input_channels"],
            "outputs": device["max_output_channels"],
            "rate": device["default_samplerate"],
            "default_input": device["index"] == default[0],
            "default_output": device["index"] == default[1],
        }
        for device in sounddevice.query_devices()
    ]
    out.send(DEVICES, json.dumps(devices).encode())


def _find(sounddevice: Any, direction: str, name: str) -> Any:
    """Return the device of this name, else the first whose name contains it; for an empty name the default one."""
    usable = [d for d in sounddevice.query_devices() if d[f"max_{direction}_channels"] > 0]
    if not usable:
        raise SoundcardError(CODES[direction]["missing"])
    if not name:
        default = sounddevice.default.device[0 if direction == "input" else 1]
        return next((d for d in usable if d["index"] == default), usable[0])
    wanted = name.casefold()
    named = [d for d in usable if wanted in d["name"].casefold()]
    if not named:
        known = ", ".join(d["name"] for d in usable)
        raise SoundcardError(CODES[direction]["unknown"], device=name, known=known)
    return next((d for d in named if d["name"].casefold() == wanted), named[0])


def _open(sounddevice: Any, direction: str, name: str, out: Out) -> tuple[Any, dict[str, Any]]:
    """Open the device in the first format that it takes; return the stream and what FORMAT told."""
    device = _find(sounddevice, direction, name)
    own, most = int(device["default_samplerate"]), device[f"max_{direction}_channels"]
    speech = [(SPEECH_RATE, 1)] if direction == "input" else []
    kind = sounddevice.RawInputStream if direction == "input" else sounddevice.RawOutputStream
    latency = CAPTURE_LATENCY_SECONDS if direction == "input" else PLAYBACK_LATENCY_SECONDS
    for rate, channels in [*speech, (own, 1), (own, 2), (own, most), (48_000, 2), (44_100, 2)]:
        with contextlib.suppress(sounddevice.PortAudioError):
            # int16 is no demand on the hardware: PortAudio converts from what the device has (24 or 32 bits).
            stream = kind(device=device["index"], samplerate=rate, channels=channels, dtype="int16", latency=latency)
            told = {"device": device["name"], "rate": rate, "channels": channels}
            out.send(FORMAT, json.dumps(told).encode())
            return stream, told
    raise SoundcardError(CODES[direction]["refused"], device=device["name"])


def _capture(sounddevice: Any, name: str, out: Out) -> None:
    threading.Thread(target=_end_with_daemon, args=(sys.stdin.buffer,), daemon=True).start()
    stream, told = _open(sounddevice, "input", name, out)
    frames = int(told["rate"] * READ_SECONDS)
    try:
        stream.start()
        while True:
            sound, _ = stream.read(frames)
            out.send(SOUND, sound)
    except sounddevice.PortAudioError as error:
        raise SoundcardError(LOST["input"], device=told["device"]) from error


def _end_with_daemon(source: BinaryIO) -> None:
    source.read()
    os._exit(0)


def _playback(sounddevice: Any, name: str, out: Out) -> None:
    stream, told = _open(sounddevice, "output", name, out)
    player = Player(stream, told["rate"], told["channels"], out)
    threading.Thread(target=player.obey, args=(sys.stdin.buffer,), daemon=True).start()
    try:
        player.run()
    except sounddevice.PortAudioError as error:
        raise SoundcardError(LOST["output"], device=told["device"]) from error


class Player:
    """Plays messages; a second thread takes them in, so that STOP overtakes the sound that waits."""

    def __init__(self, stream: Any, rate: int, channels: int, out: Out) -> None:
        self._stream, self._rate, self._out = stream, rate, out
        self._frame_bytes = 2 * channels
        self._messages: queue.Queue[tuple[bytes, bytes]] = queue.Queue()
        self._capacity = 0
        self._written = 0
        """Frames of sound since BEGIN."""
        self._pushed = 0
        """Frames of sound and of the silence behind it."""

    def obey(self, source: BinaryIO) -> None:
        """Take messages until the daemon goes; then end the process."""
        while len(head := source.read(HEAD.size)) == HEAD.size:
            kind, length = HEAD.unpack(head)
            payload = source.read(length)
            if kind == STOP:
                with contextlib.suppress(queue.Empty):
                    while True:
                        self._messages.get_nowait()
            self._messages.put((kind, payload))
        os._exit(0)

    def run(self) -> None:
        """Play for ever. Raises PortAudioError where the device is gone."""
        while True:
            kind, payload = self._next()
            if kind == BEGIN:
                self._begin()
            elif kind == SOUND:
                self._stream.write(payload)
                self._written += len(payload) // self._frame_bytes
                self._pushed += len(payload) // self._frame_bytes
                self._tell(HEARD)
            elif kind == END:
                # Silence as long as the buffer pushes the last sound out; PortAudio's stop() drops it on some devices.
                self._stream.write(bytes(self._capacity * self._frame_bytes))
                self._pushed += self._capacity
                self._fall_silent(ENDED, all_heard=True)
            else:
                self._fall_silent(STOPPED)

    def _next(self) -> tuple[bytes, bytes]:
        """Wait for a message; tell once that the buffer ran dry where sound is late."""
        if self._stream.active:
            with contextlib.suppress(queue.Empty):
                return self._messages.get(timeout=self._capacity / self._rate)
            self._out.send(HEARD, COUNTS.pack(self._written, self._written))
        return self._messages.get()

    def _begin(self) -> None:
        self._fall_silent(None)
        self._stream.start()
        self._capacity = self._stream.write_available
        self._written = self._pushed = 0
        self._tell(BEGAN)

    def _fall_silent(self, answer: bytes | None, *, all_heard: bool = False) -> None:
        counts = COUNTS.pack(self._written if all_heard else self._heard(), self._written)
        if self._stream.active:
            self._stream.abort()
        if answer:
            self._out.send(answer, counts)

    def _heard(self) -> int:
        """Frames of sound that left the buffer."""
        waiting = self._capacity - self._stream.write_available if self._stream.active else 0
        return max(0, min(self._written, self._pushed - waiting))

    def _tell(self, kind: bytes) -> None:
        self._out.send(kind, COUNTS.pack(self._heard(), self._written))


if __name__ == "__main__":
    # The thread that reads from the daemon may hold standard input's lock: an ordinary exit would wait for it.
    status = main(sys.argv[1:])
    sys.stderr.flush()
    os._exit(status)
