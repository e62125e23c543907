"""What questions about a home are answered, in French and in English: from what its things said, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from appliance.grammar import Grammar
from appliance.home import Area, Home, State, Thing
from appliance.skills import modules
from tests.house import Recorder, ask, house


def poll(response: str, kind: Mapping[str, object], state: str, **place: str) -> dict[str, object]:
    return {**kind, "state": state, "response": response, **place}


LIGHTS, LOCKS = {"domain": "light"}, {"domain": "lock"}
SHUTTERS, WINDOWS, DOORS = ({"domain": "cover", "device_class": name} for name in ("shutter", "window", "door"))

ANSWERS = [
    (poll("any", LIGHTS, "on"), "Oui, le plafonnier et la guirlande sont allumés."),
    (poll("any", LIGHTS, "on", area="Chambre"), "Non, aucune lumière n'est allumée dans la chambre."),
    (poll("all", LIGHTS, "on"), "Non, la lampe du salon et la lampe de la chambre ne sont pas allumées."),
    (poll("all", LIGHTS, "on", area="Bureau"), "Oui, la guirlande est allumée dans le bureau."),
    (poll("which", LIGHTS, "off"), "La lampe du salon et la lampe de la chambre sont éteintes."),
    (poll("how_many", LIGHTS, "on"), "2 lumières sont allumées : le plafonnier et la guirlande."),
    (poll("how_many", LIGHTS, "off", floor="Premier étage"), "Une seule au premier étage : la lampe de la chambre."),
    (poll("all", SHUTTERS, "open"), "Non, le volet n'est pas ouvert."),
    (poll("which", SHUTTERS, "closed"), "Le volet est fermé."),
    (poll("any", WINDOWS, "open"), "Oui, la fenêtre est ouverte."),
    (poll("how_many", DOORS, "open"), "Aucune porte n'est ouverte."),
    (poll("all", LOCKS, "locked"), "Oui, la porte d'entrée est verrouillée."),
    (poll("any", {"domain": "cover", "device_class": "gate"}, "open"), "Je ne connais pas de portail."),
    (poll("any", LIGHTS, "on", area="Extérieur"), "Je ne connais pas de lumière à l'extérieur."),
    (poll("which_person", {"domain": "person"}, "Maison"), "Je ne sais pas où sont les gens."),
    ({"name": "Plafonnier"}, "Le plafonnier est allumé à 40 %."),
    ({"name": "Cafetière"}, "La cafetière est allumée."),
    ({"name": "Volets"}, "Les volets sont ouverts à 60 %."),
    ({"name": "Porte d'entrée"}, "La porte d'entrée est verrouillée. La porte d'entrée est fermée."),
    ({"name": "Détecteur du couloir"}, "Le détecteur du couloir détecte un mouvement."),
    ({"name": "Thermostat"}, "Le thermostat est en mode chauffage, réglé sur 21 degrés, et mesure 19,5 degrés."),
    ({"name": "Température extérieure"}, "La température extérieure est de 8,2 degrés."),
    ({"name": "Capteur"}, "Le capteur indique 45 %."),
    ({"name": "Enceinte"}, "L'enceinte est en pause."),
    ({"name": "Bonne nuit"}, "Je ne sais pas : Bonne nuit n'a encore rien dit."),
    ({"name": "Grenier"}, "Je ne connais pas « Grenier »."),
    ({"name": "Porte d'entrée", "state": "closed"}, "Oui, la porte d'entrée est fermée."),
    ({"name": "Porte d'entrée", "state": "open"}, "Non, la porte d'entrée est fermée."),
    ({"name": "Porte d'entrée", "state": "unlocked"}, "Non, la porte d'entrée est verrouillée."),
    ({"name": "Porte de garage", "state": "open", "area": "Garage"}, "Non, la porte de garage est fermée."),
    ({"name": "Lampe", "state": "on"}, "Non, la lampe est éteinte."),
    ({"name": "Soirée cinéma", "state": "on"}, "Je ne sais pas : Soirée cinéma n'a encore rien dit."),
]


@pytest.mark.parametrize(("slots", "said"), ANSWERS)
async def test_answers_from_state(slots: dict[str, object], said: str) -> None:
    recorder = Recorder()
    assert await ask("HassGetState", slots, recorder) == said
    english = await ask("HassGetState", slots, recorder, language="en")
    assert english.endswith(".") and english != said and not set(english) & set("[]()|{}")
    assert not recorder.actions


@pytest.mark.parametrize(
    ("slots", "said"),
    [
        (poll("all", LIGHTS, "on", area="Bureau"), "Yes, the Guirlande is on in the Bureau."),
        (poll("any", LIGHTS, "on", area="Chambre"), "No, no light is on in the Chambre."),
        (poll("all", DOORS, "closed"), "Yes, the Porte d'entrée is closed."),
        ({"name": "Porte d'entrée", "state": "locked"}, "Yes, the Porte d'entrée is locked."),
        ({"name": "Thermostat"}, "The Thermostat is in heating mode, set to 21 degrees, and measures 19.5 degrees."),
    ],
)
async def test_answers_in_english(slots: dict[str, object], said: str) -> None:
    assert await ask("HassGetState", slots, Recorder(), language="en") == said


async def test_what_is_not_known_is_not_counted() -> None:
    there = house()
    there.report("l1", State())
    there.report("l4", State("on", available=False))
    said = await ask("HassGetState", poll("all", LIGHTS, "off"), Recorder(), at=there)
    assert said == (
        "La lampe du salon et la lampe de la chambre sont éteintes. "
        "Je ne sais pas pour le plafonnier. La guirlande ne répond pas."
    )
    named = {"name": "Plafonnier", "state": "on"}
    assert (
        await ask("HassGetState", named, Recorder(), at=there) == "Je ne sais pas : le plafonnier n'a encore rien dit."
    )
    assert await ask("HassGetState", {"name": "Guirlande"}, Recorder(), at=there) == "La guirlande ne répond pas."


async def test_all_of_several_are_counted() -> None:
    there = house()
    for name in ("l2", "l3"):
        there.report(name, State("on"))
    said = await ask("HassGetState", poll("all", LIGHTS, "on"), Recorder(), at=there)
    assert said == "Oui, les 4 lumières sont allumées."
    english = await ask("HassGetState", poll("all", LIGHTS, "on"), Recorder(), at=there, language="en")
    assert english == "Yes, all 4 lights are on."


async def test_a_long_list_names_the_first() -> None:
    there = Home(things=[Thing(f"x{n}", f"Spot {n}", "light") for n in range(1, 8)])
    for thing in there.things:
        there.report(thing, State("on"))
    said = await ask("HassGetState", poll("which", LIGHTS, "on"), Recorder(), at=there)
    assert said == "Le spot 1, le spot 2, le spot 3 et 4 autres sont allumés."


@pytest.mark.parametrize(
    ("intent", "slots", "area", "said"),
    [
        ("HassClimateGetTemperature", {}, "Salon", "Il fait 19,5 degrés dans le salon."),
        ("HassClimateGetTemperature", {"area": "Extérieur"}, "Salon", "Il fait 8,2 degrés à l'extérieur."),
        ("HassClimateGetTemperature", {"area": "Bureau"}, "Salon", "Je ne connais pas la température dans le bureau."),
        ("HassClimateGetTemperature", {"name": "Thermostat"}, "", "Le thermostat indique 19,5 degrés."),
        ("HassClimateGetTemperature", {}, "", "Dans quelle pièce ? Redis-le avec le nom de la pièce."),
        ("HassGetWeather", {}, "", "Je n'ai pas la météo, mais il fait 8,2 degrés dehors."),
    ],
)
async def test_temperature_and_weather(intent: str, slots: dict[str, object], area: str, said: str) -> None:
    assert await ask(intent, slots, Recorder(), area=area) == said


async def test_a_freezer_does_not_tell_how_warm_the_kitchen_is() -> None:
    freezer = Thing("x", "Température du congélateur", "sensor", "Cuisine", "temperature", unit="°C")
    there = Home(areas=[Area("Cuisine")], things=[freezer])
    there.report("x", State("-18"))
    said = await ask("HassClimateGetTemperature", {"area": "Cuisine"}, Recorder(), at=there)
    assert said == "Je ne connais pas la température dans la cuisine."


async def test_weather_comes_from_a_station_or_not_at_all() -> None:
    there = Home(things=[Thing("w", "Météo", "weather")])
    assert "n'a encore rien dit" in await ask("HassGetWeather", {}, Recorder(), at=there)
    there.report("w", State("partlycloudy", {"temperature": 12.5, "wind_speed": 20}))
    assert await ask("HassGetWeather", {}, Recorder(), at=there) == "Le temps est partiellement nuageux, 12,5 degrés."
    assert await ask("HassGetWeather", {"response": "wind"}, Recorder(), at=there) == "Le vent souffle à 20 km/h."
    assert await ask("HassGetWeather", {"response": "uv"}, Recorder(), at=there) == "La météo que j'ai ne le dit pas."
    assert await ask("HassGetWeather", {}, Recorder(), at=Home(), language="en") == "I do not have the weather."


SENTENCES = [
    ("fr", "Est-ce que la porte d'entrée est fermée ?", "Oui, la porte d'entrée est fermée."),
    ("fr", "Est-ce que la porte d'entrée est fermée à clé ?", "Oui, la porte d'entrée est verrouillée."),
    ("fr", "Est-ce que les volets du bureau sont ouverts ?", "Non, le volet est fermé."),
    ("fr", "Est-ce que les fenêtres sont fermées ?", "Non, la fenêtre n'est pas fermée."),
    ("fr", "Est-ce que la lumière du bureau est allumée ?", "Oui, la guirlande est allumée dans le bureau."),
    ("fr", "Y a-t-il une lumière allumée dans la chambre ?", "Non, aucune lumière n'est allumée dans la chambre."),
    ("fr", "Y a-t-il une fenêtre ouverte ?", "Oui, la fenêtre est ouverte."),
    ("fr", "Quelles lumières sont allumées ?", "Le plafonnier et la guirlande sont allumés."),
    ("fr", "Quel est l'état de l'enceinte ?", "L'enceinte est en pause."),
    ("fr", "Quelle température fait-il ?", "Il fait 19,5 degrés dans le salon."),
    ("fr", "Il fait combien dehors ?", "Il fait 8,2 degrés dehors."),
    ("fr", "Ferme la porte d'entrée à clé", "Je verrouille la porte d'entrée."),
    ("fr", "Monte le chauffage à 21 degrés", "Je règle le thermostat sur 21 degrés."),
    ("fr", "Éteins le premier étage", "J'éteins les 2 lumières du premier étage."),
    ("en", "Turn off all the lights", "Turning off the 4 lights."),
    ("en", "How warm is it outside?", "It is 8.2 degrees outside."),
    ("en", "Open the garage door", "Opening the Porte de garage."),
    ("en", "Is the salon light on?", "Yes, the Plafonnier is on in the Salon."),
]


@pytest.fixture(scope="module")
def grammars() -> dict[str, Grammar]:
    return {language: Grammar(language, house(), modules()) for language in ("fr", "en")}


@pytest.mark.parametrize(("language", "sentence", "said"), SENTENCES)
async def test_sentences(grammars: dict[str, Grammar], language: str, sentence: str, said: str) -> None:
    match = grammars[language].match(sentence)
    assert match is not None
    assert match.skill == "home"
    assert await ask(match.intent, match.slots, Recorder(), language=language) == said
