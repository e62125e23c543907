"""Every library exists, at the version that we pin, as a wheel that a 64-bit Raspberry Pi can install.

The index is asked, so this runs outside the network namespace of the other tests. Debian 12 has Python 3.11 and glibc
2.36, Debian 13 has Python 3.13 and glibc 2.41.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.rules.test_dependencies import PROJECT, constraints, needed, plain

pytestmark = pytest.mark.registry

FROM_SOURCE = {"llama-cpp-python", "docopt"}
"""Source packages everywhere: scripts/setup compiles the first; the second, which num2words wants, is pure Python."""
CHECK_ONLY = {plain(r.split("==")[0]) for r in PROJECT["optional-dependencies"]["check"]}
DEBIAN = {"Debian 12": ("3.11", 36), "Debian 13": ("3.13", 41)}


def pinned() -> list[str]:
    """Return name==version of everything that a box needs, itself and by others."""
    ours = {plain(r.split("==")[0]): r for r in PROJECT["dependencies"]}
    theirs = {name: f"{name}=={version}" for name, version in constraints().items() if name in needed()}
    return sorted((ours | theirs)[name] for name in (ours | theirs) if name not in FROM_SOURCE | CHECK_ONLY)


def pip(python: str, glibc: int, folder: Path, *requirements: str) -> subprocess.CompletedProcess[str]:
    """Resolve `requirements` as wheels of an arm64 machine, without installing or keeping anything."""
    platforms = [f"--platform=manylinux_2_{minor}_aarch64" for minor in range(glibc, 16, -1)]
    return subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--no-deps", "--only-binary=:all:"),
            *("--disable-pip-version-check", "--implementation=cp", f"--python-version={python}"),
            *("--ignore-installed", f"--target={folder}", *platforms, "--platform=manylinux2014_aarch64"),
            *requirements,
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.fixture(scope="module")
def index() -> None:
    """Skip where no package index can be asked: an absent index says nothing about wheels."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", "/dev/null", "six==0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    if "from versions: none" in asked.stderr or "from versions:" not in asked.stderr:
        pytest.skip("no package index can be reached")


@pytest.mark.parametrize("system", DEBIAN)
def test_every_library_has_an_arm64_wheel(system: str, index: None, tmp_path: Path) -> None:
    python, glibc = DEBIAN[system]
    if pip(python, glibc, tmp_path, *pinned()).returncode == 0:
        return
    without = [one for one in pinned() if pip(python, glibc, tmp_path, one).returncode != 0]
    assert not without, f"no arm64 wheel for {system}: {', '.join(without)}"


def test_a_library_without_such_a_wheel_is_noticed(index: None, tmp_path: Path) -> None:
    wanted = next(r for r in PROJECT["dependencies"] if plain(r.split("==")[0]) == "llama-cpp-python")
    assert pip("3.11", 36, tmp_path, wanted).returncode != 0
