"""Named lists: shopping, things to do. Kept in the database; changed by the executor only, read by anyone.

The shopping list has one key and a name a language, because people call it many things. Every other list is called what it
was called first; "liste" and articles around a name do not matter.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from appliance import events
from appliance.actions import Action
from appliance.database import Database
from appliance.errors import InputError
from appliance.events import Event
from appliance.folding import fold
from appliance.messages import text

SHOPPING = "shopping"
TODO = "todo"
MOST_ITEMS = 500
LONGEST_ITEM = 200
MIGRATIONS = (
    """CREATE TABLE list_items (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        list TEXT NOT NULL,
        item TEXT NOT NULL,
        done INTEGER NOT NULL DEFAULT 0
    ) STRICT""",
)
_ALIASES = {
    SHOPPING: (
        *("", "course", "courses", "achat", "achats", "commission", "commissions", "shopping", "epicerie", "liste"),
        *("grocery", "groceries", "supermarche", "provision", "provisions", "shopping list", "list"),
    ),
    TODO: ("a faire", "chose a faire", "choses a faire", "tache", "taches", "todo", "to do", "task", "tasks", "to dos"),
}
_BEFORE = (
    *("la", "ma", "ta", "notre", "the", "my", "our", "liste", "list", "des", "de", "le", "les", "mes", "du"),
    *("of", "for", "pour"),
)
_AROUND = re.compile(rf"^(?:(?:de la|de l'|d'|l'|{'|'.join(_BEFORE)})(?: |(?<=')))+|\b(?: liste| list) ?$")
_SERVICES = frozenset({"add", "remove", "complete", "uncomplete", "restore", "clear"})


@dataclass(frozen=True, slots=True)
class Item:
    """Something on a list."""

    id: int
    name: str
    done: bool = False


def key(name: str) -> str:
    """Return what a list is known by, from what it was called: "ma liste de courses" -> "shopping"."""
    folded = fold(name)
    folded = _AROUND.sub("", f"{folded} ").strip() if folded not in _ALIASES[SHOPPING] else folded
    return next((known for known, names in _ALIASES.items() if folded in names), folded)


def title(list_key: str, language: str) -> str:
    """Return a list's name inside a sentence: "la liste de courses"."""
    if list_key in (SHOPPING, TODO):
        return text(f"list-{list_key}", language)
    return text("list-named", language, name=list_key)


class Lists:
    """All lists."""

    domains = frozenset({"list"})

    def __init__(self, database: Database, publish: Callable[[Event], None]) -> None:
        self._database, self._publish = database, publish
        self._gone: deque[tuple[str, Item]] = deque(maxlen=MOST_ITEMS)
        """What was removed in this run: it can be given back."""
        database.migrate("lists", MIGRATIONS)

    def names(self) -> list[str]:
        """Return the keys of the lists that hold something."""
        return [row["list"] for row in self._database.read("SELECT DISTINCT list FROM list_items ORDER BY list")]

    def items(self, list_key: str, *, done: bool | None = False) -> list[Item]:
        """Return what is on a list, in the order it came: still to be had, had already, or both (None)."""
        rows = self._database.read("SELECT id, item, done FROM list_items WHERE list = ? ORDER BY id", list_key)
        found = [Item(row["id"], row["item"], bool(row["done"])) for row in rows]
        return [item for item in found if done is None or item.done == done]

    def find(self, list_key: str, name: str, *, done: bool | None = False) -> Item | None:
        """Return an item by its name; capitals, accents, articles and the plural do not matter."""
        wanted = _bare(name)
        return next((item for item in self.items(list_key, done=done) if _bare(item.name) == wanted), None)

    def knows(self, action: Action) -> bool:
        """Tell whether this can be carried out."""
        item = action.data.get("item", "")
        if action.service not in _SERVICES or not action.target or key(action.target) != action.target:
            return False
        if action.service == "clear":
            return True
        if not isinstance(item, str) or not item.strip() or len(item) > LONGEST_ITEM:
            return False
        if action.service == "restore":
            return self._removed(action) is not None
        done = {"remove": None, "complete": False, "uncomplete": True}.get(action.service)
        return action.service == "add" or self.find(action.target, item, done=done) is not None

    def describe(self, action: Action, language: str) -> str:
        """Return the action in words, infinitive."""
        name = title(action.target, language)
        if action.service == "clear":
            return text("list-clear", language, list=name)
        key_of = {"add": "list-add", "restore": "list-add", "remove": "list-remove"}
        return text(
            key_of.get(action.service, "list-complete"), language, list=name, item=str(action.data.get("item", ""))
        )

    def undoing(self, action: Action) -> tuple[Action, ...] | None:
        """Return what gives the present state back."""
        opposite = {"add": "remove", "remove": "restore", "complete": "uncomplete", "uncomplete": "complete"}
        if action.service == "clear":
            items = self.items(action.target, done=None)
            return tuple(Action("list", "restore", action.target, {"item": item.name}) for item in items)
        if action.service == "add" and self.find(action.target, str(action.data["item"])):
            return ()  # it is there already
        return (Action("list", opposite.get(action.service, "remove"), action.target, dict(action.data)),)

    async def do(self, action: Action) -> None:
        """Carry it out. Raises InputError where the list is full."""
        target, name = action.target, " ".join(str(action.data.get("item", "")).split())
        match action.service:
            case "add":
                self._add(target, name)
            case "remove":
                self._remove(target, self.find(target, name) or self.find(target, name, done=True))
            case "complete" | "uncomplete":
                self._complete(target, name, action.service == "complete")
            case "restore":
                self._restore(action)
            case "clear":
                for item in self.items(target, done=None):
                    self._remove(target, item)
        self._publish(events.ListChanged(name=target, items=[item.name for item in self.items(target)]))

    def _add(self, target: str, name: str) -> None:
        if self.find(target, name):
            return
        if len(self.items(target, done=None)) >= MOST_ITEMS:
            raise InputError("list-full", stage="lists", most=MOST_ITEMS)
        self._database.write("INSERT INTO list_items (list, item) VALUES (?, ?)", target, name)

    def _remove(self, target: str, item: Item | None) -> None:
        if item:
            self._database.write("DELETE FROM list_items WHERE id = ?", item.id)
            self._gone.append((target, item))

    def _complete(self, target: str, name: str, done: bool) -> None:
        if item := self.find(target, name, done=not done):
            self._database.write("UPDATE list_items SET done = ? WHERE id = ?", int(done), item.id)

    def _restore(self, action: Action) -> None:
        if gone := self._removed(action):
            target, item = gone
            self._gone.remove(gone)
            self._database.write(
                "INSERT INTO list_items VALUES (?, ?, ?, ?)", item.id, target, item.name, int(item.done)
            )

    def _removed(self, action: Action) -> tuple[str, Item] | None:
        wanted = _bare(str(action.data.get("item", "")))
        return next((g for g in reversed(self._gone) if g[0] == action.target and _bare(g[1].name) == wanted), None)


_ARTICLE = re.compile(r"^(?:du|des|de la|de l'|d'|de|le|la|les|l'|un|une|some|the|a|an)(?: +|(?<='))")


def bare_item(name: str) -> str:
    """Return what is to be had, without the article it was said with."""
    name = " ".join(name.replace("’", "'").split()).strip(" ,;.")
    found = _ARTICLE.match(name.lower())
    return name[found.end() :].strip() if found and name[found.end() :].strip() else name


def items_of(phrase: str) -> list[str]:
    """Return the items of an enumeration: "du lait, des œufs et une baguette" -> lait, œufs, baguette.

    Commas and "et" part them; where an enumeration begins with a partitive, so does every further partitive, because a
    recogniser often writes no commas.
    """
    parts = re.split(r"\s*[,;]\s*(?:et |and )?|\s+(?:et|and)\s+|\s+(?:ainsi que|puis)\s+", phrase.strip())
    partitive = r"(?:du|des|de la|de l['’])(?= |(?<=['’]))"
    if re.match(partitive, phrase.strip(), re.IGNORECASE):
        parts = [piece for part in parts for piece in re.split(rf" (?={partitive})", part)]
    items = [bare_item(part) for part in parts]
    return list(dict.fromkeys(item for item in items if item))


def _bare(name: str) -> str:
    return " ".join(word.rstrip("sx") or word for word in fold(bare_item(name)).split())
