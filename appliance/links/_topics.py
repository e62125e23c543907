"""Which topics the box publishes to for a thing that a stranger announced, and which things reach the same device.

The command topics of a discovery payload are its sender's choice. The box may publish where the sender may not, so it
publishes only to what the owner's allow-list names: else whoever can announce a lamp could have the box press any button of
the bus in his stead (a confused deputy).
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

TOPIC_LIMIT = 200
KNOWN: tuple[str, ...] = (
    # zigbee2mqtt, names of up to three levels, and zwave-js-ui
    *(f"zigbee2mqtt/{name}/set" for name in ("+", "+/+", "+/+/+")),
    *(f"zigbee2mqtt/{name}/set/#" for name in ("+", "+/+", "+/+/+")),
    *(f"zwave/{name}/set" for name in ("+/+/+/+", "+/+/+/+/+", "+/+/+/+/+/+", "+/+/+/+/+/+/+")),
    # Tasmota, in both of its orders
    *("cmnd/+/+", "cmnd/+/+/+", "+/cmnd/+"),
    # ESPHome
    *(f"+/{kind}/+/command" for kind in ("light", "switch", "cover", "lock", "fan", "button", "valve", "climate")),
    *(f"+/{kind}/+/+/command" for kind in ("cover", "fan", "climate", "valve")),
    # Shelly, Valetudo, and what people call their own
    *(
        "shellies/+/+/+/command",
        "shellies/+/+/+/command/#",
        "shellies/+/+/+/set",
        "+/command/switch:0",
        "valetudo/+/+/+/set",
    ),
    *("valetudo/+/+/+/+/set", "home/#", "maison/#", "homeassistant/+/+/set", "homeassistant/+/+/+/set"),
)
"""Where the usual publishers of discovery take their commands."""


def publishable(topic: object) -> bool:
    """Tell whether this is a topic at all that one may publish to: no wildcard, no control character, not too long."""
    return (
        isinstance(topic, str)
        and 0 < len(topic) <= TOPIC_LIMIT
        and not any(unicodedata.category(c) in ("Cc", "Cs", "Cn", "Zl", "Zp") or c in "+#" for c in topic)
    )


def is_filter(text: str) -> bool:
    """Tell whether this is a topic filter: # only as the last level, + only as a whole one."""
    levels = text.split("/")
    return (
        0 < len(text) <= TOPIC_LIMIT
        and "\0" not in text
        and all(level in ("+", "#") or not set(level) & set("+#") for level in levels)
        and "#" not in levels[:-1]
    )


def matches(topic: str, pattern: str) -> bool:
    """Tell whether a topic is one of those that a filter means."""
    levels, wanted = topic.split("/"), pattern.split("/")
    if wanted[-1] == "#":
        return len(levels) >= len(wanted) - 1 and _fit(levels, wanted[:-1])
    return len(levels) == len(wanted) and _fit(levels, wanted)


def _fit(levels: list[str], wanted: list[str]) -> bool:
    return all(one in ("+", level) for level, one in zip(levels, wanted, strict=False))


def reserved(topic: str, prefix: str) -> bool:
    """Tell whether no announcement may ever name this topic for commands, whatever the allow-list says."""
    announcing = topic == f"{prefix}/status" or (topic.startswith(f"{prefix}/") and topic.endswith("/config"))
    return topic.startswith("$") or is_own(topic) or announcing


def is_own(topic: str) -> bool:
    """Tell whether this topic is the boxes' own: followed, what is told of a thing would come back as its news."""
    return topic.split("/", 1)[0] == "grillon"


def allowed(topic: str, filters: Iterable[str], prefix: str) -> bool:
    """Tell whether the box publishes there for a stranger."""
    return publishable(topic) and not reserved(topic, prefix) and any(matches(topic, one) for one in filters)


def reach(topic: str) -> tuple[str, ...]:
    """Return the levels of a command topic that name the device: two topics with the same reach move the same thing.

    zigbee2mqtt takes everything below a device's `set`; Tasmota every command below `cmnd/<device>`.
    """
    levels = topic.split("/")
    if "set" in levels[1:]:
        return tuple(levels[: levels.index("set", 1)])
    if "cmnd" in levels[:2] and len(levels) > 2:
        return tuple(levels[:2])
    return tuple(levels)


def same_device(one: Iterable[str], other: Iterable[str]) -> bool:
    """Tell whether some command topic of one thing reaches what a command topic of another reaches."""
    reached = {reach(topic) for topic in one}
    return any(_overlap(far, near) for far in (reach(topic) for topic in other) for near in reached)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    # The payload of z2m/serrure/set may name an endpoint that z2m/serrure/left/set names by its topic.
    shorter = min(len(one), len(other))
    return (one[:shorter] == other[:shorter] and shorter > 1) or one == other
