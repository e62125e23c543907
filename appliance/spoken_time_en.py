"""English durations and moments, word by word. See spoken_time.py."""

from __future__ import annotations

import re

from appliance.moments import DAILY, WEEKDAYS, WEEKEND, Part, Said
from appliance.spoken_numbers import digits
from appliance.time_pieces import Durations, Piece, piece

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    *("twentieth", "twenty first", "twenty second", "twenty third", "twenty fourth", "twenty fifth", "twenty sixth"),
    *("twenty seventh", "twenty eighth", "twenty ninth", "thirtieth", "thirty first"),
)
_ORDINAL = "|".join(reversed(_ORDINALS))
_ORDINAL_DAY = re.compile(
    rf"(?<=the )(?:{_ORDINAL})\b|\b(?:{_ORDINAL})(?= of (?:{'|'.join(MONTHS)})\b)"
    + "".join(rf"|(?<={month} )(?:{_ORDINAL})\b" for month in MONTHS)
)
"""A day of the month: "the second of May", "May second"; "one second" is a length."""
_REWRITES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), new)
    for pattern, new in (
        (r"(?<=\d):(?=\d)", " "),
        (r"(?<=\d)h(?=\d|\b)", " hours "),
        (r"(?<=\d)(?=(?:[ap]\.?m|min|mins|s|sec|secs|h|hr|hrs)\b)", " "),
        (r"\b([ap])\.? ?m\b\.?", r"\1m"),
        (r"[-,;!?]|\.(?!\d)", " "),
        (r"\s+", " "),
        (r"\b(?:oh|o|zero) (?=\d\b)", "0"),
        (r"\bo'? ?clock\b", "oclock"),
        (r"\ba couple of\b", "2"),
        (r"\b(?:half an hour|half hour|(?:1|one|a) half hour)\b", "30 minutes"),
        (r"\b(?:half a minute|half minute)\b", "30 seconds"),
        (r"\b(?:3|three) quarters of an hour\b", "45 minutes"),
        (r"\b(?:a |1 |one )?quarter of an hour\b", "15 minutes"),
        (r"\b(\d+|an?|one) and a half (hour|minute)s?\b", r"\1 \2 and a half"),
        (r"\b(\d+|an?|one) and a quarter (hour|minute)s?\b", r"\1 \2 and a quarter"),
    )
)
_HALF = {"and a half": 0.5, "and a quarter": 0.25, "and 3 quarters": 0.75}
_UNITS = {
    **dict.fromkeys(("week", "weeks"), 604_800),
    **dict.fromkeys(("day", "days"), 86_400),
    **dict.fromkeys(("h", "hr", "hrs", "hour", "hours"), 3600),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1),
}
_N = r"(?:\d+(?:\.\d+)?|an?|one)"
_UNIT = "|".join(sorted(_UNITS, key=len, reverse=True))
_EXTRA = rf"(?: (?:{'|'.join(sorted(_HALF, key=len, reverse=True))})\b| \d\d?(?!\d)(?! ?(?:{_UNIT})\b))"
_TERM = rf"{_N} ?(?:{_UNIT})\b{_EXTRA}?"
_LENGTH = rf"{_TERM}(?: (?:and )?{_TERM})*"
DURATIONS = Durations(_LENGTH, re.compile(rf"(?P<n>{_N}) ?(?P<unit>{_UNIT})\b(?P<extra>{_EXTRA})?"), _UNITS, _HALF)
BEFORE_DURATION = re.compile(r"(?:(?:for|in|of|about|around|another|more) )*")
BY_THE_CLOCK = re.compile(r"(?!)")
CONNECTORS = re.compile(r"^(?:(?:to|that|for|about)\s+|[:,]\s*)", re.IGNORECASE)
"""What joins a reminder's text to its time."""


def normal(text: str) -> str:
    """Return `text` in the one form that the patterns below read."""
    text = digits(text.lower().replace("’", "'"), "en")
    for pattern, new in _REWRITES:
        text = pattern.sub(new, text)
    text = _ORDINAL_DAY.sub(lambda found: str(_ORDINALS.index(found[0]) + 1), text)
    return re.sub(r"\b(\d\d?)(?:st|nd|rd|th)\b", r"\1", text).strip()


def _clock(match: re.Match[str], said: Said) -> None:
    word = match["h"]
    said.hour = {"noon": 12, "midday": 12, "midnight": 0, "one": 1}.get(word) if not word.isdigit() else int(word)
    said.midnight = word == "midnight"
    said.exact = (not word.isdigit() and word != "one") or word.startswith("0") or not 1 <= (said.hour or 0) <= 12
    groups = match.groupdict()
    said.minute = int(groups.get("m") or 0)
    _half_of_day(groups.get("half") or "", said)


def _half_of_day(half: str, said: Said) -> None:
    if half:
        said.part = half  # type: ignore[assignment]


def _past(match: re.Match[str], said: Said) -> None:
    _clock(match, said)
    said.minute = _count(match["count"])


def _to(match: re.Match[str], said: Said) -> None:
    _clock(match, said)
    before = (said.hour or 0) * 60 - _count(match["count"])
    said.minute, said.midnight = before % 60, False
    hour = before // 60 % 24
    said.hour = hour if said.exact else hour or 12


def _count(word: str) -> int:
    return 30 if "half" in word else 15 if "quarter" in word else int(word)


def _part(match: re.Match[str], said: Said) -> None:
    words = match[0]
    parts: tuple[Part, ...] = ("morning", "afternoon", "evening", "night")
    said.part = next(part for part in parts if part in words)
    if words.startswith(("this", "tonight")) and said.weekday is None and said.offset_days is None:
        said.offset_days = 0


def _offset(match: re.Match[str], said: Said) -> None:
    words = match[0]
    said.offset_days = 2 if "after" in words else 0 if "today" in words else 1
    said.weeks = "week" in words


def _weekday(match: re.Match[str], said: Said) -> None:
    said.weekday = DAYS.index(match["day"]) + 1
    said.weeks = int(bool(match["week"] or match["before"]))


def _weekend(match: re.Match[str], said: Said) -> None:
    said.weekday = 6


def _next_week(match: re.Match[str], said: Said) -> None:
    said.offset_days = 7


def _date(match: re.Match[str], said: Said) -> None:
    groups = match.groupdict()
    month = MONTHS.index(groups["month"]) + 1 if groups.get("month") else 0
    said.month_day = (int(groups["d"]), month, int(groups.get("year") or 0))


def _repeat(match: re.Match[str], said: Said) -> None:
    words = match[0]
    named = [DAYS.index(day) + 1 for day in re.findall("|".join(DAYS), words)]
    if named and " to " in words:
        said.days = tuple(sorted({(named[0] + n - 1) % 7 + 1 for n in range((named[1] - named[0]) % 7 + 1)}))
    elif named:
        said.days = tuple(sorted(set(named)))
    elif "weekday" in words or "week day" in words or "working" in words:
        said.days = WEEKDAYS
    elif "weekend" in words:
        said.days = WEEKEND
    else:
        said.days = DAILY
        parts: tuple[Part, ...] = ("morning", "afternoon", "evening", "night")
        said.part = next((part for part in parts if part in words), said.part)


_DAY = "|".join(DAYS)
_MONTH = "|".join(MONTHS)
_H = r"(?P<h>\d\d?|one|noon|midday|midnight)"
_AMPM = r"(?: oclock)?(?: (?P<half>am|pm))?"
PIECES: tuple[Piece, ...] = (
    piece(
        "repeat", r"(?:(?:on )?(?:every|each) (?:day|weekday|week day|working day|weekend)|daily|on weekdays)", _repeat
    ),
    piece("repeat", r"(?:weekdays|(?:on |at )?weekends|(?:on |at )?the weekends)", _repeat),
    piece("repeat", rf"(?:every|each) (?:{_DAY})s?(?: and (?:every |each )?(?:{_DAY})s?| (?:{_DAY})s?)*", _repeat),
    piece("repeat", rf"on (?:{_DAY})s(?: and (?:on )?(?:{_DAY})s)*", _repeat),
    piece("repeat", rf"(?:from )?(?:{_DAY}) to (?:{_DAY})", _repeat),
    piece("repeat", r"(?:every|each) (?:morning|afternoon|evening|night)", _repeat),
    piece(
        "day",
        rf"(?:on )?(?:(?:{_DAY}) )?(?:the )?(?P<month>{_MONTH}) (?:the )?(?P<d>\d\d?)(?: (?P<year>\d{{4}}))?",
        _date,
    ),
    piece(
        "day",
        rf"(?:on )?(?:(?:{_DAY}) )?(?:the )?(?P<d>\d\d?) (?:of )?(?P<month>{_MONTH})(?: (?P<year>\d{{4}}))?",
        _date,
    ),
    piece("day", rf"(?:on )?(?:(?:{_DAY}) )?the (?P<d>\d\d?)", _date),
    piece("day", rf"(?P<before>a week (?:on )?)?(?:on |this |next )?(?P<day>{_DAY})(?P<week> week)?", _weekday),
    piece("day", r"(?:the )?day after tomorrow|tomorrow week|tomorrow|today", _offset),
    piece("day", r"(?:this|next|at the|on the) weekend", _weekend),
    piece("day", r"next week", _next_week),
    piece("after", rf"(?:in|after) (?:about )?(?P<span>{_LENGTH})(?: time)?", DURATIONS.after),
    piece("after", rf"(?P<span>{_LENGTH}) (?:from now|later)", DURATIONS.after),
    piece("part", r"(?:in the |this )?(?:morning|afternoon|evening)|tonight|(?:at )?night", _part),
    piece(
        "time", rf"(?:(?:at|around|by|for) )?(?:a )?(?P<count>half|quarter|\d\d?)(?: minutes)? past {_H}{_AMPM}", _past
    ),
    piece(
        "time",
        rf"(?:(?:at|around|by|for) )?(?:a )?(?P<count>quarter|\d\d?)(?: minutes)? (?:to|before) {_H}{_AMPM}",
        _to,
    ),
    piece("time", rf"(?:(?:at|around|by|for) )?(?P<count>half) {_H}{_AMPM}", _past),
    piece("time", rf"(?:at|around|by|for) {_H}(?: (?P<m>\d\d))?{_AMPM}", _clock),
    piece("time", r"(?P<h>\d\d?|one)(?: (?P<m>\d\d))?(?: oclock)? (?P<half>am|pm)", _clock),
    piece("time", r"(?P<h>\d\d?|one) (?P<m>\d\d)", _clock),
    piece("time", r"(?P<h>\d\d?|one) oclock", _clock),
    piece("time", r"(?P<h>noon|midday|midnight)", _clock),
    piece("filler", r"(?:at|on|for|sharp|exactly|around)", None),
)
