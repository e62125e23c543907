"""Number words to digits: what people say and recognisers write, and what only looks like a number."""

from __future__ import annotations

import pytest

from appliance.numerals import cardinal
from appliance.spoken_numbers import digits

FRENCH = {
    "allume la chambre à quatre vingt pour cent": "allume la chambre à 80 pour cent",
    "allume la chambre à quatre-vingts pourcent": "allume la chambre à 80 pour cent",
    "allume la chambre à 80%": "allume la chambre à 80 pour cent",
    "allume la chambre à 80 % s'il te plaît": "allume la chambre à 80 pour cent s'il te plaît",
    "allume le bureau à cent pour cent": "allume le bureau à 100 pour cent",
    "volume à cinquante, s'il te plaît": "volume à 50, s'il te plaît",
    "septante": "70",
    "septante et un": "71",
    "septante-deux": "72",
    "huitante cinq": "85",
    "octante": "80",
    "nonante neuf": "99",
    "soixante et onze": "71",
    "soixante onze": "71",
    "soixante-dix-sept": "77",
    "quatre vingt un": "81",
    "quatre-vingt-onze": "91",
    "quatre vingt dix neuf": "99",
    "vingt et un degrés": "21 degrés",
    "vingt-et-un degrés": "21 degrés",
    "vingt un degrés": "21 degrés",
    "trente et une minutes": "31 minutes",
    "trente une minutes": "31 minutes",
    "dix-neuf virgule cinq degrés": "19,5 degrés",
    "moins deux degrés": "moins 2 degrés",
    "zero degré": "0 degré",
    "deux mille vingt six": "2026",
    "mets un minuteur de dix minutes": "mets un minuteur de 10 minutes",
    "deux ou trois lampes": "2 ou 3 lampes",
    "Trois": "3",
    "un minuteur d'une heure": "un minuteur d'une heure",
    "une minute": "une minute",
    "l'un ou l'autre": "l'un ou l'autre",
    "le premier étage": "le premier étage",
    "le cinquième étage": "le cinquième étage",
    "le vingt et unième étage": "le vingt et unième étage",
    "le vingt-cinquième jour": "le vingt-cinquième jour",
    "accent vingtaine sixième centime": "accent vingtaine sixième centime",
    "": "",
}
ENGLISH = {
    "set the bedroom to eighty percent": "set the bedroom to 80 percent",
    "set the bedroom to 80%": "set the bedroom to 80 percent",
    "set the bedroom to eighty per cent": "set the bedroom to 80 percent",
    "twenty-one degrees": "21 degrees",
    "twenty one degrees": "21 degrees",
    "a hundred percent": "100 percent",
    "one hundred and five": "105",
    "nineteen point five degrees": "19.5 degrees",
    "a timer for two minutes": "a timer for 2 minutes",
    "no one": "no one",
    "a timer for one hour": "a timer for one hour",
    "the twenty first floor": "the twenty first floor",
    "the second lamp": "the second lamp",
}


@pytest.mark.parametrize(("said", "written"), FRENCH.items())
def test_french(said: str, written: str) -> None:
    assert digits(said, "fr") == written


@pytest.mark.parametrize(("said", "written"), ENGLISH.items())
def test_english(said: str, written: str) -> None:
    assert digits(said, "en") == written


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_number_that_is_said_is_read(language: str) -> None:
    numbers = [*range(2, 1000), 1000, 1001, 1984, 2026, 12_345, 999_999]
    wrong = {n: got for n in numbers if (got := digits(cardinal(str(n), language), language)) != str(n)}
    assert wrong == {}


@pytest.mark.parametrize("said", [*FRENCH, "quatre-vingts % de deux cents", "vingt et vingt"])
def test_doing_it_twice_changes_nothing(said: str) -> None:
    assert digits(digits(said, "fr"), "fr") == digits(said, "fr")
