"""The graph of a template holds every sentence that hassil makes of it, once, and no other."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from hassil import Intents, RangeSlotList, TextSlotList, parse_sentence
from hassil.expression import Sentence
from hassil.sample import sample_expression
from home_assistant_intents import get_intents

from appliance.lattice import Builder, EndlessError, Graph, Label
from appliance.sayable import SIGNS

VALUES = {"name": ("lampe", "volet du salon"), "area": ("cuisine",), "nobody": ()}
MOST = 800
"""Sentences of a template that is compared."""


def graph_of(*templates: str, rules: Mapping[str, str] | None = None, without: Sequence[str] = ()) -> Graph:
    parsed = {name: parse_sentence(body) for name, body in (rules or {}).items()}
    builder = Builder(parsed, label, without, SIGNS["fr"])
    for template in templates:
        builder.add(parse_sentence(template))
    return builder.graph()


def label(reference: Any) -> Label | None:
    if reference.list_name not in VALUES:
        raise EndlessError
    return (reference.list_name, reference.slot_name) if VALUES[reference.list_name] else None


def sentences(graph: Graph, values: Mapping[Label, Sequence[str]] | None = None) -> list[str]:
    """Return the sentences of all paths; a sentence of two paths stands twice."""
    ways: dict[int, list[tuple[Label, int]]] = {}
    for source, arc, target in graph.arcs:
        ways.setdefault(source, []).append((arc, target))

    def onward(state: int) -> Iterator[str]:
        if state in graph.finals:
            yield ""
        for arc, target in ways.get(state, ()):
            said = (arc,) if isinstance(arc, str) else (values or {}).get(arc) or VALUES[arc[0]]
            for word, rest in itertools.product(said, onward(target)):
                yield f"{word} {rest}".strip()

    return list(onward(0))


def as_words(text: str) -> str:
    """Return a sentence of hassil's as the graph holds it."""
    text = text.lower().replace("’", "'").replace("%", " pour cent ").replace("°", " degrés ")
    return " ".join(re.findall(r"[^\W_]+'?", text))


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("allume la lampe", {"allume la lampe"}),
        ("allume [la] lampe", {"allume lampe", "allume la lampe"}),
        ("[s'il te plaît] stop", {"stop", "s' il te plaît stop"}),
        ("(ouvre|ferme) tout", {"ouvre tout", "ferme tout"}),
        ("store[s]", {"store", "stores"}),
        ("(le|les) store[s] (rouge|vert)[s]", {
            f"{a} {b} {c}" for a in ("le", "les") for b in ("store", "stores")
            for c in ("rouge", "rouges", "vert", "verts")
        }),
        ("[re]mets[-le]", {"mets", "remets", "mets le", "remets le"}),
        ("l'{area}", {"l' cuisine"}),
        ("l’entrée", {"l' entrée"}),
        ("(la |l')(entrée)", {"la entrée", "l' entrée"}),
        ("(rouge;vert)", {"rouge vert", "vert rouge"}),
        ("a (b;[c];d)", {"a " + " ".join(p) for n in (2, 3) for p in itertools.permutations("bcd"[:n] if n == 3 else "bd")}),
        ("à 50%", {"à 50 pour cent"}),
        ("à 20°", {"à 20 degrés"}),
        ("{name}, stop !", {"lampe stop", "volet du salon stop"}),
        ("allume {name:thing} [dans {area}]", {
            f"allume {n}{w}" for n in VALUES["name"] for w in ("", " dans cuisine")
        }),
        ("[a] [b]", {"", "a", "b", "a b"}),
    ],
)  # fmt: skip
def test_the_parts_of_a_template(template: str, expected: set[str]) -> None:
    found = sentences(graph_of(template))
    assert sorted(found) == sorted(expected)


def test_rules_are_followed_and_those_of_misheard_words_left_out() -> None:
    rules = {"le": "(le|la|l')", "on": "(allume|<on_dirty>)", "on_dirty": "alumne", "deep": "<on> <le>"}
    assert sorted(sentences(graph_of("<deep> tout", rules=rules))) == sorted(
        f"{verb} {article} tout" for verb in ("allume", "alumne") for article in ("le", "la", "l'")
    )
    assert "alumne" not in " ".join(sentences(graph_of("<deep> tout", rules=rules, without=("_dirty",))))
    assert graph_of("<on_dirty> tout", rules=rules, without=("_dirty",)) == Graph((), frozenset(), 1)


def test_a_list_without_values_makes_its_branch_unsayable() -> None:
    assert sentences(graph_of("a {nobody}")) == []
    assert sentences(graph_of("a [{nobody}] b")) == ["a b"]
    assert sorted(sentences(graph_of("a ({nobody}|{area})"))) == ["a cuisine"]
    assert graph_of("{nobody}").arcs == ()


@pytest.mark.parametrize("template", ["rappelle moi de {anything}", "a [{anything}]", "(a|b {anything} c)"])
def test_free_text_is_endless_and_leaves_the_others_as_they_were(template: str) -> None:
    builder = Builder({}, label)
    builder.add(parse_sentence("stop"))
    with pytest.raises(EndlessError):
        builder.add(parse_sentence(template))
    builder.add(parse_sentence("arrête"))
    assert sorted(sentences(builder.graph())) == ["arrête", "stop"]


def test_no_template_no_sentence() -> None:
    graph = Builder({}, label).graph()
    assert (graph.arcs, graph.sentences({})) == ((), 0)


def test_templates_share_their_ends_and_their_beginnings() -> None:
    words = [f"{verb} {thing}" for verb in ("ouvre", "ferme", "baisse") for thing in ("tout", "rien", "cela")]
    graph = graph_of(*words)
    assert (graph.states, len(graph.arcs)) == (3, 6)
    assert graph.sentences({}) == 9
    assert graph_of(*words, *reversed(words)) == graph, "the same sentence twice is one"


def test_sentences_are_counted_without_being_made() -> None:
    graph = graph_of("allume {name} [dans {area}]")
    sizes = {("name", "name"): 100, ("area", "area"): 20}
    assert graph.sentences(sizes) == 100 * 21
    assert graph_of("[a] [b] [c] x").sentences({}) == 8


def test_arcs_into_a_state_stand_before_those_out_of_it() -> None:
    graph = graph_of("[a] (b|c [d]) (e;f) {name}", "a {area} f", "c")
    for number, (source, _, target) in enumerate(graph.arcs):
        assert source < target
        assert all(before[0] <= source for before in graph.arcs[: number + 1])


# ---- what Home Assistant's authors wrote ----


def listed(values: Any, language: str) -> list[str]:
    """Return a few values of a list of theirs."""
    if isinstance(values, RangeSlotList):
        return [str(values.start), str(values.start + values.step)]
    texts = (text for value in values.values for text in sample_expression(value.text_in, language=language))
    return list(dict.fromkeys(words for text in texts if (words := as_words(text))))[:2]


def of_the_intents(language: str) -> tuple[dict[str, Sentence], dict[str, list[str]], list[Sentence]]:
    """Return their rules, a few values of each list, and their templates in an order of chance."""
    data = get_intents(language)
    assert data is not None
    intents = Intents.from_dict(data)
    finite = {k: v for k, v in intents.slot_lists.items() if isinstance(v, TextSlotList | RangeSlotList)}
    values = {name: listed(found, language) for name, found in finite.items()}
    values |= {name: [f"{name}un", f"{name}deux d' ici"] for name in ("name", "area", "floor")}
    blocks = [block for intent in intents.intents.values() for block in intent.data]
    templates = [t for block in blocks if not (block.expansion_rules or block.slot_lists) for t in block.sentences]
    random.Random(11).shuffle(templates)
    return dict(intents.expansion_rules), values, templates


def compared(template: Sentence, rules: dict[str, Sentence], values: dict[str, list[str]], language: str) -> bool:
    """Compare a template's graph with hassil's own sentences; False where it is endless or too large."""
    lists: dict[Label, list[str]] = {}

    def labelled(reference: Any) -> Label:
        if reference.list_name not in values:
            raise EndlessError
        lists[reference.list_name, reference.slot_name] = values[reference.list_name]
        return reference.list_name, reference.slot_name

    builder = Builder(rules, labelled, signs=SIGNS["fr"])
    try:
        builder.add(template)
    except EndlessError:
        return False
    graph = builder.graph()
    count = graph.sentences({key: len(said) for key, said in lists.items()})
    if count > MOST:
        return False
    # A value stands apart from letters that are glued to it ("{temperature}k"): between signs that become spaces.
    slots = {name: TextSlotList.from_strings([f"/{v}/" for v in said], name, False) for name, said in values.items()}
    sampled = list(itertools.islice(sample_expression(template.expression, slots, rules, language), 20 * MOST))
    if len(sampled) == 20 * MOST:
        return False
    made = sentences(graph, lists)
    assert set(made) == {as_words(text) for text in sampled}, template.text
    assert len(made) == count
    return True


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "nl"])
def test_paths_are_the_sentences_of_home_assistants_templates(language: str) -> None:
    rules, values, templates = of_the_intents(language)
    assert sum(compared(template, rules, values, language) for template in templates[:150]) >= 20
