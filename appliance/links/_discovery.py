"""Discovery topics and payloads to the things that they announce. Pure; nothing in a payload is executed or trusted.

    <prefix>/<component>/[<node>/]<object>/config     one thing
    <prefix>/device/[<node>/]<object>/config          a device with its components: dev, o, cmps

An empty payload takes back what its topic had announced. A component that has nothing but its platform takes itself back.
Source: https://www.home-assistant.io/integrations/mqtt/#mqtt-discovery
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from appliance.errors import InputError
from appliance.links._abbreviations import BASE, expand
from appliance.links._kinds import DISCOVERED, PASSED_OVER

PAYLOAD_LIMIT = 64 * 1024
"""Bytes of one payload."""
COMPONENTS_LIMIT = 200
NESTING_LIMIT = 20
NAME_LIMIT = 80
_SLUG = re.compile(r"[a-zA-Z0-9_-]{1,100}")
_COMPONENT_KEY = re.compile(r"[\w .:/-]{1,100}")
SHARED = (
    *("availability", "availability_topic", "availability_template", "availability_mode", "payload_available"),
    *("payload_not_available", "command_topic", "state_topic", "qos", "encoding", "retain"),
)
"""Keys of a device's payload that hold for each of its components which does not say otherwise."""


@dataclass(frozen=True, slots=True)
class Announced:
    """A thing as a payload describes it."""

    id: str
    component: str
    name: str
    area: str
    config: Mapping[str, Any]
    unique_id: str = ""


def parts(topic: str, prefix: str) -> tuple[str, str, str] | None:
    """Return component, node and object of a discovery topic; None where it is none."""
    levels = topic.removeprefix(f"{prefix}/").split("/")
    if not topic.startswith(f"{prefix}/") or levels[-1] != "config" or len(levels) not in (3, 4):
        return None
    component, *middle, _ = levels
    return component, middle[0] if len(middle) == 2 else "", middle[-1]


@dataclass(frozen=True, slots=True)
class Announcement:
    """What one payload announces."""

    things: tuple[Announced, ...] = ()
    refused: tuple[InputError, ...] = ()
    """Why components of a device were refused; the others are good."""


def announced(component: str, node: str, thing: str, payload: bytes) -> Announcement:
    """Return what a payload announces; nothing where it takes back, or where nobody speaks to such a thing.

    Raises InputError with the reason where it is refused as a whole.
    """
    known = component in DISCOVERED or component in PASSED_OVER or component == "device"
    if not known or not all(_SLUG.fullmatch(part) for part in (node or "-", thing)):
        code = "discovery-wrong-topic-form" if known else "discovery-unknown-component"
        raise InputError(code, stage="home", component=component[:40])
    if not payload or component in PASSED_OVER:
        return Announcement()
    raw = parsed(payload)
    config = expand(raw) | {BASE: raw.get(BASE)}
    if config.get("migrate_discovery") is True:
        return Announcement()  # its device announces it from now on
    if component == "device":
        return _of_device(identity_of(component, node, thing), config)
    one = _one(identity_of(component, node, thing), component, config, config.get("device"), thing)
    return Announcement((one,) if one else ())


def identity_of(component: str, node: str, thing: str) -> str:
    """Return the id of what a topic announces."""
    return ".".join(filter(None, (component, node, thing)))


def component_id(identity: str, key: str) -> str:
    """Return the id of a component of a device."""
    slug = re.sub(r"[^\w.-]", "_", key)
    return f"{identity}.{slug}"


def parsed(payload: bytes) -> dict[str, Any]:
    """Return the object that a payload is. Raises InputError."""
    if len(payload) > PAYLOAD_LIMIT:
        raise InputError("discovery-too-big", stage="home", kilobytes=PAYLOAD_LIMIT // 1024)
    try:
        data = json.loads(payload.decode("utf-8"))
        json.dumps(data, ensure_ascii=False, allow_nan=False).encode("utf-8")  # half a surrogate pair is no text
    except (ValueError, RecursionError) as error:
        raise InputError("discovery-not-json", stage="home") from error
    if not isinstance(data, dict):
        raise InputError("discovery-not-json", stage="home")
    if _depth(data) > NESTING_LIMIT:
        raise InputError("discovery-too-deep", stage="home")
    return data


def _depth(data: Any) -> int:
    depth, level = 0, [data]
    while level and depth <= NESTING_LIMIT:
        depth += 1
        level = [
            inner
            for outer in level
            if isinstance(outer, dict | list)
            for inner in (outer.values() if isinstance(outer, dict) else outer)
        ]
    return depth


def _of_device(identity: str, config: dict[str, Any]) -> Announcement:
    device, components = config.get("device"), config.get("components")
    for key, value in (("device", device), ("components", components), ("origin", config.get("origin"))):
        if not isinstance(value, dict):
            raise InputError("discovery-missing-key", stage="home", key=key)
    assert isinstance(components, dict)
    if len(components) > COMPONENTS_LIMIT:
        raise InputError("discovery-too-many", stage="home", limit=COMPONENTS_LIMIT)
    shared = {key: config[key] for key in SHARED if key in config}
    found: list[Announced] = []
    refused: list[InputError] = []
    for key, component in components.items():
        try:
            if not isinstance(component, dict) or not _COMPONENT_KEY.fullmatch(key):
                raise InputError("discovery-wrong-value", stage="home", key=key[:80])
            one = _of_component(identity, key, expand({BASE: config[BASE]} | component), shared, device)
            found += [one] if one else []
        except InputError as error:
            refused.append(error)
    return Announcement(tuple(found), tuple(refused))


def _of_component(
    identity: str, key: str, component: dict[str, Any], shared: dict[str, Any], device: Any
) -> Announced | None:
    platform = component.pop("platform", None)
    if not isinstance(platform, str):
        raise InputError("discovery-missing-key", stage="home", key=f"{key[:60]}.platform")
    if not component or platform in PASSED_OVER:
        return None
    if platform not in DISCOVERED:
        raise InputError("discovery-unknown-component", stage="home", component=platform[:40])
    if any(k.startswith("availability") for k in component):
        shared = {k: v for k, v in shared.items() if not k.startswith("availability")}
    return _one(component_id(identity, key), platform, shared | component, device, key)


def _one(identity: str, component: str, config: dict[str, Any], device: Any, thing: str) -> Announced | None:
    if device is not None and not isinstance(device, dict):
        raise InputError("discovery-wrong-value", stage="home", key="device")
    if config.get("entity_category") is not None or config.get("enabled_by_default") is False:
        return None  # settings and diagnostics of a device: nobody speaks to them
    device = device or {}
    unique = config.get("unique_id")
    area = device.get("suggested_area")
    return Announced(
        identity,
        component,
        _name(config, device, thing),
        clean(area) if isinstance(area, str) else "",
        config,
        str(unique)[:200] if isinstance(unique, str | int) else "",
    )


def _name(config: dict[str, Any], device: dict[str, Any], thing: str) -> str:
    """Return the name by Home Assistant's rule: the device's, then the thing's own; null is the device itself."""
    given = config.get("name")
    if given is not None and not isinstance(given, str | int | float):
        raise InputError("discovery-wrong-value", stage="home", key="name")
    own = clean(str(given)) if given is not None else ""
    of_device = clean(str(device["name"])) if isinstance(device.get("name"), str) else ""
    if own and of_device and not own.casefold().startswith(of_device.casefold()):
        return clean(f"{of_device} {own}")
    return own or of_device or clean(re.sub(r"[_-]+", " ", thing)) or thing[:NAME_LIMIT]


def clean(text: str) -> str:
    """Return a name in one line, without control characters, and not too long to be said."""
    kept = (" " if unicodedata.category(c)[0] in "CZ" else c for c in text[: NAME_LIMIT * 10])
    return " ".join("".join(kept).split())[:NAME_LIMIT].strip()
