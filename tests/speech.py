"""Speech for the tests, made by the project's own voices (Pico, in its package), 16 kHz mono int16."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import soxr

from appliance import engines
from appliance.audio import RATE, Pcm
from appliance.catalog import default_store


@cache
def _voice(engine: str, **options: str) -> Any:
    module = engines.module("tts", engine)
    return module.Engine(module.Options(**options), default_store())


@cache
def spoken(text: str, language: str = "fr", before_seconds: float = 0.3, after_seconds: float = 1.2) -> Pcm:
    """Return `text` spoken by Pico, with silence around; cached, do not change it."""
    voice = _voice("pico", language=language)
    return padded(np.concatenate(list(voice.say(text))), voice.rate, before_seconds, after_seconds)


def siwis(text: str) -> Pcm:
    """Return `text` spoken by Kokoro's French voice."""
    voice = _voice("kokoro", voice="kokoro-ff-siwis")
    return padded(np.concatenate(list(voice.say(text))), voice.rate, 0.3, 1.2)


def padded(pcm: Pcm, rate: int, before_seconds: float, after_seconds: float) -> Pcm:
    """Return `pcm` at 16 kHz with silence around."""
    at_16k: Pcm = soxr.resample(pcm, rate, RATE) if rate != RATE else pcm
    silence = [np.zeros(int(seconds * RATE), np.int16) for seconds in (before_seconds, after_seconds)]
    return np.concatenate([silence[0], at_16k, silence[1]])


def has(*models: str) -> bool:
    """Tell whether these models are in the store."""
    store: Path = default_store()
    return all((store / name).is_dir() for name in models)
