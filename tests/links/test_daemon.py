"""The daemon as it is run: real engines, embedded broker, a recording as microphone; told to stop, it says goodbye."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest

from appliance.audio import RATE, write_wav
from tests.links.world import BOX, free_port, patiently, watching
from tests.speech import has, spoken

pytestmark = [
    pytest.mark.models,
    pytest.mark.skipif(not has("whisper-base", "qwen2.5-1.5b"), reason="the base profile's models are not here"),
]

LOADED_SECONDS = 120
"""How long the engines may take on a machine that does much else: only a box that hangs takes longer."""


async def test_two_rooms_wake_and_answer_and_the_bus_tells(tmp_path: Path) -> None:
    port = free_port()
    (tmp_path / "grillon.toml").write_text(
        f'box = "{BOX.box}"\nstate_folder = "{tmp_path}"\n'
        "[links.mqtt]\n"
        f"port = {port}\n"
        + "".join(
            f'[[rooms]]\nname = "{room}"\n'
            f'microphone = "file:{tmp_path}/{room}.wav"\nspeaker = "file:{tmp_path}/{room}-says.wav"\n'
            for room in ("salon", "bureau")
        )
    )
    calm = np.zeros(20 * RATE, np.int16)  # time for the watcher to come, and to be answered, on a busy machine
    for room, question in (("salon", "Dis-moi l'heure, s'il te plaît."), ("bureau", "Comment tu t'appelles ?")):
        sound = np.concatenate([calm, spoken("okay nabu.", after_seconds=0.5), spoken(question), calm])
        write_wav(tmp_path / f"{room}.wav", sound, RATE)
    daemon = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "appliance", "--config", str(tmp_path / "grillon.toml"), "run"),
        env=os.environ | {"GRILLON_LANG": "fr"},
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        await patiently(lambda: _listens(port), LOADED_SECONDS)
        async with watching(port) as watcher:
            await watcher.state(lambda state: state["state"] == "online", LOADED_SECONDS)
            await watcher.command("ask", {"text": "Quelle heure est-il ?", "room": "bureau", "command_id": "a1"})
            await patiently(
                lambda: [e for e in watcher.payloads("command-done") if e["command_id"] == "a1"], LOADED_SECONDS
            )
            await patiently(lambda: len(watcher.payloads("wake-detected")) == 2, LOADED_SECONDS)
            await patiently(lambda: len(watcher.payloads("turn-ended")) == 3, LOADED_SECONDS)
            answers = {(event["room"], event["by"]) for event in watcher.payloads("answered")}
            assert answers == {("bureau", "skill:clock"), ("salon", "skill:clock"), ("bureau", "skill:identity")}
            daemon.send_signal(signal.SIGTERM)
            await watcher.state(lambda state: state["state"] == "offline", LOADED_SECONDS)
        assert await daemon.wait() == 0
        assert daemon.stdout is not None
        said = (await daemon.stdout.read()).decode()
        assert "Grillon écoute (salon, bureau). Dites « okay nabu »" in said
        assert "[salon] Éveil" in said
    finally:
        if daemon.returncode is None:
            daemon.kill()
            await daemon.wait()


def _listens(port: int) -> bool:
    return f":{port:04X} " in Path("/proc/net/tcp").read_text()
