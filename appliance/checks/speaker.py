"""The loudspeakers that the rooms name are there."""

from __future__ import annotations

from appliance.checks import CheckContext, Problem, _devices, error


def check(context: CheckContext) -> list[Problem]:
    """Ask the sound system for its loudspeakers; a file in a loudspeaker's place needs a folder. Opens none of them."""
    wanted = [room.speaker for room in context.config.rooms]
    folders = [path.absolute().parent for path in _devices.files(wanted)]
    problems = [error("file-missing", path=folder) for folder in folders if not folder.is_dir()]
    absent, known = _devices.absent(wanted, lambda device: device.outputs)
    if absent and not known:
        return [*problems, error("check-no-speaker")]
    return problems + [error("speaker-unknown", device=name, known=", ".join(known)) for name in absent]
