"""The owner's own rules, as they are written in the configuration: what is said, and what is then done or answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from appliance.actions import Value


@dataclass(frozen=True, slots=True)
class Deed:
    """One action of a rule: a service of a thing, or of everything of that domain in an area."""

    service: str
    """domain.service, as Home Assistant names it."""
    thing: str = ""
    """Name of a thing, or {name}: the one that was said."""
    area: str = ""
    """Name of an area, or {area}: the one that was said."""
    data: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A sentence of the owner's."""

    say: tuple[str, ...]
    do: tuple[Deed, ...] = ()
    answer: str = ""
    language: str = ""
