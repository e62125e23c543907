"""French and English in one box: each turn is answered in the language that was spoken, with its own voice."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from appliance.engines import Transcription
from appliance.errors import EngineError
from appliance.events import Ask, Command, Say
from tests import fakes
from tests.fakes import ScriptedEar
from tests.scene import Scene


def heard(english: str) -> Transcription:
    return Transcription(english, "en", 0.9)


def said(voice: fakes.FakeWorker) -> str:
    return " | ".join(args[0] for method, args in voice.asked if method == "say")


def sending(command: Command) -> Callable[[Scene], Awaitable[None]]:
    async def play(scene: Scene) -> None:
        await asyncio.sleep(0.5)
        await scene.sessions[0].send(command)

    return play


def test_each_turn_has_its_language_and_voice() -> None:
    ear = ScriptedEar(30).at(1, wake=True).at(1.4, speech=1.2).at(12, wake=True).at(12.4, speech=1.2)
    stt = fakes.recogniser(heard("What time is it?"), "Quelle heure est-il ?")
    scene = Scene(ear, stt=stt, english=fakes.voice())
    lines = scene.run()
    assert lines.count("intent-matched clock") == 2
    assert scene.english
    assert said(scene.english).startswith("It is nine")
    assert said(scene.tts).startswith("Il est neuf heures")
    assert [args[1:] for _, args in stt.asked] == [("fr", "Volets, Nestor.", {"en": "Shutters, Nestor."})] * 2


def test_the_model_is_told_to_speak_that_language() -> None:
    llm = fakes.model("It is Rome.")
    ear = ScriptedEar(12).at(1, wake=True).at(1.4, speech=1.2)
    scene = Scene(ear, stt=fakes.recogniser(heard("What is the capital of Italy?")), llm=llm, english=fakes.voice())
    scene.run()
    messages = next(args[0] for method, args in llm.asked if method == "chat")
    assert "Always answer in English" in messages[0].text
    assert scene.english and said(scene.english) == "It is Rome."
    assert not said(scene.tts)


def test_the_apology_is_in_that_language() -> None:
    ear = ScriptedEar(12).at(1, wake=True).at(1.4, speech=1.2)
    llm = fakes.model(EngineError("engine-died", stage="llm", engine="x"))
    scene = Scene(ear, stt=fakes.recogniser(heard("Who wrote Hamlet?")), llm=llm, english=fakes.voice())
    scene.run()
    assert scene.english and "Sorry" in said(scene.english)


def test_one_language_is_all_that_is_asked_for() -> None:
    """No detection, and no argument that another recogniser would not know."""
    stt = fakes.recogniser("Quelle heure est-il ?")
    Scene(ScriptedEar(12).at(1, wake=True).at(1.4, speech=1.2), stt=stt).run()
    assert [args[1:] for _, args in stt.asked] == [("fr", "")]


def test_a_command_names_its_language() -> None:
    scene = Scene(ScriptedEar(8), english=fakes.voice())
    assert "intent-matched clock" in scene.run(sending(Ask(text="what time is it", language="en")))
    assert scene.english and "It is" in said(scene.english)
    scene = Scene(ScriptedEar(8), english=fakes.voice())
    scene.run(sending(Say(text="Dinner is ready.", language="en")))
    assert scene.english and said(scene.english) == "Dinner is ready."


def test_a_language_that_the_box_does_not_speak_is_refused() -> None:
    for language in ("en", "zz", "fr-vous"):
        lines = Scene(ScriptedEar(8)).run(sending(Ask(text="what time is it", language=language)))
        assert any(line.startswith("failed") and "language-not-spoken" in line for line in lines), lines
        assert lines[-1] == "turn-ended failed"
