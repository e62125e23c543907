"""What sentences mean, exactly: of the skills, of Home Assistant and of the owner, in the home of house.py."""

from __future__ import annotations

from functools import cache
from typing import Any

import pytest

from appliance.grammar import Grammar, OwnSentence
from appliance.home import Area, Home, Thing
from appliance.skills import OWNER, Skills
from tests.house import house

OURS = ("response", "domain", "device_class")
"""Slots that say how to answer or what kind is meant, where the tables are about what was understood."""


@cache
def grammar(language: str) -> Grammar:
    """Return the compiled grammar of the house: made once, it is only read."""
    return Grammar(language, house(), Skills().found)


def means(sentence: str, language: str = "fr", of: Grammar | None = None) -> tuple[str, dict[str, Any]] | None:
    match = (of or grammar(language)).match(sentence)
    return match and (match.intent, {name: value for name, value in match.slots.items() if name not in OURS})


LAMP = {"name": "Lampe"}
SHUTTERS = {"name": "Volets"}


@pytest.mark.parametrize(
    ("sentence", "intent", "slots"),
    [
        ("Allume la lampe.", "HassTurnOn", LAMP),
        ("allume la lumière du bureau", "HassTurnOn", {"area": "Bureau"}),
        ("éteins la lampe de la chambre", "HassTurnOff", LAMP | {"area": "Chambre"}),
        ("ferme les volets", "HassTurnOff", SHUTTERS),
        ("ouvre les volets du rez-de-chaussée", "HassTurnOn", SHUTTERS | {"floor": "Rez-de-chaussée"}),
        ("verrouille la porte d’entrée", "HassTurnOn", {"name": "Porte d'entrée"}),
        ("allume toutes les lumières", "HassTurnOn", {"everywhere": 1}),
        ("allume les lumières de la maison", "HassTurnOn", {"everywhere": 1}),
        ("éclaire toute la maison", "HassTurnOn", {"everywhere": 1}),
        ("éteins complètement les lumières de la maison", "HassTurnOff", {"everywhere": 1}),
        ("éteins les lumières", "HassTurnOff", {}),
        ("mets la lampe en rouge", "HassLightSet", LAMP | {"color": "red"}),
        ("mets la lampe à une température de blanc chaud", "HassLightSet", LAMP | {"temperature": 2700}),
        ("règle la lampe à une température de couleur de 4000 kelvin", "HassLightSet", LAMP | {"temperature": 4000}),
        ("mets les volets du salon à 30 %", "HassSetPosition", SHUTTERS | {"area": "Salon", "position": 30}),
        ("quelle est la température de la cuisine ?", "HassClimateGetTemperature", {"area": "Cuisine"}),
        ("active la soirée cinéma", "HassTurnOn", {"name": "Soirée cinéma"}),
    ],
)
def test_french_exactly(sentence: str, intent: str, slots: dict[str, Any]) -> None:
    assert means(sentence) == (intent, slots)


@pytest.mark.parametrize(
    ("sentence", "intent", "slots"),
    [
        ("Turn on the salon lights.", "HassTurnOn", {"area": "Salon"}),
        ("set the salon lights to red", "HassLightSet", {"area": "Salon", "color": "red"}),
        ("turn the bureau lights blue", "HassLightSet", {"area": "Bureau", "color": "blue"}),
        ("set the lights in the salon to red", "HassLightSet", {"area": "Salon", "color": "red"}),
        ("set the salon lights to 50%", "HassLightSet", {"area": "Salon", "brightness": 50}),
        ("dim the salon lights to 20 percent", "HassLightSet", {"area": "Salon", "brightness": 20}),
        ("set Lampe to 50%", "HassLightSet", LAMP | {"brightness": 50}),
        ("set the thermostat to 20°", "HassClimateSetTemperature", {"name": "Thermostat", "temperature": 20}),
        ("turn off the lights in the house", "HassTurnOff", {"everywhere": 1}),
        ("could you please set Lampe to red", "HassLightSet", LAMP | {"color": "red"}),
    ],
)
def test_english_exactly(sentence: str, intent: str, slots: dict[str, Any]) -> None:
    assert means(sentence, "en") == (intent, slots)


@pytest.mark.parametrize(
    "sentence", ["", "   ", "?", "le chat dort", "allume la lune", "maman arrive", "s'il te plaît"]
)
def test_what_is_no_command_means_nothing(sentence: str) -> None:
    assert means(sentence) is None


@pytest.mark.parametrize(
    "asking",
    [
        *(
            "tu peux",
            "peux-tu",
            "Peux-tu",
            "pourrais-tu",
            "tu pourrais",
            "est-ce que tu peux",
            "veux-tu",
            "veux-tu bien",
        ),
        *("vous pouvez", "pouvez-vous", "pourriez-vous", "Vous pourriez", "est-ce que vous pouvez", "voulez-vous bien"),
        *("dis", "s'il te plaît", "bon alors", "allez", "ok Grillon", "il faudrait"),
    ],
)
@pytest.mark.parametrize("order", ["éteindre la guirlande", "ouvrir les volets du bureau"])
def test_politeness_before_or_after_changes_nothing(asking: str, order: str) -> None:
    plain = means(order)
    assert plain is not None
    assert means(f"{asking} {order}") == plain
    assert means(f"{asking} {order} s'il vous plaît, merci") == plain


@pytest.mark.parametrize(
    ("wish", "plain"),
    [
        ("je veux que tu fermes les volets", "ferme les volets"),
        ("je voudrais que tu allumes la lampe", "allume la lampe"),
        ("il faudrait que tu éteignes la guirlande", "éteins la guirlande"),
        ("j'aimerais que tu ouvres les volets", "ouvre les volets"),
        ("il faut que tu mettes la lampe en rouge", "mets la lampe en rouge"),
        ("je voudrais que vous allumiez la lampe", "allume la lampe"),
        ("il faut que vous éteigniez la guirlande", "éteins la guirlande"),
    ],
)
def test_a_wish_is_an_order(wish: str, plain: str) -> None:
    expected = means(plain)
    assert expected is not None
    assert means(wish) == expected


@pytest.mark.parametrize(
    ("polite", "plain"),
    [
        ("allumez la lampe", "allume la lampe"),
        ("éteignez la guirlande", "éteins la guirlande"),
        ("ouvrez les volets du salon", "ouvre les volets du salon"),
        ("fermez les volets", "ferme les volets"),
        ("mettez la lampe en rouge", "mets la lampe en rouge"),
        ("réglez le thermostat sur 20 degrés", "règle le thermostat sur 20 degrés"),
        ("montez les volets", "monte les volets"),
        ("baissez le store banne", "baisse le store banne"),
        ("verrouillez la porte d'entrée", "verrouille la porte d'entrée"),
        ("démarrez l'aspirateur", "démarre l'aspirateur"),
    ],
)
def test_orders_to_vous(polite: str, plain: str) -> None:
    expected = means(plain)
    assert expected is not None
    assert means(polite) == expected


@pytest.mark.parametrize(
    ("sentence", "intent", "slot", "value"),
    [
        ("mets la lampe à cinquante pour cent", "HassLightSet", "brightness", 50),
        ("mets la lampe à quatre-vingt-dix-neuf pour cent", "HassLightSet", "brightness", 99),
        ("mets la lampe à septante-cinq pour cent", "HassLightSet", "brightness", 75),
        ("mets le thermostat à vingt et un degrés", "HassClimateSetTemperature", "temperature", 21),
        ("mets le thermostat à 20,5 degrés", "HassClimateSetTemperature", "temperature", 20.5),
        ("règle le chauffage à dix-neuf degrés", "HassClimateSetTemperature", "temperature", 19),
        ("ouvre les volets du salon à trente pour cent", "HassSetPosition", "position", 30),
    ],
)
def test_numbers_in_words(sentence: str, intent: str, slot: str, value: float) -> None:
    found = means(sentence)
    assert found is not None
    assert (found[0], found[1].get(slot)) == (intent, value)


def test_a_command_put_off() -> None:
    put_off = ("HassStartTimer", {"conversation_command": "eteins la lumiere", "minutes": 10})
    assert means("éteins la lumière dans dix minutes") == put_off
    assert means("dans dix minutes éteins la lumière") == put_off
    later = means("ferme les volets dans une heure et demie")
    assert later == ("HassStartTimer", {"conversation_command": "ferme les volets", "timer_delay": 5400})
    assert means("maman arrive dans dix minutes") is None, "which is no command"


@pytest.mark.parametrize(
    ("sentence", "skill", "slots"),
    [
        ("rappelle-moi de fermer les volets", "reminders", {"reminder_what": "fermer les volets"}),
        ("ajoute du pain à la liste de courses", "lists", {"item": "pain"}),
        ("ajoute cinq minutes au minuteur", "timers", {"minutes": 5}),
        ("mets le minuteur en pause", "timers", {}),
        ("baisse les volets", "home", SHUTTERS),
    ],
)
def test_word_by_word_comes_before_any_words(sentence: str, skill: str, slots: dict[str, Any]) -> None:
    match = grammar("fr").match(sentence)
    assert match is not None
    assert match.skill == skill
    assert slots.items() <= match.slots.items()


NAMES = ["Lampe à l'étage", "Porte-fenêtre", "Œil-de-bœuf", "Télé d’Éloïse", "Salle à manger n°2", "Chauffe-eau", "LED"]


@pytest.mark.parametrize("name", NAMES)
def test_names_as_they_are_written_and_as_they_are_heard(name: str) -> None:
    home = Home(areas=[Area("Arrière-cuisine")], things=[Thing("x", name, "switch", "Arrière-cuisine")])
    of = Grammar("fr", home, Skills().found)
    heard = name.lower().replace("-", " ").replace("’", "'")
    for said in (name, heard, name.upper()):
        assert means(f"allume {said}", of=of) == ("HassTurnOn", {"name": name})
    assert means("allume la lumière de l'arrière cuisine", of=of) == ("HassTurnOn", {"area": "Arrière-cuisine"})


def test_the_owners_sentences_come_with_his_language() -> None:
    own = [
        OwnSentence(["bonne nuit [la maison]", "je vais (me coucher|au lit)"]),
        OwnSentence(["à table"], "fr"),
        OwnSentence(["dinner time"], "en"),
        OwnSentence(["allume la lampe"]),
        OwnSentence(["lecture à 50%"]),
    ]
    said = {
        "fr": [
            "bonne nuit",
            "Bonne nuit, la maison !",
            "je vais au lit s'il te plaît",
            "À table",
            "allume la lampe",
            "lecture à 50 %",
        ],
        "en": ["bonne nuit", "dinner time please", "lecture à 50 percent"],
    }
    expected = {"fr": ["0", "0", "0", "1", "3", "4"], "en": ["0", "2", "4"]}
    for language, sentences in said.items():
        of = Grammar(language, house(), Skills().found, own)
        matches = [of.match(sentence) for sentence in sentences]
        assert [match and (match.skill, match.intent) for match in matches] == [(OWNER, n) for n in expected[language]]
        assert of.match("dinner time" if language == "fr" else "à table") is None


def test_a_language_takes_only_its_own_sentences() -> None:
    assert means("allume la lampe", "en") is None
    assert means("turn on Lampe", "fr") is None
    assert means("turn on Lampe", "en") == ("HassTurnOn", LAMP)
