"""What only a full broker has: MQTT 5 answers, passwords, TLS, a Unix socket."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from appliance import events
from appliance.bus import Bus
from appliance.errors import ConfigError
from appliance.links.mqtt import Link, Options
from tests.links.conftest import mosquitto_only
from tests.links.world import BOX, Broker, House, MosquittoBroker, Watcher, patiently, watching

pytestmark = mosquitto_only


@pytest.fixture
async def broker(tmp_path: Path) -> AsyncIterator[Broker]:
    one = MosquittoBroker(tmp_path)
    await one.start()
    yield one
    await one.kill()


def run(*words: str) -> None:
    subprocess.run(words, check=True, capture_output=True)


def answer_to(topic: str, correlation: bytes | None = None) -> Properties:
    properties = Properties(PacketTypes.PUBLISH)
    properties.ResponseTopic = topic
    if correlation is not None:
        properties.CorrelationData = correlation
    return properties


def answers(watcher: Watcher) -> dict[str, bytes | None]:
    """Return correlation data by the command_id of each answer."""
    found = [(m, m.topic.value) for m in watcher.messages if "/answer/" in m.topic.value]
    ids = [p["command_id"] for p in watcher.payloads("tablet")]
    return dict(zip(ids, (getattr(m.properties, "CorrelationData", None) for m, _ in found), strict=True))


async def test_answers_go_where_the_sender_waits(broker: Broker, house: House) -> None:
    topic = f"grillon/{BOX.box}/answer/tablet"
    async with watching(broker.port, 5) as watcher, house.linked(broker.port):
        await watcher.command("stop", {"command_id": "a"}, properties=answer_to(topic, b"\x00\xff42"))
        await watcher.command("stop", {"command_id": "b"}, properties=answer_to(topic))
        await watcher.command("say", {"command_id": "c"}, properties=answer_to(topic, b"refused"))
        await watcher.command("say", b"junk", properties=answer_to(topic, b"no id"))
        await patiently(lambda: len(watcher.payloads("tablet")) == 4)
        by_id = answers(watcher)
        kinds = [p["kind"] for p in watcher.payloads("tablet")]
    assert (by_id["a"], by_id["b"], by_id["c"]) == (b"\x00\xff42", None, b"refused")
    assert b"no id" in by_id.values()
    assert sorted(kinds) == ["command-done", "command-done", "failed", "failed"]


@pytest.mark.parametrize(
    "topic",
    [
        "elsewhere/door",
        f"grillon/{BOX.box}/command/say",
        f"grillon/{BOX.box}/state",
        f"grillon/{BOX.box}/answer/",
        f"grillon/{BOX.box}/answerer",
        f"grillon/{BOX.box}/answer/" + "a" * 500,
    ],
)
async def test_the_box_writes_nowhere_else_for_a_stranger(broker: Broker, house: House, topic: str) -> None:
    async with watching(broker.port, 5) as watcher, house.linked(broker.port) as link:
        await watcher.state(lambda s: s["state"] == "online")
        await watcher.command("stop", {"command_id": "x"}, properties=answer_to(topic))
        await patiently(lambda: house.seen(events.Failed))
        await watcher.command("stop", {"command_id": "end"})
        await patiently(lambda: watcher.payloads("command-done"))
        written = [m.topic.value for m in watcher.messages if m.topic.value == topic and "state" not in topic]
    assert not written
    assert all(p["state"] in ("online", "offline") for p in watcher.payloads("state"))
    assert [c.command_id for c in house.commands] == ["end"] and link.refused == 1
    failed = house.seen(events.Failed)[0]
    assert (failed.code, failed.command_id) == ("answer-topic-refused", "x")


async def test_commands_wait_for_a_box_that_speaks_mqtt_5_also_when_the_broker_restarts(
    tmp_path: Path, house: House
) -> None:
    broker = MosquittoBroker(tmp_path, "persistence true", f"persistence_location {tmp_path}/", "autosave_interval 1")
    await broker.start()
    async with house.linked(broker.port):
        pass
    async with watching(broker.port, 5) as watcher:
        await watcher.command("say", {"text": "Gardé.", "command_id": "kept"})
    await broker.end()
    await broker.start()
    async with house.linked(broker.port):
        await patiently(lambda: house.commands)
    await broker.kill()
    assert [c.command_id for c in house.commands] == ["kept"]


async def test_a_wrong_password_is_told_once_and_the_right_one_opens(tmp_path: Path, house: House) -> None:
    tool = shutil.which("mosquitto_passwd")
    if not tool:
        pytest.skip("mosquitto_passwd is not installed")
    users = tmp_path / "users"
    run(tool, "-b", "-c", str(users), "box", "grillon-123")
    broker = MosquittoBroker(tmp_path, "allow_anonymous false", f"password_file {users}")
    await broker.start()
    secret = tmp_path / "secret"
    secret.write_text("wrong\n")
    secret.chmod(0o600)
    async with house.linked(broker.port, found=False, username="box", password_file=secret):
        await patiently(lambda: house.seen(events.Failed))
        await broker.kill()
        await broker.start()
    assert [f.code for f in house.seen(events.Failed)] == ["broker-refused"]
    assert len(house.seen(events.BrokerLost)) == 1
    secret.write_text("grillon-123\n")
    async with house.linked(broker.port, username="box", password_file=secret):
        pass
    await broker.kill()


async def test_tls_checks_who_the_broker_is(tmp_path: Path, house: House) -> None:
    openssl = shutil.which("openssl")
    if not openssl:
        pytest.skip("openssl is not installed")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    signed = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-days", "2"]
    run(
        openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", str(key), "-out", str(certificate), *signed
    )
    broker = MosquittoBroker(tmp_path, f"certfile {certificate}", f"keyfile {key}")
    await broker.start()
    async with house.linked(broker.port, host="localhost", tls_ca=certificate):
        pass
    assert not house.seen(events.BrokerLost)
    async with house.linked(broker.port, found=False, host="localhost", tls=True):  # the system does not know this one
        await patiently(lambda: house.seen(events.BrokerLost))
    async with house.linked(broker.port, found=False, host="127.0.0.1", tls_ca=certificate):  # another name
        await patiently(lambda: len(house.seen(events.BrokerLost)) == 2)
    assert len(house.seen(events.BrokerFound)) == 1
    await broker.kill()


async def test_a_unix_socket_serves_as_well(tmp_path: Path, house: House) -> None:
    path = tmp_path / "mqtt.sock"
    broker = MosquittoBroker(tmp_path, listener=f"listener 0 {path}")
    await broker.start()
    async with house.linked(0, host="", socket=path):
        pass
    assert house.seen(events.BrokerFound)[0].host == str(path)
    await broker.kill()


@pytest.mark.parametrize("mode", [0o644, 0o604, 0o602])
def test_a_password_that_others_can_read_is_refused(tmp_path: Path, mode: int) -> None:
    secret = tmp_path / "secret"
    secret.write_text("grillon")
    secret.chmod(mode)
    house = House()
    with pytest.raises(ConfigError) as caught:
        Link(Options(host="localhost", password_file=secret), BOX, Bus(), house.send)
    assert caught.value.code == "password-file-open" and "chmod" in caught.value.text("fr")


@pytest.mark.parametrize("option", ["password_file", "tls_ca", "tls_certificate"])
def test_a_file_that_is_not_there_is_a_mistake_of_the_configuration(tmp_path: Path, option: str) -> None:
    with pytest.raises(ConfigError):
        Link(Options.model_validate({option: tmp_path / "absent"}), BOX, Bus(), House().send)
