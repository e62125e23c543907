"""The embedded broker: what it promises, and what it withstands."""

from __future__ import annotations

import asyncio
import socket

import aiomqtt
import pytest

from appliance import events
from appliance.errors import LinkError
from appliance.links import _broker
from appliance.links._broker import PACKET_LIMIT, Broker
from appliance.links._client import Client
from tests.links.world import BOX, PATIENCE_SECONDS, House, free_port, patiently, watching


async def test_the_box_needs_no_broker_of_the_person(house: House) -> None:
    async with house.linked(0, host="") as link:
        found = house.seen(events.BrokerFound)[0]
        assert (found.host, found.port) == ("127.0.0.1", link.port) and link.port > 0
        async with watching(link.port) as watcher:
            await watcher.state(lambda s: s["state"] == "online")
            await watcher.command("ask", {"text": "Quelle heure est-il ?", "command_id": "one"})
            await patiently(lambda: watcher.payloads("command-done"))
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", link.port)


async def test_it_listens_on_the_loopback_only() -> None:
    async with Broker(0) as broker, watching(broker.port):
        outside = socket.gethostbyname(socket.gethostname())
        if outside.startswith("127."):
            outside = "::1"
        with pytest.raises(OSError, match=r"Connect call failed|Cannot assign"):
            await asyncio.open_connection(outside, broker.port)


async def test_a_port_that_is_taken_is_told_once_and_tried_again(house: House, monkeypatch: pytest.MonkeyPatch) -> None:

    guests: list[asyncio.StreamWriter] = []
    other = await asyncio.start_server(lambda _, writer: guests.append(writer), "127.0.0.1", 0)
    port = other.sockets[0].getsockname()[1]
    attempts: list[int] = []

    class Counted(Broker):
        async def __aenter__(self) -> Broker:
            attempts.append(self.port)
            return await super().__aenter__()

    monkeypatch.setattr(_broker, "Broker", Counted)
    async with house.linked(port, host="", found=False):
        await patiently(lambda: len(attempts) == 2)
        other.close()
        await patiently(lambda: house.seen(events.BrokerFound))
    assert not guests, "a box whose port is taken never becomes the guest of whoever has it"

    assert [f.code for f in house.seen(events.Failed)] == ["broker-port-taken"]
    assert len(house.seen(events.BrokerLost)) == 1


async def test_the_error_of_a_taken_port_says_what_to_do() -> None:
    async with Broker(0) as other:
        with pytest.raises(LinkError) as caught:
            await Broker(other.port).__aenter__()
        assert caught.value.code == "broker-port-taken"
        assert str(other.port) in caught.value.text("fr") and "[links.mqtt]" in caught.value.text("en")


async def test_what_waits_for_a_persistent_session_is_delivered_without_the_retain_flag() -> None:
    async with Broker(0) as broker:
        away = aiomqtt.Client("127.0.0.1", broker.port, identifier="tablet", clean_session=False)
        async with away:
            await away.subscribe("news", qos=1)
        async with aiomqtt.Client("127.0.0.1", broker.port) as other:
            for number in range(5):
                await other.publish("news", str(number), qos=1)
        arrived: list[aiomqtt.Message] = []
        async with aiomqtt.Client("127.0.0.1", broker.port, identifier="tablet", clean_session=False) as back:
            async for message in back.messages:
                arrived.append(message)
                if len(arrived) == 5:
                    break
    assert [m.payload for m in arrived] == [b"0", b"1", b"2", b"3", b"4"]
    assert not any(m.retain for m in arrived)


async def test_a_broken_connection_speaks_the_will() -> None:
    async with Broker(0) as broker, watching(broker.port) as watcher:
        will = aiomqtt.Will(f"grillon/{BOX.box}/state", '{"state": "offline"}', qos=1, retain=True)
        async with aiomqtt.Client("127.0.0.1", broker.port, identifier="box", will=will) as client:
            client._client.socket().shutdown(socket.SHUT_RDWR)  # type: ignore[union-attr]
            await watcher.state(lambda s: s == {"state": "offline"})


CONNECT = bytes([0x10, 13, 0, 4]) + b"MQTT" + bytes([4, 2, 0, 60, 0, 1]) + b"x"


@pytest.mark.parametrize(
    "attack",
    [
        b"GET / HTTP/1.1\r\nHost: grillon\r\n\r\n",
        b"\x00" * 1000,
        b"\xff" * 100_000,
        b"\x10\xff\xff\xff\x7f\x00\x04MQTT\x04\x02\x00\x3c\xff\xff",
        b"\x10\x0c\x00\x04MQTT\x05\x02\x00\x3c\x00\x00\x00",
        CONNECT + b"\x30\xff\xff\xff\x7f\x00\x04news" + b"a" * 1000,
        CONNECT + b"\x30\x05\x00\xff" + b"abc",
        CONNECT + b"\xf0\x00",
        CONNECT + CONNECT,
        CONNECT + b"\x82\x05\x00\x01\x00\x09#",
    ],
)
async def test_a_hostile_client_harms_nobody_else(attack: bytes, house: House) -> None:
    async with house.linked(0, host="") as link, watching(link.port) as watcher:
        reader, writer = await asyncio.open_connection("127.0.0.1", link.port)
        writer.write(attack)
        await watcher.command("stop", {"command_id": "still"})
        await patiently(lambda: watcher.payloads("command-done"))
        writer.close()
        await reader.read()
        await watcher.command("stop", {"command_id": "here"})
        await patiently(lambda: len(watcher.payloads("command-done")) == 2)
        assert not house.seen(events.BrokerLost)


async def test_a_packet_past_the_limit_ends_that_connection() -> None:
    async with Broker(0) as broker:
        async with aiomqtt.Client("127.0.0.1", broker.port) as small:
            await small.publish("news", b"a" * (PACKET_LIMIT - 100), qos=1)

        reader, writer = await asyncio.open_connection("127.0.0.1", broker.port)
        writer.write(CONNECT + b"\x30\xff\xff\x7f\x00\x04news" + b"a" * PACKET_LIMIT)
        async with asyncio.timeout(PATIENCE_SECONDS):
            assert await reader.read() == b"\x20\x02\x00\x00", "accepted, then ended"
        writer.close()


async def test_a_client_of_mqtt_5_is_told_the_version() -> None:
    async with Broker(free_port()) as broker:
        client = Client("127.0.0.1", broker.port, aiomqtt.ProtocolVersion.V5, will=aiomqtt.Will("a", b"b"), timeout=5)
        with pytest.raises(aiomqtt.MqttError, match="Unsupported protocol version"):
            await client.__aenter__()
