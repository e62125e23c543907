"""The way to a broker, and how it is kept open: the broker may come and go, and back-off is 0.5 to 10 s.

MQTT 5 for a named broker, 3.1.1 where it does not know that, and for the embedded one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import aiomqtt
from aiomqtt import ProtocolVersion

from appliance.errors import LinkError
from appliance.links._client import Client, password, tls_context
from appliance.links._options import BrokerOptions

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.5, 10.0
TROUBLE = (aiomqtt.MqttError, LinkError, OSError, UnicodeError)
"""What a connection may fail of; UnicodeError is a host name that none can be."""
UNSUPPORTED_PROTOCOL, FAILURE = 0x84, 0x80
"""MQTT 5 reason codes: this one, and from where on they are failures."""
LOOPBACK = "127.0.0.1"


class Connection:
    """Connects to a broker again and again."""

    def __init__(
        self, options: BrokerOptions, identifier: str, *, will: aiomqtt.Will | None = None, lasting: bool = True
    ) -> None:
        """Raises ConfigError where a file that is named cannot be used."""
        self._options, self._identifier, self._will, self._lasting = options, identifier, will, lasting
        self._password = password(options.password_file)
        encrypt = options.tls or options.tls_ca or options.tls_certificate
        tls = (options.tls_ca, options.tls_certificate, options.tls_key)
        self._tls = tls_context(*tls) if encrypt else None
        self.named = bool(options.host or options.socket)
        """Whether the person named a broker."""
        self._protocol = ProtocolVersion.V5 if self.named else ProtocolVersion.V311
        self.host = str(options.socket or options.host or LOOPBACK)
        self.port = 0 if options.socket else options.port
        self.up = False
        """Whether the broker answers now, and all was said that comes first."""

    @property
    def broker(self) -> str:
        """What a person calls the broker."""
        return f"{self.host}:{self.port}" if self.port else self.host

    async def run(
        self,
        session: Callable[[Client], Awaitable[None]],
        report: Callable[[BaseException], None],
        prepare: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Live a session whenever the broker is there, for ever. `session` sets `up`; `report` is told each trouble."""
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                if prepare:
                    await prepare()
                async with self.client() as client:
                    await session(client)
            except* TROUBLE as troubles:
                if self.up:
                    pause = FIRST_PAUSE_SECONDS
                self.up = False
                self._judge(troubles.exceptions[0], report)
            finally:
                self.up = False
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SECONDS)

    def client(self, protocol: ProtocolVersion | None = None) -> Client:
        """Return a client that connects once it is entered."""
        options = self._options
        return Client(
            self.host,
            self.port or 1,  # a Unix socket has none, and paho wants one
            protocol or self._protocol,
            lasting=self._lasting,
            transport="unix" if options.socket else "tcp",
            identifier=self._identifier,
            username=options.username or None,
            password=self._password,
            tls_context=self._tls,
            keepalive=options.keepalive_seconds,
            will=self._will,
        )

    def _judge(self, trouble: BaseException, report: Callable[[BaseException], None]) -> None:
        if isinstance(trouble, aiomqtt.exceptions.MqttConnectError):
            reason = getattr(trouble.rc, "value", trouble.rc)
            if reason == UNSUPPORTED_PROTOCOL and self._protocol is ProtocolVersion.V5:
                self._protocol = ProtocolVersion.V311
                return
            trouble = LinkError("broker-refused", broker=self.broker, detail=trouble.rc)
        report(trouble)
