"""Which spelling of words that sound alike to show: "éteins toutes les lampes", not "eteins toute les lampe". Pure.

The index finds a sentence by its sound, and templates write many words several ways. What a person is asked back is read on
a screen too, so accents win, and a noun goes with its article.
"""

from __future__ import annotations

from collections.abc import Sequence

PLURAL = frozenset(("les", "des", "aux", "mes", "tes", "ses", "nos", "vos", "ces", "the"))
_ENDINGS = ("s", "x")


def spelled(words: Sequence[Sequence[str]]) -> list[str]:
    """Return one spelling for each word; `words`: the spellings of each, in order."""
    chosen = [max(spellings, key=_accents) for spellings in words]
    for number, spellings in enumerate(words):
        around = [*chosen[max(0, number - 1) : number], *chosen[number + 1 : number + 2]]
        plural = any(word in PLURAL or (word.isdigit() and word not in ("0", "1")) for word in around)
        variants = [word for word in spellings if _stem(word) == _stem(chosen[number]) and word not in PLURAL]
        agreeing = [word for word in variants if word.endswith(_ENDINGS) == plural]
        chosen[number] = max(agreeing, key=_accents, default=chosen[number])
    return chosen


def _stem(words: str) -> str:
    return "tou" if words == "tout" else words.rstrip("".join(_ENDINGS))


def _accents(word: str) -> int:
    return sum(not char.isascii() for char in word)
