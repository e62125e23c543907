"""The ten stories that must always come out the same: real session, turn, voice and skills; fake engines; virtual time."""

from __future__ import annotations

import asyncio

import pytest

from appliance.errors import EngineError
from appliance.events import Ask, Listen, Mute, Say, SetVolume, Stop, Unmute
from tests import fakes
from tests.fakes import ScriptedEar
from tests.scene import Scene

LONG = "Rome est la capitale. Elle compte beaucoup de fontaines anciennes. Le Tibre la traverse depuis toujours."


def ear(ends: float = 12) -> ScriptedEar:
    """Someone says the wake word at second 1 and speaks from 1.4 to 2.6."""
    return ScriptedEar(ends).at(1, wake=True).at(1.4, speech=1.2)


def test_happy_path() -> None:
    scene = Scene(ear(), stt=fakes.recogniser("Quelle est la capitale de l'Italie ?"), llm=fakes.model("C'est Rome."))
    assert scene.run() == [
        "wake-detected okay_nabu",
        "turn-started wake",
        "speech-ended silence",
        "transcribed Quelle est la capitale de l'Italie ?",
        "intent-missed",
        "speaking-started",
        "speaking-ended",
        "answered C'est Rome. llm",
        "turn-ended answered",
    ]


def test_a_skill_answers_without_the_model() -> None:
    llm = fakes.model()
    scene = Scene(ear(), stt=fakes.recogniser("Quelle heure est-il ?"), llm=llm)
    assert "intent-matched clock" in scene.run()
    assert llm.asked == []


def test_silence_after_wake() -> None:
    scene = Scene(ScriptedEar(12).at(1, wake=True))
    assert scene.run() == [
        "wake-detected okay_nabu",
        "turn-started wake",
        "nothing-heard no_speech",
        "turn-ended nothing_heard",
    ]
    assert scene.when("turn-ended") == pytest.approx(6, abs=0.2)


def test_wake_during_speech_begins_anew() -> None:
    heard = ScriptedEar(14).at(1, wake=True).at(1.4, speech=1).at(2.5, wake=True).at(3, speech=1)
    scene = Scene(heard, stt=fakes.recogniser("Qui es-tu ?"))
    lines = scene.run()
    assert lines[:5] == [
        "wake-detected okay_nabu",
        "turn-started wake",
        "wake-detected okay_nabu",
        "interrupted wake",
        "turn-ended interrupted",
    ]
    assert lines[-1] == "turn-ended answered"
    assert len(scene.stt.asked) == 1


def test_barge_in_in_sentence_two() -> None:
    # Speech of the first answer starts about second 4.2: "Rome est la capitale." lasts 1.2 s.
    heard = ear(20).at(6.2, wake=True).at(6.6, speech=1)
    stt = fakes.recogniser("Parle-moi de Rome.", "Stop !")
    scene = Scene(heard, stt=stt, llm=fakes.model(LONG))
    lines = scene.run()
    interrupted = next(line for line in lines if line.startswith("interrupted"))
    assert interrupted.startswith("interrupted wake Rome est la capitale. Elle")
    assert "traverse" not in interrupted
    assert lines[-2:] == ["answered stop", "turn-ended stopped"] or lines[-1] == "turn-ended stopped"
    assert scene.tts.cancelled or len([a for a in scene.tts.asked if a[0] == "say"]) <= 3


def test_after_a_barge_in_the_model_knows_only_what_was_heard() -> None:
    heard = ear(30).at(6.2, wake=True).at(6.6, speech=1)
    llm = fakes.model(LONG, "Deux millions.")
    scene = Scene(heard, stt=fakes.recogniser("Parle-moi de Rome.", "Combien d'habitants ?"), llm=llm)
    scene.run()
    second = " ".join(message.text for message in llm.asked[-1][1][0])
    assert "Rome est la capitale" in second
    assert "Tibre" not in second


def test_cancel_during_prompt_processing() -> None:
    async def stop(scene: Scene) -> None:
        await asyncio.sleep(5)
        await scene.sessions[0].send(Stop(command_id="s1"))

    llm = fakes.model("Trop tard.", reading_seconds=30)
    scene = Scene(ear(), stt=fakes.recogniser("Raconte une histoire."), llm=llm)
    lines = scene.run(stop)
    assert llm.cancelled == 1
    assert lines[-3:] == ["interrupted stop", "turn-ended stopped", "command-done"]
    assert scene.when("turn-ended") == pytest.approx(5, abs=0.1)


def test_stt_raises_an_apology_and_the_next_turn_works() -> None:
    heard = ear(24).at(12, wake=True).at(12.4, speech=1)
    stt = fakes.recogniser(EngineError("engine-died", stage="stt", engine="whisper"), "Qui es-tu ?")
    scene = Scene(heard, stt=stt)
    lines = scene.run()
    assert "failed engine-died" in lines
    assert any(line.startswith("answered Désolé") for line in lines)
    assert "turn-ended failed" in lines
    assert lines[-1] == "turn-ended answered"


def test_llm_process_dies_in_mid_answer() -> None:
    heard = ear(24).at(14, wake=True).at(14.4, speech=1)
    llm = fakes.model(EngineError("engine-died", stage="llm", engine="llama"), "C'est Rome.")
    scene = Scene(heard, stt=fakes.recogniser("Capitale ?", "Quelle est la capitale de l'Italie ?"), llm=llm)
    lines = scene.run()
    assert "turn-ended failed" in lines
    assert lines[-2:] == ["answered C'est Rome. llm", "turn-ended answered"]


def test_microphone_unplugged_and_back() -> None:
    heard = ScriptedEar(30).at(1, wake=True).gone(1.5, 12).at(14, wake=True).at(14.4, speech=1)
    scene = Scene(heard, stt=fakes.recogniser("Qui es-tu ?"))
    lines = scene.run()
    assert lines[2] == "failed microphone-silent"
    assert "turn-ended failed" in lines
    assert lines[-1] == "turn-ended answered"


def test_two_wake_words_at_once_in_two_rooms_share_the_engines() -> None:
    first, second = ear(16), ear(16)
    stt = fakes.recogniser("Qui es-tu ?", "Quel jour est-on ?")
    scene = Scene(first, second, stt=stt)
    scene.run()
    for room in ("salon", "bureau"):
        assert scene.lines(room)[-1] == "turn-ended answered"
    turns = {event.turn_id for _, event in scene.events if event.turn_id}
    assert len(turns) == 2
    assert all(event.turn_id.startswith(event.room) for _, event in scene.events if event.turn_id)


def test_two_wake_words_at_once_in_one_room_are_one_turn() -> None:
    heard = ear().at(1.02, wake=True)
    scene = Scene(heard, stt=fakes.recogniser("Qui es-tu ?"))
    lines = scene.run()
    assert lines.count("transcribed Qui es-tu ?") == 1
    assert lines[-1] == "turn-ended answered"


def test_nothing_intelligible_is_said_so() -> None:
    scene = Scene(ear(), stt=fakes.recogniser(""))
    lines = scene.run()
    assert "nothing-heard empty" in lines
    assert "answered Je n'ai pas compris. box" in lines
    assert lines[-1] == "turn-ended nothing_heard"


def test_a_bug_ends_the_turn_not_the_room(caplog: pytest.LogCaptureFixture) -> None:
    async def broken(*args: object) -> None:
        raise ValueError("a bug")

    heard = ear(24)
    scene = Scene(heard, stt=fakes.FakeWorker(transcribe=broken))
    lines = scene.run()
    assert "failed bug" in lines
    assert lines[-1] == "turn-ended failed"
    assert scene.sessions[0].bugs == 1
    assert "ValueError" in caplog.text


def test_too_long_is_cut() -> None:
    scene = Scene(
        ScriptedEar(40).at(1, wake=True).at(1.2, speech=35), stt=fakes.recogniser("Bla."), llm=fakes.model("Oui.")
    )
    lines = scene.run()
    assert "speech-ended too_long" in lines


def test_commands() -> None:
    async def command(scene: Scene) -> None:
        session = scene.sessions[0]
        await session.send(SetVolume(percent=40, command_id="c1"))
        await session.send(Say(text="Bonjour à tous.", command_id="c2"))
        await asyncio.sleep(3)
        await session.send(Ask(text="Quelle heure est-il ?", command_id="c3"))
        await asyncio.sleep(5)
        await session.send(Mute(command_id="c4"))
        await asyncio.sleep(0.1)
        await session.send(Listen(command_id="c5"))
        await asyncio.sleep(0.1)
        await session.send(Unmute(command_id="c6"))
        await session.send(SetVolume(percent=200, command_id="c7"))

    scene = Scene(ScriptedEar(12))
    lines = scene.run(command)
    done = {e.command_id: e.result for _, e in scene.events if type(e).__name__ == "CommandDone"}
    failed = {e.command_id: e.code for _, e in scene.events if type(e).__name__ == "Failed"}
    assert done["c1"] == {"percent": 40}
    assert done["c2"]["text"] == "Bonjour à tous."
    assert done["c3"]["by"] == "skill:clock"
    assert done["c4"] == {"muted": True}
    assert failed == {"c5": "muted", "c7": "volume-range"}
    assert done["c6"] == {"muted": False}
    assert lines.count("muted-changed") == 0
    assert scene.mouths[0].volume_percent == 40


def test_a_conversation_is_forgotten_after_some_minutes() -> None:
    heard = ear(400).at(20, wake=True).at(20.4, speech=1).at(380, wake=True).at(380.4, speech=1)
    stt = fakes.recogniser("Parle-moi de Rome.", "Est-elle grande ?", "Est-elle belle ?")
    llm = fakes.model("Rome est grande.", "Très grande.", "De quoi ?")
    Scene(heard, stt=stt, llm=llm).run()
    told = [" ".join(message.text for message in asked[1][0]) for asked in llm.asked if asked[0] == "chat"]
    assert "Rome est grande" in told[1]
    assert "Rome" not in told[2]


def test_a_wake_word_and_a_command_at_once_are_one_turn_after_the_other() -> None:
    async def ask(scene: Scene) -> None:
        await asyncio.sleep(6)  # the first answer is being spoken
        await scene.sessions[0].send(Ask(text="Quelle heure est-il ?", command_id="c1"))

    heard = ear(30).at(6, wake=True).at(6.4, speech=1)
    scene = Scene(heard, stt=fakes.recogniser("Parle-moi de Rome.", "Qui es-tu ?"), llm=fakes.model(LONG))
    lines = scene.run(ask)
    open_turns = 0
    for line in lines:
        open_turns += line.startswith("turn-started") - line.startswith("turn-ended")
        assert open_turns <= 1
    assert open_turns == 0
    assert "failed microphone-silent" not in lines


def test_every_command_of_a_burst_is_answered() -> None:
    async def burst(scene: Scene) -> None:
        for number in range(3):
            await scene.sessions[0].send(Say(text="Bonjour.", command_id=f"c{number}"))
        await asyncio.sleep(4)
        await scene.sessions[0].send(Listen(command_id="l"))
        await scene.sessions[0].send(Stop(command_id="s"))
        await asyncio.sleep(0.5)
        assert not scene.sessions[0].room.hearing.attentive

    scene = Scene(ScriptedEar(8))
    lines = scene.run(burst)
    done = [event.command_id for _, event in scene.events if type(event).__name__ == "CommandDone"]
    assert sorted(done) == ["c0", "c1", "c2", "l", "s"]
    assert lines.count("turn-started say") == lines.count("turn-ended interrupted") + 1 == 3


def test_stopping_a_long_answer_lets_the_model_go() -> None:
    async def stop(scene: Scene) -> None:
        await asyncio.sleep(8)  # the synthesis is far ahead and waits for the loudspeaker
        await scene.sessions[0].send(Stop())
        await asyncio.sleep(0.1)
        assert scene.llm.free

    story = " ".join(f"Voici la phrase numéro {n} de cette très longue histoire." for n in range(40))
    llm = fakes.model(story, word_seconds=0.001)
    scene = Scene(ear(12), stt=fakes.recogniser("Raconte une histoire."), llm=llm)
    assert "turn-ended stopped" in scene.run(stop)


def test_what_has_no_sound_yet_was_not_heard() -> None:
    async def stop(scene: Scene) -> None:
        await asyncio.sleep(4.6)  # the voice is at work on the first sentence
        await scene.sessions[0].send(Stop())

    scene = Scene(ear(), stt=fakes.recogniser("Capitale ?"), llm=fakes.model("C'est Rome."), tts=fakes.voice(seconds=5))
    scene.run(stop)
    assert [event.heard for _, event in scene.events if type(event).__name__ == "Interrupted"] == [""]


def test_a_bug_in_a_command_leaves_the_room_obedient() -> None:
    async def command(scene: Scene) -> None:
        scene.ears[0].mute = None  # type: ignore[assignment,method-assign]
        await scene.sessions[0].send(Mute(command_id="c1"))
        await scene.sessions[0].send(Say(text="Bonjour.", command_id="c2"))

    scene = Scene(ScriptedEar(5))
    scene.run(command)
    assert [e.command_id for _, e in scene.events if type(e).__name__ == "Failed"] == ["c1"]
    assert [e.command_id for _, e in scene.events if type(e).__name__ == "CommandDone"] == ["c2"]


def test_while_muted_nothing_wakes() -> None:
    async def mute(scene: Scene) -> None:
        await scene.sessions[0].send(Mute())

    scene = Scene(ear(), stt=fakes.recogniser("Qui es-tu ?"))
    assert scene.run(mute) == ["mute-changed True"]
