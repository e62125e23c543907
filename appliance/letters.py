"""How letters are said that are not words: capitals, roman numerals, addresses.

Capitals are a word where a mouth can say them (ONU, NASA, UNESCO) and letters where it cannot (SNCF, TGV): a pattern of
syllables decides, and two small tables a language hold what usage decides otherwise (RER and SUV are spelled, Fnac is
not). Capitals of six letters and more are somebody shouting. Words come back in lower case, since an engine that knows
nothing spells capitals.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Rule = tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]
"""A pattern and what replaces it, as `re.sub` takes them."""


def words(text: str) -> frozenset[str]:
    """Return the words of `text` as a set, for tables."""
    return frozenset(text.split())


LETTER = "A-Za-zÀ-ÖØ-öø-ÿŒœ"
"""Inside of a character class: the letters that every voice of the box knows."""

_ONSETS = "[BCDFGPTV]R|[BCFGP]L|CH|GN|PH|QU|TH|S[CKMNPQT]|[BCDFGHJKLMNPRSTVWXZÇ]"
_VOWELS = "EAU|OEU|IEU|OUI|AI|AU|EI|EU|IE|OI|OU|UI|[AEIOUYÀÂÈÉÊËÎÏÔÙÛÜŒ]"
_CODAS = "RT|RS|RD|RC|LT|LS|NT|ND|NS|NC|NG|ST|CT|CS|CK|KS|PS|PT|TS|MP|MPS|RPS|CH|[BCDFGKLMNPRSTVXZ]"
_SYLLABLES = re.compile(rf"(?:{_ONSETS})?(?:{_VOWELS})(?:(?:{_CODAS})??(?:{_ONSETS})(?:{_VOWELS}))*(?:{_CODAS})?")
_VOWEL = re.compile("[AEIOUYÀÂÈÉÊËÎÏÔÙÛÜŒ]")
SHOUT_LETTERS = 6

WORDS = {
    "fr": words(
        "AU CE CES DE DU EN ET IL JE LA LE MA ME MES NE NI NON ON OR OU OÙ PAS SA SE SI TA TE TU UN UNE VA "
        "CNIL EHPAD FNAC IKEA INSEE UEFA NOËL BIEN RIEN VIEUX"
    ),
    "en": words("AN AND AS AT BE BY DO FOR GO HE IF IN IS IT ME MY NO NOT OF ON OR SO THE TO UP WE IKEA UEFA JPEG"),
}
"""Said as words although the pattern, or their two letters, say otherwise."""

SPELLED = {
    "fr": words(
        "AOC AOP API ARN BEP CAP CHU CIO DAB DUT EPS ETA HEC IRM IST LOL MIT PEL PIB RAS RER RIP RSA SAV SOS SUV "
        "USA VIP"
    ),
    "en": words(
        "ABC API ATM CAD CEO CIO DIY DOB EPA ETA FAQ GOP HIV ICU IRA LED LOL MIT NAS NIH NYC POV RIP SOS SUV UFO "
        "USA USB VIP VAT"
    ),
}
"""Said letter by letter although a mouth could say them."""

_CAPITALS = re.compile(rf"(?<![{LETTER}])([A-ZÀ-ÖØ-ÞŒ]{{2,}})(s?)(?![{LETTER}])")
_ROMAN = re.compile("M{0,3}(?:CM|CD|D?C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}


def is_word(capitals: str, language: str) -> bool:
    """Tell whether `capitals` (two letters or more, all upper case) are said as a word."""
    if capitals in WORDS[language]:
        return True
    if capitals in SPELLED[language] or len(capitals) == 2:
        return False
    if len(capitals) >= SHOUT_LETTERS:
        return bool(_VOWEL.search(capitals))
    return bool(_SYLLABLES.fullmatch(capitals))


def say_capitals(text: str, language: str) -> str:
    """Return `text` with its runs of capitals in lower case or letter by letter: "la S N C F", "l'onu"."""

    def say(found: re.Match[str]) -> str:
        capitals, plural = found[1], found[2]
        if is_word(capitals, language):
            return (capitals + plural).lower()
        # "two D V Ds": English says the plural, French does not.
        return " ".join(capitals) + (plural if language == "en" else "")

    return _CAPITALS.sub(say, text)


def roman(numeral: str) -> int:
    """Return the value of a well-formed upper-case roman numeral (1 to 3999), or 0 for anything else."""
    if not numeral or not _ROMAN.fullmatch(numeral):
        return 0
    values = [_ROMAN_VALUES[letter] for letter in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


_ADDRESS = re.compile(
    r"(?<![\w@./])(?:https?://)?"
    r"(?P<name>(?:[\w.+-]+@)?(?:[A-Za-z0-9-]+\.)+[a-z]{2,}(?::\d+)?)(?P<path>(?:/[\w.~%/-]*)?)(?:[?#]\S+)?(?![\w@])"
)
_SAID_ENDINGS = words("app blog bzh club com dev edu gov info net org paris pro")
_SPELLED_ENDINGS = words("ai be ca ch co de es eu fr ie io it lu me nl pt tv uk us")


def say_addresses(text: str, names: dict[str, str]) -> str:
    """Return `text` with its e-mail and web addresses in words.

    `names` gives the words for ".", "@", "-", "_", "/", "+" and ":". The scheme and the query are not said; an ending
    of two letters is spelled, one of three and more is a word.
    """

    def say(found: re.Match[str]) -> str:
        name, path = found["name"], found["path"].rstrip("/.")
        labels = name.split(".")
        if labels[-1] in _SPELLED_ENDINGS:
            labels[-1] = " ".join(labels[-1].upper())
        elif labels[-1].partition(":")[0] not in _SAID_ENDINGS and "@" not in name:
            return found[0]
        if labels[0] == "www":
            labels[0] = "W W W"
        said = "".join(f" {names[sign]} " if sign in names else sign for sign in ".".join(labels) + path)
        return f"{said}." if found[0].endswith(".") else said

    return _ADDRESS.sub(say, text)


def abbreviations(table: tuple[tuple[str, str], ...]) -> Rule:
    """Return one rule for a table of (pattern without groups, words); the first pattern that fits has the word.

    The full stop of an abbreviation that ends the text also ends the sentence: it stays.
    """
    meanings = [said for _, said in table]
    patterns = "|".join(f"({short})" for short, _ in table)

    def expand(found: re.Match[str]) -> str:
        said = meanings[(found.lastindex or 1) - 1]
        ends = found[0].endswith(".") and not found.string[found.end() :].strip()
        glued = found.string[found.end() : found.end() + 1].isalpha() and not said.endswith(" ")
        return said + "." * ends + " " * glued

    return re.compile(rf"(?<![{LETTER}\d.-])(?:{patterns})"), expand
