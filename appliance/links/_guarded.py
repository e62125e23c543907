"""What a discovery payload says of a lock, a siren, a gate... that the box itself does not take: whose topics these are.

A lamp announced on the topic of an alarm panel disarms it. So the topics of what is dangerous are known even where nobody
speaks to such a thing here, or where its payload is refused. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from appliance.errors import InputError
from appliance.levels import FORBIDDEN_DOMAINS, SOFT_COVERS
from appliance.links._abbreviations import BASE, expand
from appliance.links._discovery import component_id, identity_of, parsed
from appliance.links._kinds import DISCOVERED, PASSED_OVER

_COMMAND = ("command_topic", "set_position_topic")
LONGEST_IDENTIFIERS = 1000
_ADDRESS = re.compile(r"0x[0-9a-f]{16}", re.IGNORECASE)


def guarded(component: str, node: str, thing: str, payload: bytes) -> dict[str, frozenset[str]]:
    """Return the command topics of the dangerous things that a payload announces, by the ids that these would have."""
    if not payload or (component != "device" and not _may_guard(component)):
        return {}
    try:
        raw = parsed(payload)
        config = expand(raw)
    except InputError:
        return {}
    identity = identity_of(component, node, thing)
    device = config.get("device")
    if component != "device":
        return _one(identity, component, config, device)
    components = config.get("components")
    found: dict[str, frozenset[str]] = {}
    for key, inner in components.items() if isinstance(components, dict) else ():
        if isinstance(inner, dict):
            own = {"command_topic": config.get("command_topic")} | expand({BASE: raw.get(BASE)} | inner)
            found |= _one(component_id(identity, key), str(own.get("platform")), own, device)
    return found


def _may_guard(component: str) -> bool:
    known = component in DISCOVERED or component in PASSED_OVER
    return component in FORBIDDEN_DOMAINS or component == "cover" or not known


def _one(identity: str, component: str, config: Mapping[str, Any], device: object) -> dict[str, frozenset[str]]:
    soft = component == "cover" and str(config.get("device_class")) in {*SOFT_COVERS, "window"}
    if not _may_guard(component) or soft or config.get("entity_category") is not None:  # a child lock is a setting
        return {}
    topics = frozenset(str(v) for k, v in config.items() if k.endswith(_COMMAND) and isinstance(v, str) and v)
    aliases = _by_address(topics, device)
    return ({identity: topics} if topics else {}) | ({f"{identity}#address": aliases} if aliases else {})


def _by_address(topics: Iterable[str], device: object) -> frozenset[str]:
    """Return the topics by which zigbee2mqtt takes commands for a device whatever its name: its address is in its ids."""
    identifiers = device.get("identifiers", ()) if isinstance(device, Mapping) else ()
    addresses = {address.lower() for address in _ADDRESS.findall(str(identifiers)[:LONGEST_IDENTIFIERS])}
    own = frozenset(topics)
    found = {f"{topic.partition('/')[0]}/{address}/set" for topic in own for address in addresses}
    return frozenset(found) - own
