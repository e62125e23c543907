"""The time, the date and the day, from the box's own clock."""

from __future__ import annotations

from datetime import timedelta

from appliance.messages import text
from appliance.skills import Reply, Situation, Slots
from appliance.written import written_date, written_time

INTENTS = ("HassGetCurrentTime", "HassGetCurrentDate")

SENTENCES = {
    "fr": {
        "time": [
            "quelle heure (est il|il est|est ce|c'est) [maintenant|ici|a présent]",
            "il est quelle heure [maintenant|ici]",
            "(quelle est l'heure|c'est quelle heure|l'heure) [maintenant|actuelle]",
            "(tu as|t'as|as tu|vous avez|avez vous|donne|donne moi|donnez moi|je veux) l'heure",
            "est ce que (tu as|vous avez) l'heure",
        ],
        "date": [
            "(quelle est|c'est quoi|donne|donne moi) la date [d'aujourd'hui|aujourd'hui|du jour]",
            "(quelle date|quel jour) (sommes nous|est on|on est|nous sommes|est ce|c'est|est il) [aujourd'hui]",
            "(on est|nous sommes|c'est) (quel jour|le combien|quelle date) [aujourd'hui]",
            "[aujourd'hui] (on est|nous sommes|c'est) (quel jour|le combien|quelle date)",
            "(quelle date|quel jour) [sommes nous] aujourd'hui",
            "le combien (sommes nous|on est|est on|nous sommes) [aujourd'hui]",
            "(quel jour|quelle date) est on aujourd'hui",
            "(la date|date du jour)",
        ],
        "tomorrow": [
            "(quel jour|quelle date) (sera t on|serons nous|on sera|est on|sommes nous|on est|est ce) demain",
            "(on est|on sera|nous serons|demain on est|demain on sera) (quel jour|le combien) [demain]",
        ],
        "year": ["(en quelle année|quelle année) (sommes nous|est on|on est|nous sommes)", "on est en quelle année"],
        "month": ["(en quel mois|quel mois) (sommes nous|est on|on est|nous sommes)", "on est (en|a) quel mois"],
    },
    "en": {
        "time": [
            "what time is it [now]",
            "what's the time [now]",
            "what is the time [now]",
            "(the time|give me the time|do you have the time|what time it is)",
        ],
        "date": [
            "(what is|what's) (the date|today's date|the date today)",
            "(what day|what date) is (it|today) [today]",
            "which day is it [today]",
        ],
        "tomorrow": ["(what day|what date) (is it|will it be|is) tomorrow"],
        "year": ["(what|which) year (is it|are we in)"],
        "month": ["(what|which) month (is it|are we in)"],
    },
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Answer from `situation.now`."""
    now, language = situation.now, situation.language
    if intent in ("time", "HassGetCurrentTime"):
        said = text("clock-time", language, time=written_time(now, language))
        return Reply(said.replace("..", "."))  # "a.m." ends with a full stop of its own
    if intent == "tomorrow":
        return Reply(text("clock-tomorrow", language, date=written_date(now + timedelta(days=1), language)))
    if intent == "year":
        return Reply(text("clock-year", language, year=now.year))
    if intent == "month":
        return Reply(text("clock-month", language, month=text(f"month-{now.month}", language), year=now.year))
    return Reply(text("clock-date", language, date=written_date(now, language)))
