"""`scripts/bench sentences`: what counts as matched and as right, on test files made here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from appliance.skills import Match
from scripts.measure import ha_sentences
from scripts.measure.corpus import CorpusError

LIGHTS = """
language: fr
areas: [{name: "cuisine[s]", id: kitchen}]
entities: [{name: lampe bleue, domain: light, area: kitchen}]
tests:
  - sentences: [allume la lampe bleue, ALLUME LA LAMPE BLEUE !, allume la lune]
    slots: {name: Lampe Bleue}
  - sentences: [allume la lumière de la cuisine]
    slots: {area: salon}
  - sentences: [éteins la lampe bleue]
    slots: {name: lampe bleue}
"""
LATER = "tests: [{sentences: [mets un minuteur de 5 minutes], slots: {minutes: 5}}]"
LEFT_OUT = "tests: [{sentences: [annonce le dîner], slots: {message: le dîner}}]"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "fr"
    for name, content in (("HassTurnOn", LIGHTS), ("HassStartTimer", LATER), ("HassBroadcast", LEFT_OUT)):
        (folder / name).mkdir(parents=True)
        (folder / name / "any.yaml").write_text(content)
    return folder


def test_each_sentence_is_counted_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ha_sentences.main([str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["intents"] == {
        "HassTurnOn": {"sentences": 5, "matched": 0.6, "right": 0.4},  # the moon, and another intent; another area
        "HassStartTimer": {"sentences": 1, "matched": 1.0, "right": 1.0},
        "HassBroadcast": {"sentences": 1, "matched": 0.0, "right": 0.0},
    }
    assert found["all"] == {"sentences": 7, "matched": 0.5714, "right": 0.4286}
    assert found["handled"] == {"sentences": 6, "matched": 0.6667, "right": 0.5}


def test_what_is_missed_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ha_sentences.main([str(folder)])
    told = capsys.readouterr().out
    assert "HassTurnOn: 'allume la lune': None" in told
    assert "'éteins la lampe bleue': ('home', 'HassTurnOff'" in told
    assert "'allume la lumière de la cuisine': {'area': 'cuisine'}" in told


def test_files_of_one_folder_share_its_fixtures(tmp_path: Path) -> None:
    (tmp_path / "_fixtures.yaml").write_text("entities: [{name: Lampe, id: light.lamp}]")
    test = "{intent: {name: HassTurnOn, slots: {name: Lampe, area: salon}, context: {area: salon}}}"
    (tmp_path / "light_HassTurnOn.yaml").write_text(f"tests: [{test[:-1]}, sentences: [allume la lampe]}}]")
    assert ha_sentences.measure(tmp_path, "fr")["HassTurnOn"].told() == {"sentences": 1, "matched": 1.0, "right": 1.0}


@pytest.mark.parametrize(
    ("slots", "expected", "wrong"),
    [
        ({"brightness": 50}, {"brightness": 50.0}, {}),
        ({"brightness": 50}, {"brightness": 51}, {"brightness": 50}),
        ({"response": "lock", "everywhere": 1, "domain": "lock"}, {}, {}),
        ({"device_class": "blind,shade"}, {"device_class": ["blind", "shade"]}, {}),
        ({"position": 40}, {"position": [80, 40]}, {}),
        ({"area": "Salon"}, {}, {"area": "Salon"}),
        ({}, {"area": "Salon"}, {"area": None}),
        ({"list_items": "des bières", "list_name": "des courses"}, {"item": "bieres", "name": "liste des courses"}, {}),
    ],
)
def test_slots_are_compared(slots: dict[str, str | int | float], expected: dict[str, object], wrong: object) -> None:
    assert ha_sentences.differing(Match("home", "HassTurnOn", slots), expected) == wrong


def test_an_empty_folder_and_broken_files_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match="no test sentence"):
        ha_sentences.measure(tmp_path, "fr")
    (tmp_path / "HassTurnOn.yaml").write_text("tests: [")
    with pytest.raises(CorpusError, match=r"HassTurnOn\.yaml"):
        ha_sentences.measure(tmp_path, "fr")
