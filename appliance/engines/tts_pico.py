"""Voice: SVOX Pico, the small boards' voice: in the package, 16 kHz, a few milliseconds of work a sentence.

`py_nanotts` builds a whole Pico engine for each call and frees it after: nothing is kept between sentences (300 calls
left 1.5 MB more than one). Pico reads tags like <speed level="80">: `sayable` takes the brackets out. At its own
loudness it clips; 0.75 leaves room. It never comes back from some words of 200 letters, so `sayable` breaks those.
Source: https://pypi.org/project/py-nanotts/ (Apache-2.0)
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import Field

from appliance.audio import Pcm
from appliance.engines import EngineOptions
from appliance.engines.voices import pieces, sayable, trim
from appliance.errors import EngineError

VOICES = {
    "fr": "fr-FR",
    "en": "en-GB",
    "en-GB": "en-GB",
    "en-US": "en-US",
    "de": "de-DE",
    "es": "es-ES",
    "it": "it-IT",
}
LEAST_CHARACTERS, MOST_CHARACTERS = 80, 400


class Options(EngineOptions):
    """What the owner may set."""

    language: Literal["fr", "en", "en-GB", "en-US", "de", "es", "it"] = "fr"
    speed: float = Field(1.0, ge=0.2, le=5)
    """1 is the voice's own; 2 is twice as fast."""
    pitch: float = Field(1.0, ge=0.5, le=2)
    """1 is the voice's own; 2 is an octave higher."""
    volume: float = Field(0.75, gt=0, le=5)


class Engine:
    """Speaks with one of Pico's voices."""

    rate = 16_000

    def __init__(self, options: Options, models: Path) -> None:
        from py_nanotts import NanoTTS

        self._pico = NanoTTS()
        self._options = options

    def say(self, text: str) -> Iterator[Pcm]:
        """Yield the sound of one sentence (mono int16 at `rate`) in pieces as they are made. Raises EngineError."""
        for piece in pieces(sayable(text), LEAST_CHARACTERS, MOST_CHARACTERS):
            try:
                sound = self._sound(piece)
            except RuntimeError:
                # Pico's analysis fails on some heaps of punctuation, which nobody needs to hear.
                sound = self._sound_of_words(piece)
            pcm = trim(np.frombuffer(sound, np.int16), self.rate, piece)
            if len(pcm):
                yield pcm

    def _sound(self, text: str) -> bytes:
        options = self._options
        return bytes(
            self._pico.speak(
                text,
                voice=VOICES[options.language],
                speed=None if options.speed == 1 else options.speed,
                pitch=None if options.pitch == 1 else options.pitch,
                volume=options.volume,
            )
        )

    def _sound_of_words(self, text: str) -> bytes:
        try:
            return self._sound(re.sub(r"[\W_]+", " ", text))
        except RuntimeError as error:
            raise EngineError("engine-failed", engine="pico", detail=error) from error

    def close(self) -> None:
        """Free the model: nothing is held between two sentences."""
