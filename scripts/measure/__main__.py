"""`scripts/bench [FOLDER]`: measure, and print a table or JSON."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from appliance import config
from appliance.app import Box, choices, open_box, prepare
from appliance.catalog import Catalog, default_store
from scripts.measure import chain, corpus, idle, voices
from scripts.measure.wer import Score


def arguments() -> argparse.Namespace:
    """Return the parsed command line."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument(
        "folder", nargs="?", type=Path, help="recordings and transcripts.tsv; else the box's own voices"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of tables")
    parser.add_argument("--words", default="", help="names of the home, comma between, that recognition leans towards")
    parser.add_argument("--limit", type=int, default=0, help="so many recordings only")
    parser.add_argument("--profile", default="", help="nano, base, plus or gpu")
    parser.add_argument("--idle-seconds", type=float, default=20)
    parser.add_argument("--no-voices", action="store_true", help="leave the voice table out")
    return parser.parse_args()


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return every figure."""
    settings = config.load()
    changes: dict[str, Any] = {"profile": options.profile} if options.profile else {}
    changes["words"] = [word.strip() for word in options.words.split(",") if word.strip()] or settings.words
    settings = settings.model_copy(update=changes)
    catalog, models = Catalog.load(), default_store()
    async with open_box(settings) as box:
        await prepare(box)
        found: dict[str, Any] = {"profile": settings.profile}
        found["idle_percent_of_one_core"] = round(await idle.percent_of_one_core(box, options.idle_seconds), 2)
        clips = await _clips(box, options)
        found["memory"] = idle.memory()
        found["memory_pss_mb"] = round(sum(row["pss_mb"] for row in found["memory"].values()), 1)
        stt = choices(settings, models, catalog)["stt"][1]
        plain = chain.PlainChain(box, models / stt.model, stt.compute_type, stt.threads)  # type: ignore[attr-defined]
        outcome = await chain.compare(box, plain, clips)
        found |= _compared(outcome)
        found["memory_after_mb"] = {name: row["peak_mb"] for name, row in idle.memory().items() if name != "daemon"}
        if not options.no_voices:
            found["voices"] = await voices.table(box, catalog, models)
    return found


async def _clips(box: Box, options: argparse.Namespace) -> list[corpus.Clip]:
    assert box.mind.tts is not None
    clips = corpus.from_folder(options.folder) if options.folder else await corpus.spoken(box.mind.tts)
    return clips[: options.limit] if options.limit else clips


def _compared(outcome: chain.Outcome) -> dict[str, Any]:
    def told(score: Score) -> dict[str, Any]:
        return {"wer": round(score.rate, 4), "exact": score.exact, "sentences": score.sentences}

    ours, plain = outcome.ours, outcome.plain
    ratios = {
        stage: round(ours.percentile(stage, 50) / plain.percentile(stage, 50), 3) for stage in ("stt", "first_sound")
    }
    ratios["stt_mean"] = round(sum(ours.stages["stt"]) / len(ours.stages["stt"]) / _mean(plain.stages["stt"]), 3)
    scores = {name: {kind: told(score) for kind, score in kinds.items()} for name, kinds in outcome.scores.items()}
    return {"ours_ms": ours.table(), "plain_ms": plain.table(), "ratio_ours_to_plain": ratios, "recognition": scores}


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)


def show(found: dict[str, Any]) -> None:
    """Print tables."""
    console = Console()
    stages = Table("stage", "p50 ms", "p95 ms", "plain p50 ms", "plain p95 ms", title=f"profile {found['profile']}")
    for stage in found["ours_ms"] | found["plain_ms"]:
        cells = [found[side].get(stage, {}) for side in ("ours_ms", "plain_ms")]
        stages.add_row(stage, *(str(cell.get(p, "")) for cell in cells for p in ("p50", "p95")))
    console.print(stages)
    console.print("ours / plain:", found["ratio_ours_to_plain"])
    words = Table("chain", "recordings", "WER", "exact", title="recognition")
    for name, kinds in found["recognition"].items():
        for kind, score in kinds.items():
            words.add_row(name, kind, f"{score['wer']:.1%}", f"{score['exact']}/{score['sentences']}")
    console.print(words)
    memory = Table("process", "PSS MB", "peak MB", title=f"memory: {found['memory_pss_mb']} MB PSS in all")
    for name, row in found["memory"].items():
        memory.add_row(name, str(row["pss_mb"]), str(row["peak_mb"]))
    console.print(memory)
    console.print(f"listening, nobody speaks: {found['idle_percent_of_one_core']} % of one core")
    if "voices" in found:
        table = Table("voice", "RTF", "first sound ms", "sentence ms", "WER read back", title="voices")
        for name, row in found["voices"].items():
            table.add_row(name, str(row["rtf"]), str(row["first_ms"]), str(row["sentence_ms"]), f"{row['wer']:.1%}")
        console.print(table)


def main() -> None:
    """Measure and print."""
    options = arguments()
    found = asyncio.run(measure(options))
    if options.json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        show(found)


if __name__ == "__main__":
    main()
