"""Taking back what was done a moment ago; where there is nothing to take back, "annule" calls the turn off."""

from __future__ import annotations

from appliance.skills import Reply, Situation, Slots

SENTENCES = {
    "fr": {
        "undo": [
            "(annule|annuler|annulez) [ça|cela|la dernière action|le dernier ordre|ce que tu viens de faire]",
            "(défais|défaire|défaites) (ça|cela|ce que tu viens de faire)",
            "[non] (pas ça|pas celui la|pas celle la)",
            "(remets|remettre|remettez) comme (avant|c'était)",
        ],
    },
    "en": {"undo": ["(undo|cancel) [that|it|the last action]", "[no] not that [one]", "put it back [as it was]"]},
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Undo, or end in silence."""
    outcome = await situation.undo(situation.language) if situation.undo else None
    if outcome is None:
        return Reply("", ends=True)
    return Reply(outcome.text, asks=outcome.status == "confirm")
