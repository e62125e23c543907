"""What is told of several timers, alarms and reminders, and which of them is meant."""

from __future__ import annotations

from datetime import datetime

from appliance.actions import Action
from appliance.folding import fold
from appliance.timers_words import described, of_length
from tests.spoken_box import NINE, Box, scene


def test_made_longer_and_asked_in_many_ways() -> None:
    async def play(box: Box) -> None:
        assert await box.say("Ajoute cinq minutes") == "Aucun minuteur ne tourne."
        await box.say("Minuteur pour les pâtes de dix minutes")
        for sentence, left in (
            ("Rajoute-moi 2 minutes sur le minuteur des pâtes", 12),
            ("Prolonge le minuteur des pâtes de cinq minutes", 17),
            ("Prolonge le minuteur d'une minute", 18),
            ("Ajoute cinq minutes", 23),
            ("Raccourcis le minuteur de dix minutes", 13),
        ):
            assert await box.say(sentence) == f"Le minuteur des pâtes : il reste {left} minutes."
        for sentence in ("Combien de temps il reste ?", "Combien il reste de temps ?", "Il reste combien de temps ?"):
            assert await box.say(sentence) == "Il reste 13 minutes sur le minuteur des pâtes."

    scene(play)


def test_alarms_of_one_hour_are_told_apart_by_their_day() -> None:
    async def play(box: Box) -> None:
        await box.say("Réveille-moi demain à 7 heures")
        await box.say("Réveille-moi lundi à 7 heures")
        assert await box.say("Annule le réveil de sept heures") == (
            "Il y en a plusieurs, dis lequel : le réveil prévu demain à 7 h et le réveil prévu lundi à 7 h."
        )
        assert await box.say("Annule le réveil de lundi à sept heures") == "Le réveil de 7 h est annulé."
        assert datetime.fromtimestamp(box.one.due, NINE.tzinfo).day == 25

    scene(play)


def test_of_many_the_first_are_told_and_equals_once() -> None:
    async def play(box: Box) -> None:
        for hour in (14, 15, 16, 17, 18, 19, 19, 20):
            await box.say(f"Rappelle-moi de boire à {hour} heures")
        assert await box.say("Quels sont mes rappels ?") == (
            "À 14 h : boire. À 15 h : boire. À 16 h : boire. À 17 h : boire. Et 3 autres."
        )
        for hour in (5, 6, 7, 8, 9, 10):
            await box.say(f"Réveille-moi demain à {hour} heures")
        assert (await box.say("Annule le réveil de 22 heures")).endswith(
            "le réveil de 5 h, le réveil de 6 h, le réveil de 7 h, le réveil de 8 h et 2 autres."
        )

    scene(play)


def test_one_of_a_unit_is_said_with_its_article() -> None:
    lengths = (1, 60, 3600, 4500, 86_400, 600)
    assert [of_length(seconds, "fr") for seconds in lengths] == [
        *("d'une seconde", "d'une minute", "d'une heure", "d'une heure et 15 minutes", "d'un jour", "de 10 minutes"),
    ]
    assert of_length(3600, "en") == "1 hour"
    start = Action("timer", "start", "", {"seconds": 3600.0})
    assert described(start, None, NINE, "fr") == "régler un minuteur d'une heure"


def test_what_only_looks_like_a_polite_imperative_is_left_alone() -> None:
    assert fold("Mon rendez-vous chez Zoé, assez tôt") == "mon rendez vous chez zoe assez tot"
    assert fold("Allumez") == "allumer"
