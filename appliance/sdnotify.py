"""Tell systemd how the daemon is (Type=notify, WatchdogSec=): one datagram to the socket that NOTIFY_SOCKET names.

Written here because it is ten lines: the protocol is `sd_notify(3)`, and a dependency would be bigger than the code.
Without NOTIFY_SOCKET (a terminal, a test) nothing happens, so that callers need not ask. A manager that does not
take the datagram is never a reason to stop answering questions: the failure is returned, not raised.
"""

from __future__ import annotations

import os
import socket

READY = "READY=1"
STOPPING = "STOPPING=1"
WATCHDOG = "WATCHDOG=1"


def status(sentence: str) -> str:
    """Return the assignment that shows `sentence` in `systemctl status`: one line, whatever it held."""
    return "STATUS=" + " ".join(sentence.split())


def notify(*assignments: str) -> bool:
    """Send assignments (READY=1, STATUS=..., WATCHDOG=1, STOPPING=1) as one datagram, without ever waiting.

    Return True where a service manager took it, False where there is none or it did not.
    """
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return False
    if address.startswith("@"):  # an abstract socket: the kernel's name begins with a zero byte
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC | socket.SOCK_NONBLOCK) as sender:
        try:
            sender.sendto("\n".join(assignments).encode(), address)
        except OSError:
            return False
    return True


def watchdog_seconds() -> float | None:
    """Return the time within which systemd wants to hear WATCHDOG=1, or None where it does not watch this process."""
    if os.environ.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return None
    try:
        return int(os.environ["WATCHDOG_USEC"]) / 1e6 or None
    except (KeyError, ValueError):
        return None
