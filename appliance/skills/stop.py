"""Calling a turn off: "stop" ends it in silence."""

from __future__ import annotations

from appliance.skills import Reply, Situation, Slots

INTENTS = ("HassNevermind",)

SENTENCES = {
    "fr": {
        "stop": [
            "(stop|arrête|arrête toi|arrêtez|tais toi|taisez vous|silence|chut|ça suffit|c'est bon|assez|stoppe)",
            "(laisse tomber|laissez tomber|rien|non rien|oublie|non merci|tant pis|laisse|arrête de parler)",
        ],
    },
    "en": {"stop": ["(stop|be quiet|quiet|silence|shut up|enough|never mind|nevermind|forget it|stop talking)"]},
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Say nothing and end."""
    return Reply("", ends=True)
