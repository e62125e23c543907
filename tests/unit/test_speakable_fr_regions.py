"""Septante, huitante, nonante."""

from __future__ import annotations

import pytest
from num2words import num2words

from appliance.numerals import cardinal
from appliance.speakable import speakable
from appliance.speakable_fr_regions import REGIONS, regional

WRITTEN = {
    "Il fait 75 °F.": ("septante-cinq degrés Fahrenheit", "septante-cinq degrés Fahrenheit"),
    "80 %": ("quatre-vingts pour cent", "huitante pour cent"),
    "Volume à 90 %.": ("nonante pour cent", "nonante pour cent"),
    "en 1991": ("mille neuf cent nonante et un", "mille neuf cent nonante et un"),
    "le 80e jour": ("quatre-vingtième jour", "huitantième jour"),
    "Quatre-vingt-dix euros": ("Nonante euros", "Nonante euros"),
    "02 71 85 93 00": ("septante et un quatre-vingt-cinq nonante-trois", "septante et un huitante-cinq nonante-trois"),
    "71 minutes": ("septante et une minutes", "septante et une minutes"),
    "81 minutes et 91 jours": (
        "quatre-vingt-une minutes et nonante et un jours",
        "huitante et une minutes et nonante et un jours",
    ),
    "80 000 personnes": ("quatre-vingt mille personnes", "huitante mille personnes"),
}


@pytest.mark.parametrize("written", WRITTEN)
def test_what_is_written_is_said_as_in_the_region(written: str) -> None:
    said = [speakable(written, region) for region in REGIONS]
    assert all(wanted in got for wanted, got in zip(WRITTEN[written], said, strict=True)), said


@pytest.mark.parametrize("region", REGIONS)
def test_every_number_is_what_num2words_says(region: str) -> None:
    """Plurals aside: num2words writes "quatre-vingt" and "deux cents un" there, which sound the same."""

    def plain(words: str) -> str:
        return (
            words.replace("cents", "cent").replace("vingts", "vingt").replace("quatre-vingt et un", "quatre-vingt-un")
        )

    numbers = [*range(1000), 1980, 71_000, 80_000, 91_000_000]
    wrong = {
        n: (got, wanted)
        for n in numbers
        if (got := plain(regional(cardinal(str(n), "fr"), region)))
        != (wanted := plain(num2words(n, lang=region[:2] + "_" + region[3:])))
    }
    assert wrong == {}


def test_france_stays_as_it_is() -> None:
    assert speakable("70, 80 et 90", "fr") == "soixante-dix, quatre-vingts et quatre-vingt-dix"


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("written", WRITTEN)
def test_what_was_said_is_said_again(written: str, region: str) -> None:
    said = speakable(written, region)
    assert speakable(said, region) == said
