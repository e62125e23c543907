"""Setting a reminder or an alarm from what was said: a text at one end, a time at the other."""

from __future__ import annotations

import re

from appliance.actions import Action
from appliance.folding import fold
from appliance.messages import text
from appliance.moments import Moment, instant
from appliance.skills import Reply, Situation
from appliance.skills._times import act, as_said
from appliance.spoken_time import find_moment, spoken_clock, spoken_days, spoken_moment
from appliance.spoken_time_en import CONNECTORS as ENGLISH
from appliance.spoken_time_fr import CONNECTORS as FRENCH

_ASKED = {
    "fr": re.compile(
        r"^(?:(?:rappelle|rappeler|rappelez)[ -](?:moi|nous)|(?:(?:tu |vous )?(?:me|nous) )?rappell?e[rsz]?)"
        r" (?=de |d'|que |qu')"
    ),
    "en": re.compile(r"^remind (?:me|us) (?=to |that |about )"),
}
_WAKING = {
    "fr": re.compile(
        r"^(?:(?:reveille|reveiller|réveille|réveillez)[ -](?:moi|nous)|(?:(?:tu |vous )?(?:me|nous) )?r[ée]veille[rsz])$",
        re.IGNORECASE,
    ),
    "en": re.compile(r"^wake (?:me|us)(?: up)?$", re.IGNORECASE),
}
_UNFINISHED = re.compile(r"(?:^| )(?:et|ou|a|de|and|or|at)$")
"""The end of a text whose time was read in part only: "mes cachets matin et", of "matin et soir"."""
_CONNECTORS = {"fr": FRENCH, "en": ENGLISH}


def is_reminder(command: str, language: str) -> bool:
    """Tell whether a command that was put off is a reminder: "rappelle-moi de sortir le pain", in ten minutes."""
    return bool(_ASKED[language].match(command))


def is_waking(command: str, language: str) -> bool:
    """Tell whether a command that was put off is an alarm: "réveille-moi", in ten minutes."""
    return bool(_WAKING[language].match(command))


async def wake(moment: Moment, situation: Situation) -> Reply:
    """Set an alarm."""
    language = situation.language
    data = {"when": moment.when.isoformat(), "room": situation.room, "language": language}
    if moment.days:
        data["days"] = "".join(map(str, moment.days))
    when = told(moment, situation)
    return await act(situation, [Action("alarm", "set", "", data)], lambda: text("alarm-is-set", language, when=when))


async def remind(phrase: str, situation: Situation, *, in_seconds: float = 0.0) -> Reply:
    """Set the reminder that a phrase says, or ask for what it does not say. `in_seconds`: where its time is known."""
    language, now = situation.language, situation.now
    phrase = _ASKED[language].sub("", phrase)
    if in_seconds:
        moment: Moment | None = Moment(instant(now.timestamp() + in_seconds, now))
        words = phrase
    else:
        found = find_moment(phrase, now, language)
        moment, words = (found.moment, found.rest) if found else (None, phrase)
    words = as_said(_CONNECTORS[language].sub("", words).strip(), situation)
    if moment is None or _UNFINISHED.search(fold(words)):
        return Reply(text("ask-when", language), asks=True)
    if not words:
        return Reply(text("reminder-ask-what", language), asks=True)
    data = {"when": moment.when.isoformat(), "text": words, "room": situation.room, "language": language}
    if moment.days:
        data["days"] = "".join(map(str, moment.days))
    when = told(moment, situation)
    add = Action("reminder", "add", "", data)
    return await act(situation, [add], lambda: text("reminder-added", language, when=when, text=words))


def told(moment: Moment, situation: Situation) -> str:
    """Return a moment as it is confirmed: "demain à 7 h", "du lundi au vendredi à 7 h"; what was guessed by the clock."""
    language, now = situation.language, situation.now
    if moment.days:
        clock = spoken_clock(moment.when, moment.when, language)
        return f"{spoken_days(moment.days, language)} {clock}"
    return (spoken_clock if moment.guessed else spoken_moment)(moment.when, now, language)
