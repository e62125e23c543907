"""A voice moves a home that announced itself on a real mosquitto: recordings in, real models, simulated devices out."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import pytest_asyncio

from appliance import app, approvals
from appliance.audio import FRAME_SAMPLES, FRAME_SECONDS, Pcm
from appliance.config import Config
from appliance.pin import Pin
from appliance.speaker import FileMouth
from tests.links.conftest import mosquitto_only
from tests.links.devices import Z2M_LOCK, Devices, devices
from tests.links.world import BOX, MosquittoBroker, Watcher, patiently, watching
from tests.speech import has, spoken

pytestmark = [
    pytest.mark.models,
    *mosquitto_only,
    pytest.mark.skipif(not has("whisper-base", "qwen2.5-1.5b"), reason="the base profile's models are not here"),
]

CODE = "7391"
LOCKED = {"state": "LOCK"}
MOMENT = datetime(2026, 11, 24, 9, 0)
UNLOCK = "Déverrouille la porte d'entrée."
DOOR, LIGHT = "Est-ce que la porte d'entrée est fermée ?", "La lumière du salon est-elle allumée ?"
LAMP, LOCK = "light.0x1.light", "lock.0x3.lock"
LAMP_SET, LOCK_SET = "zigbee2mqtt/Lumière/set", "zigbee2mqtt/Serrure/set"
Z2M_LAMP = {
    "command_topic": LAMP_SET,
    "state_topic": "zigbee2mqtt/Lumière",
    "schema": "json",
    "brightness": True,
    "name": None,
    "device": {"name": "Lumière du salon", "suggested_area": "Salon"},
}


class Voice:
    """An ear that hears what is spoken into it at once, and silence as time goes by."""

    device = "voice"

    def __init__(self) -> None:
        self._pending: deque[Pcm] = deque()

    def speak(self, pcm: Pcm) -> None:
        whole = len(pcm) - len(pcm) % FRAME_SAMPLES
        self._pending += np.split(pcm[:whole], whole // FRAME_SAMPLES)

    async def blocks(self) -> AsyncIterator[Pcm]:
        while True:
            if self._pending:
                await asyncio.sleep(0)
                yield self._pending.popleft()
            else:
                await asyncio.sleep(FRAME_SECONDS)
                yield np.zeros(FRAME_SAMPLES, np.int16)

    def mute(self, muted: bool) -> None: ...

    async def aclose(self) -> None: ...


class Home:
    """The box of a home with one room, wired as the daemon is, its devices, and a client that watches the broker."""

    def __init__(self, box: app.Box, folder: Path, voice: Voice, found: Devices, watcher: Watcher) -> None:
        self.box, self.folder, self.found, self.watcher, self._voice = box, folder, found, watcher, voice

    @property
    def sent(self) -> list[tuple[str, str]]:
        """What the devices were told, the oldest first."""
        return [(topic, payload) for topic, payload, _, _ in self.found.commands if topic.endswith("/set")]

    def told(self, kind: str, since: int = 0) -> list[dict[str, Any]]:
        """Return the events of a kind that came over MQTT."""
        return self.watcher.payloads(kind)[since:]

    async def hears(self, sentence: str) -> str:
        """Let the room hear a recording; return what it answers."""
        answers, ended = len(self.told("answered")), len(self.told("turn-ended"))
        await self.watcher.command("listen", {"room": "salon"})
        await patiently(lambda: self.box.sessions["salon"].state == "listening")
        self._voice.speak(spoken(sentence))
        await patiently(lambda: len(self.told("turn-ended")) > ended)
        return "".join(event["text"] for event in self.told("answered", answers))

    async def state(self, thing: str, value: str) -> None:
        """Wait until a thing stands so, and was told so over MQTT."""
        await patiently(lambda: self._told_last(thing) == value and self.box.household.home.state(thing).value == value)

    def _told_last(self, thing: str) -> str:
        return next((e["state"] for e in reversed(self.told("thing-changed")) if e["thing_id"] == thing), "")

    async def approves(self, code: str, command_id: str) -> dict[str, Any]:
        """Send the second factor over MQTT; return what came of it."""
        await self.watcher.command("approve", {"code": code, "command_id": command_id})
        kinds = ("command-done", "failed")
        await patiently(lambda: [e for k in kinds for e in self.told(k) if e.get("command_id") == command_id])
        return next(e for k in kinds for e in self.told(k) if e.get("command_id") == command_id)

    async def stands(self) -> None:
        """Put the devices as they are at the start of each test: light on, door locked."""
        for topic, state in (
            ("zigbee2mqtt/Lumière", {"state": "ON", "brightness": 254}),
            ("zigbee2mqtt/Serrure", LOCKED),
        ):
            self.found.states[topic] = dict(state)
            await self.found.say(topic, state)
        state = self.box.household.home.state
        await patiently(lambda: (state(LAMP).value, state(LOCK).value) == ("on", "locked"))


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def opened(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Home]:
    """One box for the module: its engines are started once."""
    folder = tmp_path_factory.mktemp("home")
    broker = MosquittoBroker(folder)
    await broker.start()
    at = {"host": "127.0.0.1", "port": broker.port}
    settings = Config(box=BOX.box, place="Lyon", links={"mqtt": at, "homeassistant": {}})
    voice = Voice()
    async with (
        app.open_box(settings, clock=lambda: MOMENT, folder=folder) as box,
        devices(broker.port) as found,
        watching(broker.port) as watcher,
        contextlib.AsyncExitStack() as ends,
    ):
        session = box.session("salon", voice, FileMouth(None, realtime=False), wake=False, chimes=False)
        links = app._links(box)
        box.household.reach(links)
        lives = [asyncio.create_task(life) for life in (session.run(), *(link.run() for link in links))]
        ends.push_async_callback(broker.kill)
        ends.push_async_callback(asyncio.wait, lives)
        ends.callback(lambda: [life.cancel() for life in lives])
        await found.announce("light", "0x1", Z2M_LAMP)
        await found.announce("lock", "0x3", Z2M_LOCK)
        await patiently(lambda: len(watcher.payloads("thing-found")) == 2)
        yield Home(box, folder, voice, found, watcher)


@pytest_asyncio.fixture(loop_scope="module")
async def home(opened: Home) -> AsyncIterator[Home]:
    Pin(opened.folder).set(CODE)
    opened.box.household.executor.refuse()
    await opened.stands()
    opened.watcher.messages.clear()
    opened.found.commands.clear()
    yield opened
    Pin(opened.folder).remove()


@pytest.mark.asyncio(loop_scope="module")
class TestHome:
    async def test_a_voice_turns_a_discovered_light_off_and_its_state_comes_back(self, home: Home) -> None:
        answer = await home.hears("Éteins la lumière du salon.")
        await home.state(LAMP, "off")
        ((topic, payload),) = home.sent
        assert topic == LAMP_SET and json.loads(payload) == {"state": "OFF"}
        (done,) = home.told("action-done")
        assert (done["domain"], done["service"], done["target"]) == ("light", "turn_off", LAMP)
        assert (done["path"], done["room"], done["level"]) == ("voice", "salon", 1)
        assert "lumière du salon" in answer.lower()

    async def test_annule_takes_it_back(self, home: Home) -> None:
        await home.hears("Éteins la lumière du salon.")
        await home.state(LAMP, "off")
        await home.hears("Annule.")
        await home.state(LAMP, "on")

    async def test_without_a_code_a_voice_does_not_unlock(self, home: Home) -> None:
        Pin(home.folder).remove()
        answer = await home.hears(UNLOCK)
        (refused,) = home.told("action-refused")
        assert (refused["reason"], refused["level"]) == ("no-factor", 3)
        assert "la voix ne suffit pas" in answer
        assert home.sent == []

    async def test_a_lock_waits_for_the_right_code_and_the_room_hears_that_it_is_done(self, home: Home) -> None:
        answer = await home.hears(UNLOCK)
        (wanted,) = home.told("approval-wanted")
        assert wanted["level"] == 3 and wanted["text"] in answer and "j'attends le code" in answer
        assert home.sent == []
        await home.hears("Oui.")
        assert home.sent == [] and home.box.household.executor.waiting()
        assert (await home.approves("1379", "wrong"))["code"] == "approve-refused"
        assert home.sent == []
        done = await home.approves(CODE, "right")
        assert done["result"]["status"] == "done"
        await home.state(LOCK, "unlocked")
        assert home.sent == [(LOCK_SET, "UNLOCK")]
        await patiently(lambda: home.told("answered")[-1]["text"].startswith("C'est approuvé et fait"))
        assert home.told("answered")[-1]["room"] == "salon"
        written = [bytes(m.payload) for m in home.watcher.messages if "/command/" not in m.topic.value]
        assert not [raw for raw in written if CODE.encode() in raw]

    async def test_the_right_code_after_the_wish_ran_out_does_nothing(
        self, home: Home, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(approvals, "APPROVING_SECONDS", 0.2)
        await home.hears(UNLOCK)
        await patiently(lambda: home.told("action-refused"))
        assert [e["reason"] for e in home.told("action-refused")] == ["expired"]
        assert (await home.approves(CODE, "late"))["code"] == "approve-refused"
        assert home.sent == []

    async def test_how_things_stand_is_answered_from_what_they_told(self, home: Home) -> None:
        assert await home.hears(DOOR) == "La porte d'entrée est verrouillée."
        assert (await home.hears(LIGHT)).startswith("Oui, la lumière du salon")
        await home.found.say("zigbee2mqtt/Serrure", {"state": "UNLOCK"})
        await home.found.say("zigbee2mqtt/Lumière", {"state": "OFF"})
        await home.state(LOCK, "unlocked")
        await home.state(LAMP, "off")
        assert await home.hears(DOOR) == "La porte d'entrée est déverrouillée."
        assert (await home.hears(LIGHT)).startswith("Non, la lumière du salon")
        assert home.sent == []

    async def test_a_voice_starts_a_timer(self, home: Home) -> None:
        answer = await home.hears("Mets un minuteur de dix minutes.")
        (started,) = home.told("timer-started")
        assert (started["what"], started["total_seconds"], started["room"]) == ("timer", 600, "salon")
        assert "10 minutes" in answer
