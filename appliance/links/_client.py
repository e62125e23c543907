"""The MQTT client: aiomqtt, with what it keeps from paho for itself.

paho can leave the acknowledgement of a QoS 1 message to the application and tells which deliveries are
repetitions; aiomqtt passes on neither. Both are reached here, and only here, through the paho client that
aiomqtt holds. And aiomqtt waits by asyncio.wait_for, which in Python 3.11 eats a cancellation that comes just as the wait
is over: a link that is told to end would go on for ever.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import stat
import struct
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar

import aiomqtt
from paho.mqtt.client import Client as PahoClient, MQTTMessage
from paho.mqtt.enums import MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from appliance.errors import ConfigError
from appliance.links._commands import Address, Delivery

T = TypeVar("T")

MESSAGES_WAITING = 1000
"""Messages that wait to be judged; further ones are dropped, and delivered again where they were sent at QoS 1."""
NEWS_WAITING = 20_000
"""The same for who follows the whole home: thousands of retained messages come at once. Further ones are dropped."""
SESSION_SECONDS = 24 * 3600
"""MQTT 5: how long a broker keeps commands for a box that is away. A sender may set a shorter message expiry."""
PACKET_LIMIT = 1024 * 1024
"""MQTT 5: the broker is asked to keep bigger messages from us."""


class Client(aiomqtt.Client):
    """An aiomqtt client whose messages are acknowledged by hand."""

    def __init__(
        self, host: str, port: int, protocol: aiomqtt.ProtocolVersion, *, lasting: bool = True, **options: Any
    ) -> None:
        """`lasting`: the broker keeps what comes while we are away, and we acknowledge by hand."""
        self.protocol = protocol
        if protocol is aiomqtt.ProtocolVersion.V5:
            properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
            properties.SessionExpiryInterval = SESSION_SECONDS if lasting else 0
            properties.MaximumPacketSize = PACKET_LIMIT
            options |= {"properties": properties, "clean_start": not lasting}
        else:
            options |= {"clean_session": not lasting}
        waiting = MESSAGES_WAITING if lasting else NEWS_WAITING
        super().__init__(host, port, protocol=protocol, max_queued_incoming_messages=waiting, **options)
        self._client.manual_ack_set(lasting)
        self._repeated: set[int] = set()

    def _on_message(self, client: PahoClient, userdata: Any, message: MQTTMessage) -> None:
        if message.dup:
            self._repeated.add(message.mid)
        super()._on_message(client, userdata, message)

    async def _wait_for(self, fut: Awaitable[T], timeout: float | None) -> T:
        try:
            async with asyncio.timeout(self.timeout if timeout is None else timeout):
                return await fut
        except TimeoutError:
            raise aiomqtt.MqttError("Operation timed out") from None

    def abort(self) -> None:
        """Cut the connection, so that nothing which still waits for its way is delivered later. It ends with MqttError."""
        way = self._client.socket()
        if isinstance(way, socket.socket):
            way.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
            )  # what the kernel holds is dropped
        self._client._loop_rc_handle(MQTTErrorCode.MQTT_ERR_CONN_LOST)

    def acknowledge(self, message: aiomqtt.Message) -> None:
        """Tell the broker that a message needs no further delivery."""
        self._repeated.discard(message.mid)
        self._client.ack(message.mid, message.qos)

    def delivery(self, message: aiomqtt.Message, name: str) -> Delivery:
        """Return a message of the command topic `name` with what matters of its packet."""
        return Delivery(
            name,
            message.payload,
            retained=message.retain,
            packet=message.mid if message.qos else 0,
            duplicate=message.mid in self._repeated,
            answer_topic=getattr(message.properties, "ResponseTopic", ""),
            correlation=getattr(message.properties, "CorrelationData", None),
        )

    async def answer(self, address: Address, payload: bytes) -> None:
        """Publish an answer where the sender of a command asked for it (MQTT 5). Raises MqttError."""
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]
        if address.correlation is not None:
            properties.CorrelationData = address.correlation
        given = properties if self.protocol is aiomqtt.ProtocolVersion.V5 else None
        await self.publish(address.topic, payload, qos=1, properties=given)


def password(path: Path | None) -> str | None:
    """Return the password that a file holds. Raises ConfigError where it cannot be read, or others can read it."""
    if path is None:
        return None
    try:
        if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            raise ConfigError("password-file-open", path=path)
        return path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError("file-unreadable", path=path, detail=error) from error


def tls_context(ca: Path | None, certificate: Path | None, key: Path | None) -> ssl.SSLContext:
    """Return a context that checks the broker's certificate and name. Raises ConfigError for unusable files."""
    try:
        context = ssl.create_default_context(cafile=ca)
        if certificate:
            context.load_cert_chain(certificate, key)
    except OSError as error:
        raise ConfigError("tls-unusable", detail=error) from error
    return context
