from __future__ import annotations

import json

import pytest

from appliance import tools
from appliance.home import Area, Home, Thing
from appliance.tools_said import heard, seconds_in
from tests.tool_sentences import (
    COMMANDS,
    ENGLISH_COMMANDS,
    ENGLISH_HOME,
    ENGLISH_NO_COMMANDS,
    HOME,
    LATER_COMMANDS,
    LATER_NO_COMMANDS,
    NO_COMMANDS,
    TALK,
    UNSEEN_COMMANDS,
    UNSEEN_NO_COMMANDS,
)

SKILLS = dict.fromkeys(
    (
        *(
            "HassTurnOn",
            "HassTurnOff",
            "HassLightSet",
            "HassSetPosition",
            "HassFanSetSpeed",
            "HassClimateSetTemperature",
        ),
        *("HassSetVolume", "HassStartTimer", "HassShoppingListAddItem", "HassGetState", "HassClimateGetTemperature"),
        "HassGetWeather",
    ),
    "some",
)


def offered(sentence, language="fr", area="", home=HOME):
    return tools.offer(sentence, home, language, area)


def meaning(sentence, answer, **more):
    match = offered(sentence, **more).match(answer, SKILLS)
    return match and (match.intent, match.slots)


def says(offer, meant):
    intent, slots = meant
    return (offer.item and intent == "HassShoppingListAddItem") or any(
        call.intent == intent and slots.items() <= call.slots.items() for call in offer.calls
    )


EVERY_COMMAND = [*COMMANDS, *UNSEEN_COMMANDS, *LATER_COMMANDS]


def test_what_is_wished_is_among_what_is_offered():
    missed = [sentence for sentence, meant in EVERY_COMMAND if not says(offered(sentence), meant)]
    assert missed == ["Est-ce que j'ai pensé à fermer la porte du garage ?"]


def test_what_is_not_wished_is_hardly_ever_offered():
    asked = [s for s in (*NO_COMMANDS, *UNSEEN_NO_COMMANDS, *LATER_NO_COMMANDS) if tools.offer(s, HOME, "fr")]
    assert len(asked) <= 8
    assert not [c.intent for s in asked for c in offered(s).calls if c.choice["do"] in ("unlock", "open", "set")]


def test_free_talk_does_not_ask_the_model():
    assert not [sentence for sentence in TALK if tools.offer(sentence, HOME, "fr")]


def test_an_empty_home_offers_none_of_its_things():
    calls = [call.intent for sentence, _ in EVERY_COMMAND for call in offered(sentence, home=Home()).calls]
    assert set(calls) == {"HassStartTimer"}


@pytest.mark.parametrize(
    ("sentence", "answer", "meant"),
    [
        (
            "Il fait trop sombre au salon.",
            '{"do":"allumer","what":"lumière","where":"Salon"}',
            ("HassTurnOn", {"domain": "light", "area": "Salon"}),
        ),
        ("Il fait trop sombre au salon.", '{"do":"all', ("HassTurnOn", {"domain": "light", "area": "Salon"})),
        ("Il fait trop sombre au salon.", '{"do":"rien"}', None),
        ("Il fait trop sombre au salon.", '{"do":"', None),
        ("Il fait trop sombre au salon.", "", None),
        ("Il fait trop sombre au salon.", '{"do":"éteindre","what":"lumière","where":"Salon"}', None),
        ("Il fait trop sombre au salon.", '{"do":"allumer","what":"lumière","where":"Cave"}', None),
        ("Préviens-moi dans un quart d'heure.", '{"do":"minuteur"}', ("HassStartTimer", {"minutes": 15})),
        ("Préviens-moi dans un quart d'heure.", '{"do":"minuteur","minutes":20}', None),
        (
            "Mets-moi donc le thermostat sur 21.",
            '{"do":"régler","what":"Thermostat","to":21}',
            ("HassClimateSetTemperature", {"name": "Thermostat", "domain": "climate", "temperature": 21}),
        ),
        ("Mets-moi donc le thermostat sur 21.", '{"do":"régler","what":"Thermostat","to":25}', None),
        ("On n'a plus d'huile d'olive.", '{"do":"liste de courses","item":"huile d\'olive"}',
         ("HassShoppingListAddItem", {"item": "huile d'olive"})),
        ("On n'a plus d'huile d'olive.", '{"do":"liste de courses","item":"beurre"}', None),
        ("On n'a plus d'huile d'olive.", '{"do":"liste de courses","item":"…"}', None),
        ("On n'a plus d'huile d'olive.", '{"do":"liste de courses","item":"hui', None),
        ("On n'a plus d'huile d'olive.", '{"do":"liste de courses","item":["huile"]}', None),
        ("Raconte-moi une blague.", '{"do":"allumer","what":"lumière"}', None),
        ("Raconte-moi une blague.", "[1]", None),
    ],
)  # fmt: skip
def test_only_what_was_said_and_exists_is_done(sentence, answer, meant):
    assert meaning(sentence, answer) == meant


def test_an_intent_that_no_skill_handles_means_nothing():
    assert offered("Éteins donc cette télé.").match('{"do":"é', {}) is None


@pytest.mark.parametrize(
    ("sentence", "area", "places"),
    [
        ("Il fait trop sombre.", "", []),
        ("Il fait trop sombre.", "Chambre", ["Chambre"]),
        ("Il fait trop sombre au bureau.", "Chambre", ["Bureau"]),
        ("J'aimerais que toutes les lumières soient éteintes.", "Chambre", [None]),
        ("Dans le noir, tous les chats sont gris.", "Chambre", []),
    ],
)
def test_without_a_place_it_is_here_or_not_at_all(sentence, area, places):
    assert [call.slots.get("area") for call in offered(sentence, area=area).calls] == places


def test_a_name_of_another_room_is_not_meant():
    assert not offered("Monte donc le volet de la cuisine.")
    assert [call.slots["area"] for call in offered("Monte donc le volet du bureau.").calls] == ["Bureau"]


def test_a_shared_name_needs_its_room():
    home = Home(
        areas=[Area("Salon"), Area("Cuisine")],
        things=[Thing("a", "Suspension", "light", "Salon"), Thing("b", "Suspension", "light", "Cuisine")],
    )
    both = offered("Éteins donc la suspension.", home=home)
    assert [call.slots["area"] for call in both.calls] == ["Salon", "Cuisine"]
    assert both.match('{"do":"éteindre","what":"Suspension"', SKILLS) is None, "which one, it does not say"
    match = both.match('{"do":"éteindre","what":"Suspension","where":"Cu', SKILLS)
    assert match and match.slots["area"] == "Cuisine"


@pytest.mark.parametrize(
    ("sentence", "way"),
    [
        ("It's too dark in the living room.", "turn_on"),
        ("Would you mind turning the floor lamp off?", "turn_off"),
        ("Could you switch the floor lamp off?", "turn_off"),
        ("Let me know in twenty minutes.", "timer"),
        ("Is the front door locked?", "state"),
        ("Don't turn on the floor lamp.", ""),
        ("He always turns on the floor lamp.", ""),
        ("Why do people open the front door?", ""),
        ("Tomorrow, turn on the floor lamp.", ""),
    ],
)
def test_english(sentence, way):
    home = Home(
        areas=[Area("Living room")],
        things=[Thing("light.a", "Floor lamp", "light", "Living room"), Thing("lock.a", "Front door", "lock")],
    )
    assert {call.choice["do"] for call in offered(sentence, "en", home=home).calls} == ({way} if way else set())


def test_english_sentences():
    commands = [s for s, meant in ENGLISH_COMMANDS if not says(offered(s, "en", home=ENGLISH_HOME), meant)]
    others = [s for s in ENGLISH_NO_COMMANDS if tools.offer(s, ENGLISH_HOME, "en")]
    assert (commands, others) == ([], ["We are out of time."])


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("dans un quart d'heure", 900), ("dans trois quarts d'heure", 2700), ("dans une demi-heure", 1800),
        ("dans une heure et demie", 5400), ("dans deux heures et quart", 8100), ("dans 1 heure 20 minutes", 4800),
        ("dans 90 secondes", 90), ("dans dix minutes ou alors dans vingt minutes", 0), ("à huit heures", 0),
        ("pendant dix minutes", 0), ("il y a dix minutes", 0), ("dans quarante heures", 0), ("bientôt", 0),
    ],
)  # fmt: skip
def test_lengths_of_time(said, seconds):
    assert seconds_in(heard(said, "fr"), "fr") == seconds


def test_one_word_is_enough_where_it_tells_the_choices_apart():
    assert offered("Il fait trop sombre au salon.").tokens() == 1
    assert offered("On n'a plus de beurre.").tokens() == tools.MAX_TOKENS


def test_the_question_begins_alike_whatever_is_asked():
    opening = tools.opening("fr")[:-1]
    question = offered("Il fait trop sombre au salon.").messages()
    assert question[: len(opening)] == opening
    assert question[-1].text == tools.BEGUN


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_examples_are_in_the_words_of_the_choices(language):
    for message in tools.opening(language)[1:-1]:
        for line in message.text.splitlines()[message.role == "user" :]:
            assert json.loads(line)["do"] in {words[language] for words in tools.WAYS.values()}


def test_a_schema_is_json_and_offers_nothing_first():
    schema = json.loads(offered("Éteins donc cette télé.").schema())
    assert schema["oneOf"][0]["properties"]["do"] == {"const": "rien"}


@pytest.mark.parametrize(
    ("sentence", "concerned"),
    [
        ("Il fait combien de degrés dans le salon là maintenant ?", True),
        ("Est-ce que la porte est fermée ?", True),
        ("Est-ce que les volets sont fermés ?", True),
        ("La télé est encore allumée ?", True),
        ("La fenêtre de la cave est ouverte ?", True),
        ("Pourquoi ferme-t-on les volets en été ?", False),
        ("Quelle température fait-il sur Vénus ?", False),
        ("Éteins la télé.", False),
    ],
)
def test_questions_that_no_model_can_answer(sentence, concerned):
    assert tools.concerns_home(sentence, HOME, "fr") is concerned
