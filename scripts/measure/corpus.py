"""Recordings with what is said in them: a folder with transcripts.tsv, or sentences spoken by the box's own voices."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from appliance.audio import RATE, Pcm, read_wav
from appliance.errors import InputError
from appliance.speakable import speakable
from appliance.worker import Worker

SENTENCES = {
    "fr": (
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
    ),
    "en": (
        "What time is it?",
        "What is the capital of Italy?",
        "Set the volume to fifty percent.",
        "What day is it today?",
        "Who wrote Pride and Prejudice?",
        "How many days are there in a year?",
        "Can you give me an idea for dinner tonight?",
        "What does a town hall do?",
        "Who are you?",
        "Why is the sky blue?",
    ),
}


class CorpusError(Exception):
    """The folder of recordings cannot be used; the text says why."""


@dataclass(frozen=True)
class Clip:
    """One recording."""

    name: str
    kind: str
    text: str
    pcm: Pcm


def from_folder(folder: Path) -> list[Clip]:
    """Read `transcripts.tsv` (columns file, kind where there is one, transcript) and the recordings beside it.

    Raises CorpusError.
    """
    listed = folder / "transcripts.tsv"
    try:
        with listed.open(encoding="utf-8", newline="") as table:
            rows = list(csv.DictReader(table, delimiter="\t"))
        clips = [
            Clip(row["file"], row.get("kind") or "all", row["transcript"] or "", read_wav(folder / row["file"]))
            for row in rows
        ]
    except OSError as error:
        raise CorpusError(f"{listed}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CorpusError(f"{listed}: not UTF-8") from error
    except (csv.Error, KeyError, TypeError) as error:
        raise CorpusError(f"{listed}: a table with the columns file, kind (optional), transcript is needed") from error
    except InputError as error:
        raise CorpusError(str(error)) from error
    if not clips:
        raise CorpusError(f"{listed}: no recordings")
    return clips


async def spoken(tts: Worker, language: str) -> list[Clip]:
    """Let the box's own voice speak the sentences, with a little silence around."""
    clips = []
    silence = np.zeros(RATE // 2, np.int16)
    for number, sentence in enumerate(SENTENCES[language]):
        chunks = [chunk async for chunk in tts.stream("say", speakable(sentence, language))]
        pcm = soxr.resample(np.concatenate(chunks), int(tts.facts["rate"]), RATE)
        clips.append(Clip(f"own-{number}", "own voice", sentence, np.concatenate([silence, pcm, silence, silence])))
    return clips
