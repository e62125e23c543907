"""The second factor: the code and the button, once, in time, from nobody who guesses; and what comes over a link."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from appliance import events, wire
from appliance.actions import Action, Origin
from appliance.executor import Executor
from appliance.executor_commands import follow_buttons, obey
from appliance.home import State, Thing
from tests import clock
from tests.decisions import CODE, House, happened

VOICE = Origin("voice", "salon")
UNLOCK = Action("lock", "unlock", "lock.entree")
Play = Callable[[House], Coroutine[Any, Any, None]]


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """scrypt at its least: its cost is tested with the code itself."""
    monkeypatch.setattr("appliance.pin.COST", 2**4)

    async def at_once(function: Any, *args: Any) -> Any:
        await asyncio.sleep(0.2)
        return function(*args)

    monkeypatch.setattr("asyncio.to_thread", at_once)  # threads have no virtual time


def played(play: Play, house: House) -> House:
    clock.run(play(house))
    return house


async def spoken_yes(house: House, said: str = "oui", **about: Any) -> Any:
    house.executor.listening("salon")
    house.executor.speaking("salon")
    return await house.executor.heard(said, about.get("confidence", 0.9), about.get("origin", VOICE))


def test_without_a_second_factor_what_is_dangerous_is_refused_and_says_how_to_get_one() -> None:
    async def play(house: House) -> None:
        outcome = await house.executor.perform([UNLOCK], VOICE)
        assert outcome.status == "refused" and "grillon pin set" in outcome.text
        assert (await house.executor.approve("0000")).status == "refused"

    house = played(play, House())
    assert house.recorder.done == [] and house.decisions == ["refused 3"]


def test_the_code_approves_once_and_within_a_minute(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        with house.bus.subscribe() as told:
            outcome = await house.executor.perform([UNLOCK], VOICE)
            assert outcome.status == "approve" and outcome.text.startswith(
                "Pour unlock Porte d'entrée, j'attends le code"
            )
            assert happened(told, events.ApprovalWanted)[0].request_id == outcome.request_id
            assert house.executor.waiting() == {outcome.request_id: "unlock Porte d'entrée"}
            await asyncio.sleep(55)
            assert (await house.executor.approve(CODE, outcome.request_id)).status == "done"
            assert (await house.executor.approve(CODE, outcome.request_id)).status == "refused"
            again = await house.executor.perform([UNLOCK], VOICE)
            await asyncio.sleep(61)
            assert (await house.executor.approve(CODE, again.request_id)).status == "refused"
            assert [e.reason for e in happened(told, events.ActionRefused)] == ["expired"]

    house = played(play, House(tmp_path, code=CODE))
    assert house.recorder.names == ["lock.unlock lock.entree"]
    assert house.decisions == ["asked 3", "approved 3", "asked 3", "expired 3"]


def test_the_room_of_the_wish_hears_what_became_of_the_approval(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        await house.executor.perform([UNLOCK], VOICE)
        await house.executor.approve("1379")
        assert house.said == []
        await house.executor.approve(CODE)
        house.recorder.broken.add("lock.entree")
        await house.executor.perform([UNLOCK], VOICE, "en")
        await house.executor.press("binary_sensor.bouton")
        await house.executor.perform([Action("light", "turn_on", "light.lampe")], VOICE)
        await house.executor.perform([UNLOCK], Origin("keyboard", ""))
        await house.executor.approve(CODE)

    said = played(play, House(tmp_path, code=CODE, buttons=True)).said
    assert said[0] == ("salon", "C'est approuvé et fait : unlock Porte d'entrée.", "fr")
    assert len(said) == 2 and said[1][0] == "salon" and "fait" not in said[1][1] and said[1][2] == "en"


def test_two_right_codes_at_once_are_one_approval(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        await house.executor.perform([UNLOCK], VOICE)
        both = await asyncio.gather(house.executor.approve(CODE), house.executor.approve(CODE))
        assert sorted(outcome.status for outcome in both) == ["done", "refused"]

    assert len(played(play, House(tmp_path, code=CODE)).recorder.done) == 1


def test_a_code_that_comes_while_the_wish_runs_out_is_too_late(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        await house.executor.perform([UNLOCK], VOICE)
        await asyncio.sleep(59.9)  # the hash takes 0.2
        assert (await house.executor.approve(CODE)).status == "refused"

    assert played(play, House(tmp_path, code=CODE)).recorder.done == []


def test_guessing_is_stopped_and_the_right_code_waits_too(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        await house.executor.perform([UNLOCK], VOICE)
        tries = await asyncio.gather(*(house.executor.approve(f"{n}") for n in range(9000, 9010)))
        assert sum("pas le bon" in outcome.text for outcome in tries) == 5
        assert "prochain essai dans 5 min" in (await house.executor.approve(CODE)).text
        await asyncio.sleep(310)
        await house.executor.perform([UNLOCK], VOICE)
        assert (await house.executor.approve(CODE)).status == "done"

    house = played(play, House(tmp_path, code=CODE))
    assert house.decisions.count("wrong-code 3") == 5
    assert len(house.recorder.done) == 1


def test_pauses_double() -> None:
    async def play(house: House) -> None:
        guesses, now = house.executor._guesses, 0.0
        for pause in (300, 600, 1200):
            for _ in range(5):
                guesses.wrong(now)
            assert guesses.pause_seconds(now) == pause
            now += pause

    played(play, House())


def test_the_voice_alone_never_approves_but_it_may_refuse(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        await house.executor.perform([UNLOCK], VOICE)
        answer = await spoken_yes(house)
        assert answer.status == "approve" and "code" in answer.text
        assert await spoken_yes(house, "quelle heure est-il") is None
        assert house.executor.waiting()
        assert (await spoken_yes(house, "laisse tomber")).status == "refused"
        assert (await house.executor.approve(CODE)).status == "refused"

    assert played(play, House(tmp_path, code=CODE)).recorder.done == []


def test_what_came_over_a_link_does_not_take_the_place_of_what_was_said(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        mine = await house.executor.perform([UNLOCK], VOICE)
        garage = Action("cover", "open_cover", "cover.garage")
        assert (await house.executor.perform([garage], Origin("mqtt", "salon"))).status == "refused"
        theirs = await house.executor.perform([garage], Origin("mqtt", "bureau"))
        assert theirs.status == "approve"
        assert (await house.executor.approve(CODE, mine.request_id, "bureau")).status == "refused"
        kitchen = await house.executor.perform([UNLOCK], Origin("voice", "cuisine"))
        assert "Plusieurs" in (await house.executor.approve(CODE)).text
        house.executor.refuse(request_id=kitchen.request_id)
        assert (await house.executor.approve(CODE, mine.request_id)).status == "done"

    assert played(play, House(tmp_path, code=CODE)).recorder.names == ["lock.unlock lock.entree"]


@pytest.mark.parametrize("path", ["mqtt", "text", "timer"])
def test_neither_a_button_nor_a_bare_code_answers_a_stranger(path: Any, tmp_path: Path) -> None:
    async def play(house: House) -> None:
        garage = Action("cover", "open_cover", "cover.garage")
        theirs = await house.executor.perform([garage], Origin(path, "bureau"))
        assert (await house.executor.press("binary_sensor.bouton")).status == "refused"
        assert (await house.executor.approve(CODE)).status == "refused"
        await house.executor.perform([UNLOCK], VOICE)
        assert (await house.executor.approve(CODE)).status == "done", "a stranger's wish does not stand in the way"
        await house.executor.perform([UNLOCK], VOICE)
        assert (await house.executor.press("binary_sensor.bouton")).status == "done"
        assert house.recorder.names == ["lock.unlock lock.entree"] * 2
        assert (await house.executor.approve(CODE, theirs.request_id)).status == "done"

    played(play, House(tmp_path, code=CODE, buttons=True))


def test_links_cannot_fill_the_waiting_room(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        for number in range(40):
            await house.executor.perform([UNLOCK], Origin("mqtt", f"r{number}"))
        assert len(house.executor.waiting()) == 20
        assert (await house.executor.perform([UNLOCK], VOICE)).status == "approve"

    played(play, House(tmp_path, code=CODE))


def test_a_button_approves_what_somebody_said_and_only_by_being_pressed(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        following = asyncio.create_task(follow_buttons(house.executor, ["bouton de la Cuisine"], house.bus))
        await asyncio.sleep(0)

        async def turns(state: str) -> None:
            house.home.report("binary_sensor.bouton", State(state))
            told = events.ThingChanged(thing_id="binary_sensor.bouton", name="Bouton de la cuisine", state=state)
            house.bus.publish(told)
            await asyncio.sleep(1)

        await turns("on")  # nothing waits
        await house.executor.perform([UNLOCK], VOICE)
        await turns("on")  # it is still held
        assert house.recorder.done == []
        await turns("")
        await turns("on")  # back from nowhere is not pressed
        assert house.recorder.done == []
        await turns("off")
        await turns("on")
        assert len(house.recorder.done) == 1
        await house.executor.perform([UNLOCK], Origin("mqtt", "salon"))
        await turns("off")
        await turns("on")
        assert len(house.recorder.done) == 1, "a stranger's wish is not what the button was pressed for"
        await house.executor.perform([UNLOCK], VOICE)
        house.home.add(Thing("binary_sensor.faux", "Bouton de la cuisine", "binary_sensor"))
        await turns("off")
        await turns("on")
        assert len(house.recorder.done) == 1, "two things of one name"
        following.cancel()

    house = played(play, House(buttons=True))
    assert "button:binary_sensor.bouton" in [entry.factor for entry in house.journal.last(50)]


def test_commands_of_a_link_are_answered(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        asked: list[tuple[str, str]] = []

        async def ask_aloud(room: str, question: str) -> None:
            asked.append((room, question))

        async def sent(command: events.Command) -> Any:
            with house.bus.subscribe() as told:
                await obey(house.executor, command, house.bus, "fr", ask_aloud)
                return [e for e in told.drain() if isinstance(e, events.CommandDone | events.Failed)][-1]

        lamp = await sent(events.Act(service="light.turn_on", thing="lampe du salon", command_id="1"))
        assert lamp.result["status"] == "done"
        script = await sent(events.Act(service="script.turn_on", thing="Bonne nuit", room="salon", command_id="2"))
        assert script.result["status"] == "confirm" and asked == [("salon", script.result["text"])]
        house.executor.listening("salon")
        assert (await house.executor.heard("oui", 1.0, VOICE)).status == "done"  # type: ignore[union-attr]
        door = await sent(events.Act(service="lock.unlock", thing="la serrure", command_id="3"))
        assert door.result["status"] == "approve"
        waiting = await sent(events.Waiting(command_id="4"))
        assert waiting.result == {door.result["request_id"]: "unlock Porte d'entrée"}
        wrong = await sent(events.Approve(code="9999", request_id=door.result["request_id"], command_id="5"))
        assert wrong.code == "approve-refused" and "9999" not in wire.to_json(wrong)
        assert (await sent(events.Refuse(command_id="6"))).command_id == "6"
        assert (await sent(events.Approve(code=CODE, command_id="7"))).code == "approve-refused"
        door = await sent(events.Act(service="lock.unlock", thing="lock.entree", command_id="8"))
        approve = events.Approve(code=CODE, request_id=door.result["request_id"], command_id="9")
        assert (await sent(approve)).result["status"] == "done"

    house = played(play, House(tmp_path, code=CODE))
    assert house.recorder.names == [
        "light.turn_on light.lampe",
        "script.turn_on script.nuit",
        "lock.unlock lock.entree",
    ]
    assert house.journal.last(50)[0].path == "mqtt"


def test_the_code_is_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    seen: list[str] = []

    async def play(house: House) -> None:
        with house.bus.subscribe() as told:
            await house.executor.perform([UNLOCK], VOICE)
            for code in ("5937", CODE):
                command = events.Approve(code=code, command_id=f"c-{len(seen)}")
                seen.append(repr(command))
                await obey(house.executor, command, house.bus, "fr")
            seen.extend(wire.to_json(event) for event in told.drain())

    caplog.set_level("DEBUG")
    house = played(play, House(tmp_path, code=CODE))
    seen += [json.dumps([str(entry) for entry in house.journal.last(50)]), caplog.text]
    seen += [path.read_text() for path in tmp_path.iterdir()]
    assert house.recorder.done
    assert not [text for text in seen if CODE in text or "5937" in text]


def test_an_executor_can_be_made_outside_a_loop() -> None:
    assert isinstance(House().executor, Executor)
