"""The health checks find what is wrong, and only that. What the kernel shows is a folder of files here."""

from __future__ import annotations

import asyncio
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from appliance import checks
from appliance.checks import (
    CheckContext,
    audio_group,
    broker,
    clock,
    disk,
    egress,
    heat,
    memory,
    microphone,
    models,
    power,
    processor,
    speaker,
)
from appliance.config import Config
from appliance.errors import ModelError
from appliance.messages import LANGUAGES


def context(root: Path, **settings: Any) -> CheckContext:
    return CheckContext(Config.model_validate(settings), root / "models", root)


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def codes(problems: list[checks.Problem]) -> list[tuple[str, str]]:
    for problem in problems:
        assert all(problem.text(language) for language in LANGUAGES)
    return [(problem.severity, problem.code) for problem in problems]


@pytest.mark.parametrize(
    ("millidegrees", "expected"),
    [
        ("45000", []),
        ("80500", [("warning", "heat-hot")]),
        ("95000", [("error", "heat-too-hot")]),
        ("not a number", []),
    ],
)
def test_heat(millidegrees: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    write(tmp_path / "sys/class/thermal/thermal_zone0/temp", "30000\n")
    write(tmp_path / "sys/class/thermal/thermal_zone1/temp", millidegrees + "\n")
    assert codes(heat.check(context(tmp_path))) == expected


def test_heat_unknown(tmp_path: Path) -> None:
    assert heat.check(context(tmp_path)) == []


@pytest.mark.parametrize(("name", "alarm", "found"), [("rpi_volt", "1", 1), ("rpi_volt", "0", 0), ("acpitz", "1", 0)])
def test_power(name: str, alarm: str, found: int, tmp_path: Path) -> None:
    write(tmp_path / "sys/class/hwmon/hwmon1/name", name + "\n")
    write(tmp_path / "sys/class/hwmon/hwmon1/in0_lcrit_alarm", alarm + "\n")
    assert len(power.check(context(tmp_path))) == found


@pytest.mark.parametrize(
    ("total_kb", "free_kb", "profile", "expected"),
    [
        (3_900_000, 2_000_000, "base", []),
        (1_850_000, 900_000, "base", [("warning", "memory-small")]),
        (1_850_000, 900_000, "nano", []),
        (8_000_000, 90_000, "base", [("error", "memory-used-up")]),
    ],
)
def test_memory(total_kb: int, free_kb: int, profile: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    text = f"MemTotal: {total_kb} kB\nMemFree: 1 kB\nMemAvailable: {free_kb} kB\nHugePages_Total: 0\n"
    write(tmp_path / "proc/meminfo", text)
    problems = memory.check(context(tmp_path, profile=profile))
    assert codes(problems) == expected
    assert all(problem.values["fits"] == "nano" for problem in problems if problem.code == "memory-small")


def test_processor(tmp_path: Path) -> None:
    import os

    flag = processor.QUICK[os.uname().machine]
    for flags, expected in ((f"fpu {flag}", []), ("fpu", [("warning", "processor-slow")])):
        write(tmp_path / "proc/cpuinfo", f"processor : 0\nflags\t\t: {flags}\n")
        assert codes(processor.check(context(tmp_path))) == expected
        assert processor.check(context(tmp_path, profile="nano")) == []


def test_processor_of_another_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.uname", lambda: SimpleNamespace(machine="armv7l"))
    assert codes(processor.check(context(tmp_path))) == [("error", "processor-unknown")]


def test_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clock.check(context(tmp_path)) == []
    monkeypatch.setattr(clock, "WRITTEN_IN", 9999)
    assert codes(clock.check(context(tmp_path))) == [("error", "clock-wrong")]


def test_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = context(tmp_path, state_folder=tmp_path / "not" / "yet")
    for free, expected in ((2e9, []), (5e8, [("warning", "disk-low")]), (5e7, [("error", "disk-full")])):
        monkeypatch.setattr("shutil.disk_usage", lambda folder, free=free: SimpleNamespace(free=int(free)))
        assert codes(disk.check(settings)) == expected
    monkeypatch.undo()
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert ("error", "disk-not-writable") in codes(disk.check(settings))


def test_a_folder_that_cannot_be_looked_at_is_no_crash(tmp_path: Path) -> None:
    unreachable = tmp_path / ("x" * 300)  # refused by the system, as a closed folder is, and to root too
    assert codes(disk.check(CheckContext(Config(state_folder=unreachable), unreachable, tmp_path))) in (
        [],
        [("warning", "disk-low")],
    )
    assert codes(models.check(CheckContext(Config(), unreachable, tmp_path))) == [("error", "check-models")]


def test_audio_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert audio_group.check(context(tmp_path)) == []
    write(tmp_path / "dev/snd/controlC0", "")
    assert audio_group.check(context(tmp_path)) == []
    monkeypatch.setattr("os.access", lambda path, mode: False)
    assert codes(audio_group.check(context(tmp_path))) == [("error", "audio-group")]
    files = [{"microphone": "file:in.wav", "speaker": "file:out.wav"}]
    assert audio_group.check(context(tmp_path, rooms=files)) == []


def test_files_in_place_of_devices(tmp_path: Path) -> None:
    there, absent = tmp_path / "there.wav", tmp_path / "folder" / "absent.wav"
    there.touch()
    for path, expected in ((there, []), (absent, [("error", "file-missing")])):
        room = [{"microphone": f"file:{path}", "speaker": f"file:{path}"}]
        assert codes(microphone.check(context(tmp_path, rooms=room))) == expected
        assert codes(speaker.check(context(tmp_path, rooms=room))) == expected


def test_broker(tmp_path: Path) -> None:
    assert broker.check(context(tmp_path, links={"mqtt": {}})) == []
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        named = context(tmp_path, links={"mqtt": {"host": "127.0.0.1", "port": port}})
        assert broker.check(named) == []
    assert codes(broker.check(named)) == [("error", "check-broker")]


def test_broker_on_a_unix_socket(tmp_path: Path) -> None:
    named = context(tmp_path, links={"mqtt": {"socket": str(tmp_path / "mqtt.sock")}})
    assert codes(broker.check(named)) == [("error", "check-broker")]
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "mqtt.sock"))
        server.listen()
        assert broker.check(named) == []


def test_models_of_an_empty_store(tmp_path: Path) -> None:
    problems = models.check(context(tmp_path))
    assert codes(problems) == [("error", "check-models")]
    assert "whisper-base" in problems[0].text("fr")
    without = models.check(context(tmp_path, llm={"engine": "none"}))
    assert "qwen" in problems[0].text("fr")
    assert "qwen" not in without[0].text("fr")


@pytest.fixture
def daemon(tmp_path: Path) -> Iterator[dict[str, int]]:
    """A process that looks like the daemon to the kernel, with sockets of every kind; yields their ports."""
    program = tmp_path / "grillon"
    program.write_text(
        "import socket, sys\n"
        "inside, outside = socket.create_server(('127.0.0.1', 0)), socket.create_server(('0.0.0.0', 0))\n"
        "six = socket.create_server(('::1', 0), family=socket.AF_INET6) if socket.has_ipv6 else None\n"
        "talk = socket.create_connection(inside.getsockname())\n"
        "heard = socket.socket(type=socket.SOCK_DGRAM); heard.bind(('0.0.0.0', 0))\n"
        "print(inside.getsockname()[1], outside.getsockname()[1], heard.getsockname()[1], flush=True)\n"
        "sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, program, "run"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout and process.stdin
        yield dict(zip(("inside", "outside", "heard"), map(int, process.stdout.readline().split()), strict=True))
        process.stdin.close()


def test_egress_names_what_is_open_to_the_network_and_nothing_else(daemon: dict[str, int]) -> None:
    problems = egress.check(context(Path("/")))
    told = {p.values["address"] for p in problems if p.code == "egress-listens"}
    assert {f"0.0.0.0:{daemon['outside']}", f"0.0.0.0:{daemon['heard']}"} <= told
    assert not [address for address in told if str(address).endswith(f":{daemon['inside']}")]


def test_egress_reads_the_kernels_tables(tmp_path: Path) -> None:
    head = "  sl  local_address rem_address   st ...\n"
    line = "   0: 0100007F:075B 08080808:01BB 01 00000000:00000000 00:00000000 00000000  1000  0 4242 1 0 100 0 0 10\n"
    write(tmp_path / "proc/net/tcp", head + line)
    mapped = line.replace("0100007F", "0000000000000000FFFF00000100007F").replace("08080808", "0" * 24 + "01000000")
    write(tmp_path / "proc/net/tcp6", head + mapped)
    four, six = (egress.connections(tmp_path / "proc/net" / name)[0] for name in ("tcp", "tcp6"))
    assert (four.local, four.remote, four.remote_loopback, four.inode) == ("127.0.0.1:1883", "8.8.8.8:443", False, 4242)
    assert (six.local, six.local_loopback, six.remote, six.remote_loopback) == (
        "127.0.0.1:1883",
        True,
        "[::1]:443",
        True,
    )
    process = tmp_path / "proc/77"
    write(process / "cmdline", "python\0-m\0appliance.engine_process\0stt\0whisper\0")
    (process / "fd").mkdir()
    (process / "fd/3").symlink_to("socket:[4242]")
    assert codes(egress.check(context(tmp_path))) == [("error", "egress-talks")]


async def test_a_check_that_hangs_is_given_up(tmp_path: Path) -> None:
    release = threading.Event()

    def hang(_: CheckContext) -> list[checks.Problem]:
        release.wait()
        return []

    try:
        problems = await checks.run(SimpleNamespace(check=hang), context(tmp_path), limit_seconds=0.01)
    finally:
        release.set()
    assert codes(problems) == [("error", "check-hangs")]


async def test_what_a_check_raises_is_a_problem_and_a_bug_keeps_its_traceback(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def trouble(_: CheckContext) -> list[checks.Problem]:
        raise ModelError("voice-none", language="fr")

    def bug(_: CheckContext) -> list[checks.Problem]:
        raise ZeroDivisionError

    def closed(_: CheckContext) -> list[checks.Problem]:
        raise PermissionError(13, "closed", "/a/folder")

    assert codes(await checks.run(SimpleNamespace(check=trouble), context(tmp_path))) == [("error", "voice-none")]
    problems = await checks.run(SimpleNamespace(check=closed), context(tmp_path))
    assert codes(problems) == [("error", "check-failed")]
    assert "/a/folder" in problems[0].text("fr")
    assert not caplog.records
    assert codes(await checks.run(SimpleNamespace(check=bug), context(tmp_path))) == [("error", "check-failed")]
    assert "Traceback" in caplog.text


def test_all_checks_run_on_this_machine(tmp_path: Path) -> None:
    rooms = [{"microphone": "file:in.wav", "speaker": f"file:{tmp_path}/out.wav"}]
    findings = asyncio.run(checks.run_all(CheckContext(Config.model_validate({"rooms": rooms}), tmp_path)))
    assert set(findings) == {path.stem for path in Path(checks.__file__).parent.glob("[a-z]*.py")}
    assert codes(findings["microphone"]) == [("error", "file-missing")]
    assert findings["speaker"] == []
