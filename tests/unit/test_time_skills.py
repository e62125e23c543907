"""What is said about timers, alarms and reminders: through the grammar and the executor, to what is kept and answered."""

from __future__ import annotations

import asyncio
from datetime import datetime

import pytest

from appliance.actions import Origin
from appliance.events import Ring
from appliance.skills import Situation
from tests.spoken_box import GRAMMARS, NINE, SKILLS, Box, scene

STARTS = {
    "Mets un minuteur de dix minutes.": (600, "", "Minuteur de 10 minutes, c'est parti."),
    "Minuteur d'un quart d'heure": (900, "", "Minuteur de 15 minutes, c'est parti."),
    "Mets un minuteur d'une heure et quart, s'il te plaît": (
        4500,
        "",
        "Minuteur d'une heure et 15 minutes, c'est parti.",
    ),
    "Lance un minuteur de quatre-vingt-dix secondes": (90, "", "Minuteur d'une minute et 30 secondes, c'est parti."),
    "Minuteur de nonante secondes": (90, "", "Minuteur d'une minute et 30 secondes, c'est parti."),
    "Mettez un minuteur d'une demi-heure": (1800, "", "Minuteur de 30 minutes, c'est parti."),
    "Minuteur pour les pâtes de dix minutes": (600, "les pâtes", "Le minuteur des pâtes : 10 minutes, c'est parti."),
    "Mets un minuteur de 1h30 pour le rôti": (
        5400,
        "le rôti",
        "Le minuteur du rôti : 1 heure et 30 minutes, c'est parti.",
    ),
    "Lance un minuteur pâtes de 10 minutes": (600, "pâtes", "Le minuteur de pâtes : 10 minutes, c'est parti."),
    "Mets un minuteur d'une heure moins le quart": (2700, "", "Minuteur de 45 minutes, c'est parti."),
    "Mets un minuteur de dix minutes non de cinq minutes": (300, "", "Minuteur de 5 minutes, c'est parti."),
    "Mets une minuterie de 3 minutes pour 2 œufs": (
        180,
        "2 œufs",
        "Le minuteur de 2 œufs : 3 minutes, c'est parti.",
    ),
    "Mets le minuteur sur 1 heure 20": (4800, "", "Minuteur d'une heure et 20 minutes, c'est parti."),
    "Mets un minuteur pour 18h": (32_400, "", "Minuteur de 9 heures, c'est parti."),
    "Minuteur pour 18 heures": (32_400, "", "Minuteur de 9 heures, c'est parti."),
    "Mets un minuteur pour 2 heures": (7200, "", "Minuteur de 2 heures, c'est parti."),
    "Je voudrais un minuteur de dix minutes": (600, "", "Minuteur de 10 minutes, c'est parti."),
    "Il me faudrait un minuteur de dix minutes": (600, "", "Minuteur de 10 minutes, c'est parti."),
    "J'aimerais un minuteur de trois minutes": (180, "", "Minuteur de 3 minutes, c'est parti."),
    "Minuteur trois quarts d'heure": (2700, "", "Minuteur de 45 minutes, c'est parti."),
    "Mets un chrono de dix minutes": (600, "", "Minuteur de 10 minutes, c'est parti."),
    "Crée un minuteur de 3 minutes appelé thé": (180, "thé", "Le minuteur de thé : 3 minutes, c'est parti."),
}


@pytest.mark.parametrize(("sentence", "wanted"), STARTS.items())
def test_start(sentence: str, wanted: tuple[int, str, str]) -> None:
    async def play(box: Box) -> None:
        told = await box.say(sentence)
        assert (box.one.total_seconds, box.one.name, told) == wanted
        assert (box.one.room, box.one.what) == ("cuisine", "timer")

    scene(play)


@pytest.mark.parametrize(
    "sentence",
    [
        *("Mets un minuteur", "Mets un minuteur pour les pâtes", "Minuteur de dix kilomètres"),
        "Mets un minuteur de dix minutes pas de cinq",
        "Mets un minuteur de cinq minutes et un autre de dix minutes",
        "Mets un minuteur pour 8 heures",
    ],
)
def test_without_a_length_it_asks_and_sets_nothing(sentence: str) -> None:
    async def play(box: Box) -> None:
        assert await box.say(sentence) == "De combien de temps ?"
        assert box.timers.all() == []

    scene(play)


def test_several_timers() -> None:
    async def play(box: Box) -> None:
        assert await box.say("Combien de temps reste-t-il ?") == "Aucun minuteur ne tourne."
        await box.say("Minuteur pour les pâtes de dix minutes")
        await box.say("Minuteur de trois minutes", room="salon")
        await asyncio.sleep(60)
        assert await box.say("Quels minuteurs tournent ?") == (
            "Il reste 2 minutes sur le minuteur de 3 minutes. Il reste 9 minutes sur le minuteur des pâtes."
        )
        assert (
            await box.say("Combien de temps reste-t-il pour les pâtes ?")
            == "Il reste 9 minutes sur le minuteur des pâtes."
        )
        assert await box.say("Mets le minuteur des pâtes en pause") == "Le minuteur des pâtes est en pause."
        await asyncio.sleep(30)
        assert await box.say("Combien de temps reste-t-il sur le minuteur des pâtes ?") == (
            "Le minuteur des pâtes est en pause, il reste 9 minutes."
        )
        assert await box.say("Reprends le minuteur") == "Le minuteur des pâtes : il reste 9 minutes."
        assert (
            await box.say("Ajoute cinq minutes au minuteur des pâtes") == "Le minuteur des pâtes : il reste 14 minutes."
        )
        assert await box.say("Enlève deux minutes au minuteur") == "Le minuteur des pâtes : il reste 12 minutes."
        assert (await box.say("Annule le minuteur", room="chambre")).startswith("Il y en a plusieurs, dis lequel : ")
        assert await box.say("Annule le minuteur", room="salon") == "Le minuteur de 3 minutes est annulé."
        assert (
            await box.say("Annule le minuteur du gâteau") == "Je ne trouve pas celui-là. Il y a le minuteur des pâtes."
        )
        assert await box.say("Annule tous les minuteurs") == "Le minuteur des pâtes est annulé."
        assert await box.say("Annule le minuteur") == "Aucun minuteur ne tourne."

    scene(play)


def test_by_its_length() -> None:
    async def play(box: Box) -> None:
        await box.say("Minuteur de trois minutes")
        await box.say("Minuteur de dix minutes")
        assert await box.say("Arrête le minuteur de dix minutes") == "Le minuteur de 10 minutes est annulé."
        assert box.one.total_seconds == 180

    scene(play)


def test_all_are_cancelled_after_a_yes_only() -> None:
    async def play(box: Box) -> None:
        await box.say("Minuteur de trois minutes")
        await box.say("Minuteur de dix minutes")
        asked = await box.reply("Annule tous les minuteurs")
        assert "annuler tous les minuteurs" in asked.text
        assert len(box.timers.all()) == 2
        box.executor.listening("cuisine")
        outcome = await box.executor.heard("oui", 0.9, Origin("voice", "cuisine"))
        assert outcome and outcome.status == "done"
        assert box.timers.all() == []

    scene(play)


def test_taken_back() -> None:
    async def play(box: Box) -> None:
        await box.say("Minuteur pour les pâtes de dix minutes")
        await box.say("Annule le minuteur")
        outcome = await box.executor.undo("cuisine", Origin("voice", "cuisine"))
        assert outcome and outcome.status == "done"
        assert box.one.name == "les pâtes"

    scene(play)


@pytest.mark.parametrize(
    ("sentence", "seconds", "command", "told"),
    [
        (
            "Éteins la lumière du salon dans dix minutes",
            600,
            "Éteins la lumière du salon",
            "D'accord, dans 10 minutes.",
        ),
        ("Dans 10 minutes éteins la lumière du salon", 600, "éteins la lumière du salon", "D'accord, dans 10 minutes."),
        ("Éteins la lumière dans un quart d'heure", 900, "Éteins la lumière", "D'accord, dans 15 minutes."),
    ],
)
def test_a_command_for_later(sentence: str, seconds: int, command: str, told: str) -> None:
    async def play(box: Box) -> None:
        assert await box.say(sentence) == told
        assert (box.one.what, box.one.text, box.one.total_seconds) == ("command", command, seconds)

    scene(play)


ALARMS = {
    "Réveille-moi à sept heures et quart": ("25 07:15", (), "Le réveil sonnera demain à 7 h 15."),
    "Réveillez-moi demain à 7h": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Mets un réveil à 7h": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Mets un réveil à midi": ("24 12:00", (), "Le réveil sonnera à midi."),
    "Mets une alarme pour six heures moins le quart": ("25 05:45", (), "Le réveil sonnera demain à 5 h 45."),
    "Réveille-moi dans vingt minutes": ("24 09:20", (), "Le réveil sonnera dans 20 minutes."),
    "Tu peux me réveiller à sept heures ?": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Pouvez-vous me réveiller demain à huit heures ?": ("25 08:00", (), "Le réveil sonnera demain à 8 h."),
    "Tu me réveilles dans une heure": ("24 10:00", (), "Le réveil sonnera à 10 h."),
    "Vous me réveillez à sept heures": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Mets le réveil sur sept heures": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Tu me réveilles à sept heures": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Je voudrais que tu me réveilles à sept heures": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Est-ce que tu peux nous réveiller à sept heures ?": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Je voudrais être réveillée à sept heures": ("25 07:00", (), "Le réveil sonnera demain à 7 h."),
    "Réveille-moi lundi à huit heures": ("30 08:00", (), "Le réveil sonnera lundi à 8 h."),
    "Mets un réveil tous les jours de la semaine à 7 heures": (
        "25 07:00",
        (1, 2, 3, 4, 5),
        "Le réveil sonnera du lundi au vendredi à 7 h.",
    ),
    "Réveille-moi tous les lundis à six heures": ("30 06:00", (1,), "Le réveil sonnera le lundi à 6 h."),
}


@pytest.mark.parametrize(("sentence", "wanted"), ALARMS.items())
def test_alarm(sentence: str, wanted: tuple[str, tuple[int, ...], str]) -> None:
    async def play(box: Box) -> None:
        told = await box.say(sentence)
        when = datetime.fromtimestamp(box.one.due, NINE.tzinfo)
        assert (f"{when:%d %H:%M}", box.one.days, told) == wanted

    scene(play)


@pytest.mark.parametrize("sentence", ["Réveille-moi", "Mets un réveil", "Réveille-moi demain", "Réveille-moi tôt"])
def test_an_alarm_without_an_hour_is_not_set(sentence: str) -> None:
    async def play(box: Box) -> None:
        assert await box.say(sentence) == "À quelle heure ?"
        assert box.timers.all() == []

    scene(play)


def test_alarms_are_told_and_cancelled() -> None:
    async def play(box: Box) -> None:
        assert await box.say("Quels sont mes réveils ?") == "Il n'y a aucun réveil."
        await box.say("Réveille-moi à sept heures et quart")
        await box.say("Mets un réveil tous les lundis à 8 heures")
        assert await box.say("À quelle heure sonne mon réveil ?") == (
            "Un réveil sonnera demain à 7 h 15. Le réveil de 8 h, le lundi."
        )
        assert (await box.say("Annule le réveil")).startswith("Il y en a plusieurs")
        assert await box.say("Annule le réveil de sept heures et quart") == "Le réveil de 7 h 15 est annulé."
        assert await box.say("Annule l'alarme de huit heures") == "Le réveil de 8 h, le lundi est annulé."

    scene(play)


def test_snooze() -> None:
    async def play(box: Box) -> None:
        assert await box.say("Encore 5 minutes") == "Rien n'a sonné ici."
        running = asyncio.create_task(box.timers.run())
        await box.say("Réveille-moi dans vingt minutes")
        await asyncio.sleep(1210)
        assert await box.say("Encore cinq minutes") == "D'accord, encore 5 minutes."
        await asyncio.sleep(310)
        running.cancel()
        assert [command.text for command in box.sent if isinstance(command, Ring)] == [
            "Il est 9 h 20, c'est l'heure.",
            "Il est 9 h 25, c'est l'heure.",
        ]

    scene(play)


REMINDERS = {
    "Rappelle-moi de sortir le pain dans vingt minutes": (
        "24 09:20",
        "sortir le pain",
        "C'est noté, dans 20 minutes : ",
    ),
    "Rappelle-moi dans 20 minutes de sortir le pain": ("24 09:20", "sortir le pain", "C'est noté, dans 20 minutes : "),
    "Rappelle-moi demain à 8 heures d'appeler le médecin": (
        "25 08:00",
        "appeler le médecin",
        "C'est noté, demain à 8 h : ",
    ),
    "Rappelle-moi d'appeler Zoé à midi": ("24 12:00", "appeler Zoé", "C'est noté, à midi : "),
    "Je voudrais que vous me rappeliez d'appeler Zoé à midi": ("24 12:00", "appeler Zoé", "C'est noté, à midi : "),
    "Pourrais-tu me rappeler d'appeler maman à 18 heures ?": (
        "24 18:00",
        "appeler maman",
        "C'est noté, à 18 h : ",
    ),
    "Tu me rappelles d'appeler maman à midi": ("24 12:00", "appeler maman", "C'est noté, à midi : "),
    "Tu peux me rappeler demain à 8 heures d'appeler Zoé ?": ("25 08:00", "appeler Zoé", "C'est noté, demain à 8 h : "),
    "Peux-tu me rappeler d'appeler maman dans un quart d'heure ?": (
        "24 09:15",
        "appeler maman",
        "C'est noté, dans 15 minutes : ",
    ),
    "Rappelez-moi ce soir d'arroser les plantes": ("24 19:00", "arroser les plantes", "C'est noté, à 19 h : "),
    "Rappelle-moi que j'ai un rendez-vous lundi à 10 h": (
        "30 10:00",
        "j'ai un rendez-vous",
        "C'est noté, lundi à 10 h : ",
    ),
    "Rappelle-moi tous les lundis à 20 heures de sortir les poubelles": (
        "30 20:00",
        "sortir les poubelles",
        "C'est noté, le lundi à 20 h : ",
    ),
    "Crée un rappel pour demain à 9h : payer le loyer": ("25 09:00", "payer le loyer", "C'est noté, demain à 9 h : "),
}


@pytest.mark.parametrize(("sentence", "wanted"), REMINDERS.items())
def test_reminder(sentence: str, wanted: tuple[str, str, str]) -> None:
    async def play(box: Box) -> None:
        told = await box.say(sentence)
        when = datetime.fromtimestamp(box.one.due, NINE.tzinfo)
        assert (f"{when:%d %H:%M}", box.one.text, told) == (wanted[0], wanted[1], f"{wanted[2]}{wanted[1]}.")

    scene(play)


@pytest.mark.parametrize(
    "sentence", ["Rappelle-moi de sortir le pain", "Rappelle-moi de prendre mes cachets matin et soir"]
)
def test_a_reminder_without_a_time_is_not_set(sentence: str) -> None:
    async def play(box: Box) -> None:
        assert await box.say(sentence) == "À quelle heure ?"
        assert box.timers.all() == []

    scene(play)


def test_reminders_are_told_and_cancelled() -> None:
    async def play(box: Box) -> None:
        assert await box.say("Quels sont mes rappels ?") == "Il n'y a aucun rappel."
        await box.say("Rappelle-moi de sortir le pain à midi")
        await box.say("Rappelle-moi demain à 8 heures d'appeler le médecin")
        assert await box.say("Quels sont mes rappels ?") == (
            "À midi : sortir le pain. Demain à 8 h : appeler le médecin."
        )
        assert await box.say("Annule le rappel pour le médecin") == "Le rappel « appeler le médecin » est annulé."
        assert await box.say("Annule tous les rappels") == "Le rappel « sortir le pain » est annulé."

    scene(play)


@pytest.mark.parametrize(
    "sentence",
    [
        *(
            "Rappelle-toi de la guerre.",
            "Encore une histoire.",
            "Désactive l'alarme.",
            "Rappelez-vous de la guerre.",
            "Maman arrive dans dix minutes.",
            "Ça me rappelle des souvenirs.",
            "Qui me réveille le matin ?",
            "Combien reste-t-il de lait ?",
        ),
        *("Raconte une histoire.", "Qu'est-ce qu'un réveil ?", "Qui a inventé le minuteur ?", "J'ai une longue liste."),
    ],
)
def test_what_is_none_of_this(sentence: str) -> None:
    match = GRAMMARS["fr"].match(sentence)
    assert match is None or match.skill not in ("timers", "alarms", "reminders", "lists")


def test_english() -> None:
    async def play(box: Box) -> None:
        assert await box.say("Set a timer for a quarter of an hour") == "Timer for 15 minutes, starting now."
        assert await box.say("Set a 10 minute timer for the pasta") == "The pasta timer: 10 minutes, starting now."
        assert await box.say("How much time is left on the pasta timer?") == "10 minutes left on the pasta timer."
        assert await box.say("Cancel the pasta timer") == "The pasta timer is cancelled."
        assert await box.say("Wake me up tomorrow at seven am") == "The alarm will ring tomorrow at 7:00 a.m."
        assert await box.say("Remind me to call mum in ten minutes") == "Noted, in 10 minutes: call mum."
        assert await box.say("Remind me tomorrow at 8 am to call mum") == "Noted, tomorrow at 8:00 a.m.: call mum."
        assert await box.say("Add milk and eggs to the shopping list") == "Added to the shopping list: milk and eggs."
        assert await box.say("What's on my shopping list?") == "The shopping list: milk and eggs."

    scene(play, "en")


def test_a_conversation_alone_has_none_of_it() -> None:
    async def play(box: Box) -> None:
        match = GRAMMARS["fr"].match("Mets un minuteur de dix minutes")
        assert match is not None
        situation = Situation("fr", "", NINE, "Lyon", 50, "", box.send)
        reply = await SKILLS[match.skill].handle(match.intent, match.slots, situation)
        assert reply.text == "Je ne peux pas faire cela d'ici : seule la boîte en marche le peut."

    scene(play)
