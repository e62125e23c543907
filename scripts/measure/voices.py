"""Each voice that is here: how fast, how soon, and how well the recogniser reads it back."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import numpy as np
import soxr

from appliance import config
from appliance.app import Box
from appliance.audio import RATE, Pcm
from appliance.catalog import Catalog
from appliance.config import EngineChoice
from appliance.speakable import speakable
from appliance.worker import ProcessWorker
from scripts.measure.corpus import SENTENCES
from scripts.measure.wer import Score


async def table(box: Box, catalog: Catalog, models: Path) -> dict[str, dict[str, float]]:
    """Return, by voice: rtf (compute seconds a second of speech), first_ms and sentence_ms (p50), wer."""
    language = box.settings.language
    found: dict[str, dict[str, float]] = {}
    for name in catalog.profiles["plus"].voices[language]:
        voice = catalog.voices[name]
        if not all(catalog.ready(models, need) for need in voice.needs):
            continue
        if voice.program and not shutil.which(voice.program):
            continue
        options = config.engine_options("tts", EngineChoice(engine=voice.engine, options=dict(voice.options)))
        worker = ProcessWorker("tts", voice.engine, options, models)
        try:
            await worker.start()
            found[voice.name] = await _measure(box, worker)
        finally:
            await worker.aclose()
    return found


async def _measure(box: Box, tts: ProcessWorker) -> dict[str, float]:
    assert box.mind.stt is not None
    first_ms, whole_ms, spoken_seconds, score = [], [], 0.0, Score(box.settings.language)
    async for _ in tts.stream("say", "un"):
        pass  # the first call of a fresh process is not what a person meets
    for sentence in SENTENCES[box.settings.language]:
        began = time.perf_counter()
        chunks: list[Pcm] = []
        async for chunk in tts.stream("say", speakable(sentence, box.settings.language)):
            if not chunks:
                first_ms.append(1000 * (time.perf_counter() - began))
            chunks.append(chunk)
        whole_ms.append(1000 * (time.perf_counter() - began))
        pcm = soxr.resample(np.concatenate(chunks), int(tts.facts["rate"]), RATE)
        spoken_seconds += len(pcm) / RATE
        heard = await box.mind.stt.call("transcribe", pcm, box.settings.language, "")
        score.add(sentence, heard.text)
    return {
        "rtf": round(sum(whole_ms) / 1000 / spoken_seconds, 4),
        "first_ms": round(float(np.median(first_ms)), 1),
        "sentence_ms": round(float(np.median(whole_ms)), 1),
        "wer": round(score.rate, 3),
    }
