"""Devices on a broker, simulated: they announce themselves, and answer what is set by their new state."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import aiomqtt

Z2M_LOCK = {
    "command_topic": "zigbee2mqtt/Serrure/set",
    "state_topic": "zigbee2mqtt/Serrure",
    "value_template": "{{ value_json.state }}",
    "state_locked": "LOCK",
    "state_unlocked": "UNLOCK",
    "name": None,
    "device": {"name": "Porte d'entrée"},
}


class Devices:
    """zigbee2mqtt, simulated: says what it has, and answers what is set by the new state."""

    def __init__(self, client: aiomqtt.Client) -> None:
        self.client = client
        self.commands: list[tuple[str, str, int, bool]] = []
        self.states: dict[str, dict[str, Any]] = {}

    async def announce(self, component: str, node: str, payload: object, prefix: str = "homeassistant") -> None:
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        name = f"{node}/{component}" if component != "device" else node
        await self.client.publish(f"{prefix}/{component}/{name}/config", raw, qos=1, retain=True)

    async def say(self, topic: str, payload: object, *, retain: bool = True) -> None:
        await self.client.publish(topic, payload if isinstance(payload, str) else json.dumps(payload), 1, retain)

    async def answer(self) -> None:
        async for message in self.client.messages:
            topic, payload = message.topic.value, bytes(message.payload).decode()  # type: ignore[arg-type]
            self.commands.append((topic, payload, message.qos, message.retain))
            if topic.endswith("/set"):
                name = topic.removesuffix("/set")
                news = json.loads(payload) if payload.startswith("{") else {"state": payload}
                if news.get("state") in ("OPEN", "CLOSE"):
                    news = {"position": 100 if news["state"] == "OPEN" else 0}
                self.states[name] = self.states.get(name, {}) | news
                await self.say(name, self.states[name])


@contextlib.asynccontextmanager
async def devices(port: int) -> AsyncIterator[Devices]:
    async with aiomqtt.Client("127.0.0.1", port) as client:
        found = Devices(client)
        await client.subscribe([("zigbee2mqtt/#", 1), ("cmnd/#", 1), ("prive/#", 1), ("homeassistant/status", 1)])
        task = asyncio.create_task(found.answer())
        try:
            yield found
        finally:
            task.cancel()
            await asyncio.wait([task])
