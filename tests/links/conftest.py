from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.links.world import MOSQUITTO, AmqttBroker, Broker, House, MosquittoBroker

mosquitto_only = [pytest.mark.broker, pytest.mark.skipif(not MOSQUITTO, reason="mosquitto is not installed")]


@pytest.fixture(params=["amqtt", pytest.param("mosquitto", marks=mosquitto_only)])
async def broker(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Broker]:
    """A running broker, each of the two in turn."""
    one = AmqttBroker() if request.param == "amqtt" else MosquittoBroker(tmp_path)
    await one.start()
    yield one
    await one.kill()


@pytest.fixture
def house() -> House:
    return House()
