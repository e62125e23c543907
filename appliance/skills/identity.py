"""Who the box is: a machine, and says so (AI Act, article 50), what it can do, and what becomes of voices."""

from __future__ import annotations

from appliance.messages import text
from appliance.skills import Reply, Situation, Slots

SENTENCES = {
    "fr": {
        "who": [
            "(qui es tu|tu es qui|t'es qui|qui êtes vous|vous êtes qui)",
            "(qu'est ce que tu es|tu es quoi|t'es quoi|c'est quoi grillon|qui est grillon)",
            "(comment tu t'appelles|comment t'appelles tu|comment vous appelez vous|quel est ton nom|c'est quoi ton nom)",
            "(tu t'appelles comment|ton nom|presente toi)",
            "[est ce que] (es tu|tu es|êtes vous|vous êtes) (une machine|un robot|une intelligence artificielle|une ia|humain)",
        ],
        "skills": [
            "(que sais tu|que peux tu|qu'est ce que tu sais|qu'est ce que tu peux) faire",
            "(tu sais|tu peux) faire quoi",
            "a quoi (sers tu|tu sers)",
            "(aide|aide moi|a l'aide grillon|comment ça marche)",
        ],
        "privacy": [
            "(que fais tu|qu'est ce que tu fais|que faites vous) de (ma voix|mes données|ce que je dis)",
            "[est ce que] (tu m'enregistres|tu nous écoutes|tu m'écoutes|tu enregistres ma voix|tu enregistres)",
            "(ou vont|ou partent) (mes données|ma voix)",
        ],
    },
    "en": {
        "who": [
            "who are you",
            "what are you",
            "(what's|what is) your name",
            "are you (a machine|a robot|an ai|human)",
            "introduce yourself",
        ],
        "skills": ["what can you do", "what do you do", "help", "how does this work"],
        "privacy": [
            "what do you do with (my voice|my data|what i say)",
            "(are you recording|do you record) [me|us|my voice]",
        ],
    },
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Answer with the sentence of the intent."""
    return Reply(text(f"identity-{intent}", situation.language))
