"""Voice: Kokoro-82M on onnxruntime, the most natural French voice here, for machines stronger than a Raspberry Pi.

Phonemes come from the espeak-ng that piper-tts bundles, so that no system package is needed; they keep stress and
punctuation, which carry Kokoro's melody. The model makes a whole piece at once, hence a sentence is cut at its clauses:
the first clause is heard while the next is made. onnxruntime's CPU arena is off: it never shrinks, and grows with every
longer sentence.

The voice file holds a style (256 numbers) for each length from 1 to 510 phonemes, the most that the model takes. Pieces
are kept far shorter, because its memory grows with them: one of five seconds took the process to 1 GB.
Source: https://huggingface.co/hexgrad/Kokoro-82M (Apache-2.0)
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import Field

from appliance.audio import Pcm
from appliance.engines import EngineOptions
from appliance.engines.voices import files, pieces, sayable, trim
from appliance.errors import ModelError

LEAST_PHONEMES, MOST_PHONEMES = 30, 100
STYLES = 510
STYLE_SIZE = 256
AFFRICATES = {"tʃ": "ʧ", "dʒ": "ʤ"}
"""espeak writes two letters where Kokoro learnt one."""
SOUNDLESS = ' ;:,.!?—…"()“”ˈˌː'
"""Marks of the vocabulary that are no sound by themselves."""


class Options(EngineOptions):
    """What the owner may set."""

    model: str = "kokoro-82m"
    """Name in the model catalogue."""
    voice: str = "kokoro-ff-siwis"
    """Name in the model catalogue."""
    language: str = "fr"
    """espeak-ng's name of the language that the voice speaks: fr, en-us, en-gb..."""
    speed: float = Field(1.0, ge=0.5, le=2)
    """1 is the voice's own; 2 is twice as fast."""
    volume: float = Field(1.0, gt=0, le=2)
    threads: int = Field(0, ge=0, le=64)
    """0: as many as there are cores."""


class Engine:
    """Speaks with one of Kokoro's voices."""

    rate = 24_000

    def __init__(self, options: Options, models: Path) -> None:
        model, vocabulary = files(models, options.model, "model.onnx", "vocab.json")
        (style,) = files(models, options.voice, "*.bin")
        import onnxruntime
        from piper.phonemize_espeak import EspeakPhonemizer

        self._options = options
        session = onnxruntime.SessionOptions()
        session.enable_cpu_mem_arena = False
        session.intra_op_num_threads = options.threads
        try:
            self._vocabulary: dict[str, int] = json.loads(vocabulary.read_text("utf-8"))["vocab"]
            self._styles = np.fromfile(style, np.float32).reshape(STYLES, STYLE_SIZE)
            self._session: Any = onnxruntime.InferenceSession(str(model), session, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime has a class of error for each way to be broken
            raise ModelError("model-broken", name=options.model, path=model.parent) from error
        self._phonemizer: Any = EspeakPhonemizer()

    def say(self, text: str) -> Iterator[Pcm]:
        """Yield the sound of one sentence (mono int16 at `rate`) in pieces as they are made."""
        if text := sayable(text):
            for piece in pieces(self._phonemes(text), LEAST_PHONEMES, MOST_PHONEMES):
                if piece.strip(SOUNDLESS):
                    yield trim(self._sound(piece), self.rate, piece)

    def _phonemes(self, text: str) -> str:
        """Return the phonemes that Kokoro knows, one character each, with the text's punctuation."""
        sentences = self._phonemizer.phonemize(self._options.language, text)
        phonemes = " ".join("".join(sentence) for sentence in sentences)
        for pair, single in AFFRICATES.items():
            phonemes = phonemes.replace(pair, single)
        return "".join(phoneme for phoneme in phonemes if phoneme in self._vocabulary)

    def _sound(self, phonemes: str) -> Pcm:
        ids = [self._vocabulary[phoneme] for phoneme in phonemes]
        inputs = {
            "tokens": np.array([[0, *ids, 0]], np.int64),
            "style": self._styles[len(ids) - 1 : len(ids)],
            "speed": np.array([self._options.speed], np.float32),
        }
        (sound,) = self._session.run(None, inputs)
        return np.asarray(np.clip(sound * self._options.volume, -1, 1) * 32767, np.int16)

    def close(self) -> None:
        """Free the model."""
        del self._session
