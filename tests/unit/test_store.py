"""The state file: whole or absent, never half; a broken one does not keep the box from starting."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from appliance.errors import InputError
from appliance.store import RoomState, Store


def test_what_was_changed_is_there_after_a_restart(tmp_path: Path) -> None:
    Store(tmp_path / "state").change("salon", volume_percent=30, muted=True)
    again = Store(tmp_path / "state")
    assert again.room("salon") == RoomState(30, muted=True)
    assert again.room("bureau") == RoomState()
    assert [file.name for file in (tmp_path / "state").iterdir()] == ["state.json"]


@pytest.mark.parametrize("content", ["", "{", "[]", '{"rooms": {"salon": 3}}', '{"rooms": {"salon": {"muted": 1}}}'])
def test_a_broken_file_is_set_aside(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    store = Store(tmp_path)
    assert store.room("salon") == RoomState()
    assert (tmp_path / "state.broken").read_text() == content
    store.change("salon", muted=True)
    assert Store(tmp_path).room("salon").muted


def test_a_disk_that_refuses_is_told_and_the_new_state_holds(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file where the folder should be")
    store = Store(tmp_path / "state")
    with pytest.raises(InputError) as raised:
        store.change("salon", volume_percent=20)
    assert raised.value.code == "state-not-written"
    assert store.room("salon").volume_percent == 20


def test_in_memory_nothing_is_written(tmp_path: Path) -> None:
    os.chdir(tmp_path)
    Store(None).change("salon", muted=True)
    assert not list(tmp_path.iterdir())
