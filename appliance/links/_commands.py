"""Payloads that strangers send, to typed commands: nothing in them is executed, trusted or used as a topic.

A payload that is not what it should be is refused: a Failed event with the reason in the box's language and,
where it can be read, the command_id. A retained command is ignored and counted: what was wished yesterday must
not happen today.

Once and not twice: the broker delivers a QoS 1 command again, marked as a duplicate, where the connection broke
before our acknowledgement reached it. Such a duplicate of a command that was handed over already is dropped. A
command_id is no key for that: a button may send the same one every day.

Answers: a command without a command_id gets one, so that every command is answered by CommandDone or Failed.
With MQTT 5 the answer also goes to the response topic that the sender named, with its correlation data, and
only below the box's own answer topic: the box has rights at the broker that the sender may not have, and must
not write in his stead (a confused deputy).
"""

from __future__ import annotations

import dataclasses
import json
import logging
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass

from appliance import events, wire
from appliance.errors import ApplianceError, InputError
from appliance.events import Command, Event
from appliance.links import Send

log = logging.getLogger(__name__)

PAYLOAD_LIMIT = 64 * 1024
"""Bytes of one command."""
ANSWERS_WAITED_FOR = 500
HANDED_OVER_KEPT = 1000
TOPIC_LIMIT = 200
COMMAND_ID_LIMIT = 200
DECIDING = frozenset({"act", "approve", "refuse", "waiting"})
"""What is done now or not at all."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A message below the command topic, as the broker delivered it."""

    name: str
    """Last level of the topic: say, ask, volume..."""
    payload: bytes
    retained: bool = False
    packet: int = 0
    """Packet identifier of a QoS 1 delivery, 0 for QoS 0."""
    duplicate: bool = False
    """The broker may have delivered it before."""
    kept: bool = False
    """The broker may have kept it for us since before we were there."""
    answer_topic: str = ""
    correlation: bytes | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """Where an answer goes."""

    topic: str
    correlation: bytes | None


class Commands:
    """Judges deliveries, hands commands over, and knows who waits for which answer."""

    def __init__(self, language: str, answers_below: str, send: Send, publish: Callable[[Event], None]) -> None:
        self._language, self._answers_below, self._send, self._publish = language, answers_below, send, publish
        self._waiting: OrderedDict[str, Address] = OrderedDict()
        self._handed_over: deque[int] = deque(maxlen=HANDED_OVER_KEPT)
        self.refused = 0
        """Payloads that were refused."""
        self.stale = 0
        """Commands that were ignored because they came too late: retained ones, and what decides."""

    async def take(self, delivery: Delivery) -> None:
        """Hand a command over, or refuse it. Nothing that a payload holds makes this raise."""
        if delivery.retained:
            self.stale += 1
            return
        mark = hash((delivery.packet, delivery.name, delivery.payload))
        if delivery.duplicate and mark in self._handed_over:
            return
        command_id = ""
        try:
            command_id = self._readable_id(delivery)
            self._expect(command_id, delivery)
            if delivery.kept and delivery.name in DECIDING:
                self.stale += 1
                self._tell(InputError("command-too-late", stage="mqtt", name=delivery.name), command_id)
                return
            command = dataclasses.replace(self._command(delivery), command_id=command_id)
            await self._send(command)
        except ApplianceError as error:
            self._refuse(error, command_id)
        except Exception:
            # A bug that a payload can reach must neither end the daemon nor come back with every redelivery.
            log.exception("a bug met the command %s", delivery.name[:40])
            self._refuse(ApplianceError("bug"), command_id)
        if delivery.packet:
            self._handed_over.append(mark)

    def answered(self, event: Event) -> Address | None:
        """Return where this event must also go as an answer, once."""
        if isinstance(event, events.CommandDone | events.Failed):
            return self._waiting.pop(event.command_id, None)
        return None

    def _refuse(self, error: ApplianceError, command_id: str) -> None:
        self.refused += 1
        self._tell(error, command_id)

    def _tell(self, error: ApplianceError, command_id: str) -> None:
        message = error.text(self._language)
        self._publish(events.Failed(stage="mqtt", code=error.code, message=message, command_id=command_id))

    def _command(self, delivery: Delivery) -> Command:
        if len(delivery.payload) > PAYLOAD_LIMIT:
            raise InputError("payload-too-big", size=len(delivery.payload), limit=PAYLOAD_LIMIT)
        return wire.command_from_payload(delivery.name[:40], delivery.payload)

    def _expect(self, command_id: str, delivery: Delivery) -> None:
        """Note who waits for the answer. Raises InputError for a topic where the box must not write."""
        topic = delivery.answer_topic
        if not topic:
            return
        fine = topic.startswith(self._answers_below) and len(topic) <= TOPIC_LIMIT
        if not fine or topic == self._answers_below or any(c in topic for c in "+#\0"):
            raise InputError("answer-topic-refused", allowed=self._answers_below)
        while len(self._waiting) >= ANSWERS_WAITED_FOR:
            self._waiting.popitem(last=False)
        self._waiting[command_id] = Address(topic, delivery.correlation)

    def _readable_id(self, delivery: Delivery) -> str:
        """Return the sender's command_id where the payload has a usable one, else a new one."""
        try:
            found = json.loads(delivery.payload[:PAYLOAD_LIMIT])["command_id"]
        except (ValueError, RecursionError, TypeError, KeyError):
            found = None
        usable = isinstance(found, str) and 0 < len(found) <= COMMAND_ID_LIMIT and found.isprintable()
        return found if usable else f"mqtt-{uuid.uuid4().hex[:12]}"
