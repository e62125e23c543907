"""A broker that no longer answers: what was wished then is never delivered later, and the next wish fails at once."""

from __future__ import annotations

import asyncio

import pytest

from appliance.actions import Action
from appliance.bus import Bus
from appliance.errors import LinkError
from appliance.home import Home, Thing
from appliance.links import BoxInfo
from appliance.links.homeassistant import Link, Options
from tests.links.world import House, patiently

CONNECT, PUBLISH, SUBSCRIBE = 1, 3, 8
LOCK = Thing("lock.porte", "Porte", "lock")


class SilentBroker:
    """Takes connections and subscriptions, and answers no message."""

    def __init__(self) -> None:
        self.packets: list[list[int]] = []
        self.ends: list[type[BaseException]] = []

    async def live(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kinds: list[int] = []
        self.packets.append(kinds)
        try:
            while True:
                first, length = await reader.readexactly(2)
                body = await reader.readexactly(length)
                kinds.append(first >> 4)
                if first >> 4 == CONNECT:
                    writer.write(b"\x20\x03\x00\x00\x00")
                elif first >> 4 == SUBSCRIBE:
                    writer.write(b"\x90\x05" + body[:2] + b"\x00\x00\x00")
        except (OSError, asyncio.IncompleteReadError) as error:
            self.ends.append(type(error))
        finally:
            writer.close()


@pytest.mark.parametrize("cancelled", [False, True])
async def test_what_failed_is_not_delivered_later(monkeypatch: pytest.MonkeyPatch, cancelled: bool) -> None:
    monkeypatch.setattr("appliance.links.homeassistant.PUBLISH_SECONDS", 60 if cancelled else 0.3)
    broker = SilentBroker()
    server = await asyncio.start_server(broker.live, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    box = BoxInfo("box", "fr", "1", ("salon",), Home(), ((LOCK, {"command_topic": "home/porte/set"}),))
    link = Link(Options(host="127.0.0.1", port=port), box, Bus(), House().send)
    running = asyncio.create_task(link.run())
    unlock = Action("lock", "unlock", "lock.porte")
    try:
        await patiently(lambda: link.connected)
        doing = asyncio.create_task(link.do(unlock))
        await patiently(lambda: PUBLISH in broker.packets[0])
        if cancelled:
            doing.cancel()
        with pytest.raises((LinkError, asyncio.CancelledError)):
            await doing
        assert not link.connected
        with pytest.raises(LinkError):
            async with asyncio.timeout(0.1):
                await link.do(unlock)
        await patiently(lambda: broker.ends)
        assert broker.ends == [ConnectionResetError], "cut, not closed: what waits in the kernel is dropped"
        await patiently(lambda: link.connected)
        assert [kinds.count(PUBLISH) for kinds in broker.packets] == [1, 0]
    finally:
        running.cancel()
        await asyncio.wait([running])
        server.close()
