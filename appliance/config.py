"""The configuration: TOML that a person edits, read into pydantic models that refuse what they do not know.

Three files, never mixed: the defaults are in this file; the person's file is `/etc/grillon/grillon.toml`, else
`~/.config/grillon/grillon.toml`, else what `--config` or GRILLON_CONFIG names; runtime state (volume, mute) is in the
state folder and is written by store.py only. The daemon never writes the person's file.

pydantic stays here and in the Options of engines, skills, links and checks. All mistakes are reported at once, each
as file, table.key, what is wrong.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from appliance import engines
from appliance.errors import ConfigError


class Table(BaseModel):
    """A table of the configuration."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, use_attribute_docstrings=True, protected_namespaces=()
    )


class EngineChoice(Table):
    """Which engine plays a role, and what it is told."""

    engine: str
    options: dict[str, Any] = Field(default_factory=dict)
    """Passed to the engine's own Options; see the engine's file."""


class Wake(EngineChoice):
    """Wake word."""

    engine: str = "micro"


class Vad(EngineChoice):
    """Voice activity."""

    engine: str = "silero"


class Stt(EngineChoice):
    """Speech to text."""

    engine: str = "whisper"


class Llm(EngineChoice):
    """Language model. `engine = "none"` runs without one."""

    engine: str = "auto"
    """auto: what the profile says; none; or an engine's name."""
    max_tokens: int = Field(220, ge=16, le=2000)


class Tts(EngineChoice):
    """Voice. `engine = "auto"` takes the first voice of the profile's ordered list that is there."""

    engine: str = "auto"


class TurnOptions(Table):
    """How long the box listens and waits."""

    silence_seconds: float = Field(0.8, ge=0.2, le=5)
    """Silence that ends an utterance."""
    no_speech_seconds: float = Field(5.0, ge=1, le=30)
    """Nobody speaks after the wake word: the turn ends."""
    too_long_seconds: float = Field(20.0, ge=3, le=28)
    """An utterance is cut here."""
    speech_threshold: float = Field(0.5, gt=0, lt=1)
    """Probability from which a frame counts as speech."""
    chime: bool = True
    """A short sound says that the box listens."""


class RoomOptions(Table):
    """A place where the box hears and speaks."""

    name: str = Field("salon", pattern=r"^[\w-]{1,40}$")
    microphone: str = ""
    """Part of the device's name; empty: the system's default; `file:PATH.wav` plays a recording."""
    speaker: str = ""
    """Part of the device's name; empty: the system's default; `file:PATH.wav` records what is said."""


class Config(Table):
    """The whole configuration."""

    box: str = Field("grillon", pattern=r"^[\w-]{1,40}$")
    """Name of this box: the second level of every MQTT topic."""
    language: Literal["fr", "en"] = "fr"
    profile: Literal["nano", "base", "plus", "gpu"] = "base"
    place: str = ""
    """Town where the box stands; told to the skills and the model."""
    timezone: str = ""
    """IANA name, for instance Europe/Paris; empty: the system's."""
    state_folder: Path = Path()
    """Where volume and mute are kept; empty: chosen by `default_state_folder`."""
    models_folder: Path = Path()
    """Model store; empty: chosen by catalog.default_store."""
    wake: Wake = Wake()
    vad: Vad = Vad()
    stt: Stt = Stt()
    llm: Llm = Llm()
    tts: Tts = Tts()
    turn: TurnOptions = TurnOptions()
    rooms: list[RoomOptions] = Field(default_factory=lambda: [RoomOptions()], min_length=1)
    links: dict[str, dict[str, Any]] = Field(default_factory=lambda: {"mqtt": {}})
    """One table a link: [links.mqtt] ...; the keys are the link's own Options."""

    @field_validator("rooms")
    @classmethod
    def _rooms_have_their_own_names(cls, rooms: list[RoomOptions]) -> list[RoomOptions]:
        if len({room.name for room in rooms}) < len(rooms):
            raise ValueError("two rooms have the same name")
        return rooms
