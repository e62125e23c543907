"""A home with things of every level and an actuator that only writes down what it was told: for tests of decisions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from appliance.actions import Action
from appliance.bus import Bus, Subscription
from appliance.database import Database
from appliance.errors import LinkError
from appliance.events import Event
from appliance.executor import Executor
from appliance.home import Area, Home, State, Thing
from appliance.journal import Journal
from appliance.pin import Pin

CODE = "7391"
MOMENT = datetime(2026, 11, 24, 9, 0)
PAIRS = (("turn_on", "turn_off"), ("open_cover", "close_cover"), ("lock", "unlock"))
OPPOSITE = dict(PAIRS) | {there: back for back, there in PAIRS}
THINGS = (
    Thing("light.lampe", "Lampe du salon", "light", "Salon"),
    Thing("cover.volet", "Volet du bureau", "cover", "Bureau", "shutter"),
    Thing("cover.fenetre", "Fenêtre de toit", "cover", "Bureau", "window"),
    Thing("cover.garage", "Porte de garage", "cover", "Garage", "garage"),
    Thing("cover.inconnu", "Machin", "cover"),
    Thing("lock.entree", "Porte d'entrée", "lock", "Entrée", aliases=("la serrure",)),
    Thing("switch.portail", "Portail", "switch"),
    Thing("switch.vanne", "Vanne de gaz", "switch"),
    Thing("switch.prise", "Prise du bureau", "switch", "Bureau"),
    Thing("script.nuit", "Bonne nuit", "script"),
    Thing("binary_sensor.bouton", "Bouton de la cuisine", "binary_sensor"),
)
CRITICAL = (
    Action("lock", "unlock", "lock.entree"),
    Action("lock", "open", "lock.entree"),
    Action("lock", "lock", "lock.entree"),
    Action("cover", "open_cover", "cover.garage"),
    Action("cover", "close_cover", "cover.garage"),
    Action("cover", "set_cover_position", "cover.garage", {"position": 100}),
    Action("cover", "open_cover", "cover.inconnu"),
    Action("switch", "turn_on", "switch.portail"),
    Action("switch", "toggle", "switch.vanne"),
    Action("light", "turn_on", "lock.entree"),
    Action("light", "explode", "light.lampe"),
    Action("alarm_control_panel", "alarm_disarm", "alarm"),
    Action("siren", "turn_on", "siren"),
    Action("spaceship", "launch", ""),
)
COSTLY = Action("script", "turn_on", "script.nuit")
PLAIN = Action("light", "turn_on", "light.lampe")


class Recorder:
    """An actuator that can do everything, and tells what it was told."""

    domains = frozenset(
        {
            *("light", "cover", "lock", "switch", "script", "alarm_control_panel", "siren", "spaceship", "climate"),
            *("list", "timer"),
        }
    )

    def __init__(self, home: Home) -> None:
        self._home = home
        self.done: list[Action] = []
        self.broken: set[str] = set()
        self.shared: dict[str, set[str]] = {}
        self.unknown: set[str] = set()
        self.prints: dict[str, str] = {}

    @property
    def names(self) -> list[str]:
        return [f"{a.domain}.{a.service} {a.target}" for a in self.done]

    def knows(self, action: Action) -> bool:
        return action.target not in self.unknown

    def describe(self, action: Action, language: str) -> str:
        thing = self._home.things.get(action.target)
        return f"{action.service} {thing.name if thing else action.target}"

    def undoing(self, action: Action) -> tuple[Action, ...] | None:
        opposite = OPPOSITE.get(action.service)
        return (Action(action.domain, opposite, action.target),) if opposite else None

    async def do(self, action: Action) -> None:
        await asyncio.sleep(0.1)
        if action.target in self.broken:
            raise LinkError("broker-refused", broker="x", detail="y")
        self.done.append(action)

    def fingerprint(self, action: Action) -> str:
        return self.prints.get(action.target, "")

    def sharing(self, thing_id: str) -> set[str]:
        return self.shared.get(thing_id, set())


class House:
    """The executor with everything around it that is real, and the recorder."""

    def __init__(
        self,
        folder: Path | None = None,
        *,
        code: str = "",
        marks: Mapping[str, int] | None = None,
        buttons: bool = False,
    ) -> None:
        self.home = Home(areas=[Area("Salon"), Area("Bureau")], things=THINGS)
        self.home.report("binary_sensor.bouton", State("off"))
        self.recorder = Recorder(self.home)
        self.bus = Bus()
        self.journal = Journal(Database(None), lambda: MOMENT)
        self.said: list[tuple[str, str, str]] = []
        """Room, words and language of what was said aloud after an approval."""
        pin = Pin(folder)
        if code:
            pin.set(code)
        self.executor = Executor(
            *(self.home, self.journal, self.bus, "fr"),
            actuators=[self.recorder],
            marks=marks or {},
            pin=pin,
            buttons=buttons,
            aloud=self._aloud,
        )

    async def _aloud(self, room: str, words: str, language: str) -> None:
        self.said.append((room, words, language))

    @property
    def decisions(self) -> list[str]:
        """The journal in short, the oldest first."""
        return [f"{entry.decision} {entry.level}" for entry in self.journal.last(100)]


def happened(events: Subscription, kind: type[Event]) -> list[Any]:
    """Return the events of a kind that came until now, and forget all of them."""
    return [event for event in events.drain() if isinstance(event, kind)]
