"""What was heard forbids what only sounds like it: table of sentences that people say, through the whole of understanding."""

from __future__ import annotations

from functools import cache

import pytest

from appliance.home import Area, Home, Thing
from appliance.skills import Skills
from appliance.understand import Understanding
from appliance.unsaid import believed

HOME = Home(
    [],
    [Area("Salon"), Area("Cuisine"), Area("Chambre"), Area("Haut")],
    [
        Thing("light.salon", "Plafonnier", "light", "Salon"),
        Thing("light.cuisine", "Réglette", "light", "Cuisine"),
        Thing("cover.salon", "Volet du salon", "cover", "Salon", "shutter"),
        Thing("lock.entree", "Porte d'entrée", "lock"),
        Thing("climate.salon", "Chauffage", "climate", "Salon"),
        Thing("media.tele", "Télé", "media_player", "Salon"),
        Thing("vacuum.nestor", "Nestor", "vacuum"),
        Thing("cover.portail", "Portail", "cover", "", "gate"),
    ],
)


@cache
def understanding(language: str) -> Understanding:
    return Understanding(language, HOME, Skills().found)


@pytest.mark.parametrize(
    "sentence",
    [
        *("Ferme pas les volets", "Allume pas la lumière", "Arrête pas l'aspirateur", "Surtout n'ouvre pas le portail"),
        *("Ne déverrouille pas la porte d'entrée", "Déverrouille pas la porte d'entrée", "N'éteins pas la lumière"),
        *(
            "Ne verrouille pas la porte d'entrée",
            "J'ai verrouillé la porte d'entrée",
            "J'ai déverrouillé la porte d'entrée",
        ),
        *("J'ai allumé la lumière", "J'ai fermé le portail", "Il ouvre le portail", "Qui a ouvert le portail ?"),
        *("Éteins la lumière à minuit", "Ferme les volets à vingt heures", "Allume la lumière demain matin"),
        *("Allume la lumière de la salle de bain", "Éteins la lumière des toilettes", "Ferme les volets du grenier"),
        *("Éteins toutes les lumières sauf celle de la cuisine", "Allume la lumière du salon et de la cuisine"),
        *(
            "Mets les volets du salon à 30 et ferme le portail",
            "C'est quoi un minuteur ?",
            "Pourquoi ferme-t-on les volets ?",
        ),
    ],
)
def test_nothing_is_done_or_asked(sentence: str) -> None:
    found = understanding("fr").understand(sentence)
    assert found.verdict in ("none", "exact"), found
    assert found.match is None or found.match.intent not in ("HassTurnOn", "HassTurnOff"), found


@pytest.mark.parametrize(
    "sentence", ["Don't turn on the light", "Who turned on the light?", "I unlocked the front door"]
)
def test_nor_in_english(sentence: str) -> None:
    assert understanding("en").understand(sentence).verdict == "none"


@pytest.mark.parametrize("sentence", ["Ferme les yeux", "Coupe le pain", "Allume le feu", "Ouvre la bouche"])
def test_a_name_of_one_sound_does_not_swallow_talk(sentence: str) -> None:
    """ "Haut" is in everything that is said: at most a question."""
    assert understanding("fr").understand(sentence).verdict in ("none", "doubtful")


@pytest.mark.parametrize(
    ("sentence", "intent"),
    [
        ("Alume la lumière de la cuisine", "HassTurnOn"),
        ("Tu peux pas alumer la lumière de la cuisine ?", "HassTurnOn"),
        ("Fermes les vollets du salon s'il te plaît", "HassTurnOff"),
        ("Viverrouille la porte d'entrée", "HassTurnOff"),
        ("Minuteure 3 heures et 10 minutes", "HassStartTimer"),
    ],
)
def test_what_is_meant_is_still_understood(sentence: str, intent: str) -> None:
    found = understanding("fr").understand(sentence)
    assert found.match is not None
    assert (found.match.intent, found.verdict) == (intent, "near")


@pytest.mark.parametrize(
    ("heard", "sentence", "verdict"),
    [
        ("minuteur de dit minutes", "minuteur de 10 minutes", "doubtful"),
        ("minuteur dix minutes", "minuteur 10 minutes", "near"),
        ("minuteur 6 minutes", "minuteur 10 minutes", "none"),
        ("bonne huit la maison", "bonne nuit la maison", "doubtful"),
        ("minuteur une minute et 45 secondes", "minuteur 1 minute et 45 secondes", "near"),
        ("ne ferme pas", "ne ferme pas", "near"),
    ],
)
def test_numbers_are_those_that_were_heard(heard: str, sentence: str, verdict: str) -> None:
    assert believed("near", heard, sentence, "fr") == verdict


def test_a_language_without_patterns_is_left_alone() -> None:
    assert believed("near", "mach nicht das licht an", "mach das licht an", "de") == "near"
