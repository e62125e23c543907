"""The right to open the sound card: on Debian it belongs to the group `audio`."""

from __future__ import annotations

import getpass
import os

from appliance.checks import CheckContext, Problem, error


def check(context: CheckContext) -> list[Problem]:
    """Try the control devices of ALSA, as this user; rooms made of files need none."""
    if all(r.microphone.startswith("file:") and r.speaker.startswith("file:") for r in context.config.rooms):
        return []
    cards = list((context.root / "dev/snd").glob("control*"))
    if cards and not any(os.access(card, os.R_OK | os.W_OK) for card in cards):
        return [error("audio-group", user=getpass.getuser())]
    return []
