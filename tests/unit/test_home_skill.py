"""What Home Assistant's sentences do in a home, and what is said of it, in French and in English."""

from __future__ import annotations

import pytest

from appliance.actions import Action, Outcome
from appliance.events import SetVolume
from appliance.home import Home, State, Thing
from appliance.skills import home, modules
from tests.house import Recorder, act, ask, house

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
        "Je règle la lampe du salon à 2700 kelvins.",
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
        "Je règle le thermostat sur 20,5 degrés.",
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
        "Je ne connais pas le volume de l'enceinte ; dis-moi à combien le mettre.",
    ),
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
        ("HassTurnOn", LIGHT, "Dans quelle pièce ? Redis-le avec le nom de la pièce."),
        ("HassTurnOn", SHUTTER, "Dans quelle pièce ? Redis-le avec le nom de la pièce."),
        ("HassVacuumCleanArea", {}, "Dans quelle pièce ? Redis-le avec le nom de la pièce."),
        (
            "HassTurnOn",
            {"name": "Lampe"},
            "« Lampe » : il y en a plusieurs, dans le salon et la chambre. Précise la pièce.",
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


async def test_a_name_that_is_but_a_kind_means_the_things_of_the_place_that_was_said() -> None:
    recorder = Recorder()
    named = {"name": "Volets", "response": "cover"}  # the name of the shutters of the living room
    await ask("HassTurnOn", named | {"area": "Bureau"}, recorder)
    await ask("HassTurnOn", named, recorder, area="Bureau")
    await ask("HassTurnOn", named, recorder, area="Salon")
    await ask("HassTurnOn", named, recorder, area="Cuisine")
    assert [action.target for action in recorder.actions] == ["c1", "c1", "c2", "c2"]


async def test_the_door_of_the_garage_is_the_garage_door() -> None:
    recorder = Recorder()
    await ask("HassTurnOn", COVER | {"device_class": "door", "area": "Garage"}, recorder)
    assert recorder.actions == act("cover.open_cover", "c4")


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


@pytest.mark.parametrize(
    ("name", "device_class", "opens"),
    [
        ("Portail", "gate", True),
        ("Portail", "shutter", False),
        ("Volet de la fenêtre", "shutter", True),
        ("Volet de la fenêtre", "window", False),
        ("Porte de garage", "garage", True),
        ("Porte de garage", "door", False),
        ("Window shutter", "shutter", True),
        ("Toile", "awning", True),
        ("Toile", "garage", False),
    ],
)
async def test_a_cover_of_no_class_is_what_its_name_says(name: str, device_class: str, opens: bool) -> None:
    recorder = Recorder()
    there = Home(things=[Thing("x", name, "cover")])
    await ask("HassTurnOn", COVER | {"device_class": device_class}, recorder, at=there, area="")
    assert bool(recorder.actions) is opens


async def test_every_intent_is_handled_in_an_empty_home() -> None:
    slots = {"temperature": 20, "volume_level": 20, "percentage": 10, "position": 10, "brightness": 10}
    for intent in home.INTENTS:
        for language in ("fr", "en"):
            given = slots if intent != "HassLightSet" else {"brightness": 10}
            recorder = Recorder()
            assert await ask(intent, given, recorder, at=Home(), language=language)
            assert not recorder.actions


@pytest.mark.parametrize(
    ("intent", "slots"),
    [
        ("HassLightSet", {"name": "Lampe"}),
        ("HassLightSet", {"name": "Lampe", "brightness": "beaucoup"}),
        ("HassSetPosition", {"name": "Volets"}),
        ("HassFanSetSpeed", {"name": "Ventilateur", "percentage": "nan"}),
        ("HassClimateSetTemperature", {"temperature": ""}),
        ("HassSetVolume", {"volume_level": "inf"}),
    ],
)
async def test_a_value_that_is_missing_is_asked_for(intent: str, slots: dict[str, object]) -> None:
    recorder = Recorder()
    assert await ask(intent, slots, recorder) == "À combien ?"
    assert not recorder.actions


def test_all_intents_of_the_home_are_here() -> None:
    from home_assistant_intents import get_intents

    others = ("Timer", "List", "Broadcast", "Current", "Nevermind", "Respond", "MediaSearch")  # it takes any words
    wanted = {name for language in ("fr", "en") for name in get_intents(language)["intents"]}  # type: ignore[index]
    assert {name for name in wanted if not any(other in name for other in others)} == set(home.INTENTS) - set(
        home.OWN_INTENTS
    )


def test_parts_of_a_skill_are_no_skills() -> None:
    assert "home" in modules()
    assert not [name for name in modules() if name.startswith("_")]
