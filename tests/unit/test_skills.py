"""Sentences as people say them, and as whisper writes them, reach the right skill; others reach none."""

from __future__ import annotations

from datetime import datetime
from functools import cache

import pytest

from appliance.events import Command, SetVolume
from appliance.folding import fold
from appliance.grammar import Grammar
from appliance.home import Home
from appliance.skills import Match, Situation, Skills

FRENCH = {
    "Quelle heure est-il ?": ("clock", "time"),
    "Il est quelle heure, s'il te plaît ?": ("clock", "time"),
    "Dis-moi quelle heure il est.": ("clock", "time"),
    "Tu peux me dire l'heure ?": ("clock", "time"),
    "Tu as l'heure ?": ("clock", "time"),
    "Est-ce que tu peux me dire quelle heure il est ?": ("clock", "time"),
    "Donne-moi l'heure": ("clock", "time"),
    "On est quel jour aujourd'hui ?": ("clock", "date"),
    "Quel jour sommes-nous ?": ("clock", "date"),
    "Quelle est la date d'aujourd'hui ?": ("clock", "date"),
    "Nous sommes le combien ?": ("clock", "date"),
    "Quel jour serons-nous demain ?": ("clock", "tomorrow"),
    "En quelle année sommes-nous ?": ("clock", "year"),
    "Stop !": ("stop", "stop"),
    "Tais-toi.": ("stop", "stop"),
    "Arrête": ("stop", "stop"),
    "Laisse tomber.": ("stop", "stop"),
    "Répète s'il te plaît.": ("repeat", "repeat"),
    "Tu peux répéter ?": ("repeat", "repeat"),
    "Qu'est-ce que tu as dit ?": ("repeat", "repeat"),
    "Qui es-tu ?": ("identity", "who"),
    "Comment tu t'appelles ?": ("identity", "who"),
    "Est-ce que tu es une intelligence artificielle ?": ("identity", "who"),
    "Que sais-tu faire ?": ("identity", "skills"),
    "Que fais-tu de ma voix ?": ("identity", "privacy"),
    "Est-ce que tu m'enregistres ?": ("identity", "privacy"),
    "Monte le son": ("volume", "up"),
    "Parle moins fort, s'il te plaît": ("volume", "down"),
    "Plus fort !": ("volume", "up"),
    "Quel est le volume ?": ("volume", "query"),
}

ENGLISH = {
    "What time is it?": ("clock", "time"),
    "Please tell me what time it is.": ("clock", "time"),
    "What's the date today?": ("clock", "date"),
    "Who are you?": ("identity", "who"),
    "Stop.": ("stop", "stop"),
    "Say that again, please.": ("repeat", "repeat"),
    "Turn it up!": ("volume", "up"),
}

NOBODYS = [
    "Quelle est la capitale de l'Italie ?",
    "À quelle heure ouvre la mairie ?",
    "Quel jour est né Victor Hugo ?",
    "Raconte-moi une histoire.",
    "Quel est le volume d'un cube de deux mètres de côté ?",
    "Comment arrêter de fumer ?",
    "",
    "?!",
]


@pytest.fixture(scope="module")
def skills() -> Skills:
    return Skills()


@cache
def grammar(language: str) -> Grammar:
    return Grammar(language, Home(), Skills().found)


@pytest.mark.parametrize(("sentence", "wanted"), FRENCH.items())
def test_french(sentence: str, wanted: tuple[str, str]) -> None:
    match = grammar("fr").match(sentence)
    assert match is not None
    assert (match.skill, match.intent) == wanted


@pytest.mark.parametrize(("sentence", "wanted"), ENGLISH.items())
def test_english(sentence: str, wanted: tuple[str, str]) -> None:
    match = grammar("en").match(sentence)
    assert match is not None
    assert (match.skill, match.intent) == wanted


@pytest.mark.parametrize("sentence", NOBODYS)
def test_other_sentences_belong_to_no_skill(sentence: str) -> None:
    assert grammar("fr").match(sentence) is None


@pytest.mark.parametrize(
    ("sentence", "percent"),
    [
        ("Mets le volume à 30 %", 30),
        ("Mets le son à cinquante pour cent.", 50),
        ("Volume 80", 80),
        ("Règle le volume sur quatre-vingt-dix pourcents", 90),
        ("Mets le volume à zéro", 5),
        ("Mets le volume à 7 sur 10", 70),
        ("Monte le son à fond", 100),
        ("Monte un peu le son", 65),
        ("Baisse le volume", 35),
    ],
)
async def test_volume(skills: Skills, sentence: str, percent: int) -> None:
    sent: list[Command] = []

    async def send(command: Command) -> None:
        sent.append(command)

    match = grammar("fr").match(sentence)
    assert match is not None
    reply = await skills.handle(match, situation(send=send))
    assert sent == [SetVolume(room="salon", percent=percent)]
    assert str(percent) in reply.text


async def test_repeat_says_the_last_answer(skills: Skills) -> None:
    reply = await skills.handle(Match("repeat", "repeat", {}), situation(last_answer="Rome."))
    assert reply.text == "Rome."


async def test_clock_speaks_of_the_given_moment(skills: Skills) -> None:
    time = await skills.handle(Match("clock", "time", {}), situation())
    date = await skills.handle(Match("clock", "tomorrow", {}), situation())
    assert "9" in time.text
    assert "25 novembre 2026" in date.text


def test_every_sentence_of_every_skill_compiles_in_both_languages() -> None:
    for language in ("fr", "en"):
        assert grammar(language).match("stop") == Match("stop", "stop", {})


def test_fold() -> None:
    assert fold("L’œuf à 30 % !") == "l'oeuf a 30 pour cent"


def situation(last_answer: str = "", send: object = None) -> Situation:
    now = datetime(2026, 11, 24, 9, 0)
    return Situation("fr", "salon", now, "Lyon", 50, last_answer, send)  # type: ignore[arg-type]
