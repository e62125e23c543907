"""The owner's own sentences: what they match, what they do, and that nothing is done where something is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from appliance.actions import Action, Outcome
from appliance.config_home import HomeOptions
from appliance.events import Command
from appliance.grammar import Grammar
from appliance.own_sentences import OwnSentences
from appliance.skills import Match, Reply, Situation, Skills

OPTIONS = HomeOptions.model_validate(
    {
        "areas": ["Salon", "Bureau"],
        "things": [
            {"name": "Lampe", "domain": "light", "area": "Salon"},
            {"name": "Guirlande", "domain": "light", "area": "Salon"},
            {"name": "Volet", "domain": "cover", "area": "Bureau", "device_class": "shutter"},
        ],
        "sentences": [
            {
                "say": ["bonne nuit [la maison]", "je vais (me coucher|au lit)"],
                "do": [
                    {"service": "light.turn_off", "area": "Salon"},
                    {"service": "cover.close_cover", "thing": "Volet"},
                ],
                "answer": "Dors bien.",
            },
            {
                "say": ["ambiance {area}"],
                "do": [{"service": "light.turn_on", "area": "{area}", "data": {"brightness_percent": 20}}],
            },
            {"say": ["occupe toi de {name}"], "do": [{"service": "light.toggle", "thing": "{name}"}]},
            {"say": ["qui a fabriqué cette maison"], "answer": "Ma grand-mère.", "language": "fr"},
            {"say": ["cinema"], "do": [{"service": "scene.turn_on", "thing": "Cinéma"}]},
        ],
    }
)
HOME = OPTIONS.home()
SKILLS = Skills(own=OwnSentences(OPTIONS.rules()))


def understood(sentence: str, language: str = "fr") -> Match | None:
    return Grammar(language, HOME, SKILLS.found, SKILLS.own).match(sentence)


async def done(sentence: str, status: Any = "done") -> tuple[Reply, list[Action]]:
    actions: list[Action] = []

    async def perform(wished: Sequence[Action]) -> Outcome:
        actions.extend(wished)
        return Outcome(status, "" if status == "done" else "Tu confirmes ?")

    async def send(command: Command) -> None:
        raise AssertionError(command)

    match = understood(sentence)
    assert match is not None
    assert match.skill == "owner"
    situation = Situation("fr", "salon", datetime(2026, 11, 24), "", 70, "", send, home=HOME, perform=perform)
    return await SKILLS.handle(match, situation), actions


async def test_a_rule_does_all_it_says_and_answers_with_its_words() -> None:
    reply, actions = await done("Je vais au lit, s'il te plaît.")
    assert reply.text == "Dors bien."
    assert [(a.domain, a.service, a.target) for a in actions] == [
        ("light", "turn_off", "light.salon.lampe"),
        ("light", "turn_off", "light.salon.guirlande"),
        ("cover", "close_cover", "cover.bureau.volet"),
    ]


async def test_what_was_said_fills_the_rule_and_its_data_go_along() -> None:
    reply, actions = await done("ambiance salon")
    assert [dict(a.data) for a in actions] == [{"brightness_percent": 20}] * 2
    assert reply.text == "C'est fait."


@pytest.mark.parametrize(("sentence", "missing"), [("ambiance bureau", "Bureau"), ("cinéma", "Cinéma")])
async def test_where_something_is_missing_nothing_is_done(sentence: str, missing: str) -> None:
    reply, actions = await done(sentence)
    assert not actions
    assert missing in reply.text


async def test_a_thing_that_is_named_decides_the_domain_of_the_action() -> None:
    """So that a rule for lamps cannot be talked into moving a shutter as if it were one: levels go by the thing's domain."""
    _, actions = await done("occupe toi de Volet")
    assert [(a.domain, a.service) for a in actions] == [("cover", "toggle")]


async def test_the_executors_question_is_passed_on() -> None:
    reply, _ = await done("bonne nuit", status="confirm")
    assert reply == Reply("Tu confirmes ?", asks=True)


async def test_a_rule_may_only_answer_and_has_its_language() -> None:
    reply, actions = await done("Qui a fabriqué cette maison ?")
    assert (reply.text, actions) == ("Ma grand-mère.", [])
    assert understood("qui a fabriqué cette maison", "en") is None
    assert understood("bonne nuit", "en") == replace(understood("bonne nuit") or Match("", "", {}))
