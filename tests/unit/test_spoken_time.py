"""Times as they are said. Now is Tuesday, 24 November 2026, 9:00 in Paris, unless a test says otherwise."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from appliance.folding import fold
from appliance.moments import instant, local, next_time
from appliance.spoken_time import (
    duration,
    find_duration,
    find_moment,
    moment,
    spoken_clock,
    spoken_days,
    spoken_duration,
    spoken_moment,
)

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=PARIS)
DAILY = (1, 2, 3, 4, 5, 6, 7)

FRENCH_LENGTHS = {
    "dix minutes": 600,
    "10 minutes": 600,
    "10 min": 600,
    "10min": 600,
    "une minute": 60,
    "1 minute": 60,
    "une minute et demie": 90,
    "deux minutes et demie": 150,
    "1 minute 45": 105,
    "une minute quarante-cinq": 105,
    "dix minutes trente": 630,
    "dix minutes et trente secondes": 630,
    "trente secondes": 30,
    "30 s": 30,
    "90s": 90,
    "quatre-vingt-dix secondes": 90,
    "quatre vingt dix secondes": 90,
    "nonante secondes": 90,
    "septante minutes": 4200,
    "huitante-cinq minutes": 5100,
    "soixante-dix minutes": 4200,
    "soixante et onze minutes": 4260,
    "une seconde": 1,
    "une heure": 3600,
    "1 heure": 3600,
    "1h": 3600,
    "2 h": 7200,
    "1h30": 5400,
    "1 h 30": 5400,
    "1h30min": 5400,
    "une heure trente": 5400,
    "une heure et demie": 5400,
    "deux heures et demie": 9000,
    "deux heures et demi": 9000,
    "une heure et quart": 4500,
    "une heure et un quart": 4500,
    "une heure trois quarts": 6300,
    "une heure dix": 4200,
    "une heure et dix minutes": 4200,
    "une heure vingt minutes et trente secondes": 4830,
    "un quart d'heure": 900,
    "quart d'heure": 900,
    "trois quarts d'heure": 2700,
    "une demi-heure": 1800,
    "une demi heure": 1800,
    "demi-heure": 1800,
    "une demi-minute": 30,
    "deux virgule cinq minutes": 150,
    "2,5 minutes": 150,
    "une dizaine de minutes": 600,
    "une vingtaine de minutes": 1200,
    "cent vingt minutes": 7200,
    "vingt-quatre heures": 86_400,
    "trois jours": 259_200,
    "une semaine": 604_800,
    "deux jours et trois heures": 183_600,
    "pendant dix minutes": 600,
    "de cinq minutes": 300,
    "d'une heure": 3600,
    "encore cinq minutes": 300,
    "": None,
    "dix": None,
    "minutes": None,
    "bonjour": None,
    "dix minutes deux heures": None,
    "dix kilomètres": None,
    "zéro minute": None,
    "dix minutes de pâtes": None,
    "une heure moins le quart": 2700,
    "deux heures moins un quart": 6300,
    "douze heures moins le quart": None,
    "sept heures moins le quart": None,
    "sur une heure vingt": 4800,
    "une petite heure": 3600,
    "une bonne demi-heure": 1800,
    "un petit quart d'heure": 900,
}


def at(hour: int, minute: int = 0, day: int = 24, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=PARIS)


FRENCH_MOMENTS = {
    "à sept heures": at(19),
    "à 7h": at(19),
    "à 7h15": at(19, 15),
    "à 7:15": at(19, 15),
    "à 7 h 15": at(19, 15),
    "à 07:15": at(7, 15, 25),
    "à dix heures": at(10),
    "à dix heures et demie": at(10, 30),
    "à 10h30": at(10, 30),
    "à neuf heures cinq": at(9, 5),
    "à neuf heures": at(21),
    "à sept heures et quart": at(19, 15),
    "à sept heures moins vingt": at(18, 40),
    "à sept heures moins vingt-cinq": at(18, 35),
    "huit heures moins le quart": at(19, 45),
    "huit heures moins un quart": at(19, 45),
    "huit heures trois quarts": at(20, 45),
    "une heure moins le quart": at(12, 45),
    "à une heure": at(13),
    "à treize heures": at(13),
    "à 19 heures": at(19),
    "à dix-neuf heures trente": at(19, 30),
    "à vingt et une heures": at(21),
    "à vingt heures quarante-cinq": at(20, 45),
    "à 8 heures": at(20),
    "à huit heures du matin": at(8, 0, 25),
    "à sept heures du mat": at(7, 0, 25),
    "sur sept heures": at(19),
    "dans une petite heure": at(10),
    "à huit heures du soir": at(20),
    "à trois heures de l'après-midi": at(15),
    "à sept heures pile": at(19),
    "vers sept heures": at(19),
    "midi": at(12),
    "à midi": at(12),
    "à midi et demi": at(12, 30),
    "à midi et quart": at(12, 15),
    "midi moins le quart": at(11, 45),
    "à midi dix": at(12, 10),
    "minuit": at(0, 0, 25),
    "à minuit": at(0, 0, 25),
    "minuit et demi": at(0, 30, 25),
    "minuit moins dix": at(23, 50),
    "dans vingt minutes": at(9, 20),
    "dans 20 minutes": at(9, 20),
    "dans une heure": at(10),
    "dans une heure et quart": at(10, 15),
    "dans un quart d'heure": at(9, 15),
    "dans trois quarts d'heure": at(9, 45),
    "dans une demi-heure": at(9, 30),
    "d'ici une heure": at(10),
    "dix minutes plus tard": at(9, 10),
    "dans deux jours": at(9, 0, 26),
    "dans trois jours à dix heures": at(10, 0, 27),
    "dans une semaine": at(9, 0, 1, 12),
    "demain": at(9, 0, 25),
    "demain à 8 heures": at(8, 0, 25),
    "demain à huit heures et quart": at(8, 15, 25),
    "à 8 heures demain": at(8, 0, 25),
    "demain matin": at(9, 0, 25),
    "demain matin à sept heures": at(7, 0, 25),
    "demain soir": at(19, 0, 25),
    "demain soir à sept heures": at(19, 0, 25),
    "demain après-midi à trois heures": at(15, 0, 25),
    "demain à midi": at(12, 0, 25),
    "demain à minuit": at(0, 0, 26),
    "demain à trois heures": at(15, 0, 25),
    "après-demain": at(9, 0, 26),
    "après-demain matin à 9 heures": at(9, 0, 26),
    "aujourd'hui à quinze heures": at(15),
    "aujourd'hui à huit heures": at(20),
    "ce soir": at(19),
    "ce soir à 19 heures": at(19),
    "ce soir à huit heures": at(20),
    "ce soir à minuit": at(0, 0, 25),
    "cet après-midi": at(14),
    "cet après-midi à quatre heures": at(16),
    "cette nuit à trois heures": at(3, 0, 25),
    "lundi": at(9, 0, 30),
    "lundi à dix heures": at(10, 0, 30),
    "lundi prochain": at(9, 0, 30),
    "lundi en huit": at(9, 0, 7, 12),
    "lundi en quinze": at(9, 0, 14, 12),
    "lundi de la semaine prochaine": at(9, 0, 30),
    "jeudi de la semaine prochaine à 9 heures": at(9, 0, 3, 12),
    "mardi à 15 heures": at(15, 0, 1, 12),
    "samedi matin": at(9, 0, 28),
    "samedi soir à neuf heures": at(21, 0, 28),
    "ce week-end": at(9, 0, 28),
    "la semaine prochaine": at(9, 0, 1, 12),
    "demain en huit": at(9, 0, 2, 12),
    "le 3 décembre à 10 heures": at(10, 0, 3, 12),
    "le trois décembre": at(9, 0, 3, 12),
    "le 1er décembre": at(9, 0, 1, 12),
    "le premier décembre à midi": at(12, 0, 1, 12),
    "le 3 à dix heures": at(10, 0, 3, 12),
    "lundi 30 novembre à midi et quart": at(12, 15, 30),
    "le 2 janvier": at(9, 0, 2, 1, 2027),
    "le 2 janvier 2028 à 18 heures": at(18, 0, 2, 1, 2028),
    "hier": None,
    "ce matin à 7 heures": None,
    "aujourd'hui": None,
    "le 31 février": None,
    "à 25 heures": None,
    "à 10h75": None,
    "à sept heures à huit heures": None,
    "à sept pommes": None,
    "de la guerre": None,
    "": None,
}
FRENCH_REPEATS = {
    "tous les jours à 7 heures": (at(7, 0, 25), DAILY),
    "tous les jours sauf le dimanche à huit heures": (at(8, 0, 25), (1, 2, 3, 4, 5, 6)),
    "tous les jours sauf le samedi et le dimanche à 8 h": (at(8, 0, 25), (1, 2, 3, 4, 5)),
    "tous les jours sauf le week-end à 8 h": (at(8, 0, 25), (1, 2, 3, 4, 5)),
    "chaque jour à midi": (at(12), DAILY),
    "tous les jours de la semaine à 7 heures": (at(7, 0, 25), (1, 2, 3, 4, 5)),
    "à 7 heures tous les jours de la semaine": (at(7, 0, 25), (1, 2, 3, 4, 5)),
    "en semaine à sept heures et demie": (at(7, 30, 25), (1, 2, 3, 4, 5)),
    "du lundi au vendredi à 7h15": (at(7, 15, 25), (1, 2, 3, 4, 5)),
    "du vendredi au lundi à 7h15": (at(7, 15, 27), (1, 5, 6, 7)),
    "le week-end à dix heures": (at(10, 0, 28), (6, 7)),
    "tous les week-ends à dix heures": (at(10, 0, 28), (6, 7)),
    "tous les lundis à 8 heures": (at(8, 0, 30), (1,)),
    "chaque lundi à 8 heures": (at(8, 0, 30), (1,)),
    "le lundi à 8 heures": (at(8, 0, 30), (1,)),
    "tous les mardis à 10 heures": (at(10), (2,)),
    "tous les lundis et jeudis à 8 heures": (at(8, 0, 26), (1, 4)),
    "le mardi et le jeudi à 8 heures": (at(8, 0, 26), (2, 4)),
    "tous les matins à sept heures": (at(7, 0, 25), DAILY),
    "tous les soirs à huit heures": (at(20), DAILY),
    "chaque matin": (at(9, 0, 25), DAILY),
}


@pytest.mark.parametrize(("said", "seconds"), FRENCH_LENGTHS.items())
def test_french_lengths(said: str, seconds: float | None) -> None:
    assert duration(said, "fr") == (timedelta(seconds=seconds) if seconds else None)


@pytest.mark.parametrize(("said", "when"), FRENCH_MOMENTS.items())
def test_french_moments(said: str, when: datetime | None) -> None:
    found = moment(said, NOW, "fr")
    assert (found and found.when) == when


@pytest.mark.parametrize(("said", "wanted"), FRENCH_REPEATS.items())
def test_french_repeats(said: str, wanted: tuple[datetime, tuple[int, ...]]) -> None:
    found = moment(said, NOW, "fr")
    assert found and (found.when, found.days) == wanted


@pytest.mark.parametrize("said", [s for s, when in FRENCH_MOMENTS.items() if when])
def test_what_was_folded_means_the_same(said: str) -> None:
    whole, folded = moment(said, NOW, "fr"), moment(fold(said), NOW, "fr")
    assert whole is not None
    if "07:15" not in said:
        assert folded == whole


@pytest.mark.parametrize(
    ("said", "hour", "guessed"),
    [
        ("à sept heures", 7, True),
        ("à 7h du soir", 19, False),
        ("à trois heures", 15, True),
        ("à dix-neuf heures", 19, False),
    ],
)
def test_to_be_woken_is_in_the_morning(said: str, hour: int, guessed: bool) -> None:
    found = moment(said, NOW, "fr", waking=True)
    assert found and (found.when.hour, found.guessed) == (hour, guessed)


def test_what_was_not_said_is_told() -> None:
    assert not moment("lundi", NOW, "fr").timed  # type: ignore[union-attr]
    assert moment("lundi à 10 heures du matin", NOW, "fr").timed  # type: ignore[union-attr]
    assert not moment("dans dix minutes", NOW, "fr").guessed  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("phrase", "when", "rest"),
    [
        ("de sortir le pain dans vingt minutes", at(9, 20), "sortir le pain"),
        ("dans vingt minutes de sortir le pain", at(9, 20), "sortir le pain"),
        ("demain à 8 heures d'appeler le docteur", at(8, 0, 25), "appeler le docteur"),
        ("d'appeler le docteur demain à 8 heures", at(8, 0, 25), "appeler le docteur"),
        ("que j'ai un rendez-vous lundi à 10 h", at(10, 0, 30), "j'ai un rendez-vous"),
        ("qu'il faut sortir les poubelles tous les lundis à 20 heures", at(20, 0, 30), "il faut sortir les poubelles"),
        ("ce soir d'arroser les plantes", at(19), "arroser les plantes"),
        ("demain à 8 heures", at(8, 0, 25), ""),
    ],
)
def test_a_moment_in_a_phrase(phrase: str, when: datetime, rest: str) -> None:
    found = find_moment(phrase, NOW, "fr")
    assert found and found.moment and (found.moment.when, found.rest) == (when, rest)


def test_no_moment_in_a_phrase() -> None:
    assert find_moment("de la guerre de cent ans", NOW, "fr") is None


@pytest.mark.parametrize(
    ("phrase", "seconds", "rest"),
    [
        ("de dix minutes pour les pâtes", 600, "les pâtes"),
        ("pour les pâtes de dix minutes", 600, "les pâtes"),
        ("pâtes dix minutes", 600, "pâtes"),
        ("d'un quart d'heure", 900, ""),
        ("d'une heure et quart", 4500, ""),
    ],
)
def test_a_length_in_a_phrase(phrase: str, seconds: int, rest: str) -> None:
    found = find_duration(phrase, "fr")
    assert found and (found.duration, found.rest) == (timedelta(seconds=seconds), rest)


def test_the_night_without_half_past_two() -> None:
    now = datetime(2026, 3, 28, 22, 0, tzinfo=PARIS)
    assert local(date(2026, 3, 29), time(2, 30), now) == datetime(2026, 3, 29, 3, 30, tzinfo=PARIS)
    found = moment("demain à 8 heures", now, "fr")
    assert found and found.when.timestamp() - now.timestamp() == 9 * 3600
    later = moment("dans dix heures", now, "fr")
    assert later and (later.when.hour, later.when.timestamp() - now.timestamp()) == (9, 36_000)


def test_the_night_with_two_of_them() -> None:
    now = datetime(2026, 10, 24, 22, 0, tzinfo=PARIS)
    found = next_time(time(7, 0), DAILY, now)
    assert (found.hour, found.timestamp() - now.timestamp()) == (7, 10 * 3600)


def test_a_clock_without_a_zone() -> None:
    now = datetime(2026, 11, 24, 9, 0)
    found = moment("demain à 8 heures", now, "fr")
    assert found and found.when == datetime(2026, 11, 25, 8, 0)
    assert instant(now.timestamp(), now) == now


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("seconds", [1, 30, 60, 61, 90, 600, 3599, 3600, 3660, 5400, 7200, 9000, 86_400, 90_000])
def test_a_length_that_is_said_is_understood(seconds: int, language: str) -> None:
    assert duration(spoken_duration(timedelta(seconds=seconds), language), language) == timedelta(seconds=seconds)


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("minutes", [7, 59, 61, 300, 901, 1440, 2000, 5000, 9000, 20_000, 60_000])
def test_a_moment_that_is_said_is_understood(minutes: int, language: str) -> None:
    when = NOW + timedelta(minutes=minutes)
    said = spoken_moment(when, NOW, language)
    found = find_moment(said, NOW, language, waking=True)
    assert found and found.moment, said
    assert (found.moment.when, found.rest) == (when, ""), said


def test_how_it_is_said() -> None:
    assert spoken_moment(at(9, 10), NOW, "fr") == "dans 10 minutes"
    assert spoken_moment(at(19), NOW, "fr") == "à 19 h"
    assert spoken_moment(at(7, 15, 25), NOW, "fr") == "demain à 7 h 15"
    assert spoken_moment(at(9, 0, 30), NOW, "fr") == "lundi à 9 h"
    assert spoken_moment(at(10, 0, 3, 12), NOW, "fr") == "le jeudi 3 décembre à 10 h"
    assert spoken_moment(at(7, 15, 25), NOW, "en") == "tomorrow at 7:15 a.m."
    assert spoken_clock(at(8, 55), NOW, "fr") == "à 8 h 55"
    assert spoken_duration(timedelta(minutes=90), "fr") == "1 heure et 30 minutes"
    assert spoken_days((1, 2, 3, 4, 5), "fr") == "du lundi au vendredi"
    assert spoken_days((1, 4), "fr") == "le lundi et le jeudi"
    assert spoken_days((1, 2, 3, 4, 5, 6), "fr") == "tous les jours sauf le dimanche"
    assert spoken_days((1,), "en") == "on Mondays"


def test_a_phrase_of_any_length_is_bounded() -> None:
    assert moment("dans " * 10_000, NOW, "fr") is None
    assert find_moment("rappel " * 10_000, NOW, "fr") is None
