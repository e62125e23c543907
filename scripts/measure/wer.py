"""Word error rate, after what does not matter was made equal: case, punctuation, hyphens, numbers, percent signs.

Numbers are compared as digits ("quatre-vingts" = "80"), by text2num; elisions are words of their own ("l'heure" = "l heure").
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from text_to_num import alpha2digit


def words(text: str, language: str = "fr") -> list[str]:
    """Return the words of `text` as they are compared."""
    text = text.lower().replace("’", "'").replace("œ", "oe").replace("%", " pourcent ")
    text = re.sub(r"\bpour cent\b|\bpourcents\b", "pourcent", text)
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
    """Errors over many sentences."""

    errors: int = 0
    words: int = 0
    exact: int = 0
    sentences: int = 0

    def add(self, wanted: str, got: str) -> None:
        """Count one sentence."""
        expected, heard = words(wanted), words(got)
        self.errors += distance(expected, heard)
        self.words += len(expected)
        self.exact += expected == heard
        self.sentences += 1

    @property
    def rate(self) -> float:
        """Word error rate, 0 and more."""
        return self.errors / self.words if self.words else 0.0
