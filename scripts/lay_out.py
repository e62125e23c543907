"""Usage: .venv/bin/python scripts/lay_out.py SITE-PACKAGES

Copy Grillon and the libraries that it needs, and no others, from this environment into a folder: what scripts/install puts
into /opt/grillon. No index is asked and nothing is built, so it works with the cable out, and gives the same files again.
"""

from __future__ import annotations

import re
import shutil
import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
KEPT = ("METADATA", "entry_points.txt")
"""Of Grillon's own record: the rest describes the editable installation of this checkout."""


def plain(name: str) -> str:
    """Return a name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def closure(*roots: str) -> tuple[dict[str, Distribution], list[str]]:
    """Return the installed distributions that these requirements need, themselves included, and the names that are absent."""
    found: dict[str, Distribution] = {}
    absent: list[str] = []
    waiting = [(plain(r.name), frozenset(r.extras)) for r in map(Requirement, roots)]
    seen = set(waiting)
    while waiting:
        name, extras = waiting.pop()
        try:
            found[name] = distribution(name)
        except PackageNotFoundError:
            absent.append(name)
            continue
        for requirement in map(Requirement, found[name].requires or []):
            marker, item = requirement.marker, (plain(requirement.name), frozenset(requirement.extras))
            if item not in seen and (not marker or any(marker.evaluate({"extra": e}) for e in ("", *extras))):
                seen.add(item)
                waiting.append(item)
    return found, sorted(absent)


def copy(library: Distribution, target: Path) -> None:
    """Copy a library's modules and its record; its commands and compiled files stay."""
    for file in library.files or []:
        # Some records name a file that another library's installation took away (a licence at the top of site-packages).
        if ".." not in file.parts and "__pycache__" not in file.parts and Path(str(file.locate())).is_file():
            place = target / file
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(file.locate()), place)


def copy_grillon(grillon: Distribution, target: Path) -> None:
    """Copy the package from this checkout, links followed, and the little of its record that a program reads."""
    shutil.copytree(ROOT / "appliance", target / "appliance", ignore=shutil.ignore_patterns("__pycache__"))
    for file in grillon.files or []:
        if file.name in KEPT:
            place = target / file.parent.name / file.name
            place.parent.mkdir(exist_ok=True)
            shutil.copy2(str(file.locate()), place)


def main() -> None:
    """Copy everything; exit 1, naming what is absent, where the environment is not complete."""
    target = Path(sys.argv[1])
    libraries, absent = closure("grillon")
    if absent:
        sys.exit(", ".join(absent))
    target.mkdir(parents=True, exist_ok=True)
    copy_grillon(libraries.pop("grillon"), target)
    for library in libraries.values():
        copy(library, target)


if __name__ == "__main__":
    main()
