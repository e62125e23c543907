"""A conversation as a script: what is heard when, what the engines would say; then what happened, as lines.

scene = Scene(ear=ScriptedEar(10).at(1, wake=True).at(1.5, speech=1), stt=["quelle heure est-il"])
assert scene.run() == ["wake-detected okay_nabu", "turn-started wake", ...]
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

from appliance.answer import Answerer
from appliance.bus import Bus
from appliance.config import TurnOptions
from appliance.events import Event
from appliance.executor import Executor
from appliance.hearing import Hearing
from appliance.session import Room, Session
from appliance.skills import Skills
from appliance.speaker import FileMouth, Mouth
from appliance.store import Store
from appliance.turn import Mind
from appliance.wire import kind
from tests import clock, fakes

SHOWN = ("word", "trigger", "state", "text", "reason", "skill", "by", "outcome", "code", "heard", "muted", "percent")
HIDDEN = ("state-changed", "sentence-ready", "speech-started")
SKILLS = Skills()
MOMENT = datetime(2026, 11, 24, 9, 0)


class Scene:
    """One or more rooms on virtual time with fake engines and the real session, turn, voice, skills and history."""

    def __init__(
        self,
        *ears: fakes.ScriptedEar,
        stt: fakes.FakeWorker | None = None,
        llm: fakes.FakeWorker | None = None,
        tts: fakes.FakeWorker | None = None,
        english: fakes.FakeWorker | None = None,
        options: TurnOptions | None = None,
        executor: Executor | None = None,
        skills: Skills = SKILLS,
        bus: Bus | None = None,
    ) -> None:
        self.ears = ears
        self.stt, self.llm, self.tts = stt or fakes.recogniser(), llm or fakes.model(), tts or fakes.voice()
        self.english = english
        """The voice of English, where that is spoken to the box too."""
        self.options = options or TurnOptions(chime=False)
        self.executor, self.skills = executor, skills
        self.events: list[tuple[float, Event]] = []
        self.sessions: list[Session] = []
        self.mouths: list[Mouth] = []
        self.bus = bus or Bus()

    def run(self, play: Callable[[Scene], Awaitable[None]] | None = None) -> list[str]:
        """Play the scene to the end of the ears (and `play` beside it); return what happened, a line an event."""
        clock.run(self._run(play))
        return self.lines()

    def lines(self, room: str = "") -> list[str]:
        """Return the events of a room (all rooms where there is one), the fields that tell the story only."""
        chosen = (e for _, e in self.events if not room or e.room == room)
        return [line for event in chosen if (line := told(event))]

    def when(self, line: str) -> float:
        """Return the virtual second at which this line happened first."""
        return next(t for t, event in self.events if told(event).startswith(line))

    async def _run(self, play: Callable[[Scene], Awaitable[None]] | None) -> None:
        answerer = Answerer(self.skills, self.llm, 200)
        mind = Mind("fr", "Lyon", lambda: MOMENT, self.stt, self.tts, answerer, self.options)
        if self.english:
            names = lambda: ["Nestor"]  # noqa: E731
            mind = replace(mind, words="Volets", names=names, also={"en": "Shutters"}, voices={"en": self.english})
        for number, ear in enumerate(self.ears):
            mouth = FileMouth(None, realtime=True)
            name = ("salon", "bureau", "cuisine")[number]
            room = Room(name, ear, mouth, Hearing(ear, fakes.wake_word(), fakes.voice_activity()))
            self.sessions.append(Session(room, mind, self.bus, Store(None), executor=self.executor))
            self.mouths.append(mouth)
        with self.bus.subscribe() as events:
            watching = asyncio.create_task(self._watch(events))
            async with asyncio.TaskGroup() as group:
                for session in self.sessions:
                    group.create_task(session.run())
                if play:
                    await play(self)
            await asyncio.sleep(0)
            watching.cancel()

    async def _watch(self, events: Any) -> None:
        async for event in events:
            self.events.append((asyncio.get_running_loop().time(), event))


def told(event: Event) -> str:
    """Return the event as a line of the story, "" for those that are only noise there."""
    name = kind(event)
    if name in HIDDEN:
        return ""
    words = [str(value) for field in SHOWN if (value := getattr(event, field, None)) not in (None, "")]
    return " ".join([name, *words])
