"""How many threads a native engine should use."""

from __future__ import annotations

import os
from pathlib import Path


def physical_cores() -> int:
    """Return the physical cores that this process may use: two threads on one core hinder each other here."""
    allowed = os.sched_getaffinity(0)
    siblings = (Path(f"/sys/devices/system/cpu/cpu{n}/topology/thread_siblings_list") for n in allowed)
    return len({file.read_text() for file in siblings if file.exists()}) or len(allowed)
