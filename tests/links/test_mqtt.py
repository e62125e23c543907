"""The MQTT link against real brokers: amqtt as it is embedded, and mosquitto."""

from __future__ import annotations

import asyncio
import json
import signal
import sys
from typing import Any

import pytest

from appliance import events, wire
from tests.links.world import Broker, Cable, House, patiently, watching


async def test_every_event_arrives_as_it_was_in_its_order(broker: Broker, house: House) -> None:
    told = [
        events.TurnStarted(room="salon", turn_id="salon-1", t=1.5, trigger="wake"),
        events.Transcribed(
            room="salon", text="Quelle heure est-il, Zoé ? 🦗", language="fr", confidence=0.9, seconds=0.2
        ),
        events.Answered(room="salon", text="Il est midi.", by="skill:clock", sources=["horloge"]),
        events.TurnEnded(room="salon", outcome="answered", timing_ms={"stt": 210.0}),
    ]
    async with watching(broker.port) as watcher, house.linked(broker.port):
        for event in told:
            house.bus.publish(event)
        await patiently(lambda: watcher.payloads("turn-ended"))
        topics = [m.topic.value for m in watcher.messages if "/event/" in m.topic.value]
        assert topics[-4:] == [f"grillon/cuisine-1/event/{wire.kind(event)}" for event in told]
        arrived = [m.payload.decode() for m in watcher.messages if m.topic.value in topics[-4:]]
        assert [wire.event_from_json(line) for line in arrived] == told
        assert not house.seen(events.BrokerLost), "falling back to MQTT 3.1.1 is no loss"


async def test_the_state_is_there_for_whoever_comes_later(broker: Broker, house: House) -> None:
    async with house.linked(broker.port):
        house.bus.publish(events.StateChanged(room="salon", state="listening"))
        house.bus.publish(events.MuteChanged(room="chambre", muted=True))
        house.bus.publish(events.VolumeChanged(room="salon", percent=40))
        house.bus.publish(events.MicrophoneLost(room="chambre", device="USB"))
        async with watching(broker.port) as watcher:
            state = await watcher.state(lambda s: s.get("rooms", {}).get("chambre", {}).get("microphone") is False)
        assert state == {
            "state": "online",
            "version": "0.1.0",
            "language": "fr",
            "rooms": {
                "salon": {"state": "listening", "muted": None, "volume": 40, "microphone": None},
                "chambre": {"state": "asleep", "muted": True, "volume": None, "microphone": False},
            },
            "refused": 0,
            "stale": 0,
            "dropped": 0,
        }
        async with watching(broker.port) as late:
            await late.state(lambda s: s["state"] == "online")
            assert all(m.retain for m in late.messages if m.topic.value.endswith("/state"))


async def test_an_orderly_end_says_offline_after_the_last_event(broker: Broker, house: House) -> None:
    async with watching(broker.port) as watcher:
        async with house.linked(broker.port):
            house.bus.publish(events.BoxStopped())
        await watcher.state(lambda s: s == {"state": "offline"})
        assert watcher.payloads("box-stopped")


async def test_the_will_speaks_where_the_box_cannot(broker: Broker) -> None:
    script = (
        "import asyncio; from tests.links.world import *\n"
        f"h = House(); asyncio.run(Link(Options(host='127.0.0.1', port={broker.port}), BOX, h.bus, h.send).run())"
    )
    async with watching(broker.port) as watcher:
        box = await asyncio.create_subprocess_exec(sys.executable, "-c", script)
        await watcher.state(lambda s: s["state"] == "online")
        box.send_signal(signal.SIGKILL)
        await box.wait()
        await watcher.state(lambda s: s == {"state": "offline"})
    async with watching(broker.port) as late:
        await late.state(lambda s: s == {"state": "offline"})


COMMANDS: list[tuple[str, dict[str, Any], events.Command]] = [
    ("say", {"text": "Bonjour !"}, events.Say(text="Bonjour !")),
    (
        "ask",
        {"text": "Quelle heure est-il ?", "room": "chambre"},
        events.Ask(text="Quelle heure est-il ?", room="chambre"),
    ),
    ("listen", {}, events.Listen()),
    ("stop", {"room": "salon"}, events.Stop(room="salon")),
    ("mute", {}, events.Mute()),
    ("unmute", {}, events.Unmute()),
    ("volume", {"percent": 35}, events.SetVolume(percent=35)),
    (
        "act",
        {"service": "light.turn_on", "thing": "Lampe", "data": {"brightness_percent": 40}},
        events.Act(service="light.turn_on", thing="Lampe", data={"brightness_percent": 40}),
    ),
    ("approve", {"code": "7391", "request_id": "r1"}, events.Approve(code="7391", request_id="r1")),
    ("refuse", {"request_id": "r1"}, events.Refuse(request_id="r1")),
    ("waiting", {}, events.Waiting()),
    ("ring", {"text": "Les pâtes !", "seconds": 5.0}, events.Ring(text="Les pâtes !", seconds=5.0)),
]


async def test_every_command_arrives_typed_and_is_answered(broker: Broker, house: House) -> None:
    assert {name for name, _, _ in COMMANDS} == set(wire.COMMANDS)
    async with watching(broker.port) as watcher, house.linked(broker.port):
        for number, (name, payload, _) in enumerate(COMMANDS):
            await watcher.command(name, payload | {"command_id": f"id-{number}"})
        await patiently(lambda: len(watcher.payloads("command-done")) == len(COMMANDS))
    expected = [wire.to_dict(c) | {"command_id": f"id-{i}"} for i, (_, _, c) in enumerate(COMMANDS)]
    assert [wire.to_dict(c) for c in house.commands] == expected
    assert [d["command_id"] for d in watcher.payloads("command-done")] == [f"id-{i}" for i in range(len(COMMANDS))]


async def test_a_command_without_an_id_gets_one(broker: Broker, house: House) -> None:
    async with watching(broker.port) as watcher, house.linked(broker.port):
        await watcher.command("stop", b"")
        await watcher.command("stop", {"command_id": ""})
        await patiently(lambda: len(watcher.payloads("command-done")) == 2)
    assert len({command.command_id for command in house.commands} - {""}) == 2


JUNK: list[tuple[str, bytes, str]] = [
    ("say", b"\xff\xfe\x00\x9f" * 40, "payload-not-json"),
    ("say", b"bonjour", "payload-not-json"),
    ("say", b'["text", "bonjour"]', "payload-not-json"),
    ("say", b'"bonjour"', "payload-not-json"),
    ("say", b"null", "payload-not-json"),
    ("say", b"[" * 60_000, "payload-not-json"),
    ("say", b'{"text":' * 5_000, "payload-not-json"),
    ("volume", b'{"percent": ' + b"9" * 6_000 + b"}", "payload-not-json"),
    ("say", b'{"text": "\\ud800"}', "payload-not-json"),
    ("say", b'{"text": "bonjour", "\\udfff": 1}', "payload-not-json"),
    ("say", json.dumps({"text": "a" * 100_000}).encode(), "payload-too-big"),
    ("say", b'{"text": 12}', "payload-wrong-type"),
    ("say", b'{"text": null}', "payload-wrong-type"),
    ("volume", b'{"percent": true}', "payload-wrong-type"),
    ("volume", b'{"percent": "40"}', "payload-wrong-type"),
    ("volume", b'{"percent": NaN}', "payload-wrong-type"),
    ("volume", b'{"percent": 40.0}', "payload-wrong-type"),
    ("stop", b'{"room": ["salon"]}', "payload-wrong-type"),
    ("say", b"", "payload-missing-field"),
    ("say", b'{"text": "bonjour", "shell": "reboot"}', "payload-unknown-field"),
    ("reboot", b"{}", "payload-unknown-kind"),
    ("set-volume", b'{"percent": 40}', "payload-unknown-kind"),
    ("__class__", b"{}", "payload-unknown-kind"),
    ("say", b'{"text": "bonjour", "room": "cave"}', "room-unknown"),
]


async def test_junk_is_refused_and_counted_and_harms_nothing(broker: Broker, house: House) -> None:
    async with watching(broker.port) as watcher, house.linked(broker.port) as link:
        for name, payload, _ in JUNK:
            await watcher.command(name, payload)
        await watcher.command("say", {"text": "Encore là.", "command_id": "after"})
        await patiently(lambda: house.commands)
        assert [f.code for f in house.seen(events.Failed)] == [code for _, _, code in JUNK]
        assert {f.stage for f in house.seen(events.Failed)} == {"mqtt"}
        assert [command.command_id for command in house.commands] == ["after"]
        assert link.refused == len(JUNK)
        await watcher.state(lambda s: s.get("refused") == len(JUNK))
        await patiently(lambda: len(watcher.payloads("failed")) == len(JUNK))


async def test_a_refusal_names_the_command_and_the_reason_in_the_language_of_the_box(
    broker: Broker, house: House
) -> None:
    async with watching(broker.port) as watcher, house.linked(broker.port):
        await watcher.command("say", {"texte": "bonjour", "command_id": "c-7"})
        await patiently(lambda: watcher.payloads("failed"))
    failed = watcher.payloads("failed")[0]
    assert (failed["command_id"], failed["message"]) == ("c-7", "champ inconnu : texte")


async def test_a_bug_behind_a_command_does_not_end_the_link(broker: Broker, house: House) -> None:
    house.bug = RuntimeError("nobody expected this")
    async with watching(broker.port) as watcher, house.linked(broker.port):
        await watcher.command("stop", {})
        await patiently(lambda: [f for f in house.seen(events.Failed) if f.code == "bug"])
        house.bug = None
        await watcher.command("stop", {"command_id": "next"})
        await patiently(lambda: house.commands)
    assert [c.command_id for c in house.commands] == ["next"]


async def test_a_retained_command_is_never_replayed(broker: Broker, house: House) -> None:
    async with watching(broker.port) as watcher:
        await watcher.command("say", {"text": "Il y a longtemps."}, retain=True)
        for starts in (1, 2):
            async with house.linked(broker.port):
                await watcher.state(lambda s: s.get("stale", 0) >= 1)
                await watcher.command("stop", {"command_id": f"fresh-{starts}"})
                await patiently(lambda n=starts: len(house.commands) == n)
            watcher.messages.clear()
    assert [c.command_id for c in house.commands] == ["fresh-1", "fresh-2"]


async def test_commands_sent_while_the_box_is_away_arrive_in_order_and_once(broker: Broker, house: House) -> None:
    async with watching(broker.port) as watcher:
        async with house.linked(broker.port):
            pass
        for number in range(30):
            await watcher.command("say", {"text": "bonjour", "command_id": f"away-{number}"})
        async with house.linked(broker.port):
            await watcher.command("say", {"text": "bonjour", "command_id": "last"})
            await patiently(lambda: any(c.command_id == "last" for c in house.commands))
    ids = [c.command_id for c in house.commands]
    assert sorted(ids) == sorted([*(f"away-{n}" for n in range(30)), "last"])
    assert ids[:30] == [f"away-{n}" for n in range(30)]


async def test_a_command_whose_acknowledgement_was_lost_is_not_carried_out_twice(broker: Broker, house: House) -> None:
    async with Cable(broker.port) as cable, watching(broker.port) as watcher, house.linked(cable.port):
        cable.loses_up = True
        await watcher.command("say", {"text": "Une fois."})  # without an id: nothing but the packet tells it
        await patiently(lambda: len(house.commands) == 1 and cable.lost_bytes)
        cable.cut()
        await patiently(lambda: len(house.seen(events.BrokerFound)) == 2)
        await watcher.command("say", {"text": "Une fois."})  # the same words again, and meant
        await watcher.command("stop", {"command_id": "end"})
        await patiently(lambda: any(c.command_id == "end" for c in house.commands))
    assert [wire.kind(c) for c in house.commands] == ["say", "say", "stop"]
    assert len(house.seen(events.BrokerLost)) == 1


async def test_a_command_lost_on_the_way_comes_again(broker: Broker, house: House) -> None:
    if not broker.lasting:
        pytest.skip("amqtt forgets what is in flight when a connection breaks")
    async with Cable(broker.port) as cable, watching(broker.port) as watcher, house.linked(cable.port):
        cable.loses_down = True
        await watcher.command("say", {"text": "Perdu, puis retrouvé."})
        await patiently(lambda: cable.lost_bytes)
        assert not house.commands
        cable.cut()
        await patiently(lambda: house.commands)
        await watcher.command("stop", {"command_id": "end"})
        await patiently(lambda: len(house.commands) >= 2)
    assert [wire.kind(c) for c in house.commands] == ["say", "stop"]


async def test_a_command_that_was_not_handed_over_comes_again(broker: Broker, house: House) -> None:
    if not broker.lasting:
        pytest.skip("amqtt forgets what is in flight when a connection breaks")
    house.busy = asyncio.Event()
    async with watching(broker.port) as watcher:
        async with house.linked(broker.port):
            await watcher.command("say", {"text": "Pas encore."})
            await patiently(house.busy.is_set)
        assert not house.commands
        house.busy = None
        async with house.linked(broker.port):
            await patiently(lambda: house.commands)


async def test_the_broker_dies_and_comes_back(broker: Broker, house: House) -> None:
    async with house.linked(broker.port):
        await broker.kill()
        await patiently(lambda: house.seen(events.BrokerLost))
        for number in range(20):
            house.bus.publish(events.SentenceReady(room="salon", text=str(number)))
        house.bus.publish(events.VolumeChanged(room="salon", percent=11))
        await broker.start()
        async with watching(broker.port) as watcher:
            await watcher.state(lambda s: s.get("rooms", {}).get("salon", {}).get("volume") == 11)
            house.bus.publish(events.SentenceReady(room="salon", text="end"))
            await patiently(lambda: "end" in [p["text"] for p in watcher.payloads("sentence-ready")])
            await watcher.command("stop", {"command_id": "back"})
            await patiently(lambda: house.commands)
    assert len(house.seen(events.BrokerLost)) == 1, "told once, however often it was tried"
    assert len(house.seen(events.BrokerFound)) == 2


async def test_events_wait_for_the_broker_in_order(broker: Broker, house: House) -> None:
    async with Cable(broker.port) as cable, watching(broker.port) as watcher, house.linked(cable.port):
        await watcher.state(lambda s: s["state"] == "online")
        await patiently(lambda: watcher.payloads("broker-found"))
        cable.loses_up = True
        house.bus.publish(events.SentenceReady(room="salon", text="0"))

        await patiently(lambda: cable.lost_bytes)  # it is on its way, and lost
        cable.cut()
        await patiently(lambda: house.seen(events.BrokerLost))
        for number in range(1, 50):
            house.bus.publish(events.SentenceReady(room="salon", text=str(number)))

        await patiently(lambda: len(watcher.payloads("sentence-ready")) >= 50)
        assert [p["text"] for p in watcher.payloads("sentence-ready")] == [str(n) for n in range(50)]
        assert watcher.payloads("broker-lost")


async def test_the_newest_events_are_kept_and_the_others_counted(broker: Broker, house: House) -> None:
    async with Cable(broker.port) as cable, watching(broker.port) as watcher, house.linked(cable.port) as link:
        cable.cut()
        await patiently(lambda: house.seen(events.BrokerLost))
        for number in range(800):
            house.bus.publish(events.SentenceReady(room="salon", text=str(number)))
        await patiently(lambda: "799" in [p["text"] for p in watcher.payloads("sentence-ready")])
        arrived = [int(p["text"]) for p in watcher.payloads("sentence-ready")]
        assert arrived[-400:] == list(range(400, 800))
        assert len(arrived) <= 502 and link.dropped >= 300
        await watcher.state(lambda s: s.get("dropped", 0) >= 300)


async def test_a_broker_that_never_answers_delays_nobody(house: House) -> None:
    async def swallow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(65536):
            pass
        writer.close()

    server = await asyncio.start_server(swallow, "127.0.0.1", 0)
    async with server, house.linked(server.sockets[0].getsockname()[1], found=False):
        for number in range(5000):
            house.bus.publish(events.SentenceReady(room="salon", text=str(number)))
        await patiently(lambda: len(house.seen(events.SentenceReady)) == 5000)
