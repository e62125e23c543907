"""Sound as the machine carries it: 16 kHz mono int16 PCM, in frames of 20 ms, with audio time.

Everything between an ear and the recogniser is this one format. Time is samples heard / 16000, never a wall clock:
a recording then behaves the same at any speed.

Two functions touch files, `read_wav` and `write_wav`; the rest is pure. A file that claims more sound than it holds is
refused as cut rather than half read: an answer to half a question is worse than one line that says what is wrong.
soundfile and soxr are loaded by the functions that need them: an engine's process that only passes PCM stays small.
"""

from __future__ import annotations

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt

from appliance import __version__
from appliance.errors import InputError

RATE = 16_000
FRAME_SECONDS = 0.02
FRAME_SAMPLES = int(RATE * FRAME_SECONDS)
LONGEST_SECONDS = 600
"""A recording that is longer is refused."""
SLOWEST_RATE, FASTEST_RATE = 4_000, 384_000
"""Samples a second that a recording may have."""
UNKNOWN_LENGTH = 0x7FFF_0000
"""A RIFF length from here on was written by a program that did not know it (arecord or ffmpeg into a pipe)."""
FLOOR_DBFS = -120.0

Pcm = npt.NDArray[np.int16]
"""Mono samples, shape (n,)."""
Samples = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms of sound with what the small models made of it."""

    pcm: Pcm
    """Shape (320,)."""
    t: float
    """Audio time at the end of the frame, seconds."""
    speech: float = 0.0
    """Probability of speech, 0 to 1; 0 while nobody asks for it (asleep)."""
    wake: str = ""
    """The wake word that ended in this frame, or nothing."""


class Rechunker:
    """Cuts sound that comes in any sizes into blocks of one size."""

    def __init__(self, size: int = FRAME_SAMPLES) -> None:
        self._size = size
        self._rest = np.zeros(0, np.int16)

    def feed(self, pcm: Pcm) -> list[Pcm]:
        """Take samples of any number; return the whole blocks, each of shape (size,)."""
        together = np.concatenate((self._rest, pcm)) if len(self._rest) else pcm
        whole = len(together) // self._size * self._size
        # A copy: a view would keep the whole of what was fed alive for the sake of a few samples.
        self._rest = together[whole:].copy()
        return [together[i : i + self._size] for i in range(0, whole, self._size)]

    def flush(self) -> list[Pcm]:
        """Return what is left, a shorter block, or nothing."""
        rest, self._rest = self._rest, np.zeros(0, np.int16)
        return [rest] if len(rest) else []


class Resampler:
    """Changes the rate of a stream of sound, piece by piece, without clicks between the pieces."""

    def __init__(self, from_rate: float, to_rate: float) -> None:
        self._stream: Any = None
        if from_rate != to_rate:
            import soxr

            self._stream = soxr.ResampleStream(from_rate, to_rate, 1, dtype="float32")

    def feed(self, samples: Samples) -> Samples:
        """Take samples (float, full scale = 1); return those that are ready at the new rate."""
        return samples if self._stream is None else self._stream.resample_chunk(samples)

    def flush(self) -> Samples:
        """Return the end of the sound; the stream cannot be fed any more."""
        empty = np.zeros(0, np.float32)
        return empty if self._stream is None else self._stream.resample_chunk(empty, last=True)


def to_float(pcm: Pcm) -> Samples:
    """Return samples with full scale = 1."""
    return pcm.astype(np.float32) / 32768.0


def to_pcm(samples: Samples) -> Pcm:
    """Return int16 samples: what is over full scale or infinite is clipped, what is not a number is silence."""
    finite = np.nan_to_num(samples, nan=0.0, posinf=1.0, neginf=-1.0)
    pcm: Pcm = np.clip(np.rint(finite * 32768.0), -32768, 32767).astype(np.int16)
    return pcm


def resampled(pcm: Pcm, from_rate: float, to_rate: float) -> Pcm:
    """Return a whole sound at another rate."""
    if from_rate == to_rate:
        return pcm
    resampler = Resampler(from_rate, to_rate)
    return to_pcm(np.concatenate((resampler.feed(to_float(pcm)), resampler.flush())))


def gain(percent: int) -> float:
    """Return the factor for a volume of 0 to 100 percent.

    Half the number sounds half as loud: perceived loudness halves every 10 dB (Stevens' sone scale), so the factor is
    the share to the power of 0.5 / log10(2).
    """
    return float((min(max(percent, 0), 100) / 100) ** (0.5 / np.log10(2)))


def louder(pcm: Pcm, factor: float) -> Pcm:
    """Return the sound times a factor, clipped."""
    return pcm if factor == 1 else to_pcm(to_float(pcm) * np.float32(factor))


def level_dbfs(pcm: Pcm) -> float:
    """Return the root mean square level, decibels below full scale (-120 for silence)."""
    if not len(pcm):
        return FLOOR_DBFS
    power = float(np.mean(np.square(to_float(pcm), dtype=np.float64)))
    return max(FLOOR_DBFS, 10 * np.log10(power)) if power else FLOOR_DBFS


def chime() -> Pcm:
    """Return the two rising notes that say "I listen": 16 kHz, about a quarter of a second."""
    notes = [_note(frequency, 0.13) for frequency in (659.26, 987.77)]  # E5, B5: an open fifth
    return to_pcm(np.concatenate(notes))


def ring() -> Pcm:
    """Return the bell of a timer: three notes up, twice, 16 kHz, about a second and a half."""
    bell = [_note(frequency, 0.22, decay=0.16) for frequency in (783.99, 987.77, 1174.66)]  # G5, B5, D6: a triad
    silence = np.zeros(int(0.15 * RATE), np.float32)
    return to_pcm(np.concatenate([*bell, silence, *bell]))


def _note(frequency: float, seconds: float, decay: float = 0.09) -> Samples:
    t = np.arange(int(seconds * RATE)) / RATE
    attack = np.minimum(t / 0.008, 1)
    release = np.minimum((seconds - t) / 0.03, 1)
    tone = np.sin(2 * np.pi * frequency * t) + 0.25 * np.sin(4 * np.pi * frequency * t)
    return (0.22 * attack * release * np.exp(-t / decay) * tone).astype(np.float32)


def read_wav(path: Path | str) -> Pcm:
    """Return the sound of a file as 16 kHz mono: WAV, FLAC, OGG and what else libsndfile reads, any format and rate.

    Raises InputError: audio-missing, audio-folder, audio-permission, audio-empty, audio-cut, audio-not-audio,
    audio-rate, audio-too-long.
    """
    path = Path(path)
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            raise InputError("audio-folder", path=path)
        if not S_ISREG(mode):  # a pipe or a device might never end
            raise InputError("audio-not-audio", path=path)
        with path.open("rb") as file:
            return _read(file, path)
    except FileNotFoundError as error:
        raise InputError("audio-missing", path=path) from error
    except PermissionError as error:
        raise InputError("audio-permission", path=path) from error
    except (OSError, ValueError) as error:  # a broken medium; a name that no file can have
        raise InputError("audio-not-audio", path=path) from error


def _read(file: BinaryIO, path: Path) -> Pcm:
    import soundfile

    if os.fstat(file.fileno()).st_size == 0:
        raise InputError("audio-empty", path=path)
    if _riff_is_cut(file) or _ogg_is_cut(file):
        raise InputError("audio-cut", path=path)
    file.seek(0)
    try:
        with soundfile.SoundFile(file) as sound:
            return _convert(sound, path)
    except soundfile.SoundFileError as error:
        raise InputError("audio-not-audio", path=path) from error


def _convert(sound: Any, path: Path) -> Pcm:
    if not SLOWEST_RATE <= sound.samplerate <= FASTEST_RATE:
        raise InputError("audio-rate", path=path, rate=sound.samplerate)
    if sound.frames > LONGEST_SECONDS * sound.samplerate:
        raise InputError("audio-too-long", path=path, minutes=LONGEST_SECONDS // 60)
    resampler = Resampler(sound.samplerate, RATE)
    pieces, read = [], 0
    # Piece by piece: ten minutes of many channels as floats would be gigabytes, as 16 kHz mono they are 19 MB.
    for block in sound.blocks(max(1, 2**18 // sound.channels), dtype="float32", always_2d=True):
        read += len(block)
        finite = np.nan_to_num(block, nan=0.0, posinf=1.0, neginf=-1.0)
        pieces.append(to_pcm(resampler.feed(np.clip(finite, -1, 1).mean(axis=1, dtype=np.float32))))
    if read < sound.frames:
        raise InputError("audio-cut", path=path)
    pcm = np.concatenate([*pieces, to_pcm(resampler.flush())])
    if not len(pcm):
        raise InputError("audio-empty", path=path)
    return pcm


def _riff_is_cut(file: BinaryIO) -> bool:
    """Tell whether a WAV's header promises more sound than follows (libsndfile would read the rest in silence)."""
    size = os.fstat(file.fileno()).st_size
    head = file.read(12)
    if head[:4] != b"RIFF":
        return False
    if len(head) < 12:
        return True
    while len(chunk := file.read(8)) == 8:
        name, length = struct.unpack("<4sI", chunk)
        if name == b"data":
            return bool(length < UNKNOWN_LENGTH and file.tell() + length > size)
        file.seek(length + length % 2, os.SEEK_CUR)
    return file.tell() > size or struct.unpack("<I", head[4:8])[0] + 8 > size


def _ogg_is_cut(file: BinaryIO) -> bool:
    """Tell whether the last page of an OGG is not whole, or not the one that says that the stream ends (RFC 3533)."""
    file.seek(0)
    if file.read(4) != b"OggS":
        return False
    file.seek(max(0, os.fstat(file.fileno()).st_size - 2**16))  # a page is shorter than 64 KiB
    tail = file.read()
    page = tail[max(0, tail.rfind(b"OggS")) :]
    whole = len(page) > 26 and len(page) >= 27 + page[26] + sum(page[27 : 27 + page[26]])
    return not whole or not page[5] & 4


def write_wav(path: Path | str, pcm: Pcm, rate: int, *, voice: str = "", date: str = "") -> None:
    """Write synthetic speech (mono int16 at `rate`) as a WAV that says so; the file appears whole or not at all.

    The RIFF INFO chunk marks it for machines (AI Act, article 50(2)): ICMT says what made it, ISFT the program, ICRD
    the `date` that the caller gives. Raises InputError audio-not-written.
    """
    import soundfile

    path = Path(path)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with soundfile.SoundFile(part, "w", rate, 1, "PCM_16", format="WAV") as sound:
            sound.comment = ", ".join(filter(None, ("synthetic speech", f"Grillon {__version__}", voice, date)))
            sound.software = f"Grillon {__version__}"
            if date:
                sound.date = date
            sound.write(pcm)
        part.replace(path)
    except (OSError, soundfile.SoundFileError) as error:
        part.unlink(missing_ok=True)
        raise InputError("audio-not-written", path=path, detail=error) from error
