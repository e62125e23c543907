"""Saying the last answer again."""

from __future__ import annotations

from appliance.messages import text
from appliance.skills import Reply, Situation, Slots

SENTENCES = {
    "fr": {
        "repeat": [
            "(répète|répétez|redis|redites|répéter|redire) [moi] [ça|cela|le|la réponse|ta réponse|ta dernière réponse]",
            "(peux tu|tu peux|est ce que tu peux|pouvez vous) (répéter|redire|me répéter|me redire) [ça|cela]",
            "(qu'est ce que tu as dit|qu'as tu dit|qu'est ce que vous avez dit|tu as dit quoi|t'as dit quoi|tu disais)",
            "(pardon|comment|quoi|hein|encore une fois|j'ai pas entendu|je n'ai pas entendu|j'ai pas compris)",
            "(je n'ai pas compris|encore)",
        ],
    },
    "en": {
        "repeat": [
            "(repeat|say) [that|it] [again]",
            "(say that again|once more|pardon|sorry|what|come again|i didn't hear|i did not hear [you|that])",
            "what did you (say|just say)",
        ],
    },
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Answer with what was said last in this room."""
    return Reply(situation.last_answer or text("repeat-nothing", situation.language))
