"""The child process around one heavy engine: `python -m appliance.engine_process ROLE NAME`, started by worker.py.

Main thread: one job after the other. Reading thread: takes the jobs and the cancellations from standard input, so that a
cancellation is seen while the engine works; at the end of the input (the daemon is gone) the process ends at once.
Whatever native libraries print goes to standard error: the pipe belongs to the protocol.
"""

from __future__ import annotations

import contextlib
import os
import queue
import sys
import threading
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from appliance import engines, pipes
from appliance.errors import ApplianceError, EngineError


class Host:
    """Runs jobs on the engine and answers through `out`."""

    def __init__(self, role: engines.Role, name: str, source: BinaryIO, out: BinaryIO) -> None:
        self._role, self._name = role, name
        self._source, self._out = source, out
        self._jobs: queue.Queue[list[Any]] = queue.Queue()
        self._lock = threading.Lock()
        self._running = 0
        self._cancelled = 0
        self._engine: Any = None

    def serve(self) -> None:
        """Load the engine, then work until the daemon goes."""
        threading.Thread(target=self._read, daemon=True).start()
        try:
            _, options, models = self._jobs.get()
            module = engines.module(self._role, self._name)
            self._engine = module.Engine(module.Options.model_validate(options), Path(models))
        except Exception as error:  # noqa: BLE001 - told to the daemon, whatever it is
            self._answer("broken", 0, self._told(error))
            return
        facts = {"rate": self._engine.rate} if self._role == "tts" else {}
        self._answer("ready", 0, facts)
        while True:
            kind, number, method, args = self._jobs.get()
            self._run(kind, number, method, args)

    def _run(self, kind: str, number: int, method: str, args: list[Any]) -> None:
        with self._lock:
            cancelled = self._cancelled >= number
            self._running = 0 if cancelled else number
            if hasattr(self._engine, "interrupt"):
                self._engine.interrupt(False)
        if cancelled:
            self._answer("done", number, None)
            return
        try:
            result = getattr(self._engine, method)(*args)
            items: Iterator[Any] = result if kind == "stream" else iter([result])
            try:
                for item in items:
                    if self._cancelled >= number:
                        break
                    self._answer("item", number, item)
            finally:
                if kind == "stream":
                    result.close()
            end: tuple[str, ApplianceError | None] = ("done", None)
        except Exception as error:  # noqa: BLE001 - told to the daemon, whatever it is
            end = ("error", self._told(error))
        with self._lock:
            self._running = 0
        self._answer(end[0], number, end[1])

    def _told(self, error: Exception) -> ApplianceError:
        if isinstance(error, ApplianceError):
            return error
        traceback.print_exception(error)
        return EngineError("engine-failed", stage=self._role, engine=self._name, detail=str(error)[:200])

    def _answer(self, what: str, number: int, value: Any) -> None:
        self._out.write(pipes.encode([what, number, value]))
        self._out.flush()

    def _read(self) -> None:
        with contextlib.suppress(Exception):  # a broken pipe and the end of input mean the same: the daemon is gone
            while head := self._source.read(pipes.HEAD.size):
                head_bytes, sound_bytes = pipes.HEAD.unpack(head)
                message = pipes.decode(self._source.read(head_bytes), self._source.read(sound_bytes))
                if message[0] == "cancel":
                    self._cancel(message[1])
                else:
                    self._jobs.put(message)
        os._exit(0)

    def _cancel(self, number: int) -> None:
        with self._lock:  # the next job must never be hit by the cancellation of this one
            self._cancelled = number
            if self._running == number and hasattr(self._engine, "interrupt"):
                self._engine.interrupt()


def main() -> None:
    """Serve on standard input and output until the daemon goes."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    role, name = sys.argv[1:3]
    try:
        Host(role, name, sys.stdin.buffer, out).serve()  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - a bug of ours: told, and the daemon starts the process anew
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(1)  # the reading thread holds standard input: an orderly end of the interpreter would trip over it


if __name__ == "__main__":
    main()
