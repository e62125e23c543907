"""Fill a model store: from folders and USB sticks, else the upstream hub, else the package registries.

A model is put together in <store>/.staging/<model>, each file checked against its digest, and becomes visible by one
rename once it is whole: nobody ever sees half of it. A lock file lets one process at a time write to a store. What a
cut leaves in the staging folder is used by the next run. A source that fails falls to the next; when all fail, the
error says which files to put where.

A stick that someone filled has the same layout as a store, so `export` fills one store from another, and `import` is
the same again the other way.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import glob
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import httpx

from appliance.catalog import LOCKED, Catalog, Model, ModelFile, digest_in, read_json, record, write_json
from appliance.errors import ModelError
from appliance.messages import text
from appliance.packages import Packages
from appliance.sources import TIMEOUT, Partial, SourceError, pour_file, pour_url

STAGING = ".staging"
MEDIA = ("/media/*/grillon-models", "/media/*/*/grillon-models", "/run/media/*/*/grillon-models")


class Listener(Protocol):
    """Is told what happens during a fetch."""

    def progress(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """So much of a model is there."""

    def note(self, key: str, values: dict[str, object]) -> None:
        """Something for the person: a key of messages.toml and its values (a SourceError among them has `text`)."""


class Silent:
    """A listener that listens to nothing."""

    def progress(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """Ignore it."""

    def note(self, key: str, values: dict[str, object]) -> None:
        """Ignore it."""


class UnavailableError(ModelError):
    """No source gave these models; its text says what to put where."""

    def __init__(self, missing: list[tuple[Model, list[SourceError]]]) -> None:
        super().__init__("models-unavailable")
        self.missing = missing

    def text(self, language: str) -> str:
        """Return what is missing, why, and what to do, on several lines."""
        lines = [text("models-unavailable", language, names=", ".join(model.name for model, _ in self.missing))]
        reasons = (error.text(language) for _, errors in self.missing for error in errors)
        lines += [f"  {reason}" for reason in dict.fromkeys(reasons)]
        lines.append(text("models-unavailable-put", language))
        for model, _ in self.missing:
            for file in model.files:
                size = text("models-size-mb", language, megabytes=f"{file.size_bytes / 1e6:.1f}")
                lines.append(f"  {model.name}/{file.name}  {size}  sha256 {file.sha256}")
        lines.append(text("models-unavailable-then", language))
        return "\n".join(lines)


def folders_around(named: Iterable[Path] = ()) -> list[Path]:
    """Return the folders that may hold models: those named, those of GRILLON_MODELS_FROM, and mounted sticks."""
    given = [Path(part) for part in os.environ.get("GRILLON_MODELS_FROM", "").split(os.pathsep) if part]
    mounted = [Path(found) for pattern in MEDIA for found in sorted(glob.glob(pattern))]
    return [folder for folder in (*named, *given, *mounted) if folder.is_dir()]


def fetch(
    catalog: Catalog,
    store: Path,
    names: Sequence[str],
    *,
    folders: Sequence[Path] = (),
    online: bool = True,
    listener: Listener | None = None,
) -> list[str]:
    """Have these models in the store; return the optional ones that could not be had.

    Raises UnavailableError where another is missing, ModelError where the store cannot be written or the disk is full.
    """
    listener = listener or Silent()
    missing: list[tuple[Model, list[SourceError]]] = []
    left_out = []
    with _store_to_write(store, listener), httpx.Client(timeout=TIMEOUT, follow_redirects=True) as client:
        run = _Run(catalog, store, folders, client if online else None, listener)
        try:
            for model in (catalog.models[name] for name in dict.fromkeys(names)):
                errors = run.have(model)
                if errors and model.optional:
                    left_out.append(model.name)
                    listener.note("pull-left-out", {"name": model.name, "reason": errors[-1]})
                elif errors:
                    missing.append((model, errors))
        finally:
            run.tidy()
    if missing:
        raise UnavailableError(missing)
    return left_out


def import_from(catalog: Catalog, store: Path, folder: Path, listener: Listener | None = None) -> list[str]:
    """Take every model of the catalogue that a folder holds whole; return their names. Raises ModelError."""
    held = [
        m.name
        for m in catalog.models.values()
        if m.files and all((folder / m.name / f.name).is_file() for f in m.files)
    ]
    if not held:
        raise ModelError("import-nothing", folder=folder)
    fetch(catalog, store, held, folders=[folder], online=False, listener=listener)
    return held


def export_to(
    catalog: Catalog, store: Path, folder: Path, names: Sequence[str], listener: Listener | None = None
) -> list[str]:
    """Copy those of the models that the store holds into a folder; return their names. Raises ModelError."""
    held = [name for name in names if catalog.models[name].files and catalog.ready(store, name)]
    if not held:
        raise ModelError("export-nothing", folder=store)
    fetch(catalog, folder, held, folders=[store], online=False, listener=listener)
    return held


@contextlib.contextmanager
def _store_to_write(store: Path, listener: Listener) -> Iterator[None]:
    """Be the only one who writes to a store. Raises ModelError for one that cannot be written, or a full disk."""
    try:
        (store / STAGING).mkdir(parents=True, exist_ok=True)
        stream = (store / ".lock").open("a")
    except OSError as error:
        raise _disk_error(error, store) from error
    with stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            listener.note("pull-waiting", {"store": store})
            fcntl.flock(stream, fcntl.LOCK_EX)
        try:
            yield
        except OSError as error:
            raise _disk_error(error, store) from error


def _disk_error(error: OSError, store: Path) -> ModelError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return ModelError("store-full", store=store, free_mb=shutil.disk_usage(store).free // 10**6)
    return ModelError("store-unwritable", store=store, detail=error)


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One place to try for one file."""

    origin: str
    """A path, a host, or a kind of registry."""
    pour: Callable[[Partial], None]
    locked: str = ""
    """The digest that a folder's own lock file gives for an unchecked file."""


class _Run:
    """One fetch into one store, which this process alone may write."""

    def __init__(
        self, catalog: Catalog, store: Path, folders: Sequence[Path], client: httpx.Client | None, listener: Listener
    ) -> None:
        self._catalog, self._store, self._folders = catalog, store, folders
        self._client, self._listener = client, listener
        self._packages = Packages(store / STAGING / "packages")
        self._silent: dict[str, SourceError] = {}  # hosts and clients that gave nothing in this run: asked once only

    def have(self, model: Model) -> list[SourceError]:
        """Have a model in the store; return why not, or nothing."""
        if self._catalog.ready(self._store, model.name):
            self._listener.progress(model.name, model.size_bytes, model.size_bytes)
            return []
        if model.wheel:
            return [SourceError("source-wheel", package=model.wheel)]
        staging = self._store / STAGING / model.name
        staging.mkdir(exist_ok=True)
        self._room_for(model, staging)
        done = 0
        for number, file in enumerate(model.files):
            later = frozenset(_packages_of(model.files[number + 1 :]))
            errors = self._have_file(model, file, staging, done, later)
            if errors:
                return errors
            done += file.size_bytes
        self._show(staging, self._store / model.name)
        return []

    def tidy(self) -> None:
        """Leave no empty staging folder."""
        shutil.rmtree(self._store / STAGING / "packages", ignore_errors=True)
        for folder in (*(self._store / STAGING).glob("*"), self._store / STAGING):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _room_for(self, model: Model, staging: Path) -> None:
        there = sum(path.stat().st_size for path in staging.iterdir())
        needed, free = model.size_bytes - there, shutil.disk_usage(self._store).free
        if free < needed:
            raise ModelError(
                "store-too-small",
                store=self._store,
                name=model.name,
                needed_mb=needed // 10**6,
                free_mb=free // 10**6,
            )

    def _have_file(
        self, model: Model, file: ModelFile, staging: Path, done: int, later: frozenset[str]
    ) -> list[SourceError]:
        """Have one file in the staging folder; return why not, or nothing."""
        wanted = self._catalog.digest(self._store, model.name, file)
        if wanted and digest_in(staging, file.name) == wanted:
            return []
        if self._adopted(model, file, staging, wanted):
            return []
        target = Partial(staging / f"{file.name}.part", file.size_bytes if file.checked else None)

        def show(archive_bytes: int = 0) -> None:
            so_far = min(done + target.size + archive_bytes, model.size_bytes)
            self._listener.progress(model.name, so_far, model.size_bytes)

        target.on_grown = show
        errors: list[SourceError] = []
        for attempt in self._attempts(model, file, later, show):
            if known := self._silent.get(attempt.origin):
                errors.append(known)
                continue
            try:
                self._pour(attempt, target, wanted or attempt.locked, locked=not file.checked)
            except SourceError as error:
                errors.append(error)
                self._listener.note("pull-source-failed", {"name": f"{model.name}/{file.name}", "reason": error})
                if error.unreachable:
                    self._silent[attempt.origin] = error
                continue
            except OSError:  # a full disk stays full: give back what this file took
                target.discard()
                raise
            finally:
                target.close()
            target.finish(staging / file.name)
            self._accept(model, file, staging, target.sha256, quiet=bool(wanted or attempt.locked))
            return []
        return errors or [SourceError("source-none")]

    def _attempts(
        self, model: Model, file: ModelFile, later: frozenset[str], on_archive: Callable[[int], None]
    ) -> Iterator[_Attempt]:
        """Yield the places to try, in order."""
        for folder in self._folders:
            path = folder / model.name / file.name
            if path.is_file():
                locked = "" if file.checked else self._catalog.digest(folder, model.name, file)
                yield _Attempt(str(path), partial(pour_file, path), locked)
        if self._client is None:
            return
        for source in file.sources:
            if source.kind == "hub":
                yield _Attempt(httpx.URL(source.url).host, partial(pour_url, self._client, source.url))
            else:
                pour = partial(self._packages.pour, source, later=later, on_archive=on_archive)
                yield _Attempt(source.kind, pour)

    def _pour(self, attempt: _Attempt, target: Partial, wanted: str, *, locked: bool) -> None:
        """Try one place; a wrong digest over bytes of an earlier run costs a second try from the start."""
        for _ in range(2):
            attempt.pour(target)
            if not wanted or target.sha256 == wanted:
                return
            resumed = target.resumed
            target.discard()
            if not resumed:
                break
        if locked:
            raise SourceError("source-changed", origin=attempt.origin, store=self._store)
        raise SourceError("source-wrong-digest", origin=attempt.origin)

    def _adopted(self, model: Model, file: ModelFile, staging: Path, wanted: str) -> bool:
        """Take a file that is right already from the model's visible folder (another file of it is not)."""
        digest = digest_in(self._store / model.name, file.name)
        if not digest or (wanted and digest != wanted):
            return False
        there, target = self._store / model.name / file.name, staging / file.name
        target.unlink(missing_ok=True)
        try:
            os.link(there, target)
        except OSError:  # FAT knows no links
            shutil.copy2(there, target)
        self._accept(model, file, staging, digest, quiet=bool(wanted))
        return True

    def _accept(self, model: Model, file: ModelFile, staging: Path, digest: str, *, quiet: bool) -> None:
        """Record the digest of a file in the staging folder, and lock it where the catalogue knows none."""
        record(staging, file.name, digest)
        if file.checked:
            return
        locked = read_json(self._store / LOCKED)
        key = f"{model.name}/{file.name}"
        if locked.get(key) != digest:
            write_json(self._store / LOCKED, locked | {key: digest})
        if not quiet:
            self._listener.note("pull-locked", {"name": key, "digest": digest, "store": self._store})

    def _show(self, staging: Path, visible: Path) -> None:
        """Make a whole model visible, by one rename (two where it replaces a damaged one)."""
        old = staging.with_name(f"{visible.name}.old")
        shutil.rmtree(old, ignore_errors=True)
        if visible.exists():
            visible.rename(old)
        staging.rename(visible)
        _sync_folder(self._store)
        shutil.rmtree(old, ignore_errors=True)


def _sync_folder(folder: Path) -> None:
    with contextlib.suppress(OSError):  # some file systems cannot
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _packages_of(files: Iterable[ModelFile]) -> set[str]:
    return {package for file in files for source in file.sources for package, _ in source.pieces()}
