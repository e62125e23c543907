from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest

from appliance.engines import Message
from appliance.history import History
from appliance.prompt import messages, system_prompt


@dataclass(frozen=True)
class Moment:
    language: str = "fr"
    now: datetime = datetime(2026, 11, 24, 9, 5)
    place: str = "Lyon"


def test_the_moment_and_the_place_are_told_in_both_languages():
    assert system_prompt("fr", "Lyon", Moment.now).endswith(
        "Tu es à Lyon. Nous sommes le mardi 24 novembre 2026, vers 9 heures."
    )
    assert system_prompt("en", "Lyon", Moment.now).endswith(
        "You are in Lyon. It is Tuesday 24 November 2026, around 9:00."
    )
    assert "Lyon" not in system_prompt("fr", "", Moment.now)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_what_changes_comes_last_so_that_the_prefix_stays_cached(language):
    now = Moment.now
    here = system_prompt(language, "Lyon", now)
    assert here == system_prompt(language, "Lyon", now + timedelta(minutes=40)), "the minutes would change every prompt"
    for other in (system_prompt(language, "Lyon", now + timedelta(days=1)), system_prompt(language, "Nice", now)):
        assert other.startswith(here[: len(here) * 3 // 4])


def test_a_conversation_is_told_in_order():
    history = History()
    history.add("Qui es-tu ?", "Je suis Grillon.")
    moment = Moment()
    assert messages(moment, history, "Et moi ?") == [
        Message("system", system_prompt("fr", "Lyon", moment.now)),
        Message("user", "Qui es-tu ?"),
        Message("assistant", "Je suis Grillon."),
        Message("user", "Et moi ?"),
    ]


def test_an_answer_that_was_cut_short_ends_in_an_ellipsis_and_one_not_heard_is_left_out():
    history = History()
    history.add("Raconte.", "Il était une fois. ", interrupted=True)
    history.add("Et alors ?", "", interrupted=True)
    texts = [message.text for message in messages(replace(Moment(), language="en"), history, "Stop.")[1:]]
    assert texts == ["Raconte.", "Il était une fois…", "Stop."]
