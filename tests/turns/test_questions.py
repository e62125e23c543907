"""A box that asks back: once it fell silent it listens again without a wake word, once; and does what was meant."""

from __future__ import annotations

import asyncio
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar

import pytest

from appliance.actions import Action
from appliance.events import Act, Ask, Mute, Stop
from appliance.executor_commands import obey
from appliance.skills import Reply, Situation, Skills, Slots, stop, undo
from tests import fakes
from tests.decisions import COSTLY, PLAIN, House
from tests.fakes import ScriptedEar
from tests.scene import Scene

UNLOCK = Action("lock", "unlock", "lock.entree")
HALF_HEARD = "allume la guir de la terrasse"


class Wishes(ModuleType):
    """Three sentences, an action each, and one that asks a question of its own."""

    SENTENCES: ClassVar = {
        "fr": {
            "plain": ["allume"],
            "costly": ["bonne nuit"],
            "critical": ["deverrouille la porte"],
            "doubtful": ["vole"],
        },
        "en": {},
    }

    async def handle(self, intent: str, slots: Slots, situation: Situation) -> Reply:
        if intent == "doubtful":
            return Reply("Les volets du bureau ?", asks=True)
        assert situation.perform
        action = {"plain": PLAIN, "costly": COSTLY, "critical": UNLOCK}[intent]
        outcome = await situation.perform([action])
        return Reply(outcome.text or "C'est fait.", asks=outcome.status == "confirm")


SKILLS = Skills({"wishes": Wishes("wishes"), "undo": undo, "stop": stop})


def scene(ear: ScriptedEar, *heard: str, house: House | None = None, **about: Any) -> tuple[Scene, House]:
    house = house or House()
    made = Scene(
        *(ear, *about.pop("ears", ())),
        stt=about.pop("stt", None) or fakes.recogniser(*heard),
        llm=fakes.model("Je ne sais pas.", "Je ne sais pas."),
        executor=house.executor,
        skills=about.pop("skills", SKILLS),
        bus=house.bus,
        **about,
    )
    return made, house


def ear(ends: float = 30) -> ScriptedEar:
    """Someone says the wake word at second 1 and speaks from 1.4 to 2.6; the question is read until about second 6.6."""
    return ScriptedEar(ends).at(1, wake=True).at(1.4, speech=1.2)


def test_a_yes_without_a_wake_word() -> None:
    played, house = scene(ear().at(10, speech=0.5), "Bonne nuit.", "Oui.")
    lines = played.run()
    assert (
        lines[-12:]
        == [
            "confirmation-wanted Vraiment turn_on Bonne nuit ? Oui ou non ?",
            "intent-matched wishes",
            "speaking-started",
            "speaking-ended",
            "answered Vraiment turn_on Bonne nuit ? Oui ou non ? skill:wishes",
            "turn-ended answered",
            "turn-started follow-up",
            "speech-ended silence",
            "transcribed Oui.",
            "action-done",
            "intent-missed",
            "speaking-started",
        ]
        or lines[-1] == "turn-ended answered"
    )
    assert house.recorder.done == [COSTLY]
    assert "answered C'est fait. box" in lines
    assert played.when("turn-started follow-up") >= played.when("speaking-ended")
    assert lines.count("turn-started follow-up") == 1


def test_silence_is_no_and_nothing_listens_any_more() -> None:
    late = ear(40).at(24, speech=0.5)
    played, house = scene(late, "Bonne nuit.", "Oui.")
    lines = played.run()
    assert house.recorder.done == []
    assert "nothing-heard no_speech" in lines and "turn-ended nothing_heard" in lines[-2:]
    expired = played.when("action-refused")
    assert expired == pytest.approx(played.when("turn-started follow-up") + 10, abs=0.1)
    assert house.decisions == ["asked 2", "expired 2"]
    assert "transcribed Oui." not in lines


def test_a_yes_that_begins_in_the_last_moment_counts() -> None:
    asked, _ = scene(ear(), "Bonne nuit.")
    asked.run()
    last = round(asked.when("turn-started follow-up") + 9.5, 1)
    played, house = scene(ear(40).at(last, speech=1.5), "Bonne nuit.", "Oui.")
    played.run()
    assert house.recorder.done == [COSTLY]


@pytest.mark.parametrize("said", ["Non.", "Annule.", "Quelle heure est-il ?"])
def test_anything_else_does_nothing(said: str) -> None:
    played, house = scene(ear().at(10, speech=0.5), "Bonne nuit.", said)
    assert played.run()[-1] in ("turn-ended answered", "turn-ended stopped")
    assert house.recorder.done == []


def test_the_boxs_own_question_is_not_its_answer() -> None:
    """What the loudspeaker says while it speaks is not listened to: the turn listens only afterwards."""
    played, house = scene(ear().at(4.2, speech=1.5), "Bonne nuit.", "Oui.")
    played.run()
    assert house.recorder.done == []


def test_a_wake_word_before_the_yes_is_fine() -> None:
    played, house = scene(ear().at(10, wake=True).at(10.4, speech=0.5), "Bonne nuit.", "Oui.")
    played.run()
    assert house.recorder.done == [COSTLY]


def test_a_new_command_drops_the_question() -> None:
    heard = ear(40).at(10, wake=True).at(10.4, speech=0.5).at(20, wake=True).at(20.4, speech=0.5)
    played, house = scene(heard, "Bonne nuit.", "Allume.", "Oui.")
    played.run()
    assert house.recorder.done == [PLAIN]
    assert house.decisions == ["asked 2", "dropped 2", "done 1"]


def test_a_yes_in_the_other_room_is_not_meant() -> None:
    other = ScriptedEar(30).at(10, wake=True).at(10.4, speech=0.5)
    played, house = scene(ear(), "Bonne nuit.", "Oui.", ears=[other])
    played.run()
    assert house.recorder.done == []


def test_a_yes_in_writing_is_not_spoken() -> None:
    async def write(scene: Scene) -> None:
        await asyncio.sleep(12)
        await scene.sessions[0].send(Ask(text="oui"))

    played, house = scene(ear(), "Bonne nuit.")
    lines = played.run(write)
    assert house.recorder.done == []
    assert any("de vive voix" in line for line in lines)


def test_a_written_wish_is_asked_aloud_and_confirmed_aloud() -> None:
    async def write(scene: Scene) -> None:
        await scene.sessions[0].send(Ask(text="bonne nuit"))

    played, house = scene(ScriptedEar(25).at(8, speech=0.5), "Oui.")
    played.run(write)
    assert house.recorder.done == [COSTLY]


def test_a_wish_over_a_link_is_asked_aloud_in_its_room() -> None:
    async def act(scene: Scene) -> None:
        async def ask_aloud(room: str, question: str) -> None:
            await scene.sessions[0].ask_aloud(question)

        command = Act(service="script.turn_on", thing="Bonne nuit", room="salon", command_id="c1")
        await obey(house.executor, command, house.bus, "fr", ask_aloud)

    played, house = scene(ScriptedEar(25).at(8, speech=0.5), "Oui.")
    lines = played.run(act)
    assert house.recorder.done == [COSTLY]
    assert lines.index("turn-started say") < lines.index("turn-started follow-up")


def test_a_yes_that_was_under_way_does_not_answer_a_strangers_wish() -> None:
    """Somebody is saying yes in the room, to nobody in particular, when a wish comes over a link."""

    async def act(scene: Scene) -> None:
        await asyncio.sleep(3.6)  # the recogniser is at work
        command = Act(service="script.turn_on", thing="Bonne nuit", room="salon", command_id="c1")
        await obey(house.executor, command, house.bus, "fr")

    played, house = scene(ear(), "Oui.")
    played.run(act)
    assert house.recorder.done == []


def test_annule_undoes_what_was_done_a_moment_ago() -> None:
    heard = ear().at(8, wake=True).at(8.4, speech=0.5).at(16, wake=True).at(16.4, speech=0.5)
    played, house = scene(heard, "Allume.", "Annule ça.", "Annule.")
    lines = played.run()
    assert house.recorder.names == ["light.turn_on light.lampe", "light.turn_off light.lampe"]
    assert "answered C'est annulé. skill:undo" in lines
    assert lines[-1] == "turn-ended stopped"


def test_undo_answers_in_the_language_of_the_turn() -> None:
    async def talk(scene: Scene) -> None:
        await asyncio.sleep(1)
        await scene.sessions[0].send(Ask(text="allume"))
        await asyncio.sleep(5)
        await scene.sessions[0].send(Ask(text="undo that", language="en"))

    played, house = scene(ScriptedEar(20), english=fakes.voice())
    lines = played.run(talk)
    assert house.recorder.names == ["light.turn_on light.lampe", "light.turn_off light.lampe"]
    assert [line for line in lines if line.startswith("answered")][-1] == "answered It is undone. skill:undo"


class Doubtful(Wishes):
    """A sentence long enough to be half heard: probably meant, and not surely."""

    SENTENCES: ClassVar = {"fr": {"plain": ["allume la guirlande de la terrasse"]}, "en": {}}


@pytest.mark.parametrize(
    ("answer", "done"), [("Oui.", ["light.turn_on light.lampe"]), ("Non.", []), ("Quel temps fait-il ?", [])]
)
def test_what_was_probably_meant_is_asked_back_and_a_spoken_yes_does_it(answer: str, done: list[str]) -> None:
    heard = ear().at(8, speech=0.5)
    played, house = scene(heard, HALF_HEARD, answer, skills=Skills({"wishes": Doubtful("wishes"), "stop": stop}))
    lines = played.run()
    asked = next(line for line in lines if line.startswith("answered"))
    assert asked.startswith("answered Tu as dit : « allume la guirlande de la terrasse » ?")
    assert lines.count("turn-started follow-up") == 1
    assert house.recorder.names == done
    if answer == "Non.":
        assert "answered D'accord, je ne fais rien. box" in lines


def test_a_lock_waits_for_more_than_a_voice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.pin.COST", 2**4)
    heard = ear(60).at(14, wake=True).at(14.4, speech=0.5)
    played, house = scene(heard, "Déverrouille la porte.", "Oui.", house=House(tmp_path, code="7391"))
    lines = played.run()
    assert house.recorder.done == []
    assert "turn-started follow-up" not in lines
    assert sum("j'attends le code" in line for line in lines if line.startswith("answered")) == 2


def test_a_skill_may_ask_too() -> None:
    played, _ = scene(ear().at(7, speech=0.5), "Vole.", "Allume.")
    lines = played.run()
    assert lines.count("turn-started follow-up") == 1
    assert lines[-1] == "turn-ended answered"


def test_questions_without_end_end() -> None:
    heard = ear(60)
    for second in range(6, 58, 5):
        heard.at(second, speech=0.5)
    played, _ = scene(heard, *["Vole."] * 12)
    assert played.run().count("turn-started follow-up") == 3


@pytest.mark.parametrize("command", [Mute(), Stop()])
def test_whoever_mutes_or_stops_is_not_listened_to(command: Mute | Stop) -> None:
    async def still(scene: Scene) -> None:
        await asyncio.sleep(5)  # the question is being spoken
        await scene.sessions[0].send(command)

    played, house = scene(ear().at(10, speech=0.5), "Bonne nuit.", "Oui.")
    lines = played.run(still)
    assert "turn-started follow-up" not in lines
    assert house.recorder.done == []


def test_a_recording_that_is_over_is_not_waited_for() -> None:
    played, house = scene(ear(4), "Bonne nuit.")
    assert played.run()[-1] == "turn-ended answered"
    assert house.recorder.done == []
