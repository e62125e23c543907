"""Every command that the README shows is run here, as it is written there."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from appliance.audio import RATE, write_wav
from tests.speech import has, spoken

ROOT = Path(__file__).parents[2]
BLOCKS = re.compile(r"```sh\n(.*?)```", re.DOTALL)
ELSEWHERE = {
    "./scripts/test": "it runs this test",
    "./scripts/check": "it needs ruff and mypy; its rules are tests/rules",
    "./scripts/install": "tests/image/test_install.py runs it",
    "./scripts/run": "tests/links/test_daemon.py runs the daemon, and the demonstration is run here",
}
"""Commands that are run in another place: here only that they exist and explain themselves."""


def commands(file: str) -> list[str]:
    """Return the command lines of a page, without their comments."""
    lines = "".join(BLOCKS.findall((ROOT / file).read_text("utf-8"))).splitlines()
    return [command for line in lines if (command := line.split("  #")[0].strip())]


def test_both_pages_show_the_same_commands() -> None:
    def bare(file: str) -> set[str]:
        return {" ".join(shlex.split(line)[:2]) for line in commands(file)}

    assert bare("LISEZMOI.md") <= bare("README.md")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a question.wav, as the reader has one, and the environment that the commands name."""
    made = tmp_path_factory.mktemp("reader")
    sound = np.concatenate([spoken("okay nabu.", after_seconds=0.5), spoken("Dis-moi l'heure, s'il te plaît.")])
    write_wav(made / "question.wav", sound, RATE)
    (made / ".venv").symlink_to(ROOT / ".venv")
    return made


@pytest.mark.models
@pytest.mark.skipif(not has("whisper-base", "qwen2.5-1.5b"), reason="the base profile's models are not here")
@pytest.mark.skipif(not (ROOT / ".venv/bin/grillon").exists(), reason="not set up by scripts/setup")
@pytest.mark.parametrize("command", dict.fromkeys(commands("README.md") + commands("LISEZMOI.md")))
def test_command(command: str, folder: Path) -> None:
    script = command.split()[0]
    if command in ELSEWHERE:
        command = f"{script} --help"
    elif script == "./scripts/bench":
        command = f"{script} --limit 1 --no-voices --idle-seconds 1"
    command = command.replace("./scripts/", f"{shlex.quote(str(ROOT))}/scripts/")
    # The page's own words, with a shell's wildcards: nothing here comes from outside.
    bash = shutil.which("bash")
    assert bash
    done = subprocess.run(
        [bash, "-c", command],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=400,
        check=False,
        env=dict(os.environ),
    )
    assert done.returncode == 0, done.stdout + done.stderr
