"""The error tree.

    ApplianceError            expected trouble: a stable `code`, the `stage` where it happened
    ├── ConfigError           the person's configuration is wrong             exit 2
    ├── InputError            a file, a text or a payload cannot be used      exit 2
    ├── ModelError            a model is missing, broken or cannot be fetched
    ├── EngineError           an engine failed or died while it worked
    ├── DeviceError           a microphone or loudspeaker is absent or was lost
    └── LinkError             a link (broker, satellite...) cannot be reached

An ApplianceError is caught in one place (the session for a turn, `__main__` for a command) and becomes a `Failed`
event, a spoken apology or one line for the person. Anything else is a bug and keeps its traceback.

What the person reads is `error.text(language)`: the entry `code` of messages.toml, filled with the keyword values.
"""

from __future__ import annotations

from appliance.messages import text


class ApplianceError(Exception):
    """Expected trouble. `code` is a key of messages.toml; `values` fill its placeholders."""

    stage = "box"

    def __init__(self, code: str, stage: str | None = None, **values: object) -> None:
        self.code = code
        self.stage = stage or type(self).stage
        self.values = values
        super().__init__(code)

    def text(self, language: str) -> str:
        """Return the sentence for the person, in `language` ("fr" or "en")."""
        return text(self.code, language, **self.values)

    def __str__(self) -> str:
        return self.text("en")

    def __reduce__(self) -> tuple[object, ...]:
        # Engines raise in child processes: the error must survive pickling with its values.
        return (_rebuild, (type(self), self.code, self.stage, self.values))


def _rebuild(kind: type[ApplianceError], code: str, stage: str, values: dict[str, object]) -> ApplianceError:
    return kind(code, stage, **values)


class ConfigError(ApplianceError):
    """The person's configuration is wrong."""

    stage = "config"


class InputError(ApplianceError):
    """A file, a text or a payload cannot be used."""

    stage = "input"


class ModelError(ApplianceError):
    """A model is missing, broken or cannot be fetched."""

    stage = "models"


class EngineError(ApplianceError):
    """An engine failed or died while it worked."""

    stage = "engine"


class DeviceError(ApplianceError):
    """A microphone or loudspeaker is absent or was lost."""

    stage = "device"


class LinkError(ApplianceError):
    """A link to the outside (broker, satellite...) cannot be reached."""

    stage = "link"
