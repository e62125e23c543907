"""The ways in and out of the box, and how a link is found.

A link is one file, whose name is its name in the configuration (`[links.mqtt]`), with two names in it:
`Options` (pydantic, what the person may set) and `Link`. It tells the outside what happens, from the bus, and
turns what the outside wishes into typed commands for `send`. Nothing of a link may ever delay a turn.

A file that begins with an underscore serves its neighbours and is no link. Third parties register
`grillon.links` entry points whose value is such a module.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from importlib.metadata import entry_points
from types import ModuleType
from typing import Any, Protocol

from pydantic import BaseModel, ConfigDict

from appliance.errors import ConfigError
from appliance.events import Command
from appliance.home import Home, Thing

Send = Callable[[Command], Awaitable[None]]
"""Hands a command to the room it names. Raises InputError (room-unknown...) where it cannot."""


class LinkOptions(BaseModel):
    """Base of every link's Options: unknown keys are refused, field docstrings are the documentation."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class BoxInfo:
    """What a link tells about the box."""

    box: str
    """Name of the box: letters, digits, - and _."""
    language: str
    """fr or en: the language of what a person reads."""
    version: str
    rooms: tuple[str, ...]
    """Names of the rooms, in the order of the configuration."""
    home: Home = field(default_factory=Home)
    """What is known of the home; a link that learns of it writes there."""
    declared: tuple[tuple[Thing, Mapping[str, Any]], ...] = ()
    """Things of the owner's file that are reached over MQTT, and how."""


class Link(Protocol):
    """A way in and out. Its constructor takes `(options, box, bus, send)`: its own Options, BoxInfo, Bus and Send.

    The constructor raises ConfigError where the person's options cannot work (a file that is not there...).
    """

    async def run(self) -> None:
        """Carry events out and commands in until cancelled. Expected trouble is told on the bus, never raised."""


def names() -> list[str]:
    """Return the links that exist, the box's own first, then third parties'."""
    own = [m.name for m in pkgutil.iter_modules(__path__) if not m.name.startswith("_")]
    return own + [e.name for e in entry_points(group="grillon.links") if e.name not in own]


def module(name: str) -> ModuleType:
    """Return the module of a link. Raises ConfigError for a name that does not exist, and says which do."""
    if name not in names():
        raise ConfigError("link-unknown", name=name, known=", ".join(names()))
    for entry in entry_points(group="grillon.links", name=name):
        return entry.load()  # type: ignore[no-any-return]
    return importlib.import_module(f"appliance.links.{name}")


def options_of(name: str, tables: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """Return what the person set for a link; the broker of [links.mqtt] where it speaks MQTT and names none itself."""
    from appliance.links._options import BrokerOptions

    own = tables.get(name, {})
    if name == "mqtt" or not issubclass(module(name).Options, BrokerOptions) or own.keys() & {"host", "socket"}:
        return own
    shared = {key: value for key, value in tables.get("mqtt", {}).items() if key in BrokerOptions.model_fields}
    return shared | own
