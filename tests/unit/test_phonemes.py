"""How words sound, read by the real espeak-ng, and what is near what."""

from __future__ import annotations

import itertools
import random
import threading
import unicodedata

import pytest

from appliance.errors import EngineError
from appliance.phonemes import LEFT_OUT, Phonemizer, alone, apart, split
from appliance.sayable import sounds

FRENCH, ENGLISH = Phonemizer("fr"), Phonemizer("en")
INVENTORY = [
    *("i", "y", "u", "e", "ø", "o", "ə", "ɛ", "œ", "ɔ", "a", "ɑ", "ɪ", "ʊ", "ɛ\u0303", "ɑ\u0303", "ɔ\u0303", "œ\u0303"),
    *(
        "p",
        "b",
        "t",
        "d",
        "k",
        "ɡ",
        "f",
        "v",
        "s",
        "z",
        "ʃ",
        "ʒ",
        "m",
        "n",
        "ɲ",
        "ŋ",
        "l",
        "ʁ",
        "ɹ",
        "j",
        "w",
        "ɥ",
        "h",
    ),
    *("θ", "ð", "x", "☃", "ǃ"),
]


@pytest.mark.parametrize(
    ("ipa", "phonemes"),
    [
        ("", ()),
        ("bɔ̃ʒˈuʁ", ("b", "ɔ̃", "ʒ", "u", "ʁ")),
        ("vˈɑ̃", ("v", "ɑ̃")),
        ("v\u0251\u0303", ("v", "ɑ̃")),
        ("ˈiː ˌuː", ("i", "u")),
        ("(en)lˈaɪt(fr)", ("l", "a", "ɪ", "t")),
        ("(en)(fr)", ()),
        ("t͡ʃ", ("t", "ʃ")),
        ("t\u200dʃ", ("t", "ʃ")),
        ("pʰatʲ", ("p", "a", "t")),
        ("ɪç", ("ɪ", "ç")),
        ("l‖m|n", ("l", "m", "n")),
        ("\u0303a", ("a",)),
        ("a\u0329", ("a",)),
    ],
)
def test_ipa_is_split_into_phonemes(ipa: str, phonemes: tuple[str, ...]) -> None:
    assert split(ipa) == tuple(p if p == "ç" else unicodedata.normalize("NFD", p) for p in phonemes)


def test_what_is_equal_costs_nothing_and_all_else_something() -> None:
    for one, other in itertools.product(INVENTORY, repeat=2):
        assert (apart(one, other) == 0) == (one == other), (one, other)
        assert 0 <= apart(one, other) <= 1.1
    assert apart("ʁ", "ʀ") == apart("r", "ɾ") == apart("g", "ɡ") == 0, "no language here tells them apart"
    assert sum(map(apart, ENGLISH.phonemes("light"), ENGLISH.phonemes("right"))) > 0.2


def test_either_may_be_heard_for_the_other_at_the_same_cost() -> None:
    for one, other in itertools.combinations(INVENTORY, 2):
        assert apart(one, other) == apart(other, one), (one, other)


def test_to_hear_another_is_never_dearer_than_to_lose_one_and_add_one() -> None:
    strong = [p for p in INVENTORY if alone(p) == LEFT_OUT]
    assert len(strong) > 25
    for one, other in itertools.product(strong, repeat=2):
        assert apart(one, other) < alone(one) + alone(other)


@pytest.mark.parametrize(
    ("one", "near", "far"),
    [
        ("p", "b", "s"), ("t", "d", "ʃ"), ("k", "ɡ", "v"), ("f", "v", "k"), ("s", "z", "m"), ("ʃ", "s", "b"),
        ("m", "n", "s"), ("ʁ", "l", "t"), ("l", "j", "p"), ("n", "ɲ", "k"),
        ("e", "ɛ", "u"), ("i", "e", "a"), ("o", "ɔ", "i"), ("u", "y", "a"), ("ø", "œ", "i"), ("ə", "ø", "i"),
        ("ɑ̃", "ɛ̃", "k"), ("ɑ̃", "ɔ̃", "i"), ("ɛ̃", "ɛ", "u"), ("ɑ̃", "a", "t"),
        ("j", "i", "a"), ("w", "u", "e"), ("ɥ", "y", "s"),
    ],
)  # fmt: skip
def test_what_is_mixed_up_is_near(one: str, near: str, far: str) -> None:
    one, near, far = split(one)[0], split(near)[0], split(far)[0]
    assert apart(one, near) < apart(one, far)


def test_known_pairs() -> None:
    """Figures by which the thresholds of understand.py were calibrated: they move together or not at all."""
    assert apart("p", "b") < apart("p", "s")
    assert apart("e", "ɛ") < apart("i", "a")
    assert apart("ɑ\u0303", "ɛ\u0303") < apart("ɑ\u0303", "k")
    assert apart("a", "k") == 1.1
    assert apart("i", "j") == 0.3


def test_what_is_easily_swallowed_is_cheap_to_lose() -> None:
    assert alone("ə") < alone("l") < alone("t")
    assert alone("h") < alone("s")
    assert alone("☃") == LEFT_OUT


def test_words_that_recognisers_mix_up_share_their_sounds() -> None:
    read = FRENCH.phonemes
    assert read("étant") != read("éteins")
    assert len(read("étant")) == len(read("éteins"))
    assert sum(map(apart, read("étant"), read("éteins"))) < sum(map(apart, read("étant"), read("ouvre")))
    assert read("verre") == read("vert")
    assert read("sale") == read("salle")


@pytest.mark.parametrize(("elided", "sound"), [("l'", "l"), ("d'", "d"), ("qu'", "k"), ("j'", "ʒ"), ("s'", "s")])
def test_an_elided_word_is_its_consonant(elided: str, sound: str) -> None:
    assert sounds(elided, "fr", FRENCH) == (sound,)
    assert sounds(f"{elided}entrée", "fr", FRENCH) == (sound, *FRENCH.phonemes("entrée"))
    assert sounds(f"{elided.replace(chr(39), '’')}ENTRÉE", "fr", FRENCH) == (sound, *FRENCH.phonemes("entrée"))


def test_the_t_between_vowels_is_no_letter() -> None:
    assert sounds("reste-t-il", "fr", FRENCH) == (*FRENCH.phonemes("reste"), "t", *FRENCH.phonemes("il"))


@pytest.mark.parametrize(
    ("written", "said", "language"),
    [
        ("20", "vingt", "fr"), ("80 %", "quatre-vingts pour cent", "fr"), ("21,5", "vingt et un virgule cinq", "fr"),
        ("19.5°", "dix-neuf virgule cinq degrés", "fr"), ("1000", "mille", "fr"),
        ("20", "twenty", "en"), ("50%", "fifty percent", "en"), ("2.5", "two point five", "en"),
    ],
)  # fmt: skip
def test_numbers_sound_as_they_are_said(written: str, said: str, language: str) -> None:
    phonemizer = {"fr": FRENCH, "en": ENGLISH}[language]
    digits, words = (sounds(text, language, phonemizer) for text in (written, said))
    far = sum(alone(p) for p in digits) - sum(alone(p) for p in words)
    assert abs(far) <= 2 * LEFT_OUT, (digits, words)
    assert digits[0] == words[0] and digits[-1] == words[-1]


@pytest.mark.parametrize("text", ["", " ", "...", "☃", "🎉", "___", "'", "- -", "\n", "。", "<b>", "{name}", "\u0303"])
def test_signs_have_no_sound_or_some_but_never_crash(text: str) -> None:
    assert all(isinstance(phoneme, str) and phoneme for phoneme in sounds(text, "fr", FRENCH))


def test_random_text_never_crashes() -> None:
    chance = random.Random(7)
    letters = "abcdefghijklmnopqrstuvwxyzàâçéèêëîïôùûüœæßñłžабв日本語عر0123456789'’-.,!?%°€ \t\u200d\u0301"
    for _ in range(400):
        text = "".join(chance.choice(letters) for _ in range(chance.randrange(1, 20)))
        heard = sounds(text, "fr", FRENCH)
        assert not any(p[0] in "ˈˌː()" or p.isspace() for p in heard), (text, heard)


@pytest.mark.parametrize(
    ("language", "word", "some"),
    [("de", "Küche", "ç"), ("es", "cocina", "θ"), ("it", "cucina", "k"), ("nl", "keuken", "k"), ("pt", "cozinha", "k")],
)
def test_other_languages_work_the_same(language: str, word: str, some: str) -> None:
    read = Phonemizer(language).phonemes
    assert some in read(word)
    assert read(word) != FRENCH.phonemes(word)
    assert all(len(p) <= 2 for p in read(word))


def test_a_language_that_espeak_does_not_have_is_an_engine_error() -> None:
    with pytest.raises(EngineError) as caught:
        Phonemizer("xx-none").phonemes("mot")
    assert (caught.value.code, caught.value.stage) == ("engine-failed", "intent")
    assert FRENCH._phonemes("chat") == ("ʃ", "a"), "the next language is not disturbed"


def test_two_languages_in_two_threads_are_read_as_alone() -> None:
    words = [f"{word}{number}" for word in ("table", "lumière", "garage", "kitchen", "minute") for number in range(60)]
    alone_read = {language: [Phonemizer(language)._phonemes(word) for word in words] for language in ("fr", "en")}
    assert alone_read["fr"] != alone_read["en"]
    together: dict[str, list[tuple[str, ...]]] = {}
    start = threading.Barrier(2)

    def read(language: str) -> None:
        phonemizer = Phonemizer(language)
        start.wait()
        together[language] = [phonemizer._phonemes(word) for word in words]

    threads = [threading.Thread(target=read, args=(language,)) for language in ("fr", "en")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone_read
