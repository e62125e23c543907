"""Every script says how to call it, in both languages, and is a shell script that any Debian reads."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.rules import source

SCRIPTS = [p for p in sorted((source.ROOT / "scripts").iterdir()) if p.is_file() and os.access(p, os.X_OK)]
SHELL = [p for p in SCRIPTS if p.read_text("utf-8").startswith("#!/bin/sh")]
OURS = [p for p in SHELL if "common.sh" in p.read_text("utf-8")]
"""Those that speak the person's language; the others are tools of the tests."""


@pytest.mark.parametrize("script", SCRIPTS, ids=source.name)
def test_says_how_to_call_it(script: Path) -> None:
    assert f"scripts/{script.name}" in "".join(script.read_text("utf-8").splitlines()[1:10])


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("script", OURS, ids=source.name)
def test_help(script: Path, language: str, tmp_path: Path) -> None:
    shown = subprocess.run(
        [script, "--help"], cwd=tmp_path, env=os.environ | {"GRILLON_LANG": language}, capture_output=True, text=True,
        check=True, timeout=30,
    ).stdout.splitlines()  # fmt: skip
    assert shown[0].startswith(f"Usage: ./scripts/{script.name}")
    assert len(shown) > 1
    assert not list(tmp_path.iterdir())


def test_languages_differ() -> None:
    def head(language: str) -> str:
        environment = os.environ | {"GRILLON_LANG": language}
        command = [source.ROOT / "scripts" / "setup", "--help"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout

    assert "prépare" in head("fr")
    assert "prepares" in head("en")


@pytest.mark.parametrize(
    "script", [*SHELL, source.ROOT / "scripts/common.sh", source.ROOT / ".ci/run"], ids=source.name
)
def test_is_plain_shell(script: Path) -> None:
    assert subprocess.run(["dash", "-n", script], capture_output=True, check=False).returncode == 0


@pytest.mark.parametrize("script", OURS, ids=source.name)
def test_what_it_says_exists_in_both_languages(script: Path) -> None:
    """`say` and `die` take a French and an English text; with one missing, the shell would stop under `set -u`."""
    for line in script.read_text("utf-8").replace("\\\n", " ").splitlines():
        for command in ("say ", "die "):
            if line.strip().startswith(command):
                assert line.count('"') >= 4, line


def test_an_interrupted_script_takes_its_work_with_it(tmp_path: Path) -> None:
    """A build or a download that lived on would meet the next run's."""
    script = tmp_path / "scripts" / "work"
    script.parent.mkdir()
    (script.parent / "common.sh").write_text((source.ROOT / "scripts/common.sh").read_text("utf-8"))
    script.write_text(
        f'. "$(dirname -- "$0")/common.sh"\nwith_progress x sh -c "echo \\$\\$ >{tmp_path}/pid; exec sleep 600"\n'
    )
    with subprocess.Popen(["dash", script], start_new_session=True) as running:
        pid = tmp_path / "pid"
        until(lambda: pid.exists() and pid.read_text() != "")
        child = int(pid.read_text())
        running.terminate()
        assert running.wait(30) == 130
    until(lambda: not Path(f"/proc/{child}").exists())


def until(happened: Callable[[], bool]) -> None:
    """Wait until it is so; pytest's own patience is the limit."""
    end = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < end
        time.sleep(0.02)
