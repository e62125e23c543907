"""The composition root: configuration -> parts -> one TaskGroup -> stop. The only file that knows every part.

`open_box` makes what all rooms share (engines, skills, what was synthesised in advance); `Box.session` adds a room to it;
`run` is the daemon. The one-shot commands use the same box with fewer engines and other ears and mouths.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import math
import signal
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from appliance import __version__, config, events, executor_commands, links, sdnotify, worker
from appliance.answer import Answerer
from appliance.audio import RATE, Pcm, chime
from appliance.bus import Bus
from appliance.card import devices
from appliance.catalog import Catalog, default_store
from appliance.choice import Clock, choices, further, require, system_clock, voices
from appliance.config import Config
from appliance.ears import Ear, FileEar, MicrophoneEar
from appliance.engines import EngineOptions, Role
from appliance.errors import DeviceError, EngineError, InputError
from appliance.events import Command
from appliance.folding import fold
from appliance.hearing import Hearing
from appliance.household import Household
from appliance.messages import address_with, text
from appliance.own_sentences import OwnSentences
from appliance.session import Room, Session
from appliance.skills import Situation, Skills
from appliance.speakable import speakable
from appliance.speaker import FileMouth, Mouth, SpeakerMouth
from appliance.store import Store
from appliance.turn import Mind
from appliance.worker import ProcessWorker

CANNED = ("spoken-failed", "spoken-not-understood", "spoken-no-answer")
WATCHDOG_SECONDS = 5.0
"""The unit's WatchdogSec is several times this."""
NAMES_SETTLE_SECONDS = 1.0
REGIONS = {"france": "fr", "belgium": "fr-BE", "switzerland": "fr-CH"}
"""What speakable.py calls the regions whose numbers are said."""


class Box:
    """What all rooms share, and the rooms."""

    def __init__(
        self,
        settings: Config,
        bus: Bus,
        store: Store,
        mind: Mind,
        workers: dict[Role, ProcessWorker],
        household: Household,
    ) -> None:
        self.settings, self.bus, self.store, self.mind, self.workers = settings, bus, store, mind, workers
        self.household = household
        self.sessions: dict[str, Session] = {}
        self.voices: dict[str, ProcessWorker] = {}
        """The voices of further languages."""
        self.small: dict[Role, tuple[str, EngineOptions, Path]] = {}
        """The engines that each room has of its own: wake word and voice activity."""

    @property
    def voice(self) -> str:
        """What speaks: engine and model, for the mark of synthetic speech."""
        tts = self.workers.get("tts")
        return " ".join(filter(None, (tts.name, tts.model))) if tts else ""

    @property
    def wake_words(self) -> list[str]:
        """What wakes the box, as one says it."""
        return [Path(word).stem.replace("_", " ") for word in getattr(self.small["wake"][1], "words", [])]

    def session(
        self, name: str, ear: Ear, mouth: Mouth, *, wake: bool = True, chimes: bool = True, single: bool = False
    ) -> Session:
        """Add a room with its own small models."""
        detector = worker.small("wake", *self.small["wake"]) if wake else None
        hearing = Hearing(ear, detector, worker.small("vad", *self.small["vad"]))
        ring = chime() if chimes and self.settings.turn.chime else None
        session = Session(
            Room(name, ear, mouth, hearing),
            self.mind,
            self.bus,
            self.store,
            ring,
            single=single,
            executor=self.household.executor,
            area=self._area(name),
            timers=self.household.timers,
            lists=self.household.lists,
        )
        self.sessions[name] = session
        return session

    def _area(self, room: str) -> str:
        """Return the area of the home in which a room of the box is: the configured one, else the one of its name."""
        wanted = next((options.area for options in self.settings.rooms if options.name == room), "") or room
        return next((area for area in self.household.home.areas if fold(area) == fold(wanted)), "")

    async def send(self, command: Command) -> None:
        """Hand a command to the executor, or to the room it names: the first one where it names none.

        Raises InputError for no such room.
        """
        if isinstance(command, executor_commands.COMMANDS):
            if command.room:
                self._room(command.room)
            executor, language = self.household.executor, self.settings.language
            await executor_commands.obey(executor, command, self.bus, language, self._ask_aloud)
            return
        room = self._room(command.room)
        await room.send(dataclasses.replace(command, room=room.room.name))

    async def later(self, said: str, room: str, language: str = "") -> None:
        """Answer now what was put off, in its room, or in the first where that is gone."""
        (self.sessions.get(room) or self._room("")).answer_later(said, language)

    async def _ask_aloud(self, room: str, question: str) -> None:
        await self._room(room).ask_aloud(question)

    def _room(self, name: str) -> Session:
        name = name or next(iter(self.sessions), "")
        if name not in self.sessions:
            raise InputError("room-unknown", stage="box", room=name, known=", ".join(self.sessions))
        return self.sessions[name]


@contextlib.asynccontextmanager
async def open_box(
    settings: Config,
    *,
    need: Iterable[Role] = ("stt", "llm", "tts"),
    clock: Clock | None = None,
    store: Store | None = None,
    bus: Bus | None = None,
    folder: Path | None = None,
) -> AsyncIterator[Box]:
    """Load the engines that are needed and yield the box; end them afterwards. `folder`: of the durable state, if any.

    Raises ConfigError and ModelError before anything heavy starts, EngineError where an engine does not load.
    """
    bus, clock = bus or Bus(), clock or system_clock(settings)
    address_with(settings.address)
    models = settings.models_folder if settings.models_folder != Path() else default_store()
    catalog = Catalog.load()
    chosen = choices(settings, models, catalog)
    require(chosen, need, models, catalog)
    workers: dict[Role, ProcessWorker] = {}
    for role in need:
        if role in chosen:
            name, options = chosen[role]
            workers[role] = ProcessWorker(role, name, options, models, **_reports(bus, role, name))
    speaking: dict[str, ProcessWorker] = {}
    if "tts" in need:
        for language, (name, options) in voices(settings, models, catalog).items():
            speaking[language] = ProcessWorker("tts", name, options, models, **_reports(bus, "tts", name))
    household = Household(settings, folder, bus, clock, lambda command: box.send(command), lambda *put: box.later(*put))
    try:
        await _start([*workers.values(), *speaking.values()])
        mind = _mind(settings, household, clock, workers, speaking)
        box = Box(settings, bus, store or Store(None), mind, workers, household)
        box.voices = speaking
        box.small = {role: (*chosen[role], models) for role in ("wake", "vad")}
        yield box
    finally:
        await asyncio.gather(*(w.aclose() for w in (*workers.values(), *speaking.values())))
        household.close()


def _mind(
    settings: Config,
    household: Household,
    clock: Clock,
    workers: Mapping[Role, ProcessWorker],
    speaking: Mapping[str, ProcessWorker],
) -> Mind:
    skills = Skills(own=OwnSentences(settings.home.rules()))
    return Mind(
        settings.language,
        settings.place,
        clock,
        workers.get("stt"),
        workers.get("tts"),
        Answerer(skills, workers.get("llm"), settings.llm.max_tokens, household.home),
        settings.turn,
        words=text("home-kinds", settings.language),
        names=lambda: [*household.home.words(), *settings.words],
        also={language: text("home-kinds", language) for language in further(settings)},
        voices=speaking,
        regions={"fr": REGIONS[settings.numbers]},
    )


async def _start(workers: Iterable[ProcessWorker]) -> None:
    results = await asyncio.gather(*(w.start() for w in workers), return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            raise result


def _reports(bus: Bus, role: Role, name: str) -> dict[str, Any]:
    return {
        "on_ready": lambda seconds: bus.publish(events.EngineReady(role=role, engine=name, seconds=round(seconds, 2))),
        "on_died": lambda: bus.publish(events.EngineDied(role=role, engine=name)),
    }


async def prepare(box: Box) -> None:
    """Synthesise what is known in advance and warm the model, so that the first turn is as quick as the next."""
    mind = box.mind
    for language in (*mind.also, mind.language):  # its own last: what the model read last it still knows
        if voice := mind.voice(language):
            for key in CANNED:
                words = speakable(text(key, language), mind.regions.get(language, language))
                chunks: list[Pcm] = [chunk async for chunk in voice.stream("say", words)]
                if chunks:
                    mind.canned[language, key] = np.concatenate(chunks), int(voice.facts.get("rate", RATE))
        await mind.answerer.warm(Situation(language, "", mind.clock(), mind.place, 0, "", box.send))


async def run(settings: Config, bus: Bus, *, on_ready: Callable[[Box, Sound], None] = lambda box, sound: None) -> None:
    """Be the daemon until a signal comes. Raises EngineError where an engine keeps dying: never alive but deaf."""
    state = settings.state_folder if settings.state_folder != Path() else config.default_state_folder()
    async with open_box(settings, store=Store(state), bus=bus, folder=state) as box:
        await prepare(box)
        sound = await Sound.here()
        for room in settings.rooms:
            box.session(room.name, _ear(room.microphone, room.name, box.bus), await _mouth(room.speaker))
        made = _links(box)
        box.household.reach(made)
        try:
            async with asyncio.TaskGroup() as group:
                lives = [*(s.run() for s in box.sessions.values()), *(link.run() for link in made), _watch(box)]
                lives += [box.household.keep_time(), box.household.follow_buttons(), _keep_up(box)]
                lives += [_until_given_up(one) for one in (*box.workers.values(), *box.voices.values())]
                _stop_on_signal([group.create_task(life) for life in lives], box.bus)
                rooms = list(box.sessions)
                box.bus.publish(events.BoxStarted(version=__version__, language=settings.language, rooms=rooms))
                for session in box.sessions.values():
                    session.announce()
                sdnotify.notify("READY=1")
                on_ready(box, sound)
        finally:
            for session in box.sessions.values():
                await session.room.ear.aclose()
                await session.room.mouth.aclose()


def _links(box: Box) -> list[links.Link]:
    """Return the links of the configuration. Raises ConfigError."""
    settings, household = box.settings, box.household
    about = links.BoxInfo(
        settings.box, settings.language, __version__, tuple(box.sessions), household.home, household.declared
    )
    made: list[links.Link] = []
    for name in settings.links:
        module = links.module(name)
        options = config.read(module.Options, links.options_of(name, settings.links), name)
        made.append(module.Link(options, about, box.bus, box.send))
    return made


@dataclasses.dataclass(frozen=True)
class Sound:
    """Which sound devices this machine has at the start."""

    microphones: tuple[str, ...]
    speakers: tuple[str, ...]

    @classmethod
    async def here(cls) -> Sound:
        """Ask the system; nothing where it cannot tell."""
        try:
            found = await devices()
        except DeviceError:
            found = []
        return cls(tuple(d.name for d in found if d.inputs), tuple(d.name for d in found if d.outputs))


def _stop_on_signal(tasks: list[asyncio.Task[None]], bus: Bus) -> None:
    def stop() -> None:
        sdnotify.notify("STOPPING=1")
        bus.publish(events.BoxStopped())
        for task in tasks:
            task.cancel()

    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop)


async def _watch(box: Box) -> None:
    """Feed the watchdog while every room's frames flow, or are known not to: muted, unplugged, or a recording that ended.

    It is fed from what proves the work, never from a timer alone: a room that is silently deaf makes systemd restart us.
    """
    beats = dict.fromkeys(box.sessions, -1)
    lost: set[str] = set()
    with box.bus.subscribe() as happened:
        while True:
            for event in happened.drain():
                if isinstance(event, events.MicrophoneLost):
                    lost.add(event.room)
                elif isinstance(event, events.MicrophoneFound):
                    lost.discard(event.room)
            rooms = box.sessions.items()
            if all(s.beats != beats[name] or s.muted or s.over or name in lost for name, s in rooms):
                sdnotify.notify("WATCHDOG=1")
            beats = {name: session.beats for name, session in rooms}
            await asyncio.sleep(WATCHDOG_SECONDS)


async def _keep_up(box: Box) -> None:
    """Learn the names of things that are found, once no more are found for a moment: many come at once."""
    with box.bus.subscribe() as happened:
        await box.mind.answerer.keep_up()
        async for event in happened:
            if isinstance(event, events.ThingFound | events.ThingLost):
                await asyncio.sleep(NAMES_SETTLE_SECONDS)
                happened.drain()
                await box.mind.answerer.keep_up()


async def _until_given_up(one: ProcessWorker) -> None:
    await one.gave_up.wait()
    raise EngineError("engine-gave-up", stage=one.role, engine=one.name)


def _ear(device: str, room: str, bus: Bus) -> Ear:
    if device.startswith("file:"):
        # The room goes on after its recording: commands still reach it.
        return FileEar(Path(device.removeprefix("file:")), realtime=True, then_silence=math.inf)
    return MicrophoneEar(
        device,
        on_lost=lambda name: bus.publish(events.MicrophoneLost(room=room, device=name)),
        on_found=lambda name: bus.publish(events.MicrophoneFound(room=room, device=name)),
    )


async def _mouth(device: str) -> Mouth:
    if device.startswith("file:"):
        return FileMouth(Path(device.removeprefix("file:")), realtime=True)
    mouth = SpeakerMouth(device, silent_without_device=True)
    with contextlib.suppress(DeviceError):  # it is opened again, and told, when there is something to say
        await mouth.open()
    return mouth
