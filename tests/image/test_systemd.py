"""The units are what systemd understands, and the service is as closed as what it does permits."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.client as mqtt
import pytest

from appliance.checks import egress

SYSTEMD = Path(__file__).parents[2] / "systemd"
SERVICE = SYSTEMD / "grillon.service"
TENTHS = 13
"""Exposure that is allowed; `systemd-analyze security` gives 96 to a bare service of root."""

analyzed = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze here")


def analyze(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["systemd-analyze", *arguments], capture_output=True, text=True, check=False)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The service, with its program where one is."""
    made = tmp_path / "grillon.service"
    made.write_text(SERVICE.read_text().replace("/opt/grillon/bin/grillon", "/bin/true"))
    return made


@analyzed
def test_systemd_understands_the_service(unit: Path) -> None:
    checked = analyze("verify", unit)
    assert (checked.returncode, checked.stderr) == (0, "")


@analyzed
def test_a_mistake_in_it_would_be_noticed(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("WatchdogSec", "WatchdoggSec"))
    assert "Unknown key" in analyze("verify", unit).stderr


@analyzed
def test_it_is_closed(unit: Path) -> None:
    checked = analyze("security", "--offline=true", f"--threshold={TENTHS}", unit)
    assert checked.returncode == 0, checked.stdout


@analyzed
def test_the_threshold_means_something(unit: Path) -> None:
    unit.write_text(unit.read_text().replace("ProtectSystem=strict", "").replace("CapabilityBoundingSet=", ""))
    assert analyze("security", "--offline=true", f"--threshold={TENTHS}", unit).returncode == 1


def test_it_watches_restarts_and_stays_on_this_machine() -> None:
    settings = dict(re.findall(r"^(\w+)=(.*)$", SERVICE.read_text(), re.MULTILINE))
    assert settings["Type"] == "notify"
    assert int(settings["WatchdogSec"]) == 30
    assert settings["Restart"] == "on-failure"
    assert settings["IPAddressDeny"] == "any"
    assert settings["IPAddressAllow"] == "localhost"
    assert settings["User"] == "grillon"


@pytest.fixture
def mosquitto(tmp_path: Path) -> Iterator[tuple[int, int]]:
    """A mosquitto with the shipped example, on a free port; yields the port and the process."""
    program = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin")
    if not program:
        pytest.skip("no mosquitto here")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    file = tmp_path / "mosquitto.conf"
    shipped = (SYSTEMD / "mosquitto.conf").read_text()
    assert "listener 1883 127.0.0.1" in shipped
    file.write_text(
        shipped.replace("listener 1883 ", f"listener {port} ") + ("user root\n" if os.getuid() == 0 else "")
    )
    with subprocess.Popen(
        [program, "-c", file], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as broker:
        assert broker.stderr is not None
        for line in broker.stderr:
            assert "Error" not in line, line
            if "running" in line:
                break
        yield port, broker.pid
        broker.terminate()


@pytest.mark.broker
def test_the_example_broker_listens_on_this_machine_only(mosquitto: tuple[int, int]) -> None:
    port, pid = mosquitto
    links = [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]
    inodes = {int(link[8:-1]) for link in links if link.startswith("socket:[")}
    tables = [line for name in ("tcp", "tcp6") for line in egress.connections(Path("/proc/net") / name)]
    listening = [line for line in tables if line.inode in inodes and line.state == egress.LISTEN]
    assert [line.local for line in listening] == [f"127.0.0.1:{port}"]


@pytest.mark.broker
def test_the_example_broker_takes_what_is_small_and_refuses_what_is_big(mosquitto: tuple[int, int]) -> None:
    port, _ = mosquitto
    client = mqtt.Client(mqtt.CallbackAPIVersion.VERSION2, protocol=mqtt.MQTTv311)
    confirmed: list[int] = []
    lost: list[str] = []
    client.on_publish = lambda _c, _u, mid, _reason, _properties: confirmed.append(mid)
    client.on_disconnect = lambda _c, _u, _flags, reason, _properties: lost.append(str(reason))
    client.connect("127.0.0.1", port)

    def until(happened: list[int] | list[str]) -> None:
        end = time.monotonic() + 10
        while not happened and time.monotonic() < end:
            client.loop(timeout=0.1)

    small = client.publish("grillon/test", b"x" * 60_000, qos=1)
    until(confirmed)
    assert confirmed == [small.mid]
    client.publish("grillon/test", b"x" * 300_000, qos=1)
    until(lost)
    assert lost
