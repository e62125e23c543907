"""The box's chain and the plain chain on the same recordings, with the same models, one after the other for each recording.

Plain is what one gets by gluing the libraries together: faster-whisper's own `transcribe` with its defaults (30 s window,
beam 5), then the whole answer, then the whole synthesis. Both start when the person has stopped speaking.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from appliance.app import Box
from appliance.audio import RATE
from appliance.commands.ask import one_turn, summary
from appliance.engines import Message
from appliance.history import History
from appliance.prompt import messages
from appliance.skills import Situation
from appliance.speakable import speakable
from scripts.measure.corpus import Clip
from scripts.measure.wer import Score, words

TOGETHER = "together"
"""All kinds of recordings."""


@dataclass
class Timings:
    """Milliseconds of each stage, one value a recording."""

    stages: dict[str, list[float]] = field(default_factory=dict)

    def add(self, **milliseconds: float) -> None:
        """Add a recording's stages."""
        for stage, value in milliseconds.items():
            self.stages.setdefault(stage, []).append(value)

    def percentile(self, stage: str, percent: int) -> float:
        """Return a percentile of a stage, in milliseconds."""
        return float(np.percentile(self.stages[stage], percent))

    def table(self) -> dict[str, dict[str, float]]:
        """Return p50 and p95 of each stage."""
        return {
            stage: {"p50": round(self.percentile(stage, 50)), "p95": round(self.percentile(stage, 95))}
            for stage in self.stages
        }


class PlainChain:
    """The libraries glued together; shares the model and voice processes of the box, has a Whisper of its own."""

    def __init__(self, box: Box, folder: Path, compute_type: str, threads: int) -> None:
        from faster_whisper import WhisperModel

        self._box = box
        self._whisper: Any = WhisperModel(
            str(folder), compute_type=compute_type, cpu_threads=threads, local_files_only=True
        )

    def transcribe(self, clip: Clip) -> str:
        """Return faster-whisper's own reading."""
        segments, _ = self._whisper.transcribe(
            clip.pcm.astype(np.float32) / 32768, language=self._box.settings.language
        )
        return " ".join(segment.text.strip() for segment in segments)

    async def turn(self, clip: Clip) -> tuple[str, dict[str, float]]:
        """Recognise, think the whole answer, synthesise all of it; return what was heard and the milliseconds."""
        mind = self._box.mind
        began = time.perf_counter()
        heard = self.transcribe(clip)
        recognised = time.perf_counter()
        answer = heard
        if mind.answerer.has_model:
            situation = Situation(mind.language, "", mind.clock(), mind.place, 70, "", self._box.send)
            told: list[Message] = messages(situation, History(), heard)
            llm = self._box.workers["llm"]
            answer = "".join([piece async for piece in llm.stream("chat", told, self._box.settings.llm.max_tokens)])
        thought = time.perf_counter()
        assert mind.tts is not None
        async for _ in mind.tts.stream("say", speakable(answer, mind.language)):
            pass
        spoken = time.perf_counter()
        return heard, {
            "stt": 1000 * (recognised - began),
            "llm": 1000 * (thought - recognised),
            "tts": 1000 * (spoken - thought),
            "first_sound": 1000 * (spoken - began),
        }


@dataclass
class Outcome:
    """What came out on one corpus.

    The stages hold the recordings that got a sound from both chains, so that their ratios are paired. The scores hold
    all of them, each read whole by both recognisers: errors and time are of one experiment.
    """

    ours: Timings
    plain: Timings
    scores: dict[str, dict[str, Score]]
    """Chain -> kind of recording, and all together -> score."""


async def compare(box: Box, plain: PlainChain, clips: list[Clip]) -> Outcome:
    """Run both chains over the recordings."""
    outcome = Outcome(Timings(), Timings(), {"ours": {}, "plain": {}})
    assert box.mind.stt is not None
    language = box.settings.language
    for number, clip in enumerate(clips):
        result = summary(clip.name, await one_turn(box, clip.pcm, wake=False))
        began = time.perf_counter()
        whole = await box.mind.stt.call("transcribe", clip.pcm, language, box.mind.words)
        our_ms = 1000 * (time.perf_counter() - began)
        if number == 0:
            plain.transcribe(clip)  # ours has worked before, too
        heard, stages = await plain.turn(clip)
        if result["timing_ms"].get("first_sound"):
            outcome.ours.add(**result["timing_ms"])
            outcome.plain.add(**stages)
        for chain, text, milliseconds in (("ours", whole.text, our_ms), ("plain", heard, stages["stt"])):
            # No transcript: speech that is no command. It is to be rejected, and has no words to err in.
            for kind in (clip.kind, TOGETHER) if clip.text else ():
                score = outcome.scores[chain].setdefault(kind, Score(language))
                score.add(clip.text, text, milliseconds)
    return outcome


async def silence_wakes(box: Box, clips: list[Clip]) -> dict[str, int]:
    """Return how many recordings wake the box though nobody says a wake word in them, and of how many."""
    language = box.settings.language
    wake_words = [" ".join(words(word, language)) for word in box.wake_words]
    others = [clip for clip in clips if not any(word in " ".join(words(clip.text, language)) for word in wake_words)]
    woken = 0
    for clip in others:
        padded = np.concatenate([clip.pcm, np.zeros(RATE, np.int16)])
        woken += summary(clip.name, await one_turn(box, padded, wake=True))["wake"] is not None
    return {"woken": woken, "recordings": len(others)}
