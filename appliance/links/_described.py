"""An action in words, infinitive: what a person says yes to. Made of the owner's name of the thing and the action's data."""

from __future__ import annotations

from appliance.actions import Action
from appliance.messages import catalogue, text
from appliance.spoken_names import with_article

SPECIAL = ("scene", "script")
"""Domains whose turn_on is called otherwise."""


def described(action: Action, name: str, language: str) -> str:
    """Return "éteindre la lumière du plafond"."""
    service = action.service.replace("_", "-")
    if action.domain in SPECIAL:
        service = f"{action.domain}-{service}"
    if service == "volume-mute" and not action.data.get("muted", True):
        service = "volume-unmute"
    said = text(f"do-the-{service}", language, name=with_article(name, language), value=_value(action, language))
    for key, value in sorted(action.data.items()) if action.service == "turn_on" else ():
        extra = f"do-the-with-{key.replace('_', '-')}"
        if extra in catalogue():
            said += text(extra, language, value=_word(key, value, language))
    return said


def _value(action: Action, language: str) -> str:
    main = {
        "set_cover_position": "position",
        "set_percentage": "percentage",
        "set_temperature": "temperature",
        "set_hvac_mode": "mode",
        "volume_set": "volume_percent",
    }.get(action.service)
    return _word(main, action.data.get(main, ""), language) if main else ""


def _word(key: str, value: object, language: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        written = f"{value:g}"
        return written.replace(".", ",") if language == "fr" else written
    known = {"color": f"home-color-{value}", "mode": f"home-state-{str(value).replace('_', '-')}"}.get(key, "")
    return text(known, language) if known in catalogue() else str(value)[:40]
