"""Word error rate, after what does not matter was made equal: case, punctuation, hyphens, numbers, percent signs.

Numbers are compared as digits ("quatre-vingts" = "80"), by text2num; elisions are words of their own ("l'heure" = "l heure").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from text_to_num import alpha2digit

PERCENT = {"fr": (" pourcent ", r"\bpour cent\b|\bpourcents\b"), "en": (" percent ", r"\bper cent\b")}


def words(text: str, language: str) -> list[str]:
    """Return the words of `text` as they are compared."""
    sign, other_spellings = PERCENT[language]
    text = text.lower().replace("’", "'").replace("œ", "oe").replace("%", sign)
    text = re.sub(other_spellings, sign.strip(), text)
    text = re.sub(r"[^\w%']|_", " ", text).replace("'", " ")
    text = alpha2digit(" ".join(text.split()), language)
    return re.sub(r"[^\w]", " ", text.lower()).split()


def distance(wanted: list[str], got: list[str]) -> int:
    """Return the least number of words to replace, insert or drop (Levenshtein)."""
    row = list(range(len(got) + 1))
    for i, word in enumerate(wanted, 1):
        last, row[0] = row[0], i
        for j, other in enumerate(got, 1):
            last, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, last + (word != other))
    return row[-1]


@dataclass
class Score:
    """Errors and time over many sentences of a language."""

    language: str
    errors: int = 0
    words: int = 0
    exact: int = 0
    sentences: int = 0
    milliseconds: float = 0.0

    def add(self, wanted: str, got: str, milliseconds: float = 0.0) -> None:
        """Count one sentence, and what it took to read."""
        expected, heard = words(wanted, self.language), words(got, self.language)
        self.milliseconds += milliseconds
        self.errors += distance(expected, heard)
        self.words += len(expected)
        self.exact += expected == heard
        self.sentences += 1

    @property
    def rate(self) -> float:
        """Word error rate, 0 and more."""
        return self.errors / self.words if self.words else 0.0

    @property
    def mean_ms(self) -> float:
        """Milliseconds a sentence."""
        return self.milliseconds / self.sentences if self.sentences else 0.0
