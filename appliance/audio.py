"""Sound as the machine carries it: 16 kHz mono int16 PCM, in frames of 20 ms, with audio time. Pure.

Everything between an ear and the recogniser is this one format. Time is samples heard / 16000, never a wall clock:
a recording then behaves the same at any speed.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

RATE = 16_000
FRAME_SECONDS = 0.02
FRAME_SAMPLES = int(RATE * FRAME_SECONDS)

Pcm = npt.NDArray[np.int16]
"""Mono samples, shape (n,)."""


@dataclass(frozen=True, slots=True)
class Frame:
    """20 ms of sound with what the small models made of it."""

    pcm: Pcm
    """Shape (320,)."""
    t: float
    """Audio time at the end of the frame, seconds."""
    speech: float = 0.0
    """Probability of speech, 0 to 1; 0 while nobody asks for it (asleep)."""
    wake: str = ""
    """The wake word that ended in this frame, or nothing."""
