"""What was heard and is in no way in the sentence that sounds like it: then it is not what was meant. Pure.

Sounds alone cannot tell "ferme pas les volets" from "ferme tous les volets": a negation, a past tense, another number, another
room or another time costs a phoneme or two and turns the meaning round. So before a repaired sentence is believed, the words
that the recogniser did write are looked at. This only ever takes a repair back; an exact sentence needs no repair.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Literal

from appliance.folding import fold
from appliance.spoken_numbers import digits

Verdict = Literal["near", "doubtful", "none"]

_NEGATED = {
    "fr": re.compile(
        r"(?:^|[ '])(?:ne |n')\w"
        r"|\b(?:pas|jamais|plus) (?:le|la|les|l'|de|du|d'|des|un|une|mon|ma|mes|ce|cette|ces|tout|toute|tous|toutes)\b"
        r"|\bsurtout pas\b"
    ),
    "en": re.compile(r"\b(?:not|never|don't|do not|won't|doesn't|without)\b"),
}
_POLITELY = re.compile(
    r"\b(?:peux|pourrais|pouver|pourrier|voudrais) (?:tu |vous )?pas\b|\bcan't you\b|\bcouldn't you\b"
)
_TOLD = {
    "fr": re.compile(
        r"^(?:et |mais |alors )?(?:"
        r"(?:j'|je |il |elle |ils |elles )(?!veux|voudrais|souhaite|aimerais|faut|faudrait|me faut|fait|reste|y a|est )"
        r"|qui |(?:tu|vous|on|nous) (?:as|aver|avez|a|avons) |est ce que (?:j'|je |tu as|il |elle |on )|ai je |as tu )"
    ),
    "en": re.compile(r"^(?:and |but )?(?:i (?!want|need|would|d)|i've |he |she |they |we |who |did |have )"),
}
_EXPLAINED = {
    "fr": re.compile(
        r"^(?:et )?(?:c'est quoi|pourquoi|comment|qu'est ce que c'est|a quoi sert|qui (?:a|est ce qui)\b)"
    ),
    "en": re.compile(r"^(?:what is an? |why |how (?:do|does|can) |who )"),
}
_LATER = {
    "fr": re.compile(
        r"\b(?:demain|hier|ce soir|cette nuit|tout a l'heure|plus tard|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
        r"|midi|minuit|tous les (?:jours|matins|soirs)|(?:a|vers|pour) \d+ ?h(?:eures?)?|pendant|quand|des que|jusqu'a)\b"
    ),
    "en": re.compile(
        r"\b(?:tomorrow|yesterday|tonight|later|monday|tuesday|wednesday|thursday|friday|saturday|sunday|noon|midnight"
        r"|every (?:day|morning)|at \d+|when|until)\b"
    ),
}
_ROOMS = {
    "fr": re.compile(
        r"\b(?:salon|sejour|cuisine|chambres?|bureau|garage|cave|grenier|salle de bains?|salle a manger|couloir|jardin"
        r"|terrasse|balcon|toilettes|wc|maison)\b"
    ),
    "en": re.compile(
        r"\b(?:living room|kitchen|bedrooms?|office|hall|hallway|garage|basement|attic|bathroom|dining room|garden|toilet)\b"
    ),
}
_EXCEPT = {
    "fr": re.compile(r"\b(?:sauf|excepte|a part|hormis|mais pas)\b"),
    "en": re.compile(r"\b(?:except|but not|apart from)\b"),
}
_MORE = {
    "fr": re.compile(
        r"\w et (?:le |la |les |l'|du |de |des |d'|celles? |ceux |celui |ferm|allum|etei|ouvr|mets |met )"
    ),
    "en": re.compile(r"\w and (?:the |of |in |turn |close |open |set )"),
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def believed(verdict: Verdict, heard: str, sentence: str, language: str) -> Verdict:
    """Return the verdict on a repaired sentence, once what was heard was compared with it."""
    if language not in _NEGATED:
        return verdict
    written = Counter(_NUMBER.findall(fold(heard)))
    heard, sentence = digits(fold(heard), language), digits(fold(sentence), language)
    for patterns in (_NEGATED, _TOLD, _EXPLAINED, _LATER, _EXCEPT, _MORE):
        pattern = patterns[language]
        if pattern.search(heard) and not pattern.search(sentence) and not _is_polite(patterns is _NEGATED, heard):
            return "none"
    if set(_ROOMS[language].findall(heard)) - set(_ROOMS[language].findall(sentence)):
        return "none"
    said, found = _numbers(heard), _numbers(sentence)
    if written - found - Counter("1"):
        return "none"  # written in digits, a number was surely said
    return "doubtful" if said != found and verdict == "near" else verdict


def _is_polite(negated: bool, heard: str) -> bool:
    return negated and bool(_POLITELY.search(heard))


def _numbers(text: str) -> Counter[str]:
    """Return the numbers of a sentence. A one is left out: whether it is an article, the rest of the sentence says."""
    numbers = Counter(_NUMBER.findall(text))
    del numbers["1"]
    return numbers
