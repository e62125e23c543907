"""What holds of any text in any language: only sayable characters, a fixed point, no exception, a voice that speaks it."""

from __future__ import annotations

import random
import re

import pytest

from appliance.letters import is_word, roman
from appliance.numerals import cardinal, decimals, ordinal, year
from appliance.speakable import LANGUAGES, speakable
from tests.unit.test_speakable_en import ROWS as ENGLISH
from tests.unit.test_speakable_fr import ROWS as FRENCH

SAYABLE = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿŒœ .,:;?!'-]*")
WRITTEN = [*FRENCH, *ENGLISH]
CHARACTERS = "0123456789 ,.:;/-–−+*#@&%€$£°²³'’\"«»()[]<>=^~_hHeEmMkKIVXLCabcdeuéàœÀÉ½…\n\t\x00😀π中жß"


def texts(seed: int, count: int) -> list[str]:
    """Return random characters, random code points, rows glued together in any order, and columns of numbers."""
    chance = random.Random(seed)

    def characters() -> str:
        return "".join(chance.choices(CHARACTERS, k=chance.randint(0, 60)))

    def code_points() -> str:
        points = (chance.randint(1, chance.choice([0x250, 0x2300, 0x1FFFF])) for _ in range(chance.randint(0, 40)))
        return "".join(chr(point) for point in points if not 0xD800 <= point < 0xE000)

    def rows() -> str:
        return "".join(chance.choice(WRITTEN) + chance.choice([" ", "", "-", ", ", ". ", "\n"]) for _ in range(4))

    def numbers() -> str:
        whole = chance.randint(0, 10 ** chance.randint(1, 20))
        number = chance.choice([str(whole), f"{whole:,}", f"{chance.uniform(-1e4, 1e4):.{chance.randint(0, 4)}f}"])
        return number + chance.choice(["", ",", "/", "-", "h", "e", "€", " km", "°", " %", " "])

    return [
        chance.choice(
            [characters, code_points, rows, lambda: "".join(numbers() for _ in range(chance.randint(1, 6)))]
        )()
        for _ in range(count)
    ]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("seed", range(4))
def test_any_text_becomes_words_and_stays_so(language: str, seed: int) -> None:
    for text in texts(seed, 300):
        said = speakable(text, language)
        assert SAYABLE.fullmatch(said), text
        assert said == said.strip(), text
        assert "  " not in said, text
        assert speakable(said, language) == said, text


@pytest.mark.parametrize(("language", "rows"), [("fr", FRENCH), ("en", ENGLISH)])
def test_what_is_said_is_a_fixed_point(language: str, rows: dict[str, str]) -> None:
    for said in rows.values():
        assert SAYABLE.fullmatch(said)
        assert speakable(said, language) == said


def test_every_number_is_said_and_no_two_alike() -> None:
    chance = random.Random(10)
    sample = sorted({*range(2000), *(chance.randint(0, 10**12) for _ in range(2000))})
    for language in LANGUAGES:
        said = {cardinal(str(number), language) for number in sample}
        assert len(said) == len(sample)
        assert all(SAYABLE.fullmatch(words) for words in said)


def test_a_very_long_number_is_said_digit_by_digit() -> None:
    assert speakable("12" * 3000, "fr").split()[:3] == ["un", "deux", "un"]


def test_numerals() -> None:
    assert cardinal("21", "fr", feminine=True) == "vingt et une"
    assert ordinal(80, "fr") == "quatre-vingtième"
    assert ordinal(1, "fr", feminine=True) == "première"
    assert year(1905) == "nineteen oh five"
    assert decimals("050", "fr") == "zéro cinquante"
    assert decimals("050", "en") == "zero five zero"


@pytest.mark.parametrize(
    ("numeral", "value"), [("I", 1), ("IV", 4), ("XIV", 14), ("MCMXC", 1990), ("IIII", 0), ("VX", 0), ("", 0), ("A", 0)]
)
def test_roman_numerals(numeral: str, value: int) -> None:
    assert roman(numeral) == value


def test_capitals_are_words_by_language() -> None:
    assert is_word("LED", "fr")
    assert not is_word("LED", "en")
    assert not is_word("SNCF", "fr")
    assert is_word("UNESCO", "en")


def test_an_unknown_language_is_french() -> None:
    assert speakable("3,5", "eo") == "trois virgule cinq"


@pytest.mark.models
@pytest.mark.parametrize(("language", "voice", "rows"), [("fr", "fr-FR", FRENCH), ("en", "en-US", ENGLISH)])
def test_pico_says_every_row(language: str, voice: str, rows: dict[str, str]) -> None:
    from py_nanotts import NanoTTS

    pico = NanoTTS()
    for written in rows:
        said = speakable(written, language)
        if said:
            # At least a tenth of a second of 16 kHz, 16-bit sound.
            assert len(pico.speak(said, voice=voice)) > 3200, written
