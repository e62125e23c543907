"""Real capture and playback: what the loudspeaker plays into a null sink is heard by the microphone on its monitor."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from appliance.audio import FRAME_SAMPLES, FRAME_SECONDS, RATE, Pcm, level_dbfs, to_float, to_pcm
from appliance.ears import MicrophoneEar, devices
from appliance.errors import DeviceError
from appliance.speaker import SpeakerMouth

pytestmark = pytest.mark.device

NULL_SINK = Path(__file__).parents[2] / "scripts" / "null-sink"
PATIENCE_SECONDS = 60
"""Only a broken part takes this long: the machine may be busy."""
LOUD_DBFS = -40


@pytest.fixture(scope="module")
def sound_server() -> Iterator[None]:
    """Run a private sound server; the card's child processes find it by their environment."""
    if not (shutil.which("pulseaudio") and shutil.which("pactl")):
        pytest.skip("pulseaudio and pulseaudio-utils are not installed")
    said = subprocess.run([NULL_SINK, "start"], capture_output=True, text=True, check=True).stdout
    pairs = (line.removeprefix("export ").split("=", 1) for line in said.splitlines())
    with pytest.MonkeyPatch.context() as environment:
        for name, value in pairs:
            environment.setenv(name, value.strip("'"))
        yield
        subprocess.run([NULL_SINK, "stop"], check=True)


@pytest.fixture(autouse=True)
async def pulse(sound_server: None) -> None:
    if "pulse" not in [device.name for device in await devices()]:
        pytest.skip("PortAudio sees no device named pulse: libasound2-plugins is not installed")


@pytest.fixture
async def ear() -> AsyncIterator[Listening]:
    listening = Listening()
    await asyncio.wait_for(listening.ear.open(), PATIENCE_SECONDS)
    yield listening
    await listening.aclose()


@pytest.fixture
async def mouth() -> AsyncIterator[SpeakerMouth]:
    mouth = SpeakerMouth("pulse")
    yield mouth
    await mouth.aclose()


class Listening:
    """A microphone with everything it heard, and what it told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.ear = MicrophoneEar(
            "pulse",
            on_lost=lambda device: self._tell(f"lost {device}"),
            on_found=lambda device: self._tell(f"found {device}"),
        )
        self.blocks: list[Pcm] = []
        self._news = asyncio.Event()
        self._task = asyncio.create_task(self._listen())

    async def _listen(self) -> None:
        async for block in self.ear.blocks():
            self.blocks.append(block)
            self._news.set()

    def _tell(self, what: str) -> None:
        self.told.append(what)
        self._news.set()

    async def until(self, reached: Callable[[], object]) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not reached():
                self._news.clear()
                await self._news.wait()

    async def more(self, seconds: float) -> list[Pcm]:
        """Return the blocks of the next seconds, counted in sound."""
        begin = len(self.blocks)
        end = begin + round(seconds / FRAME_SECONDS)
        await self.until(lambda: len(self.blocks) >= end)
        return self.blocks[begin:end]

    async def aclose(self) -> None:
        await self.ear.aclose()
        await self._task


async def tone(frequency: float, seconds: float, rate: int) -> AsyncIterator[Pcm]:
    for begin in range(0, round(seconds * rate), rate // 4):
        t = np.arange(begin, min(begin + rate // 4, round(seconds * rate))) / rate
        yield to_pcm((0.4 * np.sin(2 * np.pi * frequency * t)).astype(np.float32))


def loud(blocks: list[Pcm]) -> list[Pcm]:
    return [block for block in blocks if level_dbfs(block) > LOUD_DBFS]


def pitch(blocks: list[Pcm]) -> float:
    sound = to_float(np.concatenate(blocks))
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound))))
    return float(spectrum.argmax() * RATE / len(sound))


async def gone(process: int) -> None:
    """Wait until a process has ended."""
    reached = asyncio.Event()
    asyncio.get_running_loop().add_reader(process, reached.set)
    try:
        await asyncio.wait_for(reached.wait(), PATIENCE_SECONDS)
    finally:
        asyncio.get_running_loop().remove_reader(process)
        os.close(process)


async def pactl(*arguments: str) -> str:
    process = await asyncio.create_subprocess_exec("pactl", *arguments, stdout=asyncio.subprocess.PIPE)
    said, _ = await process.communicate()
    assert process.returncode == 0
    return said.decode().strip()


async def test_the_devices_are_told() -> None:
    told = {device.name: device for device in await devices()}
    assert told["pulse"].inputs > 0 and told["pulse"].outputs > 0
    assert sum(device.default_input for device in told.values()) == 1


@pytest.mark.parametrize("rate", [16_000, 22_050])
async def test_what_is_played_is_heard(ear: Listening, mouth: SpeakerMouth, rate: int) -> None:
    begin = len(ear.blocks)
    seconds = await asyncio.wait_for(mouth.play(tone(700, 1.5, rate), rate), PATIENCE_SECONDS)
    assert seconds == pytest.approx(1.5, abs=0.03)
    assert mouth.heard_seconds == seconds
    await ear.more(0.5)
    heard = loud(ear.blocks[begin:])
    assert all(block.shape == (FRAME_SAMPLES,) and block.dtype == np.int16 for block in ear.blocks)
    assert len(heard) * FRAME_SECONDS == pytest.approx(1.5, abs=0.1)
    assert pitch(heard) == pytest.approx(700, abs=8)
    assert ear.ear.dropped_blocks == 0
    assert ear.told == []


async def test_a_sound_that_is_shorter_than_the_devices_buffer_is_heard(ear: Listening, mouth: SpeakerMouth) -> None:
    begin = len(ear.blocks)
    assert await mouth.play(tone(700, 0.06, RATE), RATE) == pytest.approx(0.06, abs=0.002)
    await ear.more(0.5)
    assert 2 <= len(loud(ear.blocks[begin:])) <= 5


async def test_volume_applies_to_what_is_played(ear: Listening, mouth: SpeakerMouth) -> None:
    levels = []
    for percent in (100, 50, 0):
        mouth.volume_percent = percent
        begin = len(ear.blocks)
        await mouth.play(tone(700, 0.5, RATE), RATE)
        await ear.more(0.3)
        levels.append(max(level_dbfs(block) for block in ear.blocks[begin:]))
    assert levels[0] - levels[1] == pytest.approx(10, abs=1)
    assert levels[2] < -100


async def test_stop_is_silent_at_once_and_the_next_play_is_heard(ear: Listening, mouth: SpeakerMouth) -> None:
    playing = asyncio.create_task(mouth.play(tone(700, 30, RATE), RATE))
    await ear.until(lambda: len(loud(ear.blocks)) >= 50)
    mouth.stop()
    begin = len(ear.blocks)
    seconds = await asyncio.wait_for(playing, PATIENCE_SECONDS)
    assert 0.8 < seconds < 5
    # Counted in sound and not in time: at most 150 ms in the devices, and the 80 ms that the capture may hold.
    assert len(loud(await ear.more(1))) * FRAME_SECONDS <= 0.24
    begin = len(ear.blocks)
    await mouth.play(tone(1200, 0.5, RATE), RATE)
    await ear.more(0.3)
    assert pitch(loud(ear.blocks[begin:])) == pytest.approx(1200, abs=12)


async def test_cancelling_silences_as_stop_does(ear: Listening, mouth: SpeakerMouth) -> None:
    playing = asyncio.create_task(mouth.play(tone(700, 30, RATE), RATE))
    await ear.until(lambda: loud(ear.blocks))
    playing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await playing
    assert len(loud(await ear.more(1))) * FRAME_SECONDS <= 0.24


async def test_a_voice_that_fails_leaves_no_sound_behind(ear: Listening, mouth: SpeakerMouth) -> None:
    async def broken() -> AsyncIterator[Pcm]:
        async for chunk in tone(700, 0.25, RATE):
            yield chunk
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await mouth.play(broken(), RATE)
    assert await mouth.play(tone(1200, 0.5, RATE), RATE) == pytest.approx(0.5, abs=0.03)


async def test_mute_ends_the_capture_and_unmute_begins_a_new_one(ear: Listening) -> None:
    pid = ear.ear.child_pid
    assert pid
    process = os.pidfd_open(pid)
    ear.ear.mute(True)
    begin = len(ear.blocks)
    await gone(process)
    assert ear.ear.child_pid is None
    assert len(ear.blocks) == begin
    ear.ear.mute(False)
    await ear.more(0.1)
    assert ear.ear.child_pid not in (None, pid)
    assert ear.told == [], "mute is no loss"


async def test_mute_and_unmute_at_once_is_no_loss(ear: Listening) -> None:
    for _ in range(3):
        ear.ear.mute(True)
        ear.ear.mute(False)
    await ear.more(0.5)
    assert ear.told == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_microphone_that_dies_or_hangs_is_told_once_and_found_again(
    ear: Listening, how: signal.Signals
) -> None:
    pid = ear.ear.child_pid
    assert pid
    process = os.pidfd_open(pid)
    os.kill(pid, how)
    await ear.until(lambda: "found pulse" in ear.told)
    assert ear.told == ["lost pulse", "found pulse"]
    await gone(process)
    await ear.more(0.1)


async def test_a_microphone_that_is_unplugged_and_put_back(ear: Listening, mouth: SpeakerMouth) -> None:
    await mouth.play(tone(700, 0.3, RATE), RATE)
    await pactl("unload-module", "module-null-sink")
    await ear.until(lambda: "lost pulse" in ear.told)
    await pactl("load-module", "module-null-sink", "sink_name=grillon", "rate=48000", "channels=2")
    await ear.until(lambda: "found pulse" in ear.told)
    assert ear.told == ["lost pulse", "found pulse"]
    begin = len(ear.blocks)
    await asyncio.wait_for(mouth.play(tone(900, 1, RATE), RATE), PATIENCE_SECONDS)  # reopened before any sound is taken
    await ear.more(0.3)
    assert pitch(loud(ear.blocks[begin:])) == pytest.approx(900, abs=10)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP])
async def test_a_loudspeaker_that_dies_while_it_plays_is_told_and_reopened(
    ear: Listening, mouth: SpeakerMouth, how: signal.Signals
) -> None:
    playing = asyncio.create_task(mouth.play(tone(700, 30, RATE), RATE))
    await ear.until(lambda: loud(ear.blocks))
    assert mouth.child_pid
    os.kill(mouth.child_pid, how)
    with pytest.raises(DeviceError) as caught:
        await asyncio.wait_for(playing, PATIENCE_SECONDS)
    assert caught.value.code == "speaker-lost"
    assert await mouth.play(tone(700, 0.5, RATE), RATE) == pytest.approx(0.5, abs=0.03)


async def test_a_loudspeaker_that_died_while_idle_costs_nothing(mouth: SpeakerMouth, ear: Listening) -> None:
    await mouth.open()
    assert mouth.child_pid
    os.kill(mouth.child_pid, signal.SIGKILL)
    assert await mouth.play(tone(700, 0.5, RATE), RATE) == pytest.approx(0.5, abs=0.03)


async def test_a_name_that_no_device_has_is_told_with_those_that_there_are() -> None:
    ear, mouth = MicrophoneEar("nowhere"), SpeakerMouth("nowhere")
    with pytest.raises(DeviceError) as of_ear:
        await ear.open()
    with pytest.raises(DeviceError) as of_mouth:
        await mouth.open()
    await ear.aclose()
    assert (of_ear.value.code, of_mouth.value.code) == ("microphone-unknown", "speaker-unknown")
    assert "pulse" in of_ear.value.text("fr") and "nowhere" in of_mouth.value.text("en")


async def test_without_any_device_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_SERVER", f"unix:{tmp_path}/nobody")
    if [device for device in await devices() if device.inputs]:
        pytest.skip("this machine has a microphone of its own")
    ear = MicrophoneEar()
    with pytest.raises(DeviceError) as caught:
        await ear.open()
    assert caught.value.code == "microphone-missing"
    await ear.aclose()
    with pytest.raises(DeviceError) as caught:
        await SpeakerMouth().play(tone(700, 1, RATE), RATE)
    assert caught.value.code == "speaker-missing"


@pytest.mark.parametrize("direction", ["capture", "playback"])
async def test_the_child_ends_with_the_daemon(direction: str) -> None:
    """A killed daemon closes nothing in an orderly way: the child sees the end of its input."""
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "appliance.soundcard",
        direction,
        "pulse",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert child.stdin and child.stdout
    await asyncio.wait_for(child.stdout.readexactly(5), PATIENCE_SECONDS)
    child.stdin.close()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(child.communicate(), PATIENCE_SECONDS)
    assert child.returncode == 0


async def test_memory_does_not_grow_with_what_flows(ear: Listening, mouth: SpeakerMouth) -> None:
    """From card to card: 50 blocks a second in, speech out; nothing of it stays."""

    def resident_kib(pid: int) -> int:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return int(next(line for line in lines if line.startswith("VmRSS")).split()[1])

    async def round_of_speech() -> list[int]:
        await mouth.play(tone(700, 2, 22_050), 22_050)
        ear.blocks.clear()
        assert ear.ear.child_pid and mouth.child_pid
        return [resident_kib(pid) for pid in (os.getpid(), ear.ear.child_pid, mouth.child_pid)]

    for _ in range(2):  # resamplers, buffers and threads come into being
        before = await round_of_speech()
    for _ in range(4):
        after = await round_of_speech()
    # 8 s of speech are 1.4 MB as floats: any copy that is kept along the way is more than this.
    assert [new - old < 700 for old, new in zip(before, after, strict=True)] == [True] * 3, (before, after)
