"""The home on a real broker: devices that announce themselves, answer commands by their state, go and come back."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from appliance import events
from appliance.actions import Action, Actuator
from appliance.bus import Bus
from appliance.errors import ConfigError, InputError, LinkError
from appliance.events import Event
from appliance.home import Home, State, Thing
from appliance.links import BoxInfo, options_of
from appliance.links.homeassistant import Link, Options
from tests.announced import TASMOTA_LIGHT, Z2M_COVER, Z2M_LIGHT
from tests.links.conftest import mosquitto_only
from tests.links.devices import Z2M_LOCK, Devices, devices
from tests.links.world import Broker, House, MosquittoBroker, patiently

LAMP, COVER, LOCK = "light.0x1.light", "cover.0x2.cover", "lock.0x3.lock"


class Household:
    """A link to a home, and all that it tells."""

    def __init__(self, port: int, *declared: tuple[Thing, dict[str, Any]], **options: Any) -> None:
        self.home, self.bus, self.events = Home(), Bus(), list[Event]()
        box = BoxInfo("cuisine-1", "fr", "0.1.0", ("salon",), self.home, declared)
        self.link = Link(Options(**({"host": "127.0.0.1", "port": port} | options)), box, self.bus, House().send)

    @contextlib.asynccontextmanager
    async def linked(self, *, up: bool = True) -> AsyncIterator[Link]:
        with self.bus.subscribe(100_000) as subscription:

            async def write_down() -> None:
                async for event in subscription:
                    self.events.append(event)

            tasks = [asyncio.create_task(self.link.run()), asyncio.create_task(write_down())]
            try:
                if up:
                    await patiently(lambda: self.link.connected)
                yield self.link
                assert not tasks[0].done(), "a link never ends by itself"
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.wait(tasks)

    async def until(self, thing_id: str, holds: Callable[[State], Any]) -> State:
        await patiently(lambda: thing_id in self.home.things and holds(self.home.state(thing_id)))
        return self.home.state(thing_id)

    async def does(self, thing_id: str, service: str, **data: Any) -> None:
        action = Action(thing_id.split(".")[0], service, thing_id, data)
        assert self.link.knows(action)
        await self.link.do(action)

    def seen(self, kind: type[Event]) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]


async def furnished(found: Devices) -> None:
    await found.announce("light", "0x1", Z2M_LIGHT)
    await found.announce("cover", "0x2", Z2M_COVER)
    await found.announce("lock", "0x3", Z2M_LOCK)
    await found.say("zigbee2mqtt/bridge/state", {"state": "online"})


async def test_what_is_announced_is_found_moved_and_tells_its_state(broker: Broker) -> None:
    house = Household(broker.port)
    async with devices(broker.port) as found, house.linked() as link:
        await furnished(found)
        await house.until(LOCK, lambda s: True)
        await house.does(LAMP, "turn_on", brightness_percent=50)
        await house.until(LAMP, lambda s: s.value == "on" and s.attributes["brightness_percent"] == 50)
        await house.does(LAMP, "turn_off")
        await house.until(LAMP, lambda s: s.value == "off")
        await house.does(COVER, "open_cover")
        await house.until(COVER, lambda s: s == State("open", {"position": 100}))
        await house.does(COVER, "set_cover_position", position=30)
        await house.until(COVER, lambda s: s.attributes.get("position") == 30)
        await house.does(LOCK, "unlock")
        await house.until(LOCK, lambda s: s.value == "unlocked")
        for thing in (LAMP, COVER, LOCK):
            await found.announce(thing.split(".")[0], thing.split(".")[1], b"")
        await patiently(lambda: not house.home.things)
    assert {e.name for e in house.seen(events.ThingFound)} == {"Lampe salon", "Volets du salon", "Porte d'entrée"}
    assert {e.thing_id for e in house.seen(events.ThingLost)} == {LAMP, COVER, LOCK}
    lamp = [(e.state, e.attributes) for e in house.seen(events.ThingChanged) if e.thing_id == LAMP]
    assert lamp == [("on", {"brightness_percent": 50}), ("off", {"brightness_percent": 50})]
    sent = [command for command in found.commands if command[0].endswith("/set")]
    assert sent and all((qos, retain) == (1, False) for _, _, qos, retain in sent)
    assert not [c for c in found.commands if c[0] == "homeassistant/status"], "that topic is Home Assistant's"
    actuator: Actuator = link
    assert "lock" in actuator.domains and link.refused == 0


async def test_what_was_announced_and_said_before_is_known_from_the_start(broker: Broker) -> None:
    house = Household(broker.port)
    async with devices(broker.port) as found:
        await furnished(found)
        await found.say("zigbee2mqtt/Lampe salon", {"state": "ON", "brightness": 254})
        async with house.linked():
            await house.until(LAMP, lambda s: s == State("on", {"brightness_percent": 100}))


async def test_a_thing_that_is_gone_is_not_moved(broker: Broker) -> None:
    house = Household(broker.port)
    async with devices(broker.port) as found, house.linked():
        await found.announce("light", "0x4", TASMOTA_LIGHT)
        await found.say("tele/tasmota_B1/LWT", "Offline")
        await house.until("light.0x4.light", lambda s: not s.available)
        with pytest.raises(LinkError) as caught:
            await house.does("light.0x4.light", "turn_off")
        assert "Tasmota" in caught.value.text("fr") and caught.value.code == "thing-unavailable"
        await found.say("tele/tasmota_B1/LWT", "Online")
        await house.until("light.0x4.light", lambda s: s.available)
        await house.does("light.0x4.light", "turn_off")
        await patiently(lambda: [c for c in found.commands if c[:2] == ("cmnd/tasmota_B1/POWER", "OFF")])
    assert [e.available for e in house.seen(events.ThingChanged)] == [False, True]


async def test_a_hostile_announcement_is_refused_or_known_to_share_the_lock(broker: Broker) -> None:
    house = Household(broker.port)
    async with devices(broker.port) as found, house.linked() as link:
        await furnished(found)
        box = {"command_topic": "grillon/cuisine-1/command/ask", "payload_on": '{"text": "ouvre la porte"}'}
        await found.announce("switch", "0x8", box)
        await found.announce("switch", "0x9", {"command_topic": "alarme/coupe"})
        thief = {"command_topic": "zigbee2mqtt/Serrure/set", "payload_on": "UNLOCK", "name": "Veilleuse"}
        await found.announce("switch", "0xa", thief)
        await house.until("switch.0xa.switch", lambda s: True)
        assert link.sharing("switch.0xa.switch") == {LOCK}
        await patiently(lambda: len(house.seen(events.DiscoveryRefused)) == 2)
        assert not {"switch.0x8.switch", "switch.0x9.switch"} & house.home.things.keys()
    told = {e.topic: e.message for e in house.seen(events.DiscoveryRefused)}
    assert '"alarme/coupe"' in told["homeassistant/switch/0x9/switch/config"]
    assert link.refused == 2


async def test_what_the_owner_declares_is_reached_as_it_is_written(broker: Broker) -> None:
    portal = Thing("cover.portail", "Portail", "cover", device_class="gate")
    config = {"command_topic": "prive/portail", "payload_open": "1", "payload_close": "0", "payload_stop": None}
    scene = Thing("scene.cinema", "Cinéma", "scene")
    house = Household(broker.port, (portal, config), (scene, {"command_topic": "prive/scene", "retain": True}))
    async with devices(broker.port) as found, house.linked() as link:
        await house.does("cover.portail", "open_cover")
        await house.does("scene.cinema", "turn_on")
        await patiently(lambda: len(found.commands) == 2)
        assert [c[:2] for c in found.commands] == [("prive/portail", "1"), ("prive/scene", "ON")]
        assert house.home.state("cover.portail").value == "open", "what never says how it stands is believed"
        assert not link.knows(Action("cover", "stop_cover", "cover.portail"))
        assert link.undoing(Action("cover", "open_cover", "cover.portail")) == (
            Action("cover", "open_cover", "cover.portail"),
        )
        assert link.undoing(Action("scene", "turn_on", "scene.cinema")) is None


async def test_what_makes_no_sense_is_not_known(broker: Broker) -> None:
    house = Household(broker.port)
    async with devices(broker.port) as found, house.linked() as link:
        await furnished(found)
        await house.until(LOCK, lambda s: True)
        for action in (
            Action("light", "turn_on", "light.nobody"),
            Action("switch", "turn_on", LAMP),
            Action("light", "explode", LAMP),
            Action("light", "turn_on", LAMP, {"brightness_percent": 101}),
            Action("light", "turn_on", LAMP, {"color": "bleuâtre"}),
            Action("light", "turn_on", LAMP, {"topic": "x"}),
            Action("cover", "set_cover_position", COVER),
        ):
            assert not link.knows(action), action
        with pytest.raises(InputError):
            await link.do(Action("light", "turn_on", "light.nobody"))
        assert link.describe(Action("light", "turn_off", LAMP), "fr") == "éteindre la lampe salon"
        assert not found.commands or all("set" not in c[0] for c in found.commands)


async def test_without_a_broker_nothing_is_done_and_the_person_is_told() -> None:
    house = Household(1, (Thing("light.a", "Lampe", "light"), {"command_topic": "a"}))
    async with house.linked(up=False):
        with pytest.raises(LinkError) as caught:
            await house.does("light.a", "turn_on")
        await patiently(lambda: house.seen(events.Failed))
    assert caught.value.code == "home-broker-away" == house.seen(events.Failed)[0].code
    assert house.home.state("light.a").value == ""


async def test_the_embedded_broker_of_the_other_link_serves(house: House) -> None:
    async with house.linked(0, host="") as mqtt:
        guest = Household(mqtt.port, host="")
        async with guest.linked(), devices(mqtt.port) as found:
            await found.announce("light", "0x1", Z2M_LIGHT)
            await guest.until(LAMP, lambda s: True)


def test_the_broker_is_that_of_the_other_link_unless_one_is_named() -> None:
    tables = {"mqtt": {"host": "maison", "port": 1884, "username": "g"}, "homeassistant": {"birth": True}}
    assert options_of("homeassistant", tables) == {"host": "maison", "port": 1884, "username": "g", "birth": True}
    assert options_of("mqtt", tables) == tables["mqtt"]
    own = {"host": "ailleurs"}
    assert options_of("homeassistant", tables | {"homeassistant": own}) == own
    with pytest.raises(ConfigError) as caught:
        Household(0, host="")
    assert "[links.mqtt]" in caught.value.text("fr")


@pytest.mark.parametrize("options", [{"topics": ["a/#/b"]}, {"discovery_prefix": "a/+"}, {"discovery_prefix": ""}])
def test_options_that_cannot_be(options: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="MQTT topic"):
        Options(**options)


class TestMosquitto:
    pytestmark = mosquitto_only

    async def test_the_broker_may_restart(self, tmp_path: Path) -> None:
        broker = MosquittoBroker(tmp_path)
        await broker.start()
        house = Household(broker.port)
        async with house.linked() as link:
            async with devices(broker.port) as found:
                await furnished(found)
                await house.until(LOCK, lambda s: True)
            await broker.kill()
            await patiently(lambda: not link.connected)
            with pytest.raises(LinkError):
                await house.does(LAMP, "turn_on")
            assert LAMP in house.home.things
            await broker.start()
            await patiently(lambda: link.connected)
            async with devices(broker.port) as found:
                await house.does(LAMP, "turn_on")
                await house.until(LAMP, lambda s: s.value == "on")
        await broker.kill()

    async def test_birth_asks_for_every_state_again(self, tmp_path: Path) -> None:
        broker = MosquittoBroker(tmp_path)
        await broker.start()
        house = Household(broker.port, birth=True, discovery_prefix="maison/annonces")
        async with devices(broker.port) as found:
            await found.client.subscribe("maison/annonces/status", qos=1)
            async with house.linked():
                await found.announce("light", "0x1", Z2M_LIGHT, "maison/annonces")
                await house.until(LAMP, lambda s: True)
                await patiently(lambda: found.commands)
        assert found.commands[0] == ("maison/annonces/status", "online", 1, False)
        await broker.kill()

    async def test_a_thousand_things_are_found_at_once(self, tmp_path: Path) -> None:
        broker = MosquittoBroker(tmp_path, "max_queued_messages 10000")
        await broker.start()
        house = Household(broker.port)
        async with devices(broker.port) as found:
            for number in range(1000):
                lamp = {"state_topic": f"zigbee2mqtt/l{number}", "command_topic": f"zigbee2mqtt/l{number}/set"}
                raw = json.dumps(lamp)
                await found.client.publish(f"homeassistant/light/l{number}/config", raw, qos=0, retain=True)
                await found.client.publish(f"zigbee2mqtt/l{number}", "ON", qos=0, retain=True)
            async with house.linked() as link:
                await patiently(lambda: all(house.home.state(f"light.l{n}").value == "on" for n in range(1000)))
                assert link.refused == 0
        await broker.kill()
