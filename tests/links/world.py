"""What the link tests stand on: real brokers, a room that obeys, a watcher at the broker, a cable that can be cut."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import shutil
import socket
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, Protocol

import aiomqtt

from appliance import events, wire
from appliance.bus import Bus
from appliance.errors import InputError
from appliance.events import Command, Event
from appliance.links import BoxInfo
from appliance.links._broker import Broker as Embedded
from appliance.links.mqtt import Link, Options

PATIENCE_SECONDS = 20
BOX = BoxInfo("cuisine-1", "fr", "0.1.0", ("salon", "chambre"))
MOSQUITTO = shutil.which("mosquitto", path=os.environ.get("PATH", "") + ":/usr/sbin")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Broker(Protocol):
    """A broker that a test may start and end."""

    port: int
    lasting: bool
    """A QoS 1 message in flight survives the end of its connection."""

    async def start(self) -> None: ...

    async def kill(self) -> None: ...


class AmqttBroker:
    lasting = False

    def __init__(self) -> None:
        self.port = free_port()
        self._broker: Embedded | None = None

    async def start(self) -> None:
        self._broker = Embedded(self.port)
        await self._broker.__aenter__()

    async def kill(self) -> None:
        if self._broker:
            await self._broker.__aexit__()
        self._broker = None


class MosquittoBroker:
    lasting = True

    def __init__(self, folder: Path, *lines: str, listener: str = "") -> None:
        self.port = free_port()
        self._config = folder / "mosquitto.conf"
        given = [listener or f"listener {self.port} 127.0.0.1", *lines]
        if not any(line.startswith("allow_anonymous") for line in lines):
            given.append("allow_anonymous true")
        if os.geteuid() == 0:
            given.append("user root")  # it would drop to a user who cannot read the test's folder
        self._config.write_text("\n".join(given) + "\n")
        self._process: asyncio.subprocess.Process | None = None
        self._socket = listener.split()[-1] if listener.startswith("listener 0") else ""

    async def start(self) -> None:
        assert MOSQUITTO
        quiet = asyncio.subprocess.DEVNULL
        self._process = await asyncio.create_subprocess_exec(
            MOSQUITTO, "-c", str(self._config), stdout=quiet, stderr=quiet
        )
        await patiently(self._listens)

    async def _listens(self) -> bool:
        assert self._process and self._process.returncode is None, "mosquitto ended at once"
        try:
            if self._socket:
                _, writer = await asyncio.open_unix_connection(self._socket)
            else:
                _, writer = await asyncio.open_connection("127.0.0.1", self.port)
        except OSError:
            return False
        writer.close()
        return True

    async def end(self) -> None:
        """Stop in order: what is persistent is written."""
        assert self._process
        self._process.terminate()
        await self._process.wait()

    async def kill(self) -> None:
        if self._process and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


async def patiently(holds: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until `holds` (plain or async) is true; fail where it does not become so in time."""
    async with asyncio.timeout(seconds):
        while True:
            result = holds()
            if asyncio.iscoroutine(result):
                result = await result
            if result:
                return
            await asyncio.sleep(0.02)


class House:
    """Rooms that obey at once, and write down what they were told and what happened on the bus."""

    def __init__(self) -> None:
        self.bus = Bus()
        self.commands: list[Command] = []
        self.events: list[Event] = []
        self.bug: Exception | None = None
        """What `send` is to raise."""
        self.busy: asyncio.Event | None = None
        """Where given, `send` sets it and never returns."""

    async def send(self, command: Command) -> None:
        if self.bug:
            raise self.bug
        if self.busy:
            self.busy.set()
            await asyncio.Future()
        if command.room not in ("", *BOX.rooms):
            raise InputError("room-unknown", stage="box", room=command.room, known=", ".join(BOX.rooms))
        self.commands.append(command)
        done = events.CommandDone(
            command=wire.kind(command), command_id=command.command_id, result={"ok": True}, room=command.room
        )
        self.bus.publish(done)

    def seen(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]

    @contextlib.asynccontextmanager
    async def linked(self, port: int, *, found: bool = True, **options: Any) -> AsyncIterator[Link]:
        """Run a link until the end of the block, from the moment it found its broker on (`found`: wait for that)."""
        link = Link(Options(**({"host": "127.0.0.1", "port": port} | options)), BOX, self.bus, self.send)
        with self.bus.subscribe(100_000) as subscription:
            tasks = [asyncio.create_task(link.run()), asyncio.create_task(self._write_down(subscription))]
            try:
                if found:
                    before = len(self.seen(events.BrokerFound))
                    await patiently(lambda: len(self.seen(events.BrokerFound)) > before)
                yield link
                assert not tasks[0].done(), "a link never ends by itself"
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    async def _write_down(self, subscription: Any) -> None:
        async for event in subscription:
            self.events.append(event)


class Watcher:
    """A client at the broker that subscribed to everything of the box."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self.client = client
        self.messages: list[aiomqtt.Message] = []

    def payloads(self, kind: str) -> list[dict[str, Any]]:
        """Return what came on event/<kind>, answer/... or state, oldest first."""
        return [json.loads(m.payload) for m in self.messages if m.topic.value.endswith(f"/{kind}")]

    async def state(self, holds: Callable[[dict[str, Any]], Any], seconds: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """Wait for a state for which `holds` is true."""
        await patiently(lambda: any(holds(s) for s in self.payloads("state")), seconds)
        return next(s for s in reversed(self.payloads("state")) if holds(s))

    async def command(self, name: str, payload: object, **options: Any) -> None:
        """Publish a command at QoS 1; bytes go as they are."""
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        await self.client.publish(f"grillon/{BOX.box}/command/{name}", raw, qos=1, **options)


@contextlib.asynccontextmanager
async def watching(port: int, version: int = 4, **options: Any) -> AsyncIterator[Watcher]:
    protocol = aiomqtt.ProtocolVersion(version)
    async with aiomqtt.Client("127.0.0.1", port, protocol=protocol, **options) as client:
        watcher = Watcher(client)

        async def collect() -> None:
            async for message in client.messages:
                watcher.messages.append(message)

        await client.subscribe(f"grillon/{BOX.box}/#", qos=1)
        await client.subscribe("elsewhere/#", qos=1)
        task = asyncio.create_task(collect())
        try:
            yield watcher
        finally:
            task.cancel()
            await asyncio.wait([task])
            if not task.cancelled():
                task.exception()  # the broker went first: no matter


class Cable:
    """A TCP connection to a broker that can lose what goes one way, and break."""

    def __init__(self, port: int) -> None:
        self.port = 0
        self.loses_up = self.loses_down = False
        self.lost_bytes = 0
        self._broker_port = port
        self._writers: set[asyncio.StreamWriter] = set()

    async def __aenter__(self) -> Cable:
        self._server = await asyncio.start_server(self._plugged, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()
        self.cut()

    def cut(self) -> None:
        """Break every connection, hard (RST)."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        self.loses_up = self.loses_down = False

    async def _plugged(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._broker_port)
        except OSError:
            writer.close()
            return
        self._writers |= {writer, far_writer}
        up = self._pump(reader, far_writer, lambda: self.loses_up)
        down = self._pump(far_reader, writer, lambda: self.loses_down)
        await asyncio.gather(up, down)

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, loses: Callable[[], bool]
    ) -> None:
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if loses():
                    self.lost_bytes += len(data)
                else:
                    writer.write(data)
                    await writer.drain()
        writer.close()
