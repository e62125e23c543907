"""What a stranger can do without end: his things tell no more than people can follow, and name no more rooms."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from appliance import events
from appliance.errors import ConfigError
from appliance.home import Thing
from tests.announced import Bus

OWN = "grillon/cuisine/event/thing-changed"
SENSOR = {"name": "Sonde", "state_topic": "home/s"}


@pytest.mark.parametrize("key", ["state_topic", "availability_topic"])
def test_the_box_s_own_topics_are_not_followed(key: str) -> None:
    bus = Bus()
    bus.say("homeassistant/sensor/s/config", SENSOR | {key: OWN})
    assert not bus.names and OWN not in bus.registry.topics and len(bus.reasons) == 1
    with pytest.raises(ConfigError):
        bus.registry.declare(Thing("sensor.s", "Sonde", "sensor"), SENSOR | {key: OWN})


def test_a_thing_that_changes_all_the_time_tells_its_last_state() -> None:
    waiting: list[tuple[float, Callable[[], None]]] = []
    bus = Bus(wait=lambda seconds, act: waiting.append((seconds, act)))
    bus.say("homeassistant/sensor/s/config", SENSOR)
    bus.say("homeassistant/sensor/t/config", {"name": "Autre", "state_topic": "home/t"})
    for number in range(1000):
        bus.hear("home/s", str(number))
    bus.hear("home/t", "1")
    told = [(e.thing_id, e.state) for e in bus.seen(events.ThingChanged)]
    assert told == [*(("sensor.s", str(n)) for n in range(10)), ("sensor.t", "1")]
    assert [seconds for seconds, _ in waiting] == [1.0]
    bus.now = 1.0
    waiting.pop()[1]()
    assert bus.seen(events.ThingChanged)[-1].state == "999"
    bus.now = 5.0
    bus.hear("home/s", "x")
    assert bus.seen(events.ThingChanged)[-1].state == "x" and not waiting


def test_suggested_areas_live_as_long_as_a_thing_is_in_them(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = Bus()
    for number in range(50):
        bus.say("homeassistant/sensor/s/config", SENSOR | {"device": {"suggested_area": f"Pièce {number}"}})
    bus.say("homeassistant/sensor/t/config", SENSOR | {"device": {"suggested_area": "piece 49"}})
    assert list(bus.home.areas) == ["Salon", "Bureau", "Pièce 49"]
    bus.say("homeassistant/sensor/s/config", b"")
    assert bus.home.things["sensor.t"].area == "Pièce 49" in bus.home.areas
    bus.say("homeassistant/sensor/u/config", SENSOR | {"device": {"suggested_area": "salon"}})
    for thing in ("t", "u"):
        bus.say(f"homeassistant/sensor/{thing}/config", b"")
    assert list(bus.home.areas) == ["Salon", "Bureau"], "the owner's stay"
    monkeypatch.setattr("appliance.links._registry.AREAS_LIMIT", 3)
    for number in range(5):
        bus.say(f"homeassistant/sensor/s{number}/config", SENSOR | {"device": {"suggested_area": f"Pièce {number}"}})
    assert [bus.home.things[f"sensor.s{number}"].area for number in range(5)] == [
        "Pièce 0",
        "Pièce 1",
        "Pièce 2",
        "",
        "",
    ]
    assert len(bus.home.areas) == 5
