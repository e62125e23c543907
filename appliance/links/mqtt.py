"""The MQTT link: every event out, commands in, and the state of the box for whoever comes later.

    grillon/<box>/event/<kind>      out  every event of the bus, JSON, QoS 1
    grillon/<box>/state             out  retained: {"state": "online", ...}; the last will is {"state": "offline"}
    grillon/<box>/command/<name>    in   say, ask, listen, stop, mute, unmute, volume
    grillon/<box>/answer/...        out  with MQTT 5: the answer, where the sender's response topic asks for it

- Events go out at QoS 1, one after the other, each confirmed before the next: an answer or a failure that a
  home automation waits for is not lost when the connection breaks, and the order holds. A few dozen events a
  turn leave room for that.
- No command sent at QoS 1 is lost while the box is away: the client id is stable, the session persistent, and a
  command is acknowledged after it was handed over (paho's manual acknowledgement). See _commands.py for what is
  refused and why none comes twice.
- What decides (act, approve, refuse) never comes from a kept session: nobody is at the keypad when it is carried out.
  The box sends itself a mark once it has subscribed; a broker hands out what it kept first, so whatever comes before
  the mark was sent while the box was away, and is stale.
- MQTT 5 for a named broker, 3.1.1 where it does not know that, and for the embedded one.
- The broker may come and go: the newest 500 events wait, back-off is 0.5 to 10 s, and nothing of it delays the
  bus, whose subscriptions are open from construction on, so that not even the first event is missed.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import secrets

import aiomqtt

from appliance import events, wire
from appliance.bus import Bus
from appliance.errors import LinkError
from appliance.events import Event
from appliance.links import BoxInfo, Send
from appliance.links._client import Client
from appliance.links._commands import Address, Commands
from appliance.links._connection import FAILURE, TROUBLE, Connection
from appliance.links._options import BrokerOptions
from appliance.links._remote import ask as ask
from appliance.links._state import Rooms

log = logging.getLogger(__name__)

EVENTS_KEPT = 500
FAREWELL_SECONDS = 2.0
MARK = "session"
"""The name below the command topic to which the box sends its mark."""
MARK_SECONDS = 2.0
"""A mark that did not come by then is sent again: the broker's queue for us may have been full."""
OFFLINE = json.dumps({"state": "offline"})


class Options(BrokerOptions):
    """Where the broker is."""


class Link:
    """Carries events and commands between the bus and a broker."""

    def __init__(self, options: Options, box: BoxInfo, bus: Bus, send: Send) -> None:
        self._box, self._bus = box, bus
        self._top = f"grillon/{box.box}"
        will = aiomqtt.Will(f"{self._top}/state", OFFLINE, qos=1, retain=True)
        self._connection = Connection(options, f"grillon-{box.box}", will=will)
        self._commands = Commands(box.language, f"{self._top}/answer/", send, bus.publish)
        self._rooms = Rooms(box.rooms)
        self._state_changed = asyncio.Event()
        self._unsent: tuple[Event, Address | None] | None = None
        self._found: bool | None = None
        self._told = ""
        self._mark = b""
        self._caught_up = asyncio.Event()
        """Set once what waited at the broker was received."""
        self._embedded = contextlib.AsyncExitStack()
        self._embedding = False
        self._subscriptions = contextlib.ExitStack()
        self._outbox = self._subscriptions.enter_context(bus.subscribe(EVENTS_KEPT))
        self._changes = self._subscriptions.enter_context(bus.subscribe())

    @property
    def port(self) -> int:
        """Port in use; where the embedded broker may take any, it is known once the broker was found."""
        return self._connection.port

    @property
    def refused(self) -> int:
        """Payloads that were refused since the start."""
        return self._commands.refused

    @property
    def dropped(self) -> int:
        """Events that were never sent, because too many waited."""
        return self._outbox.dropped

    async def run(self) -> None:
        """Carry events and commands until cancelled, whatever the broker does."""
        with self._subscriptions:
            async with self._embedded, asyncio.TaskGroup() as group:
                group.create_task(self._follow())
                group.create_task(self._connection.run(self._session, self._report, self._embed))

    async def _follow(self) -> None:
        async for event in self._changes:
            if self._rooms.follow(event):
                self._state_changed.set()

    async def _session(self, client: Client) -> None:
        """Carry both ways until the connection breaks. Raises TROUBLE."""
        self._mark = secrets.token_bytes(16)
        self._caught_up.clear()
        try:
            async with asyncio.TaskGroup() as group:
                # First: a broker may hold back the answer to our subscription until what waited is acknowledged.
                group.create_task(self._receive(client))
                await self._greet(client)
                group.create_task(self._catch_up(client))
                group.create_task(self._publish_events(client))
                group.create_task(self._publish_state(client))
        except asyncio.CancelledError:
            await self._say_goodbye(client)
            raise

    async def _embed(self) -> None:
        """Start the embedded broker where it does not run yet. Raises LinkError."""
        from appliance.links._broker import Broker  # amqtt is loaded only where it is used

        if not self._connection.named and not self._embedding:
            broker = await self._embedded.enter_async_context(Broker(self.port))
            self._embedding, self._connection.port = True, broker.port

    async def _greet(self, client: Client) -> None:
        topic = f"{self._top}/command/+"
        granted = await client.subscribe(topic, qos=1)
        await self._send_mark(client)
        self._connection.up = self._found = True
        self._told = ""
        self._bus.publish(events.BrokerFound(host=self._connection.host, port=self.port))
        if any(getattr(code, "value", code) >= FAILURE for code in granted):
            self._tell(LinkError("broker-no-commands", broker=self._connection.broker, topic=topic))
        self._state_changed.set()

    async def _send_mark(self, client: Client) -> None:
        await client.publish(f"{self._top}/command/{MARK}", self._mark, qos=1)

    async def _catch_up(self, client: Client) -> None:
        """Send the mark again until it came."""
        while not self._caught_up.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(MARK_SECONDS):
                    await self._caught_up.wait()
                    return
            await self._send_mark(client)

    async def _receive(self, client: Client) -> None:
        below = f"{self._top}/command/"
        async for message in client.messages:
            if message.topic.value == below + MARK:
                if message.payload == self._mark and not message.retain:
                    self._caught_up.set()
            elif message.topic.value.startswith(below):  # amqtt also sends what nobody subscribed to
                counted = self._commands.refused, self._commands.stale
                delivery = client.delivery(message, message.topic.value.removeprefix(below))
                await self._commands.take(dataclasses.replace(delivery, kept=not self._caught_up.is_set()))
                if counted != (self._commands.refused, self._commands.stale):
                    self._state_changed.set()
            client.acknowledge(message)

    async def _publish_events(self, client: Client) -> None:
        while True:
            if self._unsent is None:
                event = await anext(self._outbox)
                self._unsent = event, self._commands.answered(event)
            await self._publish_event(client, *self._unsent)
            self._unsent = None

    async def _publish_event(self, client: Client, event: Event, address: Address | None) -> None:
        payload = wire.to_json(event).encode("utf-8", "replace")
        await client.publish(f"{self._top}/event/{wire.kind(event)}", payload, qos=1)
        if address:
            await client.answer(address, payload)

    async def _publish_state(self, client: Client) -> None:
        while True:
            await self._state_changed.wait()
            self._state_changed.clear()
            await client.publish(f"{self._top}/state", self._state(), qos=1, retain=True)

    def _state(self) -> bytes:
        state = {
            "state": "online",
            "version": self._box.version,
            "language": self._box.language,
            "rooms": self._rooms.now,
            "refused": self._commands.refused,
            "stale": self._commands.stale,
            "dropped": self.dropped,
        }
        return json.dumps(state, ensure_ascii=False).encode()

    async def _say_goodbye(self, client: Client) -> None:
        """Send what waits, then say offline: a will is not published after an orderly end."""
        with contextlib.suppress(TimeoutError, *TROUBLE):
            async with asyncio.timeout(FAREWELL_SECONDS):
                for event in self._outbox.drain():
                    await self._publish_event(client, event, self._commands.answered(event))
                await client.publish(f"{self._top}/state", OFFLINE, qos=1, retain=True)

    def _report(self, trouble: BaseException) -> None:
        """Tell once that the broker is gone, and once each why, where a person can do something about it."""
        if self._found is not False:
            self._found = False
            log.warning("the MQTT broker %s is lost: %s", self._connection.broker, trouble)
            self._bus.publish(events.BrokerLost())
        if isinstance(trouble, LinkError):
            self._tell(trouble)

    def _tell(self, error: LinkError) -> None:
        if error.code != self._told:
            self._told = error.code
            message = error.text(self._box.language)
            self._bus.publish(events.Failed(stage="mqtt", code=error.code, message=message))
