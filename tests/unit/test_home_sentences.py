"""What people say to a home beside what home-assistant-intents knows: the sentence, through the real grammar, and what is
done and said for it."""

from __future__ import annotations

import pytest

from appliance.grammar import Grammar
from appliance.home import Area, Home, State, Thing
from appliance.skills import modules
from tests.house import Recorder, ask, house

LIGHTS = "l1 l2 l3 l4"

DONE = [
    ("fr", "Arrête les volets", "stop_cover c2", "J'arrête les volets."),
    ("fr", "Stop les volets du salon", "stop_cover c2", "J'arrête les volets."),
    ("fr", "Arrête le store", "stop_cover c3", "J'arrête le store banne."),
    ("en", "Stop the shutters", "stop_cover c2", "Stopping the Volets."),
    ("fr", "Monte le chauffage", "set_temperature t1 22", "Je règle le thermostat sur 22 degrés."),
    ("fr", "Baisse le chauffage dans le salon", "set_temperature t1 20", "Je règle le thermostat sur 20 degrés."),
    ("fr", "Monte le chauffage de deux degrés", "set_temperature t1 23", "Je règle le thermostat sur 23 degrés."),
    ("fr", "Baisse la clim d'un degré", "set_temperature t1 20", "Je règle le thermostat sur 20 degrés."),
    ("en", "Turn the heating up", "set_temperature t1 22", "Setting the Thermostat to 22 degrees."),
    ("en", "Turn down the heating by 2 degrees", "set_temperature t1 19", "Setting the Thermostat to 19 degrees."),
    (
        *("fr", "Mets le chauffage à 18 degrés dans le salon"),
        *("set_temperature t1 18", "Je règle le thermostat sur 18 degrés."),
    ),
    ("fr", "Allume le chauffage", "turn_on t1", "J'allume le thermostat."),
    ("fr", "Coupe le chauffage", "turn_off t1", "J'éteins le thermostat."),
    ("en", "Turn the heating off", "turn_off t1", "Turning off the Thermostat."),
    ("fr", "Rallume la lumière", "turn_on l1 l2", "J'allume les 2 lumières du salon."),
    ("fr", "Éteins tout", f"turn_off {LIGHTS} s1 m1 m2", "J'éteins les 7 appareils."),
    ("fr", "Éteins tout dans le salon", "turn_off l1 l2 m1", "J'éteins les 3 appareils du salon."),
    ("en", "Turn everything off", f"turn_off {LIGHTS} s1 m1 m2", "Turning off the 7 devices."),
    ("fr", "Ferme tout", "close_cover c1 c2 c3", "Je ferme les 3 volets."),
    ("en", "Close everything", "close_cover c1 c2 c3", "Closing the 3 covers."),
    ("fr", "Allume la lumière partout", f"turn_on {LIGHTS}", "J'allume les 4 lumières."),
    ("fr", "Allume toutes les lumières de la maison", f"turn_on {LIGHTS}", "J'allume les 4 lumières."),
    ("fr", "Ferme tous les volets de la maison", "close_cover c1 c2", "Je ferme les 2 volets."),
    ("fr", "Baisse la lumière", "turn_on l1 20", "Je règle le plafonnier à 20 %."),
    ("fr", "Augmente la lumière du salon", "turn_on l1 60 l2 20", "Je règle les 2 lumières du salon à 60 % et 20 %."),
    ("fr", "Tamise le plafonnier de 30 %", "turn_on l1 10", "Je règle le plafonnier à 10 %."),
    ("fr", "Tamise le plafonnier de 90 %", "turn_on l1 5", "Je règle le plafonnier à 5 %."),
    ("fr", "Baisse la lumière dans la chambre", "", "À combien ?"),
    ("en", "Dim the lights", "turn_on l1 20", "Setting the Plafonnier to 20 %."),
    ("fr", "Mets la lumière à fond", "turn_on l1 100 l2 100", "Je règle les 2 lumières du salon à 100 %."),
    ("en", "Set the lights to 50 percent", "turn_on l1 50 l2 50", "Setting the 2 lights in the Salon to 50 %."),
    ("fr", "Ouvre les volets à moitié", "set_cover_position c2 50", "Je mets les volets à 50 %."),
    ("fr", "Entrouvre les volets du salon", "set_cover_position c2 20", "Je mets les volets à 20 %."),
    ("en", "Open the shutters halfway", "set_cover_position c2 50", "Setting the Volets to 50 %."),
    ("fr", "Passe l'aspirateur", "start v1", "Je lance l'aspirateur."),
    ("fr", "Passe l'aspirateur dans la cuisine", "clean_area v1 Cuisine", "J'envoie l'aspirateur nettoyer la cuisine."),
    ("fr", "Ouvre la porte d'entrée", "unlock k1", "Je déverrouille la porte d'entrée."),
    ("fr", "Ferme la porte d'entrée", "lock k1", "Je verrouille la porte d'entrée."),
    ("en", "Pause the TV", "media_pause m1", "Pausing the Télé."),
]

TOLD = [
    ("fr", "Est-ce que le garage est fermé ?", "Oui, la porte de garage est fermée."),
    ("fr", "La télé est allumée ?", "Oui, la télé est en lecture, à 30 % de volume."),
    ("fr", "Est-ce que la télévision est éteinte ?", "Non, la télé est en lecture, à 30 % de volume."),
    ("en", "Is the TV on?", "Yes, the Télé is playing, at 30 % of the volume."),
    ("fr", "Le chauffage est allumé ?", "Oui, le thermostat est allumé."),
    ("fr", "Quelle température il fait dans le salon ?", "Il fait 19,5 degrés dans le salon."),
    ("fr", "Où est l'aspirateur ?", "L'aspirateur est à sa base."),
    ("en", "Where is the vacuum?", "The Aspirateur is docked."),
]


@pytest.fixture(scope="module")
def grammars() -> dict[str, Grammar]:
    return {language: Grammar(language, house(), modules()) for language in ("fr", "en")}


async def said_and_done(grammar: Grammar, sentence: str, at: Home, area: str = "Salon") -> tuple[str, str]:
    """Return what is said for a sentence, and what is done: "turn_on l1 20"."""
    match = grammar.match(sentence)
    assert match is not None and match.skill == "home", sentence
    recorder = Recorder()
    said = await ask(match.intent, match.slots, recorder, language=grammar.language, at=at, area=area)
    services = {action.service for action in recorder.actions}
    words = [word for action in recorder.actions for word in (action.target, *map(_plain, action.data.values()))]
    return said, " ".join([*services, *words])


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


@pytest.mark.parametrize(("language", "sentence", "done", "said"), DONE)
async def test_done(grammars: dict[str, Grammar], language: str, sentence: str, done: str, said: str) -> None:
    assert await said_and_done(grammars[language], sentence, house()) == (said, done)


@pytest.mark.parametrize(("language", "sentence", "said"), TOLD)
async def test_told(grammars: dict[str, Grammar], language: str, sentence: str, said: str) -> None:
    assert await said_and_done(grammars[language], sentence, house()) == (said, "")


async def test_a_thermostat_that_did_not_say_its_target_is_asked_for_one(grammars: dict[str, Grammar]) -> None:
    there = house()
    there.report("t1", State("heat"))
    assert await said_and_done(grammars["fr"], "Monte le chauffage", there) == ("À combien ?", "")


def flat() -> Home:
    """Return a flat whose fridge hangs on a switch, with names that hold their room."""
    things = [
        Thing("s1", "Frigo", "switch", "Cuisine"),
        Thing("s2", "Prise de la box", "switch", "Cuisine"),
        Thing("s3", "Ampli", "switch", "Salon"),
        Thing("l1", "Lumière de la cuisine", "light", "Cuisine"),
        Thing("s4", "Prise du portail", "switch", "Salon"),
        Thing("c3", "Machin", "cover", "Cuisine"),
        Thing("v1", "Roborock", "vacuum", "Salon"),
        Thing("c1", "Portail", "cover", "Salon", "gate"),
        Thing("c2", "Rideau", "cover", "Salon", "curtain"),
        Thing("m1", "Télévision du salon", "media_player", "Salon"),
    ]
    built = Home(areas=[Area("Cuisine"), Area("Salon")], things=things)
    states = {
        "s1": "on",
        "s2": "on",
        "s3": "on",
        "l1": "on",
        "v1": "cleaning",
        "c1": "closed",
        "c2": "open",
        "m1": "off",
    }
    for thing, state in states.items():
        built.report(thing, State(state))
    return built


@pytest.mark.parametrize(
    ("sentence", "area", "said", "done"),
    [
        ("Éteins tout", "Salon", "J'éteins les 3 appareils.", "turn_off s3 l1 m1"),
        ("Éteins tout dans la cuisine", "Salon", "J'éteins la lumière de la cuisine.", "turn_off l1"),
        ("Ferme tout", "Cuisine", "Je ferme le rideau.", "close_cover c2"),
        ("La lumière de la cuisine est allumée ?", "Salon", "Oui, la lumière de la cuisine est allumée.", ""),
        ("Y a-t-il une lumière allumée dans la cuisine ?", "Salon", "Oui, la lumière de la cuisine est allumée.", ""),
        ("Où est l'aspirateur ?", "Salon", "Roborock est en train de nettoyer.", ""),
        ("Éteins la télé du salon", "Salon", "J'éteins la télévision du salon.", "turn_off m1"),
        ("La télé du salon est allumée ?", "Salon", "Non, la télévision du salon est éteinte.", ""),
    ],
)
async def test_in_another_home(sentence: str, area: str, said: str, done: str) -> None:
    grammar = Grammar("fr", flat(), modules())
    assert await said_and_done(grammar, sentence, flat(), area) == (said, done)


async def test_what_must_stay_on_is_not_turned_off_alone() -> None:
    things = [Thing("s1", "Congélateur", "switch", "Cave")]
    there = Home(areas=[Area("Cave")], things=things)
    there.report("s1", State("on"))
    grammar = Grammar("fr", there, modules())
    assert await said_and_done(grammar, "Éteins tout dans la cave", there, "Cave") == (
        "Pour ça, dis-moi le nom de l'appareil.",
        "",
    )
    assert await said_and_done(grammar, "Éteins le congélateur", there, "Cave") == (
        "J'éteins le congélateur.",
        "turn_off s1",
    )
