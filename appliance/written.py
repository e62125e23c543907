"""The time and the date as they are written in a sentence: `9 h 05`, `mardi 24 novembre 2026`.

The screen shows these; the voice says `speakable` of them, so that a reply has one text and not two. Names come from
messages.toml and never from the machine's locale, which an appliance image often lacks.
"""

from __future__ import annotations

from datetime import date, datetime, time

from appliance.messages import text

NOON = {"fr": "midi", "en": "noon"}
MIDNIGHT = {"fr": "minuit", "en": "midnight"}


def written_time(now: time | datetime, language: str) -> str:
    """Return the time of day: "9 h 05" in French, "9:05 a.m." in English.

    Noon and midnight have their names in both languages, so that nobody has to guess what 12 or 0 means.
    """
    if now.minute == 0 and now.hour in (0, 12):
        names = NOON if now.hour else MIDNIGHT
        return names.get(language, names["fr"])
    if language == "en":
        half = "a.m." if now.hour < 12 else "p.m."
        return f"{(now.hour - 1) % 12 + 1}:{now.minute:02d} {half}"
    return f"{now.hour} h {now.minute:02d}" if now.minute else f"{now.hour} h"


def written_date(day: date, language: str) -> str:
    """Return the date with its weekday: "mardi 24 novembre 2026", "Tuesday, November 24, 2026"."""
    weekday = text(f"weekday-{day.isoweekday()}", language)
    month = text(f"month-{day.month}", language)
    if language == "en":
        return f"{weekday}, {month} {day.day}, {day.year}"
    number = "1er" if day.day == 1 else str(day.day)
    return f"{weekday} {number} {month} {day.year}"
