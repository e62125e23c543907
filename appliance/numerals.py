"""Numbers in words, French and English, from the digits as they are written.

num2words knows the words; what it says otherwise than people do is put right here: the feminine (vingt et une), the
ordinals of round numbers (quatre-vingtième), zeros in front (007), decimals, and no commas in English. Digits stay
text, so that "05" and a number too long to be said are not lost.
"""

from __future__ import annotations

from functools import lru_cache

from num2words import num2words

SAYABLE_DIGITS = 15
"""Longer numbers are said digit by digit."""


@lru_cache(maxsize=1024)
def cardinal(digits: str, language: str, feminine: bool = False) -> str:
    """Return ASCII `digits` in words: "21" -> "vingt et un(e)", "007" -> "zéro zéro sept"."""
    if len(digits) > SAYABLE_DIGITS:
        return " ".join(cardinal(digit, language) for digit in digits)
    if len(digits) > 1 and digits[0] == "0":
        rest = digits.lstrip("0")
        zeros = [cardinal("0", language)] * (len(digits) - len(rest))
        # The postal code 01200 is "zéro un mille deux cents".
        said = cardinal(rest, language, feminine) if rest else ""
        one = "un " if language == "fr" and len(digits) == 5 and len(rest) == 4 and rest[0] == "1" else ""
        return " ".join([*zeros, one + said]).strip()
    words = str(num2words(int(digits), lang=language)).replace(",", "")
    return words + "e" if feminine and words.endswith("un") else words


@lru_cache(maxsize=1024)
def ordinal(number: int, language: str, feminine: bool = False) -> str:
    """Return the ordinal: 1 -> "premier"/"première", 80 -> "quatre-vingtième", 21 -> "twenty-first"."""
    if language == "en":
        return str(num2words(number, lang="en", to="ordinal")).replace(",", "")
    if number == 1:
        return "première" if feminine else "premier"
    words = cardinal(str(number), "fr")
    for plural in ("vingts", "cents", "illions", "illiards"):
        if words.endswith(plural):
            words = words[:-1]
    if words.endswith("cinq"):
        return words + "uième"
    if words.endswith("neuf"):
        return words[:-1] + "vième"
    return words.removesuffix("e") + "ième"


def year(number: int) -> str:
    """Return a year (1100 to 2099) as English says it: 1984 -> "nineteen eighty-four", 2026 -> "twenty twenty-six"."""
    century, rest = divmod(number, 100)
    if 2000 <= number <= 2009:
        return cardinal(str(number), "en")
    if rest == 0:
        return f"{cardinal(str(century), 'en')} hundred"
    tail = f"oh {cardinal(str(rest), 'en')}" if rest < 10 else cardinal(str(rest), "en")
    return f"{cardinal(str(century), 'en')} {tail}"


def decimals(digits: str, language: str) -> str:
    """Return what is said after the point: French "05" -> "zéro cinq", English digit by digit."""
    zeros = len(digits) - len(digits.lstrip("0"))
    if language == "en" or zeros == len(digits) or len(digits) - zeros > 3:
        return " ".join(cardinal(digit, language) for digit in digits)
    return " ".join([*[cardinal("0", language)] * zeros, cardinal(digits[zeros:], language)])


def value(digits: str) -> int:
    """Return the value of `digits` for agreement; everything too long to be said counts as many."""
    return int(digits) if len(digits) <= SAYABLE_DIGITS else 10**SAYABLE_DIGITS
