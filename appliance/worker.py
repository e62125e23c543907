"""The one bridge between the event loop and native inference.

An engine is synchronous; a worker runs it elsewhere, one job at a time, in the order of asking (so that rooms share it
fairly), and gives the loop `call` and `stream`.

- `ThreadWorker`: a thread of this process, for the small models that hear every frame (wake word, voice activity).
- `ProcessWorker`: a supervised child process, for the heavy ones. A crash there costs one turn and no more, its memory
  can be seen and capped, and a job that does not let go can be killed, which no thread can.

Cancelling a job returns to the caller at once. The engine is told to stop (`interrupt`, where it has one, else between two
items); the next job waits until it did, and if it does not within `grace_seconds` the process is killed and started anew.
A process that dies again and again is given up: the daemon must end then, since a box that is alive but deaf is worse
than one that restarts.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import sys
import time
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from appliance import engines, pipes
from appliance.engines import EngineOptions, Role
from appliance.errors import ApplianceError, EngineError

log = logging.getLogger(__name__)

DEATHS_ALLOWED = 5
DEATHS_WINDOW_SECONDS = 300.0
RETRY_SECONDS = 1.0


class Worker(Protocol):
    """An engine, off the loop."""

    facts: dict[str, Any]
    """What the engine says of itself once loaded (for a voice: its rate)."""

    def call(self, method: str, *args: Any) -> Awaitable[Any]:
        """Run `engine.method(*args)`. Raises what it raises, and EngineError where the engine died."""

    def stream(self, method: str, *args: Any) -> AsyncGenerator[Any, None]:
        """Iterate over the generator `engine.method(*args)`; close it (aclosing) to stop the engine."""

    async def aclose(self) -> None:
        """End the engine."""


class ThreadWorker:
    """Runs a small engine in one thread of this process."""

    def __init__(self, engine: object) -> None:
        self._engine = engine
        self.facts: dict[str, Any] = {}
        self._pool = ThreadPoolExecutor(1, thread_name_prefix=type(engine).__module__.rpartition(".")[2])

    async def call(self, method: str, *args: Any) -> Any:
        """Run `engine.method(*args)` in the thread."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, getattr(self._engine, method), *args)

    async def stream(self, method: str, *args: Any) -> AsyncGenerator[Any, None]:
        """Iterate over the generator `engine.method(*args)`, each step in the thread."""
        items = await self.call(method, *args)
        end = object()
        while (item := await asyncio.get_running_loop().run_in_executor(self._pool, next, items, end)) is not end:
            yield item

    async def aclose(self) -> None:
        """Free the engine."""
        await self.call("close")
        self._pool.shutdown(wait=False)


class _Job:
    """One thing asked of a process: its answers come through a queue, its end through a future."""

    def __init__(self, number: int) -> None:
        self.number = number
        self.answers: asyncio.Queue[list[Any]] = asyncio.Queue()
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def end(self) -> None:
        if not self.over.done():
            self.over.set_result(None)


class ProcessWorker:
    """Runs a heavy engine in a child process, and starts it again when it dies."""

    def __init__(
        self,
        role: Role,
        name: str,
        options: EngineOptions,
        models: Path,
        *,
        on_ready: Callable[[float], None] = lambda seconds: None,
        on_died: Callable[[], None] = lambda: None,
        grace_seconds: float = 3.0,
    ) -> None:
        self.role, self.name = role, name
        self.facts: dict[str, Any] = {}
        """What the engine says of itself once loaded (for a voice: its rate)."""
        self.gave_up = asyncio.Event()
        """Set when the engine died too often; nothing but ending the daemon helps then."""
        self._options, self._models = options, models
        self._on_ready, self._on_died, self._grace_seconds = on_ready, on_died, grace_seconds
        self._turnstile = asyncio.Lock()
        self._ready = asyncio.Event()
        self._process: asyncio.subprocess.Process | None = None
        self._job: _Job | None = None
        self._jobs = 0
        self._deaths: deque[float] = deque(maxlen=DEATHS_ALLOWED)
        self._load_error: ApplianceError | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._settling: set[asyncio.Task[None]] = set()

    @property
    def model(self) -> str:
        """Name of its model in the catalogue, where it has one."""
        return str(getattr(self._options, "model", ""))

    @property
    def pid(self) -> int | None:
        """Process number, while it runs."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start the process and wait until the engine is loaded. Raises what the engine's constructor raised."""
        self._keeper = asyncio.create_task(self._keep(), name=f"{self.role} {self.name}")
        await self._until_ready()

    async def call(self, method: str, *args: Any) -> Any:
        """Run `engine.method(*args)`."""
        async with contextlib.aclosing(self._ask("call", method, args)) as answers:
            results = [answer async for answer in answers]
        return results[0]

    async def stream(self, method: str, *args: Any) -> AsyncGenerator[Any, None]:
        """Iterate over the generator `engine.method(*args)`."""
        async with contextlib.aclosing(self._ask("stream", method, args)) as answers:
            async for item in answers:
                yield item

    async def aclose(self) -> None:
        """End the process."""
        for task in (*self._settling, *([self._keeper] if self._keeper else [])):
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()

    async def _ask(self, kind: str, method: str, args: tuple[Any, ...]) -> AsyncGenerator[Any, None]:
        await self._turnstile.acquire()
        job = None
        try:
            await self._until_ready()
            message = pipes.encode([kind, self._jobs + 1, method, list(args)])
            self._jobs += 1
            job = self._job = _Job(self._jobs)
            await self._send(message)
            while True:
                what, value = await job.answers.get()
                if what == "item":
                    yield value
                elif what == "done":
                    return
                else:
                    raise value
        finally:
            if job is None or job.over.done():
                self._turnstile.release()
            else:  # cancelled or closed early: the caller goes, the next job waits
                task = asyncio.create_task(self._settle(job))
                self._settling.add(task)
                task.add_done_callback(self._settling.discard)

    async def _settle(self, job: _Job) -> None:
        try:
            await self._send(pipes.encode(["cancel", job.number]))
            async with asyncio.timeout(self._grace_seconds):
                await asyncio.shield(job.over)
        except (TimeoutError, ApplianceError):
            if self._process and self._process.returncode is None:
                self._ready.clear()
                self._process.kill()
                await asyncio.wait([job.over], timeout=self._grace_seconds)
        finally:
            self._turnstile.release()

    async def _until_ready(self) -> None:
        waits = [asyncio.ensure_future(e.wait()) for e in (self._ready, self.gave_up)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for wait in waits:
                wait.cancel()
        if self.gave_up.is_set():
            raise self._load_error or EngineError("engine-gave-up", stage=self.role, engine=self.name)

    async def _send(self, message: bytes) -> None:
        assert self._process is not None and self._process.stdin is not None
        try:
            self._process.stdin.write(message)
            await self._process.stdin.drain()
        except (ConnectionError, BrokenPipeError) as error:
            raise EngineError("engine-died", stage=self.role, engine=self.name) from error

    async def _keep(self) -> None:
        """Start the process, read what it says until it dies, and again; however it ends, nobody waits for ever."""
        try:
            while not self.gave_up.is_set():
                await self._live()
        finally:
            self.gave_up.set()

    async def _live(self) -> None:
        """Live through one process, from its start to its death."""
        began = time.monotonic()
        try:
            self._process = await asyncio.create_subprocess_exec(
                # -P: the folder that somebody happens to stand in is no place to import from
                *(sys.executable, "-P", "-m", "appliance.engine_process", self.role, self.name),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:  # no memory, too many files: it may pass
            log.warning("the engine %s could not be started: %s", self.name, error)
            self._died()
            await asyncio.sleep(RETRY_SECONDS)
            return
        with contextlib.suppress(ApplianceError):
            await self._send(pipes.encode(["load", self._options.model_dump(mode="json"), str(self._models)]))
        await self._read(began)
        await self._process.wait()
        self._died()

    async def _read(self, began: float) -> None:
        assert self._process is not None and self._process.stdout is not None
        out = self._process.stdout
        while True:
            try:
                head_bytes, sound_bytes = pipes.HEAD.unpack(await out.readexactly(pipes.HEAD.size))
                if head_bytes + sound_bytes > pipes.LIMIT_BYTES:
                    raise ValueError("out of step")
                head, sound = await out.readexactly(head_bytes), await out.readexactly(sound_bytes)
                what, number, value = pipes.decode(head, sound)
            except Exception as error:  # noqa: BLE001 - whatever it says that is no message, it is of no use any more
                if not isinstance(error, asyncio.IncompleteReadError):
                    log.warning("the engine %s is out of step: %r", self.name, error)
                if self._process.returncode is None:
                    with contextlib.suppress(ProcessLookupError):
                        self._process.kill()
                return
            if what == "ready":
                self.facts = value
                self._ready.set()
                self._on_ready(time.monotonic() - began)
            elif what == "broken":  # the constructor refused: trying again would not help
                self._load_error = value
                self.gave_up.set()
            elif self._job and number == self._job.number:
                if what != "item":
                    self._job.end()
                self._job.answers.put_nowait([what, value])

    def _died(self) -> None:
        was_ready = self._ready.is_set()
        self._ready.clear()
        if self._job and not self._job.over.done():
            self._job.end()
            self._job.answers.put_nowait(["error", EngineError("engine-died", stage=self.role, engine=self.name)])
        if self.gave_up.is_set():
            return
        now = time.monotonic()
        self._deaths.append(now)
        if len(self._deaths) == DEATHS_ALLOWED and now - self._deaths[0] < DEATHS_WINDOW_SECONDS:
            self.gave_up.set()
        if was_ready or self.gave_up.is_set():
            self._on_died()


def small(role: Role, name: str, options: EngineOptions, models: Path) -> ThreadWorker:
    """Load a small engine here and wrap it."""
    return ThreadWorker(engines.load(role, name, options, models))
