"""The search over all sentences at once finds what looking at each of them finds; and it is small and quick to make."""

from __future__ import annotations

import itertools
import random
import statistics
import time
import tracemalloc
from collections.abc import Iterator, Sequence

import pytest
from hassil import parse_sentence

from appliance import nearest
from appliance.grammar import Grammar
from appliance.home import Area, Floor, Home, Thing
from appliance.lattice import Builder, Label
from appliance.nearest import HOPELESS, LONGEST_PHONEMES, Block, Candidate, Index, Unit
from appliance.phonemes import Phonemizer, alone, apart
from appliance.sayable import index, sounds
from appliance.skills import Skills
from appliance.understand import DOUBTFUL

SOUNDS = ("p", "b", "t", "k", "s", "z", "l", "ʁ", "m", "n", "j", "a", "e", "ɛ", "i", "u", "ə", "ɑ\u0303", "ɛ\u0303")
TEMPLATES = (
    "wa [wb] {x}", "(wa|wc) {x} [wd {y}]", "wb {y}", "wc wd", "[we] wa {x} {y}", "{x}", "we (wb;{y})",
    "(wa|wb|wc) [wd] we", "wd {x:other} {x}", "[wa] [wb] wc",
)  # fmt: skip


def grammar(chance: random.Random) -> Index:
    """Return an index of one to four random blocks over random words."""

    def word(longest: int) -> tuple[str, ...]:
        return tuple(chance.choice(SOUNDS) for _ in range(chance.randint(1, longest)))

    units: dict[Label, list[Unit]] = {w: [Unit(w, word(5))] for w in ("wa", "wb", "wc", "wd", "we")}
    if chance.random() < 0.3:
        units["we"] = [Unit("we", ())]
    values = {
        name: [Unit(f"{name}{n}", word(8), f"{name}{n // 2}") for n in range(chance.randint(1, 6))] for name in "xy"
    }

    def label(reference: object) -> Label:
        key = (reference.list_name, reference.slot_name)  # type: ignore[attr-defined]
        units[key] = values[key[0]]
        return key

    blocks = []
    for number in range(chance.randint(1, 4)):
        builder = Builder({}, label)
        for template in chance.sample(TEMPLATES, chance.randint(1, 2)):
            builder.add(parse_sentence(template))
        blocks.append(Block(f"b{number}", builder.graph()))
    return Index(blocks, units)


Said = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...]]
"""Words, phonemes and values of a sentence."""


def spoken(found: Index, block: Block) -> Iterator[Said]:
    """Yield every sentence of a block."""
    units = dict(zip(found.labels, found.units, strict=True))
    ways: dict[int, list[tuple[Label, int]]] = {}
    for source, label, target in block.graph.arcs:
        ways.setdefault(source, []).append((label, target))

    def onward(state: int) -> Iterator[tuple[tuple[str, Unit], ...]]:
        if state in block.graph.finals:
            yield ()
        for label, target in ways.get(state, ()):
            for rest in onward(target):
                yield from (((label if isinstance(label, str) else label[1], unit), *rest) for unit in units[label])

    for steps in onward(0):
        phonemes = tuple(itertools.chain.from_iterable(unit.phonemes for _, unit in steps))
        values = tuple((slot, unit.value) for slot, unit in steps if unit.value)
        yield " ".join(unit.text for _, unit in steps), phonemes, values


def distance(said: Sequence[str], heard: Sequence[str]) -> float:
    """Return the plain edit distance."""
    row = [0.0, *itertools.accumulate(map(alone, heard))]
    for one in said:
        above, row = row, [row[0] + alone(one)]
        for column, other in enumerate(heard):
            changed = above[column] + apart(one, other)
            row.append(min(changed, above[column + 1] + alone(one), row[column] + alone(other)))
    return row[-1]


def changed(chance: random.Random, phonemes: Sequence[str]) -> list[str]:
    """Return phonemes of which some were misheard, lost or made up."""
    heard = []
    for phoneme in phonemes:
        kind = chance.random()
        if kind < 0.12:
            heard.append(chance.choice(SOUNDS))
        elif kind < 0.9:
            heard.append(phoneme)
        if kind > 0.95:
            heard += [phoneme, chance.choice(SOUNDS)]
    return heard


@pytest.mark.parametrize("seed", range(150))
def test_it_finds_what_looking_at_every_sentence_finds(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rivals included, where a word may be compared with any stretch, however long."""
    monkeypatch.setattr(nearest, "SLACK_PHONEMES", LONGEST_PHONEMES)
    chance = random.Random(seed)
    found = grammar(chance)
    sentences = {block.name: list(spoken(found, block)) for block in found.blocks}
    assert found.sentences() == sum(map(len, sentences.values()))
    everything = list(itertools.chain.from_iterable(sentences.values()))
    for _ in range(4):
        heard = changed(chance, chance.choice(everything)[1])
        if heard:
            compare(found, sentences, heard)


@pytest.mark.parametrize("seed", range(60))
def test_short_stretches_are_enough_for_all_that_is_near(seed: int) -> None:
    chance = random.Random(seed)
    found = grammar(chance)
    everything = [said for block in found.blocks for said in spoken(found, block)]
    for _ in range(4):
        heard = changed(chance, chance.choice(everything)[1])
        truth = min(distance(said[1], heard) for said in everything)
        if heard and truth <= DOUBTFUL * len(heard):
            best = found.nearest(heard)[0]
            said = [one[1] for one in everything if (one[0], one[2]) == (best.sentence, best.values)]
            assert min(distance(one, heard) for one in said) == pytest.approx(truth, abs=1e-4)


def compare(found: Index, sentences: dict[str, list[Said]], heard: Sequence[str]) -> None:
    costs = {name: [(distance(said[1], heard), said) for said in all_said] for name, all_said in sentences.items()}
    hopeless = HOPELESS * len(heard) + 1
    least = {name: min(cost for cost, _ in block) for name, block in costs.items()}
    near = {name: cost for name, cost in least.items() if cost <= hopeless}
    candidates = found.nearest(heard, count=10)
    best = {c.block: c for c in candidates if c.sentence or not c.values}
    assert set(best) == set(near)
    for name, candidate in best.items():
        agrees(candidate, costs[name], near[name], len(heard))
    assert candidates == sorted(candidates, key=lambda candidate: candidate.distance)
    if best:
        rivals_agree(candidates, costs, near, len(heard))


def agrees(candidate: Candidate, costs: list[tuple[float, Said]], least: float, heard: int) -> None:
    """Its sentence is of the block, is as near as any, and its values are that sentence's."""
    cost, said = next(
        (cost, said) for cost, said in costs if (said[0], said[2]) == (candidate.sentence, candidate.values)
    )
    assert cost == pytest.approx(least, abs=1e-4)
    assert candidate.distance == pytest.approx(least / max(heard, len(said[1]), 1), abs=1e-4)


def rivals_agree(
    candidates: list[Candidate], costs: dict[str, list[tuple[float, Said]]], near: dict[str, float], heard: int
) -> None:
    """What else the best block could mean: as near as the nearest sentences with another value."""
    rivals = [c for c in candidates if not c.sentence and c.values]
    blocks = {rival.block for rival in rivals}
    assert len(blocks) <= 1
    leading = blocks or {min(near, key=lambda name: near[name])}
    block = next(iter(leading))
    assert near[block] == pytest.approx(min(near.values()), abs=1e-4)
    chosen = dict(next(c for c in candidates if c.block == block and c not in rivals).values)
    others: dict[tuple[str, str], float] = {}
    for cost, (_, _, values) in costs[block]:
        for slot, value in values:
            if chosen.get(slot) != value:
                others[slot, value] = min(cost, others.get((slot, value), cost))
    expected = sorted(others.values())[:2]
    if near[block] == pytest.approx(sorted(near.values())[:2][-1], abs=1e-4) and len(near) > 1 and not rivals:
        return  # two blocks are as near, and the other one led
    found = sorted(rival.distance * heard for rival in rivals)
    likely = [cost for cost in expected if cost <= HOPELESS * heard + 1]  # what is farther may be left out
    assert found[: len(likely)] == pytest.approx(likely, abs=1e-4)
    assert all(cost >= least - 1e-4 for cost, least in zip(found, expected, strict=False))


# ---- a real home ----

FRENCH = Phonemizer("fr")
KINDS = {
    "light": ("Lampe", "Plafonnier", "Lampadaire", "Applique", "Guirlande", "Veilleuse"),
    "cover": ("Volet", "Store", "Rideau"), "switch": ("Prise", "Cafetière", "Bouilloire"), "fan": ("Ventilateur",),
    "lock": ("Serrure", "Porte"), "climate": ("Thermostat",), "media_player": ("Télé", "Enceinte"),
    "sensor": ("Capteur",), "binary_sensor": ("Fenêtre",), "scene": ("Ambiance",), "vacuum": ("Aspirateur",),
}  # fmt: skip
ROOMS = [
    *("Salon", "Cuisine", "Bureau", "Chambre", "Garage", "Cave", "Grenier", "Véranda", "Entrée", "Couloir"),
    *(
        "Buanderie",
        "Terrasse",
        "Jardin",
        "Atelier",
        "Bibliothèque",
        "Dressing",
        "Cellier",
        "Mezzanine",
        "Patio",
        "Balcon",
    ),
]
LOOKS = [
    *("bleu", "rouge", "vert", "jaune", "blanc", "noir", "grand", "petit"),
    *("vieux", "neuf", "rond", "carré", "haut", "bas", "gauche", "droit"),
]


def large(things: int, areas: int, floors: int) -> Home:
    """Return a home of many names, each other than the rest."""
    chance = random.Random(3)
    names = [
        (domain, f"{noun} {look} {where}".strip())
        for domain, nouns in KINDS.items()
        for noun, look, where in itertools.product(nouns, LOOKS, ("", *(f"du {room.lower()}" for room in ROOMS[:4])))
    ]
    storeys = ("Rez-de-chaussée", "Premier étage", "Sous-sol")[:floors]
    return Home(
        [Floor(name) for name in storeys],
        [Area(room, chance.choice(storeys)) for room in ROOMS[:areas]],
        [
            Thing(f"t{number}", name, domain, chance.choice(ROOMS[:areas]), "shutter" if domain == "cover" else "")
            for number, (domain, name) in enumerate(chance.sample(names, things))
        ],
    )


@pytest.fixture(scope="module")
def grown() -> tuple[Grammar, Home, Index]:
    home = large(100, 20, 3)
    made = Grammar("fr", home, Skills().found)
    return made, home, index(made, home, FRENCH)


@pytest.mark.parametrize(("things", "areas", "floors"), [(100, 20, 3), (300, 20, 3)])
def test_a_large_home_is_indexed_soon_and_in_little_memory(things: int, areas: int, floors: int) -> None:
    home = large(things, areas, floors)
    made = Grammar("fr", home, Skills().found)
    began = time.process_time()
    found = index(made, home, Phonemizer("fr"))
    seconds = time.process_time() - began
    tracemalloc.start()
    try:
        again = index(made, home, Phonemizer("fr"))
        kept, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert again.arcs == found.arcs
    heard = [sounds(t, "fr", FRENCH) for t in ("allume le plafonnier blanc de la cuisine", "ferme le volet du bas")]
    times = []
    for one in heard * 6:
        began = time.process_time()
        found.nearest(one)
        times.append((time.process_time() - began) * 1000)
    print(f"{things} things: {found.sentences():.2g} sentences, {found.arcs} arcs, indexed in {seconds:.2f} s, "
          f"{kept / 2**20:.1f} MiB kept, {peak / 2**20:.1f} MiB peak, nearest {statistics.median(times):.0f} ms")  # fmt: skip
    assert found.sentences() >= 50_000
    assert seconds <= 5
    assert peak <= 100 * 2**20


def test_fifty_thousand_sentences_are_really_there(grown: tuple[Grammar, Home, Index]) -> None:
    _, _, found = grown
    some: set[str] = set()
    for block in found.blocks:
        some.update(said[0] for said in itertools.islice(spoken(found, block), 2_000))
    assert len(some) >= 50_000


def test_what_is_said_exactly_is_found_at_distance_zero(grown: tuple[Grammar, Home, Index]) -> None:
    _, home, found = grown
    for thing in [thing for thing in home.things.values() if thing.domain == "light"][:25]:
        best = found.nearest(sounds(f"allume {thing.name}", "fr", FRENCH))[0]
        assert (best.distance, best.values) == (0, (("name", thing.name),)), thing.name


def test_the_sentences_of_the_index_are_understood_by_the_grammar(grown: tuple[Grammar, Home, Index]) -> None:
    made, _, found = grown
    chance = random.Random(5)
    units = dict(zip(found.labels, found.units, strict=True))
    understood = []
    for block in chance.sample(found.blocks, 120):
        said = walk(block, units, chance)
        understood.append(made.match(said) is not None)
    assert sum(understood) >= 0.95 * len(understood)


def walk(block: Block, units: dict[Label, list[Unit]], chance: random.Random) -> str:
    """Return one sentence by chance."""
    state, words = 0, []
    while True:
        ways = [(label, target) for source, label, target in block.graph.arcs if source == state]
        if not ways or (state in block.graph.finals and chance.random() < 0.5):
            return " ".join(words).replace("' ", "'")
        label, state = chance.choice(ways)
        words.append(chance.choice(units[label]).text)


def test_nothing_heard_or_too_much_is_near_nothing(grown: tuple[Grammar, Home, Index]) -> None:
    _, _, found = grown
    assert found.nearest([]) == []
    assert found.nearest(["a"] * (LONGEST_PHONEMES + 1)) == []
    assert found.nearest(["☃"] * 30) == []


@pytest.mark.parametrize("heard", [["a"], ["t"], ["☃"], ["s", "t"], ["a"] * LONGEST_PHONEMES])
def test_little_much_and_strange_are_searched_without_harm(
    grown: tuple[Grammar, Home, Index], heard: list[str]
) -> None:
    assert all(candidate.distance >= 0 for candidate in grown[2].nearest(heard))


def test_without_sentences_nothing_is_near() -> None:
    empty = Index([], {})
    assert (empty.sentences(), empty.arcs, empty.nearest(["a", "b"])) == (0, 0, [])
