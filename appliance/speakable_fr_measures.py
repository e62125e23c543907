"""Counted things in French: numbers, their agreement, prices and measures.

Nouns are singular below two ("un virgule cinq kilomètre"), as the Académie has it, and "3,50 €" is "trois euros
cinquante". A unit follows its number, with or without a space; a slash is "par", save what usage says otherwise.
"""

from __future__ import annotations

import re

from appliance.letters import LETTER, Rule
from appliance.numerals import cardinal, decimals, value
from appliance.speakable_fr_words import (
    CURRENCIES,
    CURRENCY_NAMES,
    FEMININE,
    FEMININE_ENDINGS,
    MASCULINE,
    PRICED_BY,
    RATIOS,
    UNITS,
)

WHOLE = r"(?:\d{1,3}(?: \d{3})+(?!\d)|\d{1,3}(?:,\d{3}){2,}(?!\d)|\d+)"
NUMBER = rf"(?<![\d,.{LETTER}])(?P<whole>{WHOLE})(?:[,.](?P<decimals>\d+))?"


def number(whole: str, fraction: str | None = None, feminine: bool = False) -> str:
    """Return a number as written ("12 000", and "05" after the comma) in words."""
    said = cardinal(re.sub("[ ,]", "", whole), "fr", feminine and not fraction)
    return f"{said} virgule {decimals(fraction, 'fr')}" if fraction else said


def many(whole: str) -> int:
    """Return the value that a noun agrees with."""
    return value(re.sub("[ ,]", "", whole))


def of_round(whole: str, noun: str) -> str:
    """Return `noun` after a number: "un million d'euros"."""
    count = many(whole)
    if count and count % 10**6 == 0:
        return f"d'{noun}" if noun[0] in "aehiouéy" else f"de {noun}"
    return noun


def is_feminine(word: str | None) -> bool:
    """Tell whether a counted noun (or the adjective before it) is feminine; no noun is not."""
    word = (word or "").lower()
    return word in FEMININE or (word.endswith(FEMININE_ENDINGS) and word not in MASCULINE)


_MONEY_SIGN = "|".join([re.escape(sign) for sign in CURRENCIES] + [rf"{name}\b" for name in CURRENCY_NAMES])


def _per_price(unit: str | None) -> str:
    if not unit:
        return ""
    return " " + (PRICED_BY.get(unit) or f"par {UNITS[unit][0] if unit in UNITS else unit}")


def _price(found: re.Match[str]) -> str:
    sign = CURRENCY_NAMES.get(found["sign"], found["sign"])
    one, several, feminine, hundredth, hundredths = CURRENCIES[sign]
    whole, fraction = found["whole"], found["decimals"]
    scale = {"k": "mille", "M": "million", "Md": "milliard"}.get(found["scale"] or "")
    per = _per_price(found["per"])
    count = many(whole)
    if scale == "mille":
        return f"{number(whole, fraction) if count > 1 or fraction else ''} mille {several}{per}"
    if scale:
        return f"{number(whole, fraction)} {scale}{'s' * (count > 1)} {of_round('1000000', several)}{per}"
    if not fraction or len(fraction) > 2:
        noun = several if count > 1 else one
        return f"{number(whole, fraction, feminine)} {of_round(whole, noun)}{per}"
    cents = int(fraction.ljust(2, "0"))
    parts = [f"{number(whole, None, feminine)} {of_round(whole, several if count > 1 else one)}"] * (
        count > 0 or not cents
    )
    if cents:
        noun = "" if parts else f" {hundredths if cents > 1 else hundredth}"
        parts.append(cardinal(str(cents), "fr") + noun)
    return " ".join(parts) + per


_UNIT = "|".join(re.escape(symbol) for symbol in sorted(UNITS, key=len, reverse=True))
_END = rf"(?![{LETTER}\d^'])"
_PER = rf"(?: ?/ ?(?P<per>[a-zà-ÿ]{{3,}}|(?:{_UNIT})(?![{LETTER}])))?"

MONEY: list[Rule] = [
    (
        re.compile(rf"(?<![\d,.])({WHOLE}) ?(?:€|euros?) ?(?P<cents>\d\d)(?![\d,.]\d|\d| [a-z%€])"),
        r"\1,\g<cents> €",
    ),
    (re.compile(rf"(?<!\d)(?<!\d )(?P<sign>[€$£¥]) ?(?P<number>{NUMBER})"), r"\g<number> \g<sign>"),
    (re.compile(r"(millions?|milliards?) €"), r"\1 d'euros"),
    (re.compile(r"(millions?|milliards?) \$"), r"\1 de dollars"),
    (re.compile(rf"{NUMBER} ?(?P<scale>k|Md|M)?(?P<sign>{_MONEY_SIGN}){_PER}"), _price),
]


def _measure(found: re.Match[str]) -> str:
    unit, per = found["unit"], found["per"]
    one, several, feminine = UNITS[unit]
    if per and f"{unit}/{per}" in RATIOS:
        one, several = RATIOS[f"{unit}/{per}"]
    elif per:
        below = UNITS[per][0] if per in UNITS else per
        one, several = f"{one} par {below}", f"{several} par {below}"
    noun = several if many(found["whole"]) > 1 else one
    if unit not in ("%", "‰"):
        noun = of_round(found["whole"], noun)
    return f"{number(found['whole'], found['decimals'], feminine)} {noun}"


MEASURES: list[Rule] = [
    (re.compile(rf"(?<![{LETTER}])([kcdm]?m)([23])(?!\w)"), r"\1^\2"),
    (re.compile(r"(?<=\d) ?° ?([CF])\b"), r" °\1"),
    (re.compile(r"(?<=[lLh]) ?/ ?100 ?km\b"), " aux cent kilomètres"),
    (re.compile(rf"{NUMBER} ?(?P<unit>{_UNIT}){_PER}{_END}"), _measure),
]
