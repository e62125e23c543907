"""Alarms: they wake at an hour, once or on chosen days, and can be put off when they ring."""

from __future__ import annotations

import re

from appliance.actions import Action
from appliance.messages import text
from appliance.moments import instant
from appliance.skills import Reply, Situation, Slots
from appliance.skills._reminding import wake
from appliance.skills._times import act, listed, told_briefly
from appliance.spoken_time import find_moment, spoken_moment
from appliance.spoken_time_fr import DAYS, MONTHS
from appliance.timed import Entry
from appliance.timers import Timers
from appliance.timers_words import label, length, sentence

SNOOZE_SECONDS = 300.0
_DAY = re.compile(rf"\b(?:demain|aujourd'hui|(?:{'|'.join((*DAYS, *MONTHS))})|tomorrow|today|\w+day)\b")
"""What names an alarm's day, among others of the same hour."""
LISTS = {
    "alarm_when": {"wildcard": True},
    "alarm_which": {"wildcard": True},
    "alarm_hour": {"range": {"from": 0, "to": 23}},
    "alarm_minute": {"range": {"from": 0, "to": 59}},
    "alarm_more": {"range": {"from": 1, "to": 120}},
}
"""What guards the home is an alarm too: what could mean that one takes an hour here, never anything."""
_SET = "(mets|met|mettre|programme|règle|crée|ajoute|active|fais)"
_END = "(annule|annuler|supprime|désactive|enlève|coupe|arrête|éteins)"
SENTENCES = {
    "fr": {
        "set": [
            "(réveille|réveiller|réveillez) (moi|nous) {alarm_when}",
            "[tu |vous ](me|nous) (réveiller|réveilles|réveille|réveillez|réveilliez|réveillerais) {alarm_when}",
            "réveilles [{alarm_when}]",  # "tu me" is left out as politeness
            "réveiller à {alarm_when}",
            "(je voudrais|je veux|j'aimerais) être (réveillé|réveillée|réveillés) {alarm_when}",
            "(je voudrais|je veux|j'aimerais|il me faudrait|il me faut) un réveil {alarm_when}",
            f"{_SET} [moi|nous] (un|une|le|mon) (réveil|alarme) {{alarm_when}}",
            "(mets|met|mettre|règle|programme) l'alarme (à|pour) {alarm_when}",
            f"{_SET} [moi|nous] (un|une) (réveil|alarme)",
            "(réveil|alarme) (à|pour) {alarm_when}",
            "(réveille|réveiller|réveillez) (moi|nous)",
            "[tu |vous ](me|nous) (réveiller|réveilles|réveillez)",
        ],
        "list": [
            "(quels sont|liste|donne moi) (mes|les) réveils",
            "(quels|combien de) réveils (ai je|j'ai|y a t il|il y a|sont programmés)",
            "(à quelle heure|quand) (sonne|est|sonnera) (le|mon) [prochain] réveil",
            "(à quelle heure|quand) est ce que (sonne mon réveil|mon réveil sonne|je me réveille)",
            "(ai je|j'ai|y a t il|il y a|est ce que j'ai|est ce qu'il y a) un réveil [demain|programmé]",
        ],
        "cancel": [
            f"{_END} (le|mon) réveil [(de |d'|du |à |pour ){{alarm_which}}]",
            f"{_END} l'alarme (de|à) {{alarm_hour}} (heures|heure|h) [{{alarm_minute}}]",
        ],
        "cancel-all": [f"{_END} (tous les|tous mes|les|mes) réveils"],
        "snooze": ["encore {alarm_more} (minutes|minute)", "(snooze|encore un peu|laisse moi dormir)"],
    },
    "en": {
        "set": [
            "wake (me|us) [up] {alarm_when}",
            "(set|add|create|make) [me] (an|the|my) alarm {alarm_when}",
            "(set|add|create|make) [me] an alarm",
            "alarm (at|for) {alarm_when}",
        ],
        "list": [
            "(what are|list) my alarms",
            "(what|which|how many) alarms (do i have|are there|are set)",
            "(when|what time) (is|does) my [next] alarm [ring|set for|go off]",
            "do i have an alarm [tomorrow|set]",
        ],
        "cancel": ["(cancel|delete|remove|turn off) (the|my) alarm [(at|for|on) {alarm_which}]"],
        "cancel-all": ["(cancel|delete|remove|turn off) (all alarms|all my alarms|all the alarms|my alarms)"],
        "snooze": [
            "(snooze|snooze it)",
            "(snooze for|another) {alarm_more} (minutes|minute)",
            "{alarm_more} more (minutes|minute)",
        ],
    },
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Set, tell, cancel or put off."""
    language, timers = situation.language, situation.timers
    if timers is None or situation.perform is None:
        return Reply(text("times-none-here", language))
    if intent == "set":
        return await _set(str(slots.get("alarm_when", "")), situation)
    if intent == "snooze":
        return await _snooze(60.0 * float(slots.get("alarm_more", 0)) or SNOOZE_SECONDS, situation, timers)
    alarms = timers.all("alarm")
    if not alarms:
        return Reply(text("alarm-none", language))
    if intent == "list":
        return Reply(told_briefly([_told(entry, situation) for entry in alarms], language))
    if intent == "cancel-all" and len(alarms) > 1:
        return await act(situation, [Action("alarm", "cancel_all")], lambda: text("alarms-cancelled", language))
    hour, minute = slots.get("alarm_hour"), slots.get("alarm_minute", 0)
    which = str(slots.get("alarm_which", "")) if hour is None else f"{hour}:{int(minute):02d}"
    return await _cancel(which, alarms, situation)


async def _set(phrase: str, situation: Situation) -> Reply:
    language = situation.language
    found = find_moment(phrase, situation.now, language, waking=True) if phrase else None
    moment = found.moment if found and not found.rest else None
    if moment is None or not moment.timed:
        return Reply(text("ask-when", language), asks=True)
    return await wake(moment, situation)


async def _cancel(which: str, alarms: list[Entry], situation: Situation) -> Reply:
    language, meant = situation.language, alarms
    if which:
        found = find_moment(which if " " in which else f"à {which}", situation.now, language, waking=True)
        at = found.moment.when.time() if found and found.moment else None
        halves = (0, 12) if found and found.moment and found.moment.guessed else (0,)
        hours = {((at.hour + half) % 24, at.minute) for half in halves} if at else set()
        times = {entry.id: instant(entry.due, situation.now).time() for entry in alarms}
        meant = [entry for entry in alarms if (times[entry.id].hour, times[entry.id].minute) in hours]
        if len(meant) > 1 and found and found.moment and _DAY.search(which):
            day = found.moment.when.date()
            meant = [entry for entry in meant if instant(entry.due, situation.now).date() == day] or meant
    if len(meant) != 1:
        key = "timer-which" if meant else "timer-not-that"
        return Reply(text(key, language, timers=listed(meant or alarms, situation)))
    name = sentence(label(meant[0], situation.now, language))
    cancel = [Action("alarm", "cancel", meant[0].id)]
    return await act(situation, cancel, lambda: text("timer-cancelled", language, timer=name))


async def _snooze(seconds: float, situation: Situation, timers: Timers) -> Reply:
    language, rang = situation.language, timers.rang(situation.room)
    if rang is None or rang.what == "timer":
        return Reply(text("alarm-nothing-rang", language))
    snooze = Action(rang.what, "snooze", rang.id, {"seconds": seconds})
    said = length(seconds, language)
    return await act(situation, [snooze], lambda: text("alarm-again", language, duration=said))


def _told(entry: Entry, situation: Situation) -> str:
    language = situation.language
    if entry.days:
        return f"{sentence(label(entry, situation.now, language))}."
    when = spoken_moment(instant(entry.due, situation.now), situation.now, language)
    return text("alarm-told", language, when=when)
