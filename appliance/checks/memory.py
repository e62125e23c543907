"""Memory: as much as the profile is made for, and some of it free."""

from __future__ import annotations

from appliance.checks import CheckContext, Problem, error, warning

BOARD_MB = {"nano": 2_000, "base": 4_000, "plus": 8_000, "gpu": 8_000}
"""Profile -> the board that it is made for."""
SHOWN_SHARE = 0.8
"""Of a board's memory the firmware and the kernel keep a part for themselves."""
LITTLE_MB = 150


def check(context: CheckContext) -> list[Problem]:
    """Read /proc/meminfo."""
    lines = (context.root / "proc/meminfo").read_text().splitlines()
    megabytes = {line.split(":")[0]: int(line.split()[1]) // 1024 for line in lines if line.endswith(" kB")}
    problems = []
    board, total = BOARD_MB[context.config.profile], megabytes["MemTotal"]
    if total < board * SHOWN_SHARE:
        fits = next((name for name, needed in reversed(BOARD_MB.items()) if total >= needed * SHOWN_SHARE), "nano")
        problems.append(
            warning("memory-small", total_mb=total, board_mb=board, profile=context.config.profile, fits=fits)
        )
    if megabytes["MemAvailable"] < LITTLE_MB:
        problems.append(error("memory-used-up", free_mb=megabytes["MemAvailable"]))
    return problems
