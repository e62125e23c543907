"""One command to a box that runs, from another process, and its answer: what `grillon approve` does."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import uuid
from typing import Any

import aiomqtt
from aiomqtt import ProtocolVersion

from appliance import events, wire
from appliance.errors import InputError, LinkError
from appliance.events import Command, CommandDone, Failed
from appliance.links._connection import TROUBLE, Connection
from appliance.links._options import BrokerOptions

ANSWER_SECONDS = 10.0


async def ask(options: BrokerOptions, box: str, command: Command) -> CommandDone | Failed:
    """Send a command to the box of that name and return what it answers. Raises LinkError where nobody answers."""
    command = dataclasses.replace(command, command_id=f"remote-{uuid.uuid4().hex[:12]}")
    name = next(name for name, kind in wire.COMMANDS.items() if kind is type(command))
    payload = {key: value for key, value in wire.to_dict(command).items() if key != "kind" and value != ""}
    connection = Connection(options, f"grillon-{command.command_id}", lasting=False)
    try:
        async with asyncio.timeout(ANSWER_SECONDS), connection.client(ProtocolVersion.V311) as client:
            await client.subscribe(f"grillon/{box}/event/command-done", qos=1)
            await client.subscribe(f"grillon/{box}/event/failed", qos=1)
            await client.publish(f"grillon/{box}/command/{name}", json.dumps(payload), qos=1)
            return await _answer(client, command.command_id)
    except TimeoutError as error:
        raise LinkError("box-silent", box=box, broker=connection.broker) from error
    except TROUBLE as error:
        raise LinkError("broker-unreachable", broker=connection.broker, detail=error) from error


async def _answer(client: aiomqtt.Client, command_id: str) -> CommandDone | Failed:
    async for message in client.messages:
        try:
            event: Any = wire.event_from_json(bytes(message.payload).decode())
        except (InputError, UnicodeDecodeError, TypeError):
            continue
        if isinstance(event, events.CommandDone | events.Failed) and event.command_id == command_id:
            return event
    raise TimeoutError
