"""The rules of English: how dates, times, prices, measures, ordinals, abbreviations and signs are said.

A rule is a pattern and what replaces it; WORDS, NUMBERS and LEFT at the end are their order. Usage followed where there
is a choice: spelling is American ("kilometers"), four bare digits from 1100 to 2099 are a year ("fifteen hundred
people" is right as well), 11/24/2026 is November and 24/11/2026 too, an ISO date is "the twenty-fourth of November".
"""

from __future__ import annotations

import re

from appliance.letters import LETTER, Rule, abbreviations, roman, say_addresses, say_capitals
from appliance.numerals import cardinal, decimals, ordinal, value, year
from appliance.speakable_en_words import (
    ABBREVIATIONS,
    ADDRESS_SIGNS,
    CURRENCIES,
    CURRENCY_NAMES,
    MONTHS,
    NUMBERED,
    REGNAL,
    SCALES,
    SIGNS,
    UNITS,
    WRITTEN_ALONE,
)

NUMBER = rf"(?<![\d,.{LETTER}])(?P<whole>\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d{{1,3}}(?: \d{{3}})+(?!\d)|\d+)(?:\.(?P<decimals>\d+))?"
NAMES = list(MONTHS)
MONTH = "|".join([*NAMES, *(rf"{short}\b\.?" for short in MONTHS.values())])


def number(whole: str, fraction: str | None = None) -> str:
    """Return a number as written ("12,000", and "05" after the point) in words."""
    said = cardinal(re.sub("[ ,]", "", whole), "en")
    return f"{said} point {decimals(fraction, 'en')}" if fraction else said


def is_one(whole: str, fraction: str | None) -> bool:
    """Tell whether a noun is singular after this number."""
    return value(re.sub("[ ,]", "", whole)) == 1 and not fraction


def _digits(text: str) -> str:
    return " ".join(cardinal(digit, "en") for digit in re.findall(r"\d", text))


# Dates


def _month(name: str) -> str:
    return next(month for month in NAMES if month[:3] == name[:3])


def _iso_date(found: re.Match[str]) -> str:
    month = NAMES[int(found["month"]) - 1]
    return f"the {ordinal(int(found['day']), 'en')} of {month}, {found['year']}{' at ' * bool(found['time'])}"


def _slash_date(found: re.Match[str]) -> str:
    first, second = int(found["first"]), int(found["second"])
    month, day = (first, second) if first <= 12 else (second, first)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return found[0]
    return f"{NAMES[month - 1]} {ordinal(day, 'en')}, {found['year']}"


DAY = r"(?P<day>0?[1-9]|[12]\d|3[01])"
DATES: list[Rule] = [
    (
        re.compile(rf"(?<![\d/-])(?:the )?(?P<year>\d{{4}})-(?P<month>0[1-9]|1[0-2])-{DAY}(?:(?P<time>T)(?=\d)|(?![\d/-]))"),
        _iso_date,
    ),
    (re.compile(r"(?<![\d/.])(?P<first>\d\d?)/(?P<second>\d\d?)/(?P<year>\d{4})(?![\d/])"), _slash_date),
    (
        re.compile(rf"\b(?P<name>{MONTH}) {DAY}(?:st|nd|rd|th)?(?![\w:/%°]|[.,]\d)"),
        lambda found: f"{_month(found['name'])} {ordinal(int(found['day']), 'en')}",
    ),
    (
        re.compile(rf"(?:\b(?P<the>[tT]he) )?(?<![\d.,:/]){DAY}(?:st|nd|rd|th)?(?: of)? (?P<name>{MONTH})(?![{LETTER}])"),
        lambda found: f"{found['the'] or 'the'} {ordinal(int(found['day']), 'en')} of {_month(found['name'])}",
    ),
]  # fmt: skip


# Telephone numbers, versions, times


def _time(found: re.Match[str]) -> str:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    half = f" {found['half'].upper()} M" if found["half"] else ""
    if minute == second == 0 and (hour == 12 or (hour == 0 and not half)):
        return "midnight" if hour == 0 or half == " A M" else "noon"
    said = cardinal(str(hour), "en")
    if minute:
        said += f" oh {cardinal(str(minute), 'en')}" if minute < 10 else f" {cardinal(str(minute), 'en')}"
    elif not half and not second:
        said += " o'clock" if hour <= 12 else " hundred"
    if second:
        said += f"{'' if minute else ' zero'} and {cardinal(str(second), 'en')} second{'s' * (second > 1)}"
    return said + half


_HALF = r"(?: ?(?P<half>[aApP])(?:\. ?[mM]\.| ?[mM]\b))?"
PHONES: list[Rule] = [
    (
        re.compile(r"(?<![\d.,+])(?:\+?\d{1,2}[ .-])?(?:,? ?\d{3},?[ .-]+)?\d{3}[.-]\d{4}(?!\d)"),
        lambda found: f" {'plus ' * ('+' in found[0])}{_digits(found[0])}",
    ),
    (re.compile(r"\+\d{1,3}(?: \d{2,4}){2,5}(?!\d)"), lambda found: f"plus {_digits(found[0])}"),
    (
        re.compile(r"\b(?P<verb>[cC]all|[dD]ial|[rR]ing) (?P<digits>\d{3})(?![\d,.]\d|\d)"),
        lambda found: f"{found['verb']} {_digits(found['digits'])}",
    ),
    (
        re.compile(r"(?<![\d,])\d+(?:\.\d+){2,}(?!\d)|(?<=\b[vV]ersion )\d+\.\d+|(?<=\b[vV])\d+\.\d+"),
        lambda found: " point ".join(cardinal(part, "en") for part in found[0].split(".")),
    ),
]
TIMES: list[Rule] = [
    (re.compile(r"(?<![\d/])24/7(?![\d/])"), "twenty-four seven"),
    (
        re.compile(rf"(?<![\d,.:])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d)(?:\.\d+)?)?(?![\d:])Z?{_HALF}"),
        _time,
    ),
    (
        re.compile(r"(?<=\d) ?(?P<half>[aApP])(?:\.[mM]\.|[mM]\b)(?!\w)"),
        lambda found: f" {found['half'].upper()} M",
    ),
]  # fmt: skip


# Ranges, fractions, ordinals, years


def _fraction(found: re.Match[str]) -> str:
    top, bottom, noun = found["top"], found["bottom"], found["noun"]
    upper, lower = value(top), value(bottom)
    rest = f" {noun}" if noun else ""
    before = f"{cardinal(found['before'].strip(), 'en')} " if found["before"] else ""
    if not 0 < upper < lower or lower < 2 or (lower > 9 and upper != 1) or lower > 1000:
        link = "out of" if 0 < upper <= lower else "over"
        return f"{before}{cardinal(top, 'en')} {link} {cardinal(bottom, 'en')}{rest}"
    if lower == 2:
        if before:
            return f"{before}and a half{rest}"
        return (
            f"half {'an' if noun[0] in 'aeiou' else 'a'} {noun}"
            if noun and noun not in ("of", "a")
            else f"one half{rest}"
        )
    name = "quarter" if lower == 4 else ordinal(lower, "en")
    return f"{before}{'and ' if before else ''}{cardinal(top, 'en')} {name}{'s' * (upper > 1)}{rest}"


def _ordinal(found: re.Match[str]) -> str:
    digits = found["digits"].replace(",", "")
    return ordinal(int(digits), "en") if len(digits) <= 9 else f"{cardinal(digits, 'en')}th"


def _decade(found: re.Match[str]) -> str:
    digits = found["digits"]
    said = year(int(digits)) if len(digits) == 4 else cardinal(digits, "en")
    return f"{said[:-1]}ies" if said.endswith("y") else f"{said}s"


def _roman_after(found: re.Match[str]) -> str:
    word, numeral = found["word"], found["roman"]
    rank = roman(numeral)
    regnal, numbered = word in REGNAL, word.lower() in NUMBERED
    loose = len(numeral) > 1 and set(numeral) <= set("IVX")
    named = (regnal or numbered) and numeral not in ("L", "C")
    if numeral == "I" and not (numbered and word[0].isupper()):
        # "Mary I" and "Mary, I...": the pronoun goes on with a verb, the numeral does not.
        named = named and bool(re.match(r"$|[.,;:?!]|'s|\sof\b", found.string[found.end() :]))
    if not rank or not (loose or named):
        return found[0]
    return f"{word} the {ordinal(rank, 'en')}" if regnal else f"{word} {cardinal(str(rank), 'en')}"


ROMANS: list[Rule] = [
    (
        re.compile(rf"(?P<word>(?<![{LETTER}])[{LETTER}-]+) (?P<roman>[IVXLC]+)(?![{LETTER}\d-]|'(?!s\b)| [A-Z]\b)"),
        _roman_after,
    ),
]
RANGES: list[Rule] = [
    (re.compile(r"(?<=\d) ?- ?(?=\d[^=]*=)"), " − "),
    (re.compile(r"(\d(?: ?(?:%|°[CF]?|[aApP] ?[mM]))?) ?[–-] ?(?=[-$€£]?\d)"), r"\1 to "),
    (re.compile(rf"(?<![{LETTER}\d)])-(?=[$€£]?\d)"), "− "),
]
FRACTIONS: list[Rule] = [
    (
        re.compile(
            r"(?<![\d,./])(?P<before>\d{1,9} )?(?P<top>\d{1,9}) ?/ ?(?P<bottom>\d{1,9})(?!\d|[/,.]\d)(?: (?P<noun>[a-z]+))?"
        ),
        _fraction,
    ),
]
ORDINALS: list[Rule] = [
    (re.compile(rf"(?<![\d,.])(?P<digits>\d{{1,3}}(?:,\d{{3}})+|\d+)(?:st|nd|rd|th)(?![{LETTER}\d])"), _ordinal),
    (re.compile(r"(?<![\d,.])'?(?P<digits>(?:1[1-9]|20)\d0|[2-9]0)'?s\b"), _decade),
]


# Money and measures

_MONEY_SIGN = "|".join([re.escape(sign) for sign in CURRENCIES] + [rf"{name}\b" for name in CURRENCY_NAMES])
_SCALE = "|".join(sorted(SCALES, key=len, reverse=True))
_UNIT = "|".join(re.escape(symbol) for symbol in sorted(UNITS, key=len, reverse=True))
_END = rf"(?![{LETTER}\d^'])"
_PER = rf"(?: ?/ ?(?P<per>[a-z]{{3,}}|(?:{_UNIT})(?![{LETTER}])))?"


def _per(unit: str | None) -> str:
    if not unit:
        return ""
    return f" per {UNITS[unit][0] if unit in UNITS else unit}"


def _price(found: re.Match[str]) -> str:
    sign = CURRENCY_NAMES.get(found["sign"], found["sign"])
    one, several, hundredth, hundredths = CURRENCIES[sign]
    whole, fraction, per = found["whole"], found["decimals"], _per(found["per"])
    if found["scale"]:
        return f"{number(whole, fraction)} {SCALES[found['scale']]} {several}{per}"
    if not fraction or len(fraction) > 2:
        return f"{number(whole, fraction)} {one if is_one(whole, fraction) else several}{per}"
    cents = int(fraction.ljust(2, "0"))
    count = value(re.sub("[ ,]", "", whole))
    parts = [f"{number(whole)} {one if count == 1 else several}"] if count or not cents else []
    if cents:
        parts.append(f"{cardinal(str(cents), 'en')} {hundredth if cents == 1 else hundredths}")
    return " and ".join(parts) + per


def _measure(found: re.Match[str]) -> str:
    whole, fraction = found["whole"], found["decimals"]
    one, several = UNITS[found["unit"]]
    return f"{number(whole, fraction)} {one if is_one(whole, fraction) else several}{_per(found['per'])}"


def _alone(found: re.Match[str]) -> str:
    unit, _, per = found["unit"].partition("/")
    return f"{found['before'] or ''}{UNITS[unit][1]}{_per(per)}"


MONEY: list[Rule] = [
    (
        re.compile(rf"(?<!\d)(?<!\d )(?P<sign>[$€£¥]) ?{NUMBER}(?: ?(?P<scale>{_SCALE})(?![{LETTER}]))?{_PER}"),
        _price,
    ),
    (re.compile(rf"{NUMBER} ?(?P<scale>k|M|bn)?(?P<sign>{_MONEY_SIGN}){_PER}"), _price),
]
_ALONE = "|".join(map(re.escape, WRITTEN_ALONE))
MEASURES: list[Rule] = [
    (re.compile(rf"(?<![{LETTER}])([kcdm]?m)([23])(?!\w)"), r"\1^\2"),
    (re.compile(r"(?<=\d) ?° ?([CF])\b"), r" °\1"),
    (re.compile(rf"{NUMBER} ?(?P<unit>{_UNIT}){_PER}{_END}"), _measure),
]


# What is left: numbers, capitals, signs


def _bare_number(found: re.Match[str]) -> str:
    whole, fraction = found["whole"], found["decimals"]
    if not fraction and len(whole) == 4 and 1100 <= int(whole) <= 2099:
        return year(int(whole))
    return number(whole, fraction)


LEFT: list[Rule] = [
    (re.compile(rf"(?P<before>\b(?:in|per|of|the) )(?P<unit>{_ALONE})(?![\w/^])"), _alone),
    (re.compile(r"(?P<before>)(?<!\w)(?P<unit>km/h)\b"), _alone),
    (re.compile(r"\^2(?!\d)"), " squared "),
    (re.compile(r"\^3(?!\d)"), " cubed "),
    (re.compile(r"\^"), " to the power of "),
    (re.compile(r"\bC#"), "C sharp"),
    (re.compile(r"#(?=\d)"), "number "),
    (re.compile(r"(?<=\d) ?/ ?(?=\d)"), " out of "),
    (re.compile(rf"#(?=[{LETTER}])"), "hashtag "),
    (re.compile(r"~ ?(?=\d)"), "about "),
    (re.compile(r"(?<=\d):(?=\d)"), " "),
    (re.compile(r"(?<=\d) ?k\b"), " thousand"),
    (re.compile(r"(?<=\d) ?[xX*] ?(?=\d)|(?<=\d) ?x(?= [a-z])"), " × "),
    (re.compile(rf"(?<=[{LETTER}])-(?=\d)|(?<=[{LETTER}])(?=\d)|(?<=\d)(?=[{LETTER}])"), " "),
    (re.compile(NUMBER), _bare_number),
    (re.compile(r"\d+"), lambda found: f" {cardinal(found[0], 'en')} "),
    (re.compile(r"\band/or\b"), "and or"),
    (re.compile(r"(?<=[a-z])/(?=(?:day|month|year|week|hour|minute|second|person|night)s?\b)"), " per "),
    (re.compile(rf"(?<=[{LETTER}])/(?=[{LETTER}])"), " or "),
    (re.compile(r" ?/ ?|(?<= )[-–](?= )|–"), ", "),
    (re.compile(r"(?<=\w)\.(?=[a-z])"), " dot "),
    (re.compile(f"[{re.escape(''.join(SIGNS))}]"), lambda found: f" {SIGNS[found[0]]} "),
    (re.compile("^.*[A-ZÀ-ÖØ-ÞŒ]{2}.*$"), lambda found: say_capitals(found[0], "en")),
]
"""What is left once the numbers with a meaning are said: always run, whatever the text."""

WORDS: list[Rule] = [
    (re.compile(r"^.*\w\.\w.*$"), lambda found: say_addresses(found[0], ADDRESS_SIGNS)),
    abbreviations(ABBREVIATIONS),
    (re.compile(r"\b(?:[A-Z]\.-?){2,}(?P<last>[A-Z]\b)?"), lambda found: re.sub("[.-]", "", found[0])),
    *ROMANS,
]
NUMBERS: list[Rule] = [*DATES, *PHONES, *RANGES, *TIMES, *FRACTIONS, *ORDINALS, *MONEY, *MEASURES]
"""In this order: what is most specific first."""
