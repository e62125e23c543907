"""From what was heard to what was meant: the exact sentence, else the one that sounds like it, else nothing.

    text ─▶ grammar: exact ─────────────────────────────▶ a match
       └─▶ other readings of the recogniser, exact ──┐
       └─▶ phonemes ─▶ nearest sayable sentence ─────┴─▶ near and alone: a match │ doubtful: ask │ far: no command

Nothing is done on a guess: a sentence that is not certain is asked back, and one that is far is none. How far is far was
calibrated on what whisper-base makes of home commands, against questions and talk that are no command (see the constants).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import ModuleType
from typing import Literal

from appliance.errors import EngineError
from appliance.folding import without_polite_words
from appliance.grammar import Grammar, OwnSentence
from appliance.home import Home
from appliance.nearest import Candidate, Index
from appliance.phonemes import Phonemizer
from appliance.sayable import index, sounds
from appliance.skills import Match
from appliance.unsaid import believed

log = logging.getLogger(__name__)

NEAR = 0.17
"""Up to this distance, the nearest sentence is taken for what was said..."""
APART, APART_SHARE = 0.01, 0.1
"""...where the next of another meaning is farther by APART, and by this share of the distance..."""
WORD = 0.3
"""...and no single word is farther than this from what was heard in its place ("ferme la bouche" is no shutter)."""
DOUBTFUL, DOUBTFUL_APART = 0.22, 0.09
"""Up to this distance the box asks, where one meaning stands out; beyond, it was no command."""
SURE = 0.75
"""A recogniser surer than this of its words makes any other sentence less likely, and distances grow; one less sure says
less against another sentence, and they shrink."""
SURE_WEIGHT, UNSURE_WEIGHT = 2.0, 0.67
"""By how much a distance grows, or shrinks, for each 1 of confidence above or below SURE."""
OTHER_READING = 0.03
"""How much farther a sentence counts for each reading that the recogniser held for likelier."""
CANDIDATES = 6
"""Blocks of sentences whose best is looked at."""
READINGS = 3
"""Readings of the recogniser that are looked at."""


_WHERE = ("name", "area", "floor", "domain", "device_class", "response", "everywhere")
"""Slots that say which things are meant."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What was made of an utterance, and why."""

    verdict: Literal["exact", "near", "doubtful", "none"]
    match: Match | None
    """What is meant; with "doubtful" what is probably meant."""
    heard: str
    sentence: str = ""
    """The sayable sentence."""
    distance: float = 0.0
    runner_up: str = ""
    """The nearest sentence of another meaning."""
    runner_up_distance: float = 0.0
    seconds: float = field(default=0.0, compare=False)


class Understanding:
    """Understands one language in one home. Compiled at first use and whenever a name of the home changed."""

    def __init__(
        self, language: str, home: Home, skills: Mapping[str, ModuleType], own: Sequence[OwnSentence] = ()
    ) -> None:
        self.language, self._home, self._skills, self._own = language, home, skills, own
        self._version = -1
        self._phonemizer: Phonemizer | None = None
        self._kept_up = False
        """True while `keep_up` is called: then a turn goes on with the names of a moment ago, rather than wait."""
        self.index: Index | None = None
        """None where espeak-ng does not know the language, or is not there: then only exact sentences are understood."""

    @property
    def is_current(self) -> bool:
        """False where a name of the home changed since the sentences were compiled."""
        return self._version == self._home.names_version

    def compile(self) -> None:
        """Compile the sentences and the index, where they are not up to date. Tenths of a second."""
        if not self.is_current:
            version = self._home.names_version
            self.grammar, self.index = self._compiled(self._home)
            self._version = version

    async def keep_up(self) -> None:
        """Do so in a thread, from a copy of the home: things may be found meanwhile."""
        self._kept_up = True
        if not self.is_current:
            version, home = self._home.names_version, self._home.copy()
            self.grammar, self.index = await asyncio.to_thread(self._compiled, home)
            self._version = version

    def _compiled(self, home: Home) -> tuple[Grammar, Index | None]:
        grammar = Grammar(self.language, home, self._skills, self._own)
        grammar.match(self.language)  # any text: what the matcher makes at first use is made now
        try:
            self._phonemizer = self._phonemizer or Phonemizer(self.language)
            return grammar, index(grammar, home, self._phonemizer)
        except EngineError as error:
            log.warning("sentences are not repaired by their sound: %s", error.text("en"))
            return grammar, None

    def exact(self, text: str) -> Match | None:
        """Return the sentence's meaning without any repair."""
        if self._version < 0 or not self._kept_up:
            self.compile()
        return self.grammar.match(text)

    def understand(self, text: str, readings: Sequence[str] = (), confidence: float = SURE) -> Understood:
        """Return what `text` means; `readings` are the recogniser's others, the likeliest first."""
        began = time.perf_counter()
        match = self.exact(text)
        if match:
            return Understood("exact", match, text, match.sentence, seconds=time.perf_counter() - began)
        scale = 1 + (confidence - SURE) * (SURE_WEIGHT if confidence > SURE else UNSURE_WEIGHT)
        understood = self._repaired(text, readings[: READINGS - 1], scale)
        return replace(understood, seconds=time.perf_counter() - began)

    def _repaired(self, text: str, readings: Sequence[str], scale: float) -> Understood:
        found: list[Candidate] = []
        understood = Understood("none", None, text)
        for rank, reading in enumerate((text, *readings)):
            found = sorted([*found, *self._near(reading, rank)], key=lambda candidate: candidate.distance)
            understood = self._judged(text, found, scale)
            if understood.verdict == "near":  # the other readings could not say it better
                break
        return understood

    def _near(self, reading: str, rank: int) -> list[Candidate]:
        further = OTHER_READING * rank
        if rank and (match := self.grammar.match(reading)):
            values = tuple((slot, str(value)) for slot, value in match.slots.items())
            return [Candidate(match.sentence, further, f"{match.skill}.{match.intent}#", values)]
        if self.index is None or self._phonemizer is None:
            return []
        heard = sounds(without_polite_words(reading, self.language), self.language, self._phonemizer)
        near = self.index.nearest(heard, CANDIDATES)
        return [replace(c, distance=c.distance + further) for c in near if self._exists(c)]

    def _exists(self, candidate: Candidate) -> bool:
        """Tell whether what a sentence names can be where it says: "le volet du salon" is none of the office's."""
        said = dict(candidate.values)
        if "name" not in said or not said.keys() & {"area", "floor"}:
            return True
        placed = [thing for thing in self._home.find(name=said["name"]) if thing.area]
        areas = [(thing.area, self._home.floor_of(thing)) for thing in placed]
        return not areas or any(
            said.get("area", area) == area and said.get("floor", floor) == floor for area, floor in areas
        )

    def _judged(self, text: str, found: Sequence[Candidate], scale: float) -> Understood:
        if (
            not found
            or judge(found[0], 1.0, scale) == "none"
            or (match := self.grammar.match(found[0].sentence)) is None
        ):
            return Understood("none", None, text, *_told(found, scale))
        best = found[0]
        rival = next((other for other in found[1:] if self._differs(best, match, other)), None)
        verdict = judge(best, rival.distance if rival else 1.0, scale)
        verdict = believed(verdict, text, best.sentence, self.language)
        told = _told([best, rival] if rival else [best], scale)
        return Understood(verdict, match if verdict != "none" else None, text, *told)

    def _differs(self, best: Candidate, match: Match, other: Candidate) -> bool:
        """Tell whether another candidate means something else."""
        if other.block == best.block:
            return other.values != best.values
        if other.sentence == best.sentence:
            return False
        if other.block.partition("#")[0] != f"{match.skill}.{match.intent}" or not other.sentence:
            return True
        meant = self.grammar.match(other.sentence)
        return meant != match and (meant is None or self._effect(meant) != self._effect(match))

    def _effect(self, match: Match) -> tuple[object, ...]:
        """Return what a meaning comes to in this home: "le volet du salon" is "les volets du salon" where there is one."""
        slots = match.slots
        things = self._home.find(
            name=str(slots.get("name", "")),
            area=str(slots.get("area", "")),
            floor=str(slots.get("floor", "")),
            domains=[str(slots["domain"])] if "domain" in slots else (),
            device_classes=str(slots["device_class"]).split(",") if "device_class" in slots else (),
        )
        rest = {slot: value for slot, value in slots.items() if slot not in _WHERE}
        targets = frozenset(thing.id for thing in things) or frozenset(map(str, slots.items()))
        return match.skill, match.intent, targets, tuple(sorted(rest.items()))


def _told(found: Sequence[Candidate], scale: float) -> tuple[str, float, str, float]:
    """Return sentence and distance of the best and of the next."""
    (one, far), (other, farther) = [
        *((_words(c), round(c.distance * scale, 3)) for c in found[:2]),
        ("", 0.0),
        ("", 0.0),
    ][:2]
    return one, far, other, farther


def judge(best: Candidate, rival_distance: float, scale: float = 1.0) -> Literal["near", "doubtful", "none"]:
    """Return whether the nearest sentence is to be believed, asked or left."""
    distance, apart = best.distance * scale, (rival_distance - best.distance) * scale
    if distance <= NEAR:
        stands_out = apart >= APART + APART_SHARE * distance
        return "near" if stands_out and best.worst * max(scale, 1.0) <= WORD else "doubtful"
    return "doubtful" if distance <= DOUBTFUL and apart >= DOUBTFUL_APART and best.worst <= WORD else "none"


def _words(candidate: Candidate) -> str:
    return candidate.sentence or ", ".join(f"{slot} = {value}" for slot, value in candidate.values)
