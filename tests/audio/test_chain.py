"""The whole chain on real models: speech of the project's own voices in, a spoken answer out."""

from __future__ import annotations

import asyncio
import os
import signal
import unicodedata
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import pytest_asyncio

from appliance.app import Box, open_box
from appliance.audio import RATE
from appliance.commands.ask import one_turn, summary
from appliance.config import Config
from appliance.ears import FileEar
from appliance.events import Answered, Event, Failed, TurnEnded
from appliance.speaker import FileMouth
from tests.speech import has, siwis, spoken

pytestmark = [
    pytest.mark.models,
    pytest.mark.skipif(not has("whisper-base", "qwen2.5-1.5b"), reason="the base profile's models are not here"),
]

TIME = "Dis-moi l'heure, s'il te plaît."
"""A question that Whisper understands when Pico asks it; others it mishears as it would a foreigner's."""
MOMENT = datetime(2026, 11, 24, 9, 0)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def box() -> AsyncIterator[Box]:
    """One box for the module: its engines are started once."""
    async with open_box(Config(place="Lyon"), clock=lambda: MOMENT) as opened:
        yield opened


def folded(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text.lower()) if not unicodedata.combining(c))


@pytest.mark.asyncio(loop_scope="module")
class TestChain:
    async def test_a_skill_answers_a_spoken_question(self, box: Box) -> None:
        result = summary("x", await one_turn(box, spoken(TIME), wake=False))
        assert result["by"] == "skill:clock"
        assert "9 h" in result["answer"]
        assert result["timing_ms"]["first_sound"] > 0

    @pytest.mark.skipif(not has("kokoro-82m", "kokoro-ff-siwis"), reason="Kokoro and its French voice are not here")
    async def test_the_capital_of_italy_is_answered_aloud(self, box: Box, tmp_path: Path) -> None:
        answer = tmp_path / "answer.wav"
        question = siwis("Quelle est la capitale de l'Italie ?")
        result = summary("x", await one_turn(box, question, wake=False, mouth=FileMouth(answer)))
        assert result["by"] == "llm"
        from appliance.audio import read_wav

        heard = await box.workers["stt"].call("transcribe", read_wav(answer), "fr", "")
        assert "rom" in folded(heard.text)

    async def test_silence_and_noise_are_not_answered(self, box: Box) -> None:
        noise = np.random.default_rng(0).normal(0, 200, 6 * RATE).astype(np.int16)
        for sound in (np.zeros(6 * RATE, np.int16), noise):
            happened = await one_turn(box, sound, wake=False)
            assert not [event for event in happened if isinstance(event, Answered)]
            assert outcome(happened) == "nothing_heard"

    async def test_two_rooms_at_once_share_the_engines(self, box: Box) -> None:
        questions = {"salon": TIME, "bureau": "Quel jour sommes-nous ?"}
        mouths = {name: FileMouth(None, realtime=False) for name in questions}
        with box.bus.subscribe(10_000) as events:
            rooms = []
            for name, question in questions.items():
                ear = FileEar(spoken(question), realtime=False)
                session = box.session(name, ear, mouths[name], wake=False, chimes=False)
                await session.listen("listen")
                rooms.append(session.run())
            await asyncio.gather(*rooms)
            answers = {event.room: event for event in events.drain() if isinstance(event, Answered)}
        assert "9 h" in answers["salon"].text
        assert "24 novembre" in answers["bureau"].text
        assert all(len(mouth.collected()[0]) > RATE // 2 for mouth in mouths.values())

    @pytest.mark.parametrize("role", ["stt", "llm", "tts"])
    async def test_killing_an_engine_costs_one_turn(self, box: Box, role: str) -> None:
        """kill -9 as soon as the engine has work; the turn ends with an apology, the next one works."""
        question = spoken("Peux-tu me raconter une courte histoire ?")
        worker = box.workers[role]
        killed = asyncio.create_task(kill_when_asked(worker))
        async with asyncio.timeout(120):
            happened = await one_turn(box, question, wake=False)
            await killed
        assert outcome(happened) == "failed"
        assert [e.code for e in happened if isinstance(e, Failed)] == ["engine-died"]
        assert any(isinstance(e, Answered) and e.by == "box" for e in happened)
        again = await one_turn(box, spoken(TIME), wake=False)
        assert outcome(again) == "answered"


async def kill_when_asked(worker: object) -> None:
    """Kill the engine's process right after it took its next job."""
    taken = asyncio.Event()
    send = worker._send  # type: ignore[attr-defined]

    async def sending(message: bytes) -> None:
        await send(message)
        if b'["call"' in message or b'["stream"' in message:
            taken.set()

    worker._send = sending  # type: ignore[attr-defined]
    await taken.wait()
    worker._send = send  # type: ignore[attr-defined]
    os.kill(worker.pid, signal.SIGKILL)  # type: ignore[attr-defined]


def outcome(happened: list[Event]) -> str:
    return next(event.outcome for event in reversed(happened) if isinstance(event, TurnEnded))
