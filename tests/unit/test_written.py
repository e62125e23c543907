"""The written time and date, around noon, midnight and the first of the month, and as the voice says them."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest

from appliance.speakable import speakable
from appliance.written import written_date, written_time

TIMES = [
    # hour, minute, French, said, English, said
    (0, 0, "minuit", "minuit", "midnight", "midnight"),
    (0, 1, "0 h 01", "minuit une", "12:01 a.m.", "twelve oh one A M"),
    (0, 59, "0 h 59", "minuit cinquante-neuf", "12:59 a.m.", "twelve fifty-nine A M"),
    (1, 0, "1 h", "une heure", "1:00 a.m.", "one A M"),
    (9, 5, "9 h 05", "neuf heures cinq", "9:05 a.m.", "nine oh five A M"),
    (11, 59, "11 h 59", "onze heures cinquante-neuf", "11:59 a.m.", "eleven fifty-nine A M"),
    (12, 0, "midi", "midi", "noon", "noon"),
    (12, 1, "12 h 01", "douze heures une", "12:01 p.m.", "twelve oh one P M"),
    (13, 0, "13 h", "treize heures", "1:00 p.m.", "one P M"),
    (21, 21, "21 h 21", "vingt et une heures vingt et une", "9:21 p.m.", "nine twenty-one P M"),
    (23, 59, "23 h 59", "vingt-trois heures cinquante-neuf", "11:59 p.m.", "eleven fifty-nine P M"),
]


@pytest.mark.parametrize(("hour", "minute", "french", "dit", "english", "said"), TIMES)
def test_times(hour: int, minute: int, french: str, dit: str, english: str, said: str) -> None:
    for now in (time(hour, minute), datetime(2026, 11, 24, hour, minute, 59)):
        assert written_time(now, "fr") == french
        assert written_time(now, "en") == english
    assert speakable(f"Il est {french}.", "fr") == f"Il est {dit}."
    assert speakable(f"It is {english}.", "en") == f"It is {said}."


DATES = [
    (
        date(2026, 11, 24),
        "mardi 24 novembre 2026",
        "mardi vingt-quatre novembre deux mille vingt-six",
        "Tuesday, November 24, 2026",
        "Tuesday, November twenty-fourth, twenty twenty-six",
    ),
    (
        date(2026, 5, 1),
        "vendredi 1er mai 2026",
        "vendredi premier mai deux mille vingt-six",
        "Friday, May 1, 2026",
        "Friday, May first, twenty twenty-six",
    ),
    (
        date(2000, 2, 29),
        "mardi 29 février 2000",
        "mardi vingt-neuf février deux mille",
        "Tuesday, February 29, 2000",
        "Tuesday, February twenty-ninth, two thousand",
    ),
    (
        date(2027, 1, 1),
        "vendredi 1er janvier 2027",
        "vendredi premier janvier deux mille vingt-sept",
        "Friday, January 1, 2027",
        "Friday, January first, twenty twenty-seven",
    ),
]


@pytest.mark.parametrize(("day", "french", "dit", "english", "said"), DATES)
def test_dates(day: date, french: str, dit: str, english: str, said: str) -> None:
    assert written_date(day, "fr") == french
    assert written_date(day, "en") == english
    assert speakable(french, "fr") == dit
    assert speakable(english, "en") == said


def test_an_unknown_language_is_french() -> None:
    assert written_time(time(9, 5), "eo") == "9 h 05"
    assert written_date(date(2026, 11, 24), "eo") == "mardi 24 novembre 2026"
