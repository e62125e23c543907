"""Text as it is said: words only, for voices that know nothing (Pico, espeak-ng, Piper).

    text ──▶ plain (markdown, emojis, typography) ──▶ rules of the language ──▶ tidy ──▶ words and pauses

Each language is an ordered list of rules, a pattern and what replaces it, in speakable_fr.py and speakable_en.py: what
is most specific (a date, a telephone number) comes first, the bare number last. One rule may bring together what another
one knows, so the rules are run until nothing changes any more: what comes out is a fixed point, and may be spoken again.

The result holds Latin letters, spaces, apostrophes, hyphens and . , ; : ? ! and nothing else: never a digit.
"""

from __future__ import annotations

import re
import unicodedata

from appliance import speakable_en, speakable_fr
from appliance.letters import LETTER
from appliance.speakable_fr_regions import regional

LANGUAGES = {
    "fr": (speakable_fr.WORDS, speakable_fr.NUMBERS, speakable_fr.LEFT),
    "en": (speakable_en.WORDS, speakable_en.NUMBERS, speakable_en.LEFT),
}
"""Language -> the rules of words, those of numbers (run only where there is a digit), and those of what is left."""
PASSES = 8
_DIGIT = re.compile(r"\d")

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_FRACTIONS = {
    "½": "1/2", "⅓": "1/3", "⅔": "2/3", "¼": "1/4", "¾": "3/4", "⅕": "1/5", "⅖": "2/5", "⅗": "3/5", "⅘": "4/5",
    "⅙": "1/6", "⅚": "5/6", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8",
}  # fmt: skip
_TYPOGRAPHY = str.maketrans(
    {
        **dict.fromkeys("’‘ʼ′`´", "'"),
        **dict.fromkeys("“”„«»‹›\"″()[]{}|", " , "),
        **dict.fromkeys("\u2010\u2011\u00ad", "-"),
        **dict.fromkeys("—―‒", "–"),
        **dict.fromkeys("™®©", " "),
        "º": "°", "⁄": "/", "−": " − ", "·": " ", "•": " ", "→": ",", "⇒": ",",
        "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i",
    }
)  # fmt: skip
_KEPT_SIGNS = frozenset("–−×÷±≤≥≠≈√∞€£¥‰§°αβγδλμπσωΔΩ")
"""Signs beside ASCII that the rules of a language give words for."""
_MARKDOWN = (
    (re.compile(r"```\w*"), " "),
    (re.compile(r"!?\[([^\]\n]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]{0,60}>"), " "),
    (re.compile(r"^[ \t]*(?:[-*+•][ \t]+|#{1,6}[ \t]+|>[ \t]*)+", re.M), ""),
    (re.compile(r"^[ \t]*[-*_=|: ]{3,}[ \t]*$", re.M), ""),
    (re.compile(r"(\*\*|__|~~)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<![\w*])([*_])(?=[^\s*_])([^*_\n]+?)(?<=\S)\1(?![\w*])"), r"\2"),
)
_LINE_END = re.compile(r"([.,;:?!…]?)[ \t]*\n\s*")


def speakable(text: str, language: str) -> str:
    """Return one sentence in words, as `language` says it ("fr", "en"; any other is French).

    "fr-BE" and "fr-CH" are French with septante and nonante. Never raises; an empty string where there is nothing to say.
    `speakable` of its own result changes nothing.
    """
    words, numbers, left = LANGUAGES.get(language, LANGUAGES["fr"])
    spoken = _plain(text)
    for _ in range(PASSES):
        before = spoken
        for pattern, said in (*words, *(numbers if _DIGIT.search(spoken) else ()), *left):
            spoken = pattern.sub(said, spoken)
        spoken = _tidy(spoken)
        if spoken == before:
            break
    return regional(spoken, language)


def _plain(text: str) -> str:
    """Return `text` on one line, without markdown, in composed Latin letters, ASCII digits and few kinds of signs."""
    for pattern, kept in _MARKDOWN:
        text = pattern.sub(kept, text)
    text = _LINE_END.sub(lambda end: f"{end[1] or ','} ", text.strip())
    for sign, fraction in _FRACTIONS.items():
        text = text.replace(sign, f" {fraction}")
    text = re.sub("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+", lambda power: "^" + power[0].translate(_SUPERSCRIPTS), text)
    text = re.sub(rf"(?<=[{LETTER}])·(?=[a-z])", "", text)  # les étudiant·es
    text = unicodedata.normalize("NFKC", text.translate(_TYPOGRAPHY))
    text = re.sub(r"\.{2,}", lambda dots: "," if re.match(r"[\s,]*[a-zà-ÿœ]", text[dots.end() :]) else ".", text)
    text = "".join(map(_plain_character, text))
    return re.sub(r"\s+", " ", text).strip()


def _plain_character(character: str) -> str:
    if character.isascii():
        return character
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    if re.match(f"[{LETTER}]", character) or character in _KEPT_SIGNS:
        return character
    if unicodedata.category(character) in ("Cf", "Mn", "Cc"):
        return ""
    # Letters that a French voice does not know lose their accent: Dvořák, Ťažký.
    base = unicodedata.normalize("NFD", character)[0]
    return base if base.isascii() and base.isalpha() else " "


_STRENGTH = "?!.:;,"


def _tidy(text: str) -> str:
    """Return `text` with only what may be said, single spaces, and one sign at a time after the word before it."""
    text = re.sub(rf"[^{LETTER} .,;:?!'-]", " ", text)
    text = re.sub(rf"\b([cdjlmnstCDJLMNST]|[Qq]u)' +(?=[{LETTER}])", r"\1'", text)
    text = re.sub(rf"(?<![{LETTER}])['-]+|['-]+(?![{LETTER}])", " ", text)
    text = re.sub(r"[.,;:?!](?:\s*[.,;:?!])+", lambda run: min(run[0].replace(" ", ""), key=_STRENGTH.index), text)
    text = re.sub(r"\s*([.,;:?!])\s*", r"\1 ", text)
    text = re.sub(r"\s+", " ", text)
    return text.strip(" ,").lstrip(" .,;:?!'-")
