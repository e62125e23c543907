from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from appliance.audio import Pcm
from appliance.speaker import KEPT_SECONDS, FileMouth
from tests import clock

RATE = 16_000


async def chunks(*seconds: float, rate: int = RATE, pause: float = 0.0) -> AsyncIterator[Pcm]:
    for number, length in enumerate(seconds, 1):
        await asyncio.sleep(pause)
        yield np.full(round(length * rate), number, np.int16)


def test_as_fast_as_possible_everything_is_heard_at_once() -> None:
    async def scene() -> None:
        mouth = FileMouth()
        assert await mouth.play(chunks(1, 2), RATE) == pytest.approx(3)
        assert asyncio.get_running_loop().time() == 0
        pcm, rate = mouth.collected()
        assert rate == RATE and len(pcm) == 3 * RATE

    clock.run(scene())


def test_in_real_time_it_takes_as_long_as_the_sound_and_late_sound_makes_a_pause() -> None:
    async def scene() -> None:
        mouth = FileMouth(realtime=True)
        playing = asyncio.create_task(mouth.play(chunks(1, 1, 1, pause=0.25), RATE))
        await asyncio.sleep(0.75)
        assert mouth.heard_seconds == pytest.approx(0.5)
        assert await playing == pytest.approx(3)
        assert asyncio.get_running_loop().time() == pytest.approx(3.75)

    clock.run(scene())


def test_stop_keeps_what_was_heard_and_play_returns_it() -> None:
    async def scene() -> None:
        mouth = FileMouth(realtime=True)
        asyncio.get_running_loop().call_at(1.5, mouth.stop)
        assert await mouth.play(chunks(1, 1, 1), RATE) == pytest.approx(1.5)
        pcm, _ = mouth.collected()
        assert len(pcm) == 1.5 * RATE
        assert set(pcm[RATE:].tolist()) == {2}
        assert await mouth.play(chunks(0.5), RATE) == pytest.approx(0.5)

    clock.run(scene())


def test_stop_ends_a_play_that_waits_for_sound() -> None:
    async def scene() -> None:
        mouth = FileMouth(realtime=True)
        asyncio.get_running_loop().call_at(2, mouth.stop)
        assert await mouth.play(chunks(1, 1, pause=60), RATE) == 0
        assert asyncio.get_running_loop().time() == pytest.approx(2)
        mouth.stop()  # nothing to stop

    clock.run(scene())


def test_cancelling_is_not_swallowed_and_silences() -> None:
    async def scene() -> None:
        mouth = FileMouth(realtime=True)
        playing = asyncio.create_task(mouth.play(chunks(1, 1), RATE))
        await asyncio.sleep(0.5)
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        assert mouth.heard_seconds == pytest.approx(0.5)
        assert asyncio.get_running_loop().time() == pytest.approx(0.5)

    clock.run(scene())


def test_what_the_voice_raises_comes_out() -> None:
    async def broken() -> AsyncIterator[Pcm]:
        yield np.ones(RATE, np.int16)
        raise ZeroDivisionError

    async def scene() -> None:
        mouth = FileMouth(realtime=True)
        with pytest.raises(ZeroDivisionError):
            await mouth.play(broken(), RATE)
        assert mouth.heard_seconds == pytest.approx(1)
        assert await mouth.play(chunks(1), RATE) == pytest.approx(1)

    clock.run(scene())


def test_a_second_play_waits_for_the_first() -> None:
    async def scene() -> None:
        mouth = FileMouth(realtime=True)
        first = asyncio.create_task(mouth.play(chunks(1), RATE))
        await asyncio.sleep(0.1)
        await mouth.play(chunks(1), RATE)
        assert first.done()
        assert asyncio.get_running_loop().time() == pytest.approx(2)

    clock.run(scene())


async def test_the_file_holds_what_was_said_at_the_voices_rate_and_16_khz_where_rates_mix(tmp_path: Path) -> None:
    path = tmp_path / "answer.wav"
    mouth = FileMouth(path)
    mouth.voice = "siwis"
    await mouth.play(chunks(1, 1, rate=22_050), 22_050)
    with soundfile.SoundFile(path) as sound:
        assert (sound.samplerate, sound.frames) == (22_050, 44_100)
        assert "synthetic speech" in sound.comment and "siwis" in sound.comment
    await mouth.play(chunks(1), RATE)
    await mouth.aclose()
    with soundfile.SoundFile(path) as sound:
        assert sound.samplerate == RATE
        assert abs(sound.frames - 3 * RATE) <= 4


async def test_memory_is_bounded_by_the_newest_ten_minutes() -> None:
    mouth = FileMouth()
    for _ in range(8):
        await mouth.play(chunks(*[20.0] * 5, rate=100), 100)
    pcm, rate = mouth.collected()
    assert len(pcm) / rate == KEPT_SECONDS
    assert mouth.heard_seconds == 100


def test_nothing_said_is_no_sound() -> None:
    pcm, rate = FileMouth().collected()
    assert len(pcm) == 0 and rate == RATE
