from __future__ import annotations

import asyncio
import math
import os
from pathlib import Path

import numpy as np
import pytest

from appliance.audio import FRAME_SAMPLES, Pcm, write_wav
from appliance.card import Card, devices
from appliance.ears import FileEar, MicrophoneEar
from appliance.errors import DeviceError, InputError
from tests import clock

PCM = np.arange(1, 3 * FRAME_SAMPLES + 11).astype(np.int16)
"""Three blocks and ten samples."""


async def heard(ear: FileEar, most: int = 10_000) -> list[Pcm]:
    blocks: list[Pcm] = []
    async for block in ear.blocks():
        blocks.append(block)
        if len(blocks) == most:
            break
    return blocks


async def test_a_recording_comes_whole_in_blocks_and_its_end_is_filled_with_silence() -> None:
    blocks = await heard(FileEar(PCM))
    assert [len(block) for block in blocks] == [FRAME_SAMPLES] * 4
    together = np.concatenate(blocks)
    assert (together[: len(PCM)] == PCM).all()
    assert not together[len(PCM) :].any()


async def test_silence_follows_as_long_as_asked() -> None:
    blocks = await heard(FileEar(PCM, then_silence=0.1))
    assert len(blocks) == 4 + 5
    assert not np.concatenate(blocks[4:]).any()
    assert len(await heard(FileEar(PCM, then_silence=math.inf), most=500)) == 500


async def test_a_file_is_read_at_once_so_that_a_bad_one_is_told_at_once(tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", PCM, 16_000)
    ear = FileEar(tmp_path / "a.wav")
    assert ear.device == str(tmp_path / "a.wav")
    assert len(await heard(ear)) == 4
    with pytest.raises(InputError):
        FileEar(tmp_path / "none.wav")


async def test_blocks_are_views_of_the_recording() -> None:
    """Ten minutes of sound must not be in memory twice."""
    ear = FileEar(PCM)
    blocks = await heard(ear, most=3)
    assert all(np.shares_memory(block, PCM) for block in blocks)


def test_in_real_time_a_recording_takes_as_long_as_it_lasts() -> None:
    async def scene() -> None:
        loop = asyncio.get_running_loop()
        times = []
        async for _ in FileEar(np.zeros(16_000, np.int16), realtime=True).blocks():
            times.append(loop.time())
            await asyncio.sleep(0.013)  # work on a block delays no later one
        assert times == pytest.approx([0.02 * n for n in range(1, 51)])

    clock.run(scene())


def test_in_real_time_sound_passes_by_while_muted() -> None:
    async def scene() -> None:
        ear = FileEar(np.repeat(np.arange(1, 101), FRAME_SAMPLES).astype(np.int16), realtime=True)
        loop = asyncio.get_running_loop()
        loop.call_at(0.51, ear.mute, True)
        loop.call_at(1.01, ear.mute, False)
        numbers = [int(block[0]) for block in await heard(ear)]
        assert numbers == [*range(1, 26), *range(51, 101)]
        assert loop.time() == pytest.approx(2)

    clock.run(scene())


def test_as_fast_as_possible_a_recording_stands_still_while_muted() -> None:
    async def scene() -> None:
        ear = FileEar(PCM)
        ear.mute(True)
        asyncio.get_running_loop().call_at(5, ear.mute, False)
        assert len(await heard(ear)) == 4
        assert asyncio.get_running_loop().time() == pytest.approx(5)

    clock.run(scene())


async def test_closing_ends_a_recording_even_a_muted_one() -> None:
    for muted in (False, True):
        ear = FileEar(PCM, then_silence=math.inf)
        ear.mute(muted)
        listening = asyncio.create_task(heard(ear))
        await asyncio.sleep(0)
        await ear.aclose()
        await asyncio.wait_for(listening, 10)


def test_an_ear_can_be_muted_before_any_loop_runs() -> None:
    ear = MicrophoneEar()
    ear.mute(True)

    async def scene() -> None:
        await asyncio.wait_for(ear.open(), 10)  # nothing to open
        assert ear.child_pid is None
        await ear.aclose()
        assert [block async for block in ear.blocks()] == []

    asyncio.run(scene())


async def test_what_nobody_takes_is_dropped_oldest_first_and_counted() -> None:
    ear = MicrophoneEar()
    ear._keep([np.full(FRAME_SAMPLES, n, np.int16) for n in range(130)])
    assert ear.dropped_blocks == 30
    assert [int(block[0]) for block in ear._heard] == list(range(30, 130))


@pytest.mark.parametrize("where", ["import", "query"])
async def test_a_sound_system_that_fails_is_told_without_a_traceback(
    where: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    fail = "raise PortAudioError('Error initializing PortAudio')"
    query = f"def query_devices():\n    {fail if where == 'query' else 'return []'}\n"
    module = (
        "import types\nclass PortAudioError(Exception): pass\ndefault = types.SimpleNamespace(device=(-1, -1))\n"
        + query
    )
    (tmp_path / "sounddevice.py").write_text(module + (fail if where == "import" else ""))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for direction, code in (("list", "microphone-lost"), ("playback", "speaker-lost")):
        card = await Card.start(direction, "")
        with pytest.raises(DeviceError) as caught:
            await card.opened()
        await card._process.wait()
        assert caught.value.code == code
    assert capfd.readouterr().err == ""


async def test_a_sound_cards_process_is_out_of_reach_of_the_terminal_and_of_the_current_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, body in (("library", "def query_devices(): return []"), ("current", "raise SystemExit")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "sounddevice.py").write_text(f"class default: device = (-1, -1)\n{body}\n")
    monkeypatch.chdir(tmp_path / "current")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "library"))
    assert await devices() == []
    card = await Card.start("list", "")
    assert os.getsid(card.pid) == card.pid  # Ctrl-C goes to a terminal's foreground processes only
    await card.aclose()
