import random

import pytest

from appliance.sentences import LONGEST_CHARACTERS, Splitter, pieces, split

WHOLE = [
    # One sentence that holds something which looks like an end: it must stay whole.
    "M. Dupont arrive.",
    "MM. Durand et Petit sont là.",
    "Mme. Martin et le Dr. Legrand arrivent.",
    "Il y a des pommes, des poires, etc. dans le panier.",
    "Il mesure 3,5 mètres.",
    "Pi vaut 3.14 environ.",
    "Cela coûte 1.000 euros.",
    "Le train part à 12 h 30 précises.",
    "Un fruit, p. ex. Golden ou Gala.",
    "Prenez le bus n° 5 à midi.",
    "César arrive en 52 av. J.-C. à Alésia.",
    "Allez sur le site wikipedia puis revenez.",
    "Le président J. F. Kennedy parle.",
    "Attends… je cherche.",
    "Attends... je cherche.",
    "Il a dit « Allons-y ! » et il est parti.",
    "« Vraiment ? » demanda-t-il.",
    "Ah ! je comprends.",
    "Mr. Smith lives on St. James Street.",
    "A fruit, e.g. Golden or Gala.",
    "The U.S. Army came.",
    "It costs 1.5 dollars vs. 2 before.",
    "Une ligne qui\ncontinue ici.",
]


@pytest.mark.parametrize("sentence", WHOLE)
def test_a_sentence_stays_whole(sentence):
    # "Oui." first: only the first piece may be a clause.
    assert list(split(["Oui. " + sentence])) == ["Oui.", sentence.replace("\n", " ")]


CUT = [
    ("Bonjour. Ça va ? Oui !", ["Bonjour.", "Ça va ?", "Oui !"]),
    ("C'est Rome. C'est Paris.", ["C'est Rome.", "C'est Paris."]),
    ("Des pommes, etc. Ensuite on mange.", ["Des pommes, etc.", "Ensuite on mange."]),
    ("En 52 av. J.-C. Alésia tombe.", ["En 52 av. J.-C.", "Alésia tombe."]),
    ("Il dit « Bonjour. » Elle sourit.", ["Il dit « Bonjour. »", "Elle sourit."]),
    ('He said "Hello." She smiled.', ['He said "Hello."', "She smiled."]),
    ("C'est le n° 5. Puis le 6.", ["C'est le n° 5.", "Puis le 6."]),
    ("En 1914. Puis en 1939.", ["En 1914.", "Puis en 1939."]),
    ("12. Car 3 fois 4 font 12.", ["12.", "Car 3 fois 4 font 12."]),
    ("42.", ["42."]),
    ("Elle mesure 330 m. Elle est haute.", ["Elle mesure 330 m.", "Elle est haute."]),
    ("Ils sont sept. Ils dorment.", ["Ils sont sept.", "Ils dorment."]),
    ("It opens at 5 p.m. Then it closes.", ["It opens at 5 p.m.", "Then it closes."]),
    ("Titre\n\nTexte.", ["Titre.", "Texte."]),
    ("The tower is here, in Paris. Tall, old.", ["The tower is here,", "in Paris.", "Tall, old."]),
    # The first piece: a clause, once it is long enough.
    ("La tour Eiffel est haute, elle mesure 330 mètres.", ["La tour Eiffel est haute,", "elle mesure 330 mètres."]),
    ("Oui, bien sûr, c'est Paris.", ["Oui, bien sûr, c'est Paris."]),
    ("Il y a deux choses : le pain et le vin.", ["Il y a deux choses :", "le pain et le vin."]),
    ("Paris est une belle ville – la plus belle.", ["Paris est une belle ville", "la plus belle."]),
    ("Ce prix est de 3,5 euros.", ["Ce prix est de 3,5 euros."]),
    ("The tower stands, in Paris.", ["The tower stands, in Paris."]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), CUT)
def test_a_text_is_cut(text, expected):
    assert list(split([text])) == expected


MARKUP = [
    ("Voici :\n1. Prenez du *pain*\n2. Coupez-le\n3. Mangez", ["Voici :", "Prenez du pain.", "Coupez-le.", "Mangez"]),
    ("- Lait\n- Œufs ;\n* Pain\n", ["Lait.", "Œufs ;", "Pain."]),
    ("## Les **faits**\nIl fait beau.", ["Les faits.", "Il fait beau."]),
    ("Avant.\n```python\nprint('x')\n```\nAprès.", ["Avant.", "Après."]),
    ("Tapez `ls` ici.", ["Tapez ls ici."]),
    ("| Pays | Capitale |\n|---|:--|\n| Italie | Rome |\n", ["Pays, Capitale.", "Italie, Rome."]),
    ("Voir [la page](https://a.fr/b?c=d) ici.", ["Voir la page ici."]),
    ("Voir https://fr.wikipedia.org/wiki/Tour_Eiffel. Merci.", ["Voir wikipedia.", "Merci."]),
    ("Voir www.example.com ou non.", ["Voir example ou non."]),
    ("![une image](x.png) Voilà.", ["Voilà."]),
    ("Bravo ! 🎉 Encore ❤️ bravo.", ["Bravo !", "Encore bravo."]),
    ("Paris → Lyon.", ["Paris, Lyon."]),
    ("On a 3 * 4 et \\(2 \\times 3\\).", ["On a 3 × 4 et 2 × 3."]),
    ("\\frac{1}{2} de pomme.", ["1 / 2 de pomme."]),
    ("Il fait -5 degrés.", ["Il fait -5 degrés."]),
    ("Le mot <b>gras</b> &amp; fort[1].", ["Le mot gras & fort."]),
    ("> Une citation\n\n---\n\nFin.", ["Une citation.", "Fin."]),
    ("🎉", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), MARKUP)
def test_markup_never_reaches_the_voice(text, expected):
    assert list(split([text])) == expected


def test_a_long_sentence_is_cut_at_a_comma():
    text = "Il y a " + ", ".join(f"une chose numéro {n}" for n in range(40)) + "."
    got = list(split(["Bon. " + text]))
    assert all(len(piece) <= LONGEST_CHARACTERS for piece in got)
    assert all(piece.endswith((",", ".")) for piece in got)
    assert " ".join(got) == "Bon. " + text


def test_a_text_without_commas_or_spaces_is_bounded():
    words = " ".join(f"mot{n}" for n in range(200))
    assert " ".join(split([words], guarded=False)) == words
    assert all(len(piece) <= LONGEST_CHARACTERS for piece in split([words]))
    assert [len(piece) for piece in split(["x" * 450])] == [200, 200, 50]


def test_the_first_clause_comes_before_the_sentence_is_over():
    splitter = Splitter()
    assert splitter.feed("La tour Eiffel est haute,") == []
    assert splitter.feed(" elle") == ["La tour Eiffel est haute,"]
    assert splitter.feed(" mesure 330 mètres, environ. E") == ["elle mesure 330 mètres, environ."]
    assert splitter.end() == ["E"]


@pytest.mark.parametrize("guarded", [True, False])
def test_pieces_do_not_depend_on_how_the_stream_is_cut(guarded):
    chance = random.Random(5)
    texts = [text for text, _ in CUT + MARKUP] + [" ".join(WHOLE), "\n".join(text for text, _ in MARKUP) * 2]
    for text in texts:
        expected = list(split([text], guarded=guarded))
        for _ in range(25):
            cuts = sorted(chance.randrange(len(text) + 1) for _ in range(chance.randrange(1, len(text) + 2)))
            stream = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
            assert list(split(stream, guarded=guarded)) == expected


async def test_asynchronous_pieces_are_the_same_and_stop_at_a_loop():
    taken = []

    async def thoughts():
        for word in ("Le chat dort sur le tapis. " * 50).split(" "):
            taken.append(word)
            yield word + " "

    assert [piece async for piece in pieces(thoughts())] == ["Le chat dort sur le tapis."]
    assert len(taken) < 20, "the rest of the answer need not be thought"
