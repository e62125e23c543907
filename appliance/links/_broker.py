"""The embedded broker: amqtt on the loopback, so that the first command needs nothing.

It lives in the daemon's own event loop (3 MB and 0.1 s more than the link alone, most of it the import), speaks
MQTT 3.1.1 and forgets everything when the daemon ends. An appliance that others rely on names a mosquitto
instead.

amqtt is used through its doors for a foreign server and for plug-ins, for four reasons found by reading it:
- left alone it takes packets of 256 MB into the daemon's memory: `_Bounded` ends the connection of who sends
  more than `PACKET_LIMIT` bytes;
- its anonymous plug-in marks sessions as anonymous, and those lose their subscriptions after a second:
  `Loopback` lets everybody in without that mark (the door is the loopback itself), so that QoS 1 messages wait
  for a persistent session;
- it delivers what waited for a session with the retain flag set, and a retained command is never obeyed:
  `_Amqtt` corrects that;
- it reads the longer CONNECT of MQTT 5 as if it were 3.1.1, and hangs: the version is looked at before, and the
  client told.

What stays weaker than mosquitto: a QoS 1 message in flight while its client's connection breaks is lost, and a
client that hangs without closing its connection is not noticed.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging

from amqtt.adapters import StreamReaderAdapter, StreamWriterAdapter
from amqtt.broker import Broker as AmqttBroker
from amqtt.plugins.base import BaseAuthPlugin
from amqtt.session import Session

from appliance.errors import LinkError

PACKET_LIMIT = 256 * 1024
"""Bytes of one packet. Four times what a command may have: what is a little too big is still refused politely."""
SESSION_SECONDS = 24 * 3600
"""A persistent session that is away longer is forgotten, with what waits for it."""
LOOPBACK = "127.0.0.1"
CONNECT_SECONDS = 10
MQTT_3_1_1 = 4
OTHER_VERSION = b"\x20\x02\x00\x01"
"""CONNACK: unacceptable protocol version."""


class Broker:
    """A broker for this machine only; an asynchronous context manager."""

    def __init__(self, port: int) -> None:
        self.port = port
        """TCP port on the loopback; 0 becomes a free one when the broker starts."""
        self._server: asyncio.Server | None = None
        self._amqtt = _Amqtt(
            {
                "listeners": {"default": {"type": "external"}},
                "session_expiry_interval": SESSION_SECONDS,
                "plugins": {f"{__name__}.Loopback": {}},
            }
        )

    async def __aenter__(self) -> Broker:
        """Start. Raises LinkError (broker-port-taken) where another program listens there."""
        logging.getLogger("amqtt").setLevel(logging.ERROR)
        logging.getLogger("transitions").setLevel(logging.ERROR)
        try:
            self._server = await asyncio.start_server(self._connected, LOOPBACK, self.port, start_serving=False)
            await self._amqtt.start()
            await self._server.start_serving()
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            code = "broker-port-taken" if taken else "broker-not-started"
            raise LinkError(code, port=self.port, detail=error.strerror or error) from error
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        if self._server:
            self._server.close()
            await self._amqtt.shutdown()
            await self._server.wait_closed()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                head = await reader.readuntil(b"MQTT") + await reader.readexactly(1)
        except (OSError, TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            writer.close()
            return
        if head[-1] != MQTT_3_1_1:
            writer.write(OTHER_VERSION)
            writer.close()
            return
        with contextlib.suppress(ConnectionError):
            await self._amqtt.external_connected(_Bounded(reader, head), StreamWriterAdapter(writer), "default")


class Loopback(BaseAuthPlugin):  # type: ignore[misc]
    """Let everybody in: whoever reaches the loopback is on this machine already."""

    async def authenticate(self, *, session: Session) -> bool:
        """Return True."""
        return True


class _Amqtt(AmqttBroker):  # type: ignore[misc]
    async def _publish_session_retained_messages(self, session: Session) -> None:
        handler, waiting = self._get_handler(session), []
        while not session.retained_messages.empty():
            waiting.append(session.retained_messages.get_nowait())
        if handler:
            flows = (handler.mqtt_publish(m.topic, m.data, m.qos, retain=False) for m in waiting)
            await asyncio.gather(*flows, return_exceptions=True)


class _Bounded(StreamReaderAdapter):  # type: ignore[misc]
    """Gives what was read before, then the stream; ends for good at a packet of more than PACKET_LIMIT bytes."""

    def __init__(self, reader: asyncio.StreamReader, head: bytes) -> None:
        super().__init__(reader)
        self._head = head
        self._ended = False

    async def read(self, n: int = -1) -> bytes:
        self._ended = self._ended or n > PACKET_LIMIT
        if self._ended:
            raise ConnectionResetError
        start, self._head = self._head[:n], self._head[n:]
        rest: bytes = await super().read(n - len(start)) if len(start) < n else b""
        return start + rest
