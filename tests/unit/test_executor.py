"""The choke point: what is done at once, what waits for whom, and for how long. Virtual time, real parts, a recorder."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

import pytest

from appliance.actions import Action, Origin
from appliance.home import Thing
from tests import clock
from tests.decisions import CODE, COSTLY, PLAIN, House

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


def test_what_is_reversible_is_done_at_once_and_undone_for_a_while() -> None:
    async def play(house: House) -> None:
        assert (await house.executor.perform([PLAIN], VOICE)).status == "done"
        await asyncio.sleep(29)
        assert await house.executor.undo("bureau", Origin("voice", "bureau")) is None
        undone = await house.executor.undo("salon", VOICE)
        assert undone and undone.status == "done" and undone.text == "C'est annulé."
        assert await house.executor.undo("salon", VOICE) is None

    house = played(play, House())
    assert house.recorder.names == ["light.turn_on light.lampe", "light.turn_off light.lampe"]
    assert house.decisions == ["done 1", "undone 1"]


def test_after_half_a_minute_nothing_is_undone() -> None:
    async def play(house: House) -> None:
        await house.executor.perform([PLAIN], VOICE)
        await asyncio.sleep(31)
        assert await house.executor.undo("salon", VOICE) is None

    assert len(played(play, House()).recorder.done) == 1


def test_what_cannot_be_undone_hides_what_was_before() -> None:
    async def play(house: House) -> None:
        await house.executor.perform([PLAIN], VOICE)
        await house.executor.perform([Action("light", "toggle", "light.lampe")], VOICE)
        assert await house.executor.undo("salon", VOICE) is None

    played(play, House())


def test_an_undo_that_unlocks_needs_the_second_factor(tmp_path: Path) -> None:
    async def play(house: House) -> None:
        assert (await house.executor.perform([Action("lock", "lock", "lock.entree")], VOICE)).status == "done"
        outcome = await house.executor.undo("salon", VOICE)
        assert outcome and outcome.status == "approve"
        assert house.recorder.names == ["lock.lock lock.entree"]
        assert (await house.executor.approve(CODE)).status == "done"

    house = played(play, House(tmp_path, code=CODE, marks={"lock.lock": 1}))
    assert house.recorder.names[-1] == "lock.unlock lock.entree"


def test_what_is_costly_is_read_back_and_done_after_a_spoken_yes() -> None:
    async def play(house: House) -> None:
        outcome = await house.executor.perform([PLAIN, COSTLY], VOICE)
        assert outcome.status == "confirm"
        assert outcome.text == "Vraiment turn_on Bonne nuit et turn_on Lampe du salon ? Oui ou non ?"
        assert house.executor.awaiting("salon") and not house.executor.awaiting("bureau")
        assert house.recorder.done == []
        assert (await spoken_yes(house, "Oui, s'il te plaît !")).status == "done"
        assert await spoken_yes(house) is None

    house = played(play, House())
    assert len(house.recorder.done) == 2
    assert house.decisions == ["asked 2", "confirmed 2"]
    assert house.journal.last(1)[0].factor == "voice"


@pytest.mark.parametrize(
    ("said", "about", "decision"),
    [
        ("non", {}, "refused 2"),
        ("annule", {}, "refused 2"),
        ("quelle heure est-il", {}, "dropped 2"),
        ("oui", {"confidence": 0.3}, "dropped 2"),
        ("oui oui mais pas maintenant", {}, "dropped 2"),
        ("oui", {"origin": Origin("text", "salon")}, "dropped 2"),
        ("oui", {"origin": Origin("mqtt", "salon")}, "dropped 2"),
        ("oui", {"origin": Origin("page", "salon")}, "dropped 2"),
        ("oui", {"origin": Origin("timer", "salon")}, "dropped 2"),
        ("ouïe", {}, "dropped 2"),
        ("Louis", {}, "dropped 2"),
    ],
)
def test_what_is_no_spoken_yes_does_nothing(said: str, about: dict[str, Any], decision: str) -> None:
    async def play(house: House) -> None:
        await house.executor.perform([COSTLY], VOICE)
        await spoken_yes(house, said, **about)
        assert await spoken_yes(house) is None, "one-shot: a yes that follows is too late"

    house = played(play, House())
    assert house.recorder.done == []
    assert house.decisions == ["asked 2", decision]


def test_a_yes_from_another_room_is_no_answer() -> None:
    async def play(house: House) -> None:
        await house.executor.perform([COSTLY], VOICE)
        house.executor.listening("bureau")
        assert await house.executor.heard("oui", 1.0, Origin("voice", "bureau")) is None
        assert (await house.executor.confirm("salon", Origin("voice", "bureau"))).status == "refused"

    assert played(play, House()).recorder.done == []


def test_a_yes_before_the_room_was_asked_does_not_count() -> None:
    async def play(house: House) -> None:
        await house.executor.perform([COSTLY], Origin("mqtt", "salon"))
        assert (await house.executor.heard("oui", 1.0, VOICE)).status == "refused"  # type: ignore[union-attr]

    assert played(play, House()).recorder.done == []


def test_ten_seconds_of_listening_and_whoever_began_may_finish() -> None:
    async def late(house: House) -> None:
        await house.executor.perform([COSTLY], VOICE)
        await asyncio.sleep(8)  # it is being read back
        house.executor.listening("salon")
        await asyncio.sleep(10.1)
        house.executor.speaking("salon")
        assert await house.executor.heard("oui", 1.0, VOICE) is None

    async def in_time(house: House) -> None:
        await house.executor.perform([COSTLY], VOICE)
        await asyncio.sleep(8)
        house.executor.listening("salon")
        await asyncio.sleep(9.9)
        house.executor.speaking("salon")
        await asyncio.sleep(5)
        assert (await house.executor.heard("oui", 1.0, VOICE)).status == "done"  # type: ignore[union-attr]

    assert played(late, House()).decisions == ["asked 2", "expired 2"]
    assert len(played(in_time, House()).recorder.done) == 1


def test_what_changed_meanwhile_is_not_done(tmp_path: Path) -> None:
    async def renamed(house: House) -> None:
        await house.executor.perform([UNLOCK], VOICE)
        house.home.add(Thing("lock.entree", "Coffre", "lock"))
        assert "changé" in (await house.executor.approve(CODE)).text

    async def more_dangerous(house: House) -> None:
        await house.executor.perform([COSTLY], VOICE)
        house.recorder.shared["script.nuit"] = {"lock.entree"}
        assert (await spoken_yes(house)).status == "refused"

    async def reached_otherwise(house: House) -> None:
        house.recorder.prints["script.nuit"] = "home/night/set"
        await house.executor.perform([COSTLY], VOICE)
        house.recorder.prints["script.nuit"] = "home/garage/set"
        assert "changé" in (await spoken_yes(house)).text

    for play in (renamed, more_dangerous, reached_otherwise):
        assert played(play, House(tmp_path, code=CODE)).recorder.done == []


def test_what_is_reached_otherwise_is_not_undone() -> None:
    async def play(house: House) -> None:
        house.recorder.prints["light.lampe"] = "home/lamp/set"
        await house.executor.perform([PLAIN], VOICE)
        house.recorder.prints["light.lampe"] = "home/garage/set"
        undone = await house.executor.undo("salon", VOICE)
        assert undone and undone.status == "refused"

    assert played(play, House()).recorder.names == ["light.turn_on light.lampe"]


def test_what_is_done_is_what_was_wished_whatever_becomes_of_the_data() -> None:
    async def play(house: House) -> None:
        house.home.add(Thing("climate.x", "Radiateur", "climate"))
        data: dict[str, Any] = {"temperature": 30}
        assert (await house.executor.perform([Action("climate", "set_temperature", "climate.x", data)], VOICE)).text
        data["temperature"] = 90
        await spoken_yes(house)

    assert played(play, House()).recorder.done[0].data == {"temperature": 30}


def test_a_mark_does_not_lower_a_namesake_from_the_bus() -> None:
    house = House(marks={"Pergola": 1, "cover.known": 1, "Film": 3})
    opening = [Action("cover", "open_cover", f"cover.{name}") for name in ("stranger", "known")]
    for action in opening:
        house.home.add(Thing(action.target, "Pergola", "cover"))
    assert [house.executor.level(action) for action in opening] == [3, 1]
    house.home.add(Thing("light.film", "Film", "light"))
    assert house.executor.level(Action("light", "turn_on", "light.film")) == 3, "a name may raise"


def test_a_thing_that_describes_itself_anew_stays_as_dangerous() -> None:
    house = House()
    opening = Action("cover", "open_cover", "cover.new")
    house.home.add(Thing("cover.new", "Accès voiture", "cover"))
    house.home.add(Thing("cover.new", "Accès voiture", "cover", device_class="shutter"))
    assert house.executor.level(opening) == 3
    house.home.remove("cover.new")
    house.home.add(Thing("cover.new", "Store", "cover", device_class="shutter"))
    assert house.executor.level(opening) == 3
    for number in range(20):
        house.home.add(Thing("cover.other", f"Volet {number}", "cover", device_class="shutter"))
    assert house.executor.level(Action("cover", "open_cover", "cover.other")) == 3, "too many faces"


def test_things_that_hear_one_command_have_the_strictest_level() -> None:
    house = House()
    assert house.executor.level(PLAIN) == 1
    house.recorder.shared["light.lampe"] = {"light.lampe", "lock.entree"}
    assert house.executor.level(PLAIN) == 3


def test_what_no_actuator_knows_is_refused() -> None:
    async def play(house: House) -> None:
        house.recorder.unknown.add("light.lampe")
        outcome = await house.executor.perform([PLAIN, Action("switch", "turn_on", "switch.prise")], VOICE)
        assert outcome.status == "refused"

    house = played(play, House())
    assert house.recorder.done == [] and house.decisions == ["refused 3"]


def test_failures_are_told_and_the_rest_is_done() -> None:
    async def play(house: House) -> None:
        house.recorder.broken.add("light.lampe")
        lone = await house.executor.perform([PLAIN], VOICE)
        assert lone.status == "failed" and "courtier" in lone.text
        part = await house.executor.perform([PLAIN, Action("switch", "turn_on", "switch.prise")], VOICE)
        assert part.status == "failed" and "Lampe du salon" in part.text and "en partie" in part.text

    house = played(play, House())
    assert house.recorder.names == ["switch.turn_on switch.prise"]
    assert house.decisions == ["failed 1", "done 1", "failed 1"]


def test_a_bug_of_an_actuator_and_one_that_hangs_are_failures(caplog: pytest.LogCaptureFixture) -> None:
    async def play(house: House) -> None:
        async def broken(action: Action) -> None:
            raise ValueError("a bug")

        async def hanging(action: Action) -> None:
            await asyncio.sleep(1000)

        for do in (broken, hanging):
            house.recorder.do = do  # type: ignore[method-assign]
            assert (await house.executor.perform([PLAIN], VOICE)).status == "failed"

    played(play, House())
    assert "ValueError" in caplog.text


def test_an_interrupted_turn_does_not_cut_a_batch_in_two() -> None:
    async def play(house: House) -> None:
        batch = [PLAIN, Action("switch", "turn_on", "switch.prise")]
        turn = asyncio.create_task(house.executor.perform(batch, VOICE))
        await asyncio.sleep(0.15)
        turn.cancel()
        await asyncio.sleep(1)

    house = played(play, House())
    assert len(house.recorder.done) == 2 and house.decisions == ["done 1"]


def test_what_cannot_be_written_down_is_not_done(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def play(house: House) -> None:
        await house.executor.perform([UNLOCK], VOICE)
        house.journal._database.write("DROP TABLE journal")
        assert (await house.executor.approve(CODE)).status == "failed"
        assert (await house.executor.perform([COSTLY], VOICE)).status == "failed"
        assert (await house.executor.perform([PLAIN], VOICE)).status == "done"

    assert played(play, House(tmp_path, code=CODE)).recorder.names == ["light.turn_on light.lampe"]
