"""Every engine for voice activity, on its real model, with speech made by Pico."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance import engines
from appliance.audio import RATE, Pcm
from appliance.engines import tts_pico

pytestmark = pytest.mark.models

BLOCK_SAMPLES = 320


@pytest.fixture(scope="module", params=engines.names("vad"))
def detector(request: pytest.FixtureRequest) -> Iterator[Any]:
    module = engines.module("vad", request.param)
    made = module.Engine(module.Options(), Path())
    yield made
    made.close()


@pytest.fixture(scope="module")
def speech() -> Pcm:
    voice = tts_pico.Engine(tts_pico.Options(), Path())
    return np.concatenate(list(voice.say("Quelle est la capitale de la Hongrie et combien a-t-elle d'habitants ?")))


def silence(seconds: float) -> Pcm:
    return np.zeros(int(seconds * RATE), np.int16)


def probabilities(detector: Any, *sounds: Pcm, block_samples: int = BLOCK_SAMPLES) -> np.ndarray:
    detector.reset()
    pcm = np.concatenate(sounds)
    return np.array([detector.feed(pcm[i : i + block_samples]) for i in range(0, len(pcm), block_samples)])


def test_speech_is_told_from_what_surrounds_it(detector: Any, speech: Pcm) -> None:
    found = probabilities(detector, silence(1), speech, silence(2))
    blocks_a_second = RATE // BLOCK_SAMPLES
    during = found[blocks_a_second : -2 * blocks_a_second]
    assert np.all((found >= 0) & (found <= 1))
    assert found[:blocks_a_second].max() < 0.5
    assert np.mean(during > 0.5) > 0.7
    assert found[-blocks_a_second:].max() < 0.5


@pytest.mark.parametrize("decibels", [-12, -24])
def test_soft_speech_is_speech(detector: Any, speech: Pcm, decibels: float) -> None:
    soft = (speech * 10 ** (decibels / 20)).astype(np.int16)
    assert np.mean(probabilities(detector, soft) > 0.5) > 0.7


@pytest.mark.parametrize("kind", ["silence", "white noise", "loud noise", "tone", "mains hum"])
def test_what_is_no_speech(detector: Any, kind: str) -> None:
    time = np.arange(5 * RATE) / RATE
    noise = np.random.default_rng(7).normal(0, 1, len(time))
    sounds = {
        "silence": 0 * time,
        "white noise": 500 * noise,
        "loud noise": 3000 * noise,
        "tone": 3000 * np.sin(2 * np.pi * 440 * time),
        "mains hum": 1000 * np.sin(2 * np.pi * 50 * time),
    }
    assert probabilities(detector, sounds[kind].astype(np.int16)).max() < 0.5


@pytest.mark.parametrize("block_samples", [1, 100, 512, 1280, 5000])
def test_the_length_of_blocks_does_not_matter(detector: Any, speech: Pcm, block_samples: int) -> None:
    pcm = speech[:RATE]
    by_block = probabilities(detector, pcm, block_samples=block_samples)[-1]
    at_once = probabilities(detector, pcm, block_samples=len(pcm))[-1]
    assert by_block == pytest.approx(at_once, abs=1e-6)


def test_nothing_is_fed(detector: Any, speech: Pcm) -> None:
    detector.reset()
    before = detector.feed(speech[:RATE])
    assert detector.feed(silence(0)) == before


def test_reset_forgets(detector: Any, speech: Pcm) -> None:
    detector.reset()
    assert detector.feed(speech[:RATE]) > 0.5
    detector.reset()
    assert detector.feed(silence(0.02)) < 0.5
    first = probabilities(detector, speech)
    np.testing.assert_allclose(probabilities(detector, speech), first, atol=1e-6)
