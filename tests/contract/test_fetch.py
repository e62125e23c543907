"""Filling a store: real HTTP on loopback, real files, real locks, a real full disk."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import fetch as fetching
from appliance.catalog import Catalog
from appliance.errors import ModelError
from appliance.fetch import UnavailableError, export_to, fetch, folders_around, import_from
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


def nothing_visible(store: Path) -> bool:
    return not (store / "m").exists()


def test_a_download_arrives_whole_and_leaves_nothing_behind(hub: Hub, store: Path) -> None:
    catalog, notes = catalog_of(from_hub(hub)), Notes()
    assert fetch(catalog, store, ["m"], listener=notes) == []
    assert content(store) == DATA
    assert catalog.ready(store, "m")
    assert notes.keys == []
    assert notes.done[-1] == len(DATA)
    assert sorted(p.name for p in store.iterdir()) == [".lock", "m"]
    fetch(catalog, store, ["m"])
    assert hub.ranges == [None], "what is there is not fetched again"


def test_a_cut_download_goes_on_where_it_stopped(hub: Hub, store: Path) -> None:
    hub.cuts = [1_000_000, 500_000]
    fetch(catalog_of(from_hub(hub)), store, ["m"])
    assert content(store) == DATA
    starts = [int(r.removeprefix("bytes=").removesuffix("-")) for r in hub.ranges[1:] if r]
    assert hub.ranges[0] is None
    assert len(starts) == 2
    assert 0 < starts[0] <= 1_000_000 < starts[1] + 1, hub.ranges


def test_the_next_run_goes_on_where_the_last_one_was_cut(hub: Hub, store: Path) -> None:
    catalog = catalog_of(from_hub(hub))
    hub.cuts = [2_000_000, *[0] * 5]
    with pytest.raises(UnavailableError):
        fetch(catalog, store, ["m"])
    assert nothing_visible(store)
    hub.cuts, hub.ranges = [], []
    fetch(catalog, store, ["m"])
    assert content(store) == DATA
    assert len(hub.ranges) == 1
    assert hub.ranges[0] not in (None, "bytes=0-")


def test_a_file_that_changed_upstream_meanwhile_starts_anew(hub: Hub, store: Path) -> None:
    newer = DATA[::-1]
    hub.content, hub.cuts = newer, [2_000_000, *[0] * 5]
    with pytest.raises(UnavailableError):
        fetch(catalog_of(from_hub(hub)), store, ["m"])
    hub.content, hub.cuts = DATA, []
    fetch(catalog_of(from_hub(hub)), store, ["m"])
    assert content(store) == DATA


def test_bytes_of_an_earlier_run_that_rotted_cost_one_more_download(hub: Hub, store: Path) -> None:
    catalog = catalog_of(from_hub(hub))
    hub.cuts = [2_000_000, *[0] * 5]
    with pytest.raises(UnavailableError):
        fetch(catalog, store, ["m"])
    part = store / ".staging" / "m" / "voice.onnx.part"
    with part.open("r+b") as stream:
        stream.write(b"rotten")
    hub.cuts, hub.ranges = [], []
    fetch(catalog, store, ["m"])
    assert content(store) == DATA
    assert hub.ranges[0] is not None
    assert hub.ranges[1] is None


def test_a_wrong_digest_falls_to_the_next_source(hub: Hub, store: Path) -> None:
    liar = Hub()
    liar.content = DATA[:-1] + b"?"
    try:
        notes = Notes()
        fetch(catalog_of(from_hub(liar), from_hub(hub)), store, ["m"], listener=notes)
    finally:
        liar.shutdown()
        liar.server_close()
    assert content(store) == DATA
    assert notes.keys == ["pull-source-failed"]


def test_an_endless_file_is_stopped(hub: Hub, store: Path) -> None:
    hub.content = DATA + b"more"
    with pytest.raises(UnavailableError) as caught:
        fetch(catalog_of(from_hub(hub)), store, ["m"])
    assert "longer than it should be" in str(caught.value)
    assert nothing_visible(store)


@pytest.mark.parametrize("language", ["fr", "en"])
def test_when_all_fail_the_person_is_told_what_to_put_where(hub: Hub, store: Path, language: str) -> None:
    hub.status = 404
    nobody = {"kind": "hub", "url": "http://127.0.0.1:9/voice.onnx"}  # the discard port: nobody listens
    with pytest.raises(UnavailableError) as caught:
        fetch(catalog_of(from_hub(hub), nobody), store, ["m"])
    told = caught.value.text(language)
    assert "m/voice.onnx" in told
    assert hashlib.sha256(DATA).hexdigest() in told
    assert "grillon models import" in told
    assert "404" in told
    assert nothing_visible(store)


def test_a_missing_optional_model_is_said_and_not_fatal(store: Path) -> None:
    nobody = {"kind": "hub", "url": "http://127.0.0.1:9/voice.onnx"}
    notes = Notes()
    assert fetch(catalog_of(nobody, optional=True), store, ["m"], listener=notes) == ["m"]
    assert notes.keys[-1] == "pull-left-out"
    assert not (store / ".staging").exists()


def test_a_folder_comes_before_the_network(hub: Hub, store: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    (stick / "m").mkdir(parents=True)
    (stick / "m" / "voice.onnx").write_bytes(DATA)
    fetch(catalog_of(from_hub(hub)), store, ["m"], folders=[stick])
    assert content(store) == DATA
    assert hub.ranges == []


def test_a_damaged_folder_falls_to_the_network(hub: Hub, store: Path, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    (stick / "m").mkdir(parents=True)
    (stick / "m" / "voice.onnx").write_bytes(DATA[:-5])
    fetch(catalog_of(from_hub(hub)), store, ["m"], folders=[stick])
    assert content(store) == DATA
    assert len(hub.ranges) == 1


def test_folders_are_named_by_the_person_and_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
    monkeypatch.setenv("GRILLON_MODELS_FROM", f"{tmp_path / 'b'}{os.pathsep}{tmp_path / 'absent'}")
    monkeypatch.setattr(fetching, "MEDIA", (str(tmp_path / "c*"),))
    assert folders_around([tmp_path / "a"]) == [tmp_path / "a", tmp_path / "b", tmp_path / "c"]


def test_export_and_import_carry_a_model_and_its_lock(hub: Hub, store: Path, tmp_path: Path) -> None:
    catalog, stick, other = catalog_of(from_hub(hub), checked=False), tmp_path / "stick", tmp_path / "other"
    fetch(catalog, store, ["m"])
    hub.status = 500
    assert export_to(catalog, store, stick, ["m"]) == ["m"]
    notes = Notes()
    assert import_from(catalog, other, stick, notes) == ["m"]
    assert content(other) == DATA
    assert catalog.ready(other, "m")
    assert notes.keys == [], "its lock came along"
    assert json.loads((other / "locked.json").read_text()) == json.loads((store / "locked.json").read_text())


def test_an_import_refuses_what_is_damaged_and_says_so(store: Path, tmp_path: Path) -> None:
    catalog, stick = catalog_of(), tmp_path / "stick"
    with pytest.raises(ModelError, match="no whole model"):
        import_from(catalog, store, tmp_path)
    (stick / "m").mkdir(parents=True)
    (stick / "m" / "voice.onnx").write_bytes(b"something else")
    with pytest.raises(UnavailableError, match="gave something else"):
        import_from(catalog, store, stick)
    assert nothing_visible(store)
    with pytest.raises(ModelError, match="none of these models"):
        export_to(catalog, store, stick, ["m"])


def test_an_unchecked_digest_is_locked_at_first_fetch(hub: Hub, store: Path) -> None:
    catalog, notes = catalog_of(from_hub(hub), checked=False), Notes()
    fetch(catalog, store, ["m"], listener=notes)
    assert notes.keys == ["pull-locked"]
    assert json.loads((store / "locked.json").read_text()) == {"m/voice.onnx": hashlib.sha256(DATA).hexdigest()}
    assert catalog.ready(store, "m")
    shutil.rmtree(store / "m")
    hub.content = DATA[::-1]
    with pytest.raises(UnavailableError, match="something else than the first time"):
        fetch(catalog, store, ["m"])
    assert nothing_visible(store)
    hub.content = DATA
    fetch(catalog, store, ["m"], listener=notes)
    assert notes.keys == ["pull-locked"], "said once"


def test_a_damaged_model_is_replaced_and_its_good_files_are_kept(hub: Hub, store: Path) -> None:
    catalog = catalog_of(from_hub(hub))
    extra = {"size_bytes": 2, "sha256": hashlib.sha256(b"{}").hexdigest(), "sources": []}
    file = catalog.models["m"].files[0]
    table = {"size_bytes": file.size_bytes, "sha256": file.sha256, "sources": [from_hub(hub)]}
    model = {"role": "tts", "languages": ["fr"], "licence": "MIT", "home": "https://example.org"}
    catalog = Catalog({"models": {"m": model | {"files": {"good.json": extra, "voice.onnx": table}}}})
    (store / "m").mkdir(parents=True)
    (store / "m" / "good.json").write_bytes(b"{}")
    (store / "m" / "voice.onnx").write_bytes(DATA[:1000])
    fetch(catalog, store, ["m"])
    assert content(store) == DATA
    assert (store / "m" / "good.json").read_bytes() == b"{}"
    assert not (store / ".staging").exists()


def test_two_pulls_at_once_download_once(hub: Hub, store: Path) -> None:
    catalog, hub.gate = catalog_of(from_hub(hub)), threading.Event()
    waiting: list[str] = []

    class Gatekeeper(Notes):
        def note(self, key: str, values: dict[str, object]) -> None:
            waiting.append(key)
            assert hub.gate
            hub.gate.set()  # the server answers the first only once the second is known to wait

    threads = [
        threading.Thread(target=fetch, args=(catalog, store, ["m"]), kwargs={"listener": Gatekeeper()}) for _ in "12"
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert waiting == ["pull-waiting"]
    assert hub.ranges == [None]
    assert content(store) == DATA


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=2m", "none", str(folder)], capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a small file system needs root")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_too_small_is_told_before_the_download(hub: Hub, small_disk: Path) -> None:
    with pytest.raises(ModelError) as caught:
        fetch(catalog_of(from_hub(hub)), small_disk / "store", ["m"])
    assert caught.value.code == "store-too-small"
    assert hub.ranges == []


def test_a_disk_that_fills_up_keeps_nothing_broken(hub: Hub, small_disk: Path) -> None:
    catalog = catalog_of(from_hub(hub), data=b"about a few bytes", checked=False)  # so the size is not known before
    store = small_disk / "store"
    with pytest.raises(ModelError) as caught:
        fetch(catalog, store, ["m"])
    assert caught.value.code == "store-full"
    assert nothing_visible(store)
    assert sum(p.stat().st_size for p in store.rglob("*") if p.is_file()) < 1000, "the disk is free again"


def test_a_store_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelError, match="cannot be written"):
        fetch(catalog_of(), tmp_path / "file", ["m"])
