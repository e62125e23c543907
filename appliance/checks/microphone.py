"""The microphones that the rooms name are there."""

from __future__ import annotations

from appliance.checks import CheckContext, Problem, _devices, error


def check(context: CheckContext) -> list[Problem]:
    """Ask the sound system for its microphones; a recording in a microphone's place must exist. Opens none of them."""
    wanted = [room.microphone for room in context.config.rooms]
    problems = [error("file-missing", path=path) for path in _devices.files(wanted) if not path.is_file()]
    absent, known = _devices.absent(wanted, lambda device: device.inputs)
    if absent and not known:
        return [*problems, error("check-no-microphone")]
    return problems + [error("microphone-unknown", device=name, known=", ".join(known)) for name in absent]
