"""Every sentence exists in both languages, with the same placeholders, and is used; and whatever is used exists."""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import appliance
from appliance import errors
from appliance.messages import LANGUAGES, address_with, catalogue, text

SOURCES = sorted(Path(appliance.__file__).parent.rglob("*.py"))
ERRORS = {n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, errors.ApplianceError)}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


@cache
def trees() -> list[tuple[Path, ast.AST]]:
    return [(path, ast.parse(path.read_text("utf-8"))) for path in SOURCES]


def literals() -> tuple[set[str], set[str]]:
    """Return the strings that the code holds, and the fixed beginnings of those that it composes (f"month-{n}")."""
    whole, begun = set(), set()
    for _, tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.JoinedStr) and node.values and isinstance(node.values[0], ast.Constant):
                begun.add(str(node.values[0].value))
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return whole, {start for start in begun if len(start) > 3 and start.endswith("-")}


def codes() -> Iterator[tuple[str, str]]:
    """Yield where and which: each code that an ApplianceError is made with, and each key given to `text`."""
    for path, tree in trees():
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)):
                continue
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            keyed = name in ERRORS or (name == "text" and isinstance(node.func, ast.Name))
            if keyed and isinstance(node.args[0].value, str):
                yield f"{path.name}:{node.lineno}", node.args[0].value


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_both_languages_say_it_with_the_same_placeholders(key: str) -> None:
    entry = catalogue()[key]
    assert set(entry) - {"fr_vous"} == set(LANGUAGES)
    assert all(sentence.strip() for sentence in entry.values())
    assert all(placeholders(sentence) == placeholders(entry["fr"]) for sentence in entry.values())


@pytest.mark.parametrize("key", sorted(catalogue()))
def test_keys_are_kebab_case(key: str) -> None:
    assert key == key.lower() and set(key) <= set(string.ascii_lowercase + string.digits + "-")


def test_no_message_is_left_over() -> None:
    whole, begun = literals()
    unused = [key for key in catalogue() if key not in whole and not key.startswith(tuple(begun))]
    assert unused == []


def test_whatever_is_said_has_its_message() -> None:
    found = list(codes())
    assert len(found) > 20, "the search finds what the code says"
    assert [(where, code) for where, code in found if code not in catalogue()] == []


def test_an_unknown_language_falls_back_to_french() -> None:
    assert text("payload-unknown-field", "de", field="x") == "champ inconnu : x"


def test_a_forgotten_value_is_a_bug() -> None:
    with pytest.raises(KeyError):
        text("payload-unknown-field", "fr")


TU = re.compile(
    r"\b(?:tu|toi|te|ton|ta|tes)\b|\bt['’](?=\w)"
    r"|(?:^|[.!?:;,«] ?)(?:alors )?(?:dis|redis|répète|réessaie|essaie|attends|écoute|choisis|donne|demande|vérifie|confirme"
    r"|appuie|regarde|va|viens|tape|précise|reprends|recommence|nomme|parle|utilise|annule)\b",
    re.IGNORECASE,
)
VOUS = re.compile(r"\b(?:vous|votre|vos)\b|\b(?!chez\b|assez\b|nez\b|rez\b)\w+ez\b", re.IGNORECASE)
QUOTED = re.compile(r"« [^»]* »")
"""What a person could say is quoted: it is no address."""


@cache
def spoken_keys() -> set[str]:
    """Return the messages that skills say, and those that are named as spoken."""
    said = {key for key in catalogue() if key.startswith("spoken-")}
    for path, tree in trees():
        if path.parent.name == "skills":
            said |= {
                node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in catalogue()
            }
            begun = {str(n.values[0].value) for n in ast.walk(tree)
                     if isinstance(n, ast.JoinedStr) and n.values and isinstance(n.values[0], ast.Constant)}  # fmt: skip
            said |= {key for key in catalogue() if key.startswith(tuple(b for b in begun if len(b) > 3))}
    return said


def wrong_addresses(entry: dict[str, str], *, spoken: bool) -> list[str]:
    """Return what is wrong with the two French forms of a message."""
    french, formal = QUOTED.sub("", entry["fr"]), QUOTED.sub("", entry.get("fr_vous", ""))
    found = []
    if TU.search(french) and not formal:
        found.append("says tu and has no fr_vous")
    if formal and TU.search(formal):
        found.append("fr_vous says tu")
    if formal and formal == french:
        found.append("fr_vous is the same")
    if VOUS.search(french) and (spoken or formal):
        found.append("is spoken and says vous where the box says tu")
    return found


@pytest.mark.parametrize("key", sorted(key for key in catalogue() if not key.startswith("prompt-")))
def test_what_is_said_exists_with_tu_and_with_vous(key: str) -> None:
    assert wrong_addresses(catalogue()[key], spoken=key in spoken_keys()) == []


def test_what_the_rule_refuses() -> None:
    assert {"identity-privacy", "identity-skills", "spoken-failed", "volume-is"} <= spoken_keys()
    assert wrong_addresses({"fr": "Tu veux vraiment ?"}, spoken=True)
    assert wrong_addresses({"fr": "C'est fait. Dis « annule » sinon."}, spoken=True)
    assert wrong_addresses({"fr": "Voulez-vous vraiment ?"}, spoken=True)
    assert wrong_addresses({"fr": "Veux-tu ?", "fr_vous": "Veux-tu ?"}, spoken=True)
    assert not wrong_addresses({"fr": "Veux-tu ?", "fr_vous": "Voulez-vous ?"}, spoken=True)
    assert not wrong_addresses({"fr": "Volume à {percent} %, le minuteur du thé répète."}, spoken=True)
    assert not wrong_addresses({"fr": "branchez-en un"}, spoken=False)


def test_the_box_says_vous_where_that_is_wished() -> None:
    try:
        address_with("vous")
        assert "Réessayez" in text("spoken-failed", "fr")
        assert "Vouvoie la personne" in text("prompt-rules", "fr")
        assert text("spoken-failed", "en") == catalogue()["spoken-failed"]["en"]
        assert text("volume-is", "fr", percent=5) == "Volume à 5 %."
    finally:
        address_with("tu")
    assert "Réessaie," in text("spoken-failed", "fr")
    assert "Tutoie la personne" in text("prompt-rules", "fr")
