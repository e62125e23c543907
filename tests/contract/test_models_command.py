"""`grillon models` as a person runs it: what it prints, where, and its exit status."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.catalog import Catalog, default_store

SMALL = "kokoro-ff-siwis"


def grillon(*arguments: str, store: Path) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"GRILLON_MODELS": str(store), "GRILLON_CONFIG": str(store.parent / "grillon.toml")}
    environment.pop("GRILLON_LANG", None)
    (store.parent / "grillon.toml").touch()
    command = [sys.executable, "-m", "appliance", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert "Traceback" not in done.stderr
    return done


@pytest.mark.parametrize(("language", "absent"), [("fr", "pas là"), ("en", "not there")])
def test_list_shows_every_model_in_the_persons_language(tmp_path: Path, language: str, absent: str) -> None:
    done = grillon("--lang", language, "models", "list", store=tmp_path / "store")
    assert done.returncode == 0
    lines = done.stdout.splitlines()
    for model in Catalog.load().models.values():
        line = next(line for line in lines if line.startswith(f"{model.name} "))
        assert model.licence in line
        assert line.rstrip().endswith(absent) == (not model.wheel)
    assert str(tmp_path / "store") in done.stdout


@pytest.mark.parametrize("arguments", [("pull", "no-such"), ("import", "."), ("export", "somewhere")])
def test_what_cannot_be_done_is_told_in_one_line(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = grillon("models", *arguments, store=tmp_path / "store")
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.models
def test_a_stick_is_filled_taken_checked_and_heals(tmp_path: Path) -> None:
    """The road of a box without internet, with a real model."""
    if not Catalog.load().ready(default_store(), SMALL):
        pytest.skip(f"{SMALL} is not in {default_store()}")
    stick, store = tmp_path / "stick", tmp_path / "store"
    assert grillon("models", "export", str(stick), SMALL, store=default_store_copy(tmp_path)).returncode == 0
    assert grillon("models", "import", str(stick), store=store).returncode == 0
    assert grillon("models", "verify", SMALL, store=store).returncode == 0

    (store / SMALL / "ff_siwis.bin").write_bytes(b"damaged")
    assert "abîmé" in grillon("models", "list", store=store).stdout
    assert grillon("models", "verify", store=store).returncode == 1
    pulled = grillon("models", "pull", SMALL, "--from", str(stick), store=store)
    assert pulled.returncode == 0
    assert "Apache-2.0" in pulled.stderr, "the licence is shown"
    assert grillon("models", "verify", SMALL, store=store).returncode == 0


def default_store_copy(tmp_path: Path) -> Path:
    """A store of its own for the command, whose one model is the real one."""
    copy = tmp_path / "from"
    copy.mkdir()
    (copy / SMALL).symlink_to(default_store() / SMALL, target_is_directory=True)
    return copy
