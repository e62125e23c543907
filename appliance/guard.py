"""What must never reach the voice: markup, data, emoji, addresses, other scripts, loops and answers without end.

`plain` turns a written sentence into words that can be read aloud; `Guard` watches the sentences of one answer and ends it
where a small model runs in circles, slips into another script, or does not stop.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections import Counter

SPOKEN_CHARACTERS = 900
"""About sixty seconds of speech."""
RUNAWAY_FACTOR = 1.3
"""An answer that never ends its sentence is cut at this many times the limit."""
FOREIGN_SHARE = 0.3
"""From this part of letters in another script on, a sentence is not French or English any more."""
LONG_SENTENCE_WORDS, SHORT_SENTENCE_TIMES = 4, 4
"""A sentence of so many words may be said once; a shorter one ("Oui.") less often than this."""
LOOP_WORDS, LOOP_TIMES, LOOP_LENGTH_WORDS = 12, 3, 6
"""A loop: up to so many words, so many times in a row, so many words in all."""
PHRASE_WORDS, PHRASE_TIMES = 8, 3
"""A loop, too: so many words in the same order, this often anywhere in the answer."""

_LINK = re.compile(r"!?\[([^\]]*)\]\([^)\s]*(?:\s+\"[^\"]*\")?\)")
_ADDRESS = re.compile(
    r"(?:https?://|www\.)(?:www\.)?([\w-]+(?:\.[\w-]+)*)(?:[^\s)\]>]*[^\s)\]>.,;:!?…])?", re.IGNORECASE
)
_LATEX = [
    (re.compile(r"\\(?:d?frac)\{([^{}]*)\}\{([^{}]*)\}"), r"\1 / \2"),
    (re.compile(r"\\(?:times|cdot)\b"), " × "),
    (re.compile(r"\\div\b"), " ÷ "),
    (re.compile(r"\\approx\b"), " ≈ "),
    (re.compile(r"\\(?:text|boxed|mathrm|mathbf)\{([^{}]*)\}"), r"\1"),
    (re.compile(r"\$(?=\S)([^$\n]{1,40}?)(?<=\S)\$(?!\d)"), r"\1"),
    (re.compile(r"\\[a-zA-Z]+\b|\\[()\[\],;!]|\$\$"), " "),
]
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>")
_DATA = re.compile(r"[{\[]\s*[{\[\"][^.!?]*?[:\[{]")
_NOTE = re.compile(r"\[\^?\d{1,3}\]")
_LEADING = re.compile(r"^\s*(?:(?:#{1,6}|>+|[-*+•‣▪◦–—]|[a-zA-Z]\))(?:\s+|$)|\[[ xX]\]\s+)+")
_SNAKE = re.compile(r"(?<=\w)_(?=\w)")
_PRODUCT = re.compile(r"(?<=\d)\s*\*\s*(?=\d)")
_MARKS = re.compile(r"\*+|~~|`+|(?<!\w)_+|_+(?!\w)|^#+|\|\s*:?-{2,}[\s|:-]*")
_ARROW = re.compile(r"\s*(?:[←-⇿⟵-⟿]|[-=]+>|<[-=]+)\s*|\s+[•‣▪◦]\s+")
_PICTURE = re.compile(
    "[\U0001f000-\U0001faff\U000e0000-\U000e007f\u2300-\u23ff\u2460-\u27bf\u2900-\u2bff\ufe0f\u200b-\u200f\u20e3]"
)
_FOREIGN = re.compile(
    "[\u0400-\u1cff\u1f00-\u1fff\u2c00-\u2dff\u2e80-\ua7ff\ua830-\ud7ff\uf900-\ufaff\ufb1d-\ufdff\ufe30-\uffef\U00010000-\U0001efff"
    "\U00020000-\U0003ffff]|[\u0370-\u03ff]{2,}"
)
_EMPTY_PAIR = re.compile(r"\(\s*[,;:.]*\s*\)|«\s*»|\"\s*\"|“\s*”")
_SPACES = re.compile(r"\s+")
_SPACE_BEFORE = re.compile(r"\s+([,.)…])")
_EDGES = re.compile(r"^(?:[\s,;:–—]|-\s)+|[\s–—\\-]+$")


def plain(sentence: str) -> str:
    """Return the sentence as it can be read aloud, or "" where nothing of it can.

    Markup goes, a link becomes its text, an address the name of its site, a table's row a list of its cells. A line that
    ended without punctuation (a heading, an item) gets its full stop where `sentence` ends in a line break.
    """
    text = html.unescape(sentence).strip()
    text = _TAG.sub(" ", _LINK.sub(lambda m: "" if m[0][0] == "!" else m[1], text))
    text = _ADDRESS.sub(lambda m: _site(m[1]), _NOTE.sub("", text))
    for pattern, words in _LATEX:
        text = pattern.sub(words, text)
    text = _MARKS.sub("", _SNAKE.sub(" ", _PRODUCT.sub(" × ", _LEADING.sub("", text))))
    text = ", ".join(cell for part in text.split("|") if (cell := part.strip()))
    text = _tidy(_PICTURE.sub("", _ARROW.sub(", ", text)))
    bare_line = sentence.endswith("\n") and (text[-1:].isalnum() or text[-1:] in (*')»"”%€',))
    return text + "." if bare_line else text


def readable(sentence: str) -> str:
    """Return the sentence without the words in a script that the voices cannot read."""
    return _tidy(_FOREIGN.sub("", sentence))


def foreign_share(sentence: str) -> float:
    """Return which part of the letters is of such a script, 0 to 1."""
    letters = sum(c.isalpha() for c in sentence)
    foreign = sum(c.isalpha() for m in _FOREIGN.finditer(sentence) for c in m[0])
    return foreign / letters if letters else 0.0


def _tidy(text: str) -> str:
    """Close the gaps that removed words leave; "" where no letter and no digit is left."""
    text = _SPACES.sub(" ", _EMPTY_PAIR.sub("", text))
    text = _EDGES.sub("", _SPACE_BEFORE.sub(r"\1", text))
    return text if any(c.isalnum() for c in text) else ""


def _site(host: str) -> str:
    """Return the name of a site: "wikipedia" for fr.wikipedia.org."""
    labels = host.strip(".,;!?").split(".")
    return labels[-2] if len(labels) > 1 else labels[0]


class Guard:
    """Watches the sentences of one answer. `over` tells that nothing more must be said."""

    def __init__(self, characters: int = SPOKEN_CHARACTERS) -> None:
        self.over = False
        self._limit = characters
        self._said = 0
        self._sentences: Counter[str] = Counter()
        self._words: list[str] = []
        self._phrases: Counter[tuple[str, ...]] = Counter()

    def admit(self, sentence: str) -> str:
        """Return what of the sentence may be said: all, a beginning, or "" (then look at `over`)."""
        if self.over:
            return ""
        if foreign_share(sentence) >= FOREIGN_SHARE:
            self.over = True
            return ""
        sentence = readable(sentence)
        if data := _DATA.search(sentence):
            self.over = True  # a model that writes data does not come back to talk
            sentence = sentence[: data.start()].rstrip()
        key = _folded(sentence)
        self._sentences[key] += 1
        if self._sentences[key] >= (2 if len(key.split()) >= LONG_SENTENCE_WORDS else SHORT_SENTENCE_TIMES):
            self.over = True
            return ""
        sentence = self._without_loop(sentence)
        self._said += len(sentence)
        ended = sentence.rstrip('»"”) ').endswith((".", "!", "?", "…"))
        self.over |= self._said >= self._limit * (1 if ended else RUNAWAY_FACTOR)
        return sentence

    def _without_loop(self, sentence: str) -> str:
        """Cut the sentence before the word that closes a loop, and end the answer there."""
        for match in re.finditer(r"[\w'’]+", sentence):
            self._words.append(_folded(match[0]))
            if loop := self._loop():
                self.over = True
                # What was said once is fine; its repetitions go, as far as they are in this sentence.
                words = list(re.finditer(r"[\w'’]+", sentence[: match.end()]))
                first = len(words) - loop
                return sentence[: words[first].start()].rstrip(" ,;:") if first > 0 else ""
        return sentence

    def _loop(self) -> int:
        """Return how many of the last words only repeat what was said before them; 0: none."""
        words = self._words
        for size in range(1, LOOP_WORDS + 1):
            unit, times = words[-size:], 1
            while len(words) >= size * (times + 1) and words[-size * (times + 1) : len(words) - size * times] == unit:
                times += 1
            if times >= LOOP_TIMES and size * times >= LOOP_LENGTH_WORDS:
                return size * (times - 1)
        if len(words) >= PHRASE_WORDS:
            phrase = tuple(words[-PHRASE_WORDS:])
            self._phrases[phrase] += 1
            if self._phrases[phrase] >= PHRASE_TIMES:
                return PHRASE_WORDS
        return 0


def _folded(text: str) -> str:
    """Return the words alone: lower case, no accents, no punctuation."""
    bare = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))
    return " ".join(re.findall(r"\w+", bare))
