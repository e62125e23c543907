"""A web server that models are downloaded from, and a catalogue of one model whose file it serves."""

from __future__ import annotations

import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from appliance.catalog import Catalog

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
