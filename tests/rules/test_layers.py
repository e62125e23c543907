"""The import direction: a module knows what is below it and nothing above, so that each part can be read alone."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.rules import source

LAYERS: tuple[frozenset[str], ...] = tuple(
    frozenset(layer.split())
    for layer in (
        "messages errors events wishes audio sdnotify",
        "bus wire engines",  # `engines` is the roles' Protocols; the engines themselves are its files
        "actions rules spelling levels yes_no folding home endpoint sentences speakable letters numerals "
        "spoken_numbers spoken_names "
        "written history prompt guard",
        "moments time_pieces spoken_time spoken_time_fr spoken_time_en",
        "config_table",
        "config_home",
        "config pipes",
        "worker engine_process soundcard card ears speaker store database journal pin catalog fetch sources packages choice",
        "timed timers timers_words lists ringing hearing voice approvals executor phonemes lattice nearest",
        "knowledge",
        "skills links checks",
        "unsaid",
        "grammar sayable understand",
        "own_sentences",
        "tools",
        "answer turn",
        "session household",
        "app",
        "commands",
        "__main__",
    )
)
PURE = (
    "actions",
    "spelling",
    "spoken_names",
    "folding",
    "home",
    "levels",
    "yes_no",
    "endpoint",
    "sentences",
    "speakable",
    "letters",
    "numerals",
    "spoken_numbers",
    "moments",
    "time_pieces",
    "spoken_time",
    "spoken_time_fr",
    "spoken_time_en",
    "written",
    "history",
    "prompt",
    "guard",
    "tools",
    "tools_control",
    "tools_said",
    "tools_state",
    "tools_words",
)
IMPURE = frozenset(
    {"asyncio", "threading", "subprocess", "socket", "time", "random", "os", "pathlib", "shutil", "tempfile"}
)
GROWING = ("engines", "skills", "knowledge", "links", "checks")
"""Folders whose files are found by name and never imported from elsewhere."""


def imports(path: Path) -> set[str]:
    """Return the modules of ours that a file imports, wherever in it, dotted below `appliance`."""
    found: set[str] = set()
    for node in ast.walk(source.tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{source.name(path)}:{node.lineno}: a relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names} if node.module else set()
    return {m for name in found if (m := _module_of(name)) is not None}


def _module_of(name: str) -> str | None:
    """Return the module of ours that holds `name`, or None for anything else (and for the package's own names)."""
    parts = name.split(".")
    if parts[0] != "appliance":
        return None
    for length in range(len(parts), 1, -1):
        path = source.PACKAGE.joinpath(*parts[1:length])
        if path.with_suffix(".py").exists() or (path / "__init__.py").exists():
            return ".".join(parts[1:length])
    return None


def rank(module: str) -> int:
    """Return the layer of a module: its folder's, where it is in one; `speakable_fr` is with `speakable`."""
    top = module.split(".")[0]
    ranks = [number for name in (top, top.split("_")[0]) for number, layer in enumerate(LAYERS) if name in layer]
    assert ranks, f"appliance/{top} has no layer yet: give it one in {Path(__file__).name}"
    return ranks[0]


def allowed(importer: str, imported: str) -> bool:
    """Tell whether the direction permits it: downwards, or sideways within a folder or between flat files."""
    if imported.startswith(tuple(f"{folder}." for folder in GROWING)):
        return importer.split(".")[0] == imported.split(".")[0]
    if importer.startswith("engines."):
        return imported.split(".")[0] in ("audio", "errors", "messages", "engines")
    if rank(imported) != rank(importer):
        return rank(imported) < rank(importer)
    folders = [m.split(".")[0] for m in (importer, imported) if (source.PACKAGE / m.split(".")[0]).is_dir()]
    return not folders or folders == [importer.split(".")[0]] * 2


@pytest.mark.parametrize("path", source.package_files(), ids=source.name)
def test_imports_point_downwards(path: Path) -> None:
    importer = source.module(path)
    if importer:
        wrong = sorted(m for m in imports(path) if not allowed(importer, m))
        assert not wrong, f"{importer} may not import {', '.join(wrong)}"


@pytest.mark.parametrize("module", PURE)
def test_pure_modules_have_no_clock_no_files_no_threads(module: str) -> None:
    tree = source.tree(source.PACKAGE / f"{module}.py")
    names = [a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names]
    names += [n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)]
    assert not {name.split(".")[0] for name in names} & IMPURE
    assert not [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Call) and ast.unparse(n.func) == "open"]


def test_what_the_rule_refuses() -> None:
    """The rule itself: it would be green on anything else."""
    assert allowed("turn", "worker")
    assert allowed("links.mqtt", "links")
    assert allowed("engines.stt_whisper", "engines")
    assert not allowed("worker", "turn")
    assert not allowed("skills.clock", "app")
    assert not allowed("skills.clock", "links")
    assert not allowed("app", "engines.stt_whisper")
    assert not allowed("turn", "skills.clock")
    assert not allowed("engines.stt_whisper", "bus")
    assert not allowed("bus", "worker")


def test_nothing_of_ours_takes_a_name_of_the_standard_library() -> None:
    flat = {source.module(p).split(".")[0] for p in source.package_files()} - {"", "__main__"}
    assert not {name for name in flat if name in sys.builtin_module_names}
