"""Lists: what is on them, what takes it off, and what brings it back."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from appliance.actions import Action
from appliance.database import Database
from appliance.events import Event, ListChanged
from appliance.lists import SHOPPING, Lists, bare_item, items_of, key


async def do(lists: Lists, service: str, item: str = "", target: str = SHOPPING) -> tuple[Action, ...]:
    action = Action("list", service, target, {"item": item} if item else {})
    assert lists.knows(action)
    assert lists.describe(action, "fr") and lists.describe(action, "en")
    back = lists.undoing(action) or ()
    await lists.do(action)
    return back


def names(lists: Lists, **which: Any) -> list[str]:
    return [item.name for item in lists.items(SHOPPING, **which)]


async def test_add_complete_remove_and_back(tmp_path: Path) -> None:
    events: list[Event] = []
    lists = Lists(Database(tmp_path), events.append)
    for item in ("lait", "œufs", "Beurre salé"):
        await do(lists, "add", item)
    assert await do(lists, "add", "Œuf") == (), "it is there already"
    (undo,) = await do(lists, "complete", "des oeufs")
    assert names(lists) == ["lait", "Beurre salé"]
    await lists.do(undo)
    (undo,) = await do(lists, "remove", "beurre sale")
    assert names(lists) == ["lait", "œufs"]
    await lists.do(undo)
    assert names(lists) == ["lait", "œufs", "Beurre salé"]
    assert events[-1] == ListChanged(name=SHOPPING, items=["lait", "œufs", "Beurre salé"])
    assert [item.name for item in Lists(Database(tmp_path), events.append).items(SHOPPING)] == names(lists)


async def test_clear_and_back() -> None:
    lists = Lists(Database(None), lambda event: None)
    await do(lists, "add", "lait")
    await do(lists, "add", "pain")
    await do(lists, "complete", "pain")
    await do(lists, "add", "vis", "bricolage")
    back = await do(lists, "clear")
    assert lists.items(SHOPPING, done=None) == []
    assert lists.names() == ["bricolage"]
    for action in back:
        assert lists.knows(action)
        await lists.do(action)
    assert [(item.name, item.done) for item in lists.items(SHOPPING, done=None)] == [("lait", False), ("pain", True)]


@pytest.mark.parametrize(
    ("service", "target", "data"),
    [
        ("add", "", {"item": "lait"}),
        ("add", "Courses", {"item": "lait"}),
        ("add", SHOPPING, {}),
        ("add", SHOPPING, {"item": " "}),
        ("add", SHOPPING, {"item": "x" * 500}),
        ("add", SHOPPING, {"item": 5}),
        ("remove", SHOPPING, {"item": "pain"}),
        ("restore", SHOPPING, {"item": "pain"}),
        ("burn", SHOPPING, {"item": "lait"}),
    ],
)
async def test_what_makes_no_sense_is_not_known(service: str, target: str, data: dict[str, Any]) -> None:
    lists = Lists(Database(None), lambda event: None)
    await do(lists, "add", "lait")
    assert not lists.knows(Action("list", service, target, data))


@pytest.mark.parametrize(
    ("said", "known"),
    [
        *[
            (name, "shopping")
            for name in ("courses", "ma liste de courses", "la liste des courses", "achats", "liste", "")
        ],
        *[(name, "shopping") for name in ("the shopping list", "groceries", "my shopping list", "shopping")],
        *[
            (name, "todo")
            for name in ("choses à faire", "la liste des choses à faire", "à faire", "to do list", "todo")
        ],
        ("la liste de Noël", "noel"),
        ("liste bricolage", "bricolage"),
    ],
)
def test_what_a_list_is_called(said: str, known: str) -> None:
    assert key(said) == known
    assert key(known) == known


@pytest.mark.parametrize(
    ("phrase", "items"),
    [
        ("du lait", ["lait"]),
        ("du lait et des œufs", ["lait", "œufs"]),
        ("du lait, des œufs et une baguette", ["lait", "œufs", "baguette"]),
        ("du lait des oeufs et du beurre", ["lait", "oeufs", "beurre"]),
        ("lait, œufs, et pain", ["lait", "œufs", "pain"]),
        ("deux baguettes et de l'huile d'olive", ["deux baguettes", "huile d'olive"]),
        ("pain du jour", ["pain du jour"]),
        ("de la crème ainsi que du sucre", ["crème", "sucre"]),
        ("appeler le plombier", ["appeler le plombier"]),
        ("some milk and eggs", ["milk", "eggs"]),
        ("du lait et du lait", ["lait"]),
        ("", []),
    ],
)
def test_an_enumeration(phrase: str, items: list[str]) -> None:
    assert items_of(phrase) == items


def test_an_article_alone_is_a_name() -> None:
    assert bare_item("des") == "des"
    assert bare_item("L’eau") == "eau"
