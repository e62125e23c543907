"""What the box can do in the world, and what it remembers of it: the home, timers, lists, and the one who may act.

Everything durable is in one database in the state folder; without a folder (one-shot commands), and where the disk
refuses, all of it is in memory.
"""

from __future__ import annotations

import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import cast

from appliance import events, executor_commands
from appliance.actions import Actuator
from appliance.bus import Bus
from appliance.config import Config
from appliance.database import Database, or_memory
from appliance.errors import ApplianceError, InputError
from appliance.events import Command, Say
from appliance.executor import Executor
from appliance.journal import Journal
from appliance.levels import plain
from appliance.lists import Lists
from appliance.pin import Pin
from appliance.timers import Timers

log = logging.getLogger(__name__)


class Household:
    """The parts, put together."""

    def __init__(
        self,
        settings: Config,
        folder: Path | None,
        bus: Bus,
        clock: Callable[[], datetime],
        send: Callable[[Command], Awaitable[None]],
        later: Callable[[str, str, str], Awaitable[None]],
    ) -> None:
        """Open the database. `later(text, room, language)` answers what was put off until now. Raises InputError."""
        self._bus, self._send, self._buttons = bus, send, settings.home.approve_buttons
        self._language = settings.language
        self.home = settings.home.home()
        self.declared = tuple(
            (settings.home.thing(options), options.mqtt) for options in settings.home.things if options.mqtt
        )

        def use(database: Database) -> tuple[Journal, Timers | None, Lists | None]:
            journal = Journal(database, clock)
            if not folder:
                return journal, None, None
            when = clock, time.monotonic
            timers = Timers(database, *when, bus.publish, send, later, language=settings.language)
            return journal, timers, Lists(database, bus.publish)

        self._database, (journal, self.timers, self.lists) = or_memory(folder, use)
        """No timers and lists in a one-shot command: what it sets would never ring, and be gone with it."""
        self.executor = Executor(
            self.home,
            journal,
            bus,
            settings.language,
            actuators=[one for one in (self.timers, self.lists) if one],
            marks=settings.home.levels,
            pin=Pin(folder),
            buttons=bool(self._buttons),
            aloud=self._aloud,
        )
        self.executor.button_is_there = self._button_is_there

    async def _aloud(self, room: str, words: str, language: str) -> None:
        with contextlib.suppress(ApplianceError):  # a room that is gone hears nothing
            await self._send(Say(room=room, text=words, language=language))

    def _button_is_there(self) -> bool:
        wanted = {plain(name) for name in self._buttons}
        sensors = self.home.find(domains=["binary_sensor"])
        return any(plain(said) in wanted for thing in sensors for said in (thing.id, thing.name))

    def reach(self, links: Iterable[object]) -> None:
        """Let the executor act through the links that can."""
        self.executor.actuators += [cast(Actuator, link) for link in links if _acts(link)]

    async def follow_buttons(self) -> None:
        """Heed the owner's buttons until cancelled."""
        await executor_commands.follow_buttons(self.executor, self._buttons, self._bus)

    async def keep_time(self) -> None:
        """Let timers ring until cancelled; first tell what became of the database."""
        for error in self._troubles():
            message = error.text(self._language)
            log.error("%s", message)
            self._bus.publish(events.Failed(stage="database", code=error.code, message=message))
        if self.timers:
            await self.timers.run()

    def _troubles(self) -> list[InputError]:
        found, aside = [], self._database.set_aside
        if self._database.trouble:
            found += [self._database.trouble, InputError("state-in-memory", stage="database")]
        if aside:
            found.append(InputError("state-set-aside", stage="database", path=aside))
        return found

    def close(self) -> None:
        """Close the database."""
        self._database.close()


def _acts(link: object) -> bool:
    return all(hasattr(link, name) for name in ("domains", "knows", "describe", "undoing", "do"))
