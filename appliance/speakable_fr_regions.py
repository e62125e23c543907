"""Seventy, eighty and ninety as they are said in Belgium (septante, nonante) and in Switzerland (huitante too).

Applied to words that are ready to be spoken, so that whatever made them (a date, a price, a telephone number) need not know.
"""

from __future__ import annotations

import re

from appliance.speakable_fr_measures import is_feminine

_UNITS = ["un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf"]
_TEENS = ["onze", "douze", "treize", "quatorze", "quinze", "seize", "dix-sept", "dix-huit", "dix-neuf"]
REGIONS = ("fr-BE", "fr-CH")


def _ordinal(cardinal: str) -> str:
    if cardinal.endswith(("cinq", "neuf")):
        return {"cinq": cardinal + "uième", "neuf": cardinal[:-1] + "vième"}[cardinal[-4:]]
    return cardinal.removesuffix("e") + "ième"


def _forms(said: str, instead: str) -> dict[str, str]:
    """Return a number and its ordinal, and what is said instead."""
    return {said: instead, _ordinal(said): _ordinal(instead)}


def _decade(base: str, ten: str, between: str) -> dict[str, str]:
    """Return 70 to 79, or 90 to 99, of France -> with a word of its own for the ten."""
    table = _forms(f"{base}-dix", ten)
    for teen, unit in zip(_TEENS, _UNITS, strict=True):
        joint = between if teen == "onze" else "-"
        table |= _forms(f"{base}{joint}{teen}", f"{ten} et un" if unit == "un" else f"{ten}-{unit}")
    return table


def _table(region: str) -> dict[str, str]:
    table = _decade("soixante", "septante", " et ") | _decade("quatre-vingt", "nonante", "-")
    if region == "fr-CH":
        table |= {"quatre-vingts": "huitante", "quatre-vingt": "huitante", "quatre-vingtième": "huitantième"}
        for unit in _UNITS:
            table |= _forms(f"quatre-vingt-{unit}", "huitante et un" if unit == "un" else f"huitante-{unit}")
        table["quatre-vingt-une"] = "huitante et une"
    return table


_TABLES = {region: _table(region) for region in REGIONS}
_PATTERNS = {
    region: re.compile(rf"(?<![\w-])(?:{'|'.join(sorted(table, key=len, reverse=True))})(?!\w|-\w)", re.IGNORECASE)
    for region, table in _TABLES.items()
}


def regional(words: str, region: str) -> str:
    """Return French words with the numbers of "fr-BE" or "fr-CH"; unchanged for any other."""
    if region not in _TABLES:
        return words
    return _PATTERNS[region].sub(lambda found: _as_written(_TABLES[region][found[0].lower()], found), words)


def _as_written(instead: str, found: re.Match[str]) -> str:
    """Return the number as it agrees: "soixante et onze minutes" has no feminine, "septante et une minutes" has."""
    noun = re.match(r" ([^\W\d]+)", found.string[found.end() :])
    if instead.endswith(" un") and noun and is_feminine(noun[1]):
        instead += "e"
    return instead.capitalize() if found[0][0].isupper() else instead
