"""Whisper on its real model, with speech made by the project's own voice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from appliance.audio import RATE, Pcm
from appliance.catalog import default_store
from appliance.engines import Transcription, stt_whisper, tts_pico
from appliance.engines.stt_whisper import Engine, Hypothesis, Options, clearly, least_risk, others, pieces
from appliance.errors import InputError, ModelError

pytestmark = pytest.mark.models

SENTENCES = [
    "Allume la lumière de la cuisine.",
    "Quelle est la capitale de l'Italie ?",
    "Est-ce qu'il va pleuvoir demain à Marseille ?",
    "Ferme les volets du salon et de la chambre.",
    "Mets un réveil pour demain matin.",
]
HOME = "Lumières, volets, rideaux, Salon, Bureau, Chambre, Rez-de-chaussée, Porte d'entrée."


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    try:
        made = Engine(Options(), default_store())
    except ModelError as error:
        if error.code != "model-missing":
            raise
        pytest.skip(str(error))
    yield made
    made.close()


@cache
def spoken(text: str, language: str = "fr") -> Pcm:
    voice = tts_pico.Engine(tts_pico.Options(language=language), Path())
    pause = np.zeros(RATE // 4, np.int16)
    return np.concatenate([pause, *voice.say(text), pause])


def bare(text: str) -> str:
    """`text` without case and punctuation."""
    return " ".join(re.findall(r"\w+", text.casefold()))


def wrong_words(said: str, heard: str) -> int:
    """Words to change, add or take away (Levenshtein), without case and punctuation."""
    hypothesis = bare(heard).split()
    row = list(range(len(hypothesis) + 1))
    for i, word in enumerate(bare(said).split(), 1):
        above, row = row, [i]
        for j, other in enumerate(hypothesis, 1):
            row.append(min(above[j] + 1, row[-1] + 1, above[j - 1] + (word != other)))
    return row[-1]


def nobody(kind: str, seconds: float) -> Pcm:
    """A sound in which nobody speaks."""
    time = np.arange(int(seconds * RATE)) / RATE
    noise = np.random.default_rng(7).normal(0, 1, len(time))
    notes = np.repeat(220 * 2 ** (np.random.default_rng(3).integers(0, 24, 1 + len(time) // 4000) / 12), 4000)[
        : len(time)
    ]
    phase = np.cumsum(notes) / RATE * 2 * np.pi
    sounds = {
        "silence": 0 * time,
        "faint noise": 20 * noise,
        "white noise": 1000 * noise,
        "loud noise": 8000 * noise,
        "tone": 6000 * np.sin(2 * np.pi * 440 * time),
        "mains hum": 3000 * np.sin(2 * np.pi * 50 * time),
        "melody": (3000 * (np.sin(phase) + np.sin(2 * phase) / 2) * (1 - time * 4 % 1) + 50 * noise),
    }
    return sounds[kind].clip(-32768, 32767).astype(np.int16)


def test_french_sentences_are_recognised(engine: Engine) -> None:
    heard = [engine.transcribe(spoken(said), "fr") for said in SENTENCES]
    wrong = sum(wrong_words(said, result.text) for said, result in zip(SENTENCES, heard, strict=True))
    assert wrong / sum(len(bare(said).split()) for said in SENTENCES) <= 0.3, [result.text for result in heard]
    assert all(result.language == "fr" and 0.5 < result.confidence <= 1 for result in heard)


def test_english_is_recognised(engine: Engine) -> None:
    said = "Please turn on the lights in the living room."
    heard = engine.transcribe(spoken(said, "en"), "en")
    assert wrong_words(said, heard.text) <= 1, heard
    assert heard.language == "en"


def test_alternatives_are_other_readings(engine: Engine) -> None:
    heard = engine.transcribe(spoken(SENTENCES[3]), "fr")
    readings = [bare(text) for text in (heard.text, *heard.alternatives)]
    assert len(readings) > 1
    assert len(set(readings)) == len(readings)
    assert all(wrong_words(heard.text, other) <= len(readings[0].split()) / 2 for other in heard.alternatives[:1])


def test_the_same_sound_gives_the_same_text(engine: Engine) -> None:
    first = engine.transcribe(spoken(SENTENCES[2]), "fr", HOME)
    engine.transcribe(spoken(SENTENCES[0]), "fr")
    assert engine.transcribe(spoken(SENTENCES[2]), "fr", HOME) == first


@pytest.mark.parametrize("prompt", ["", HOME])
@pytest.mark.parametrize("kind", ["silence", "faint noise", "white noise", "loud noise", "tone", "mains hum", "melody"])
def test_nobody_speaks(engine: Engine, kind: str, prompt: str) -> None:
    """Neither Whisper's inventions nor the words of the prompt."""
    assert engine.transcribe(nobody(kind, 4), "fr", prompt) == Transcription("", "fr", 0.0)


@pytest.mark.parametrize("seconds", [0, 0.05, 0.1, 0.5])
def test_next_to_nothing(engine: Engine, seconds: float) -> None:
    assert engine.transcribe(nobody("white noise", seconds), "fr").text == ""
    engine.transcribe(spoken(SENTENCES[0])[RATE // 4 :][: int(seconds * RATE)], "fr")


def test_the_prompt_helps_a_rare_name(engine: Engine) -> None:
    said = "Appelle Aliénor Kervadec."
    without = engine.transcribe(spoken(said), "fr")
    biased = engine.transcribe(spoken(said), "fr", "Aliénor Kervadec, Gwenaëlle Le Bihan.")
    assert wrong_words(said, biased.text) < wrong_words(said, without.text)
    assert "Kervadec" in biased.text


def test_a_prompt_without_end_is_cut(engine: Engine) -> None:
    heard = engine.transcribe(spoken(SENTENCES[1]), "fr", "Aliénor Kervadec, " * 300)
    assert wrong_words(SENTENCES[1], heard.text) <= 2, heard


@pytest.mark.parametrize("seconds", [12, 20, 45])
def test_a_long_recording(engine: Engine, seconds: float) -> None:
    """Longer than the usual window, and longer than Whisper's own: whole, in order, once."""
    said = ""
    sound = np.zeros(0, np.int16)
    for sentence in SENTENCES * 5:
        if len(sound) + len(spoken(sentence)) > seconds * RATE:
            break
        said, sound = f"{said} {sentence}", np.concatenate([sound, spoken(sentence)])
    heard = engine.transcribe(np.pad(sound, (0, int(seconds * RATE) - len(sound))), "fr")
    assert wrong_words(said, heard.text) / len(bare(said).split()) <= 0.25, heard.text
    assert heard.alternatives == () or seconds < 28


def test_an_unknown_language(engine: Engine) -> None:
    with pytest.raises(InputError) as caught:
        engine.transcribe(spoken(SENTENCES[0]), "xx")
    assert caught.value.code == "language-unknown"
    assert "xx" in caught.value.text("fr")


def test_a_missing_model_says_where_it_should_be(tmp_path: Path) -> None:
    with pytest.raises(ModelError) as caught:
        Engine(Options(model="whisper-base"), tmp_path)
    assert caught.value.code == "model-missing"
    assert str(tmp_path / "whisper-base") in str(caught.value)


def test_a_broken_model_is_no_bug(tmp_path: Path) -> None:
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(ModelError) as caught:
        Engine(Options(model="."), tmp_path)
    assert caught.value.code == "model-broken"


def test_a_recording_is_cut_where_it_is_quiet() -> None:
    sound = nobody("white noise", 60)
    for start in (24.0, 45.0):
        sound[int(start * RATE) : int((start + 0.5) * RATE)] = 0
    parts = list(pieces(sound))
    assert np.array_equal(np.concatenate(parts), sound)
    ends = np.cumsum([len(part) for part in parts])[:-1] / RATE
    assert [24 <= ends[0] <= 24.5, 45 <= ends[1] <= 45.5] == [True, True], ends
    assert max(len(part) for part in parts) <= stt_whisper.PIECE_SECONDS * RATE


def test_readings_that_agree_outvote_one_that_is_sure() -> None:
    sure = Hypothesis("Étant la lumière", -0.1, 0.0)
    agree = [
        Hypothesis("Éteins la lumière du salon", -0.15, 0.0),
        Hypothesis("éteins la lumière du salon.", -0.15, 0.0),
    ]
    chosen = least_risk([sure, *agree])
    assert chosen[0] in agree
    assert others(chosen) == ("Étant la lumière",)


@pytest.mark.parametrize(
    ("text", "loops"),
    [
        ("avec le bas avec le bas avec le bas", True),
        ("oui oui oui oui oui oui oui oui", True),
        ("Sous-titres réalisés par le " * 6, True),
        ("non non non, pas la lumière du salon", False),
        ("allume la lumière du salon et la lumière du bureau et la lumière de la chambre", False),
        ("", False),
    ],
)
def test_what_goes_round_in_circles(text: str, loops: bool) -> None:
    assert Hypothesis(text, -0.1, 0.0).repeats is loops


LIGHTS = "Lights, shutters, Lounge."
TWO_LANGUAGES = {
    "fr": ["Quelle heure est-il ?", *SENTENCES],
    "en": ["What time is it?", "Turn on the kitchen light.", "No."],
}


@pytest.mark.parametrize(("language", "said"), [(code, said) for code in TWO_LANGUAGES for said in TWO_LANGUAGES[code]])
def test_the_language_that_was_spoken_is_told(engine: Engine, language: str, said: str) -> None:
    heard = engine.transcribe(spoken(said, language), "fr", HOME, {"en": LIGHTS})
    assert heard.language == language
    assert heard == engine.transcribe(spoken(said, language), language, HOME if language == "fr" else LIGHTS)


def test_one_language_is_never_left(engine: Engine) -> None:
    heard = engine.transcribe(spoken("What time is it?", "en"), "fr")
    assert heard.language == "fr"


def test_where_nobody_speaks_the_language_is_the_own(engine: Engine) -> None:
    assert engine.transcribe(nobody("white noise", 2), "fr", "", {"en": ""}) == Transcription("", "fr", 0.0)


def test_another_language_that_the_model_does_not_know(engine: Engine) -> None:
    with pytest.raises(InputError):
        engine.transcribe(spoken(SENTENCES[0]), "fr", "", {"xx": ""})


@pytest.mark.parametrize(
    ("french", "english", "spoken_language"),
    [
        (0.9, 0.05, "fr"),
        (0.01, 0.9, "en"),
        (0.05, 0.6, "fr"),  # not clear enough among the two: "plus fort"
        (0.005, 0.1, "fr"),  # neither: a word of another language, or a noise
        (0.5, 0.5, "fr"),
    ],
)
def test_only_a_clear_case_leaves_the_own_language(french: float, english: float, spoken_language: str) -> None:
    assert clearly({"fr": french, "en": english}, "fr") == spoken_language
