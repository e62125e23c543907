"""What `scripts/bench` says of its figures."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from appliance.audio import write_wav
from appliance.config import Config
from scripts.measure import __main__ as bench, chain, corpus
from scripts.measure.corpus import SENTENCES, Clip, CorpusError
from scripts.measure.wer import Score, words
from tests.rules.source import ROOT

CLIPS = [
    Clip("a", "human", "un deux", np.zeros(320, np.int16)),
    Clip("b", "synthetic", "okay nabu, trois", np.zeros(320, np.int16)),
]


class Plain:
    """Hears what is said, in 100 ms; speaks after 400."""

    def transcribe(self, clip: Clip) -> str:
        return clip.text

    async def turn(self, clip: Clip) -> tuple[str, dict[str, float]]:
        return clip.text, {"stt": 100.0, "first_sound": 400.0}


class Stt:
    async def call(self, *arguments: Any) -> Any:
        return SimpleNamespace(text="un")


def box(language: str = "fr") -> Any:
    settings, mind = SimpleNamespace(language=language), SimpleNamespace(stt=Stt(), words="")
    return SimpleNamespace(settings=settings, mind=mind, wake_words=["okay nabu"])


def turns(monkeypatch: pytest.MonkeyPatch, timings: list[dict[str, float]], wake: str | None = None) -> None:
    """Let the box's turns be these, one after the other."""
    left = iter(timings)

    async def one_turn(*arguments: Any, **named: Any) -> None:
        pass

    monkeypatch.setattr(chain, "one_turn", one_turn)
    monkeypatch.setattr(chain, "summary", lambda *_: {"timing_ms": next(left, {}), "wake": wake})


async def test_a_ratio_is_of_the_same_recordings(monkeypatch: pytest.MonkeyPatch) -> None:
    turns(monkeypatch, [{"first_sound": 100.0}, {"stt": 5.0}])
    outcome = await chain.compare(box(), Plain(), CLIPS)  # type: ignore[arg-type]
    assert [len(side.stages["first_sound"]) for side in (outcome.ours, outcome.plain)] == [1, 1]
    told = bench.compared(outcome)
    assert told["ratio_ours_to_plain"]["first_sound_p50"] == 0.25
    assert told["recognition"]["plain"]["human"] == {"wer": 0, "mean_ms": 100, "exact": 1, "sentences": 1}
    assert told["recognition"]["ours"]["together"]["sentences"] == 2
    assert list(told["ratio_ours_to_plain"]["stt_whole_clip_mean"]) == ["human", "together", "synthetic"]


async def test_without_any_sound_the_rest_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    turns(monkeypatch, [])
    found = bench.compared(await chain.compare(box(), Plain(), CLIPS))  # type: ignore[arg-type]
    assert "first_sound_p50" not in found["ratio_ours_to_plain"]
    found |= {"profile": "base", "memory": {}, "memory_pss_mb": 0, "idle_percent_of_one_core": 0}
    found |= {"false_wakes": {"woken": 1, "recordings": 7}}
    bench.show(found)
    shown = capsys.readouterr().out
    assert "of plain's time" in shown and "false wakes: 1 of 7" in shown


async def test_a_wake_is_false_where_nobody_says_the_word(monkeypatch: pytest.MonkeyPatch) -> None:
    turns(monkeypatch, [], wake="okay nabu")
    assert await chain.silence_wakes(box(), CLIPS) == {"woken": 1, "recordings": 1}


def test_words_are_compared_in_their_language() -> None:
    assert words("quatre-vingts pour cent", "fr") == words("80 %", "fr") == ["80", "pourcent"]
    assert words("eighty per cent", "en") == words("80 %", "en") == ["80", "percent"]
    score = Score("en")
    score.add("Set it to fifty percent.", "set it to 50%")
    assert (score.errors, score.exact) == (0, 1)
    assert {len(sentences) for sentences in SENTENCES.values()} == {10}


def test_a_corpus_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    listed = tmp_path / "transcripts.tsv"
    with pytest.raises(CorpusError, match=r"transcripts\.tsv: No such file"):
        corpus.from_folder(tmp_path)
    for content in (
        b"",
        b"file\ttranscript\n",
        b"name\ttext\na\tb\n",
        b"file\ttranscript\nnone.wav\tun\n",
        b"\xff\t\n",
    ):
        listed.write_bytes(content)
        with pytest.raises(CorpusError):
            corpus.from_folder(tmp_path)
    write_wav(tmp_path / "a.wav", np.zeros(320, np.int16), 16_000)
    listed.write_text("file\ttranscript\na.wav\tun\n")
    assert [(clip.kind, clip.text) for clip in corpus.from_folder(tmp_path)] == [("all", "un")]


def test_the_models_are_those_of_the_box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRILLON_MODELS", "/elsewhere")
    assert bench.store(Config()) == Path("/elsewhere")
    assert bench.store(Config(models_folder=tmp_path)) == tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--profile", "foo"], "invalid choice: 'foo'"),
        (["nowhere"], "nowhere/transcripts.tsv: No such file or directory"),
        (["--no-voices"], "try: grillon models"),
    ],
)
def test_what_cannot_be_measured_is_a_line_and_status_2(arguments: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "grillon.toml").write_text(f'models_folder = "{tmp_path}"\n')
    done = subprocess.run(
        [sys.executable, "-m", "scripts.measure", *arguments],
        cwd=tmp_path,
        env=os.environ | {"GRILLON_CONFIG": str(tmp_path / "grillon.toml"), "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2, done.stderr
    assert said in done.stderr
    assert "Traceback" not in done.stderr
