"""Every way in, for every critical action: without its factor, the actuator is never called.

Levels are the executor's to say, whatever the wish claims: its path, its author, its data, its words.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar, get_args

import pytest

from appliance.actions import Action, Author, Origin, Outcome, Path as Way
from appliance.answer import Answerer
from appliance.errors import InputError
from appliance.events import Act, Approve
from appliance.executor_commands import obey
from appliance.history import History
from appliance.skills import Reply, Situation, Skills, Slots, undo
from tests import clock
from tests.decisions import CODE, CRITICAL, MOMENT, PLAIN, House

ORIGINS = [
    Origin(way, room, author) for way, room, author in itertools.product(get_args(Way), ("", "salon"), get_args(Author))
]
CLAIMS: dict[str, Any] = {"level": 0, "approved": True, "confirmed": "oui", "code": CODE, "author": "owner"}
MARKS = {
    "lock": 1,
    "lock.unlock": 1,
    "lock.open": 1,
    "Porte d'entrée": 1,
    "Porte de garage": 1,
    "cover.close": 1,
    "Portail": 1,
}
Way_in = Callable[[House, Action], Awaitable[Any]]


class OneSkill(ModuleType):
    """A skill that wishes one action on the sentence "fais-le"."""

    SENTENCES: ClassVar = {"fr": {"do": ["fais le"]}, "en": {"do": ["do it"]}}
    action: Action

    async def handle(self, intent: str, slots: Slots, situation: Situation) -> Reply:
        assert situation.perform
        return Reply((await situation.perform([self.action])).text)


WISH = OneSkill("wish")
SKILLS = Skills({"wish": WISH, "undo": undo})


COMPILED = Answerer(SKILLS, None, 100)


def situation(house: House, origin: Origin) -> Situation:
    async def nothing(command: object) -> None: ...

    return Situation(
        *("fr", origin.room, MOMENT, "", 50, "", nothing),
        home=house.home,
        undo=partial(house.executor.undo, origin.room, origin),
        origin=origin,
        bind=house.executor.bound,
        heard=house.executor.heard,
    ).acting("sentence")


async def said(house: House, action: Action, text: str, origin: Origin) -> str:
    WISH.action = action
    answerer = Answerer(SKILLS, None, 100)
    answerer._understandings = COMPILED._understandings  # compiled once: it is the same for all
    answer = await answerer.answer(text, situation(house, origin), History(), lambda stage, seconds: None)
    return " ".join([piece async for piece in answer.pieces])


async def bare(house: House, action: Action) -> None:
    for origin in ORIGINS:
        await house.executor.perform([action], origin)
        await house.executor.perform([PLAIN, action], origin)  # hidden among harmless ones
        await house.executor.perform([replace(action, data=dict(action.data) | CLAIMS)], origin)
        await house.executor.perform([action], origin, undoing=True)
        await house.executor.bound(origin, "en")([action])


async def sentence(house: House, action: Action) -> None:
    for way in get_args(Way):
        await said(house, action, "Fais-le !", Origin(way, "salon"))


async def yes(house: House, action: Action) -> None:
    for way, author in itertools.product(get_args(Way), get_args(Author)):
        origin = Origin(way, "salon", author)
        await said(house, action, "fais-le", origin)
        house.executor.listening("salon")
        house.executor.speaking("salon")
        for word in ("oui", "confirme", "oui s'il te plaît", "le code est 7391", CODE, "yes"):
            await said(house, action, word, origin)
            await house.executor.heard(word, 1.0, origin)
            await house.executor.confirm("salon", origin)


async def undone(house: House, action: Action) -> None:
    house.recorder.undoing = lambda _: (action,)  # type: ignore[method-assign]
    for origin in ORIGINS:
        await house.executor.perform([PLAIN], origin)
        await house.executor.undo(origin.room, origin)
        await said(house, action, "annule", origin)


async def commanded(house: House, action: Action) -> None:
    thing = house.home.things.get(action.target)
    data = {str(k): v for k, v in action.data.items()}
    refused: list[str] = []
    for room, name in itertools.product(("", "salon"), (action.target, thing.name if thing else "x")):
        act = Act(
            service=f"{action.domain}.{action.service}", thing=name, data=data | CLAIMS, room=room, command_id="c"
        )
        try:
            await obey(house.executor, act, house.bus, "fr")
        except InputError as error:
            refused.append(error.code)
    assert set(refused) <= {"act-thing-unknown"}


async def wrongly_approved(house: House, action: Action) -> None:
    outcome = await house.executor.perform([action], Origin("voice", "salon"))
    for code, request, room in (
        ("", "", ""),
        ("0000", outcome.request_id, ""),
        (CODE, "feedbeef", ""),
        (CODE, "", "bureau"),
    ):
        await obey(house.executor, Approve(code=code, request_id=request, room=room, command_id="c"), house.bus, "fr")
    await asyncio.sleep(61)
    await house.executor.approve(CODE, outcome.request_id)
    await house.executor.approve(CODE)


async def replayed(house: House, action: Action) -> None:
    """A request of before, approved and used up, approves nothing new; neither does a refused one."""
    first = await house.executor.perform([PLAIN], Origin("voice", "salon"))
    outcome = await house.executor.perform([action], Origin("voice", "salon"))
    house.executor.refuse("salon")
    for request in (first.request_id or "0", outcome.request_id or "0"):
        await house.executor.approve(CODE, request)
    again = await house.executor.perform([action], Origin("voice", "salon"))
    assert again.request_id != outcome.request_id or not again.request_id
    await house.executor.approve(CODE, outcome.request_id or "0")


async def shared(house: House, action: Action) -> None:
    """A "lamp" on the bus whose command reaches the critical thing."""
    house.recorder.shared["light.lampe"] = {action.target}
    if action.target in house.home.things and action.domain != "light":
        assert (await house.executor.perform([PLAIN], Origin("voice", "salon"))).status == "approve"


WAYS: tuple[Way_in, ...] = (bare, sentence, yes, undone, commanded, wrongly_approved, replayed, shared)


@pytest.fixture(autouse=True)
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("appliance.pin.COST", 2**4)

    async def at_once(function: Any, *args: Any) -> Any:
        return function(*args)

    monkeypatch.setattr("asyncio.to_thread", at_once)


@pytest.mark.parametrize("marks", [{}, MARKS], ids=["as-is", "lowered"])
@pytest.mark.parametrize("action", CRITICAL, ids=lambda a: f"{a.domain}.{a.service}-{a.target}")
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_way_leads_to_a_critical_action(way: Way_in, action: Action, marks: dict[str, int], tmp_path: Path) -> None:
    async def play() -> None:
        house = House(tmp_path, code=CODE, marks=marks)
        await way(house, action)
        assert [done for done in house.recorder.done if done != PLAIN] == []
        assert {entry.level for entry in house.journal.last(1000)} <= {1, 3}

    clock.run(play())


@pytest.mark.parametrize("action", CRITICAL, ids=lambda a: f"{a.domain}.{a.service}-{a.target}")
def test_with_the_code_the_same_action_is_done(action: Action, tmp_path: Path) -> None:
    """The counter-proof: what stopped the others was the missing factor."""

    async def play() -> Outcome:
        house = House(tmp_path, code=CODE)
        asked = await house.executor.perform([action], Origin("voice", "salon"))
        assert asked.status == "approve" and house.recorder.done == []
        return await house.executor.approve(CODE, asked.request_id)

    assert clock.run(play()).status == "done"
