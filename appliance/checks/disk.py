"""Room left, and the right to write, where the box keeps its models and its state."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from appliance.checks import CheckContext, Problem, error, warning
from appliance.config import default_state_folder

FULL_BYTES = 100_000_000
"""Under this, logs and the box's own state are at risk."""
LOW_BYTES = 1_000_000_000


def check(context: CheckContext) -> list[Problem]:
    """Look at the store of models and the state folder; only the state folder must be writable."""
    state = context.config.state_folder if context.config.state_folder != Path() else default_state_folder()
    problems = [problem for folder in {_existing(context.store), _existing(state)} for problem in _room(folder)]
    if not os.access(_existing(state), os.W_OK):
        problems.append(error("disk-not-writable", path=state))
    return problems


def _existing(folder: Path) -> Path:
    """Return the folder, or the nearest one above it that exists: where it would be made.

    Path.exists raises where a folder is closed to this user, up to Python 3.13; os.path.exists does not.
    """
    return next(path for path in (folder.absolute(), *folder.absolute().parents) if os.path.exists(path))


def _room(folder: Path) -> list[Problem]:
    free = shutil.disk_usage(folder).free
    if free < FULL_BYTES:
        return [error("disk-full", path=folder, free_mb=free // 1_000_000)]
    if free < LOW_BYTES:
        return [warning("disk-low", path=folder, free_mb=free // 1_000_000)]
    return []
