import pytest

from appliance.guard import SPOKEN_CHARACTERS, Guard, foreign_share
from appliance.sentences import split


def admitted(*sentences):
    guard = Guard()
    return [words for s in sentences if (words := guard.admit(s))], guard.over


def test_a_repeated_sentence_ends_the_answer():
    assert admitted("Paris est une ville.", "Elle est belle et grande.", "Paris est une ville !", "Fin.") == (
        ["Paris est une ville.", "Elle est belle et grande."],
        True,
    )


def test_short_sentences_may_come_back():
    assert admitted("Oui.", "Le pain.", "Oui.", "Le vin.", "Oui.") == (
        ["Oui.", "Le pain.", "Oui.", "Le vin.", "Oui."],
        False,
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Il va et il vient et il vient et il vient et il vient.", "Il va et il vient"),
        ("non " * 30, "non"),
        ("C'est très très très grand.", "C'est très très très grand."),
        ("Ha ha ha ha, la bonne blague.", "Ha ha ha ha, la bonne blague."),
    ],
)
def test_a_loop_within_a_sentence(text, said):
    assert admitted(text)[0] == [said]


def test_a_phrase_that_comes_back_again_and_again_ends_the_answer():
    phrase = "je suis là pour vous aider avec vos questions"
    said, over = admitted(*(f"{word}, {phrase}, {word}." for word in ("Bien", "Bon", "Voilà", "Alors")))
    assert over
    assert len(said) == 3 and not said[2].count("questions")


def test_a_runaway_answer_ends_at_the_end_of_a_sentence():
    text = " ".join(f"La phrase numéro {n} parle d'autre chose." for n in range(200))
    said = " ".join(split([text]))
    assert SPOKEN_CHARACTERS <= len(said) < SPOKEN_CHARACTERS + 60
    assert said.endswith(".") and text.startswith(said)


def test_a_sentence_without_end_is_cut():
    text = "La liste : " + ", ".join(f"élément {n}" for n in range(500))
    assert SPOKEN_CHARACTERS < len(" ".join(split([text]))) < 1.6 * SPOKEN_CHARACTERS


def test_what_a_person_wrote_is_said_whole():
    text = " ".join(["Le chat dort sur le tapis."] * 60)
    assert " ".join(split([text], guarded=False)) == text


def test_another_script_ends_the_answer():
    assert list(split(["C'est simple. 北京是中国的首都。北京很大。Oui."])) == ["C'est simple."]
    assert list(split(["Вот мой ответ."])) == []


def test_a_foreign_word_in_a_sentence_is_left_out():
    assert list(split(["Merci se dit « спасибо » en russe."])) == ["Merci se dit en russe."]
    assert list(split(["Le nombre π vaut 3,14."])) == ["Le nombre π vaut 3,14."]


def test_foreign_share():
    assert foreign_share("Élève à l'œuvre, naïf.") == 0
    assert foreign_share("北京") == 1
    assert foreign_share("123") == 0


@pytest.mark.parametrize(
    "written",
    [
        "Voici :\n- des pommes\n* des **noix**\n\nBon appétit !",
        "1. Cassez les œufs.\n2. Battez-les.",
        "A) Oui\nB) Non",
        "## Réponse\n\n**Paris** est la *capitale*, ***oui***, `vraiment`.",
        "| Pays | Ville |\n|---|---|\n| Italie | Rome |",
        "> Cité\n---\n- [x] fait\n• trois\n\t- quatre",
        "Du code :\n```python\nprint(1)\n```\nVoilà.",
        "<b>gras</b><ul><li>un</li></ul>",
        "Voir [le site](https://a.example/b) ou https://www.insee.fr/fr.",
        "\\[ x = \\frac{1}{2} \\] donc $x$ vaut un demi.",
        '{"do":"allumer","what":"lumière"}',
        'D\'accord. <tool_call>\n{"name": "light_on", "arguments": {"area": "Salon"}}\n</tool_call>',
        'J\'allume. [{"service": "light.turn_on"}]',
        "__gras__ et _italique_ ✅",
    ],
)
def test_no_markup_and_no_data_reaches_the_voice(written):
    """Whatever small pieces it comes in."""
    spoken = list(split(written))
    assert not [piece for piece in spoken if set(piece) & set("*#|`_<>{}[]$\\\n•✅") or piece.startswith(("-", ">"))]
    assert not [piece for piece in spoken if "//" in piece or "tool" in piece or "service" in piece]


def test_brackets_and_prices_are_no_data():
    for sentence in ("Il a dit [sic] que oui.", "Cela coûte 5 $ ou 10 $.", "Prends {les clés}."):
        assert list(split([sentence])) == [sentence]
