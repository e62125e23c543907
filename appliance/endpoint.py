"""When an utterance starts and ends. Pure: seconds and probabilities in, a verdict out.

      wake      speech        pause    speech      silence_seconds
    ───┼──────────█████████──────────██████████──────────────────┤ ended (silence)
       │◀ no_speech_seconds ▶│  nobody spoke: ended (no_speech)
       │◀────────────────────── too_long_seconds ────────────────▶│ ended (too_long)

A start needs `start_seconds` of speech within a short while, so that a click or the box's own chime opens nothing; once
begun, a lower threshold keeps it open (hysteresis), since the ends of French sentences are soft.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

HYSTERESIS = 0.15
"""How far below the threshold speech may fall and still be speech."""


class Phase(Enum):
    """Where the utterance is."""

    WAITING = "waiting"
    SPEAKING = "speaking"
    ENDED = "ended"


@dataclass
class Endpointer:
    """Feed it every frame of a turn; it says when the utterance began and ended."""

    silence_seconds: float = 0.8
    no_speech_seconds: float = 5.0
    too_long_seconds: float = 20.0
    threshold: float = 0.5
    start_seconds: float = 0.1
    """Speech that opens an utterance."""

    phase: Phase = field(default=Phase.WAITING, init=False)
    reason: str = field(default="", init=False)
    """Why it ended: silence | no_speech | too_long."""
    _elapsed: float = field(default=0.0, init=False)
    _voiced: float = field(default=0.0, init=False)
    silent_seconds: float = field(default=0.0, init=False)
    _spoken: float = field(default=0.0, init=False)

    def feed(self, seconds: float, speech: float) -> Phase:
        """Take the next `seconds` of sound with its probability of speech; return the phase after it."""
        if self.phase is Phase.ENDED:
            return self.phase
        self._elapsed += seconds
        if self.phase is Phase.WAITING:
            self._voiced = self._voiced + seconds if speech >= self.threshold else max(0.0, self._voiced - seconds)
            if self._voiced >= self.start_seconds:
                self.phase = Phase.SPEAKING
            elif self._elapsed >= self.no_speech_seconds:
                self._end("no_speech")
            return self.phase
        self._spoken += seconds
        self.silent_seconds = 0.0 if speech >= self.threshold - HYSTERESIS else self.silent_seconds + seconds
        if self.silent_seconds >= self.silence_seconds:
            self._end("silence")
        elif self._spoken >= self.too_long_seconds:
            self._end("too_long")
        return self.phase

    def _end(self, reason: str) -> None:
        self.phase, self.reason = Phase.ENDED, reason
