"""What the skills of timers, alarms, reminders and lists share: acting, and a slot as it was really said."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from appliance.actions import Action
from appliance.folding import fold
from appliance.messages import text
from appliance.skills import Reply, Situation
from appliance.timed import Entry
from appliance.timers_words import label

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
    names = [label(entry, situation.now, situation.language) for entry in entries]
    return enumerated(names, situation.language)


def enumerated(names: Sequence[str], language: str) -> str:
    """Return several things in a row."""
    if len(names) < 2:
        return "".join(names)
    return text("time-and", language, first=", ".join(names[:-1]), last=names[-1])
