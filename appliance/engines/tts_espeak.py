"""Voice: the system's espeak-ng program, the last resort: it speaks a hundred languages anywhere.

A process for each sentence: the text goes in by standard input (nothing in it can become an option), the sound comes
out as it is made. The length in the WAV header is a lie when espeak writes to a pipe, so only the rate is read from it.
Source: https://github.com/espeak-ng/espeak-ng (GPL-3.0-or-later); on Debian, the package espeak-ng.
"""

from __future__ import annotations

import shutil
import struct
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from pydantic import Field

from appliance.audio import Pcm
from appliance.engines import EngineOptions
from appliance.engines.voices import sayable
from appliance.errors import EngineError

HEADER_BYTES = 44
CHUNK_BYTES = 8192


class Options(EngineOptions):
    """What the owner may set."""

    voice: str = Field("fr", pattern=r"^[A-Za-z0-9+_-]+$")
    """As `espeak-ng --voices` names it: fr, en-gb, fr+f3..."""
    words_per_minute: int = Field(165, ge=80, le=450)
    pitch: int = Field(50, ge=0, le=99)


class Engine:
    """Speaks through espeak-ng."""

    rate: int

    def __init__(self, options: Options, models: Path) -> None:
        program = shutil.which("espeak-ng")
        if program is None:
            raise EngineError("espeak-missing")
        speed, pitch = str(options.words_per_minute), str(options.pitch)
        self._command = [program, "-v", options.voice, "-s", speed, "-p", pitch, "-b", "1", "--stdin", "--stdout"]
        trial = subprocess.run(self._command, input=b"a", capture_output=True, check=False)
        if trial.returncode != 0 or len(trial.stdout) < HEADER_BYTES:
            detail = trial.stderr.decode("utf-8", "replace").strip()[:200]
            raise EngineError("engine-failed", engine="espeak", detail=detail)
        (self.rate,) = struct.unpack_from("<I", trial.stdout, 24)

    def say(self, text: str) -> Iterator[Pcm]:
        """Yield the sound of one sentence (mono int16 at `rate`) in pieces as they are made."""
        if not (text := sayable(text)):
            return
        with subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin and process.stdout
            try:
                process.stdin.write(text.encode("utf-8"))
                process.stdin.close()
                process.stdout.read(HEADER_BYTES)
                while sound := process.stdout.read(CHUNK_BYTES):
                    yield np.frombuffer(sound[: len(sound) // 2 * 2], np.int16)
            finally:
                process.kill()

    def close(self) -> None:
        """Free the model: nothing is held between two sentences."""
