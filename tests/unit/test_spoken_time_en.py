"""English times as they are said, on the same Tuesday as in test_spoken_time.py."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from appliance.spoken_time import duration, moment
from tests.unit.test_spoken_time import DAILY, NOW, at

ENGLISH_LENGTHS = {
    "ten minutes": 600,
    "10 minutes": 600,
    "10 min": 600,
    "a minute": 60,
    "one second": 1,
    "ninety seconds": 90,
    "thirty-minute": 1800,
    "an hour": 3600,
    "one hour": 3600,
    "an hour and a half": 5400,
    "one and a half hours": 5400,
    "two and a half minutes": 150,
    "half an hour": 1800,
    "a quarter of an hour": 900,
    "three quarters of an hour": 2700,
    "1 hour 30": 5400,
    "two minutes and thirty seconds": 150,
    "one hour twenty minutes and thirty seconds": 4830,
    "a couple of minutes": 120,
    "two days": 172_800,
    "for five minutes": 300,
    "another five minutes": 300,
    "five": None,
    "five apples": None,
    "": None,
}
ENGLISH_MOMENTS = {
    "at seven": at(19),
    "at 7": at(19),
    "at 7:15": at(19, 15),
    "at seven fifteen": at(19, 15),
    "quarter past seven": at(19, 15),
    "a quarter past seven": at(19, 15),
    "half past ten": at(10, 30),
    "half ten": at(10, 30),
    "twenty to eight": at(19, 40),
    "quarter to one": at(12, 45),
    "at seven o'clock": at(19),
    "at seven oh five": at(19, 5),
    "seven thirty pm": at(19, 30),
    "7 p.m.": at(19),
    "7pm": at(19),
    "at 7 am": at(7, 0, 25),
    "at 12 pm": at(12),
    "at 12 am": at(0, 0, 25),
    "at noon": at(12),
    "midnight": at(0, 0, 25),
    "at 19:30": at(19, 30),
    "at eight in the evening": at(20),
    "at eight in the morning": at(8, 0, 25),
    "in ten minutes": at(9, 10),
    "in half an hour": at(9, 30),
    "an hour from now": at(10),
    "in three days at 10 am": at(10, 0, 27),
    "tomorrow": at(9, 0, 25),
    "tomorrow at 8 am": at(8, 0, 25),
    "tomorrow morning at eight": at(8, 0, 25),
    "tomorrow evening": at(19, 0, 25),
    "the day after tomorrow at nine am": at(9, 0, 26),
    "tonight at eight": at(20),
    "this afternoon at 3:15": at(15, 15),
    "on monday": at(9, 0, 30),
    "next monday at ten": at(10, 0, 30),
    "a week on monday": at(9, 0, 7, 12),
    "monday week": at(9, 0, 7, 12),
    "on december 3rd at 10 am": at(10, 0, 3, 12),
    "december third at ten am": at(10, 0, 3, 12),
    "the twenty first of december at noon": at(12, 0, 21, 12),
    "the second of may": at(9, 0, 2, 5, 2027),
    "on the 3rd at noon": at(12, 0, 3, 12),
    "yesterday": None,
    "at 25": None,
    "about the war": None,
    "": None,
}
ENGLISH_REPEATS = {
    "every day at 7": (at(7, 0, 25), DAILY),
    "every weekday at 7": (at(7, 0, 25), (1, 2, 3, 4, 5)),
    "every weekend at ten": (at(10, 0, 28), (6, 7)),
    "every monday at 8 am": (at(8, 0, 30), (1,)),
    "on mondays at 8 am": (at(8, 0, 30), (1,)),
    "every monday and thursday at 8": (at(8, 0, 26), (1, 4)),
    "every evening at eight": (at(20), DAILY),
    "from monday to friday at 7:15": (at(7, 15, 25), (1, 2, 3, 4, 5)),
}


@pytest.mark.parametrize(("said", "seconds"), ENGLISH_LENGTHS.items())
def test_english_lengths(said: str, seconds: float | None) -> None:
    assert duration(said, "en") == (timedelta(seconds=seconds) if seconds else None)


@pytest.mark.parametrize(("said", "when"), ENGLISH_MOMENTS.items())
def test_english_moments(said: str, when: datetime | None) -> None:
    found = moment(said, NOW, "en")
    assert (found and found.when) == when


@pytest.mark.parametrize(("said", "wanted"), ENGLISH_REPEATS.items())
def test_english_repeats(said: str, wanted: tuple[datetime, tuple[int, ...]]) -> None:
    found = moment(said, NOW, "en")
    assert found and (found.when, found.days) == wanted
