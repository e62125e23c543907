"""`scripts/bench [FOLDER]`: measure, and print a table or JSON; `scripts/bench understand FOLDER`: see understand.py;
`scripts/bench sentences FOLDER`: see ha_sentences.py."""

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
from appliance.app import open_box, prepare
from appliance.catalog import Catalog, default_store
from appliance.choice import choices
from appliance.errors import ApplianceError
from scripts.measure import chain, corpus, ha_sentences, idle, understand, voices
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
    profiles = list(Catalog.load().profiles)
    parser.add_argument("--profile", choices=profiles, help="in place of the configured one")
    parser.add_argument("--idle-seconds", type=float, default=20)
    parser.add_argument("--no-voices", action="store_true", help="leave the voice table out")
    return parser.parse_args()


def store(settings: config.Config) -> Path:
    """Return the folder of the models, the one that the box loads them from."""
    return settings.models_folder if settings.models_folder != Path() else default_store()


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """Return every figure."""
    settings = config.load()
    changes: dict[str, Any] = {"profile": options.profile} if options.profile else {}
    changes["words"] = [word.strip() for word in options.words.split(",") if word.strip()] or settings.words
    settings = settings.model_copy(update=changes)
    catalog = Catalog.load()
    models = store(settings)
    recordings = corpus.from_folder(options.folder) if options.folder else []  # a mistake there is told at once
    async with open_box(settings) as box:
        await prepare(box)
        found: dict[str, Any] = {"profile": settings.profile}
        found["idle_percent_of_one_core"] = round(await idle.percent_of_one_core(box, options.idle_seconds), 2)
        assert box.mind.tts is not None
        clips = recordings or await corpus.spoken(box.mind.tts, settings.language)
        clips = clips[: options.limit or None]
        found["memory"] = idle.memory()
        found["memory_pss_mb"] = round(sum(row["pss_mb"] for row in found["memory"].values()), 1)
        stt = choices(settings, models, catalog)["stt"][1]
        plain = chain.PlainChain(box, models / stt.model, stt.compute_type, stt.threads)  # type: ignore[attr-defined]
        outcome = await chain.compare(box, plain, clips)
        found |= compared(outcome)
        found["false_wakes"] = await chain.silence_wakes(box, clips)
        found["memory_after_mb"] = {name: row["peak_mb"] for name, row in idle.memory().items() if name != "daemon"}
        if not options.no_voices:
            found["voices"] = await voices.table(box, catalog, models)
    return found


def compared(outcome: chain.Outcome) -> dict[str, Any]:
    """Return both chains side by side."""

    def told(score: Score) -> dict[str, Any]:
        rounded = {"wer": round(score.rate, 4), "mean_ms": round(score.mean_ms)}
        return rounded | {"exact": score.exact, "sentences": score.sentences}

    ours, plain, scores = outcome.ours, outcome.plain, outcome.scores
    read = {
        kind: round(score.mean_ms / scores["plain"][kind].mean_ms, 3)
        for kind, score in scores["ours"].items()
        if scores["plain"][kind].mean_ms
    }
    ratios: dict[str, Any] = {"stt_whole_clip_mean": read}
    if ours.stages:
        ratios["first_sound_p50"] = round(ours.percentile("first_sound", 50) / plain.percentile("first_sound", 50), 3)
    recognition = {name: {kind: told(score) for kind, score in kinds.items()} for name, kinds in scores.items()}
    return {
        "ours_ms": ours.table(),
        "plain_ms": plain.table(),
        "ratio_ours_to_plain": ratios,
        "recognition": recognition,
    }


def show(found: dict[str, Any]) -> None:
    """Print tables."""
    console = Console()
    stages = Table("stage", "p50 ms", "p95 ms", "plain p50 ms", "plain p95 ms", title=f"profile {found['profile']}")
    for stage in found["ours_ms"] | found["plain_ms"]:
        cells = [found[side].get(stage, {}) for side in ("ours_ms", "plain_ms")]
        stages.add_row(stage, *(str(cell.get(p, "")) for cell in cells for p in ("p50", "p95")))
    console.print(stages)
    ratios = found["ratio_ours_to_plain"]
    if "first_sound_p50" in ratios:
        console.print(f"first sound (p50): {ratios['first_sound_p50']} of plain's")
    words = Table("chain", "recordings", "WER", "exact", "mean ms", title="recognition, whole recordings")
    for name, kinds in found["recognition"].items():
        for kind, score in kinds.items():
            words.add_row(
                name, kind, f"{score['wer']:.1%}", f"{score['exact']}/{score['sentences']}", str(score["mean_ms"])
            )
    console.print(words)
    for kind, ratio in ratios["stt_whole_clip_mean"].items():
        ours, plain = (found["recognition"][name][kind]["wer"] for name in ("ours", "plain"))
        console.print(f"{kind}: WER {ours:.1%} at {ratio} of plain's time (plain: {plain:.1%})")
    console.print("false wakes: {woken} of {recordings} recordings".format(**found["false_wakes"]))
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
    """Measure and print; exit with 2 where that is not possible."""
    try:
        if sys.argv[1:2] == ["understand"]:
            sys.exit(understand.main(sys.argv[2:]))
        if sys.argv[1:2] == ["sentences"]:
            sys.exit(ha_sentences.main(sys.argv[2:]))
        options = arguments()
        found = asyncio.run(measure(options))
    except (ApplianceError, corpus.CorpusError) as error:
        sys.stderr.write(f"scripts/bench: {error}\n")
        sys.exit(2)
    if options.json:
        json.dump(found, sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        show(found)


if __name__ == "__main__":
    main()
