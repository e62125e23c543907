"""What the rules look at: the project's own Python files, read as syntax trees."""

from __future__ import annotations

import ast
import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "appliance"


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a file."""
    return ast.parse(path.read_text("utf-8"), str(path))


def package_files() -> list[Path]:
    """Return the files of the daemon."""
    return sorted(PACKAGE.rglob("*.py"))


def all_files() -> list[Path]:
    """Return every Python file of the project."""
    return sorted(p for folder in ("appliance", "tests", "scripts", "image") for p in (ROOT / folder).rglob("*.py"))


def name(path: Path) -> str:
    """Return how a file is shown: its path in the project."""
    return str(path.relative_to(ROOT))


def module(path: Path) -> str:
    """Return the dotted name of a module below `appliance`; the package itself is ""."""
    dotted = ".".join(path.relative_to(PACKAGE).with_suffix("").parts)
    return dotted.removesuffix("__init__").removesuffix(".")


def committed() -> list[str]:
    """Return the paths that git keeps; nothing outside a checkout."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False)
    return [path for path in listed.stdout.split("\0") if path]
