"""What is installed is what was tried: every library is pinned, ours in pyproject.toml, theirs in constraints.txt."""

from __future__ import annotations

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution

from packaging.requirements import Requirement

from tests.rules import source

PROJECT = tomllib.loads((source.ROOT / "pyproject.toml").read_text("utf-8"))["project"]
OURS = [
    Requirement(r) for group in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()) for r in group
]


def plain(name: str) -> str:
    """Return a name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def constraints() -> dict[str, str]:
    """Return the pins of constraints.txt."""
    lines = (source.ROOT / "scripts" / "constraints.txt").read_text("utf-8").splitlines()
    pins = [line.split("==") for line in lines if line and not line.startswith("#")]
    return {plain(name): version for name, version in pins}


def needed() -> set[str]:
    """Return every distribution that ours need, and theirs, as installed here."""
    found: set[str] = set()
    waiting = [(plain(r.name), frozenset(r.extras)) for r in OURS]
    seen = set(waiting)
    while waiting:
        name, extras = waiting.pop()
        try:
            requires = distribution(name).requires or []
        except PackageNotFoundError:  # of another platform, or of the extra "check" where only "test" is installed
            continue
        found.add(name)
        for requirement in map(Requirement, requires):
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *extras)):
                item = (plain(requirement.name), frozenset(requirement.extras))
                if item not in seen:
                    seen.add(item)
                    waiting.append(item)
    return found


def test_ours_are_pinned_exactly() -> None:
    assert [str(r) for r in OURS if not re.fullmatch(r"==[\w.]+", str(r.specifier))] == []


def test_theirs_are_pinned_too() -> None:
    assert sorted(needed() - set(constraints()) - {plain(r.name) for r in OURS}) == []


def test_no_library_is_pinned_twice() -> None:
    assert sorted(set(constraints()) & {plain(r.name) for r in OURS}) == []
