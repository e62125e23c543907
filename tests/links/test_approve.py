"""`grillon approve`, `pin` and `journal`: the keypad reaches a running box over a real broker, and the code nobody else."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

from appliance.actions import Action, Origin
from appliance.bus import Bus
from appliance.database import Database
from appliance.events import Command
from appliance.executor_commands import COMMANDS, obey
from appliance.journal import Journal
from tests import decisions
from tests.decisions import CODE, MOMENT
from tests.links.world import BOX, Broker, House, patiently, watching

UNLOCK = Action("lock", "unlock", "lock.entree")


class Guarded(House):
    """A house whose commands reach a real executor."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.decided = decisions.House(folder, code=CODE)
        self.bus: Bus = self.decided.bus

    async def send(self, command: Command) -> None:
        assert isinstance(command, COMMANDS)
        await obey(self.decided.executor, command, self.bus, "fr")


async def grillon(folder: Path, port: int, *line: str, typed: str = "") -> tuple[int, str]:
    """Run the command line as another process; return its status and what it wrote."""
    file = folder / "grillon.toml"
    file.write_text(f'box = "{BOX.box}"\nstate_folder = "{folder}"\n[links.mqtt]\nhost = "127.0.0.1"\nport = {port}\n')
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "appliance", "--config", str(file), *line),
        env=os.environ | {"GRILLON_LANG": "fr"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    told, _ = await process.communicate(typed.encode())
    return process.returncode or 0, told.decode()


async def test_the_keypad(broker: Broker, tmp_path: Path) -> None:
    house = Guarded(tmp_path)
    done = house.decided.recorder.done
    async with house.linked(broker.port), watching(broker.port) as watcher:
        status, told = await grillon(tmp_path, broker.port, "approve")
        assert status == 2 and "Aucune demande" in told
        asked = await house.decided.executor.perform([UNLOCK], Origin("voice", "salon"))
        status, told = await grillon(tmp_path, broker.port, "approve", typed="9999\n")
        assert status == 1 and "pas le bon code" in told and done == []
        status, told = await grillon(tmp_path, broker.port, "approve", asked.request_id, typed=f"{CODE}\n")
        assert status == 0 and "unlock Porte d'entrée" in told and len(done) == 1
        await house.decided.executor.perform([UNLOCK], Origin("voice", "salon"))
        status, told = await grillon(tmp_path, broker.port, "approve", "--refuse")
        assert status == 0 and "je ne fais rien" in told and len(done) == 1
        await patiently(lambda: len(watcher.payloads("approval-wanted")) == 2)
        seen = [m for m in watcher.messages if "/command/" not in m.topic.value]
        assert seen and not [m for m in seen if CODE.encode() in bytes(m.payload)]


async def test_acting_over_the_bus(broker: Broker, tmp_path: Path) -> None:
    house = Guarded(tmp_path)
    async with house.linked(broker.port), watching(broker.port) as watcher:
        lamp = {"service": "light.turn_on", "thing": "Lampe du salon", "command_id": "a"}
        await watcher.command("act", lamp)
        await watcher.command("act", {"service": "lock.unlock", "thing": "Porte d'entrée", "command_id": "b"})
        await watcher.command("act", {"service": "rm -rf", "command_id": "c"})
        await watcher.command("act", {"service": "light.turn_on", "thing": "Rien", "command_id": "d"})
        await watcher.command("approve", {"code": 7391, "command_id": "e"})
        await patiently(lambda: len(watcher.payloads("failed")) == 3 and len(watcher.payloads("command-done")) == 2)
        assert {e["command_id"]: e["code"] for e in watcher.payloads("failed")} == {
            "c": "act-service",
            "d": "act-thing-unknown",
            "e": "payload-wrong-type",
        }
        assert [e["result"]["status"] for e in watcher.payloads("command-done")] == ["done", "approve"]
        assert house.decided.recorder.names == ["light.turn_on light.lampe"]


async def test_what_decides_never_comes_from_a_session_that_the_broker_kept(broker: Broker, tmp_path: Path) -> None:
    house = Guarded(tmp_path)
    unlock = {"service": "lock.unlock", "thing": "Porte d'entrée"}
    async with watching(broker.port) as watcher:
        async with house.linked(broker.port):
            await watcher.command("act", unlock | {"command_id": "now"})
            await patiently(lambda: len(watcher.payloads("command-done")) == 1)
            house.decided.executor.refuse()
        await watcher.command("act", unlock | {"command_id": "away"})
        await watcher.command("approve", {"code": CODE, "command_id": "away-too"})
        await watcher.command("act", {"service": "light.turn_on", "thing": "Lampe du salon", "command_id": "lamp"})
        async with house.linked(broker.port):
            await watcher.command("act", unlock | {"command_id": "again"})
            await patiently(lambda: len(watcher.payloads("command-done")) == 2)
            late = [e["command_id"] for e in watcher.payloads("failed") if e["code"] == "command-too-late"]
    assert sorted(late) == (["away", "away-too", "lamp"] if broker.lasting else late)
    assert house.decided.recorder.done == []
    assert [e["command_id"] for e in watcher.payloads("command-done")] == ["now", "again"]


async def test_a_box_that_does_not_answer(broker: Broker, tmp_path: Path) -> None:
    status, told = await grillon(tmp_path, broker.port, "approve")
    assert status == 1 and f"la boîte {BOX.box} ne répond pas" in told
    await broker.kill()
    status, told = await grillon(tmp_path, broker.port, "approve")
    assert status == 1 and "ne répond pas" in told and "Traceback" not in told


async def test_the_code_and_the_journal_at_the_terminal(tmp_path: Path) -> None:
    assert (await grillon(tmp_path, 1, "pin", "status"))[0] == 1
    status, told = await grillon(tmp_path, 1, "pin", "set", typed="1234\n")
    assert status == 2 and "essaie en premier" in told
    assert (await grillon(tmp_path, 1, "pin", "set", typed=f"{CODE}\n"))[0] == 0
    assert (await grillon(tmp_path, 1, "pin", "status"))[0] == 0
    assert (await grillon(tmp_path, 1, "pin", "remove"))[0] == 0
    journal = Journal(Database(tmp_path), lambda: MOMENT)
    for decision in ("asked", "approved"):
        journal.write(decision, [UNLOCK], Origin("voice", "salon"), 3, factor="code" if decision == "approved" else "")
    _, told = await grillon(tmp_path, 1, "journal")
    assert [line.split()[1:4] for line in told.splitlines()] == [
        ["3", "asked", "lock.unlock"],
        ["3", "approved", "lock.unlock"],
    ]
    _, told = await grillon(tmp_path, 1, "journal", "--json", "--last", "1")
    assert json.loads(told)["factor"] == "code"
    assert "2 entrées" in (await grillon(tmp_path, 1, "journal", "clear"))[1]
    assert "vide" in (await grillon(tmp_path, 1, "journal"))[1]
