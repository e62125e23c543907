"""How sentences are written down for a home: blocks of home-assistant-intents' kind, and the slots that go with them."""

from __future__ import annotations

from typing import Any

COVERS = {"domain": "cover"}
LIGHTS = {"domain": "light"}
LOCKS = {"domain": "lock"}
HEATING = {"domain": "climate"}
VACUUMS = {"domain": "vacuum"}
GARAGES = {"domain": "cover", "device_class": "garage"}
SHADES = {"domain": "cover", "device_class": "shutter,blind,shade,curtain,awning"}
"""What is closed where "everything" is: never a door or a garage."""
CURRENT = {"domain": "light,switch,media_player"}
"""What is turned off where "everything" is."""
HOME = {"everywhere": "1"}
UP, DOWN = {"direction": "up"}, {"direction": "down"}
HALF, AJAR = {"position": "50"}, {"position": "20"}


def block(*sentences: str, slots: dict[str, str] | None = None, only: str = "", response: str = "default") -> Any:
    """Return sentences; `only`: of names in these domains ("light,switch")."""
    context = {"requires_context": {"domain": only.split(",")}} if only else {}
    return {"sentences": list(sentences), "slots": slots or {}, "response": response} | context
