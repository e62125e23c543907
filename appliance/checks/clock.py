"""The clock and the time zone: a box without a network and without a clock chip wakes up in the past."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from appliance.checks import CheckContext, Problem, error

WRITTEN_IN = 2026
"""No clock that is right shows an earlier year."""


def check(context: CheckContext) -> list[Problem]:
    """Compare the year with this program's own, and look the time zone up."""
    problems = []
    year = datetime.now().year
    if year < WRITTEN_IN:
        problems.append(error("clock-wrong", year=year))
    if context.config.timezone:
        try:
            ZoneInfo(context.config.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            problems.append(error("clock-zone-unknown", zone=context.config.timezone))
    return problems
