"""What a person says to a question: yes, no, or something else. Pure, and exact: "oui" is never repaired by its sound."""

from __future__ import annotations

import re

from appliance.folding import without_accents

YES = {
    "fr": (
        *("oui", "ouais", "ouaip", "d'accord", "ok", "okay", "vas y", "allez y", "confirme", "je confirme", "c'est ca"),
        *("oui vas y", "oui allez y", "oui je confirme", "oui je veux bien", "je veux bien", "oui c'est bon"),
        *(
            "bien sur",
            "oui bien sur",
            "exactement",
            "tout a fait",
            "c'est oui",
            "parfait",
            "oui oui",
            "absolument",
            "fais le",
        ),
        *(
            "oui fais le",
            "faites le",
            "oui faites le",
            "oui d'accord",
            "ok vas y",
            "volontiers",
            "oui c'est ca",
            "affirmatif",
        ),
    ),
    "en": (
        *("yes", "yeah", "yep", "yup", "ok", "okay", "sure", "go ahead", "do it", "confirm", "i confirm", "of course"),
        *(
            "yes go ahead",
            "yes do it",
            "that's right",
            "yes i confirm",
            "absolutely",
            "yes of course",
            "yes yes",
            "right",
        ),
        *("correct", "exactly", "affirmative", "yes sure"),
    ),
}
NO = {
    "fr": (
        *(
            "non",
            "nan",
            "non non",
            "annule",
            "annulez",
            "annuler",
            "laisse tomber",
            "laissez tomber",
            "surtout pas",
            "stop",
        ),
        *(
            "non merci",
            "pas maintenant",
            "ne fais pas ca",
            "oublie",
            "arrete",
            "arretez",
            "non annule",
            "refuse",
            "je refuse",
        ),
        *(
            "non laisse tomber",
            "pas question",
            "tant pis",
            "rien",
            "non rien",
            "negatif",
            "c'est non",
            "non surtout pas",
        ),
        *("laisse", "ne le fais pas", "non pas ca", "pas ca", "non stop", "non arrete"),
    ),
    "en": (
        *("no", "nope", "nah", "no no", "cancel", "cancel that", "never mind", "nevermind", "don't", "do not", "stop"),
        *(
            "don't do it",
            "don't do that",
            "no thanks",
            "no thank you",
            "not now",
            "forget it",
            "refuse",
            "negative",
            "no don't",
        ),
    ),
}
POLITE = re.compile(
    r"^(?:euh|heu|hum|ah|oh|ben|bah|eh bien|alors|bon|well|um|uh|grillon) "
    r"| (?:s'il te plait|s'il vous plait|stp|svp|merci|grillon|please|thanks|thank you)$"
)


def said_yes(text: str, language: str) -> bool:
    """Tell whether this is a yes and nothing else."""
    return _said(text, YES.get(language, ()))


def said_no(text: str, language: str) -> bool:
    """Tell whether this is a no and nothing else."""
    return _said(text, NO.get(language, ()))


def _said(text: str, sentences: tuple[str, ...]) -> bool:
    said = without_accents(text.lower().replace("’", "'"))
    said = " ".join(re.sub(r"[^\w' ]|_", " ", said).split())
    while said not in sentences:
        shorter = POLITE.sub("", said)
        if shorter == said:
            return False
        said = shorter
    return True
