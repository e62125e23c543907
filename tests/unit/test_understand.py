"""What is understood though it was misheard, what is asked, and what is left alone."""

from __future__ import annotations

import pytest

from appliance import phonemes
from appliance.grammar import OwnSentence
from appliance.home import Home, Thing
from appliance.nearest import Candidate
from appliance.skills import Skills
from appliance.understand import APART, DOUBTFUL, DOUBTFUL_APART, NEAR, SURE, WORD, Understanding, judge
from tests.house import house

SKILLS = Skills().found


@pytest.fixture(scope="module")
def french() -> Understanding:
    home = house()
    home.add(Thing("v2", "Verrière", "light", "Bureau"))
    return Understanding("fr", home, SKILLS)


@pytest.fixture(scope="module")
def english() -> Understanding:
    things = [Thing("l1", "Kitchen lamp", "light", "Kitchen"), Thing("k1", "Front door", "lock")]
    return Understanding("en", Home(things=things), SKILLS)


def test_an_exact_sentence_needs_no_repair(french: Understanding) -> None:
    found = french.understand("Allume la cafetière, s'il te plaît.", ["éteins la cafetière"], 0.1)
    assert found.verdict == "exact"
    assert found.match and (found.match.intent, found.match.slots["name"]) == ("HassTurnOn", "Cafetière")
    assert (found.distance, found.runner_up) == (0, "")
    assert found.match == french.exact("allume la cafetière")


def test_a_word_that_does_not_exist_is_repaired(french: Understanding) -> None:
    found = french.understand("Viverrouille la porte d'entrée.")
    assert found.verdict == "near"
    assert found.match == french.exact("déverrouille la porte d'entrée")
    assert found.match and found.match.intent == "HassTurnOff"
    assert 0 < found.distance <= NEAR
    assert found.heard == "Viverrouille la porte d'entrée."


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("étant la lumière", "éteins la lumière"),
        ("suprime le minuteur", "supprime le minuteur"),
        ("alume la cafetiaire", "allume la cafetière"),
        ("allume le premier étage en verre", "allume le premier étage en vert"),
        ("mets un minitaire de dix minutes", "mets un minuteur de dix minutes"),
    ],
)
def test_what_recognisers_write_is_understood(french: Understanding, heard: str, meant: str) -> None:
    found = french.understand(heard)
    assert found.verdict in ("exact", "near"), found
    assert found.match == french.exact(meant) is not None


@pytest.mark.parametrize(
    "heard",
    [
        "Quelle est la capitale du Pérou ?", "Raconte-moi une histoire de pirates.", "Il a plu toute la nuit.",
        "Pourquoi le ciel est-il bleu ?", "Ma sœur travaille à Toulouse.", "", "   ", "🎉", "hmm", "a " * 200,
    ],
)  # fmt: skip
def test_what_is_no_command_is_none(french: Understanding, heard: str) -> None:
    found = french.understand(heard)
    assert (found.verdict, found.match) == ("none", None)


def test_who_asks_what_a_thing_is_does_not_want_one(french: Understanding) -> None:
    found = french.understand("C'est quoi un minuteur ?")
    assert (found.verdict, found.match) == ("none", None)
    assert "minuteur" in found.sentence
    assert found.distance <= NEAR, "it is near, and yet no command"


def test_another_reading_of_the_recogniser_helps(french: Understanding) -> None:
    heard = "ah le monde est à faire"
    assert french.understand(heard).verdict == "none"
    found = french.understand(heard, ["allume la cafetière"])
    assert found.verdict == "near"
    assert found.match == french.exact("allume la cafetière")
    late = french.understand(heard, ["rien du tout ici", "encore moins là bas", "allume la cafetière"])
    assert late.verdict == "none", "only the likeliest readings are looked at"


def test_two_readings_of_two_meanings_are_not_decided_alone(french: Understanding) -> None:
    found = french.understand("ah le monde est à faire", ["allume la cafetière", "éteins la cafetière"])
    assert found.verdict == "near"
    assert found.runner_up_distance > found.distance
    assert found.match == french.exact("allume la cafetière"), "the likelier reading"


def test_a_surer_recogniser_makes_other_sentences_less_likely(french: Understanding) -> None:
    heard = "viverrouille la porte d'entrée"
    low, middle, high = (french.understand(heard, confidence=c).distance for c in (0.3, SURE, 1.0))
    assert low < middle < high
    assert middle == pytest.approx(french.understand(heard).distance)
    assert high == pytest.approx(1.5 * middle, abs=0.002)


@pytest.mark.parametrize(
    ("distance", "rival", "worst", "verdict"),
    [
        (0.0, 0.0, 0.0, "doubtful"),
        (0.0, APART, 0.0, "near"),
        (NEAR, 1.0, 0.0, "near"),
        (NEAR, NEAR + APART, 0.0, "doubtful"),
        (0.1, 0.1 + 2 * APART + 0.001, 0.0, "near"),
        (0.1, 1.0, WORD, "near"),
        (0.1, 1.0, WORD + 0.01, "doubtful"),
        (NEAR + 0.001, 1.0, 0.0, "doubtful"),
        (DOUBTFUL, 1.0, 0.0, "doubtful"),
        (DOUBTFUL, 1.0, WORD + 0.01, "none"),
        (DOUBTFUL, DOUBTFUL + DOUBTFUL_APART - 0.01, 0.0, "none"),
        (DOUBTFUL + 0.001, 1.0, 0.0, "none"),
    ],
)
def test_how_near_is_near(distance: float, rival: float, worst: float, verdict: str) -> None:
    assert judge(Candidate("x", distance, "b", (), worst), rival) == verdict


def test_a_doubtful_sentence_has_its_meaning_so_that_it_can_be_asked() -> None:
    """Two names that sound the same: neither is taken for what was said."""
    things = [Thing("a", "Lampe verre", "light"), Thing("b", "Lampe vert", "light")]
    understanding = Understanding("fr", Home(things=things), SKILLS)
    found = understanding.understand("allume la lampe vair")
    assert found.verdict == "doubtful"
    assert found.match and found.match.intent == "HassTurnOn"
    assert found.sentence and found.runner_up
    assert found.runner_up_distance - found.distance < 0.05


def test_a_new_name_is_understood_and_one_that_left_is_not() -> None:
    home = Home(things=[Thing("l1", "Lampadaire", "light")])
    understanding = Understanding("fr", home, SKILLS)
    assert understanding.understand("allume le robinet").match is None
    first = understanding.index
    understanding.compile()
    assert understanding.index is first, "nothing changed, nothing is compiled"
    home.add(Thing("s1", "Robinet", "switch"))
    assert understanding.understand("allume le robinet").verdict == "exact"
    assert understanding.understand("alume le robine").match == understanding.exact("allume le robinet")
    assert understanding.index is not first
    home.remove("s1")
    assert understanding.understand("allume le robinet").match is None


def test_the_owners_sentences_are_repaired_too() -> None:
    own = [OwnSentence(["bonne nuit la maison"])]
    understanding = Understanding("fr", Home(), SKILLS, own)
    found = understanding.understand("bonne nuit la maisson")
    assert found.match and (found.match.skill, found.match.intent) == ("owner", "0")
    assert understanding.understand("bonne nui la mézon").match == found.match


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("turn on the kitchen lump", "turn on the kitchen lamp"),
        ("unlog the front door", "unlock the front door"),
        ("set a timber for ten minutes", "set a timer for ten minutes"),
    ],
)
def test_english_is_repaired_too(english: Understanding, heard: str, meant: str) -> None:
    found = english.understand(heard)
    assert found.verdict in ("exact", "near"), found
    assert found.match == english.exact(meant) is not None


def test_english_talk_is_no_command(english: Understanding) -> None:
    assert english.understand("Who wrote Pride and Prejudice?").verdict == "none"
    assert english.understand("My brother lives in Chicago.").verdict == "none"


def test_without_the_sounds_of_a_language_only_exact_sentences_are_understood(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(phonemes._VOICES, "fr", "xx-none")
    understanding = Understanding("fr", Home(things=[Thing("l1", "Lampadaire", "light")]), SKILLS)
    assert understanding.understand("allume le lampadaire").verdict == "exact"
    found = understanding.understand("alume le lampadère")
    assert (found.verdict, found.match, found.sentence) == ("none", None, "")
    assert understanding.index is None
    assert "not repaired" in caplog.text
    read = understanding.understand("alume le lampadère", ["allume le lampadaire"])
    assert read.verdict == "near", "an exact reading needs no sounds"
