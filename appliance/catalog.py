"""Which models exist, which are in the store, and whether they are what they should be.

models/catalog.toml names each model once (role, licence, files with digests, sources) and groups them into profiles.
The store is one folder outside the checkout and never on the Python path:

    <store>/<model>/<file>           a model is visible only once it is complete and verified
    <store>/<model>/.verified.json   size, mtime and digest of each file when it was last hashed
    <store>/locked.json              digests locked at first fetch, for files that the catalogue calls "unchecked"
    <store>/.staging/                what is being fetched (fetch.py)

A digest is checked before use, and hashing a gigabyte at every start would cost seconds: `ready` hashes a file only
when its size or mtime is not that of the last time; `verify` always hashes. What ships inside an installed package is
checked against the digests that the package's own record holds.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
import shutil
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from appliance.errors import ModelError

UNCHECKED = "unchecked"
LOCKED = "locked.json"
VERIFIED = ".verified.json"
CHUNK_BYTES = 1 << 20

OnBytes = Callable[[int], None]
"""Called with the number of bytes just done."""


@dataclass(frozen=True, slots=True)
class Source:
    """One place where a file can be had."""

    kind: Literal["hub", "pypi", "npm"]
    url: str = ""
    package: str = ""
    """Package and version as its client writes them: name==1.0 (pypi), name@1.0 (npm)."""
    member: str = ""
    """Path inside the package."""
    parts: int = 0
    """Where not 0: the file is the parts 1 to `parts` joined, `{n}` standing for the number."""

    def pieces(self) -> list[tuple[str, str]]:
        """Return (package, member) of each part, in order."""
        numbers = range(1, (self.parts or 1) + 1)
        return [(self.package.format(n=n), self.member.format(n=n)) for n in numbers]


@dataclass(frozen=True, slots=True)
class ModelFile:
    """One file of a model."""

    name: str
    size_bytes: int
    """Exact; about, where the digest is "unchecked"."""
    sha256: str
    sources: tuple[Source, ...]

    @property
    def checked(self) -> bool:
        """Tell whether the catalogue knows the digest."""
        return self.sha256 != UNCHECKED


@dataclass(frozen=True, slots=True)
class Model:
    """One model of the catalogue."""

    name: str
    role: str
    languages: tuple[str, ...]
    licence: str
    home: str
    files: tuple[ModelFile, ...] = ()
    wheel: str = ""
    """The installed package that it ships in, or nothing."""
    optional: bool = False

    @property
    def size_bytes(self) -> int:
        """Return the size of all files; 0 for what ships in a package."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice: which tts engine plays it and with which options."""

    name: str
    engine: str
    options: Mapping[str, Any]
    needs: tuple[str, ...] = ()
    program: str = ""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a kind of board carries."""

    name: str
    models: tuple[str, ...]
    voices: Mapping[str, tuple[str, ...]]
    """Language -> voices, the preferred first."""
    stt: str = ""
    llm: str = ""
    """Empty: this board has no language model."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Role -> what its engine is told on such a board; the owner's own options win."""


def default_store() -> Path:
    """Return the folder of the models: $GRILLON_MODELS, else the box's, else the person's."""
    if named := os.environ.get("GRILLON_MODELS"):
        return Path(named)
    shared = Path("/var/lib/grillon/models")
    if shared.is_dir() and os.access(shared, os.R_OK | os.X_OK):
        return shared
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "grillon" / "models"


def sha256_of(path: Path, on_bytes: OnBytes = lambda count: None) -> str:
    """Return the digest of a file. Raises OSError."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK_BYTES):
            digest.update(chunk)
            on_bytes(len(chunk))
    return digest.hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """Return the object in a small file of the store; nothing where it is absent or damaged."""
    with contextlib.suppress(OSError, ValueError):
        data = json.loads(path.read_text("utf-8"))
        if isinstance(data, dict):
            return data
    return {}


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """Replace a small file of the store, atomically. Raises OSError."""
    new = path.with_name(f"{path.name}.{os.getpid()}.new")
    with new.open("w", encoding="utf-8") as stream:
        json.dump(data, stream, indent=1, sort_keys=True)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(path)


def digest_in(folder: Path, name: str, *, trust: bool = True, on_bytes: OnBytes = lambda count: None) -> str:
    """Return the digest of a file of a model's folder, or nothing where it cannot be read.

    With `trust`, a file whose size and mtime are those of the last time is not hashed again.
    """
    path = folder / name
    try:
        now, last = _size_and_mtime(path), read_json(folder / VERIFIED).get(name)
        if trust and last and last[:2] == now:
            return str(last[2])
        digest = sha256_of(path, on_bytes)
        _record(folder, name, [*now, digest])
    except OSError:
        return ""
    return digest


def record(folder: Path, name: str, digest: str) -> None:
    """Note the digest that a file of a model's folder has now."""
    _record(folder, name, [*_size_and_mtime(folder / name), digest])


def _record(folder: Path, name: str, entry: list[int | str]) -> None:
    known = read_json(folder / VERIFIED)
    if known.get(name) != entry:
        with contextlib.suppress(OSError):  # a store that cannot be written is hashed every time
            write_json(folder / VERIFIED, known | {name: entry})


def _size_and_mtime(path: Path) -> list[int]:
    stat = path.stat()
    return [stat.st_size, stat.st_mtime_ns]


class Catalog:
    """The content of models/catalog.toml, and questions to a store about it."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.models = {name: _model(name, table) for name, table in data["models"].items()}
        self.voices = {
            name: Voice(name, **(table | {"needs": tuple(table.get("needs", ()))}))
            for name, table in data.get("voices", {}).items()
        }
        self.profiles = {name: _profile(name, table) for name, table in data.get("profiles", {}).items()}

    @classmethod
    def load(cls, path: Path | None = None) -> Catalog:
        """Read the catalogue: `path`, else the one of this installation (appliance/catalog.toml links to it)."""
        text = path.read_text("utf-8") if path else files("appliance").joinpath("catalog.toml").read_text("utf-8")
        return cls(tomllib.loads(text))

    def voice(self, profile: str, language: str, store: Path) -> Voice:
        """Return the first voice of the profile's list for a language that is there. Raises ModelError for none."""
        for name in self.profiles[profile].voices[language]:
            voice = self.voices[name]
            if voice.program and not shutil.which(voice.program):
                continue
            if all(self.ready(store, need) for need in voice.needs):
                return voice
        raise ModelError("voice-none", language=language)

    def ready(self, store: Path, name: str) -> bool:
        """Tell whether a model is complete and its digests are right. Instant where no file changed."""
        model = self.models[name]
        return _installed(model.wheel) if model.wheel else not self._problems(store, model, trust=True)

    def require(self, store: Path, name: str) -> Path:
        """Return the folder of a model. Raises ModelError, which says how to get it."""
        if not self.ready(store, name):
            raise ModelError("model-missing", name=name, path=store / name)
        return store / name

    def verify(self, store: Path, name: str, on_bytes: OnBytes = lambda count: None) -> list[ModelError]:
        """Hash every byte of a model; return what is wrong."""
        model = self.models[name]
        return _wheel_problems(model) if model.wheel else self._problems(store, model, trust=False, on_bytes=on_bytes)

    def digest(self, store: Path, name: str, file: ModelFile) -> str:
        """Return the digest that a file must have: the catalogue's, else the locked one, else nothing."""
        return file.sha256 if file.checked else str(read_json(store / LOCKED).get(f"{name}/{file.name}", ""))

    def _problems(
        self, store: Path, model: Model, *, trust: bool, on_bytes: OnBytes = lambda count: None
    ) -> list[ModelError]:
        problems = []
        for file in model.files:
            path, wanted = store / model.name / file.name, self.digest(store, model.name, file)
            if not os.path.isfile(path):  # Path's own raises in a closed store, up to Python 3.13
                problems.append(ModelError("model-file-missing", path=path))
            elif not wanted:
                problems.append(ModelError("model-file-not-locked", path=path))
            elif digest_in(path.parent, file.name, trust=trust, on_bytes=on_bytes) != wanted:
                problems.append(ModelError("model-file-wrong", path=path))
        return problems


def _model(name: str, table: Mapping[str, Any]) -> Model:
    fields = dict(table)
    fields["languages"] = tuple(fields["languages"])
    fields["files"] = tuple(
        ModelFile(file, entry["size_bytes"], entry["sha256"], tuple(Source(**source) for source in entry["sources"]))
        for file, entry in table.get("files", {}).items()
    )
    return Model(name, **fields)


def _profile(name: str, table: Mapping[str, Any]) -> Profile:
    voices = {language: tuple(names) for language, names in table["voices"].items()}
    return Profile(name, **(dict(table) | {"models": tuple(table["models"]), "voices": voices}))


def _installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def _wheel_problems(model: Model) -> list[ModelError]:
    """Compare what is installed with the package's own record of digests."""
    if not _installed(model.wheel):
        return [ModelError("model-package-missing", name=model.name, package=model.wheel)]
    problems = []
    for entry in metadata.files(model.wheel) or []:
        if entry.hash is None or entry.hash.mode != "sha256":
            continue
        path = Path(str(entry.locate()))
        if not path.is_file():
            problems.append(ModelError("model-file-missing", path=path))
        elif _record_digest(path) != entry.hash.value:
            problems.append(ModelError("model-file-wrong", path=path))
    return problems


def _record_digest(path: Path) -> str:
    return base64.urlsafe_b64encode(bytes.fromhex(sha256_of(path))).decode().rstrip("=")
