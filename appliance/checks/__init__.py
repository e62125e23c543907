"""Health checks: is the box well, and what should a person do if it is not?

A check is one file here with `def check(context) -> list[Problem]`; an empty list is health, and the file's name is
what the person sees. A file that begins with an underscore serves its neighbours. Nothing else is edited to add a
check; third parties register `grillon.checks` entry points whose value is such a module. Checks look and touch
nothing, and none of them trusts the others to have passed.

A check may block (a broken audio driver can for ever), so each runs in a daemon thread of its own and is given up after
`LIMIT_SECONDS`: `grillon doctor` is what one runs when something hangs.
"""

from __future__ import annotations

import asyncio
import importlib
import logging
import pkgutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from pathlib import Path
from typing import Literal, Protocol

from appliance.config import Config
from appliance.errors import ApplianceError
from appliance.messages import text

log = logging.getLogger(__name__)

LIMIT_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as it should be; its text says what to do."""

    code: str
    """A key of messages.toml."""
    severity: Literal["error", "warning"] = "error"
    """error: the box does not work as asked; warning: it works, and worse than it could."""
    values: dict[str, object] = field(default_factory=dict)

    def text(self, language: str) -> str:
        """Return the sentence for the person, in `language` ("fr" or "en")."""
        return text(self.code, language, **self.values)


def error(code: str, **values: object) -> Problem:
    """Return a problem that keeps the box from working."""
    return Problem(code, "error", values)


def warning(code: str, **values: object) -> Problem:
    """Return a problem that the box can live with."""
    return Problem(code, "warning", values)


@dataclass(frozen=True, slots=True)
class CheckContext:
    """What a check may look at."""

    config: Config
    store: Path
    """Folder of the models."""
    root: Path = Path("/")
    """Where /proc, /sys and /dev are found: another folder in tests."""


class Check(Protocol):
    """The module of a check."""

    def check(self, context: CheckContext) -> list[Problem]:
        """Look, and return what is wrong. What is raised becomes a problem."""


def modules() -> dict[str, Check]:
    """Return every check by name, the box's own first."""
    found: dict[str, Check] = {
        m.name: importlib.import_module(f"{__name__}.{m.name}")
        for m in pkgutil.iter_modules(__path__)
        if not m.name.startswith("_")
    }
    for entry in entry_points(group="grillon.checks"):
        found.setdefault(entry.name, entry.load())
    return found


async def run_all(context: CheckContext, limit_seconds: float = LIMIT_SECONDS) -> dict[str, list[Problem]]:
    """Run every check, all at once; return what each found, by name."""
    found = modules()
    results = await asyncio.gather(*(run(module, context, limit_seconds) for module in found.values()))
    return dict(zip(found, results, strict=True))


async def run(module: Check, context: CheckContext, limit_seconds: float = LIMIT_SECONDS) -> list[Problem]:
    """Run one check; one that raises, or does not come back, is a problem itself and keeps no other from being told."""
    try:
        async with asyncio.timeout(limit_seconds):
            return await _in_daemon_thread(lambda: module.check(context))
    except ApplianceError as raised:
        return [Problem(raised.code, "error", raised.values)]
    except TimeoutError:
        return [error("check-hangs", seconds=round(limit_seconds))]
    except OSError as refused:  # a file or a folder that this user may not see: the system's own words say which
        return [error("check-failed", detail=refused)]
    except Exception as bug:
        log.exception("the check %s failed", getattr(module, "__name__", module))
        return [error("check-failed", detail=repr(bug))]


async def _in_daemon_thread(work: Callable[[], list[Problem]]) -> list[Problem]:
    """Await `work()` in a thread that does not keep the program from ending, which asyncio.to_thread's would."""
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[list[Problem]] = loop.create_future()

    def settle(result: list[Problem] | None, raised: Exception | None) -> None:
        if outcome.done():
            return
        if raised is not None:
            outcome.set_exception(raised)
        else:
            outcome.set_result(result or [])

    def body() -> None:
        try:
            result, raised = work(), None
        except Exception as trouble:  # noqa: BLE001 - raised again where it is awaited
            result, raised = None, trouble
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, result, raised)

    threading.Thread(target=body, daemon=True).start()
    return await outcome
