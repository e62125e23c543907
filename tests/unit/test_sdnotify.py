"""What systemd is told arrives, over a real socket."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import sdnotify


@pytest.fixture(params=["path", "abstract"])
def manager(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    """A service manager's socket."""
    named = str(tmp_path / "notify") if request.param == "path" else f"@grillon-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as receiver:
        receiver.bind("\0" + named[1:] if named.startswith("@") else named)
        receiver.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", named)
        yield receiver


def test_assignments_arrive_in_one_datagram(manager: socket.socket) -> None:
    assert sdnotify.notify(sdnotify.READY, sdnotify.status("J'écoute\ndans le salon"))
    assert manager.recv(4096).decode() == "READY=1\nSTATUS=J'écoute dans le salon"


def test_each_call_is_a_datagram_of_its_own(manager: socket.socket) -> None:
    assert sdnotify.notify(sdnotify.WATCHDOG)
    assert sdnotify.notify(sdnotify.STOPPING)
    assert [manager.recv(4096), manager.recv(4096)] == [b"WATCHDOG=1", b"STOPPING=1"]


def test_without_a_manager_nothing_happens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    assert not sdnotify.notify(sdnotify.READY)


def test_a_manager_that_is_gone_is_no_reason_to_fail(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "nobody"))
    assert not sdnotify.notify(sdnotify.WATCHDOG)


def test_a_manager_that_does_not_read_never_makes_the_daemon_wait(manager: socket.socket) -> None:
    sent = 0
    while sdnotify.notify(sdnotify.WATCHDOG):  # ends once the socket's queue is full
        sent += 1
        assert sent < 1_000_000
    assert sent > 0


@pytest.mark.parametrize(
    ("given", "expected"),
    [({"WATCHDOG_USEC": "30000000"}, 30.0), ({}, None), ({"WATCHDOG_USEC": "x"}, None), ({"WATCHDOG_USEC": "0"}, None)],
)
def test_watchdog_period(given: dict[str, str], expected: float | None, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WATCHDOG_USEC", "WATCHDOG_PID"):
        monkeypatch.delenv(name, raising=False)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    assert sdnotify.watchdog_seconds() == expected


def test_watchdog_of_another_process_is_not_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WATCHDOG_USEC", "30000000")
    monkeypatch.setenv("WATCHDOG_PID", "1")
    assert sdnotify.watchdog_seconds() is None
