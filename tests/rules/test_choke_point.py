"""One choke point: only the executor lets an actuator act, and nobody acts behind its back."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules import source

EXECUTOR = source.PACKAGE / "executor.py"


def acting(tree: ast.Module) -> Iterator[int]:
    """Yield the lines where something named `do` is called, handed over or fetched by its name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr == "do" and isinstance(node.ctx, ast.Load):
            yield node.lineno
        elif isinstance(node, ast.Call) and ast.unparse(node.func) in ("getattr", "methodcaller", "attrgetter"):
            yield from (node.lineno for a in node.args if isinstance(a, ast.Constant) and a.value == "do")


def options(tree: ast.Module) -> bool:
    """Tell whether a module reads the owner's sentences, whose table has a key `do`: data, not a call."""
    return any(isinstance(n, ast.Name | ast.alias) and "Sentence" in ast.unparse(n) for n in ast.walk(tree))


@pytest.mark.parametrize("path", source.package_files(), ids=source.name)
def test_only_the_executor_lets_an_actuator_act(path: Path) -> None:
    tree = source.tree(path)
    if path == EXECUTOR:
        assert len(list(acting(tree))) == 1
        return
    called = [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "do"
    ]
    assert called == []
    if not options(tree):
        assert list(acting(tree)) == []


@pytest.mark.parametrize("path", source.package_files(), ids=source.name)
def test_only_the_executor_decides_what_was_decided(path: Path) -> None:
    """What opens the gate from inside is private to its file."""
    private = {"_do", "_carry_out", "_carry_out_one", "_decided"}
    found = [n.lineno for n in ast.walk(source.tree(path)) if isinstance(n, ast.Attribute) and n.attr in private]
    owners = [n.name for n in ast.walk(source.tree(path)) if isinstance(n, ast.AsyncFunctionDef) and n.name in private]
    assert path == EXECUTOR or not found or owners


def test_what_counts_as_acting() -> None:
    assert list(acting(ast.parse("await a.do(x)"))) == [1]
    assert list(acting(ast.parse("f = a.do"))) == [1]
    assert list(acting(ast.parse("getattr(a, 'do')(x)"))) == [1]
    assert not list(acting(ast.parse("class A:\n    async def do(self): ...")))
