"""How a text sounds: the phonemes of its words (IPA), and how far two phonemes are from each other.

Words are read one by one by the espeak-ng that piper-tts bundles, in any language that espeak-ng knows. Liaisons are thus
left out on both sides; a consonant too many between two words is cheap. Costs come from how sounds are made, not from a
table of one language: vowels by height, backness, rounding and nasality, consonants by place, manner and voice. So what
recognisers mix up ("étant" and "éteins", "minitaire" and "minuteur") is near, whatever the spelling.
Source: https://github.com/espeak-ng/espeak-ng (GPL-3.0-or-later); IPA chart, https://www.internationalphoneticassociation.org
"""

from __future__ import annotations

import importlib.util
import threading
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

from appliance.errors import EngineError

_VOICES = {"en": "en-gb-x-rp"}
"""Languages of the box that are voices of another name in espeak-ng."""
_IGNORED = set("ˈˌːˑ|‖.-_ \u200d\u035c\u0361ʲʰ'")
_LANGUAGE_SWITCH = ("(", ")")

_VOWELS: dict[str, tuple[float, float, float]] = {
    # height 0 (close) to 3 (open), backness 0 to 2, rounded
    "i": (0, 0, 0),
    "y": (0, 0, 1),
    "ɨ": (0, 1, 0),
    "ʉ": (0, 1, 1),
    "ɯ": (0, 2, 0),
    "u": (0, 2, 1),
    "ɪ": (0.5, 0.3, 0),
    "ʏ": (0.5, 0.3, 1),
    "ʊ": (0.5, 1.7, 1),
    "ᵻ": (0.5, 0.7, 0),
    "e": (1, 0, 0),
    "ø": (1, 0, 1),
    "ɘ": (1, 1, 0),
    "ɵ": (1, 1, 1),
    "ɤ": (1, 2, 0),
    "o": (1, 2, 1),
    "ə": (1.5, 0.6, 0.6),
    "ɚ": (1.5, 1, 0),
    "ɐ": (2.4, 1, 0),
    "ɛ": (2, 0, 0),
    "œ": (2, 0, 1),
    "ɜ": (2, 1, 0),
    "ʌ": (2, 2, 0),
    "ɔ": (2, 2, 1),
    "æ": (2.5, 0, 0),
    "a": (3, 0.5, 0),
    "ɑ": (3, 2, 0),
    "ɒ": (3, 2, 1),
}
_CONSONANTS: dict[str, tuple[float, str, int]] = {
    # place 0 (lips) to 10 (glottis), manner, voiced
    "p": (0, "stop", 0),
    "b": (0, "stop", 1),
    "t": (3, "stop", 0),
    "d": (3, "stop", 1),
    "ʈ": (4, "stop", 0),
    "k": (7, "stop", 0),
    "ɡ": (7, "stop", 1),
    "g": (7, "stop", 1),
    "q": (8, "stop", 0),
    "c": (6, "stop", 0),
    "ʔ": (10, "stop", 0),
    "ɟ": (6, "stop", 1),
    "ɖ": (4, "stop", 1),
    "f": (1, "fricative", 0),
    "v": (1, "fricative", 1),
    "θ": (2, "fricative", 0),
    "ð": (2, "fricative", 1),
    "s": (3, "fricative", 0),
    "z": (3, "fricative", 1),
    "ʃ": (4.5, "fricative", 0),
    "ʒ": (4.5, "fricative", 1),
    "ç": (6, "fricative", 0),
    "x": (7, "fricative", 0),
    "ɣ": (7, "fricative", 1),
    "χ": (8, "fricative", 0),
    "β": (0, "fricative", 1),
    "ɸ": (0, "fricative", 0),
    "h": (10, "fricative", 0),
    "ħ": (9, "fricative", 0),
    "m": (0, "nasal", 1),
    "n": (3, "nasal", 1),
    "ɲ": (6, "nasal", 1),
    "ŋ": (7, "nasal", 1),
    "ɱ": (1, "nasal", 1),
    "l": (3, "liquid", 1),
    "ɫ": (3, "liquid", 1),
    "ʎ": (6, "liquid", 1),
    "ɾ": (3.5, "liquid", 1),
    "r": (3.5, "liquid", 1),
    "ɹ": (3.5, "liquid", 1),
    "ʁ": (8, "liquid", 1),
    "ʀ": (8, "liquid", 1),
    "ɬ": (3, "liquid", 0),
    "j": (6, "glide", 1),
    "w": (0, "glide", 1),
    "ɥ": (5, "glide", 1),
    "ʋ": (1, "glide", 1),
}
_GLIDES = {"j": "iɪ", "w": "uʊo", "ɥ": "yiʏ"}
_MANNERS_APART = {
    frozenset(("stop", "fricative")): 0.4,
    frozenset(("stop", "nasal")): 0.4,
    frozenset(("fricative", "liquid")): 0.5,
    frozenset(("nasal", "liquid")): 0.4,
    frozenset(("liquid", "glide")): 0.35,
}
NASAL = "\u0303"
_NASAL_APART = 0.3
_VOICE_APART = 0.25
_VOWEL_FOR_CONSONANT = 1.1
_DEAREST = 1.0
LEFT_OUT = 0.85
"""Cost of a phoneme too many or too few."""
_WEAK = {"ə": 0.25, "h": 0.3, "ʔ": 0.2, "j": 0.6, "w": 0.6, "ɥ": 0.6, "ʁ": 0.7, "l": 0.75}
"""What is easily swallowed."""


class Phonemizer:
    """Reads words aloud, silently."""

    def __init__(self, language: str) -> None:
        """Load espeak-ng. `language`: of the box, or a name of espeak-ng's. Raises EngineError "engine-failed"."""
        self._voice = _VOICES.get(language, language)
        self._bridge = _bridge()
        self.phonemes = cache(self._phonemes)
        """word -> its phonemes."""

    def _phonemes(self, word: str) -> tuple[str, ...]:
        with _lock:
            try:
                self._bridge.set_voice(self._voice)
                spoken = self._bridge.get_phonemes(word)
            except RuntimeError as error:
                raise EngineError("engine-failed", stage="intent", engine="espeak-ng", detail=error) from error
        return split("".join(clause[0] for clause in spoken))


_lock = threading.Lock()
"""espeak-ng has one voice at a time."""


@cache
def _bridge() -> Any:
    """Load piper's binding without piper itself, which would bring onnxruntime along."""
    package = importlib.util.find_spec("piper")
    if package is None or not package.submodule_search_locations:
        raise EngineError("engine-failed", stage="intent", engine="espeak-ng", detail="piper-tts")
    folder = Path(package.submodule_search_locations[0])
    found = next(folder.glob("espeakbridge*.so"), None)
    spec = importlib.util.spec_from_file_location("espeakbridge", found) if found else None
    if spec is None or spec.loader is None:
        raise EngineError("engine-failed", stage="intent", engine="espeak-ng", detail=folder)
    bridge = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bridge)
    bridge.initialize(str(folder / "espeak-ng-data"))
    return bridge


def split(ipa: str) -> tuple[str, ...]:
    """Return the phonemes of an IPA string, without stress and length; a nasal vowel is one."""
    found: list[str] = []
    foreign = False
    for char in unicodedata.normalize("NFD", ipa):
        if char in _LANGUAGE_SWITCH:  # "(en)": espeak-ng says that it reads a word in another language
            foreign = char == "("
        elif foreign or char in _IGNORED:
            continue
        elif char == NASAL and found:
            found[-1] += char
        elif char == "\u0327" and found and found[-1] == "c":
            found[-1] = "ç"
        elif not unicodedata.combining(char):
            found.append(char)
    return tuple(found)


@cache
def apart(one: str, other: str) -> float:
    """Return what it costs to hear one phoneme for the other, 0 to 1.1."""
    if one == other:
        return 0.0
    (a, nasal_a), (b, nasal_b) = ((p.removesuffix(NASAL), p.endswith(NASAL)) for p in (one, other))
    nasality = _NASAL_APART if nasal_a != nasal_b else 0.0
    if a in _VOWELS and b in _VOWELS:
        height, back, rounded = (abs(x - y) for x, y in zip(_VOWELS[a], _VOWELS[b], strict=True))
        return min(_DEAREST, 0.2 * height + 0.15 * back + 0.15 * rounded + nasality)
    if a in _CONSONANTS and b in _CONSONANTS:
        (place, manner, voiced), (place2, manner2, voiced2) = _CONSONANTS[a], _CONSONANTS[b]
        far = 0.0 if place == place2 else 0.25 + 0.06 * abs(place - place2)
        differs = 0.0 if manner == manner2 else _MANNERS_APART.get(frozenset((manner, manner2)), 0.6)
        return min(_DEAREST, far + differs + (_VOICE_APART if voiced != voiced2 else 0.0))
    if b in _GLIDES.get(a, "") or a in _GLIDES.get(b, ""):
        return 0.3 + nasality
    return _VOWEL_FOR_CONSONANT


def alone(phoneme: str) -> float:
    """Return what it costs when a phoneme is not said, or said too much."""
    return _WEAK.get(phoneme, LEFT_OUT)
