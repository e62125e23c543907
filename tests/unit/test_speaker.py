from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from appliance import speaker
from appliance.audio import Pcm, write_wav
from appliance.card import SoundFormat
from appliance.errors import DeviceError, InputError
from appliance.speaker import ASK_SECONDS, KEPT_SECONDS, FileMouth, SpeakerMouth
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


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_the_file_is_written_beside_the_loop_and_only_when_something_was_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[threading.Thread] = []

    def noted(*arguments: Any, **named: Any) -> None:
        threads.append(threading.current_thread())
        write_wav(*arguments, **named)

    monkeypatch.setattr(speaker, "write_wav", noted)
    mouth = FileMouth(tmp_path / "answer.wav")
    await mouth.play(chunks(), RATE)
    assert threads == [] and not names(tmp_path)
    await mouth.play(chunks(1), RATE)
    await mouth.play(chunks(), RATE)
    assert len(threads) == 1
    assert threads[0] is not threading.main_thread()


async def test_a_file_is_whole_where_the_play_is_cancelled_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Semaphore(0), threading.Event()

    def slow(*arguments: Any, **named: Any) -> None:
        begun.release()
        assert go_on.wait(30)
        write_wav(*arguments, **named)

    monkeypatch.setattr(speaker, "write_wav", slow)
    mouth = FileMouth(tmp_path / "answer.wav")
    playing = asyncio.create_task(mouth.play(chunks(1), RATE))
    assert await asyncio.to_thread(begun.acquire, timeout=30)
    next_one = asyncio.create_task(mouth.play(chunks(1), RATE))
    playing.cancel()
    await asyncio.sleep(0)
    mouth.stop()
    with pytest.raises(asyncio.CancelledError):
        await playing
    await asyncio.sleep(0.01)
    assert not begun.acquire(blocking=False), "one at a time"
    closing = asyncio.create_task(mouth.aclose())
    go_on.set()
    await asyncio.gather(next_one, closing)
    assert soundfile.info(tmp_path / "answer.wav").frames == 2 * RATE
    assert names(tmp_path) == ["answer.wav"]


def test_a_file_that_cannot_be_written_is_told_before_anything_is_said(tmp_path: Path) -> None:
    for path in (tmp_path / "none" / "answer.wav", tmp_path, "/proc/answer.wav"):
        with pytest.raises(InputError) as caught:
            FileMouth(path)
        assert caught.value.code == "audio-not-written"
        assert str(path) in str(caught.value)
    assert not list(tmp_path.iterdir())


class Speaker:
    """A loudspeaker that may be plugged in; counts how often it was asked for."""

    opened = SoundFormat("usb", RATE, 1)

    def __init__(self, code: str = "speaker-missing") -> None:
        self.code, self.asked, self.heard_seconds = code, 0, 0.0

    async def open(self, device: str) -> Speaker:
        self.asked += 1
        if self.code:
            raise DeviceError(self.code, device=device, known="")
        return self

    async def begin(self) -> None:
        self.heard_seconds = 0.0

    async def push(self, block: Pcm) -> None:
        self.heard_seconds += len(block) / RATE

    async def end(self) -> None:
        pass

    def stop(self) -> None:
        pass

    async def aclose(self) -> None:
        pass


def test_without_a_loudspeaker_sound_passes_in_silence_until_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        plugged = Speaker()
        monkeypatch.setattr(speaker._Playback, "open", plugged.open)
        loop = asyncio.get_running_loop()
        mouth = SpeakerMouth(silent_without_device=True)
        await mouth.open()
        playing = asyncio.create_task(mouth.play(chunks(1, 1), RATE))
        await asyncio.sleep(0.5)
        assert mouth.heard_seconds == pytest.approx(0.5)
        assert await playing == pytest.approx(2)
        loop.call_later(0.75, mouth.stop)
        assert await mouth.play(chunks(1), RATE) == pytest.approx(0.75)
        playing = asyncio.create_task(mouth.play(chunks(1), RATE))
        await asyncio.sleep(0.25)
        playing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await playing
        assert mouth.heard_seconds == pytest.approx(0.25)
        assert loop.time() == pytest.approx(3)
        plugged.code = ""
        assert await mouth.play(chunks(1), RATE) == pytest.approx(1)
        assert plugged.asked == 1, "not asked again so soon"
        await asyncio.sleep(ASK_SECONDS - loop.time())
        assert await mouth.play(chunks(1), RATE) == pytest.approx(1)
        assert loop.time() == pytest.approx(ASK_SECONDS), "the loudspeaker here takes no time"
        assert (plugged.asked, mouth.device) == (2, "usb")
        await mouth.aclose()

    clock.run(scene())


@pytest.mark.parametrize(
    ("code", "silent"), [("speaker-missing", False), ("speaker-refused", True), ("speaker-unknown", True)]
)
def test_other_trouble_with_a_loudspeaker_is_told_each_time(
    code: str, silent: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def scene() -> None:
        plugged = Speaker(code)
        monkeypatch.setattr(speaker._Playback, "open", plugged.open)
        mouth = SpeakerMouth(silent_without_device=silent)
        for _ in range(2):
            with pytest.raises(DeviceError) as caught:
                await mouth.play(chunks(1), RATE)
            assert caught.value.code == code
        assert plugged.asked == 2

    clock.run(scene())
