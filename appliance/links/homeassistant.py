"""The home over MQTT: things that announce themselves as Home Assistant's MQTT discovery has it, and the owner's own.

    <prefix>/<component>/[<node>/]<object>/config   in   retained: a thing, or a device with its components
    what each of them names as state topic          in   how it stands, into the live home and onto the bus
    what each of them names as command topic        out  what the executor carries out, QoS 1

- Nothing that is received is executed: templates are read by a small evaluator of our own (_expressions.py).
- A payload's command topics are its sender's choice, so they must fit `topics`, the owner's allow-list (_topics.py);
  what is refused says why, as DiscoveryRefused. Where two things move one device, `sharing` tells, and the stricter level
  of both holds.
- Nothing is published on <prefix>/status unless `birth` asks for it: that topic is Home Assistant's, and a false birth
  would tell every device that it is there. Discovery is retained by zigbee2mqtt, Tasmota and ESPHome alike; zigbee2mqtt
  alone does not retain states, and tells them anew after a birth, or as soon as something changes.
- Where no broker is named it is that of [links.mqtt], the embedded one included.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
from collections.abc import Mapping
from typing import Any

import aiomqtt
from pydantic import Field, field_validator

from appliance import events
from appliance.actions import Action
from appliance.bus import Bus
from appliance.errors import ConfigError, InputError, LinkError
from appliance.home import Home, Thing
from appliance.links import BoxInfo, Send
from appliance.links._client import Client
from appliance.links._connection import Connection
from appliance.links._described import described
from appliance.links._options import BrokerOptions
from appliance.links._registry import Entry, Registry
from appliance.links._topics import KNOWN, is_filter, publishable

log = logging.getLogger(__name__)

PATIENT_ATTEMPTS = 3
"""A broker that fails more often in a row is told to the person."""
PUBLISH_SECONDS = 5.0
SUBSCRIBE_AT_ONCE = 100


class Options(BrokerOptions):
    """Where the broker is (empty: that of [links.mqtt]), and what may be announced there."""

    discovery_prefix: str = "homeassistant"
    """First levels of the discovery topics."""
    topics: list[str] = Field(default=list(KNOWN), max_length=500)
    """MQTT topic filters (+ and #): where the box may publish for a thing that announced itself. What the owner writes
    under [[home.things]] needs no entry here."""
    birth: bool = False
    """Say "online" on <prefix>/status at each connection, as Home Assistant does, so that zigbee2mqtt and others tell all
    their states again. Only where no Home Assistant is on this broker."""

    @field_validator("topics")
    @classmethod
    def _are_filters(cls, topics: list[str]) -> list[str]:
        for topic in topics:
            if not is_filter(topic):
                message = f"not an MQTT topic filter: {topic}"
                raise ValueError(message)
        return topics

    @field_validator("discovery_prefix")
    @classmethod
    def _is_topic(cls, prefix: str) -> str:
        if not publishable(prefix) or prefix.startswith(("$", "/")) or prefix.endswith("/"):
            message = f"not an MQTT topic: {prefix}"
            raise ValueError(message)
        return prefix


def declared(thing: Thing, config: Mapping[str, Any], language: str) -> None:
    """Look at a thing as the owner wrote it. Raises ConfigError where its keys cannot work."""
    Registry(Home(), language, lambda event: None).declare(thing, config)


class Link:
    """Follows the things of a broker, and moves them: an Actuator."""

    domains = frozenset(
        ("light", "switch", "cover", "lock", "fan", "climate", "scene", "script", "media_player", "vacuum")
    )

    def __init__(self, options: Options, box: BoxInfo, bus: Bus, send: Send) -> None:
        """Raises ConfigError where a declared thing, or a file that is named, cannot be used."""
        if not options.port and not options.socket:
            raise ConfigError("home-no-broker-port", stage="home")
        self._options, self._box, self._bus, self._home = options, box, bus, box.home
        self._connection = Connection(options, f"grillon-{box.box}-home", lasting=False)
        self._registry = Registry(box.home, box.language, bus.publish, options.topics, prefix=options.discovery_prefix)
        for thing, config in box.declared:
            self._registry.declare(thing, config)
        self._client: Client | None = None
        self._wanted_changed = asyncio.Event()
        self._failures = 0
        self._told = ""

    @property
    def refused(self) -> int:
        """Announcements that were refused since the start."""
        return self._registry.refused

    @property
    def connected(self) -> bool:
        """Whether the broker answers now."""
        return self._connection.up

    def sharing(self, thing_id: str) -> frozenset[str]:
        """Return the ids of other things that the same command topic, or device behind it, moves."""
        return self._registry.sharing(thing_id)

    def dangerous(self, thing_id: str) -> bool:
        """Tell whether its commands reach what was announced as a lock, a siren, a gate..., and is not here as that now."""
        return self._registry.dangerous(thing_id)

    # Following

    async def run(self) -> None:
        """Follow the bus until cancelled, whatever the broker does."""
        await self._connection.run(self._session, self._report)

    async def _session(self, client: Client) -> None:
        prefix = self._options.discovery_prefix
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._receive(client))
                await client.subscribe([(f"{prefix}/+/+/config", 0), (f"{prefix}/+/+/+/config", 0)])
                group.create_task(self._keep_subscribed(client))
                self._client, self._connection.up = client, True
                self._failures, self._told = 0, ""
                if self._options.birth:
                    await client.publish(f"{prefix}/status", "online", qos=1)
        finally:
            self._client = None

    async def _receive(self, client: Client) -> None:
        prefix = f"{self._options.discovery_prefix}/"
        async for message in client.messages:
            topic, payload = message.topic.value, message.payload
            raw = payload if isinstance(payload, bytes) else b""
            before = self._registry.topics_version
            if topic.startswith(prefix) and topic.endswith("/config"):
                self._registry.discover(topic, raw)
            self._registry.follow(topic, raw)
            if self._registry.topics_version != before:
                self._wanted_changed.set()

    async def _keep_subscribed(self, client: Client) -> None:
        held: set[str] = set()
        while True:
            wanted = self._registry.topics
            more, less = sorted(wanted - held)[:SUBSCRIBE_AT_ONCE], sorted(held - wanted)[:SUBSCRIBE_AT_ONCE]
            if more:
                await client.subscribe([(topic, 0) for topic in more])
            if less:
                await client.unsubscribe(less)
            held = (held | set(more)) - set(less)
            if held == self._registry.topics:
                self._wanted_changed.clear()
                await self._wanted_changed.wait()

    def _report(self, trouble: BaseException) -> None:
        """Tell once why there is no broker: at once where it refuses us, after a few attempts where it is away."""
        self._failures += 1
        log.info("the MQTT broker %s is away: %s", self._connection.broker, trouble)
        error = trouble if isinstance(trouble, LinkError) else None
        if error is None and self._failures >= PATIENT_ATTEMPTS:
            error = LinkError("home-broker-away", stage="home", broker=self._connection.broker)
        if error and error.code != self._told:
            self._told = error.code
            message = error.text(self._box.language)
            self._bus.publish(events.Failed(stage="home", code=error.code, message=message))

    # Acting

    def knows(self, action: Action) -> bool:
        """Tell whether this very action can be carried out."""
        entry = self._registry.get(action.target)
        if entry is None or entry.thing.domain != action.domain:
            return False
        try:
            entry.kind.act(action.service, action.data, self._home.state(action.target))
        except InputError:
            return False
        return True

    def describe(self, action: Action, language: str) -> str:
        """Return the action in words, infinitive, with the name that the home has for the thing."""
        return described(action, self._entry(action).thing.name, language)

    def undoing(self, action: Action) -> tuple[Action, ...] | None:
        """Return what gives the present state back; None where nothing can."""
        entry = self._entry(action)
        steps = entry.kind.undoing(action.service, action.data, self._home.state(action.target))
        if not steps:
            return None
        return tuple(Action(action.domain, service, action.target, data) for service, data in steps)

    def fingerprint(self, action: Action) -> str:
        """Return the same as long as the thing is reached in the same way: it may announce itself again with another topic."""
        one = self._entry(action).announced
        return hashlib.sha256(json.dumps(one.config, sort_keys=True, default=str).encode()).hexdigest() if one else ""

    async def do(self, action: Action) -> None:
        """Publish what the thing wants to be told. Raises InputError, LinkError."""
        entry = self._entry(action)
        state = self._home.state(action.target)
        publications = entry.kind.act(action.service, action.data, state)
        if not state.available:
            raise LinkError("thing-unavailable", stage="home", name=entry.thing.name)
        for publication in publications:
            await self._publish(publication.topic, publication.payload, retain=entry.kind.retain)
        if entry.kind.optimistic:
            self._registry.report(action.target, entry.kind.afterwards(action.service, action.data, state))

    def _entry(self, action: Action) -> Entry:
        entry = self._registry.get(action.target)
        if entry is None or entry.thing.domain != action.domain:
            raise InputError("thing-unknown", stage="home", thing=action.target[:80])
        return entry

    async def _publish(self, topic: str, payload: str, *, retain: bool) -> None:
        away = LinkError("home-broker-away", stage="home", broker=self._connection.broker)
        client = self._client
        if client is None:
            raise away
        try:
            await client.publish(
                topic, payload.encode("utf-8", "replace"), qos=1, retain=retain, timeout=PUBLISH_SECONDS
            )
        except (aiomqtt.MqttError, OSError, ValueError, asyncio.CancelledError) as error:
            self._drop(client)  # else it would be sent once the way is free again: a door that opens after "it failed"
            if isinstance(error, asyncio.CancelledError):
                raise
            raise away from error

    def _drop(self, client: Client) -> None:
        if self._client is client:
            self._client, self._connection.up = None, False
            client.abort()
