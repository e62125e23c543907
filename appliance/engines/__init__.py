"""The roles that a native model can play, and how an engine is found.

An engine is one file `<role>_<name>.py` with two names in it: `Options` (pydantic, what the person may set) and `Engine`,
whose constructor takes `(options, models)`: `models` is the folder of the model store, where each model of
models/catalog.toml is a folder under its own name. Engines are synchronous and generator-shaped and know nothing of
asyncio: worker.py is the one bridge. Native libraries are imported inside the constructor only, so that reading the
configuration never loads them (a library for another processor can kill the process).

Third parties register `grillon.engines` entry points named `<role>.<name>` whose value is such a module.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from appliance.audio import Pcm
from appliance.errors import ConfigError

Role = Literal["wake", "vad", "stt", "llm", "tts"]
ROLES: tuple[Role, ...] = ("wake", "vad", "stt", "llm", "tts")
HEAVY: frozenset[Role] = frozenset({"stt", "llm", "tts"})
"""Roles whose engine lives in a supervised child process."""


class EngineOptions(BaseModel):
    """Base of every engine's Options: unknown keys are refused, field docstrings are the documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True, protected_namespaces=())


class WakeDetector(Protocol):
    """Tells when a wake word was said."""

    def feed(self, pcm: Pcm) -> str:
        """Take the next samples (16 kHz int16, any length); return the word that just ended, or ""."""

    def reset(self) -> None:
        """Forget the sound heard so far."""

    def close(self) -> None:
        """Free the model."""


class VoiceDetector(Protocol):
    """Tells how probable it is that someone speaks."""

    def feed(self, pcm: Pcm) -> float:
        """Take the next samples (16 kHz int16, any length); return the newest probability of speech, 0 to 1."""

    def reset(self) -> None:
        """Forget the sound heard so far."""

    def close(self) -> None:
        """Free the model."""


@dataclass(frozen=True, slots=True)
class Transcription:
    """What a recogniser made of an utterance."""

    text: str
    """Empty where nothing intelligible was said."""
    language: str
    confidence: float
    """0 to 1, geometric mean of token probability."""
    alternatives: tuple[str, ...] = ()
    """Other readings, best first, without `text`."""


class Recognizer(Protocol):
    """Speech to text."""

    def transcribe(
        self, pcm: Pcm, language: str, prompt: str = "", also: Mapping[str, str] | None = None
    ) -> Transcription:
        """Recognise one utterance of any length (16 kHz int16). `prompt` biases towards its words.

        `also` are further languages that may have been spoken, each with its prompt: the result tells which one was.
        Where that is not clear it is `language`.
        """

    def close(self) -> None:
        """Free the model."""


@dataclass(frozen=True, slots=True)
class Message:
    """One line of a conversation."""

    role: Literal["system", "user", "assistant"]
    text: str


class LanguageModel(Protocol):
    """Continues a conversation, and chooses among what it is offered."""

    def chat(self, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        """Yield the answer in pieces as they are thought. The generator may be closed at any point."""

    def choose(self, messages: Sequence[Message], schema: str, max_tokens: int) -> str:
        """Return the likeliest answer that `schema` (JSON schema, as text) permits; cut where it was interrupted.

        Where the last message is the assistant's, the answer begins with it.
        What the conversation of `chat` has in the cache stays there. 0 tokens: only read the messages, so that a choice
        that begins with them comes sooner.
        """

    def interrupt(self, wanted: bool = True) -> None:
        """Called from another thread: make the running job end soon, even while it reads a long prompt.

        `wanted=False` takes the wish back: the host does so before each job, so that none is cut short by an
        interruption that came late for the job before. The engine itself never clears it.
        """

    def close(self) -> None:
        """Free the model."""


class Synthesizer(Protocol):
    """Text to speech."""

    rate: int
    """Samples a second of what `say` yields."""

    def say(self, text: str) -> Iterator[Pcm]:
        """Yield the sound of one sentence (mono int16 at `rate`) in pieces as they are made."""

    def close(self) -> None:
        """Free the model."""


def names(role: Role) -> list[str]:
    """Return the engines that exist for a role, the box's own first, then third parties'."""
    own = [m.name.removeprefix(f"{role}_") for m in pkgutil.iter_modules(__path__) if m.name.startswith(f"{role}_")]
    others = [e.name.removeprefix(f"{role}.") for e in entry_points(group="grillon.engines")]
    return own + [n for n in others if n not in own and "." not in n]


def module(role: Role, name: str) -> ModuleType:
    """Return the module of an engine, without loading any native library.

    Raises ConfigError for a name that does not exist, and says which do.
    """
    if name in names(role):
        for entry in entry_points(group="grillon.engines", name=f"{role}.{name}"):
            return entry.load()  # type: ignore[no-any-return]
        return importlib.import_module(f"appliance.engines.{role}_{name}")
    raise ConfigError("engine-unknown", role=role, name=name, known=", ".join(names(role)))


def load(role: Role, name: str, options: EngineOptions, models: Path) -> object:
    """Construct an engine (slow: it loads its model). `models` is the folder of the model store."""
    return module(role, name).Engine(options, models)
