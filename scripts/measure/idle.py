"""What listening costs while nobody speaks: processor time of the daemon and its children over real seconds of silence."""

from __future__ import annotations

import asyncio
import contextlib
import os

import numpy as np

from appliance.app import Box
from appliance.audio import RATE
from appliance.ears import FileEar
from appliance.speaker import FileMouth
from scripts.measure import process


async def percent_of_one_core(box: Box, seconds: float) -> float:
    """Return the processor time used, in percent of one core, while a room listens in real time to room noise."""
    noise = np.random.default_rng(1).normal(0, 30, int(RATE * (seconds + 2))).astype(np.int16)
    session = box.session("idle", FileEar(noise, realtime=True), FileMouth(None, realtime=True))
    living = asyncio.create_task(session.run())
    await asyncio.sleep(1)
    before = _used()
    await asyncio.sleep(seconds)
    used = _used() - before
    living.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await living
    return 100 * used / seconds


def memory() -> dict[str, dict[str, float]]:
    """Return, by process: pss_mb now and peak_mb (largest resident set) of the daemon and its children."""
    return {
        process.name(pid): {
            "pss_mb": round(process.pss_megabytes(pid), 1),
            "peak_mb": round(process.peak_megabytes(pid), 1),
        }
        for pid in process.tree(os.getpid())
    }


def _used() -> float:
    return sum(process.cpu_seconds(pid) for pid in process.tree(os.getpid()))
