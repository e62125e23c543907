"""What the wake-word engines have in common: their options, how a word is found, and the pause after it.

A word is the name of one that the engine's package carries ("okay_nabu", also written "Okay Nabu"), or the path of the
owner's own. Whether it exists is found out without importing the package: the folder of its models is enough.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path

from pydantic import Field

from appliance.audio import RATE
from appliance.engines import EngineOptions
from appliance.errors import ConfigError, ModelError


class WakeOptions(EngineOptions):
    """What every wake-word engine can be told."""

    words: list[str] = Field(["okay_nabu"], min_length=1)
    """Words that wake the box, several at once if wished: names of the package's own, or paths of the owner's."""
    threshold: float | None = Field(None, gt=0, lt=1)
    """Probability from which a word counts; lower wakes more easily. None: what the word's author chose."""
    thresholds: dict[str, float] = Field(default_factory=dict)
    """The same for one word, by its name; it goes before `threshold`."""
    refractory_seconds: float = Field(1.5, ge=0, le=10)
    """After a word, seconds of sound in which no word counts: one call must not wake twice."""

    def threshold_of(self, name: str, default: float) -> float:
        """Return the threshold of the word called `name`."""
        return self.thresholds.get(name, default if self.threshold is None else self.threshold)


def name_of(word: str) -> str:
    """Return how a word is called in events: "Okay Nabu" and "/home/me/okay_nabu.json" are both "okay_nabu"."""
    return Path(word).stem.strip().lower().replace(" ", "_").replace("-", "_")


def find(word: str, package: str, suffix: str) -> Path:
    """Return the model file of `word`: its own path where it is one, else from `package`'s models.

    Raises ConfigError for a word that is not there, and says which are.
    """
    own = Path(word).expanduser()
    if own.suffix in (".json", ".tflite"):
        if own.is_file():
            return own
        raise ConfigError("wake-word-file-missing", path=own)
    spec = importlib.util.find_spec(package)
    folder = Path(spec.origin).parent / "models" if spec and spec.origin else Path()
    known = sorted(p.stem for p in folder.glob(f"*{suffix}") if p.stem not in NOT_WORDS)
    if name_of(word) not in known:
        raise ConfigError("wake-word-unknown", word=word, known=", ".join(known))
    return folder / f"{name_of(word)}{suffix}"


NOT_WORDS = ("embedding_model", "melspectrogram")
"""Files beside the words that openWakeWord computes its features with."""


def check_tflite(path: Path) -> Path:
    """Return `path` if it is a TensorFlow Lite file; the library itself crashes on anything else. Raises ModelError."""
    with path.open("rb") as file:
        if file.read(8)[4:] != b"TFL3":
            raise ModelError("model-broken", name=path.stem, path=path)
    return path


class Refractory:
    """The pause after a word, counted in samples heard: a recording behaves the same at any speed."""

    def __init__(self, seconds: float) -> None:
        self._pause_samples = int(seconds * RATE)
        self._left_samples = 0

    def passed(self, samples: int) -> None:
        """Take note that `samples` more were heard."""
        self._left_samples = max(0, self._left_samples - samples)

    def allows(self) -> bool:
        """Tell whether a word may count now, and start the pause if it does."""
        if self._left_samples > 0:
            return False
        self._left_samples = self._pause_samples
        return True

    def reset(self) -> None:
        """End the pause."""
        self._left_samples = 0
