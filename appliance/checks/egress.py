"""Nothing of the box listens beyond this machine, and nothing talks to another one, unless the owner asked for it.

The kernel's own tables are read (/proc/net), not the program's word. The sockets are those of every running process of
the box: the daemon and its engines.
"""

from __future__ import annotations

import ipaddress
import os
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from appliance.checks import CheckContext, Problem, error, warning

LISTEN = 0x0A
ESTABLISHED = 0x01


class Connection(NamedTuple):
    """One line of /proc/net/tcp, tcp6, udp or udp6."""

    local: str
    """address:port"""
    remote: str
    local_loopback: bool
    remote_loopback: bool
    state: int
    inode: int


def check(context: CheckContext) -> list[Problem]:
    """Report the sockets of the daemon that reach beyond the loopback, each once."""
    inodes, hidden = _sockets(context.root / "proc")
    problems = list(_open_to_others(context.root / "proc/net", inodes))
    return [*problems, warning("egress-hidden")] if hidden else problems


def _open_to_others(tables: Path, inodes: set[int]) -> Iterator[Problem]:
    for name in ("tcp", "tcp6", "udp", "udp6"):
        for connection in connections(tables / name):
            if connection.inode not in inodes:
                continue
            talks = connection.state == ESTABLISHED
            listens = connection.state == LISTEN if name.startswith("tcp") else not talks
            if talks and not connection.remote_loopback:
                yield error("egress-talks", address=connection.remote)
            if listens and not connection.local_loopback:
                yield warning("egress-listens", address=connection.local)


def connections(table: Path) -> list[Connection]:
    """Read one of the kernel's tables; an absent one (no IPv6) is empty."""
    try:
        lines = table.read_text().splitlines()[1:]
    except OSError:
        return []
    found = []
    for line in lines:
        fields = line.split()
        (local, local_port), (remote, remote_port) = _address(fields[1]), _address(fields[2])
        found.append(
            Connection(
                _shown(local, local_port),
                _shown(remote, remote_port),
                local.is_loopback,
                remote.is_loopback,
                int(fields[3], 16),
                int(fields[9]),
            )
        )
    return found


def _address(field: str) -> tuple[ipaddress.IPv4Address | ipaddress.IPv6Address, int]:
    """Return the address and port of 0100007F:075B: 32-bit words in the machine's order (little-endian on all ours)."""
    words, _, port = field.partition(":")
    packed = b"".join(bytes.fromhex(words[at : at + 8])[::-1] for at in range(0, len(words), 8))
    address = ipaddress.ip_address(packed)
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped, int(port, 16)
    return address, int(port, 16)


def _shown(address: ipaddress.IPv4Address | ipaddress.IPv6Address, port: int) -> str:
    return f"{address}:{port}" if address.version == 4 else f"[{address}]:{port}"


def _sockets(proc: Path) -> tuple[set[int], bool]:
    """Return the inodes of the sockets of the box's processes, and whether some process may not be looked into."""
    inodes: set[int] = set()
    hidden = False
    for process in proc.glob("[0-9]*"):
        if process.name == str(os.getpid()) or not _is_ours(process):
            continue
        try:
            links = [os.readlink(link) for link in (process / "fd").iterdir()]
        except FileNotFoundError:  # it ended meanwhile
            continue
        except PermissionError:
            hidden = True
            continue
        inodes |= {int(link[8:-1]) for link in links if link.startswith("socket:[")}
    return inodes, hidden


def _is_ours(process: Path) -> bool:
    try:
        words = (process / "cmdline").read_bytes().split(b"\0")
    except OSError:
        return False
    names = {word.rsplit(b"/", 1)[-1] for word in words[:3]}
    return b"appliance.engine_process" in words or bool({b"grillon", b"appliance"} & names and b"run" in words)
