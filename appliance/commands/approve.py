"""`grillon approve`: the keypad. The code is typed here, off the voice channel, and goes to the running box over MQTT."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from appliance import commands, config, links
from appliance.commands import option, say
from appliance.commands.pin import typed
from appliance.errors import ApplianceError, InputError
from appliance.events import Approve, Command, CommandDone, Failed, Refuse, Waiting


def approve(
    request: Annotated[str, typer.Argument(help=say("help-approve-request"), metavar="[ID]", show_default=False)] = "",
    refuse: Annotated[bool, option("approve-refuse", "--refuse")] = False,
) -> None:
    """Show what waits, ask for the code, and tell what became of it."""
    waiting = {key: str(wish) for key, wish in _done(Waiting()).result.items()}
    if not waiting:
        raise InputError("approve-nothing-waits")
    for key, wish in waiting.items():
        commands.out.print(f"  {key}  {wish}", markup=False)
    if not request and len(waiting) > 1:
        raise InputError("approve-several")
    request = request or next(iter(waiting))
    if request not in waiting:
        raise InputError("approve-nothing-waits")
    command: Command = Refuse(request_id=request) if refuse else Approve(code=typed("pin-ask"), request_id=request)
    text = str(_done(command).result.get("text", ""))
    commands.out.print(text or say("approve-done", wish=waiting[request]), markup=False)


def _done(command: Command) -> CommandDone:
    """Send a command to the box and return its answer. Raises ApplianceError for a refusal."""
    settings = commands.settings()
    mqtt = links.module("mqtt")
    options = config.read(mqtt.Options, settings.links.get("mqtt", {}), "mqtt")
    answer: CommandDone | Failed = asyncio.run(mqtt.ask(options, settings.box, command))
    if isinstance(answer, Failed):
        raise ApplianceError("box-refuses", stage=answer.stage, message=answer.message)
    return answer
