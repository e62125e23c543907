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

from appliance import config
from appliance.audio import RATE, write_wav
from appliance.grammar import Grammar
from appliance.home import Area, Home, Thing
from appliance.skills import Skills
from tests.speech import has, spoken


def home(here: str, there: str, light: str, cover: str, lock: str, climate: str, player: str) -> Home:
    """Return a home with one thing of each kind that the page speaks of."""
    return Home(
        areas=[Area(here), Area(there)],
        things=[
            Thing("light", light, "light", here),
            Thing("cover", cover, "cover", there, "shutter"),
            Thing("other", f"{cover} 2", "cover", here, "shutter"),
            Thing("lock", lock, "lock"),
            Thing("climate", climate, "climate", here),
            Thing("player", player, "media_player", here),
        ],
    )


ROOT = Path(__file__).parents[2]
BLOCKS = re.compile(r"```sh\n(.*?)```", re.DOTALL)
ELSEWHERE = {
    "./scripts/test": "it runs this test",
    "./scripts/check": "it needs ruff and mypy; its rules are tests/rules",
    "./scripts/install": "tests/image/test_install.py runs it",
    "./scripts/run": "tests/links/test_daemon.py runs the daemon, and the demonstration is run here",
    ".venv/bin/grillon approve": "it needs a box that runs: tests/links/test_approve.py",
}
"""Commands that are run in another place: here only that they exist and explain themselves."""
TYPED = {".venv/bin/grillon pin set": "482913\n"}
"""What the reader types."""

TOPICS = (
    r"\| (lights|shutters|locks|heating|what plays|timers|alarms|reminders|lists|taking back|the box"
    r"|lumières|volets|serrures|chauffage|musique|minuteurs|réveils|rappels|listes|se reprendre|la boîte)[^|]* \| («|par)"
)
HOMES = {
    "fr": home("Salon", "Bureau", "Plafonnier", "Volet du bureau", "Porte d'entrée", "Thermostat", "Radio"),
    "en": home("Living room", "Office", "Ceiling lamp", "Office shutter", "Front door", "Thermostat", "Radio"),
}


def commands(file: str) -> list[str]:
    """Return the command lines of a page, without their comments."""
    lines = "".join(BLOCKS.findall((ROOT / file).read_text("utf-8"))).splitlines()
    return [command for line in lines if (command := line.split("  #")[0].strip())]


def test_both_pages_show_the_same_commands() -> None:
    def bare(file: str) -> set[str]:
        return {" ".join(shlex.split(line)[:2]) for line in commands(file)}

    assert bare("LISEZMOI.md") <= bare("README.md")


@pytest.mark.parametrize("file", ["README.md", "LISEZMOI.md"])
def test_every_configuration_that_is_shown_is_a_right_one(file: str, tmp_path: Path) -> None:
    shown = re.findall(r"```toml\n(.*?)```", (ROOT / file).read_text("utf-8"), re.DOTALL)
    assert len(shown) == 2
    for toml in shown:
        (tmp_path / "grillon.toml").write_text(toml, "utf-8")
        assert config.load(tmp_path / "grillon.toml").links


def examples(file: str, quoted: str) -> list[str]:
    """Return the sentences that a page says one can say."""
    table = [line for line in (ROOT / file).read_text("utf-8").splitlines() if line.startswith("|")]
    return [
        sentence for line in table if re.match(TOPICS, line) for sentence in re.findall(quoted, line.partition("|")[2])
    ]


@pytest.mark.parametrize(
    ("file", "language", "quoted", "least"),
    [
        ("LISEZMOI.md", "fr", "« ([^»]+) »", 20),
        ("README.md", "fr", "« ([^»]+) »", 20),
        ("README.md", "en", '"([^"]+)"', 15),
    ],
)
def test_what_the_page_says_one_can_say_is_understood(file: str, language: str, quoted: str, least: int) -> None:
    grammar = Grammar(language, HOMES[language], Skills().found)
    sentences = examples(file, quoted)
    assert len(sentences) >= least
    assert [sentence for sentence in sentences if grammar.match(sentence) is None] == []


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the reader has (a question.wav, a FOLDER of recordings) and the environment that the commands name."""
    made = tmp_path_factory.mktemp("reader")
    sound = np.concatenate([spoken("okay nabu.", after_seconds=0.5), spoken("Dis-moi l'heure, s'il te plaît.")])
    write_wav(made / "question.wav", sound, RATE)
    (made / "FOLDER").mkdir()
    write_wav(made / "FOLDER" / "light.wav", spoken("Allume la lumière du plafond."), RATE)
    (made / "FOLDER" / "transcripts.tsv").write_text("file\ttranscript\nlight.wav\tAllume la lumière du plafond.\n")
    (made / "grillon.toml").touch()
    (made / ".venv").symlink_to(ROOT / ".venv")
    return made


@pytest.mark.models
@pytest.mark.skipif(not has("whisper-base", "qwen2.5-1.5b"), reason="the base profile's models are not here")
@pytest.mark.skipif(not (ROOT / ".venv/bin/grillon").exists(), reason="not set up by scripts/setup")
@pytest.mark.parametrize("command", dict.fromkeys(commands("README.md") + commands("LISEZMOI.md")))
def test_command(command: str, folder: Path) -> None:
    script = command.split()[0]
    typed = TYPED.get(command, "")
    if command in ELSEWHERE:
        command = f"{command} --help"
    elif script == "./scripts/bench":
        command += " --limit 1" if "understand" in command else " --limit 1 --no-voices --idle-seconds 1"
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
        input=typed,
        # Never the person's own configuration, code or journal.
        env=os.environ | {"GRILLON_CONFIG": str(folder / "grillon.toml"), "STATE_DIRECTORY": str(folder / "state")},
    )
    assert done.returncode == 0, done.stdout + done.stderr
