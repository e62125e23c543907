"""Recordings with what is said in them: a folder with transcripts.tsv, or sentences spoken by the box's own voices."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from appliance.audio import RATE, Pcm, read_wav
from appliance.speakable import speakable
from appliance.worker import Worker

SENTENCES = (
    "Quelle heure est-il ?",
    "Quelle est la capitale de l'Italie ?",
    "Mets le volume à cinquante pour cent.",
    "Quel jour sommes-nous aujourd'hui ?",
    "Qui a écrit Les Misérables ?",
    "Combien y a-t-il de jours dans une année ?",
    "Peux-tu me donner une idée de repas pour ce soir ?",
    "À quoi sert une mairie ?",
    "Qui es-tu ?",
    "Pourquoi le ciel est-il bleu ?",
)


@dataclass(frozen=True)
class Clip:
    """One recording."""

    name: str
    kind: str
    text: str
    pcm: Pcm


def from_folder(folder: Path) -> list[Clip]:
    """Read `transcripts.tsv` (columns file, kind where there is one, transcript) and the recordings beside it."""
    with (folder / "transcripts.tsv").open(encoding="utf-8", newline="") as table:
        rows = list(csv.DictReader(table, delimiter="\t"))
    return [
        Clip(row["file"], row.get("kind") or "all", row["transcript"] or "", read_wav(folder / row["file"]))
        for row in rows
    ]


async def spoken(tts: Worker) -> list[Clip]:
    """Let the box's own voice speak the sentences, with a little silence around."""
    clips = []
    silence = np.zeros(RATE // 2, np.int16)
    for number, sentence in enumerate(SENTENCES):
        chunks = [chunk async for chunk in tts.stream("say", speakable(sentence, "fr"))]
        pcm = soxr.resample(np.concatenate(chunks), int(tts.facts["rate"]), RATE)
        clips.append(Clip(f"own-{number}", "own voice", sentence, np.concatenate([silence, pcm, silence, silence])))
    return clips
