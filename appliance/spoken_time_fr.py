"""French durations and moments, word by word. See spoken_time.py."""

from __future__ import annotations

import re

from appliance.folding import without_accents
from appliance.moments import DAILY, WEEKDAYS, WEEKEND, Part, Said
from appliance.spoken_numbers import digits
from appliance.time_pieces import Durations, Piece, piece

DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "fevrier", "mars", "avril", "mai", "juin", "juillet", "aout"),
    *("septembre", "octobre", "novembre", "decembre"),
)
_DOZENS = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
}
_ONE = r"(?:une?|1)"
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"(?<=\d)[ ]?[h:](?=\d|\b)", " h "),
        (r"(?<=\d),(?=\d)", "."),
        (r"(?<=\d)(?=(?:h|min|mn|s|sec)\b)", " "),
        (r"[-,;!?]|\.(?!\d)", " "),
        (r"\s+", " "),
        (r"\bzero(?= )", "0"),
        (r"\b(une?|1) (?:petite?|bonne?|grosse?|gros) (?=quart|demi|heure|minute)", r"\1 "),
        (rf"\b(?:{_ONE} )?demie? heures?\b", "30 minutes"),
        (rf"\b(?:{_ONE} )?demie? minutes?\b", "30 secondes"),
        (r"\b(?:3|trois) quarts? d'heures?\b", "45 minutes"),
        (rf"\b(?:{_ONE} )?quarts? d'heures?\b", "15 minutes"),
    )
)
_HALF = {"et demi": 0.5, "et demie": 0.5, "et quart": 0.25, "et un quart": 0.25, "3 quarts": 0.75, "et 3 quarts": 0.75}
_SHARES = {**_HALF, **dict.fromkeys(("moins le quart", "moins un quart", "moins quart"), -0.25)}
"""What is less than an hour or two may be a length; "sept heures moins le quart" is a time of the clock."""
_UNITS = {
    **dict.fromkeys(("semaine", "semaines"), 604_800),
    **dict.fromkeys(("jour", "jours"), 86_400),
    **dict.fromkeys(("h", "heure", "heures"), 3600),
    **dict.fromkeys(("min", "mn", "minute", "minutes"), 60),
    **dict.fromkeys(("s", "sec", "seconde", "secondes"), 1),
}
_N = r"(?:\d+(?:\.\d+)?|une?)"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_BEFORE_LESS = r"(?:(?<=\bune heure)|(?<=\b1 heure)|(?<=\b1 h)|(?<=\b2 heures)|(?<=\b2 h))"
_EXTRA = (
    rf"(?: (?:{'|'.join(sorted(_HALF, key=len, reverse=True))})\b|{_BEFORE_LESS} moins (?:le |un )?quart\b"
    rf"| \d\d?(?!\d)(?! ?(?:{_UNIT}|quarts)\b))"
)
_TERM = rf"{_N} ?(?:{_UNIT})\b{_EXTRA}?"
_LENGTH = rf"{_TERM}(?: (?:et )?{_TERM})*"
BEFORE_DURATION = re.compile(r"(?:(?:de|pendant|pour|dans|encore|environ|a peu pres|plus|sur|a) |d')*")
DURATIONS = Durations(_LENGTH, re.compile(rf"(?P<n>{_N}) ?(?P<unit>{_UNIT})\b(?P<extra>{_EXTRA})?"), _UNITS, _SHARES)
BY_THE_CLOCK = re.compile(r"(?:pour|a) (?:[7-9]|1\d|2[0-3]) ?(?:h|heures?)(?: (?:\d\d?|et demie?|et quart))?")
"""What is told of a timer and is no length: "pour 18 heures"."""
CONNECTORS = re.compile(r"^(?:(?:de|que|a|pour|afin de)\s+|(?:d|qu)['’]\s*|[:,]\s*)", re.IGNORECASE)
"""What joins a reminder's text to its time."""


def normal(text: str) -> str:
    """Return `text` in the one form that the patterns below read."""
    text = without_accents(text.lower().replace("’", "'").replace("œ", "oe"))
    for word, number in _DOZENS.items():
        text = re.sub(rf"\b(?:une )?{word} (?:de |d')", f"{number} ", text)
    text = digits(text, "fr")
    for pattern, new in _REWRITES:
        text = pattern.sub(new, text)
    return text.strip()


def _time(match: re.Match[str], said: Said) -> None:
    word = match["h"]
    said.hour = {"midi": 12, "minuit": 0, "une": 1}.get(word) if not word.isdigit() else int(word)
    said.midnight = word == "minuit"
    said.exact = not 1 <= (said.hour or 0) <= 11 or word.startswith("0")
    _minutes(match["rest"] or "", said)


def _minutes(rest: str, said: Said) -> None:
    number = int(found[0]) if (found := re.search(r"\d+", rest)) else 0
    if "moins" in rest:
        before = (said.hour or 0) * 60 - (number or 15)
        said.minute, said.midnight = before % 60, False
        hour = before // 60 % 24
        said.hour = hour if said.exact else hour or 12  # "une heure moins le quart" is of noon as much as of midnight
    elif "demi" in rest:
        said.minute = 30
    elif "quart" in rest:
        said.minute = 45 if "quarts" in rest else 15
    else:
        said.minute = number


def _bare_time(match: re.Match[str], said: Said) -> None:
    said.hour, said.minute = int(match["h"]), int(match["m"] or 0)
    said.exact = not 1 <= said.hour <= 11 or match["h"].startswith("0")


def _part(match: re.Match[str], said: Said) -> None:
    word = match[0]
    parts: dict[str, Part] = {"mat": "morning", "midi": "afternoon", "soir": "evening", "nuit": "night"}
    said.part = next(part for name, part in parts.items() if name in word)
    if re.match(r"ce", word) and said.weekday is None and said.offset_days is None:
        said.offset_days = 0


def _offset(match: re.Match[str], said: Said) -> None:
    said.offset_days = {"demain": 1, "aujourd'hui": 0, "apres demain": 2, "ap": 2}[match["word"]]
    said.weeks = {"8": 1, "15": 2}.get(match["weeks"] or "", 0)


def _weekday(match: re.Match[str], said: Said) -> None:
    said.weekday = DAYS.index(match["day"]) + 1
    said.weeks = {"8": 1, "15": 2}.get(match["weeks"] or "", 0)
    said.next_week = bool(match["next"])


def _weekend(match: re.Match[str], said: Said) -> None:
    said.weekday = 6


def _next_week(match: re.Match[str], said: Said) -> None:
    said.offset_days = 7


def _date(match: re.Match[str], said: Said) -> None:
    day = 1 if match["d"] in ("1er", "premier") else int(match["d"])
    month = MONTHS.index(match["month"]) + 1 if match["month"] else 0
    said.month_day = (day, month, int(match["year"] or 0))


def _repeat(match: re.Match[str], said: Said) -> None:
    words = match[0]
    named = [DAYS.index(day) + 1 for day in re.findall("|".join(DAYS), words)]
    if "sauf" in words:
        off = set(named) | (set(WEEKEND) if "week" in words else set())
        said.days = tuple(day for day in DAILY if day not in off) or DAILY
    elif named and words.startswith("du "):
        said.days = tuple(sorted({(named[0] + n - 1) % 7 + 1 for n in range((named[1] - named[0]) % 7 + 1)}))
    elif named:
        said.days = tuple(sorted(set(named)))
    elif "week" in words or "fin" in words:
        said.days = WEEKEND
    elif "semaine" in words or "ouvr" in words:
        said.days = WEEKDAYS
    else:
        said.days = DAILY
        for name, part in (("matin", "morning"), ("soir", "evening"), ("nuit", "night"), ("midi", "afternoon")):
            if name in words:
                said.part = part  # type: ignore[assignment]


_DAY = "|".join(DAYS)
_OFF = rf"(?:les? |du )?(?:(?:{_DAY})s?|week ?ends?)"
_REST = (
    r"(?: et (?:demie?|quart|un quart)| (?:et )?3 quarts| moins (?:le |un )?quart| moins \d\d?"
    r"| (?:et )?\d\d?(?: ?(?:min|minutes?))?)"
)
PIECES: tuple[Piece, ...] = (
    piece("repeat", rf"(?:tous les|chaque) jours? sauf {_OFF}(?: (?:et )?{_OFF})*", _repeat),
    piece("repeat", r"(?:tous les|chaque) (?:jours? (?:de la semaine|ouvres?|ouvrables?)|week ?ends?)", _repeat),
    piece(
        "repeat", rf"(?:tous les|chaque) (?:{_DAY})s?(?:(?: et| ,)? (?:les |tous les |chaque )?(?:{_DAY})s?)*", _repeat
    ),
    piece("repeat", r"(?:tous les|toutes les|chaque) (?:jours?|matins?|soirs?|nuits?|midis?|apres midis?)", _repeat),
    piece("repeat", rf"du (?:{_DAY}) au (?:{_DAY})", _repeat),
    piece("repeat", r"(?:en semaine|le week ?end|les week ?ends)", _repeat),
    piece(
        "day",
        rf"(?:le )?(?:(?:{_DAY}) )?(?P<d>\d\d?|1er|premier) (?P<month>{'|'.join(MONTHS)})(?: (?P<year>\d{{4}}))?",
        _date,
    ),
    piece("day", rf"(?:le |{_DAY} )+(?P<d>\d\d?|1er|premier)(?P<month>)(?P<year>)(?! ?(?:h|heures?)\b)", _date),
    piece("repeat", rf"les? (?:{_DAY})s?(?:(?: et)? les? (?:{_DAY})s?)*(?! (?:prochain|en \d))", _repeat),
    piece(
        "day",
        rf"(?:ce |le )?(?P<day>{_DAY})(?: prochain)?(?: en (?P<weeks>8|15))?"
        r"(?P<next> (?:de )?la semaine prochaine)?",
        _weekday,
    ),
    piece("day", r"(?P<word>demain|aujourd'hui|apres demain)(?: en (?P<weeks>8|15))?", _offset),
    piece("day", r"(?:ce|le) week ?end(?: prochain)?", _weekend),
    piece("day", r"la semaine prochaine", _next_week),
    piece("after", rf"(?:dans|d'ici|ici|apres) (?:environ )?(?P<span>{_LENGTH})", DURATIONS.after),
    piece("after", rf"(?P<span>{_LENGTH}) plus tard", DURATIONS.after),
    piece(
        "part",
        r"(?:(?:du|le|ce|au|dans le) )?(?:mat(?:in)?|soir)|(?:de l'|l'|cet |cette |dans l')?apres midi"
        r"|(?:de la |la |cette |dans la )?nuit",
        _part,
    ),
    piece("time", rf"(?:(?:a|vers|pour|sur|des|jusqu'a) )?(?P<h>\d\d?|une) ?(?:h|heures?)(?P<rest>{_REST})?", _time),
    piece("time", rf"(?:(?:a|vers|pour|sur|des) )?(?P<h>midi|minuit)(?P<rest>{_REST})?", _time),
    piece("time", r"(?:a|vers|pour) (?P<h>\d\d?)(?: (?P<m>\d\d))?", _bare_time),
    piece("filler", r"(?:a|pour|vers|environ|pile|precises?|exactement)", None),
)
