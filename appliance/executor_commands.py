"""What reaches the executor from outside the turns: commands of a link, and buttons that approve."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable

from appliance import events
from appliance.actions import Action, Origin, Outcome
from appliance.bus import Bus
from appliance.errors import ApplianceError, InputError
from appliance.events import Act, Approve, Command, Refuse, Waiting
from appliance.executor import Executor
from appliance.home import Home
from appliance.levels import plain

AskAloud = Callable[[str, str], Awaitable[None]]
"""Speaks a question in a room and listens for the answer. Raises ApplianceError where the room cannot."""
COMMANDS = (Act, Approve, Refuse, Waiting)
_SERVICE = re.compile(r"([a-z_]{1,40})\.([a-z_]{1,40})")


async def obey(
    executor: Executor, command: Command, bus: Bus, language: str, ask_aloud: AskAloud | None = None
) -> None:
    """Carry out one of COMMANDS and tell on the bus what became of it. Raises InputError for one that makes no sense."""
    outcome = await _outcome(executor, command, ask_aloud)
    result: dict[str, str | int | float | bool] = {"status": outcome.status, "text": outcome.text}
    if isinstance(command, Waiting):
        result = dict(executor.waiting())
    elif outcome.request_id:
        result["request_id"] = outcome.request_id
    name = type(command).__name__.lower()
    room, command_id = command.room, command.command_id
    if outcome.status == "failed" or (outcome.status == "refused" and not isinstance(command, Refuse)):
        code, message = f"{name}-{outcome.status}", outcome.text
        bus.publish(events.Failed(stage="executor", code=code, message=message, room=room, command_id=command_id))
    elif command_id:
        bus.publish(events.CommandDone(command=name, result=result, room=room, command_id=command_id))


async def _outcome(executor: Executor, command: Command, ask_aloud: AskAloud | None) -> Outcome:
    match command:
        case Act():
            action = wished(command, executor.home)
            outcome = await executor.perform([action], Origin("mqtt", command.room, "owner"))
            if outcome.status == "confirm" and command.room and ask_aloud:
                try:
                    await ask_aloud(command.room, outcome.text)
                except ApplianceError:  # a room that is muted cannot be asked; the second factor still can
                    return outcome
            return outcome
        case Approve():
            return await executor.approve(command.code, command.request_id, command.room)
        case Refuse():
            return executor.refuse(command.room, command.request_id)
    return Outcome("done")


def wished(command: Act, home: Home) -> Action:
    """Return the action that a command names. Raises InputError where there is no such thing, or several."""
    service = _SERVICE.fullmatch(command.service)
    if service is None:
        raise InputError("act-service", stage="executor", service=command.service[:80])
    domain, name = service.groups()
    if not command.thing or command.thing in home.things:
        return Action(domain, name, command.thing, command.data)
    named = [t for t in home.things.values() if plain(command.thing) in {plain(n) for n in (t.name, *t.aliases)}]
    named = [t for t in named if t.domain == domain]
    if len(named) > 1:
        known = ", ".join(sorted(t.id for t in named)[:5])
        raise InputError("act-thing-ambiguous", stage="executor", thing=command.thing[:80], known=known)
    if not named:
        raise InputError("act-thing-unknown", stage="executor", thing=command.thing[:80])
    return Action(domain, name, named[0].id, command.data)


async def follow_buttons(executor: Executor, names: Iterable[str], bus: Bus) -> None:
    """Approve what waits when one of the owner's buttons turns on, until cancelled.

    A button is a binary sensor that was seen off. One whose name another thing has too does not count, unless the owner
    names its id: things from the bus choose their names themselves.
    """
    wanted, home = {plain(name) for name in names}, executor.home
    with bus.subscribe() as happened:
        last = {thing_id: home.state(thing_id).value for thing_id in home.things}
        async for event in happened:
            if not isinstance(event, events.ThingChanged):
                continue
            before, last[event.thing_id] = last.get(event.thing_id, ""), event.state
            if (before, event.state) == ("off", "on") and _is_button(event.thing_id, wanted, home):
                await executor.press(event.thing_id)


def _is_button(thing_id: str, wanted: set[str], home: Home) -> bool:
    thing = home.things.get(thing_id)
    if thing is None or thing.domain != "binary_sensor":
        return False
    namesakes = [t for t in home.things.values() if plain(t.name) == plain(thing.name)]
    return plain(thing.id) in wanted or (plain(thing.name) in wanted and len(namesakes) == 1)
