from __future__ import annotations

import pytest

from appliance.spoken_names import feminine, of, plural, with_article


@pytest.mark.parametrize(
    ("name", "said", "after_of"),
    [
        ("Lumière du plafond", "la lumière du plafond", "de la lumière du plafond"),
        ("Volets du Bureau", "les volets du Bureau", "des volets du Bureau"),
        ("Portail", "le portail", "du portail"),
        ("Ampoule", "l'ampoule", "de l'ampoule"),
        ("Humidité", "l'humidité", "de l'humidité"),
        ("Rideaux", "les rideaux", "des rideaux"),
        ("Lave-linge", "le lave-linge", "du lave-linge"),
        ("Bidule", "Bidule", "de Bidule"),
        ("Écran", "l'écran", "de l'écran"),
        ("Alexandrie", "Alexandrie", "d'Alexandrie"),
        ("Les volets", "les volets", "des volets"),
        ("WC", "les wc", "des wc"),
    ],
)
def test_french_names_take_their_article(name: str, said: str, after_of: str) -> None:
    assert (with_article(name, "fr"), of(name, "fr")) == (said, after_of)


def test_gender_and_number() -> None:
    assert feminine("Porte d'entrée") and feminine("Lampes") and not feminine("Portail")
    assert plural("Volets du salon") and not plural("Lave-linge") and not plural("Bidules")


def test_english_names() -> None:
    assert with_article("ceiling light", "en") == "the ceiling light"
    assert of("my lamp", "en") == "of my lamp"
