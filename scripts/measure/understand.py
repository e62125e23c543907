"""`scripts/bench understand FOLDER`: how often a spoken command is understood, with and without repair, on real audio.

FOLDER holds WAVs and transcripts.tsv (file, kind, transcript). The expected meaning is what the matcher makes of the true
sentence; a clip without transcript is speech that is no command, and must be rejected. The home is FOLDER/home.toml where
there is one, else --home FILE, else the measuring home beside this file. What counts as understood is done at once: a
sentence that the box would ask back is right nowhere, and told apart. A critical action is one of level 3.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from appliance import config, levels
from appliance.actions import Action
from appliance.app import open_box
from appliance.home import Home
from appliance.skills import Match, Skills
from appliance.understand import Understanding, Understood
from scripts.measure import corpus

HOME = Path(__file__).with_name("commands.toml")
LOCKING = {"HassTurnOn": "lock", "HassTurnOff": "unlock"}


@dataclass
class Tally:
    """Clips of one kind."""

    count: int = 0
    right: int = 0
    right_without_repair: int = 0
    asked_right: int = 0
    asked_wrong: int = 0
    wrong: list[str] = field(default_factory=list)

    def told(self) -> dict[str, Any]:
        """Return the figures."""
        total = max(self.count, 1)
        return {
            "accuracy": round(self.right / total, 4),
            "count": self.count,
            "without_repair": round(self.right_without_repair / total, 4),
            "asked_right": self.asked_right,
            "asked_wrong": self.asked_wrong,
        }


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="scripts/bench understand", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--home", type=Path, help="a configuration with the home that the recordings speak of")
    parser.add_argument("--language", default="fr")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="end with one line of JSON")
    options = parser.parse_args(arguments)
    found = asyncio.run(_measure(options))
    if options.json:
        print(json.dumps(found, ensure_ascii=False))  # noqa: T201
    return 0


async def _measure(options: argparse.Namespace) -> dict[str, Any]:
    beside = options.folder / "home.toml"
    declared = config.load(options.home or (beside if beside.exists() else HOME))
    own = config.load()
    settings = own.model_copy(update={"home": declared.home, "language": options.language, "words": declared.words})
    clips = corpus.from_folder(options.folder)[: options.limit or None]
    home = settings.home.home()
    understanding = Understanding(options.language, home, Skills().found)
    began = time.perf_counter()
    understanding.compile()
    index_seconds = time.perf_counter() - began
    console = Console(stderr=options.json, highlight=False, soft_wrap=True)
    tallies: dict[str, Tally] = {}
    foreign = Tally()
    repairs: list[float] = []
    critical_wrong = 0
    async with open_box(settings, need=("stt",)) as box:
        for clip in clips:
            heard = await box.mind.recognise(clip.pcm)
            understood = understanding.understand(heard.text, heard.alternatives, heard.confidence)
            if understood.verdict != "exact":
                repairs.append(understood.seconds * 1000)
            plain = understanding.exact(heard.text) if heard.text else None
            done = understood.match if understood.verdict in ("exact", "near") else None
            wanted = understanding.exact(clip.text) if clip.text else None
            if done and done != wanted and critical(done, home):
                critical_wrong += 1
            tally = tallies.setdefault(clip.kind, Tally()) if clip.text else foreign
            _count(tally, clip.text, wanted, done, plain, understood)
            if (wanted is None and clip.text) or done != wanted:
                console.print(_line(clip, heard.text, understood, wanted), markup=False)
    found: dict[str, Any] = {kind: tally.told() for kind, tally in tallies.items()}
    found["foreign"] = {"rejected": round(foreign.right / max(foreign.count, 1), 4), "count": foreign.count}
    found["repair_ms_p50"] = round(statistics.median(repairs), 1) if repairs else 0.0
    found["critical_wrong"] = critical_wrong
    found["index_seconds"] = round(index_seconds, 2)
    found["sentences"] = understanding.index.sentences() if understanding.index else 0
    console.print(_table(found))
    return found


def _count(
    tally: Tally, text: str, wanted: Match | None, done: Match | None, plain: Match | None, understood: Understood
) -> None:
    tally.count += 1
    if text and wanted is None:
        return  # a sentence that the grammar does not have is understood by nobody
    tally.right += done == wanted
    tally.right_without_repair += plain == wanted
    if understood.verdict == "doubtful":
        tally.right -= not text  # a question is no rejection
        tally.asked_right += understood.match == wanted
        tally.asked_wrong += understood.match != wanted


def critical(match: Match, home: Home) -> bool:
    """Tell whether the meaning would be an action of level 3 in this home."""
    if match.intent not in LOCKING:
        return False
    slots = match.slots
    things = home.find(name=str(slots.get("name", "")), area=str(slots.get("area", "")))
    domains = {str(slots["domain"])} if "domain" in slots else {thing.domain for thing in things}
    actions = [Action("lock", LOCKING[match.intent]) for domain in domains if domain == "lock"]
    if str(slots.get("device_class", "")) in ("garage", "gate", "door"):
        return True
    return any(levels.level(action, None, {}) >= levels.DANGEROUS for action in actions)


def _line(clip: corpus.Clip, heard: str, understood: Understood, wanted: Match | None) -> str:
    what = "no sentence of the grammar" if clip.text and wanted is None else understood.verdict
    return f"{clip.name}: {clip.text!r} heard {heard!r}: {what} {understood.sentence!r} {understood.distance}"


def _table(found: dict[str, Any]) -> Table:
    table = Table("", "right", "without repair", "clips", "asked")
    for kind, row in found.items():
        if isinstance(row, dict) and "accuracy" in row:
            asked = f"{row['asked_right']} right, {row['asked_wrong']} wrong"
            table.add_row(kind, f"{row['accuracy']:.1%}", f"{row['without_repair']:.1%}", str(row["count"]), asked)
    table.add_row("foreign, rejected", f"{found['foreign']['rejected']:.1%}", "", str(found["foreign"]["count"]), "")
    table.caption = (
        f"repair {found['repair_ms_p50']} ms (median); wrong critical actions: {found['critical_wrong']}; "
        f"{found['sentences']:,} sentences indexed in {found['index_seconds']} s"
    )
    return table
