"""All sayable sentences as a graph of words, so that tens of millions of them can be searched at once.

A block of sentence templates (hassil) becomes one small acyclic automaton: its arcs are words, or a whole list ("any name of
a light", "0 to 100"), its paths the sentences. Optional parts, alternatives and rules share their ends, so its size
follows the templates and not the sentences. Templates with free text ("rappelle-moi de ...") have no finite set of sentences
and are left out.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

Label = str | tuple[str, ...]
"""A word, or a list: (its key, slot name)."""


class EndlessError(Exception):
    """A template takes free text."""


@dataclass(frozen=True, slots=True)
class Graph:
    """One acyclic automaton. State 0 is its start."""

    arcs: tuple[tuple[int, Label, int], ...]
    """(from, label, to), sorted so that every arc into a state stands before those out of it."""
    finals: frozenset[int]
    states: int

    def sentences(self, sizes: Mapping[Label, int]) -> int:
        """Return how many sentences it holds; `sizes`: of the lists."""
        paths = [1] + [0] * (self.states - 1)
        for source, label, target in self.arcs:
            paths[target] += paths[source] * sizes.get(label, 1)
        return sum(paths[state] for state in self.finals)


Heads = set[tuple[int, str]]
"""Where the building stands: states, each with the letters of an unfinished word."""


class Builder:
    """Turns parsed hassil templates into one graph."""

    def __init__(
        self,
        rules: Mapping[str, Any],
        label: Callable[[Any], Label | None],
        without: Sequence[str] = (),
        signs: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`label` gives a list reference its label, None where it has no value, or raises EndlessError.

        `signs`: how % and ° are said, if they are. Rules whose name ends like one of `without` are taken as unsayable.
        """
        self._rules, self._label, self._without, self._signs = rules, label, without, signs
        self._arcs: dict[int, set[tuple[Label | None, int]]] = defaultdict(set)
        self._finals: set[int] = set()
        self._states = 1

    def add(self, sentence: Any) -> None:
        """Add the sentences of a template. Raises EndlessError, after which the builder is as before but for dead ends."""
        if heads := self._walk(sentence.expression, {(0, "")}):
            ((end, _),) = self._flush(heads)
            self._finals.add(end)

    def graph(self) -> Graph:
        """Return the automaton, made deterministic and small."""
        return _minimal(self._arcs, self._finals)

    def _walk(self, expression: Any, heads: Heads) -> Heads:
        from hassil.expression import Alternative, Group, ListReference, Permutation, RuleReference, TextChunk

        if not heads:
            return heads
        if isinstance(expression, TextChunk):
            return self._text(expression.original_text, heads)
        if isinstance(expression, RuleReference):
            if expression.rule_name.endswith(tuple(self._without) or ("\0",)):
                return set()
            return self._walk(self._rules[expression.rule_name].expression, heads)
        if isinstance(expression, ListReference):
            return self._list(expression, heads)
        if isinstance(expression, Permutation):
            orders = itertools.permutations(expression.items)
            return self._joined(self._sequence(_spaced(order), heads) for order in orders)
        if isinstance(expression, Alternative):
            return self._joined(self._walk(item, heads) for item in expression.items)
        assert isinstance(expression, Group)
        return self._sequence(expression.items, heads)

    def _sequence(self, items: Iterable[Any], heads: Heads) -> Heads:
        for item in items:
            heads = self._walk(item, heads)
        return heads

    def _joined(self, branches: Iterable[Heads]) -> Heads:
        """Return all heads; those between two words as one."""
        heads = set().union(*branches)
        between = {head for head in heads if not head[1]}
        return (heads - between) | self._flush(between) if len(between) > 1 else heads

    def _text(self, text: str, heads: Heads) -> Heads:
        for char in text.lower().replace("’", "'"):
            if char.isalnum():
                heads = {(state, word + char) for state, word in heads}
            elif char == "'":
                heads = self._flush({(state, f"{word}'" if word else "") for state, word in heads})
            elif char in self._signs:
                heads = self._text(f" {self._signs[char]} ", heads)
            elif any(word for _, word in heads):
                heads = self._flush(heads)
        return heads

    def _list(self, reference: Any, heads: Heads) -> Heads:
        label = self._label(reference)
        if label is None:
            return set()
        ((state, _),) = self._flush(heads)
        end = self._new()
        self._arcs[state].add((label, end))
        return {(end, "")}

    def _flush(self, heads: Heads) -> Heads:
        """End the words under way: all heads meet in one new state."""
        if len(heads) == 1 and not next(iter(heads))[1]:
            return heads
        end = self._new()
        for state, word in heads:
            self._arcs[state].add((word or None, end))
        return {(end, "")}

    def _new(self) -> int:
        self._states += 1
        return self._states - 1


def _spaced(items: Sequence[Any]) -> Iterator[Any]:
    from hassil.expression import TextChunk

    for item in items:
        yield item
        yield TextChunk(" ")


Arcs = Mapping[int, set[tuple[Label | None, int]]]


def _minimal(arcs: Arcs, finals: set[int]) -> Graph:
    """Return the deterministic automaton with one state for each set of ways on (hash-consing from the ends)."""

    def closed(states: Iterable[int]) -> frozenset[int]:
        found, todo = set(states), list(states)
        while todo:
            for label, target in arcs.get(todo.pop(), ()):
                if label is None and target not in found:
                    found.add(target)
                    todo.append(target)
        return frozenset(found)

    known: dict[frozenset[int], int] = {}
    signatures: dict[tuple[Any, ...], int] = {}
    out: list[tuple[tuple[Label, int], ...]] = []
    ends: set[int] = set()

    def number(states: frozenset[int]) -> int:
        """Return the number of the state that this set becomes; -1 where no sentence goes through it."""
        if states in known:
            return known[states]
        ways: dict[Label, set[int]] = defaultdict(set)
        for state in states:
            for label, target in arcs.get(state, ()):
                if label is not None:
                    ways[label].add(target)
        on = [(label, number(closed(targets))) for label, targets in ways.items()]
        alive = tuple(sorted(((label, to) for label, to in on if to >= 0), key=lambda way: (str(way[0]), way[1])))
        final = not finals.isdisjoint(states)
        if not alive and not final:
            known[states] = -1
            return -1
        signature = (final, alive)
        if signature not in signatures:
            signatures[signature] = len(out)
            out.append(alive)
            if final:
                ends.add(signatures[signature])
        known[states] = signatures[signature]
        return known[states]

    start = number(closed([0]))
    # States were numbered from the ends backwards, so the start is the last one: turn them round.
    last = len(out) - 1
    if start < 0:
        return Graph((), frozenset(), 1)
    flipped = [(last - source, label, last - to) for source, ways in enumerate(out) for label, to in ways]
    flipped.sort(key=lambda arc: (arc[0], arc[2], str(arc[1])))
    return Graph(tuple(flipped), frozenset(last - end for end in ends), len(out))
