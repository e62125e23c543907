"""Timers and lists behind the real grammar and executor, spoken to. It is Tuesday, 24 November 2026, 9:00 in Paris."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from appliance.actions import Origin
from appliance.bus import Bus
from appliance.database import Database
from appliance.events import Command
from appliance.executor import Executor
from appliance.grammar import Grammar
from appliance.home import Area, Home, Thing
from appliance.journal import Journal
from appliance.lists import Lists
from appliance.skills import Reply, Situation, modules
from appliance.timed import Entry
from appliance.timers import Timers
from tests import clock

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))
HOME = Home(areas=[Area("Salon")], things=[Thing("l1", "Lumière du salon", "light", "Salon")])
SKILLS = modules()
GRAMMARS = {language: Grammar(language, HOME, SKILLS) for language in ("fr", "en")}


class Box:
    """Timers and lists behind the real executor, spoken to in a room."""

    def __init__(self, language: str = "fr") -> None:
        self.language = language
        self.sent: list[Command] = []
        self.asked: list[tuple[str, str]] = []
        self.bus = Bus()
        database = Database(None)
        self.loop = asyncio.get_running_loop()
        self.timers = Timers(database, self.now, self.loop.time, self.bus.publish, self.send, self.later, language)
        self.lists = Lists(database, self.bus.publish)
        self.executor = Executor(
            HOME, Journal(database, self.now), self.bus, language, actuators=[self.timers, self.lists]
        )

    def now(self) -> datetime:
        return datetime.fromtimestamp(NINE.timestamp() + self.loop.time(), NINE.tzinfo)

    async def send(self, command: Command) -> None:
        self.sent.append(command)

    async def later(self, words: str, room: str, language: str) -> None:
        self.asked.append((words, room))

    async def reply(self, sentence: str, room: str = "cuisine") -> Reply:
        match = GRAMMARS[self.language].match(sentence)
        assert match is not None, sentence
        origin = Origin("voice", room)
        situation = Situation(self.language, room, self.now(), "Lyon", 50, "", self.send, HOME, room, origin=origin)
        situation = replace(
            situation, perform=self.executor.bound(origin), timers=self.timers, lists=self.lists, said=sentence
        )
        reply: Reply = await SKILLS[match.skill].handle(match.intent, match.slots, situation)
        return reply

    async def say(self, sentence: str, room: str = "cuisine") -> str:
        return (await self.reply(sentence, room)).text

    @property
    def one(self) -> Entry:
        (entry,) = self.timers.all()
        return entry


def scene(play: Callable[[Box], Awaitable[None]], language: str = "fr") -> None:
    async def run() -> None:
        await play(Box(language))

    clock.run(run())
