"""Wake word: microWakeWord, streaming models of 20 to 60 kB on features that all words share.

The default, because its words are Apache-2.0 and it costs least. `pymicro-wakeword` carries okay_nabu (trained for
French too), hey_jarvis, hey_mycroft and alexa; a word trained by the owner is a .json (as the trainer writes it, with
its .tflite beside it) or a bare .tflite.
What it needs is sound after the word: a recording that ends with the word's last sample may not wake it.
Source: https://github.com/OHF-Voice/pymicro-wakeword
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from appliance.audio import Pcm
from appliance.engines.wakewords import Refractory, WakeOptions, check_tflite, find, name_of
from appliance.errors import ModelError

PACKAGE = "pymicro_wakeword"
HOP_SAMPLES = 160
"""The features come every 10 ms."""
BARE_THRESHOLD = 0.9
BARE_WINDOW = 5
"""For a .tflite without its .json: what most published words use."""


class Options(WakeOptions):
    """What the owner may set."""


class Engine:
    """Hears its words in a stream of sound."""

    def __init__(self, options: Options, models: Path) -> None:
        paths = {name_of(word): find(word, PACKAGE, ".json") for word in options.words}
        from pymicro_wakeword import MicroWakeWordFeatures

        self._words = {name: _load(path) for name, path in paths.items()}
        self._thresholds = {
            name: options.threshold_of(name, word.probability_cutoff) for name, word in self._words.items()
        }
        self._features = MicroWakeWordFeatures()
        self._refractory = Refractory(options.refractory_seconds)

    def feed(self, pcm: Pcm) -> str:
        """Take the next samples (16 kHz int16, any length); return the word that just ended, or ""."""
        heard = ""
        for features in self._features.process_streaming(pcm.tobytes()):
            self._refractory.passed(HOP_SAMPLES)
            margin, name = max(
                (word.process_streaming_prob(features) - self._thresholds[name], name)
                for name, word in self._words.items()
            )
            if margin > 0 and self._refractory.allows():
                heard = name
        return heard

    def reset(self) -> None:
        """Forget the sound heard so far."""
        self._features.reset()
        for word in self._words.values():
            word.reset()
        self._refractory.reset()

    def close(self) -> None:
        """Free the models."""
        for word in self._words.values():
            word.close()


def _load(path: Path) -> Any:
    """Return the model behind a .json, or behind a .tflite with or without its .json. Raises ModelError."""
    import pymicro_wakeword

    config = path.with_suffix(".json")
    if config.is_file():
        try:
            model = config.parent / json.loads(config.read_text("utf-8"))["model"]
            check_tflite(model)
            return pymicro_wakeword.MicroWakeWord.from_config(config)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError("model-broken", name=path.stem, path=config) from error
    library = next((Path(pymicro_wakeword.__file__).parent / "lib").glob("*tensorflowlite_c.*"))
    return pymicro_wakeword.MicroWakeWord(
        path.stem,
        wake_word=path.stem,
        tflite_model=check_tflite(path),
        probability_cutoff=BARE_THRESHOLD,
        sliding_window_size=BARE_WINDOW,
        trained_languages=[],
        libtensorflowlite_c_path=library,
    )
