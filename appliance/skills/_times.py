"""What the skills of timers, alarms, reminders and lists share: acting, and a slot as it was really said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from appliance.actions import Action
from appliance.folding import fold
from appliance.messages import text
from appliance.moments import instant
from appliance.skills import Reply, Situation
from appliance.spoken_time import spoken_clock
from appliance.timed import Entry
from appliance.timers_words import label

MOST = 4
"""So many are told, and how many others there are."""
_WORD = re.compile(r"\w+['’]?")


async def act(situation: Situation, actions: Sequence[Action], done: Callable[[], str]) -> Reply:
    """Let the executor do it; say `done()` where it did, else what it says."""
    if situation.perform is None:
        return Reply(text("times-none-here", situation.language))
    outcome = await situation.perform(actions)
    if outcome.status == "done":
        return Reply(done().replace("..", "."))  # "a.m." ends with a full stop of its own
    return Reply(outcome.text, asks=outcome.status == "confirm")


def as_said(slot: str, situation: Situation) -> str:
    """Return a folded slot as it stands in the sentence, accents and commas included; the slot where it does not."""
    words = [(fold(match[0]).strip(), match.span()) for match in _WORD.finditer(situation.said)]
    wanted = [fold(match[0]).strip() for match in _WORD.finditer(slot)]
    for start in range(len(words) - len(wanted) + 1):
        if wanted and [word for word, _ in words[start : start + len(wanted)]] == wanted:
            return situation.said[words[start][1][0] : words[start + len(wanted) - 1][1][1]]
    return slot


def listed(entries: Sequence[Entry], situation: Situation) -> str:
    """Return the names of several, in a row: "le minuteur des pâtes et le minuteur de 10 minutes"."""
    language, now = situation.language, situation.now
    named = [(label(entry, now, language), entry) for entry in entries]
    hours = [name for name, entry in named if entry.what == "alarm" and not entry.days]
    names = list(dict.fromkeys(_dated(e, situation) if hours.count(name) > 1 else name for name, e in named))
    if len(names) > MOST + 1:
        names = [*names[:MOST], text("list-others", language, count=len(names) - MOST)]
    return enumerated(names, language)


def _dated(entry: Entry, situation: Situation) -> str:
    """Return an alarm's name with its day: another one rings at the same hour."""
    language, now = situation.language, situation.now
    return text("alarm-on", language, when=spoken_clock(instant(entry.due, now), now, language))


def told_briefly(told: Sequence[str], language: str) -> str:
    """Return what is told of each of several: equals once, and of many the first ones and how many more."""
    once = list(dict.fromkeys(told))
    if len(once) > MOST + 1:
        once = [*once[:MOST], text("times-others", language, count=len(once) - MOST)]
    return " ".join(once)


def enumerated(names: Sequence[str], language: str) -> str:
    """Return several things in a row."""
    if len(names) < 2:
        return "".join(names)
    return text("time-and", language, first=", ".join(names[:-1]), last=names[-1])
