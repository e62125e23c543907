"""Reminders: a text that is said at its time."""

from __future__ import annotations

from appliance.actions import Action
from appliance.folding import fold
from appliance.messages import text
from appliance.moments import instant
from appliance.skills import Reply, Situation, Slots
from appliance.skills._reminding import remind
from appliance.skills._times import act, listed, told_briefly
from appliance.spoken_time import spoken_clock, spoken_days
from appliance.timed import Entry
from appliance.timers_words import sentence

LISTS = {name: {"wildcard": True} for name in ("reminder_what", "reminder_when", "reminder_which")}
_R = "(rappelle|rappeler|rappelez)"
_R_ME = "[tu |vous ](me|nous) (rappeler|rappelles|rappelle|rappelez|rappeliez|rappellerais)"
_MAKE = "(mets|met|mettre|crée|créer|ajoute|programme|note|enregistre|fais)"
SENTENCES = {
    "fr": {
        "add": [
            f"{_R} (moi|nous) (de |d'|que |qu'){{reminder_what}}",
            f"{_MAKE} [moi|nous] un rappel (pour |de |d'|à |le |demain |dans ){{reminder_what}}",
            "(fais moi|fais nous|me faire|nous faire) penser (à|de) {reminder_what}",
            f"{_R_ME} (de |d'|que |qu'){{reminder_what}}",
            "(rappeler|rappelles) (de |d'|que |qu'){reminder_what}",  # "tu me" is left out as politeness
            "(je voudrais|je veux|j'aimerais|il me faudrait) un rappel (pour |de |d'|à |le |demain |dans ){reminder_what}",
        ],
        "add-at": [
            f"{_R} (moi|nous) {{reminder_when}} (de |d'|que |qu'){{reminder_what}}",
            f"{_R_ME} {{reminder_when}} (de |d'|que |qu'){{reminder_what}}",
            "rappelles {reminder_when} (de |d'|que |qu'){reminder_what}",
            f"{_MAKE} [moi|nous] un rappel {{reminder_when}} (pour|de|d') {{reminder_what}}",
        ],
        "ask": [f"{_MAKE} [moi|nous] un rappel"],
        "list": [
            "(quels sont|liste|donne moi|lis moi|lis) (mes|les) rappels",
            "(quels|combien de) rappels (ai je|j'ai|y a t il|il y a)",
            "(ai je|j'ai|y a t il|il y a|est ce que j'ai) (des|un) (rappels|rappel) [en cours|aujourd'hui|prévus|prévu]",
            "(qu'est ce que tu dois|que dois tu) me rappeler",
        ],
        "cancel": [
            "(annule|supprime|efface|enlève|oublie) (le|mon|ce) rappel",
            "(annule|supprime|efface|enlève|oublie) (le|mon|ce) rappel (de |d'|pour |du |des ){reminder_which}",
        ],
        "cancel-all": ["(annule|supprime|efface|enlève) (tous les|tous mes|les|mes) rappels"],
    },
    "en": {
        "add": [
            "remind (me|us) (to|that|about) {reminder_what}",
            "(set|add|create|make) a reminder (to|for|about) {reminder_what}",
        ],
        "add-at": ["remind (me|us) {reminder_when} (to|that|about) {reminder_what}"],
        "ask": ["(set|add|create|make) a reminder"],
        "list": [
            "(what are|list|read) my reminders",
            "(what|which|how many) reminders (do i have|are there)",
            "do i have [any] reminders",
        ],
        "cancel": [
            "(cancel|delete|remove) (the|my) reminder",
            "(cancel|delete|remove) (the|my) reminder (to|for|about) {reminder_which}",
        ],
        "cancel-all": ["(cancel|delete|remove) (all|all my|all the|my|the) reminders"],
    },
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Add, tell or cancel."""
    language, timers = situation.language, situation.timers
    if timers is None or situation.perform is None:
        return Reply(text("times-none-here", language))
    if intent in ("add", "add-at", "ask"):
        phrase = " ".join(str(slots[key]) for key in ("reminder_when", "reminder_what") if key in slots)
        if intent == "add-at":
            phrase = _rejoined(slots, situation)
        return await remind(phrase, situation)
    reminders = timers.all("reminder")
    if not reminders:
        return Reply(text("reminder-none", language))
    if intent == "list":
        return Reply(told_briefly([sentence(_told(entry, situation)) for entry in reminders], language))
    if intent == "cancel-all" and len(reminders) > 1:
        every = [Action("reminder", "cancel_all")]
        return await act(situation, every, lambda: text("reminders-cancelled", language))
    which = str(slots.get("reminder_which", ""))
    meant = [entry for entry in reminders if not which or fold(which) in fold(entry.text)]
    if len(meant) != 1:
        key = "timer-which" if meant else "timer-not-that"
        return Reply(text(key, language, timers=listed(meant or reminders, situation)))
    cancel = [Action("reminder", "cancel", meant[0].id)]
    return await act(situation, cancel, lambda: text("reminder-cancelled", language, text=meant[0].text))


def _rejoined(slots: Slots, situation: Situation) -> str:
    """Return time and text with a word between them that parts them."""
    joint = {"fr": "de", "en": "to"}[situation.language]
    return f"{slots['reminder_when']} {joint} {slots['reminder_what']}"


def _told(entry: Entry, situation: Situation) -> str:
    language, when = situation.language, instant(entry.due, situation.now)
    said = spoken_clock(when, situation.now, language)
    if entry.days:
        said = f"{spoken_days(entry.days, language)} {spoken_clock(when, when, language)}"
    return text("reminder-told", language, when=said, text=entry.text)
