"""Every sentence exists in both languages, with the same placeholders, and is used; and whatever is used exists."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest

import appliance
from appliance import errors
from appliance.messages import LANGUAGES, catalogue, text

SOURCES = sorted(Path(appliance.__file__).parent.rglob("*.py"))
ERRORS = {n for n, c in vars(errors).items() if isinstance(c, type) and issubclass(c, errors.ApplianceError)}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def trees() -> Iterator[tuple[Path, ast.AST]]:
    for path in SOURCES:
        yield path, ast.parse(path.read_text("utf-8"))


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
    assert set(entry) == set(LANGUAGES)
    assert all(sentence.strip() for sentence in entry.values())
    assert placeholders(entry["fr"]) == placeholders(entry["en"])


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
