"""What a thing's configuration says, key by key, with its type: from a discovery payload, or from the owner's file.

Every getter raises InputError with the reason where a value is not what it has to be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from appliance.errors import InputError
from appliance.links._templates import Template
from appliance.links._topics import is_own, publishable

TEXT_LIMIT = 2000
LIST_LIMIT = 100


def wrong(key: str) -> InputError:
    """Return the reason for a value of another type, or out of range."""
    return InputError("discovery-wrong-value", stage="home", key=key)


class Keys:
    """The configuration of one thing; notes which topics it commands."""

    def __init__(self, config: Mapping[str, Any], permit: Callable[[str], None] = lambda topic: None) -> None:
        """`permit` raises InputError for a command topic that may not be."""
        self._config, self._permit = config, permit
        self.commands: set[str] = set()
        """Topics that this thing takes commands from, as far as they were asked for."""

    def has(self, key: str) -> bool:
        """Tell whether a key is there and not null."""
        return self._config.get(key) is not None

    def command(self, key: str) -> str:
        """Return a topic to publish to; "" where there is none."""
        topic = self._topic(key)
        if topic:
            self._permit(topic)
            self.commands.add(topic)
        return topic

    def topic(self, key: str) -> str:
        """Return a topic to follow; "" where there is none."""
        topic = self._topic(key)
        if is_own(topic):
            raise InputError("discovery-wrong-topic", stage="home", key=key)
        return topic

    def _topic(self, key: str) -> str:
        topic = self._config.get(key)
        if topic is None:
            return ""
        if not publishable(topic) or topic.startswith("$"):
            raise InputError("discovery-wrong-topic", stage="home", key=key)
        return str(topic)

    def need(self, *keys: str) -> None:
        """Raise InputError where none of the keys is there."""
        if not any(self.has(key) for key in keys):
            raise InputError("discovery-missing-key", stage="home", key=keys[0])

    def text(self, key: str, default: str = "") -> str:
        """Return a text; "" where it is null."""
        if key not in self._config:
            return default
        value = self._config[key]
        if value is None:
            return ""
        if not isinstance(value, str | int | float) or len(str(value)) > TEXT_LIMIT:
            raise wrong(key)
        return str(value)

    def number(self, key: str, default: float, least: float, most: float) -> float:
        """Return a number between two others."""
        value = self._config.get(key)
        if value is None:
            return default
        try:
            found = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError) as error:
            raise wrong(key) from error
        if not least <= found <= most:
            raise wrong(key)
        return found

    def flag(self, key: str, default: bool = False) -> bool:
        """Return true or false."""
        value = self._config.get(key)
        if value is None:
            return default
        if isinstance(value, bool):
            return value
        if str(value).lower() in ("true", "false", "1", "0"):
            return str(value).lower() in ("true", "1")
        raise wrong(key)

    def words(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Return a list of texts."""
        value = self._config.get(key)
        if value is None:
            return default
        if not isinstance(value, list) or len(value) > LIST_LIMIT or not all(isinstance(v, str) for v in value):
            raise wrong(key)
        return tuple(value)

    def template(self, *keys: str) -> Template | None:
        """Return the template of the first key that is there; None where there is none."""
        for key in keys:
            if self.has(key):
                value = self._config[key]
                if not isinstance(value, str):
                    raise wrong(key)
                return Template(value)
        return None
