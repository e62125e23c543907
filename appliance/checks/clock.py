"""The clock: a box without a network and without a clock chip wakes up in the past."""

from __future__ import annotations

from datetime import datetime

from appliance.checks import CheckContext, Problem, error

WRITTEN_IN = 2026
"""No clock that is right shows an earlier year."""


def check(context: CheckContext) -> list[Problem]:
    """Compare the year with this program's own. The time zone was looked up when the configuration was read."""
    year = datetime.now().year
    return [error("clock-wrong", year=year)] if year < WRITTEN_IN else []
