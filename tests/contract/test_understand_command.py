"""`grillon understand` as a person and a script meet it. No model is needed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.contract.test_cli import grillon, refused

HOME = """
[home]
areas = ["Salon"]
[[home.things]]
name = "Lampe"
domain = "light"
area = "Salon"
[[home.things]]
name = "Porte d'entrée"
domain = "lock"
[[home.sentences]]
say = ["bonne nuit la maison"]
do = [{ service = "light.turn_off", area = "Salon" }]
"""


@pytest.fixture
def config(tmp_path: Path) -> Path:
    file = tmp_path / "grillon.toml"
    file.write_text(HOME, "utf-8")
    return file


def test_json_tells_meaning_distance_and_reason(config: Path, tmp_path: Path) -> None:
    env = {"GRILLON_MODELS": str(tmp_path / "none")}
    done = grillon("--config", config, "understand", "viverrouille la porte d'entrée", "--json", env=env)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert list(told) == [
        *("text", "verdict", "skill", "intent", "slots", "sentence", "distance", "runner_up", "runner_up_distance"),
        *("why", "ms"),
    ]
    assert (told["verdict"], told["skill"], told["intent"]) == ("near", "home", "HassTurnOff")
    assert told["slots"]["name"] == "Porte d'entrée"
    assert 0 < told["distance"] < 0.17 and told["ms"] > 0
    assert "0,170" in told["why"]


def test_a_person_reads_it_in_both_languages(config: Path) -> None:
    done = grillon("--config", config, "understand", "bonne nuit la maison")
    assert done.returncode == 0, done.stderr
    assert "Compris mot pour mot" in done.stdout and "owner.0" in done.stdout
    done = grillon("--config", config, "--lang", "en", "understand", "set a timer for ten minutes")
    assert "Understood word for word" in done.stdout and "timers." in done.stdout


def test_no_command_exits_3_and_says_why(config: Path) -> None:
    done = grillon("--config", config, "understand", "Quelle est la capitale du Pérou ?")
    assert done.returncode == 3, done.stderr
    assert "Aucune commande" in done.stdout and "trop loin" in done.stdout
    done = grillon("--config", config, "understand", "C'est quoi un minuteur ?")
    assert done.returncode == 3 and "explication" in done.stdout


def test_readings_and_confidence_are_taken(config: Path) -> None:
    heard = ("understand", "ah le monde est à faire", "--reading", "rien de cela", "--reading", "allume la lampe")
    done = grillon("--config", config, *heard, "--confidence", "0.6", "--json")
    assert (done.returncode, json.loads(done.stdout)["intent"]) == (0, "HassTurnOn")
    assert grillon("--config", config, *heard[:2]).returncode == 3


def test_bad_input_is_refused(config: Path) -> None:
    assert "vide" in refused(grillon("--config", config, "understand", " "))
    assert refused(grillon("--config", config, "understand", "stop", "--confidence", "2"))
