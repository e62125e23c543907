"""Timers: several at once, with names; and commands that are put off ("éteins la lumière dans dix minutes")."""

from __future__ import annotations

import re

from appliance.actions import Action, Value
from appliance.folding import fold
from appliance.messages import text
from appliance.moments import Moment, instant
from appliance.skills import Reply, Situation, Slots
from appliance.skills._reminding import is_reminder, is_waking, remind, wake
from appliance.skills._times import act, as_said, listed, told_briefly
from appliance.spoken_numbers import digits
from appliance.spoken_time import duration, find_duration, is_by_the_clock, moment
from appliance.timed import Entry, called
from appliance.timers import Timers
from appliance.timers_words import label, length, of_length, sentence

INTENTS = (
    *("HassStartTimer", "HassCancelTimer", "HassCancelAllTimers", "HassIncreaseTimer", "HassDecreaseTimer"),
    *("HassPauseTimer", "HassUnpauseTimer", "HassTimerStatus"),
)
_DELAYS = {
    "un quart d'heure": 900,
    "une demi heure": 1800,
    "trois quarts d'heure": 2700,
    "une heure": 3600,
    "une heure et quart": 4500,
    "une heure et demie": 5400,
    "deux heures et demie": 9000,
    "a quarter of an hour": 900,
    "half an hour": 1800,
    "an hour": 3600,
    "an hour and a half": 5400,
}
"""What a command is put off by and Home Assistant's sentences do not know."""
LISTS = {
    **{name: {"wildcard": True} for name in ("timer_what", "timer_named", "timer_more", "conversation_command")},
    "timer_delay": {"values": [{"in": said, "out": seconds} for said, seconds in _DELAYS.items()]},
}

_T = "(minuteur|minuterie|compte à rebours|timer|chrono|chronomètre)"
_TS = "(minuteurs|minuteries|comptes à rebours|timers)"
_SET = "(mets|met|mettez|mettre|lance|lancez|démarre|démarrez|règle|crée|programme|fais|active|ajoute|commence)"
_WISH = "(je voudrais|je veux|j'aimerais|je souhaite|il me faudrait|il me faut|il nous faut|il nous faudrait)"
_END = "(annule|annuler|arrête|arrêter|stoppe|supprime|enlève|coupe|termine)"
_LEFT = (
    "(combien de temps (reste t il|il reste|reste)|combien [il] reste [t il] [de temps]|il reste combien [de temps])"
)
_MORE = "(ajoute|rajoute|ajouter|rajouter|prolonge de|plus)"
_LESS = "(enlève|retire|ôte|enlever|retirer)"
_ON = "(au|à la|sur le|sur la|à mon|à ma|sur mon|sur ma)"
_OFF = "(au|à la|du|de la|sur le|sur la|à mon|à ma|de mon|de ma)"
_LONGER = "(prolonge|prolonger|rallonge|rallonger|augmente|augmenter)"
_SHORTER = "(raccourcis|raccourcir|réduis|réduire|diminue|diminuer)"
_ETS = "(start|set|create|make|begin)"
SENTENCES = {
    "fr": {
        "HassStartTimer": [
            f"{_SET} [moi|nous] [un|une|le|la|mon|ma] {_T} {{timer_what}}",
            f"{_SET} [moi|nous] [un|une] {_T}",
            f"{_WISH} (un|une) {_T} {{timer_what}}",
            f"{_WISH} (un|une) {_T}",
            f"{_T} {{timer_delay}}",
            f"{_T} (de |d'|pour ){{timer_what}}",
            "(préviens|avertis|sonne) [moi|nous] dans {timer_what}",
            "{conversation_command} dans {timer_delay}",
        ],
        "HassCancelTimer": [
            f"{_END} (le|la|mon|ma|ce|cette) {_T} {{timer_named}}",
            f"{_END} (le|la|mon|ma|ce|cette) {_T}",
        ],
        "HassCancelAllTimers": [f"{_END} (tous les|les|mes|tous mes) {_TS}"],
        "HassPauseTimer": [
            f"(mets|met|mettre) (le|la|mon|ma) {_T} [{{timer_named}}] (en pause|sur pause)",
            f"(mets|met|mettre) en pause (le|la|mon|ma) {_T} [{{timer_named}}]",
            f"(suspends|interromps|pause) (le|la|mon|ma) {_T} [{{timer_named}}]",
        ],
        "HassUnpauseTimer": [
            f"(reprends|relance|redémarre|continue|reprendre|relancer) (le|la|mon|ma) {_T} [{{timer_named}}]"
        ],
        "HassIncreaseTimer": [
            f"{_MORE} [moi|nous] {{timer_more}} {_ON} {_T} [{{timer_named}}]",
            f"{_LONGER} (le|la|mon|ma) {_T} (de |d'){{timer_more}}",
            f"{_LONGER} (le|la|mon|ma) {_T} {{timer_named}} (de |d'){{timer_more}}",
        ],
        "HassDecreaseTimer": [
            f"{_LESS} [moi|nous] {{timer_more}} {_OFF} {_T} [{{timer_named}}]",
            f"{_SHORTER} (le|la|mon|ma) {_T} (de |d'){{timer_more}}",
            f"{_SHORTER} (le|la|mon|ma) {_T} {{timer_named}} (de |d'){{timer_more}}",
        ],
        "HassTimerStatus": [
            _LEFT,
            f"{_LEFT} (sur|pour|au|dans|à) [le|la|mon|ma] {_T} [{{timer_named}}]",
            f"{_LEFT} (pour|avant) (les |le |la |l'){{timer_named}}",
            f"(où en est|où en sont|comment va) (le|la|mon|ma|les|mes) ({_T}|{_TS}) [{{timer_named}}]",
            f"(quels|combien de) {_TS} (tournent|sont en cours|sont lancés|y a t il|j'ai|ai je|restent|il y a)",
            f"(quels sont|liste|donne moi) (les|mes) {_TS} [en cours]",
            f"(y a t il|il y a|j'ai) (un|une|des) ({_T}|{_TS}) [en cours|qui tourne|qui tournent]",
        ],
    },
    "en": {
        "HassStartTimer": [
            f"{_ETS} [me] (a|the|my) timer {{timer_what}}",
            f"{_ETS} [me] a timer",
            "timer (for|of) {timer_what}",
        ],
        "HassCancelTimer": [
            "(cancel|stop|delete|remove) (the|my) {timer_named} timer",
            "(cancel|stop|delete|remove) (the|my) timer [for {timer_named}]",
        ],
        "HassCancelAllTimers": [
            "(cancel|stop|delete|remove) (all timers|all the timers|all my timers|my timers|the timers)"
        ],
        "HassPauseTimer": ["pause (the|my) [{timer_named}] timer", "pause (the|my) timer for {timer_named}"],
        "HassUnpauseTimer": ["(resume|continue|restart|unpause) (the|my) [{timer_named}] timer"],
        "HassIncreaseTimer": ["add {timer_more} to (the|my) [{timer_named}] timer"],
        "HassDecreaseTimer": ["(take|remove) {timer_more} (off|from) (the|my) [{timer_named}] timer"],
        "HassTimerStatus": [
            "how (much time|long) is left on (the|my) [{timer_named}] timer",
            "how (much time|long) is left (for|on) the {timer_named}",
            "(what|which|how many) timers (are running|are there|do i have|are on)",
        ],
    },
}
_LENGTHS = {
    "hours": "{timer_hours:hours} <hour_unit>",
    "minutes": "{timer_minutes:minutes} <minute_unit>",
    "seconds": "{timer_seconds:seconds} <second_unit>",
}


def _started(*units: str) -> dict[str, list[str]]:
    """Return how one starts a timer of this length without saying "un" or "de", as many do."""
    length = " [et] ".join(_LENGTHS[unit] for unit in units)
    joint = "[de|d'|sur]" if units[0] == "hours" else "[de|d'|à|sur|pour]"  # "pour 18 heures" is no length
    return {"sentences": [f"(<mets>|<active>|<regle>|<cree>) [un|une|le|la|mon|ma] <minuteur> {joint} {length}"]}


MORE = {
    "fr": {
        "HassStartTimer": [
            *(_started(unit) for unit in _LENGTHS),
            _started("hours", "minutes"),
            _started("minutes", "seconds"),
            _started("hours", "minutes", "seconds"),
        ],
        "HassIncreaseTimer": [
            {"sentences": [f"(ajoute|ajouter|rajoute|rajouter) [moi|nous] [encore] {length} [de plus|en plus]"]}
            for length in _LENGTHS.values()
        ],
    }
}
_SERVICES = {
    "HassCancelTimer": "cancel",
    "HassPauseTimer": "pause",
    "HassUnpauseTimer": "resume",
    "HassIncreaseTimer": "extend",
    "HassDecreaseTimer": "shorten",
}
_UNREAD = re.compile(
    r"\d$|\b(?:non|pas|moins|autre|plutot|h|heures?|min|minutes?|secondes?|no|not|other|hours?|seconds?)\b"
)
"""What no timer is called: it is half of a length, or what was said against one."""
_AFTER = re.compile(r"(?:minuteur|minuterie|compte a rebours|timer|chrono|chronometre) ((?:pour|a) .+)$")
_CORRECTED = re.compile(r" (non pardon|non non|non plutot|ou plutot|non|plutot|pardon|no sorry|no|sorry) ")
_UNITS = {"hours": 3600, "minutes": 60, "seconds": 1}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Start, change or tell."""
    timers = situation.timers
    if timers is None or situation.perform is None:
        return Reply(text("times-none-here", situation.language))
    if intent == "HassStartTimer":
        return await _start(slots, situation)
    if intent == "HassTimerStatus":
        return Reply(_status(_meant(slots, situation, timers), slots, situation, timers))
    if intent == "HassCancelAllTimers":
        return await _cancel_all(slots, situation, timers)
    return await _change(intent, slots, situation, timers)


async def _start(slots: Slots, situation: Situation) -> Reply:
    language, command = situation.language, str(slots.get("conversation_command", ""))
    seconds, name = _seconds(slots), as_said(str(slots.get("name", "")), situation)
    if command and is_reminder(command, language):
        return await remind(command, situation, in_seconds=seconds)
    if command and is_waking(command, language):
        return await wake(Moment(instant(situation.now.timestamp() + seconds, situation.now)), situation)
    if "timer_what" in slots:
        seconds, name = _length_and_name(str(slots["timer_what"]), situation)
    until = None if command else _until(situation)
    seconds = seconds if until is None else until
    if seconds <= 0 or _UNREAD.search(digits(fold(name), language)):  # half of a length that was read is none
        return Reply(text("timer-how-long", language), asks=True)
    data: dict[str, Value] = {"seconds": seconds, "room": situation.room, "language": language}
    if command:
        data["command"] = as_said(command, situation)
    elif called(name):
        data["name"] = called(name)
    said = length(seconds, language)
    start = Action("timer", "start", "", data)
    if command:
        return await act(situation, [start], lambda: text("command-later", language, duration=said))
    if "name" not in data:
        return await act(
            situation, [start], lambda: text("timer-started", language, duration=of_length(seconds, language))
        )
    new = Entry("", "timer", name=str(data["name"]))
    name = sentence(label(new, situation.now, language))
    return await act(situation, [start], lambda: text("timer-started-named", language, timer=name, duration=said))


def _length_and_name(phrase: str, situation: Situation) -> tuple[float, str]:
    """Return what a timer is told: its length, 0 where there is none, and its name. What was corrected counts last."""
    language = situation.language
    said, _, corrected = _CORRECTED.split(phrase, maxsplit=1) if _CORRECTED.search(phrase) else (phrase, "", "")
    found, again = find_duration(said, language), duration(corrected, language) if corrected else None
    if found is None or found.duration is None or (corrected and again is None):
        return 0.0, ""
    return (again or found.duration).total_seconds(), _named(found.rest, situation)


def _until(situation: Situation) -> float | None:
    """Return the seconds to the time of the clock that was said in place of a length; 0 where it is not sure which."""
    said, language, now = _AFTER.search(fold(situation.said)), situation.language, situation.now
    if said is None or not is_by_the_clock(said[1], language):
        return None
    until = moment(said[1], now, language)
    return until.when.timestamp() - now.timestamp() if until and not until.guessed else 0.0


def _named(rest: str, situation: Situation) -> str:
    """Return the name in what is left of a sentence once the length is out: "appelé pâtes", "pour les pâtes"."""
    words = rest.split()
    while words and words[0] in ("appele", "nomme", "surnomme", "called", "named", "et", "and"):
        words = words[1:]
    return as_said(" ".join(words), situation)


def _seconds(slots: Slots, prefix: str = "") -> float:
    said = sum(float(slots.get(prefix + unit, 0)) * seconds for unit, seconds in _UNITS.items())
    return said if prefix else said + float(slots.get("timer_delay", 0))


def _meant(slots: Slots, situation: Situation, timers: Timers) -> list[Entry]:
    """Return the timers that a sentence may mean: by name, length and area; else this room's, where some are here."""
    name, seconds = str(slots.get("name", "")), _seconds(slots, "start_")
    named = str(slots.get("timer_named", ""))
    if named:
        found = find_duration(named, situation.language)
        seconds = found.duration.total_seconds() if found and found.duration and not found.rest else 0.0
        name = "" if seconds else named
    if area := str(slots.get("area", "")):
        here = fold(area) in (fold(situation.area), fold(situation.room))
        room = (
            situation.room if here else next((e.room for e in timers.all("timer") if fold(e.room) == fold(area)), area)
        )
        return timers.find("timer", name=name, total_seconds=seconds, room=room)
    return timers.find("timer", name=name, total_seconds=seconds)


def _status(meant: list[Entry], slots: Slots, situation: Situation, timers: Timers) -> str:
    language = situation.language
    if not meant:
        return _none(slots, situation, timers)
    told = []
    for entry in meant:
        key = "timer-left" if entry.left_seconds is None else "timer-left-paused"
        left = length(max(1, round(timers.remaining(entry))), language)
        told.append(sentence(text(key, language, timer=label(entry, situation.now, language), duration=left)))
    return told_briefly(told, language)


def _none(slots: Slots, situation: Situation, timers: Timers) -> str:
    running = timers.all("timer")
    if not running:
        return text("timer-none", situation.language)
    return text("timer-not-that", situation.language, timers=listed(running, situation))


async def _cancel_all(slots: Slots, situation: Situation, timers: Timers) -> Reply:
    language, meant = situation.language, _meant(slots, situation, timers)
    if not meant:
        return Reply(text("timer-none", language))
    if len(meant) == 1:
        return await _one("cancel", meant[0], 0, situation, timers)
    data = {"room": meant[0].room} if slots.get("area") else {}
    return await act(situation, [Action("timer", "cancel_all", "", data)], lambda: text("timers-cancelled", language))


async def _change(intent: str, slots: Slots, situation: Situation, timers: Timers) -> Reply:
    language, meant = situation.language, _meant(slots, situation, timers)
    if intent in ("HassPauseTimer", "HassUnpauseTimer"):  # what is paused already is not meant
        fit = [entry for entry in meant if (entry.left_seconds is None) == (intent == "HassPauseTimer")]
        meant = fit or meant
    if not meant:
        return Reply(_none(slots, situation, timers))
    if len(meant) > 1:
        meant = [entry for entry in meant if entry.room == situation.room] or meant
    if len(meant) > 1:
        return Reply(text("timer-which", language, timers=listed(meant, situation)))
    seconds = _seconds(slots)
    if "timer_more" in slots:
        found = find_duration(str(slots["timer_more"]), language)
        seconds = found.duration.total_seconds() if found and found.duration and not found.rest else 0.0
    service = _SERVICES[intent]
    if service in ("extend", "shorten") and not seconds:
        return Reply(text("timer-how-long", language))
    return await _one(service, meant[0], seconds, situation, timers)


async def _one(service: str, entry: Entry, seconds: float, situation: Situation, timers: Timers) -> Reply:
    language = situation.language
    name = sentence(label(entry, situation.now, language))

    def done() -> str:
        now = next((one for one in timers.all() if one.id == entry.id), None)
        if service == "cancel":
            return text("timer-cancelled", language, timer=name)
        if service == "pause":
            return text("timer-paused", language, timer=name)
        left = length(max(0, round(timers.remaining(now))) if now else 0, language)
        return text("timer-changed", language, timer=name, duration=left)

    data = {"seconds": seconds} if seconds else {}
    return await act(situation, [Action("timer", service, entry.id, data)], done)
