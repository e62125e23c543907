"""What the voices have in common: where their files are, what can be said at all, and cutting long texts.

A voice gets text that is already words (speakable.py). It must still survive whatever a language model or a stranger on
the bus writes: a text without a single letter or digit is silence, not an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from appliance.audio import Pcm
from appliance.errors import ModelError

_UNSAYABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff<>&\[\]{}|\\]+")
"""Control characters, lone surrogates (native code cannot take them), and what is markup for one voice or another."""
_LONG_WORD = re.compile(r"(\S{30})(?=\S)")
"""Longer than any word of French or English; Pico never comes back from 200 letters without a space."""
_MARK = re.compile(r"[.!?…;:,]+(?=\s|$)")
_SENTENCE_PAUSE_SECONDS = 0.3
_CLAUSE_PAUSE_SECONDS = 0.12
_LEAD_SECONDS = 0.03
_QUIET = 200
"""Amplitude under which sound at either end counts as silence."""


def files(models: Path, name: str, *wanted: str) -> list[Path]:
    """Return the files of the model `name`, each of `wanted` a pattern. Raises ModelError where one is missing."""
    found = [next(iter(sorted((models / name).glob(pattern))), None) for pattern in wanted]
    if None in found:
        raise ModelError("model-missing", name=name, path=models / name)
    return [path for path in found if path is not None]


def sayable(text: str) -> str:
    """Return `text` without what no voice can say, endless words broken; "" where no letter or digit is left."""
    text = " ".join(_UNSAYABLE.sub(" ", unicodedata.normalize("NFC", text)).split())
    text = _LONG_WORD.sub(r"\1 ", text)
    return text if any(character.isalnum() for character in text) else ""


def pieces(text: str, least: int, most: int) -> Iterator[str]:
    """Cut `text` after the first mark that comes at `least` characters or later, else at a space before `most`.

    The first piece is heard while the next is made; no piece is longer than `most`, whatever was written.
    """
    while text := text.strip():
        end = next((mark.end() for mark in _MARK.finditer(text) if mark.end() >= least), len(text))
        if end > most:
            end = text.rfind(" ", 1, most) + 1 or most
        yield text[:end].strip()
        text = text[end:]


def trim(pcm: Pcm, rate: int, text: str) -> Pcm:
    """Return the sound of `text` with next to no silence before it, and after it the pause that its last mark asks for.

    Some voices surround every piece with half a second: heard late at its beginning, and as a stumble between clauses.
    """
    loud = np.flatnonzero(np.abs(pcm.astype(np.int32)) > _QUIET)
    if len(loud) == 0:
        return pcm[:0]
    pause_seconds = _CLAUSE_PAUSE_SECONDS if text.rstrip()[-1:] in ",;:" else _SENTENCE_PAUSE_SECONDS
    first = max(0, int(loud[0]) - int(_LEAD_SECONDS * rate))
    return pcm[first : int(loud[-1]) + int(pause_seconds * rate)]
