"""What was said, for the language model's tools: which names, places, numbers and lengths of time, and what is wished.

Everything works on a sentence that `heard` has folded: no accents, numbers as digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from appliance.folding import fold
from appliance.home import Area, Floor, Home, Thing
from appliance.spoken_numbers import digits
from appliance.tools_words import (
    DIRECTIONS,
    DONE,
    EVERYWHERE,
    FORBIDDEN,
    FORBIDDEN_AFTER,
    GOVERNED,
    KINDS,
    PAST,
    PLAIN,
    POLITE,
    SPAN,
    STARTS,
    WISHED,
    found,
)

_CLAUSE = re.compile(r"(?<!\d)[,.]|[,.](?!\d)|[;:!?…«»()\"]|\s[-–—]\s")
_IMPERATIVE = re.compile(r"(\w+)-(moi|le|la|les|nous|lui|leur)\b")
_POLITE_FORM = re.compile(r"\b(?!ass|ch|pouv|voul|pourri|voudri|av|sav|dev|all|veuill|aim|n|s'il)(\w{3,})ez\b")
_SMALL = frozenset(
    ["a", "au", "aux", "de", "des", "du", "d", "l", "la", "le", "les", "en", "un", "une", "the", "of", "in", "my"]
)
_INFINITIVE = re.compile(r"(?:er|ir|dre|ttre)$")
_UNITS = {
    "fr": (
        (r"3 quarts? d'heure", "", 2700),
        (r"(?:1|un)? ?quart d'heure", "", 900),
        (r"(?:1|une)? ?demi heure", "", 1800),
        (r"(\d+|une) (?:h|heures?) et demie", "1800", 3600),
        (r"(\d+|une) (?:h|heures?) et quart", "900", 3600),
        (r"(\d+|une) (?:h|heures?)", "", 3600),
        (r"(\d+|une) (?:mn|min|minutes?)", "", 60),
        (r"(\d+|une) (?:s|secondes?)", "", 1),
    ),
    "en": (
        (r"(?:3|three) quarters of an hour", "", 2700),
        (r"(?:a )?quarter of an hour", "", 900),
        (r"half an hour|(?:a )?half hour", "", 1800),
        (r"(\d+|an|one) hours? and a half", "1800", 3600),
        (r"(\d+|an|one) hours?", "", 3600),
        (r"(\d+|a|one) (?:min|minutes?)", "", 60),
        (r"(\d+|a|one) seconds?", "", 1),
    ),
}
LONGEST_SECONDS = 24 * 3600


def heard(text: str, language: str) -> str:
    """Return the sentence as it is looked at here: folded, its numbers as digits, its clauses apart by commas.

    A polite imperative becomes a familiar one; one with a pronoun behind it ("éteins-le") begins a clause.
    """
    if language != "en":
        text = _IMPERATIVE.sub(r", \1 \2", _POLITE_FORM.sub(r"\1e", text.lower().replace("’", "'")))
    clauses = (digits(fold(clause), language) for clause in _CLAUSE.split(text))
    said = " , ".join(clause for clause in clauses if clause)
    return " ".join(re.sub(POLITE.get(language, POLITE["fr"]), " ", said).split())


def names_in(said: str, known: Iterable[Thing | Area | Floor]) -> list[str]:
    """Return those of these names of which every word was said, as the owner writes them, the longest first.

    A name that is but a part of another is not meant: "volet" in "volet du salon".
    """
    words = _words(said)
    named: dict[str, set[str]] = {}
    for one in known:
        spoken = [_words(fold(alias)) for alias in (one.name, *one.aliases)]
        if said_ones := [alias for alias in spoken if alias and alias <= words]:
            named[one.name] = max(said_ones, key=len)
    whole = [name for name, spoken in named.items() if not any(spoken < other for other in named.values())]
    return sorted(whole, key=lambda name: -len(named[name]))


def _words(folded: str) -> set[str]:
    bare = (word.rstrip("sx") or word for word in re.split(r"[ ']", folded) if word not in _SMALL)
    return {word for word in bare if word}


def things_said(said: str, home: Home, language: str) -> list[Thing]:
    """Return the things whose names were said, but for those of another room than the one that was said.

    A name that is only the noun of its kind ("Volet") means the kind where a room or "all" was said with it.
    """
    places = names_in(said, (*home.areas.values(), *home.floors.values()))
    everywhere = found(EVERYWHERE, said, language)
    things = []
    for name in names_in(said, home.things.values()):
        apart = [place for place in places if not _words(fold(place)) <= _words(fold(name))]
        if (apart or everywhere) and _is_noun(name, language):
            continue
        same = (thing for thing in home.find(name=name) if thing.name == name)
        things += [t for t in same if not (apart and t.area) or {t.area, home.floor_of(t)} & set(apart)]
    return things


def _is_noun(name: str, language: str) -> bool:
    nouns = (kind.nouns.get(language, kind.nouns["fr"]) for kind in KINDS.values())
    return any(re.fullmatch(noun, fold(name)) for noun in nouns)


def numbers_in(said: str, names: Iterable[str]) -> list[float]:
    """Return the numbers that were said, but for those that belong to these names."""
    for name in names:
        said = said.replace(fold(name), " ")
    return list(dict.fromkeys(float(number) for number in re.findall(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])", said)))


def seconds_in(said: str, language: str) -> int:
    """Return the one length of time that was said, in seconds; 0: none, or several, or the hour of the day."""
    spans: list[tuple[int, int, int]] = []
    for pattern, more, unit in _UNITS.get(language, _UNITS["fr"]):
        for match in re.finditer(rf"\b(?:{pattern})\b", said):
            if all(match.end() <= start or match.start() >= end for start, end, _ in spans):
                count = int(match[1]) if match.groups() and match[1].isdigit() else 1
                spans.append((match.start(), match.end(), count * unit + int(more or 0)))
    spans.sort()
    if not spans or re.search(SPAN.get(language, SPAN["fr"]), said[: spans[0][0]].rstrip()):
        return 0
    between = [said[end:start].strip() for (_, end, _), (start, _, _) in pairwise(spans)]
    total = sum(seconds for _, _, seconds in spans)
    return total if set(between) <= {"", "et", "and"} and total <= LONGEST_SECONDS else 0


def wished(direction: str, said: str, language: str) -> bool:
    """Tell whether a verb asks for this direction: told as a wish, not as what was, is or must not be."""
    language = language if language in PAST else "fr"
    for match in re.finditer(rf"\b(?:{DIRECTIONS[direction].verbs[language]})(?!\w)", said):
        if _demanded(match[0], said[: match.start()], said[match.end() :], language):
            return True
    done = DONE.get(direction, {}).get(language)
    forbidden = r"(?<!ne )(?<!n')"
    wish = rf"{forbidden}\b(?:{WISHED[language]}) (?!pas |not )(?:[\w']+ ){{0,4}}?(?:{done})\b"
    return done is not None and re.search(wish, said) is not None


def _demanded(verb: str, before: str, after: str, language: str) -> bool:
    bare = before.rstrip()
    if re.search(FORBIDDEN[language], bare) or re.search(FORBIDDEN_AFTER[language], after):
        return False
    if language == "fr" and _INFINITIVE.search(verb.split()[0]):
        return re.search(GOVERNED[language] + "$", before) is not None
    if re.search(PAST[language], bare):
        return False
    plain = re.match(PLAIN[language], verb) is not None
    return plain or any(re.search(start, before) for start in STARTS[language])


def is_said(item: str, said: str, language: str) -> bool:
    """Tell whether these words were said, in this order."""
    folded = heard(item, language)
    return bool(folded) and re.search(rf"(?<!\w){re.escape(folded)}(?!\w)", said) is not None
