"""Numbers as people say them and as recognisers write them -> digits, so that a sentence is compared in one form.

    "à quatre vingt pour cent" | "à quatre-vingts pourcent" | "à octante %"  ──▶  "à 80 pour cent"

text2num reads the numbers, regional ones too (septante, huitante, octante, nonante). Here it is decided which words are a
number at all: "un", "une", "l'un" are articles; "cinquième" is a name's word as much as a number and stays; "pour cent" is
no hundred. The other way, from digits to words, is numerals.py.
"""

from __future__ import annotations

import re

from text_to_num import alpha2digit

_UNITS = "zéro zero un une deux trois quatre cinq six sept huit neuf dix onze douze treize quatorze quinze seize"
_TENS = "vingt vingts trente quarante cinquante soixante septante huitante octante nonante"
_GROUPS = "cent cents mille million millions"
_FRENCH = "|".join(f"{_UNITS} {_TENS} {_GROUPS}".split())
_ENGLISH_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million"
)
_ENGLISH = "|".join(_ENGLISH_WORDS.split())
_ARTICLES = {"fr": ("un", "une"), "en": ("one",)}
_RUN = {
    "fr": re.compile(
        rf"(?<![\w'’-])(?:{_FRENCH})(?:(?:[ -]| et |-et-| virgule )(?:{_FRENCH}))*(?![\w'’])", re.IGNORECASE
    ),
    "en": re.compile(
        rf"(?<![\w'’-])(?:a (?=hundred|thousand|million))?(?:{_ENGLISH})(?:(?:[ -]| and | point )(?:{_ENGLISH}))*(?![\w'’])",
        re.IGNORECASE,
    ),
}
_ORDINAL_NEXT = {
    "fr": re.compile(r"[ -](?:et[ -])?\w+i[eè]mes?\b", re.IGNORECASE),
    "en": re.compile(r"[ -](?:and )?(?:first|second|third|\w+th)\b", re.IGNORECASE),
}
"""What follows makes one ordinal of it all: vingt et unième, twenty-first."""
_PERCENT = {
    "fr": re.compile(r"(?:\s*%|\b *pour ?cents?)(?!\w)", re.IGNORECASE),
    "en": re.compile(r"(?:\s*%|\b *per ?cent)(?!\w)", re.IGNORECASE),
}
_PERCENT_WORDS = {"fr": "pour cent", "en": "percent"}
_BARE_ONE = re.compile(r"\b(vingt|trente|quarante|cinquante|soixante|septante|huitante|octante|nonante)[ -](une?)\b")
"""Said without "et", or written so. Not after quatre, where it is right."""
_ABOVE = -1.0
"""text2num leaves small numbers alone up to its threshold; which words are a number was decided before."""


def digits(text: str, language: str) -> str:
    """Return `text` with its number words as digits, and percentages in one spelling. Accents and hyphens do not matter.

    A lone "un", "une" or "one" stays: it is an article more often than a number. Other languages than French and English
    are left as they are.
    """
    if language not in _PERCENT:
        return text
    parts = [_convert(part, language) for part in _PERCENT[language].split(text)]
    return f" {_PERCENT_WORDS[language]}".join(parts)


def _convert(text: str, language: str) -> str:
    return _RUN[language].sub(lambda run: _number(run, language), text)


def _number(run: re.Match[str], language: str) -> str:
    words = run[0].lower().replace("zero", "zéro") if language == "fr" else run[0].lower().removeprefix("a ")
    if words in _ARTICLES[language] or _ORDINAL_NEXT[language].match(run.string, run.end()):
        return run[0]
    if language == "fr":
        words = _BARE_ONE.sub(_with_et, words)
    said: str = alpha2digit(words, language, threshold=_ABOVE)
    return said


def _with_et(found: re.Match[str]) -> str:
    after_four = re.search(r"quatre[ -]$", found.string[: found.start()])
    return found[0] if after_four else f"{found[1]} et {found[2]}"
