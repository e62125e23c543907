"""A stream of text as it is thought -> a stream of pieces as they are spoken.

The first piece may be a clause ("La tour Eiffel se trouve à Paris,"): it is heard while the rest is being thought. After it
come whole sentences, which sound better. Where a piece ends depends on the text alone, never on how the stream was cut: a
place where a sentence may end is decided once the first character after it is known, hence one token later.
"""

from __future__ import annotations

import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Iterator

from appliance.guard import Guard, plain

CLAUSE_WORDS = 4
"""The first clause has at least so many words: a shorter one is over before the next piece is ready."""
LONGEST_CHARACTERS = 200
"""A sentence longer than this is cut at a comma, or else at a space..."""
EARLIEST_CUT = 60
"""... the comma being no earlier than this."""

_PLACE = re.compile(
    r"""(?P<end>[.!?…]+(?:[ \u00a0\u202f]?»|["”’')\]*_])*(?:\s+|\Z))   # a mark, what closes with it, white space
      | (?P<han>[。！？]+)
      | (?P<line>[^\S\n]*\n\s*)
      | (?P<clause>[,;:](?:[^\S\n]+|\Z) | [ \u00a0\u202f][–—-](?:\s+|\Z))""",
    re.VERBOSE,
)
_SOFT_CUT = re.compile(r"[,;:](?=\s)|(?<=\s)[–—-](?=\s)")
_LAST_WORD = re.compile(r"[^\s(«\"“'’]*$")
_DOTTED = re.compile(r"(?:[^\W\d_]\.-?)*[^\W\d_]")
_ENTITY = re.compile(r"&#?\w{1,8}$")
_NUMBERED = re.compile(r"(\d{1,2})[.)]\s+")
# Words that are also said in full ("sept", "art", "no") or are units ("m", "mm") are not here: they may end a sentence.
_WORDS = (
    "M MM mme mmes mlle mlles mgr dr drs pr prs st ste sts stes p pp chap fig env cf ex tél tel bd boul av apr adj adv cit éd "
    "janv févr avr juil oct nov déc mr mrs ms prof sr jr vs e.g i.e gov sen rev capt col sgt approx dept jan feb aug dec"
)
_ABBREVIATIONS = frozenset(_WORDS.split())
_FENCE = "```"


class Splitter:
    """Cuts a text that comes in bits into speakable pieces. Code between ``` is left out."""

    def __init__(self) -> None:
        self._text = ""
        self._backticks = ""
        self._in_code = False
        self._at_line_start = True
        self._item = 0
        self._first = True

    def feed(self, piece: str) -> list[str]:
        """Take the next text; return the pieces that are complete now."""
        self._text += self._without_code(piece)
        return self._cut(last=False)

    def end(self) -> list[str]:
        """The text is over: return what is left of it."""
        return self._cut(last=True)

    def _without_code(self, piece: str) -> str:
        parts = (self._backticks + piece).split(_FENCE)
        closed = parts[-1].rstrip("`")
        self._backticks, parts[-1] = parts[-1][len(closed) :], closed  # half a fence, perhaps
        prose = []
        for number, part in enumerate(parts):
            if number:
                self._in_code = not self._in_code
            prose.append("" if self._in_code else part)
        return "\n".join(prose)

    def _cut(self, *, last: bool) -> list[str]:
        pieces: list[str] = []
        while True:
            text = self._text.lstrip()
            self._at_line_start |= "\n" in self._text[: len(self._text) - len(text)]
            self._text = text
            end = self._next_end(text, last)
            if not end:
                return pieces
            pieces += self._spoken(text[:end], line_over="\n" in text[end:][: _blank(text[end:])])
            self._text, self._at_line_start = text[end:], False

    def _spoken(self, written: str, *, line_over: bool) -> list[str]:
        if marker := self._marker(written):
            self._item = int(marker[1])
            written = written[marker.end() :]
        words = plain(written + "\n" * line_over)
        self._first = self._first and not words
        return [words] if words else []

    def _next_end(self, text: str, last: bool) -> int:
        """Return where the first piece of `text` ends; 0: it is not complete, or not known yet."""
        for place in _PLACE.finditer(text, endpos=len(text)):
            if place.start() > LONGEST_CHARACTERS:
                break
            if place.lastgroup == "clause" and not self._first:
                continue
            if place.end() == len(text) and not last and place.lastgroup != "han":
                return 0  # what follows decides
            if self._is_end(text, place):
                return place.start() + len(place[0].rstrip()) if place.lastgroup != "clause" else _clause_end(place)
        if len(text) > LONGEST_CHARACTERS:
            return _soft_end(text)
        return len(text) if last else 0

    def _is_end(self, text: str, place: re.Match[str]) -> bool:
        before, following = text[: place.start()], text[place.end() : place.end() + 1]
        match place.lastgroup:
            case "clause":
                return (
                    not _ENTITY.search(before)
                    and sum(any(c.isalnum() for c in word) for word in before.split()) >= CLAUSE_WORDS
                )
            case "line":
                wrapped = following.islower() and place[0].count("\n") == 1
                return bool(before) and (not wrapped or before.startswith("#"))
            case "end":
                if following.islower() or following in tuple("!?;:»)…,"):
                    return False
                return place[0].rstrip() != "." or not self._is_abbreviated(before, place)
        return True

    def _is_abbreviated(self, before: str, place: re.Match[str]) -> bool:
        """Tell whether the full stop after `before` belongs to its last word."""
        word = _LAST_WORD.search(before)
        assert word
        if marker := self._marker(place.string):
            return marker.end() == place.end()
        if word[0] in _ABBREVIATIONS or word[0].lower() in _ABBREVIATIONS:
            return True
        return word[0].isupper() and bool(_DOTTED.fullmatch(word[0])) and word[0] != "J.-C"

    def _marker(self, text: str) -> re.Match[str] | None:
        """Return the number of a list's item where `text` begins with one: 1, or the one after the last."""
        marker = _NUMBERED.match(text) if self._at_line_start else None
        return marker if marker and int(marker[1]) in (1, self._item + 1) else None


def _blank(text: str) -> int:
    return len(text) - len(text.lstrip())


def _clause_end(place: re.Match[str]) -> int:
    """A comma belongs to the clause, a dash does not."""
    return place.start() + (place[0][0] in ",;:")


def _soft_end(text: str) -> int:
    """Return where to cut a sentence that is too long."""
    window = text[:LONGEST_CHARACTERS]
    commas = [m.end() for m in _SOFT_CUT.finditer(window, EARLIEST_CUT)]
    return (
        commas[-1]
        if commas
        else max(window.rfind(" "), window.rfind("\u00a0"))
        if " " in window
        else LONGEST_CHARACTERS
    )


def split(stream: Iterable[str], *, guarded: bool = True) -> Iterator[str]:
    """Yield the pieces of a text that comes in bits.

    `guarded`: a loop, a runaway answer or another script ends it (guard.py); leave it out for what a person wrote.
    """
    splitter, guard = Splitter(), Guard() if guarded else None
    for piece in stream:
        yield from _admitted(splitter.feed(piece), guard)
        if guard and guard.over:
            return
    yield from _admitted(splitter.end(), guard)


async def pieces(stream: AsyncIterator[str], *, guarded: bool = True) -> AsyncGenerator[str, None]:
    """Yield the pieces of a text that comes in bits; as `split`, asynchronously."""
    splitter, guard = Splitter(), Guard() if guarded else None
    async for piece in stream:
        for spoken in _admitted(splitter.feed(piece), guard):
            yield spoken
        if guard and guard.over:
            return
    for spoken in _admitted(splitter.end(), guard):
        yield spoken


def _admitted(spoken: list[str], guard: Guard | None) -> list[str]:
    return [words for piece in spoken if (words := guard.admit(piece) if guard else piece)]
