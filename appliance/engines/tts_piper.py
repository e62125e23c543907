"""Voice: Piper (VITS on onnxruntime), the best voice that a Raspberry Pi speaks faster than real time.

The session is made here and not by `PiperVoice.load`: onnxruntime's CPU arena never shrinks and grows with every longer
sentence, so it is switched off, and the number of threads is the owner's to set. A long text is cut at its marks, so
that the first sound comes early and no text can ask for all the memory there is (pieces of 300 characters: 500 MB).
Source: https://github.com/OHF-Voice/piper1-gpl (GPL-3.0-or-later)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import Field

from appliance.audio import Pcm
from appliance.engines import EngineOptions
from appliance.engines.voices import files, pieces, sayable, trim
from appliance.errors import ModelError

LEAST_CHARACTERS, MOST_CHARACTERS = 60, 200


class Options(EngineOptions):
    """What the owner may set."""

    model: str = "piper-fr-siwis-medium"
    """Name in the model catalogue."""
    speaker: int | None = Field(None, ge=0)
    """For a model with several speakers, which one."""
    length_scale: float | None = Field(None, gt=0, le=5)
    """Above 1 is slower. None, here and below: the voice's own."""
    noise_scale: float | None = Field(None, ge=0, le=2)
    """Variation of the sound."""
    noise_w_scale: float | None = Field(None, ge=0, le=2)
    """Variation of the rhythm."""
    volume: float = Field(0.8, gt=0, le=1)
    """Of full scale."""
    threads: int = Field(0, ge=0, le=64)
    """0: as many as there are cores."""


class Engine:
    """Speaks with one Piper voice."""

    rate: int

    def __init__(self, options: Options, models: Path) -> None:
        model, config = files(models, options.model, "voice.onnx", "voice.onnx.json")
        import onnxruntime
        from piper import PiperVoice, SynthesisConfig
        from piper.config import PiperConfig

        session = onnxruntime.SessionOptions()
        session.enable_cpu_mem_arena = False
        session.intra_op_num_threads = options.threads
        try:
            settings = PiperConfig.from_dict(json.loads(config.read_text("utf-8")))
            voice = onnxruntime.InferenceSession(str(model), session, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has a class of error for each way to be broken
            raise ModelError("model-broken", name=options.model, path=model.parent) from error
        self._voice: Any = PiperVoice(session=voice, config=settings)
        self._how = SynthesisConfig(
            speaker_id=options.speaker,
            length_scale=options.length_scale,
            noise_scale=options.noise_scale,
            noise_w_scale=options.noise_w_scale,
            volume=options.volume,
        )
        self.rate = settings.sample_rate

    def say(self, text: str) -> Iterator[Pcm]:
        """Yield the sound of one sentence (mono int16 at `rate`) in pieces as they are made."""
        for piece in pieces(sayable(text), LEAST_CHARACTERS, MOST_CHARACTERS):
            for chunk in self._voice.synthesize(piece, self._how):
                pcm = trim(chunk.audio_int16_array, self.rate, piece)
                if len(pcm):
                    yield pcm

    def close(self) -> None:
        """Free the model."""
        del self._voice
