"""Stories of what rings: until it is heard, without cutting off who speaks, and with what joins it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from appliance.errors import DeviceError
from appliance.events import Answered, Ask, Ring, Say, Stop
from tests import fakes
from tests.fakes import ScriptedEar
from tests.scene import Scene

PASTA = Ring(text="Le minuteur des pâtes est terminé.", timer_id="1")
TEA = Ring(text="Le minuteur du thé est terminé.", timer_id="2")
LONG = (
    "Rome est la capitale. Elle compte beaucoup de fontaines anciennes. Le Tibre la traverse depuis toujours. "
    "Sept collines la portent. Ses rues sont étroites et fraîches. Les chats y dorment au soleil de midi. "
    "On y mange des artichauts frits. Le soir, les places se remplissent de monde et de musique."
)


def sending(*script: tuple[float, object]) -> Callable[[Scene], Awaitable[None]]:
    """Send these commands at these seconds."""

    async def play(scene: Scene) -> None:
        for at, command in script:
            await asyncio.sleep(at - asyncio.get_running_loop().time())
            await scene.sessions[0].send(command)  # type: ignore[arg-type]

    return play


def said(scene: Scene) -> list[str]:
    return [event.text for _, event in scene.events if isinstance(event, Answered)]


def test_it_rings_until_its_time_is_over() -> None:
    scene = Scene(ScriptedEar(100))
    lines = scene.run(sending((1, PASTA)))
    assert lines[0] == "turn-started ring"
    assert lines[-1] == "turn-ended answered"
    assert scene.when("turn-ended") == pytest.approx(61, abs=6)
    assert 2 < len(said(scene)) < 8, "it is said now and then, not at each ring"
    assert set(said(scene)) == {PASTA.text}


def test_a_wake_word_means_that_it_was_heard() -> None:
    heard = ScriptedEar(60).at(6, wake=True).at(6.4, speech=1)
    scene = Scene(heard, stt=fakes.recogniser("Quelle heure est-il ?"))
    lines = scene.run(sending((1, PASTA)))
    assert [line for line in lines if line.startswith("interrupted wake")]
    assert lines.count("turn-started ring") == 1
    assert lines[-1] == "turn-ended answered"
    assert scene.when("interrupted") == pytest.approx(6, abs=0.2)


def test_stop_ends_it() -> None:
    scene = Scene(ScriptedEar(60))
    lines = scene.run(sending((1, PASTA), (5, Stop())))
    assert lines[-1] == "turn-ended stopped"
    assert scene.when("turn-ended") == pytest.approx(5, abs=0.1)


def test_an_announcement_does_not_end_it() -> None:
    scene = Scene(ScriptedEar(100))
    lines = scene.run(sending((1, PASTA), (8, Say(text="À table !"))))
    assert lines.count("turn-started ring") == 2
    assert [line for line in lines if line.startswith("interrupted say")]
    assert scene.when("answered À table") < 12


def test_it_waits_for_a_short_answer() -> None:
    scene = Scene(ScriptedEar(80), llm=fakes.model("C'est Rome."))
    lines = scene.run(sending((1, Ask(text="Quelle est la capitale ?")), (1.2, PASTA)))
    assert lines.index("turn-ended answered") < lines.index("turn-started ring")
    assert not [line for line in lines if line.startswith("interrupted")]


def test_it_does_not_wait_for_a_long_one_and_the_history_keeps_what_was_heard() -> None:
    llm = fakes.model(LONG, "Oui.")
    scene = Scene(ScriptedEar(120), llm=llm)
    lines = scene.run(
        sending((1, Ask(text="Parle-moi de Rome.")), (2, PASTA), (30, Stop()), (31, Ask(text="Est-ce loin ?")))
    )
    cut = next(line for line in lines if line.startswith("interrupted ring"))
    assert cut.startswith("interrupted ring Rome est la capitale.")
    told = " ".join(message.text for message in llm.asked[-1][1][0])
    assert "Rome est la capitale" in told
    assert "minuteur" not in told
    assert scene.when("turn-started ring") == pytest.approx(10, abs=0.5)


def test_it_does_not_ring_over_somebody_who_speaks() -> None:
    heard = ScriptedEar(100).at(1, wake=True).at(1.4, speech=12)
    scene = Scene(heard, stt=fakes.recogniser("Quelle heure est-il ?"))
    lines = scene.run(sending((2, PASTA)))
    assert "intent-matched clock" in lines
    assert lines.index("turn-ended answered") < lines.index("turn-started ring")


def test_what_was_put_off_does_not_cut_off_somebody_who_speaks_and_each_gets_its_turn() -> None:
    async def play(scene: Scene) -> None:
        await asyncio.sleep(3)
        scene.sessions[0].answer_later("Quelle heure est-il ?", "fr")
        scene.sessions[0].answer_later("Quelle heure est-il ?", "xx")  # a language that it does not speak any more

    heard = ScriptedEar(100).at(1, wake=True).at(1.4, speech=12)
    scene = Scene(heard, stt=fakes.recogniser("Quelle heure est-il ?"))
    lines = scene.run(play)
    assert not [line for line in lines if line.startswith("interrupted")]
    assert [line for line in lines if line.startswith("turn-started")] == [
        "turn-started wake",
        *["turn-started later"] * 2,
    ]
    assert lines.count("turn-ended answered") == 3


def test_two_at_once_ring_together() -> None:
    scene = Scene(ScriptedEar(100))
    lines = scene.run(sending((1, PASTA), (1, TEA), (30, Stop())))
    assert lines.count("turn-started ring") == 1
    assert set(said(scene)[:2]) == {PASTA.text, TEA.text}
    assert lines[-1] == "turn-ended stopped"


def test_one_that_joins_is_told_at_once() -> None:
    scene = Scene(ScriptedEar(100))
    scene.run(sending((1, PASTA), (20, TEA), (30, Stop())))
    joined = next(t for t, event in scene.events if isinstance(event, Answered) and event.text == TEA.text)
    assert joined < 28


def test_after_one_was_heard_the_next_rings_anew() -> None:
    scene = Scene(ScriptedEar(100))
    lines = scene.run(sending((1, PASTA), (5, Stop()), (20, TEA), (25, Stop())))
    assert lines.count("turn-started ring") == 2
    assert said(scene) == [PASTA.text, TEA.text]


def test_a_loudspeaker_that_fails_ends_it() -> None:
    async def broken(text: str) -> None:
        raise DeviceError("speaker-lost", device="x")
        yield

    scene = Scene(ScriptedEar(30), tts=fakes.FakeWorker(say=broken))
    lines = scene.run(sending((1, PASTA)))
    assert lines.count("turn-started ring") == 1
    assert lines[-1] == "turn-ended failed"


def test_it_rings_in_a_muted_room_too() -> None:
    scene = Scene(ScriptedEar(30))
    scene.ears[0].mute(True)

    async def play(scene: Scene) -> None:
        await asyncio.sleep(1)
        await scene.sessions[0].send(PASTA)
        await asyncio.sleep(6)
        await scene.sessions[0].send(Stop())
        await asyncio.sleep(1)
        assert said(scene) == [PASTA.text]

    scene.run(play)
