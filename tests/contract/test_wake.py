"""Every wake-word engine, on its real models: with words spoken by Pico, and with recordings of people where they are."""

from __future__ import annotations

import itertools
import wave
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from appliance import engines
from appliance.audio import RATE, Pcm
from appliance.engines import tts_pico
from appliance.errors import ConfigError, ModelError

pytestmark = pytest.mark.models

WORDS = ["okay_nabu", "hey_jarvis", "hey_mycroft", "alexa"]
SPOKEN: dict[str, tuple[str, str, float]] = {
    "okay_nabu": ("it", "okay nabu", 1.3),
    "hey_jarvis": ("en", "hey jarvis", 1.0),
    "hey_mycroft": ("en", "hey mycroft", 1.0),
    "alexa": ("en", "alexa", 1.0),
}
"""Which voice of Pico (language, spelling, pitch) each engine understands best, unless PECULIAR says otherwise."""
PECULIAR = {("openwakeword", "okay_nabu"): ("en", "okay nabu", 1.0)}
FRENCH = ["Quelle heure est-il ?", "Mets un minuteur de dix minutes.", "Allume la lumière du salon, s'il te plaît."]
BADLY = {"micro": ("okay_nabu", "en-US", "okay nabu"), "openwakeword": ("hey_jarvis", "fr", "hé djarviss")}
"""A word that each engine is not sure of, and how Pico says it (language, spelling)."""
RECORDINGS = Path(__file__).parents[2].parent / "shared" / "audio"
BLOCK_SAMPLES = 320


def silence(seconds: float) -> Pcm:
    return np.zeros(int(seconds * RATE), np.int16)


@cache
def pico(language: str, text: str, pitch: float = 1.0) -> Pcm:
    voice = tts_pico.Engine(tts_pico.Options(language=language, pitch=pitch), Path())
    return np.concatenate(list(voice.say(text)))


def word_spoken(engine: str, word: str) -> Pcm:
    return pico(*PECULIAR.get((engine, word), SPOKEN[word]))


def heard(detector: Any, *sounds: Pcm, block_samples: int = BLOCK_SAMPLES) -> list[str]:
    """Return the words that woke, in order, from a fresh start."""
    detector.reset()
    pcm = np.concatenate(sounds)
    blocks = (pcm[i : i + block_samples] for i in range(0, len(pcm), block_samples))
    return [word for block in blocks if (word := detector.feed(block))]


def recording(path: Path) -> Pcm:
    with wave.open(str(path)) as file:
        return np.frombuffer(file.readframes(file.getnframes()), np.int16)


def recordings(folder: str) -> list[Path]:
    found = sorted((RECORDINGS / folder).glob("*.wav"))
    if not found:
        pytest.skip(f"no recordings in {RECORDINGS / folder}")
    return found


def make(engine: str, **options: Any) -> Any:
    module = engines.module("wake", engine)
    return module.Engine(module.Options(**options), Path())


@pytest.fixture(scope="module", params=engines.names("wake"))
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def detector(engine: str) -> Iterator[Any]:
    """A detector that listens for all words at once."""
    made = make(engine, words=WORDS)
    yield made
    made.close()


@pytest.mark.parametrize("word", WORDS)
def test_wakes_on_its_word_only(engine: str, detector: Any, word: str) -> None:
    assert heard(detector, silence(0.5), word_spoken(engine, word), silence(1)) == [word]


@pytest.mark.parametrize("block_samples", [1, 100, 320, 1280, 5000, 10**6])
def test_blocks_of_any_length(engine: str, detector: Any, block_samples: int) -> None:
    sounds = (silence(0.5), word_spoken(engine, "hey_jarvis"), silence(1))
    assert heard(detector, *sounds, block_samples=block_samples) == ["hey_jarvis"]


@pytest.mark.parametrize("decibels", [-6, -12, -24])
def test_wakes_when_spoken_softly(engine: str, detector: Any, decibels: float) -> None:
    soft = (word_spoken(engine, "hey_jarvis") * 10 ** (decibels / 20)).astype(np.int16)
    assert heard(detector, silence(0.5), soft, silence(1)) == ["hey_jarvis"]


def test_french_speech_silence_and_noise_wake_nothing(detector: Any) -> None:
    noise = np.random.default_rng(1).normal(0, 1500, 10 * RATE).astype(np.int16)
    speech = itertools.chain.from_iterable((pico("fr", text), silence(0.5)) for text in FRENCH)
    assert heard(detector, silence(3), *speech, noise) == []


def test_nothing_is_fed(detector: Any) -> None:
    assert detector.feed(silence(0)) == ""


def test_one_call_wakes_once_and_the_next_one_again(engine: str) -> None:
    detector = make(engine, words=["hey_jarvis"], refractory_seconds=2)
    call = np.concatenate([word_spoken(engine, "hey_jarvis"), silence(0.2)])
    assert heard(detector, silence(0.5), call, call, silence(1)) == ["hey_jarvis"]
    assert heard(detector, silence(0.5), call, silence(2), call, silence(1)) == ["hey_jarvis"] * 2
    detector.close()


def test_the_question_may_follow_at_once(engine: str, detector: Any) -> None:
    sounds = (silence(0.5), word_spoken(engine, "hey_jarvis"), pico("fr", FRENCH[0]), silence(1))
    assert heard(detector, *sounds) == ["hey_jarvis"]


def test_reset_forgets_half_a_word(engine: str, detector: Any) -> None:
    word = np.concatenate([silence(0.5), word_spoken(engine, "hey_jarvis"), silence(1)])
    middle = int(1.0 * RATE)
    detector.reset()
    assert detector.feed(word[:middle]) == ""
    detector.reset()
    assert detector.feed(word[middle:]) == ""


def test_threshold_decides(engine: str) -> None:
    """A word said badly: a high threshold refuses it, a low one of its own lets it pass."""
    word, language, said = BADLY[engine]
    sounds = (silence(0.5), pico(language, said), silence(1))
    strict = make(engine, words=[word], threshold=0.95)
    assert heard(strict, *sounds) == []
    lax = make(engine, words=[word], threshold=0.95, thresholds={word: 0.4})
    assert heard(lax, *sounds) == [word]
    strict.close()
    lax.close()


def test_the_owners_own_word(engine: str, tmp_path: Path) -> None:
    """A path serves as a word: here a copy of a stock model under another name."""
    module = engines.module("wake", engine)
    package = __import__(module.PACKAGE)
    stock = Path(package.__file__).parent / "models" / "hey_jarvis.tflite"
    own = tmp_path / "hello-cricket.tflite"
    own.write_bytes(stock.read_bytes())
    detector = make(engine, words=[str(own)])
    assert heard(detector, silence(0.5), word_spoken(engine, "hey_jarvis"), silence(1)) == ["hello_cricket"]
    detector.close()


def test_unknown_words_say_what_there_is(engine: str, tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as unknown:
        make(engine, words=["dis grillon"])
    assert unknown.value.code == "wake-word-unknown"
    assert "okay_nabu" in unknown.value.text("fr")
    with pytest.raises(ConfigError) as missing:
        make(engine, words=[str(tmp_path / "none.tflite")])
    assert missing.value.code == "wake-word-file-missing"


def test_a_broken_file_is_refused(engine: str, tmp_path: Path) -> None:
    broken = tmp_path / "word.tflite"
    broken.write_bytes(b"not a model")
    with pytest.raises(ModelError) as error:
        make(engine, words=[str(broken)])
    assert error.value.code == "model-broken"


@pytest.mark.parametrize("gain", [1.0, 0.25])
@pytest.mark.parametrize("around_seconds", [0.0, 1.0])
def test_people_wake_it(gain: float, around_seconds: float) -> None:
    """Six recordings of people: each wakes its own word and no other. This is the default engine's promise.

    openWakeWord's stock words are deaf to two of the six (probabilities 0.24 and 0.01), whatever is around them.
    """
    detector = make("micro", words=["okay_nabu", "hey_jarvis"])
    for path in recordings("wake"):
        pcm = (recording(path) * gain).astype(np.int16)
        words = heard(detector, silence(around_seconds), pcm, silence(around_seconds))
        assert set(words) == {path.stem.split("-")[0]}, path.stem
    detector.close()


def test_commands_wake_nothing(detector: Any) -> None:
    for path in recordings("fr-commands"):
        assert heard(detector, recording(path), silence(0.5)) == [], path.stem
