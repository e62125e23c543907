"""How sentences are compared: what only spelling tells apart is folded away, on both sides, and fillers are skipped."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

FILLERS = {
    "fr": [
        *("s'il te plait", "s'il vous plait", "stp", "svp", "dis moi", "dites moi", "dis", "dites", "merci", "grillon"),
        *(
            "tu peux me dire",
            "peux tu me dire",
            "vous pouvez me dire",
            "pouvez vous me dire",
            "est ce que tu peux me dire",
            "est ce que vous pouvez me dire",
            "pourrais tu me dire",
            "tu pourrais me dire",
            "pourriez vous me dire",
            "vous pourriez me dire",
        ),
        *("est ce que tu sais", "tu sais", "bon", "alors", "eh bien", "et", "euh", "allez", "ok", "hop", "voila"),
        *(
            "je voudrais savoir",
            "j'aimerais savoir",
            "peux tu",
            "tu peux",
            "est ce que tu peux",
            "pourrais tu",
            "tu pourrais",
        ),
        *(
            "vous pouvez",
            "pouvez vous",
            "est ce que vous pouvez",
            "pourriez vous",
            "vous pourriez",
            "veux tu",
            "veux tu bien",
            "tu veux bien",
        ),
        *("voulez vous", "voulez vous bien", "vous voulez bien", "veuillez"),
        *(
            "ben",
            "bah",
            "heu",
            "hum",
            "hein",
            "he",
            "hey",
            "vas y",
            "allez y",
            "donc",
            "s'te plait",
            "ste plait",
            "si possible",
        ),
        *(
            "faudrait",
            "faut",
            "faudrait que tu",
            "faut que tu",
            "on peut",
            "est ce qu'on peut",
            "est ce qu'on pourrait",
        ),
        *("si tu pouvais", "si tu peux", "si vous pouviez", "si vous pouvez", "tout de suite", "vite"),
        *(
            "est ce que",
            "je veux que tu",
            "je voudrais que tu",
            "j'aimerais que tu",
            "je veux que vous",
            "je voudrais que vous",
            "j'aimerais que vous",
            "il faudrait",
            "il faudrait que tu",
            "il faudrait que vous",
            "il faut",
            "il faut que tu",
            "il faut que vous",
            "maintenant",
        ),
    ],
    "en": [
        *("please", "tell me", "can you", "could you", "can you tell me", "could you tell me", "would you", "thanks"),
        *(
            "i would like to know",
            "do you know",
            "hey",
            "grillon",
            "i want you to",
            "i'd like you to",
            "thank you",
            "ok",
        ),
    ],
}
"""Politeness and hesitation, folded; wherever they stand, a sentence means the same without them."""

_HOMOPHONES = re.compile(r"\bquel(?:le|les|s)\b")
"""What sounds alike and only grammar tells apart: a recogniser writes either."""

_POLITE = re.compile(r"\b(?!(?:rendez|assez|chez)\b)(\w{3,})ez\b")
_IRREGULAR = {
    "mettr": "mettre",
    "mett": "mettre",
    "remett": "remettre",
    "ouvr": "ouvrir",
    "eteign": "eteindre",
    "repren": "reprendre",
    "pren": "prendre",
    "descend": "descendre",
    "suspend": "suspendre",
    "li": "lire",
    "interromp": "interrompre",
    "diriez": "dire",
    "mainten": "maintenir",
    "finiss": "finir",
    "reduis": "reduire",
}


_WISHED = re.compile(r"^(\w{2,}?)(?:es|ier)\b")
"""What follows "je veux que tu", and "que vous" once it is folded: "allumes", "allumiez"."""


def _infinitive(match: re.Match[str]) -> str:
    """Return "allumer" for "allumez" or "que tu allumes": the polite imperative, which sounds the same, or nearly."""
    return _IRREGULAR.get(match[1], f"{match[1]}er")


def _sound(folded: str) -> str:
    return _POLITE.sub(_infinitive, _HOMOPHONES.sub("quel", folded))


def fold(text: str) -> str:
    """Return `text` as sentences are compared: lower case, no accents, no punctuation, % and ° as words."""
    text = text.lower().replace("’", "'").replace("%", " pour cent ").replace("œ", "oe").replace("°c", " degres ")
    text = without_accents(text.replace("°", " degres "))
    text = re.sub(r"(?<=\d)[.,](?=\d)", "\0", text)  # a decimal number stays one word
    text = re.sub(r"(?<!\d)[-–](?=\d)", " moins ", text)
    text = re.sub(r"[^\w'\0 ]|_", " ", text).replace("\0", ".")
    return _sound(" ".join(text.split()))


def fold_template(template: str) -> str:
    """Return a sentence template folded likewise; what is template stays template."""
    folded = without_accents(template.lower().replace("’", "'").replace("œ", "oe")).replace("-", " ")
    return _sound(folded)


def without_accents(text: str) -> str:
    """Return `text` in plain letters: é as e, ç as c."""
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def without_fillers(folded: str, language: str) -> str:
    """Return a folded sentence without the fillers at its beginning and end; never without everything."""
    before = folded if language not in FILLERS else ""
    while folded != before:
        before = folded
        if match := _fillers(language).match(folded):
            folded = folded[match.end() :] or folded
            if match[0].endswith((" que tu ", " que vous ")):
                folded = _WISHED.sub(_infinitive, folded)
        if match := _trailing(language).search(folded):
            folded = folded[: match.start()] or folded
    return folded


def without_polite_words(text: str, language: str) -> str:
    """Return a text as it was written, without the fillers at its beginning and end; never without everything."""
    fillers = frozenset(_sound(filler) for filler in FILLERS.get(language, ()))
    words = text.split()

    def fit(part: list[str]) -> bool:
        return fold(" ".join(part)) in fillers

    while count := next((n for n in range(min(_LONGEST_FILLER, len(words) - 1), 0, -1) if fit(words[:n])), 0):
        words = words[count:]
    while count := next((n for n in range(min(_LONGEST_FILLER, len(words) - 1), 0, -1) if fit(words[-n:])), 0):
        words = words[:-count]
    return " ".join(words)


def without_asides(folded: str) -> str:
    """Return a folded sentence without what may stand behind its verb and changes nothing: "allume-moi", "éteins donc"."""
    return _ASIDE.sub(r"\1 ", _YOU.sub("", folded))


_YOU = re.compile(r"^(?:tu|vous) (?:me|nous) (?=\w)")
_ASIDE = re.compile(r"^(\w+) (?:moi|nous|donc|aussi|juste|vite|tout de suite|just|also) (?=\w)")
_LONGEST_FILLER = 7
"""Words."""


@cache
def _fillers(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{_alternatives(language)})(?: (?:de|d'|que|qu'))?(?: |$|(?<='))")


@cache
def _trailing(language: str) -> re.Pattern[str]:
    return re.compile(rf"(?:^| )(?:{_alternatives(language)})$")


def _alternatives(language: str) -> str:
    """Return them as they are once folded: "pouvez vous" is then "pouver vous"."""
    fillers = {_sound(filler) for filler in FILLERS[language]}
    return "|".join(re.escape(filler) for filler in sorted(fillers, key=len, reverse=True))
