"""Times as they are said: words -> a length or a moment, and back to words for the voice.

    "une heure et quart" ──▶ 1:15:00          "demain à huit heures moins le quart" ──▶ tomorrow, 7:45

A phrase is read whole or not at all: what has a word too many is no time, and whoever asked asks back. What words mean
(which seven o'clock?) is decided by moments.py; the words themselves are in a file a language.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import ModuleType

from appliance import spoken_time_en, spoken_time_fr
from appliance.messages import text
from appliance.moments import DAILY, WEEKDAYS, WEEKEND, Moment, meant
from appliance.time_pieces import read
from appliance.written import written_date, written_time

_LANGUAGES: dict[str, ModuleType] = {"fr": spoken_time_fr, "en": spoken_time_en}
_SOON_SECONDS = 3600
_LONGEST_CHARACTERS = 300


@dataclass(frozen=True, slots=True)
class Found:
    """A time inside a phrase, and the words around it."""

    rest: str
    moment: Moment | None = None
    duration: timedelta | None = None


def duration(phrase: str, language: str) -> timedelta | None:
    """Return the length that `phrase` says, or None where it says anything else."""
    words = _LANGUAGES[language]
    normal = words.normal(phrase[:_LONGEST_CHARACTERS])
    seconds = words.DURATIONS.seconds(normal[words.BEFORE_DURATION.match(normal).end() :])
    return timedelta(seconds=seconds) if seconds else None


def is_by_the_clock(phrase: str, language: str) -> bool:
    """Tell whether what is told of a timer is a time of the clock: "pour 18 heures"."""
    words = _LANGUAGES[language]
    return bool(words.BY_THE_CLOCK.fullmatch(words.normal(phrase[:_LONGEST_CHARACTERS])))


def moment(phrase: str, now: datetime, language: str, *, waking: bool = False) -> Moment | None:
    """Return the moment that `phrase` says, seen from `now`; None where it says anything else, or what is over."""
    words = _LANGUAGES[language]
    said = read(words.normal(phrase[:_LONGEST_CHARACTERS]), words.PIECES)
    return meant(said, now, waking) if said else None


def find_moment(phrase: str, now: datetime, language: str, *, waking: bool = False) -> Found | None:
    """Return the moment at the beginning or at the end of `phrase`, the longest there is, and what else it says."""
    for part, rest in _ends(phrase, language):
        if found := moment(part, now, language, waking=waking):
            return Found(rest, moment=found)
    return None


def find_duration(phrase: str, language: str) -> Found | None:
    """Return the length at the beginning or at the end of `phrase`, and what else it says."""
    for part, rest in _ends(phrase, language):
        if found := duration(part, language):
            return Found(rest, duration=found)
    return None


def _ends(phrase: str, language: str) -> list[tuple[str, str]]:
    """Return the phrase cut in two at every word, the longer candidate for a time first, with the rest of it."""
    words = phrase[:_LONGEST_CHARACTERS].split()
    connectors: re.Pattern[str] = _LANGUAGES[language].CONNECTORS
    cuts = []
    for length in range(len(words), 0, -1):
        for part, rest in ((words[:length], words[length:]), (words[-length:], words[:-length])):
            cuts.append((" ".join(part), connectors.sub("", " ".join(rest)).strip(" ,;:")))
    return cuts


def spoken_duration(length: timedelta, language: str) -> str:
    """Return a length as one says it: "10 minutes", "1 heure et 30 minutes"; whole seconds, the smallest left out late."""
    seconds = max(0, round(length.total_seconds()))
    if seconds >= 2 * 3600:
        seconds = round(seconds / 60) * 60
    counts = {
        "day": seconds // 86_400,
        "hour": seconds // 3600 % 24,
        "minute": seconds // 60 % 60,
        "second": seconds % 60,
    }
    parts = [_counted(unit, count, language) for unit, count in counts.items() if count]
    if not parts:
        return _counted("second", 0, language)
    return _listed(parts, language)


def _counted(unit: str, count: int, language: str) -> str:
    one = count == 1 or (count == 0 and language == "fr")
    return f"{count} {text(f'time-{unit}' if one else f'time-{unit}s', language)}"


def spoken_moment(when: datetime, now: datetime, language: str) -> str:
    """Return a moment to come as one says it: "dans 10 minutes", "à 19 h", "demain à 7 h 15", "lundi à 9 h"."""
    ahead = when.timestamp() - now.timestamp()
    if 0 <= ahead < _SOON_SECONDS:
        return text("time-in", language, duration=spoken_duration(timedelta(seconds=round(ahead)), language))
    return text("time-day-at", language, day=_day(when, now, language), time=written_time(when, language)).strip()


def spoken_clock(when: datetime, now: datetime, language: str) -> str:
    """Return a moment by the clock, however near: "à 7 h 15", "demain à 7 h 15"."""
    return text("time-day-at", language, day=_day(when, now, language), time=written_time(when, language)).strip()


def _day(when: datetime, now: datetime, language: str) -> str:
    days = (when.date() - now.date()).days
    if days == 0:
        return ""
    if days == 1:
        return text("time-tomorrow", language)
    if days == -1:
        return text("time-yesterday", language)
    if 1 < days < 7:
        return text("time-weekday", language, weekday=text(f"weekday-{when.isoweekday()}", language))
    date = written_date(when, language)
    return text("time-date", language, date=date if when.year != now.year else date.rsplit(" ", 1)[0].rstrip(","))


def spoken_days(days: tuple[int, ...], language: str) -> str:
    """Return on which days something comes again: "tous les jours", "du lundi au vendredi", "le lundi et le jeudi"."""
    known = {DAILY: "time-daily", WEEKDAYS: "time-weekdays", WEEKEND: "time-weekends"}
    if days in known:
        return text(known[days], language)
    but = len(days) > len(WEEKDAYS)
    told = [day for day in DAILY if (day in days) != but]
    each = _listed([text("time-every", language, weekday=text(f"weekday-{day}", language)) for day in told], language)
    return text("time-daily-but", language, days=each) if but else each


def _listed(parts: list[str], language: str) -> str:
    if len(parts) == 1:
        return parts[0]
    return text("time-and", language, first=", ".join(parts[:-1]), last=parts[-1])
