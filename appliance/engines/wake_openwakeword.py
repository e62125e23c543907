"""Wake word: openWakeWord, one speech embedding for all words and a small model for each.

Heavier than microWakeWord, with words of its own and many trained by others. The stock words (okay_nabu, hey_jarvis,
hey_mycroft, alexa, hey_rhasspy) are licensed CC BY-NC-SA 4.0: not for a product that is sold. A word of the owner is
the path of a .tflite.

The library computes eight seconds of silence at the first sound after a reset, half a second of work: that state is
computed once here, and a reset puts it back.
Source: https://github.com/OHF-Voice/pyopen-wakeword
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from appliance.audio import Pcm
from appliance.engines.wakewords import Refractory, WakeOptions, check_tflite, find, name_of

PACKAGE = "pyopen_wakeword"
CHUNK_SAMPLES = 1280
"""The embedding moves on every 80 ms."""
THRESHOLD = 0.5
"""What openWakeWord's authors recommend for all words."""


class Options(WakeOptions):
    """What the owner may set."""


class Engine:
    """Hears its words in a stream of sound."""

    def __init__(self, options: Options, models: Path) -> None:
        paths = {name_of(word): check_tflite(find(word, PACKAGE, ".tflite")) for word in options.words}
        from pyopen_wakeword import OpenWakeWord, OpenWakeWordFeatures

        self._words = {name: OpenWakeWord.from_model(path) for name, path in paths.items()}
        self._thresholds = {name: options.threshold_of(name, THRESHOLD) for name in self._words}
        self._features = OpenWakeWordFeatures.from_builtin()
        self._refractory = Refractory(options.refractory_seconds)
        self._rest = np.zeros(0, np.int16)
        self._chunk(np.zeros(CHUNK_SAMPLES, np.int16))
        self._refractory.reset()
        self._silence = [(part, _state(part)) for part in (self._features, *self._words.values())]

    def feed(self, pcm: Pcm) -> str:
        """Take the next samples (16 kHz int16, any length); return the word that just ended, or ""."""
        heard = ""
        self._rest = np.concatenate((self._rest, pcm))
        while len(self._rest) >= CHUNK_SAMPLES:
            heard = self._chunk(self._rest[:CHUNK_SAMPLES]) or heard
            self._rest = self._rest[CHUNK_SAMPLES:]
        return heard

    def _chunk(self, pcm: Pcm) -> str:
        self._refractory.passed(len(pcm))
        best, heard = 0.0, ""
        for embeddings in self._features.process_streaming(pcm.tobytes()):
            for name, word in self._words.items():
                for probability in word.process_streaming(embeddings):
                    if probability - self._thresholds[name] > best:
                        best, heard = probability - self._thresholds[name], name
        return heard if heard and self._refractory.allows() else ""

    def reset(self) -> None:
        """Forget the sound heard so far."""
        self._rest = np.zeros(0, np.int16)
        for part, state in self._silence:
            for key, value in state.items():
                setattr(part, key, value.copy() if isinstance(value, np.ndarray) else value)
        self._refractory.reset()

    def close(self) -> None:
        """Free the models."""
        self._features.close()
        for word in self._words.values():
            word.close()


def _state(part: Any) -> dict[str, Any]:
    """Return a copy of what a part of the library remembers of the sound: its arrays, and how much in them is new."""
    kept = ("audio", "new_audio_samples", "mels", "new_mels", "embeddings", "new_embeddings")
    values = {key: getattr(part, key) for key in kept if hasattr(part, key)}
    return {key: value.copy() if isinstance(value, np.ndarray) else value for key, value in values.items()}
