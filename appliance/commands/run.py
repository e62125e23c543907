"""`grillon run`: be the box, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from typing import Annotated

from appliance import app, commands
from appliance.app import Box, Sound
from appliance.bus import Bus, Subscription
from appliance.commands import option, say
from appliance.errors import ApplianceError
from appliance.events import (
    Answered,
    BoxStarted,
    DiscoveryRefused,
    EngineDied,
    Event,
    Failed,
    MicrophoneFound,
    MicrophoneLost,
    Transcribed,
    WakeDetected,
)


def run(quiet: Annotated[bool, option("quiet", "--quiet")] = False) -> None:
    """Be the daemon."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    settings = commands.settings()

    async def lived() -> None:
        bus = Bus()
        with bus.subscribe() as events:
            telling = asyncio.create_task(_tell(events, quiet))
            try:
                await app.run(settings, bus, on_ready=_welcome)
            finally:
                telling.cancel()

    try:
        asyncio.run(lived())
    except* ApplianceError as group:
        raise _first(group) from group


def _first(group: BaseExceptionGroup[ApplianceError]) -> ApplianceError:
    error = group.exceptions[0]
    return _first(error) if isinstance(error, BaseExceptionGroup) else error


def _welcome(box: Box, sound: Sound) -> None:
    rooms = ", ".join(box.sessions)
    listens = sound.microphones or any(room.microphone.startswith("file:") for room in box.settings.rooms)
    key = "run-ready" if listens else "run-no-microphone"
    commands.out.print(say(key, rooms=rooms, words=", ".join(box.wake_words)), markup=False)
    if not sound.speakers:
        commands.out.print(say("run-no-speaker"), markup=False)


async def _tell(events: Subscription, quiet: bool) -> None:
    async for event in events:
        line = told(event)
        if line and not quiet:
            commands.out.print(line, markup=False)


def told(event: Event) -> str:
    """Return the line that a person at the terminal sees of an event, or nothing."""
    room = f"[{event.room}] " if event.room else ""
    match event:
        case WakeDetected():
            return room + say("ask-wake", word=event.word)
        case Transcribed():
            return room + say("ask-heard", text=event.text or say("ask-nothing"))
        case Answered():
            return room + say("ask-answer", text=event.text, by=event.by)
        case Failed():
            return room + say("run-failed", message=event.message)
        case DiscoveryRefused():
            return say("run-failed", message=event.message)
        case MicrophoneLost():
            return room + say("run-microphone-lost", device=event.device)
        case MicrophoneFound():
            return room + say("run-microphone-found", device=event.device)
        case EngineDied():
            return say("run-engine-died", engine=event.engine)
        case BoxStarted():
            return ""
    return ""
