"""`scripts/bench sentences FOLDER`: how many of Home Assistant's own test sentences the grammar understands, as text.

FOLDER is `tests/<language>` of a checkout of https://github.com/OHF-Voice/intents (the sentences are not part of this
project). Each file says which floors, areas and entities its sentences speak of: the home is made of them, and of those of
_fixtures.yaml beside it where a file has none. A sentence counts as matched when some skill takes it as the right intent,
and as right when every slot that the test expects is there and no other name, area or floor is. A slot with a list of
values is right with any of them, as upstream. What only our side adds (response, everywhere, a domain) does not count.
Intents that are left out on purpose are told apart.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from rich.console import Console
from rich.table import Table

from appliance.folding import fold
from appliance.grammar import Grammar
from appliance.home import Area, Floor, Home, Thing
from appliance.skills import Match, Skills
from scripts.measure.corpus import CorpusError

LEFT_OUT = frozenset({"HassBroadcast", "HassMediaSearchAndPlay", "HassRespond"})
"""Intents that no skill handles, on purpose."""
TWINS = {
    "clock.time": ("HassGetCurrentTime",),
    "clock.date": ("HassGetCurrentDate",),
    "stop.stop": ("HassNevermind",),
    "volume.set": ("HassSetVolume",),
    "volume.up": ("HassSetVolumeRelative",),
    "volume.down": ("HassSetVolumeRelative",),
    "lists.add": ("HassListAddItem", "HassShoppingListAddItem"),
    "lists.complete": ("HassListCompleteItem", "HassShoppingListCompleteItem"),
    "lists.remove": ("HassListRemoveItem",),
}
"""Our intents that mean the same as some of Home Assistant's."""
CALLED = {"list_name": "name", "list_items": "item", "percent": "volume_level", "timer_named": "name"}
"""Our slots that mean the same as one of Home Assistant's."""
IMPLIED = {"volume.up": {"volume_step": "up"}, "volume.down": {"volume_step": "down"}}
"""What one of our intents says without a slot."""
_ARTICLE = re.compile(r"^(?:(?:la )?liste )?(?:(?:du|de la|des?|les?|la|une?|the|an?|some) |d'|l')?")
"""What is said before an item or the name of a list, and our skills leave out themselves."""
PLACES = frozenset({"name", "area", "floor"})


@dataclass
class Tally:
    """Sentences of one intent."""

    count: int = 0
    matched: int = 0
    right: int = 0
    missed: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return the figures."""
        total = max(self.count, 1)
        shares = {"matched": round(self.matched / total, 4), "right": round(self.right / total, 4)}
        return {"sentences": self.count} | shares


def main(arguments: list[str]) -> int:
    """Match every sentence and print the shares."""
    parser = argparse.ArgumentParser(prog="scripts/bench sentences", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--language", help="in place of the folder's name")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    options = parser.parse_args(arguments)
    tallies = measure(options.folder, options.language or options.folder.resolve().name)
    found = figures(tallies)
    if options.json:
        print(json.dumps(found, ensure_ascii=False, indent=1))  # noqa: T201
        return 0
    console = Console(highlight=False, soft_wrap=True)
    for tally in tallies.values():
        for line in tally.missed:
            console.print(line, markup=False)
    console.print(_table(found))
    return 0


def figures(tallies: Mapping[str, Tally]) -> dict[str, Any]:
    """Return the shares of each intent, of all, and of those that are not left out."""
    parts = {"all": list(tallies.values()), "handled": [t for name, t in tallies.items() if name not in LEFT_OUT]}
    sums = {
        name: Tally(sum(t.count for t in part), sum(t.matched for t in part), sum(t.right for t in part)).told()
        for name, part in parts.items()
    }
    return sums | {"intents": {name: tally.told() for name, tally in sorted(tallies.items())}}


def measure(folder: Path, language: str) -> dict[str, Tally]:
    """Return a tally of each intent. Raises CorpusError where the folder holds no test."""
    skills, tallies = Skills().found, dict[str, Tally]()
    grammars: dict[str, Grammar] = {}
    for intent, content, home_of in _files(folder):
        key = json.dumps(home_of, sort_keys=True)
        if key not in grammars:
            grammars = {key: Grammar(language, home(home_of), skills)}  # one at a time: each is megabytes
        tally = tallies.setdefault(intent, Tally())
        for test in content["tests"]:
            for sentence in test["sentences"]:
                _count(tally, str(sentence), _intent_of(test, intent), _slots_of(test), grammars[key])
    if not tallies:
        raise CorpusError(f"{folder}: no test sentence of Home Assistant's intents there")
    return tallies


def home(fixture: Mapping[str, Any]) -> Home:
    """Return the home that a test file speaks of."""
    named = {a.get("id", a["name"]): _plain_name(a["name"]) for a in fixture.get("areas", ())}
    floors = {f.get("id", f["name"]): _plain_name(f["name"]) for f in fixture.get("floors", ())}
    areas = [
        Area(_plain_name(a["name"]), floors.get(a.get("floor"), str(a.get("floor") or "")))
        for a in fixture.get("areas", ())
    ]
    things = [
        Thing(
            id=f"t{number}",
            name=_plain_name(entity["name"]),
            domain=entity.get("domain") or str(entity.get("id", "")).partition(".")[0],
            area=named.get(entity.get("area"), str(entity.get("area") or "")),
            device_class=str(entity.get("attributes", {}).get("device_class") or entity.get("device_class") or ""),
        )
        for number, entity in enumerate(fixture.get("entities", ()))
    ]
    return Home([Floor(name) for name in floors.values()], areas, things)


def _plain_name(name: str | Mapping[str, str]) -> str:
    """Return a name without the template in which upstream writes some: "lampe[s]" is "lampe"."""
    text = str(name["in"] if isinstance(name, Mapping) else name)
    while "[" in text:
        before, _, rest = text.partition("[")
        text = before + rest.partition("]")[2]
    return " ".join(text.split())


def _files(folder: Path) -> Iterator[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Yield intent, content and home of each file."""
    shared = _read(folder / "_fixtures.yaml") if (folder / "_fixtures.yaml").is_file() else {}
    for path in sorted(folder.rglob("*.yaml")):
        content = _read(path)
        if path.name.startswith("_") or not content.get("tests"):
            continue
        own = {part: content[part] for part in ("floors", "areas", "entities") if content.get(part)}
        intent = path.parent.name if path.parent != folder else path.stem.rpartition("_")[2]
        yield intent, content, {part: shared[part] for part in ("floors", "areas", "entities") if part in shared} | own


def _read(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text())
    except (OSError, yaml.YAMLError) as error:
        raise CorpusError(f"{path}: {error}") from error
    return content if isinstance(content, dict) else {}


def _intent_of(test: Mapping[str, Any], intent: str) -> str:
    return str(test.get("intent", {}).get("name", intent))


def _slots_of(test: Mapping[str, Any]) -> dict[str, Any]:
    """Return the expected slots, less those that come from where it was said."""
    inner = test.get("intent", {})
    slots = dict(test.get("slots") or inner.get("slots") or {})
    context = inner.get("context") or test.get("context") or {}
    return {name: value for name, value in slots.items() if name not in context or name != "area"}


def _count(tally: Tally, sentence: str, intent: str, slots: Mapping[str, Any], grammar: Grammar) -> None:
    tally.count += 1
    match = grammar.match(sentence)
    if match and intent in TWINS.get(f"{match.skill}.{match.intent}", (match.intent,)):
        tally.matched += 1
        if not (wrong := differing(match, slots)):
            tally.right += 1
            return
        tally.missed.append(f"{intent}: {sentence!r}: {wrong}")
    else:
        tally.missed.append(f"{intent}: {sentence!r}: {match and (match.skill, match.intent, match.slots)}")


def differing(match: Match, expected: Mapping[str, Any]) -> dict[str, Any]:
    """Return the slots that are not as expected: what there is."""
    slots: dict[str, Any] = dict(IMPLIED.get(f"{match.skill}.{match.intent}", {}))
    slots |= {CALLED.get(name, name): value for name, value in match.slots.items()}
    wrong = {name: slots.get(name) for name, value in expected.items() if not _same(slots.get(name), value)}
    return wrong | {name: slots[name] for name in PLACES & slots.keys() if name not in expected}


def _same(ours: object, theirs: object) -> bool:
    if isinstance(theirs, list):
        together = ",".join(map(str, theirs))  # all of them at once, or, where sentences of a test differ, one
        return _text(ours) == _text(together) or any(_same(ours, one) for one in theirs)
    return ours is not None and _text(ours) == _text(theirs)


def _text(value: object) -> str:
    """Return a value in one form: 50, 50.0 and "50" are the same, and so is a name however it is written."""
    try:
        return str(float(str(value)))
    except ValueError:
        folded = fold(str(value))
        return _ARTICLE.sub("", folded) or folded


def _table(found: Mapping[str, Any]) -> Table:
    table = Table("intent", "sentences", "intent right", "slots right too")
    for name, row in (found["intents"] | {"handled": found["handled"], "all": found["all"]}).items():
        table.add_row(name, str(row["sentences"]), f"{row['matched']:.1%}", f"{row['right']:.1%}")
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
