"""Temperature of the processor: hot, it slows down, and answers come late."""

from __future__ import annotations

from pathlib import Path

from appliance.checks import CheckContext, Problem, error, warning

HOT_CELSIUS = 80.0
"""Where a Raspberry Pi begins to slow down."""
TOO_HOT_CELSIUS = 90.0
"""Beyond a Raspberry Pi's hard limit of 85, where most boards are about to switch off."""


def check(context: CheckContext) -> list[Problem]:
    """Read the thermal zones that the kernel shows; a machine that shows none is taken for cool."""
    zones = (context.root / "sys/class/thermal").glob("thermal_zone*/temp")
    hottest = max((celsius for zone in zones if (celsius := _celsius(zone)) is not None), default=None)
    if hottest is None or hottest < HOT_CELSIUS:
        return []
    if hottest >= TOO_HOT_CELSIUS:
        return [error("heat-too-hot", celsius=round(hottest))]
    return [warning("heat-hot", celsius=round(hottest))]


def _celsius(zone: Path) -> float | None:
    try:
        return int(zone.read_text()) / 1000
    except (OSError, ValueError):  # a zone whose sensor is off refuses to be read
        return None
