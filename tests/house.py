"""A home to speak to, and an executor that notes what it is asked to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from appliance.actions import Action, Outcome
from appliance.events import Command
from appliance.home import Area, Floor, Home, State, Thing
from appliance.skills import Reply, Situation, home

DONE = Outcome("done")


def house() -> Home:
    """Return a home of two floors, of which everything has said how it stands."""
    floors = [Floor("Rez-de-chaussée"), Floor("Premier étage")]
    areas = [
        *(Area("Salon", "Rez-de-chaussée"), Area("Cuisine", "Rez-de-chaussée"), Area("Garage", "Rez-de-chaussée")),
        *(Area("Bureau", "Premier étage"), Area("Chambre", "Premier étage"), Area("Extérieur")),
    ]
    colored = frozenset({"brightness", "color", "color_temperature"})
    things = [
        Thing("l1", "Plafonnier", "light", "Salon", features=frozenset({"brightness"})),
        Thing("l2", "Lampe", "light", "Salon", features=colored, aliases=("Lampe de lecture",)),
        Thing("l3", "Lampe", "light", "Chambre"),
        Thing("l4", "Guirlande", "light", "Bureau"),
        Thing("s1", "Cafetière", "switch", "Cuisine"),
        Thing("c1", "Volet", "cover", "Bureau", "shutter"),
        Thing("c2", "Volets", "cover", "Salon", "shutter"),
        Thing("c3", "Store banne", "cover", "Extérieur"),
        Thing("c4", "Porte de garage", "cover", "Garage", "garage"),
        Thing("k1", "Porte d'entrée", "lock", "Salon"),
        Thing("b1", "Porte d'entrée", "binary_sensor", "Salon", "door"),
        Thing("b2", "Fenêtre", "binary_sensor", "Cuisine", "window"),
        Thing("b3", "Détecteur du couloir", "binary_sensor", "", "motion"),
        Thing("f1", "Ventilateur", "fan", "Chambre"),
        Thing("t1", "Thermostat", "climate", "Salon"),
        Thing("t2", "Température extérieure", "sensor", "Extérieur", "temperature", unit="°C"),
        Thing("t3", "Capteur", "sensor", "Cuisine", "humidity", unit="%"),
        Thing("m1", "Télé", "media_player", "Salon"),
        Thing("m2", "Enceinte", "media_player", "Cuisine"),
        Thing("sc", "Soirée cinéma", "scene"),
        Thing("sx", "Bonne nuit", "script"),
        Thing("v1", "Aspirateur", "vacuum", "Salon"),
    ]
    built = Home(floors, areas, things)
    states: dict[str, tuple[str, Mapping[str, str | float]]] = {
        "l1": ("on", {"brightness_percent": 40}), "l2": ("off", {}), "l3": ("off", {}), "l4": ("on", {}),
        "s1": ("on", {}), "c1": ("closed", {}), "c2": ("open", {"position": 60}), "c3": ("closed", {}),
        "c4": ("closed", {}), "k1": ("locked", {}), "b1": ("off", {}), "b2": ("on", {}), "b3": ("on", {}),
        "f1": ("off", {}), "t1": ("heat", {"temperature": 21, "current_temperature": 19.5}), "t2": ("8.25", {}),
        "t3": ("45.0", {}), "m1": ("playing", {"volume_percent": 30}), "m2": ("paused", {}), "v1": ("docked", {}),
    }  # fmt: skip
    for thing_id, (value, attributes) in states.items():
        built.report(thing_id, State(value, attributes))
    return built


class Recorder:
    """The executor of these tests: it notes what it is asked to do."""

    def __init__(self, outcome: Outcome = DONE) -> None:
        self.actions: list[Action] = []
        self.sent: list[Command] = []
        self.outcome = outcome

    async def perform(self, actions: Sequence[Action]) -> Outcome:
        self.actions += actions
        return self.outcome

    async def send(self, command: Command) -> None:
        self.sent.append(command)


async def ask(
    intent: str, slots: Mapping[str, object], recorder: Recorder, *, area: str = "Salon", language: str = "fr",
    at: Home | None = None, acts: bool = True,
) -> str:  # fmt: skip
    moment = datetime(2026, 11, 24, 9, 0)
    perform = recorder.perform if acts else None
    there = house() if at is None else at
    situation = Situation(language, "salon", moment, "Lyon", 50, "", recorder.send, there, area, perform)
    reply: Reply = await home.handle(intent, dict(slots), situation)  # type: ignore[arg-type]
    return reply.text


def act(service: str, *targets: str, **data: str | float) -> list[Action]:
    domain, _, name = service.partition(".")
    return [Action(domain, name, target, data) for target in targets]
