"""How loud the voice is."""

from __future__ import annotations

from appliance.events import SetVolume
from appliance.messages import text
from appliance.skills import Reply, Situation, Slots

STEP_PERCENT = 15
QUIETEST_PERCENT = 5

LISTS = {"percent": {"range": {"from": 0, "to": 100}}, "step": {"range": {"from": 0, "to": 10}}}

SENTENCES = {
    "fr": {
        "set": [
            "(mets|met|mettre|mettez|règle|régler|réglez|passe|monte|baisse|augmente|diminue) "
            "(le son|le volume|ton volume|ta voix) (a|sur|jusqu'a) {percent} [pour cent|pourcent|pourcents]",
            "(volume|le volume|son) [a|sur] {percent} [pour cent|pourcent|pourcents]",
            "parle a {percent} (pour cent|pourcent)",
        ],
        "set-step": [
            "(mets|met|mettez|règle|passe) (le son|le volume|ton volume) (a|sur) {step} sur (dix|10)",
            "(volume|le volume) {step} sur (dix|10)",
        ],
        "up": [
            "(monte|montez|augmente|augmentez|remonte|hausse) [un peu] (le son|le volume|ton volume|la voix) [un peu]",
            "[parle|parlez|mets] (plus fort|plus haut)",
            "(je n'entends pas|j'entends pas|on n'entend rien|je t'entends mal|parle plus fort)",
            "(plus de volume|plus de son)",
        ],
        "down": [
            "(baisse|baissez|diminue|diminuez|réduis|descends) [un peu] (le son|le volume|ton volume|la voix) [un peu]",
            "[parle|parlez|mets] (moins fort|plus bas|plus doucement|moins haut)",
            "(c'est trop fort|tu parles trop fort|trop fort|moins de volume|moins de son)",
        ],
        "max": ["(mets|met|règle|monte) (le son|le volume) (a fond|au maximum|au max)", "volume (maximum|max|a fond)"],
        "min": ["(mets|met|règle|baisse) (le son|le volume) (au minimum|au min|a zéro)", "volume (minimum|min)"],
        "query": [
            "(quel est|c'est quoi|a combien est) (le volume|ton volume|le volume actuel|le niveau du son)",
            "(le volume est|le son est) a combien",
        ],
    },
    "en": {
        "set": [
            "(set|turn|put) [the] volume [up|down] to {percent} [percent|pour cent]",
            "volume [to|at] {percent} [percent|pour cent]",
        ],
        "set-step": ["(set|turn) [the] volume to {step} out of (ten|10)", "volume {step} out of (ten|10)"],
        "up": ["(turn up the volume|turn the volume up|turn it up|louder|speak louder|speak up|volume up)"],
        "down": [
            "(turn down the volume|turn the volume down|turn it down|quieter|speak softer|not so loud|volume down)"
        ],
        "max": ["(maximum volume|volume to the maximum|full volume|turn the volume to maximum)"],
        "min": ["(minimum volume|volume to the minimum|turn the volume to minimum)"],
        "query": ["(what's|what is) (the volume|your volume)", "how loud are you"],
    },
}


async def handle(intent: str, slots: Slots, situation: Situation) -> Reply:
    """Send SetVolume and say what it is now. The least is 5 %: a box that fell silent could not be told to speak up."""
    now = situation.volume_percent
    wanted = {
        "set": slots.get("percent"),
        "set-step": 10 * int(slots.get("step", 0)),
        "up": now + STEP_PERCENT,
        "down": now - STEP_PERCENT,
        "max": 100,
        "min": QUIETEST_PERCENT,
        "query": now,
    }[intent]
    percent = max(QUIETEST_PERCENT, min(100, int(wanted if wanted is not None else now)))
    if intent != "query":
        await situation.send(SetVolume(room=situation.room, percent=percent))
    return Reply(text("volume-is", situation.language, percent=percent))
