"""The rules of French: how dates, times, prices, measures, ordinals, abbreviations and signs are said.

A rule is a pattern and what replaces it; `RULES` at the end is their order. Usage followed where there is a choice:
"14 h 30" is "quatorze heures trente", "à 12 h" is "à midi" and "0 h 05" is "minuit cinq"; nouns are singular below two
("un virgule cinq kilomètre"); a score and a range are both "à"; "3,50 €" is "trois euros cinquante".
"""

from __future__ import annotations

import re

from appliance.letters import LETTER, Rule, abbreviations, roman, say_addresses, say_capitals, words
from appliance.numerals import cardinal, ordinal, value
from appliance.speakable_fr_measures import MEASURES, MONEY, NUMBER, is_feminine, number, of_round
from appliance.speakable_fr_words import (
    ABBREVIATIONS,
    ADDRESS_SIGNS,
    MONTHS,
    NUMBERED,
    RATIOS,
    REGNAL,
    SIGNS,
    UNITS,
    WRITTEN_ALONE,
)

NAMES = list(MONTHS)
MONTH = "|".join([*NAMES, *(rf"{short}\." for short in MONTHS.values())])


# Dates


def _date(day: str, month: str, year: str | None) -> str:
    first = "premier" if int(day) == 1 else cardinal(str(int(day)), "fr")
    name = NAMES[int(month) - 1]
    return f"{first} {name} {number(year)}" if year else f"{first} {name}"


def _iso_date(found: re.Match[str]) -> str:
    return _date(found["day"], found["month"], found["year"])


def _month_name(found: re.Match[str]) -> str:
    day, month = found["day"], found["month"].removesuffix(".")
    name = next(name for name, short in MONTHS.items() if month in (name, short))
    return f"{'premier' if int(day) == 1 else cardinal(str(int(day)), 'fr')} {name}"


DAY, MONTH_NUMBER, YEAR = r"(?P<day>0?[1-9]|[12]\d|3[01])", r"(?P<month>0?[1-9]|1[0-2])", r"(?P<year>\d{4})"
DATES: list[Rule] = [
    (re.compile(rf"(?<![\d/-]){YEAR}-{MONTH_NUMBER}-{DAY}T(?=\d)"), lambda found: f"{_iso_date(found)} à "),
    (re.compile(rf"(?<![\d/-]){YEAR}-{MONTH_NUMBER}-{DAY}(?![\d/-])"), _iso_date),
    (re.compile(rf"(?<![\d/.-]){DAY}([/.-]){MONTH_NUMBER}\2{YEAR}(?![\d/])"), _iso_date),
    (re.compile(rf"(?<![\d/.-]){DAY}/{MONTH_NUMBER}/(?P<year>\d\d)(?![\d/])"), _iso_date),
    (
        re.compile(rf"\b(?P<before>[lL]e|[dD]u|[aA]u|[a-z]+di) {DAY}/{MONTH_NUMBER}(?![\d/])"),
        lambda found: f"{found['before']} {_date(found['day'], found['month'], None)}",
    ),
    (
        re.compile(rf"(?<![\d/]){MONTH_NUMBER}/(?P<year>(?:19|20)\d\d)(?![\d/])"),
        lambda found: f"{NAMES[int(found['month']) - 1]} {number(found['year'])}",
    ),
    (re.compile(rf"(?<![\d.,]){DAY} (?P<month>{MONTH})(?![{LETTER}])"), _month_name),
]  # fmt: skip


# Telephone numbers, versions, addresses


def _pairs(found: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", found[0])
    return " ".join(cardinal(digits[at : at + 2], "fr") for at in range(0, len(digits), 2))


def _groups(found: re.Match[str]) -> str:
    groups = re.findall(r"\d+", found[0])
    return (", " if len(groups[-1]) == 3 else " ").join(cardinal(group, "fr") for group in groups)


def _dotted_thousands(found: re.Match[str]) -> str:
    groups = found[0].split(".")
    address = len(groups) == 4 and all(int(group) <= 255 for group in groups)
    return found[0] if address else "".join(groups)


PHONES: list[Rule] = [
    (re.compile(r"(?<![\d,.])(?<!ersion )[1-9]\d{0,2}(?:\.\d{3})+(?![\d.]|,\d{3})"), _dotted_thousands),
    (re.compile(r"(?<![\d,.])0\d([ .-]?)\d\d(?:\1\d\d){3}(?!\d)"), _pairs),
    (re.compile(r"\+\d{1,3} ?(?:\(0\) ?)?\d(?: \d\d){4}(?!\d)"), lambda found: f"plus {_groups(found)}"),
    (re.compile(r"(?<![\d,.])0\d{3}(?: \d{3}){2}(?!\d)"), _groups),
    (
        re.compile(r"(?<=\b(?:le|Le|au|Au|du) )3[0-9][1-9]\d(?![\d%€°]|[,.]\d| ?(?:k?m|mètres|euros)\b| %| €| °)"),
        _pairs,
    ),
    (
        re.compile(r"(?<![\d,])\d+(?:\.\d+){2,}(?!\d)|(?<=\b[vV]ersion )\d+\.\d+|(?<=\b[vV])\d+\.\d+"),
        lambda found: " point ".join(cardinal(part, "fr") for part in found[0].split(".")),
    ),
]


# Times


def _time(found: re.Match[str]) -> str:
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    name = "minuit" if hour == 0 else f"{cardinal(str(hour), 'fr', feminine=True)} heure{'s' * (hour > 1)}"
    if hour == 12 and minute == 0 and not second:
        return "midi"
    unit = " minute" + "s" * (minute > 1)
    said = f"{name} {cardinal(str(minute), 'fr', feminine=True)}" if minute or second else name
    if not second:
        return said + unit if found["unit"] and minute else said
    return f"{said}{unit} {cardinal(str(second), 'fr', feminine=True)} seconde{'s' * (second > 1)}"


HOUR, MINUTE = r"(?<![\d,.:])(?P<hour>[01]?\d|2[0-4])", r"(?P<minute>[0-5]\d)"
TIMES: list[Rule] = [
    (re.compile(r"\b24 ?h(?:eures)? ?/ ?24\b"), "vingt-quatre heures sur vingt-quatre"),
    (re.compile(r"\b7 ?j(?:ours)? ?/ ?7\b"), "sept jours sur sept"),
    (re.compile(r"(?<![\d/])24/7(?![\d/])"), "vingt-quatre heures sur vingt-quatre"),
    (re.compile(rf"{HOUR} ?[hH] ?{MINUTE}(?! ?h)(?P<unit>(?: ?(?:min|mn)|m)\b)?(?P<second>)(?!\d)"), _time),
    (re.compile(rf"{HOUR}:{MINUTE}(?::(?P<second>[0-5]\d)(?:[.,]\d+)?)?(?P<unit>)(?![\d:])Z?"), _time),
    (re.compile(r"(?<![\d,.])0?0 ?h(?![\w/])"), "minuit"),
    (re.compile(r"\b(à|À|est|[vV]ers|[dD]ès) 12 ?h(?![\w/])"), r"\1 midi"),
]


# Ranges, fractions, ordinals


def _fraction(found: re.Match[str]) -> str:
    top, bottom, noun = found["top"], found["bottom"], found["noun"]
    upper, lower = value(top), value(bottom)
    named = {2: "demi", 3: "tiers", 4: "quart"}
    if lower == 2 and upper == 1 and noun and not found["before"]:
        article = "une " if is_feminine(noun) else "un "
        if re.search(r"\b[uU]ne? $", found.string[: found.start()]):
            article = ""
        return f"{article}demi-{noun}"
    over = not 0 < upper < lower or lower < 2 or (lower > 9 and upper != 1) or lower > 1000
    if over:
        return f"{found['before'] or ''}{cardinal(top, 'fr')} sur {cardinal(bottom, 'fr')} {noun or ''}"
    name = named.get(lower) or ordinal(lower, "fr")
    name += "s" * (upper > 1 and not name.endswith("s"))
    whole = f"{cardinal(found['before'].strip(), 'fr')} et " if found["before"] else ""
    if whole and lower == 2:
        return f"{whole.removesuffix('et ')}{noun or ''} et demi{'e' * is_feminine(noun)}"
    return f"{whole}{cardinal(top, 'fr')} {name} {noun or ''}"


def _ordinal(found: re.Match[str]) -> str:
    digits, ending = found["digits"], found["ending"]
    if value(digits) == 0 or len(digits) > 9:
        return f"{cardinal(digits, 'fr')} {ending}"
    plural = "s" * ending.endswith("s")
    if ending in ("nd", "nds", "de", "des", "nde", "ndes") and int(digits) == 2:
        return ("second" if ending.startswith("nd") and "e" not in ending else "seconde") + plural
    feminine = ending.rstrip("s") in ("re", "ère", "ere") or (ending == "e" and is_feminine(found["noun"]))
    return ordinal(int(digits), "fr", feminine) + plural


def _roman_ordinal(found: re.Match[str]) -> str:
    rank = roman(found["roman"])
    if not rank:
        return found[0]
    return ordinal(rank, "fr", feminine=found["ending"] in ("re", "ère"))


def _roman_after(found: re.Match[str]) -> str:
    word, numeral = found["word"], found["roman"]
    rank = roman(numeral)
    regnal, numbered = word in REGNAL, word.lower() in NUMBERED
    loose = len(numeral) > 1 and set(numeral) <= set("IVX")
    named = (regnal or numbered) and numeral not in ("L", "C")
    if not rank or not (loose or named):
        return found[0]
    said = ordinal(1, "fr", word.endswith("beth")) if regnal and rank == 1 else cardinal(str(rank), "fr")
    return f"{word} {said}"


COUNTED = r"(?=(?: (?P<noun>[a-zà-ÿœ-]+))?)"
RANGES: list[Rule] = [
    (re.compile(r"\b((?:[gG]uerre|mondiale)(?: de)?|[eE]n) (14|39)-(18|45)\b"), r"\1 \2 \3"),
    (re.compile(r"(?<=\d) ?- ?(?=\d[^=]*=)"), " − "),
    (re.compile(r"(\d(?: ?(?:h|%|°C?|€))?) ?[–-] ?(?=-?\d)"), r"\1 à "),
    (re.compile(rf"(?<![{LETTER}\d)])-(?=\d)"), "−"),
]
FRACTIONS: list[Rule] = [
    (
        re.compile(r"(?<![\d,./])(?P<before>\d{1,9} )?(?P<top>\d{1,9}) ?/ ?(?P<bottom>\d{1,9})(?!\d|[/,.]\d)"
                   r"(?: (?P<noun>[a-zà-ÿœ]+))?"),
        _fraction,
    ),
]  # fmt: skip
ORDINALS: list[Rule] = [
    (
        re.compile(r"(?<![\d,.])(?P<digits>\d+)(?P<ending>er|ers|re|res|ères?|ere|nde?s?|des?|i?[eè](?:me)?s?)"
                   rf"(?![{LETTER}\d']){COUNTED}"),
        _ordinal,
    ),
]  # fmt: skip
ROMANS: list[Rule] = [
    (re.compile(rf"(?<![\w'])(?P<roman>[IVX]+|[IVXLC]{{2,}})(?P<ending>er|re|ère|e|ème)(?![{LETTER}\d])"), _roman_ordinal),
    (re.compile(rf"(?P<word>(?<![{LETTER}])[{LETTER}-]+) (?P<roman>[IVXLC]+)(?![{LETTER}\d'-]| [A-Z]\b)"), _roman_after),
]  # fmt: skip


# What is left: numbers, capitals, signs


def _alone(found: re.Match[str]) -> str:
    unit = found["unit"]
    return (found["before"] or "") + (RATIOS.get(unit) or UNITS[unit])[1]


_ALONE = "|".join(map(re.escape, WRITTEN_ALONE))

_NOT_COUNTED = words("dans sans plus moins mais ils vous nous sous vers depuis pas puis après est des les ces")


def _number(found: re.Match[str]) -> str:
    whole, noun = found["whole"], found["noun"]
    said = number(whole, found["decimals"], is_feminine(noun))
    if noun and noun.endswith("s") and noun not in _NOT_COUNTED and not found["decimals"]:
        return f"{said} {of_round(whole, noun).removesuffix(noun)}".rstrip()
    return said


LEFT: list[Rule] = [
    (re.compile(rf"(?P<before>\b(?:en|par|de|des|du|le|les|au) )(?P<unit>{_ALONE})(?![\w/^])"), _alone),
    (re.compile(r"(?P<before>)(?<!\w)(?P<unit>km/h)\b"), _alone),
    (re.compile(r"\^2(?!\d)"), " au carré "),
    (re.compile(r"\^3(?!\d)"), " au cube "),
    (re.compile(r"\^"), " puissance "),
    (re.compile(r"\bC#"), "C dièse"),
    (re.compile(r"#(?=\d)"), "numéro "),
    (re.compile(r"(?<=\d) ?/ ?(?=\d)"), " sur "),
    (re.compile(rf"#(?=[{LETTER}])"), "hashtag "),
    (re.compile(r"~ ?(?=\d)"), "environ "),
    (re.compile(r"(?<=\d):(?=\d)"), " "),
    (re.compile(r"(?<=\d) ?k\b"), " mille"),
    (re.compile(r"(?<=\d) ?[xX*] ?(?=\d)|(?<=\d) ?x(?= [a-zà-ÿ])"), " × "),
    (re.compile(rf"(?<=[{LETTER}])-(?=\d)|(?<=[{LETTER}])(?=\d)|(?<=\d)(?=[{LETTER}])"), " "),
    (re.compile(rf"{NUMBER}{COUNTED}"), _number),
    (re.compile(r"\d+"), lambda found: f" {cardinal(found[0], 'fr')} "),
    (re.compile(r"\bet/ou\b"), "et ou"),
    (re.compile(r"(?<=[a-zé])/(?=(?:jour|mois|an|semaine|heure|minute|seconde|personne|nuit)s?\b)"), " par "),
    (re.compile(rf"(?<=[{LETTER}])/(?=[{LETTER}])"), " ou "),
    (re.compile(r" ?/ ?|(?<= )[-–](?= )|–"), ", "),
    (re.compile(r"(?<=\w)\.(?=[a-z])"), " point "),
    (re.compile(f"[{re.escape(''.join(SIGNS))}]"), lambda found: f" {SIGNS[found[0]]} "),
    (re.compile("^.*[A-ZÀ-ÖØ-ÞŒ]{2}.*$"), lambda found: say_capitals(found[0], "fr")),
]

WORDS: list[Rule] = [
    (re.compile(r"^.*\w\.\w.*$"), lambda found: say_addresses(found[0], ADDRESS_SIGNS)),
    abbreviations(ABBREVIATIONS),
    (re.compile(r"\b(?:[A-Z]\.-?){2,}(?P<last>[A-Z]\b)?"), lambda found: re.sub("[.-]", "", found[0])),
    *ROMANS,
]
NUMBERS: list[Rule] = [*DATES, *PHONES, *RANGES, *TIMES, *FRACTIONS, *ORDINALS, *MONEY, *MEASURES]
"""In this order: what is most specific first."""
