"""The bridge to native inference, on real child processes: an engine that does what its arguments say."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from appliance.engines import EngineOptions, Message, Transcription
from appliance.errors import EngineError, ModelError
from appliance.worker import DEATHS_ALLOWED, ProcessWorker, ThreadWorker

ENGINE = """
import os, sys, threading, time
import numpy as np
from appliance.engines import EngineOptions, Transcription
from appliance.errors import InputError, ModelError

class Options(EngineOptions):
    broken: bool = False

class Engine:
    rate = 8000
    def __init__(self, options, models):
        print("noise on standard output", flush=True)
        if options.broken:
            raise ModelError("model-missing", name="x", path="y")
        self.stop = threading.Event()
    def echo(self, *values):
        os.write(1, b"more noise")
        return list(values)
    def pid(self):
        return os.getpid()
    def fail(self):
        raise ValueError("a bug in here")
    def refuse(self):
        raise InputError("text-empty")
    def die(self):
        os._exit(9)
    def count(self, n):
        for i in range(n):
            yield i
    def sound(self, n):
        yield np.arange(n, dtype=np.int16)
    def endless(self):
        i = 0
        while True:
            yield i
            i += 1
            time.sleep(0.005)
    def deep(self):
        yield "begun"
        self.stop.wait(60)
        yield "interrupted"
    def stuck(self):
        yield "begun"
        time.sleep(60)
    def interrupt(self, wanted=True):
        if wanted:
            self.stop.set()
        else:
            self.stop.clear()
    def close(self):
        pass
"""


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the engine as a third party would: a package with an entry point, seen by the child through PYTHONPATH."""
    (tmp_path / "obedient_engine.py").write_text(ENGINE)
    about = tmp_path / "obedient-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: obedient\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[grillon.engines]\ntts.obedient = obedient_engine\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.syspath_prepend(str(tmp_path))


class Broken(EngineOptions):
    broken: bool = True


@contextlib.asynccontextmanager
async def obedient(options: EngineOptions | None = None, grace_seconds: float = 3.0) -> AsyncIterator[ProcessWorker]:
    worker = ProcessWorker("tts", "obedient", options or EngineOptions(), Path("/nowhere"), grace_seconds=grace_seconds)
    try:
        await worker.start()
        yield worker
    finally:
        await worker.aclose()


pytestmark = pytest.mark.usefixtures("elsewhere")


async def test_values_travel_both_ways() -> None:
    async with obedient() as worker:
        pcm = np.array([1, -2, 32767], np.int16)
        text = Transcription("été", "fr", 0.5, ("a", "b"))
        there = ["œ", 1, 2.5, None, True, pcm, Message("user", "salut"), text, {"a": [1]}]
        back = await worker.call("echo", *there)
        assert np.array_equal(back[5], pcm)
        assert back[:5] + back[6:] == there[:5] + there[6:]
        assert worker.facts == {"rate": 8000}


async def test_a_stream_comes_in_order_and_jobs_one_after_the_other() -> None:
    async with obedient() as worker:
        first, second = await asyncio.gather(_all(worker, "count", 200), _all(worker, "count", 3))
        assert first == list(range(200))
        assert second == [0, 1, 2]


async def test_errors_keep_their_kind_and_bugs_become_engine_errors() -> None:
    async with obedient() as worker:
        with pytest.raises(Exception, match="nothing to say") as raised:
            await worker.call("refuse")
        assert type(raised.value).__name__ == "InputError"
        with pytest.raises(EngineError, match="a bug in here"):
            await worker.call("fail")
        assert await worker.call("echo", 1) == [1]


async def test_killed_in_mid_stream_costs_that_job_only() -> None:
    async with obedient() as worker:
        first = worker.pid
        assert first is not None
        numbers = worker.stream("endless")
        assert await anext(numbers) == 0
        os.kill(first, signal.SIGKILL)
        with pytest.raises(EngineError) as raised:
            await _rest(numbers)
        assert raised.value.code == "engine-died"
        assert await worker.call("echo", "again") == ["again"]
        assert worker.pid != first


async def test_closing_a_stream_stops_the_engine_and_keeps_the_process() -> None:
    async with obedient() as worker:
        process = worker.pid
        async with contextlib.aclosing(worker.stream("endless")) as numbers:
            async for number in numbers:
                if number == 2:
                    break
        assert await worker.call("pid") == process


async def test_cancelling_interrupts_deep_work() -> None:
    async with obedient() as worker:
        process = worker.pid
        for _ in range(3):  # an interruption belongs to its job: the next one is not cut short by it
            async with contextlib.aclosing(worker.stream("deep")) as items:
                assert await anext(items) == "begun"
                with pytest.raises(TimeoutError):
                    async with asyncio.timeout(0.05):
                        await anext(items)
        assert await worker.call("pid") == process


async def test_a_job_that_does_not_let_go_is_killed() -> None:
    async with obedient(grace_seconds=0.1) as worker:
        process = worker.pid
        async with contextlib.aclosing(worker.stream("stuck")) as items:
            assert await anext(items) == "begun"
        assert await worker.call("pid") != process


async def test_dying_again_and_again_is_given_up() -> None:
    async with obedient() as worker:
        for _ in range(DEATHS_ALLOWED):
            with pytest.raises(EngineError):
                await worker.call("die")
        with pytest.raises(EngineError) as raised:
            await worker.call("echo")
        assert raised.value.code == "engine-gave-up"
        assert worker.gave_up.is_set()


async def test_an_engine_that_cannot_load_says_why() -> None:
    with pytest.raises(ModelError) as raised:
        async with obedient(Broken()):
            pass
    assert raised.value.code == "model-missing"


async def test_the_child_ends_with_the_daemon() -> None:
    """A daemon that is killed leaves no orphan: the child sees its pipe close."""
    code = (
        "import asyncio, os\n"
        "from pathlib import Path\n"
        "from appliance.engines import EngineOptions\n"
        "from appliance.worker import ProcessWorker\n"
        "async def main():\n"
        "    worker = ProcessWorker('tts', 'obedient', EngineOptions(), Path('/nowhere'))\n"
        "    await worker.start()\n"
        "    print(worker.pid, flush=True)\n"
        "    await asyncio.sleep(60)\n"
        "asyncio.run(main())\n"
    )
    import sys

    daemon = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert daemon.stdout is not None
    child = int(await daemon.stdout.readline())
    watched = os.pidfd_open(child)
    gone = asyncio.Event()
    asyncio.get_running_loop().add_reader(watched, gone.set)
    daemon.kill()
    await daemon.wait()
    async with asyncio.timeout(10):
        await gone.wait()
    asyncio.get_running_loop().remove_reader(watched)
    os.close(watched)


async def test_a_thread_worker_calls_off_the_loop() -> None:
    class Small:
        def feed(self, value: int) -> int:
            import threading

            assert threading.current_thread() is not threading.main_thread()
            return value + 1

        def close(self) -> None:
            pass

    worker = ThreadWorker(Small())
    assert await worker.call("feed", 1) == 2
    await worker.aclose()


async def _rest(items: AsyncIterator[object]) -> list[object]:
    return [item async for item in items]


async def _all(worker: ProcessWorker, method: str, *args: object) -> list[object]:
    return [item async for item in worker.stream(method, *args)]
