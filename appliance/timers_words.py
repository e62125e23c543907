"""What is said of timers, alarms and reminders: their names in a sentence, what rings, what was missed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from appliance.actions import Action
from appliance.messages import text
from appliance.moments import instant
from appliance.spoken_names import of
from appliance.spoken_time import spoken_clock, spoken_days, spoken_duration
from appliance.timed import Entry
from appliance.written import written_time


def label(entry: Entry, now: datetime, language: str) -> str:
    """Return a thing's name inside a sentence: "le minuteur des pâtes", "le réveil de 7 h 15, du lundi au vendredi"."""
    if entry.what == "timer":
        if entry.name:
            return text("timer-named", language, name=entry.name if language == "en" else of(entry.name, language))
        return text("timer-of", language, duration=of_length(entry.total_seconds, language))
    if entry.what == "alarm":
        time = written_time(instant(entry.due, now), language)
        said = text("alarm-of", language, time=time)
        return f"{said}, {spoken_days(entry.days, language)}" if entry.days else said
    return text("command-named" if entry.what == "command" else "reminder-named", language, text=entry.text)


def length(seconds: float, language: str) -> str:
    """Return seconds as one says them."""
    return spoken_duration(timedelta(seconds=seconds), language)


def of_length(seconds: float, language: str) -> str:
    """Return seconds as a timer's length: in French after "de", and "1 heure" is said "une heure"."""
    said = length(seconds, language)
    if language != "fr":
        return said
    one = re.match(r"1 (?P<unit>heure|minute|seconde|jour)\b", said)
    if not one:
        return f"de {said}"
    return f"d'{'un' if one['unit'] == 'jour' else 'une'} {said[2:]}"


def sentence(words: str) -> str:
    """Return words with the capital that begins a sentence."""
    return words[:1].upper() + words[1:]


def ringing(entry: Entry, now: datetime, language: str) -> str:
    """Return what is said while it rings."""
    if entry.what == "reminder":
        return text("reminder-now", language, text=entry.text)
    if entry.what == "alarm":
        return text("alarm-now", language, time=written_time(now, language)).replace("..", ".")
    return sentence(text("timer-over", language, timer=label(entry, now, language)))


def missed(entries: Sequence[Entry], now: datetime, language: str) -> str:
    """Return what is told once about all that was due while nobody could be told."""
    return " ".join(_missed(entry, now, language) for entry in entries)


def _missed(entry: Entry, now: datetime, language: str) -> str:
    when = spoken_clock(instant(entry.due, now), now, language)
    if entry.what in ("reminder", "command"):
        key = "reminder-missed" if entry.what == "reminder" else "command-missed"
        return text(key, language, when=when, text=entry.text)
    return text("timer-missed", language, when=when, timer=label(entry, now, language)).replace("..", ".")


def described(action: Action, entry: Entry | None, now: datetime, language: str) -> str:
    """Return an action on timers, alarms or reminders in words, infinitive."""
    data, service = action.data, action.service
    if service == "cancel_all":
        return text(f"cancel-all-{action.domain}s", language)
    if entry is None:
        if service == "start":
            return text("timer-set", language, duration=of_length(float(data["seconds"]), language))
        when = spoken_clock(datetime.fromisoformat(str(data["when"])), now, language)
        if action.domain == "alarm":
            return text("alarm-set", language, when=when)
        return text("reminder-set", language, when=when, text=data.get("text", ""))
    name = label(entry, now, language)
    if service in ("extend", "shorten", "snooze"):
        key = {"extend": "timer-extend", "shorten": "timer-shorten", "snooze": "alarm-snooze"}[service]
        return text(key, language, timer=name, duration=length(float(data["seconds"]), language))
    keys = {"cancel": "timer-cancel", "pause": "timer-pause", "resume": "timer-resume", "restore": "timer-restore"}
    return text(keys[service], language, timer=name)
