"""The command line as a person and a script meet it: outputs, exit statuses, one-line errors, two languages."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

from appliance.audio import RATE, Pcm
from tests.speech import has, spoken


def grillon(
    *arguments: str | Path, env: dict[str, str] | None = None, stdin: str = ""
) -> subprocess.CompletedProcess[str]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith("GRILLON_") or k == "GRILLON_MODELS"}
    return subprocess.run(
        [sys.executable, "-m", "appliance", *map(str, arguments)],
        capture_output=True,
        text=True,
        input=stdin,
        env=clean | (env or {}),
        timeout=300,
        check=False,
    )


def refused(done: subprocess.CompletedProcess[str], *, lines: int = 1) -> str:
    """Assert a clear refusal: exit 2, so many lines on standard error, no traceback; return them."""
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == lines, done.stderr
    return done.stderr


def write(path: Path, pcm: Pcm, channels: int = 1, rate: int = RATE) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(pcm, channels).tobytes())
    return path


def test_help_is_french_and_english() -> None:
    assert "grillon du foyer" in grillon("--help").stdout
    assert "cricket on the hearth" in grillon("--lang", "en", "--help").stdout
    assert "Répondre à un enregistrement" in grillon("ask", "--help").stdout
    assert "Answer a recording" in grillon("ask", "--help", "--lang", "en").stdout


@pytest.mark.parametrize("command", ["ask", "hear"])
def test_a_file_that_is_no_recording_is_refused_in_one_line(tmp_path: Path, command: str) -> None:
    good = write(tmp_path / "good.wav", np.ones(RATE, np.int16)).read_bytes()
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "header.wav").write_bytes(good[:44])
    (tmp_path / "cut.wav").write_bytes(good[: len(good) // 2])
    (tmp_path / "text.wav").write_text("ceci n'est pas du son")
    (tmp_path / "noise.bin").write_bytes(os.urandom(4000))
    for name in ("missing.wav", "empty.wav", "header.wav", "cut.wav", "text.wav", "noise.bin", "."):
        message = refused(grillon(command, tmp_path / name))
        assert str(tmp_path) in message
    assert "n'existe pas" in refused(grillon(command, tmp_path / "missing.wav"))
    assert "does not exist" in refused(grillon("--lang", "en", command, tmp_path / "missing.wav"))


def test_every_mistake_of_the_configuration_is_told_at_once(tmp_path: Path) -> None:
    file = tmp_path / "grillon.toml"
    file.write_text('langage = "fr"\n[turn]\nsilence_second = 1\ntoo_long_seconds = "x"\n')
    message = refused(grillon("--config", file, "check"), lines=3)
    assert f"{file}: langage: clé inconnue, vouliez-vous dire « language » ?" in message
    assert f"{file}: turn.silence_second: clé inconnue" in message
    assert f"{file}: turn.too_long_seconds: « x » n'est pas un nombre" in message
    assert "n'existe pas" in refused(grillon("--config", tmp_path / "none.toml", "check"))
    file.write_text("language = \n")
    assert "TOML" in refused(grillon("--config", file, "check"))
    file.write_text('[stt]\nengine = "magic"\n')
    assert "whisper" in refused(grillon("--config", file, "check"))
    file.write_text("[stt.options]\nbeam = 3\n")
    assert "stt.options.beam" in refused(grillon("--config", file, "check"))
    file.write_text("[links.mqtt]\nhots = 'x'\n")
    assert "links.mqtt.hots" in refused(grillon("--config", file, "check"))


def test_bad_moments_and_empty_texts_are_refused() -> None:
    assert "2026-11-24T09:00" in refused(grillon("chat", "Bonjour", "--at", "demain"))
    assert "vide" in refused(grillon("say", "  "))
    assert "n'existe pas" in refused(grillon("chat", "--batch", "/nowhere/questions.txt"))


def test_a_missing_model_is_told_with_what_to_do(tmp_path: Path) -> None:
    message = refused(grillon("chat", "Bonjour", env={"GRILLON_MODELS": str(tmp_path)}))
    assert "qwen2.5-1.5b" in message


@pytest.mark.models
@pytest.mark.skipif(not has("whisper-base", "qwen2.5-1.5b"), reason="the base profile's models are not here")
class TestOnRealModels:
    def test_ask_json(self, tmp_path: Path) -> None:
        file = write(tmp_path / "q.wav", spoken("Dis-moi l'heure, s'il te plaît."), channels=2)
        done = grillon("ask", file, "--json", "--at", "2026-11-24T09:00", "--out", tmp_path / "answer.wav")
        assert done.returncode == 0, done.stderr
        result = json.loads(done.stdout)
        assert list(result) == ["file", "wake", "heard", "answer", "by", "sources", "timing_ms"]
        assert result["by"] == "skill:clock"
        assert result["wake"] is None
        assert "9 h" in result["answer"]
        assert (tmp_path / "answer.wav").stat().st_size > RATE
        assert b"synthetic" in (tmp_path / "answer.wav").read_bytes()

    def test_ask_jsonl_prints_every_event(self, tmp_path: Path) -> None:
        file = write(tmp_path / "q.wav", spoken("Comment tu t'appelles ?"))
        done = grillon("ask", file, "--jsonl")
        kinds = [json.loads(line)["kind"] for line in done.stdout.splitlines()]
        assert done.returncode == 0
        assert kinds[0] == "turn-started"
        assert {"speech-started", "speech-ended", "transcribed", "intent-matched", "answered"} < set(kinds)
        assert "turn-ended" in kinds

    def test_ask_silence_exits_3(self, tmp_path: Path) -> None:
        file = write(tmp_path / "silence.wav", np.zeros(7 * RATE, np.int16))
        assert grillon("ask", file).returncode == 3

    def test_hear_goes_on_after_a_bad_file(self, tmp_path: Path) -> None:
        good = write(tmp_path / "good.wav", spoken("Dis-moi l'heure, s'il te plaît."))
        done = grillon("hear", good, tmp_path / "missing.wav", good, "--json")
        assert done.returncode == 2
        results = [json.loads(line) for line in done.stdout.splitlines()]
        assert [list(result)[:4] for result in results] == [["file", "text", "confidence", "seconds"]] * 3
        assert "heure" in results[0]["text"]
        assert "n'existe pas" in results[1]["error"]

    def test_say_writes_marked_speech(self, tmp_path: Path) -> None:
        file = tmp_path / "bonjour.wav"
        done = grillon("say", "Bonjour, il est 9 h 05.", "--out", file)
        assert done.returncode == 0, done.stderr
        with wave.open(str(file)) as sound:
            assert sound.getnframes() / sound.getframerate() > 1

    def test_chat_batch(self, tmp_path: Path) -> None:
        questions = tmp_path / "questions.txt"
        questions.write_text("Quelle heure est-il ?\n\nQui es-tu ?\n")
        done = grillon("chat", "--batch", questions, "--json", "--at", "2026-11-24T09:00", "--place", "Lyon")
        results = [json.loads(line) for line in done.stdout.splitlines()]
        assert done.returncode == 0, done.stderr
        assert [list(result) for result in results] == [["question", "answer", "by", "sources", "seconds"]] * 2
        assert [result["by"] for result in results] == ["skill:clock", "skill:identity"]

    def test_chat_in_english(self) -> None:
        done = grillon("--lang", "en", "chat", "What time is it?", "--at", "2026-11-24T09:00")
        assert done.returncode == 0
        assert "9" in done.stdout
