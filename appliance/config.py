"""The configuration: TOML that a person edits, read into pydantic models that refuse what they do not know.

Three files, never mixed: the defaults are in this file; the person's file is `/etc/grillon/grillon.toml`, else
`~/.config/grillon/grillon.toml`, else what `--config` or GRILLON_CONFIG names; runtime state (volume, mute) is in the
state folder and is written by store.py only. The daemon never writes the person's file.

pydantic stays here and in the Options of engines, skills, links and checks. All mistakes are reported at once, each
as file, table.key, what is wrong.
"""

from __future__ import annotations

import contextlib
import copy
import difflib
import os
import re
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal, TypeVar, get_args
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, ValidationError, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from appliance import engines
from appliance.config_home import HomeOptions
from appliance.config_table import Table
from appliance.errors import ConfigError
from appliance.messages import text

AUTO_LLM = "llama"
"""The engine of the language model where the person leaves it to the profile."""
SERVICE_STATE = Path("/var/lib/grillon")
"""StateDirectory= of systemd/grillon.service."""


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
    max_tokens: int = Field(320, ge=16, le=2000)
    """Longest answer; what is spoken ends at about a minute all the same."""


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
    area: str = ""
    """Name of the area of the home where this room is ("allume la lumière" means its light); empty: the room's own name."""


class Config(Table):
    """The whole configuration."""

    box: str = Field("grillon", pattern=r"^[\w-]{1,40}$")
    """Name of this box: the second level of every MQTT topic."""
    language: Literal["fr", "en"] = "fr"
    languages: list[Literal["fr", "en"]] = Field(default_factory=list, max_length=2)
    """Languages that are spoken to the box, told apart turn by turn; empty: `language` alone."""
    address: Literal["tu", "vous"] = "tu"
    """How the box addresses people in French."""
    numbers: Literal["france", "belgium", "switzerland"] = "france"
    """How the box says 70, 80 and 90 in French. All are understood."""
    profile: Literal["nano", "base", "plus", "gpu"] = "base"
    place: str = Field("", max_length=80)
    """Town where the box stands; told to the skills and the model."""
    words: list[str] = Field(default_factory=list, max_length=200)
    """Names of this home (rooms, devices, people...) that recognition should lean towards, after the kinds of things that
    every home has."""
    timezone: str = ""
    """IANA name, for instance Europe/Paris; empty: the system's."""
    state_folder: Path = Path()
    """Where volume, mute, the database and the code's hash are kept; empty: chosen by `default_state_folder`."""
    models_folder: Path = Path()
    """Model store; empty: chosen by catalog.default_store."""
    wake: Wake = Wake()
    vad: Vad = Vad()
    stt: Stt = Stt()
    llm: Llm = Llm()
    tts: Tts = Tts()
    turn: TurnOptions = TurnOptions()
    rooms: list[RoomOptions] = Field(default_factory=lambda: [RoomOptions()], min_length=1)
    home: HomeOptions = HomeOptions()
    links: dict[str, dict[str, Any]] = Field(default={"mqtt": {}, "homeassistant": {}})
    """One table a link: [links.mqtt] ...; the keys are the link's own Options."""

    @field_validator("links")
    @classmethod
    def _home_is_on_the_same_broker(cls, links: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        """Writing [links.mqtt] alone does not switch the home off; a broker on any free port cannot be found again."""
        if "mqtt" in links and links["mqtt"].get("port") != 0:
            return {**links, "homeassistant": links.get("homeassistant", {})}
        return links

    @field_validator("rooms")
    @classmethod
    def _rooms_have_their_own_names(cls, rooms: list[RoomOptions]) -> list[RoomOptions]:
        if len({room.name for room in rooms}) < len(rooms):
            raise PydanticCustomError("same_room_name", "two rooms have the same name")
        return rooms

    @field_validator("timezone")
    @classmethod
    def _time_zone_exists(cls, timezone: str) -> str:
        if timezone:
            try:
                ZoneInfo(timezone)
            except (LookupError, ValueError, OSError) as error:  # unknown; not a name; a folder, as "Europe" is
                raise PydanticCustomError("time_zone", "there is no such time zone") from error
        return timezone


def person_file() -> Path | None:
    """Return the person's configuration file: the first that exists, or the one that GRILLON_CONFIG names."""
    if named := os.environ.get("GRILLON_CONFIG"):
        return Path(named)
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    found = (p for p in (Path("/etc/grillon/grillon.toml"), home / "grillon" / "grillon.toml") if p.exists())
    return next(found, None)


def default_state_folder() -> Path:
    """Return where runtime state goes: what systemd gives (StateDirectory=), else the person's own state folder.

    Whoever may write the service's folder (root, with sudo) means the service: `grillon pin set` is for the box that runs.
    """
    if given := os.environ.get("STATE_DIRECTORY"):
        return Path(given)
    if SERVICE_STATE.is_dir() and os.access(SERVICE_STATE, os.W_OK):
        return SERVICE_STATE
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "grillon"


def load(path: Path | None = None) -> Config:
    """Read the person's file (`path`, else `person_file()`, else nothing: the defaults).

    Raises ConfigError with every mistake, a line each: file: table.key: what is wrong.
    """
    config, mistakes = examine(path)
    if mistakes:
        raise InvalidConfigError(mistakes)
    return config


def examine(path: Path | None = None) -> tuple[Config, list[Mistake]]:
    """Read the person's file as `load` does; return it without what is wrong in it, and every mistake.

    So whoever knows more than this module (links, voices) can go on to look at the rest and tell all at once.
    Options of `tts.engine = "auto"` are not looked at: which voice speaks depends on the store.
    Raises ConfigError for a file that cannot be read at all.
    """
    path = path or person_file()
    if path is None:
        return Config(), []
    mistakes: list[Mistake] = []
    data = _toml(path)
    with noted(mistakes, str(path)):
        read(Config, data, str(path))
    config = Config.model_validate(_without(data, mistakes))
    for role in engines.ROLES:
        choice: EngineChoice = getattr(config, role)
        if (role, choice.engine) == ("llm", "auto"):
            choice = EngineChoice(engine=AUTO_LLM, options=choice.options)
        if (role, choice.engine) not in (("llm", "none"), ("tts", "auto")):
            with noted(mistakes, str(path), f"{role}.engine"):
                engine_options(role, choice, str(path))
    return config, mistakes


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("config-missing", path=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("config-unreadable", path=path, detail=error) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError("config-syntax", path=path, detail=error) from error


def _without(data: dict[str, Any], mistakes: list[Mistake]) -> dict[str, Any]:
    """Return the data without the wrong keys; a list goes as a whole."""
    data = copy.deepcopy(data)
    for mistake in mistakes:
        table, *rest = data, *mistake.loc
        while rest:
            key, *rest = rest
            inner = table.get(str(key))
            if not rest or not isinstance(inner, dict):
                table.pop(str(key), None)
                break
            table = inner
    return data


def engine_options(role: engines.Role, choice: EngineChoice, where: str = "") -> engines.EngineOptions:
    """Return the engine's own Options for this choice. Raises ConfigError for an unknown engine or key."""
    options: type[engines.EngineOptions] = engines.module(role, choice.engine).Options
    return read(options, choice.options, where, prefix=f"{role}.options.")


M = TypeVar("M", bound=BaseModel)


def read(model: type[M], data: dict[str, Any], where: str, prefix: str = "") -> M:
    """Validate `data`; raise ConfigError with all mistakes at once."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        raise InvalidConfigError([_refused(where, prefix, details, model) for details in error.errors()]) from error


@contextlib.contextmanager
def noted(mistakes: list[Mistake], where: str, key: str = "") -> Iterator[None]:
    """Append the mistakes that are raised inside to the list. `key` is told for one that does not tell its own."""
    try:
        yield
    except InvalidConfigError as error:
        mistakes += error.mistakes
    except ConfigError as error:
        mistakes.append(Mistake(where, key, error.text))


class InvalidConfigError(ConfigError):
    """One or more mistakes; its text is a line each."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        super().__init__("config-invalid")
        self.mistakes = mistakes

    def text(self, language: str) -> str:
        """Return a line a mistake."""
        return "\n".join(mistake.text(language) for mistake in self.mistakes)


_REASONS = {
    "extra_forbidden": "config-unknown-key",
    "missing": "config-missing-key",
    "literal_error": "config-one-of",
    "greater_than_equal": "config-at-least",
    "greater_than": "config-more-than",
    "less_than_equal": "config-at-most",
    "less_than": "config-less-than",
    "string_pattern_mismatch": "config-name",
    "same_room_name": "config-same-room-name",
    "unknown_name": "config-unknown-name",
    "same_thing": "config-same-thing",
    "template": "config-template",
    "template_list": "config-template-list",
    "too_short": "config-list-too-short",
    "too_long": "config-list-too-long",
    "string_too_short": "config-text-too-short",
    "string_too_long": "config-text-too-long",
    "finite_number": "config-finite",
    "time_zone": "clock-zone-unknown",
    **dict.fromkeys(("list_type", "tuple_type", "set_type"), "config-list"),
    **dict.fromkeys(("int_type", "int_parsing", "int_parsing_size", "int_from_float"), "config-whole-number"),
    **dict.fromkeys(("float_type", "float_parsing"), "config-number"),
    **dict.fromkeys(("bool_type", "bool_parsing"), "config-true-false"),
    **dict.fromkeys(("string_type", "string_unicode", "path_type"), "config-text"),
    **dict.fromkeys(("dict_type", "model_type"), "config-table"),
}


class Mistake:
    """One wrong key, told in the person's language."""

    def __init__(self, where: str, key: str, reason: Callable[[str], str], loc: tuple[int | str, ...] = ()) -> None:
        self._where, self._key, self._reason = where, key, reason
        self.loc = loc
        """Where the key is in what was read."""

    def text(self, language: str) -> str:
        """Return `file: table.key: what is wrong`."""
        return ": ".join(part for part in (self._where, self._key, self._reason(language)) if part)


def _refused(where: str, prefix: str, details: ErrorDetails, model: type[BaseModel]) -> Mistake:
    """Return what pydantic refused, in words of ours."""
    key = prefix + ".".join(str(part) for part in details["loc"])

    def reason(language: str) -> str:
        values = {"detail": details["msg"], "value": details["input"], "zone": details["input"]}
        values |= details.get("ctx", {}) | {"near": _near(details["loc"], model, language)}
        if details["type"] == "literal_error":
            values["expected"] = _alternatives(str(values["expected"]), language)
        code = _REASONS.get(details["type"], "config-other")
        if code == "config-list-too-short" and values["min_length"] == 1:
            code = "config-empty-list"
        return text(code, language, **values)

    return Mistake(where, key, reason, details["loc"])


def _alternatives(expected: str, language: str) -> str:
    """Return pydantic's "'a', 'b' or 'c'" in the person's language."""
    *first, last = (one.strip("'") for one in re.split(r", | or ", expected))
    return text("config-or", language, first=", ".join(first), last=last) if first else last


def _near(loc: tuple[int | str, ...], model: type[BaseModel], language: str) -> str:
    """Return ", did you mean ...?" where a known key of that table looks like this one."""
    *tables, key = loc or ("",)
    inner: Any = model
    for table in tables:
        if isinstance(table, str) and isinstance(inner, type) and issubclass(inner, BaseModel):
            annotation = inner.model_fields[table].annotation if table in inner.model_fields else None
            inner = next(iter(get_args(annotation)), annotation)
    known = list(inner.model_fields) if isinstance(inner, type) and issubclass(inner, BaseModel) else []
    near = difflib.get_close_matches(str(key), known, 1)
    return text("config-did-you-mean", language, key=near[0]) if near else ""
