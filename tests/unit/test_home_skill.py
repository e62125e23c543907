"""What Home Assistant's sentences do in a home and what they are answered, in French and in English."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import pytest

from appliance.actions import Action, Outcome
from appliance.events import Command, SetVolume
from appliance.home import Area, Floor, Home, State, Thing
from appliance.skills import Reply, Situation, home, modules

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


LIGHT = {"domain": "light", "response": "default"}
COVER = {"domain": "cover", "response": "cover"}
SHUTTER = COVER | {"device_class": "shutter"}

ACTIONS = [
    ("HassTurnOn", LIGHT, act("light.turn_on", "l1", "l2"), "J'allume les 2 lumières du salon."),
    ("HassTurnOff", LIGHT | {"area": "Bureau"}, act("light.turn_off", "l4"), "J'éteins la guirlande."),
    (
        "HassTurnOff",
        LIGHT | {"floor": "Premier étage"},
        act("light.turn_off", "l3", "l4"),
        "J'éteins les 2 lumières du premier étage.",
    ),
    (
        "HassTurnOff",
        LIGHT | {"everywhere": 1},
        act("light.turn_off", "l1", "l2", "l3", "l4"),
        "J'éteins les 4 lumières.",
    ),
    (
        "HassTurnOn",
        {"name": "Plafonnier", "response": "default"},
        act("light.turn_on", "l1"),
        "J'allume le plafonnier.",
    ),
    ("HassTurnOn", {"name": "Lampe", "response": "default"}, act("light.turn_on", "l2"), "J'allume la lampe du salon."),
    (
        "HassTurnOn",
        {"name": "Lampe", "area": "Chambre"},
        act("light.turn_on", "l3"),
        "J'allume la lampe de la chambre.",
    ),
    ("HassTurnOn", {"name": "Lampe de lecture"}, act("light.turn_on", "l2"), "J'allume la lampe du salon."),
    (
        "HassTurnOff",
        {"name": "Cafetière", "response": "default"},
        act("switch.turn_off", "s1"),
        "J'éteins la cafetière.",
    ),
    ("HassTurnOn", SHUTTER | {"area": "Bureau"}, act("cover.open_cover", "c1"), "J'ouvre le volet."),
    ("HassTurnOff", SHUTTER, act("cover.close_cover", "c2"), "Je ferme les volets."),
    (
        "HassTurnOn",
        COVER | {"device_class": ["blind", "shade"], "area": "Extérieur"},
        act("cover.open_cover", "c3"),
        "J'ouvre le store banne.",
    ),
    ("HassTurnOn", COVER | {"device_class": "garage"}, act("cover.open_cover", "c4"), "J'ouvre la porte de garage."),
    (
        "HassTurnOn",
        {"name": "Porte d'entrée", "response": "lock"},
        act("lock.lock", "k1"),
        "Je verrouille la porte d'entrée.",
    ),
    (
        "HassTurnOff",
        {"name": "Porte d'entrée", "response": "lock"},
        act("lock.unlock", "k1"),
        "Je déverrouille la porte d'entrée.",
    ),
    (
        "HassTurnOn",
        {"name": "Soirée cinéma", "response": "scene"},
        act("scene.turn_on", "sc"),
        "J'active Soirée cinéma.",
    ),
    ("HassTurnOn", {"name": "Bonne nuit", "response": "script"}, act("script.turn_on", "sx"), "Je lance Bonne nuit."),
    (
        "HassLightSet",
        LIGHT | {"brightness": 30},
        act("light.turn_on", "l1", "l2", brightness_percent=30),
        "Je règle les 2 lumières du salon à 30 %.",
    ),
    (
        "HassLightSet",
        LIGHT | {"color": "blue"},
        act("light.turn_on", "l2", color="blue"),
        "Je mets la lampe du salon en bleu.",
    ),
    (
        "HassLightSet",
        {"name": "Lampe", "temperature": 2700},
        act("light.turn_on", "l2", color_temperature_kelvin=2700),
        "Je règle la lampe du salon à 2700 K.",
    ),
    (
        "HassSetPosition",
        SHUTTER | {"position": 40},
        act("cover.set_cover_position", "c2", position=40),
        "Je mets les volets à 40 %.",
    ),
    (
        "HassFanSetSpeed",
        {"percentage": 50, "area": "Chambre"},
        act("fan.set_percentage", "f1", percentage=50),
        "Je règle le ventilateur à 50 %.",
    ),
    (
        "HassClimateSetTemperature",
        {"temperature": 20.5},
        act("climate.set_temperature", "t1", temperature=20.5),
        "Je règle le thermostat sur 20,5 °C.",
    ),
    ("HassMediaPause", {}, act("media_player.media_pause", "m1"), "Je mets la télé en pause."),
    (
        "HassMediaUnpause",
        {"area": "Cuisine"},
        act("media_player.media_play", "m2"),
        "Je reprends la lecture sur l'enceinte.",
    ),
    ("HassMediaNext", {}, act("media_player.media_next_track", "m1"), "Je passe à la suite sur la télé."),
    ("HassMediaPrevious", {}, act("media_player.media_previous_track", "m1"), "Je reviens en arrière sur la télé."),
    (
        "HassMediaPlayerMute",
        {"name": "Télé"},
        act("media_player.volume_mute", "m1", muted=True),
        "Je coupe le son de la télé.",
    ),
    ("HassMediaPlayerUnmute", {}, act("media_player.volume_mute", "m1", muted=False), "Je remets le son de la télé."),
    (
        "HassSetVolume",
        {"volume_level": 20},
        act("media_player.volume_set", "m1", volume_percent=20),
        "Je règle le volume de la télé à 20 %.",
    ),
    (
        "HassSetVolumeRelative",
        {"volume_step": "down", "area": "Salon"},
        act("media_player.volume_set", "m1", volume_percent=20),
        "Je règle le volume de la télé à 20 %.",
    ),
    (
        "HassSetVolumeRelative",
        {"volume_step": 15, "name": "Télé"},
        act("media_player.volume_set", "m1", volume_percent=45),
        "Je règle le volume de la télé à 45 %.",
    ),
    ("HassVacuumStart", {"name": "Aspirateur"}, act("vacuum.start", "v1"), "Je lance l'aspirateur."),
    (
        "HassVacuumReturnToBase",
        {"name": "Aspirateur"},
        act("vacuum.return_to_base", "v1"),
        "Je renvoie l'aspirateur à la base.",
    ),
    (
        "HassVacuumCleanArea",
        {"area": "Cuisine"},
        act("vacuum.clean_area", "v1", area="Cuisine"),
        "J'envoie l'aspirateur nettoyer la cuisine.",
    ),
]


@pytest.mark.parametrize(("intent", "slots", "actions", "said"), ACTIONS)
async def test_acts(intent: str, slots: dict[str, object], actions: list[Action], said: str) -> None:
    recorder = Recorder()
    assert await ask(intent, slots, recorder) == said
    assert recorder.actions == actions


@pytest.mark.parametrize(("intent", "slots", "actions", "said"), ACTIONS)
async def test_english_does_the_same(intent: str, slots: dict[str, object], actions: list[Action], said: str) -> None:
    recorder = Recorder()
    english = await ask(intent, slots, recorder, language="en")
    assert recorder.actions == actions
    assert english.endswith(".") and english != said and not set(english) & set("éèàç[]()|{}") - set("éè")


NOTHING = [
    ("HassTurnOn", SHUTTER | {"area": "Cuisine"}, "Je ne connais pas de volet dans la cuisine."),
    (
        "HassTurnOn",
        COVER | {"device_class": "awning", "floor": "Premier étage"},
        "Je ne connais pas d'auvent au premier étage.",
    ),
    ("HassTurnOn", COVER | {"device_class": "window"}, "Je ne connais pas de fenêtre dans le salon."),
    ("HassTurnOff", LIGHT | {"area": "Extérieur"}, "Je ne connais pas de lumière à l'extérieur."),
    ("HassTurnOn", {"name": "Lustre"}, "Je ne connais pas « Lustre »."),
    ("HassTurnOn", {"name": "Plafonnier", "area": "Chambre"}, "Je ne connais pas « Plafonnier » dans la chambre."),
    ("HassTurnOff", {"name": "Porte d'entrée", "response": "default"}, "La porte d'entrée ne sait pas faire cela."),
    ("HassTurnOff", {"name": "Volets", "response": "lock"}, "Les volets ne savent pas faire cela."),
    ("HassTurnOff", {"name": "Soirée cinéma"}, "Soirée cinéma ne sait pas faire cela."),
    ("HassLawnMowerStartMowing", {}, "Je ne connais pas de tondeuse dans le salon."),
    (
        "HassSetVolumeRelative",
        {"name": "Enceinte"},
        "Je ne connais pas le volume de l'enceinte ; dites-moi à combien le mettre.",
    ),
    ("HassMediaSearchAndPlay", {"search_query": "Brassens"}, "Je ne sais pas chercher de musique."),
]


@pytest.mark.parametrize(("intent", "slots", "said"), NOTHING)
async def test_says_why_and_does_nothing(intent: str, slots: dict[str, object], said: str) -> None:
    recorder = Recorder()
    assert await ask(intent, slots, recorder) == said
    assert await ask(intent, slots, recorder, language="en")
    assert not recorder.actions


@pytest.mark.parametrize(
    ("intent", "slots", "said"),
    [
        ("HassTurnOn", LIGHT, "Dans quelle pièce ? Redites-le avec le nom de la pièce."),
        ("HassTurnOn", SHUTTER, "Dans quelle pièce ? Redites-le avec le nom de la pièce."),
        ("HassVacuumCleanArea", {}, "Dans quelle pièce ? Redites-le avec le nom de la pièce."),
        (
            "HassTurnOn",
            {"name": "Lampe"},
            "« Lampe » : il y en a plusieurs, dans le salon et la chambre. Précisez la pièce.",
        ),
    ],
)
async def test_asks_for_the_room_where_that_is_not_known(intent: str, slots: dict[str, object], said: str) -> None:
    recorder = Recorder()
    assert await ask(intent, slots, recorder, area="") == said
    assert not recorder.actions


async def test_the_only_one_is_meant_wherever_it_is() -> None:
    recorder = Recorder()
    await ask("HassFanSetSpeed", {"percentage": 10}, recorder, area="")
    await ask("HassClimateSetTemperature", {"temperature": 19}, recorder, area="Chambre")
    assert [action.target for action in recorder.actions] == ["f1", "t1"]


async def test_a_cover_of_no_class_is_not_meant_where_a_shutter_is_known() -> None:
    recorder = Recorder()
    there = house()
    there.add(Thing("c5", "Toile", "cover", "Bureau"))
    await ask("HassTurnOn", SHUTTER, recorder, area="Bureau", at=there)
    assert [action.target for action in recorder.actions] == ["c1"]


async def test_what_is_gone_is_told_and_left_alone() -> None:
    recorder, there = Recorder(), house()
    there.report("l1", State("on", available=False))
    said = await ask("HassTurnOff", LIGHT, recorder, at=there)
    assert (said, recorder.actions) == (
        "J'éteins la lampe du salon. Le plafonnier ne répond pas.",
        act("light.turn_off", "l2"),
    )
    there.report("c2", State("open", available=False))
    assert await ask("HassTurnOff", SHUTTER, recorder, at=there) == "Les volets ne répondent pas."
    assert await ask("HassTurnOff", SHUTTER, recorder, at=there, language="en") == "The Volets do not answer."
    assert len(recorder.actions) == 1


@pytest.mark.parametrize("status", ["confirm", "approve", "refused", "failed"])
async def test_whatever_else_becomes_of_it_is_told_as_the_executor_says(status: str) -> None:
    recorder = Recorder(Outcome(status, "C'est à confirmer."))  # type: ignore[arg-type]
    assert await ask("HassTurnOff", {"name": "Porte d'entrée", "response": "lock"}, recorder) == "C'est à confirmer."


async def test_without_an_executor_nothing_is_commanded() -> None:
    assert await ask("HassTurnOn", LIGHT, Recorder(), acts=False) == "Je ne commande pas d'appareils ici."
    assert await ask("HassTurnOn", LIGHT, Recorder(), acts=False, language="en") == "I do not control any devices here."


async def test_the_volume_of_a_room_without_a_player_is_the_boxs_own() -> None:
    recorder = Recorder()
    assert "30" in await ask("HassSetVolume", {"volume_level": 30}, recorder, area="Bureau")
    await ask("HassSetVolumeRelative", {"volume_step": "up"}, recorder, area="")
    assert recorder.sent == [SetVolume(room="salon", percent=30), SetVolume(room="salon", percent=65)]
    assert not recorder.actions
