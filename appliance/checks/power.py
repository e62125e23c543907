"""Supply voltage of a Raspberry Pi: a weak charger makes it slow, and corrupts cards."""

from __future__ import annotations

from pathlib import Path

from appliance.checks import CheckContext, Problem, warning


def check(context: CheckContext) -> list[Problem]:
    """Read the under-voltage alarm of the driver raspberrypi-hwmon; other machines have none."""
    for monitor in (context.root / "sys/class/hwmon").glob("hwmon*"):
        if _read(monitor / "name") == "rpi_volt" and _read(monitor / "in0_lcrit_alarm") == "1":
            return [warning("power-low")]
    return []


def _read(path: Path) -> str:
    try:
        return path.read_text().strip()
    except OSError:
        return ""
