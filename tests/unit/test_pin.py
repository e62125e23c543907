"""The code: what is taken, how it is kept, who can read it."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from appliance.errors import InputError
from appliance.pin import Pin, trivial


def test_a_code_is_kept_as_a_slow_hash_for_one_user(tmp_path: Path) -> None:
    pin = Pin(tmp_path / "state")
    assert not pin.is_set and not pin.matches("7391")
    pin.set("7391")
    assert pin.is_set and pin.matches("7391")
    assert not [code for code in ("7392", "", "73910", "٧٣٩١", "x" * 1000) if pin.matches(code)]
    path = tmp_path / "state" / "pin.json"
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert "7391" not in path.read_text()
    assert json.loads(path.read_text())["n"] >= 2**14


def test_another_process_sees_a_new_code_at_once(tmp_path: Path) -> None:
    daemon, terminal = Pin(tmp_path), Pin(tmp_path)
    terminal.set("7391")
    assert daemon.matches("7391")
    terminal.set("840275")
    assert daemon.matches("840275") and not daemon.matches("7391")
    assert terminal.remove() and not terminal.remove()
    assert not daemon.is_set


@pytest.mark.parametrize("code", ["", "123", "1234567890123", "12a4", "-123", "1 23", "٧٣٩١"])
def test_what_is_no_code_is_refused(code: str, tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        Pin(tmp_path).set(code)
    assert caught.value.code == "pin-digits"


@pytest.mark.parametrize(
    "code", ["0000", "1111", "1234", "4321", "9876", "2468", "7890", "1212", "1984", "2024", "123456", "2580", "121212"]
)
def test_what_anybody_tries_first_is_refused(code: str, tmp_path: Path) -> None:
    assert trivial(code)
    with pytest.raises(InputError) as caught:
        Pin(tmp_path).set(code)
    assert caught.value.code == "pin-trivial"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"salt": 1}', '{"salt": "zz", "hash": "", "n": 2, "r": 1, "p": 1}']
)
def test_a_broken_file_approves_nothing(text: str, tmp_path: Path) -> None:
    (tmp_path / "pin.json").write_text(text)
    assert not Pin(tmp_path).is_set and not Pin(tmp_path).matches("")


def test_a_box_without_a_state_folder_has_no_code() -> None:
    assert not Pin(None).is_set


def test_a_disk_that_refuses_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError) as caught:
        Pin(tmp_path / "file").set("7391")
    assert caught.value.code == "state-not-written"
