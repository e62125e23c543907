"""The sayable sentence that sounds most like what was heard, over all of them at once.

Every block of templates is a graph of words (lattice.py); heard phonemes run through all graphs together, layer by layer, as
in a speech decoder: `cost[state, position]` is the cheapest way to have said a path to `state` while hearing as far as
`position`. First each word is compared with each stretch of what was heard, once, however many sentences contain it; then
an arc is one min-plus product. Ways that are already too far are dropped. The work depends on the words and templates of
the home, not on the number of sentences, of which a home with timers has billions.

The runner-up is what decides whether the best may be believed: the best of every other block, and within the block the
best with another value in one of its lists (forward and backward costs give both exactly).

Costs are in phonemes; a distance is a cost divided by the phonemes of the longer side.
Source: Wagner and Fischer 1974 (edit distance); Mohri 2002 (shortest distance in weighted automata).
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from appliance.lattice import Graph, Label
from appliance.phonemes import alone, apart
from appliance.spelling import spelled

Costs = np.ndarray[Any, np.dtype[np.float32]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
FAR = np.float32(1e6)
LONGEST_PHONEMES = 90
"""Nobody commands at such length; longer is talk."""
HOPELESS = 0.42
"""A path whose cost is above this share of the heard phonemes is dropped."""
SHORT_PHONEMES = 2
"""Names and numbers so short must be heard exactly."""
SLACK_PHONEMES = 4
"""A word of n phonemes is compared with stretches of at most n + SLACK."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, or one value of a list."""

    text: str
    """As it stands in the sentence."""
    phonemes: tuple[str, ...]
    value: str = ""
    """What it means; "" for a word."""


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences with one meaning but for the values of their lists."""

    name: str
    graph: Graph


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sayable sentence and how far it is from what was heard."""

    sentence: str
    distance: float
    block: str
    values: tuple[tuple[str, str], ...]
    """Slot and value of each list in it, in order."""
    worst: float = 0.0
    """How far the least well heard of its words is, as a share of that word."""


class Index:
    """All blocks, ready to be searched."""

    def __init__(self, blocks: Sequence[Block], units: dict[Label, list[Unit]]) -> None:
        self.blocks = blocks
        self.labels = list(dict.fromkeys(label for block in blocks for _, label, _ in block.graph.arcs))
        self.units = [units[label] for label in self.labels]
        # Lists with the same values ("0 to 100") are one class, words that sound the same are compared once.
        sounds = [tuple(unit.phonemes for unit in values) for values in self.units]
        classes = {sound: number for number, sound in enumerate(dict.fromkeys(sounds))}
        spoken = {word: number for number, word in enumerate(dict.fromkeys(w for sound in classes for w in sound))}
        self.class_of = [classes[sound] for sound in sounds]
        self.members = [np.array([spoken[word] for word in sound], int) for sound in classes]
        self.first = np.cumsum([0, *map(len, self.members)])[:-1]
        self.flat = np.concatenate(self.members) if self.members else np.zeros(0, int)
        self.inventory = {p: n for n, p in enumerate(sorted({p for word in spoken for p in word}))}
        self.groups = self._by_length(list(spoken))
        self.words = len(spoken)
        self._lay_out()

    @property
    def arcs(self) -> int:
        """Size of the index."""
        return len(self.source)

    def sentences(self) -> int:
        """Return how many sentences there are."""
        sizes = {label: len(values) for label, values in zip(self.labels, self.units, strict=True)}
        return sum(block.graph.sentences(sizes) for block in self.blocks)

    def nearest(self, heard: Sequence[str], count: int = 3) -> list[Candidate]:
        """Return the nearest sentence and its rivals, of other meanings, nearest first; [] where none is near."""
        if not 0 < len(heard) <= LONGEST_PHONEMES:
            return []
        search = _Search(self, heard)
        search.forward()
        return search.candidates(count)

    def _by_length(self, words: list[tuple[str, ...]]) -> list[tuple[int, Ints, Ints]]:
        """Return words of similar length together: (longest, their numbers, their phonemes padded with -1)."""
        lengths = np.array([len(word) for word in words], int)
        groups = []
        shortest = 0
        for longest in (2, 4, 6, 9, 14, 22, 40, 10**6):
            chosen = np.flatnonzero((lengths >= shortest) & (lengths <= longest))
            shortest = longest + 1
            if len(chosen):
                chosen = chosen[np.argsort(-lengths[chosen], kind="stable")]
                width = int(lengths[chosen].max())
                padded = np.full((len(chosen), max(width, 1)), -1)
                for row, number in enumerate(chosen):
                    padded[row, : lengths[number]] = [self.inventory[p] for p in words[number]]
                groups.append((width, chosen, padded))
        return groups

    def _lay_out(self) -> None:
        """Put all graphs into flat arrays, arcs sorted by the depth of their source and then by target."""
        numbers = {label: number for number, label in enumerate(self.labels)}
        sources, labels, targets, depths, finals, owners = [], [], [], [], [], []
        self.starts: list[int] = []
        offset = 0
        for number, block in enumerate(self.blocks):
            depth = [0] * block.graph.states
            for source, _, target in block.graph.arcs:
                depth[target] = max(depth[target], depth[source] + 1)
            for source, label, target in block.graph.arcs:
                sources.append(source + offset)
                labels.append(numbers[label])
                targets.append(target + offset)
                depths.append(depth[source])
            self.starts.append(offset)
            finals += [offset + final for final in block.graph.finals]
            owners += [number] * len(block.graph.finals)
            offset += block.graph.states
        self.starts.append(offset)
        order = np.lexsort((targets, depths))
        self.source, self.label, self.target = (np.array(a, int)[order] for a in (sources, labels, targets))
        self.arc_class = np.array(self.class_of, int)[self.label]
        edges = np.searchsorted(np.array(depths, int)[order], np.arange(max(depths, default=0) + 2))
        self.layers = [slice(a, b) for a, b in itertools.pairwise(edges)]
        self.finals, self.final_blocks = np.array(finals, int), np.array(owners, int)


@dataclass(frozen=True, slots=True)
class Step:
    """A word on a path."""

    label: int
    unit: Unit
    cost: float
    spellings: tuple[str, ...]
    """How it is written, in each way that sounds and means the same."""


def _apart(step: Step) -> float:
    """Return how far a word is from what was heard in its place, as a share of it.

    Little words may be swallowed. A name or a number may not: one of two phonemes is in everything that is said.
    """
    size = len(step.unit.phonemes)
    if not step.unit.value:
        return step.cost / (size + 1) if size > 1 else 0.0
    if size <= SHORT_PHONEMES and step.cost:
        return 1.0
    return step.cost / (size + 1 if size > SHORT_PHONEMES + 1 else size)


class _Search:
    """One search: what was heard against the whole index."""

    def __init__(self, index: Index, heard: Sequence[str]) -> None:
        self.index, self.heard = index, heard
        size = len(heard)
        too_many = np.array([alone(p) for p in heard], np.float32)
        self.before = np.concatenate(([np.float32(0)], np.cumsum(too_many, dtype=np.float32)))
        """Cost of having heard all phonemes before a position for nothing."""
        self.extra = self.before[None, :] - self.before[:, None]
        self.extra[np.tril_indices(size + 1, -1)] = FAR
        self.words = self._compare()
        self.classes = np.minimum.reduceat(self.words[index.flat], index.first, axis=0)
        self.cost: Costs = np.full((index.starts[-1], size + 1), FAR, np.float32)
        self.cost[index.starts[:-1]] = self.before

    def _compare(self) -> Costs:
        """Return the cost of each unit for each stretch heard[s:e], shape (units, n + 1, n + 1)."""
        size = len(self.heard)
        inventory = self.index.inventory
        table = np.array([[apart(p, h) for h in self.heard] for p in inventory], np.float32).reshape(-1, size)
        missing = np.array([alone(p) for p in inventory], np.float32)
        found = np.full((self.index.words, size + 1, size + 1), FAR, np.float32)
        starts = np.arange(size + 1)
        for longest, units, phonemes in self.index.groups:
            # row[offset, unit, start]: the first phonemes of the unit against heard[start : start + offset].
            width = min(size, longest + SLACK_PHONEMES) + 1
            ends = starts[None, :] + np.arange(width)[:, None]
            heard = np.minimum(ends[1:] - 1, size - 1)
            more = np.where(ends[1:] <= size, np.diff(self.before)[heard], FAR)[:, None, :].astype(np.float32)
            spare = np.concatenate((np.zeros((1, 1, size + 1)), np.cumsum(more, axis=0))).astype(np.float32)
            row = np.broadcast_to(spare, (width, len(units), size + 1)).copy()
            for step in range(longest):
                count = int((phonemes[:, step] >= 0).sum())  # the longest come first
                now, before = phonemes[:count, step], row[:, :count]
                new = before + missing[now][None, :, None]
                np.minimum(new[1:], before[:-1] + table[now[None, :, None], heard[:, None, :]], out=new[1:])
                for offset in range(1, width):
                    np.minimum(new[offset], new[offset - 1] + more[offset - 1], out=new[offset])
                row[:, :count] = new
            for offset in range(width):
                inside = starts[: size + 1 - offset]
                found[units[:, None], inside, inside + offset] = row[offset, :, : len(inside)]
        return found

    def forward(self) -> None:
        """Fill `cost`."""
        index, cutoff = self.index, HOPELESS * len(self.heard) + 1
        from_start = [np.ascontiguousarray(self.classes[:, start, start:]) for start in range(len(self.before))]
        at_start = (self.before[None, :, None] + self.classes).min(axis=1)
        for depth, layer in enumerate(index.layers):
            sources, labels, targets = index.source[layer], index.arc_class[layer], index.target[layer]
            if depth == 0:
                reached = at_start[labels]
            else:
                alive = self.cost[sources].min(axis=1) <= cutoff
                sources, labels, targets = sources[alive], labels[alive], targets[alive]
                if not len(sources):
                    continue
                costs = self.cost[sources]
                reached = np.full(costs.shape, FAR, np.float32)
                for start, classes in enumerate(from_start):
                    np.minimum(reached[:, start:], costs[:, start, None] + classes[labels], out=reached[:, start:])
            edges = np.flatnonzero(np.diff(targets, prepend=-1))
            best, states = np.minimum.reduceat(reached, edges, axis=0), targets[edges]
            best = np.minimum.accumulate(best - self.before, axis=1) + self.before
            self.cost[states] = np.minimum(self.cost[states], best)

    def candidates(self, count: int) -> list[Candidate]:
        """Return the best sentence of the best blocks, and what else the best block could mean."""
        index = self.index
        ends = self.cost[index.finals, -1]
        best: dict[int, int] = {}
        for final in np.argsort(ends, kind="stable"):
            if ends[final] > HOPELESS * len(self.heard) + 1 or len(best) >= count:
                break
            best.setdefault(int(index.final_blocks[final]), int(index.finals[final]))
        found = [self._path(block, final) for block, final in best.items()]
        if found:
            found += self._otherwise(next(iter(best)), found[0])
        found.sort(key=lambda candidate: candidate.distance)
        return found[: count + 1]

    def _candidate(self, block: int, cost: float, steps: Sequence[Step]) -> Candidate:
        said = sum(len(step.unit.phonemes) for step in steps)
        sentence = " ".join(spelled([step.spellings for step in steps])).replace("' ", "'")
        values = tuple((self._slot(step.label), step.unit.value) for step in steps if step.unit.value)
        worst = max(map(_apart, steps), default=0.0)
        distance = cost / max(len(self.heard), said, 1)
        return Candidate(sentence, distance, self.index.blocks[block].name, values, worst)

    def _slot(self, label: int) -> str:
        found = self.index.labels[label]
        return found if isinstance(found, str) else found[1]

    def _path(self, block: int, final: int) -> Candidate:
        size = len(self.heard)
        return self._candidate(block, float(self.cost[final, size]), self._back(block, final, size))

    def _back(self, block: int, state: int, end: int) -> list[Step]:
        """Return the cheapest path to (state, end)."""
        steps: list[Step] = []
        arcs, start = self._arcs_of(block), self.index.starts[block]
        while state != start:
            into = arcs[self.index.target[arcs] == state]
            sources, kinds = self.index.source[into], self.index.arc_class[into]
            costs = self.cost[sources][:, :, None] + self.classes[kinds] + self.extra[:, end]
            which, s, e = np.unravel_index(int(costs.argmin()), costs.shape)
            label = int(self.index.label[into[which]])
            unit, cost = self._unit(label, int(s), int(e))
            alike = into[(sources == sources[which]) & (kinds == kinds[which])]
            texts = [
                other.text
                for arc in alike
                for other in self.index.units[int(self.index.label[arc])]
                if other.phonemes == unit.phonemes and other.value == unit.value
            ]
            steps.append(Step(label, unit, cost, tuple(texts)))
            state, end = int(sources[which]), int(s)
        return steps[::-1]

    def _unit(self, label: int, start: int, end: int) -> tuple[Unit, float]:
        """Return the unit of a list that is nearest to heard[start:end], and its cost."""
        costs = self.words[self.index.members[self.index.class_of[label]], start, end]
        nearest = int(costs.argmin())
        return self.index.units[label][nearest], float(costs[nearest])

    def _arcs_of(self, block: int) -> np.ndarray[Any, Any]:
        low, high = self.index.starts[block], self.index.starts[block + 1]
        return np.flatnonzero((self.index.source >= low) & (self.index.source < high))

    def _otherwise(self, block: int, best: Candidate) -> list[Candidate]:
        """Return the best sentences of the block in which one slot has another value."""
        index, arcs = self.index, self._arcs_of(block)
        low, high = index.starts[block], index.starts[block + 1]
        to_end: Costs = np.full((high - low, len(self.heard) + 1), FAR, np.float32)
        finals = index.finals[index.final_blocks == block] - low
        to_end[finals] = self.extra[:, -1]
        for arc in arcs[::-1]:  # arcs out of a state come after those into it
            source, label, target = index.source[arc] - low, index.arc_class[arc], index.target[arc] - low
            way = (self.classes[label] + to_end[target][None, :]).min(axis=1)
            way = np.minimum.accumulate((way + self.before)[::-1])[::-1] - self.before
            np.minimum(to_end[source], way, out=to_end[source])
        chosen = dict(best.values)
        rivals: dict[tuple[str, str], tuple[float, int]] = {}
        for arc in arcs:
            label = int(index.label[arc])
            if not index.units[label][0].value:
                continue
            around = self.cost[index.source[arc]][:, None] + to_end[index.target[arc] - low][None, :]
            costs = (self.words[index.members[index.arc_class[arc]]] + around).min(axis=(1, 2))
            for unit, cost in zip(index.units[label], costs, strict=True):
                key = (self._slot(label), unit.value)
                if chosen.get(key[0]) != unit.value and cost < rivals.get(key, (FAR, 0))[0]:
                    rivals[key] = (float(cost), len(unit.phonemes))
        nearest = sorted(rivals.items(), key=lambda rival: rival[1][0])[:2]
        size = max(len(self.heard), 1)
        name = index.blocks[block].name
        return [
            Candidate("", cost / size, name, tuple((chosen | {slot: value}).items()))
            for (slot, value), (cost, _) in nearest
            if cost < FAR
        ]
