"""The grammar of a home, laid out for the phonetic index: blocks of sentences, and the sound of every word in them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from appliance.grammar import Grammar
from appliance.home import Home
from appliance.lattice import Builder, EndlessError, Label
from appliance.nearest import Block, Index, Unit
from appliance.phonemes import Phonemizer

MISHEARD = ("_dirty",)
"""home-assistant-intents' rules of misheard words end so; here the sound itself is compared."""
_DECIMAL = {"fr": " virgule ", "en": " point "}
SIGNS = {"fr": {"%": "pour cent", "°": "degrés"}, "en": {"%": "percent", "°": "degrees"}}
_WORD = re.compile(r"[\w.]+'?")


def sounds(text: str, language: str, phonemizer: Phonemizer) -> tuple[str, ...]:
    """Return the phonemes of a text, word by word."""
    text = text.lower().replace("’", "'")
    for sign, word in SIGNS.get(language, {}).items():
        text = text.replace(sign, f" {word} ")
    text = re.sub(r"(?<=\d)[.,](?=\d)", _DECIMAL.get(language, " "), text)
    found: list[str] = []
    for word in _WORD.findall(re.sub(r"\.(?!\d)|_", " ", text)):
        # "l'" and the t of "reste-t-il" alone are read as names of letters: read "l'a" and leave its vowel out.
        cut = word.endswith("'") or (word, language) == ("t", "fr")
        found += phonemizer.phonemes(f"{word}a")[:-1] if cut else phonemizer.phonemes(word)
    return tuple(found)


def index(grammar: Grammar, home: Home, phonemizer: Phonemizer) -> Index:
    """Return the index of everything that can be said in this home. Tenths of a second."""
    layout = _Layout(grammar.language, home, phonemizer)
    for intents in grammar.as_written():
        layout.add(intents)
    return Index(layout.blocks, layout.units)


_ABOUT = {"HassLawnMower": "lawn_mower", "HassVacuum": "vacuum", "HassFan": "fan", "HassClimateSet": "climate"}
"""Intents that are about one kind of thing, whatever their sentences say."""


def _domain_of(intent: str) -> str | None:
    name = intent.partition(".")[2]
    return next((domain for prefix, domain in _ABOUT.items() if name.startswith(prefix)), None)


class _Layout:
    def __init__(self, language: str, home: Home, phonemizer: Phonemizer) -> None:
        self._language, self._phonemizer = language, phonemizer
        self._domains = {thing.domain for thing in home.things.values()}
        self.blocks: list[Block] = []
        self.units: dict[Label, list[Unit]] = {}

    def add(self, intents: Any) -> None:
        """Add every block whose kind of thing is in this home."""
        for name, intent in intents.intents.items():
            for number, data in enumerate(intent.data):
                if self._is_here(data.slots.get("domain")) and self._is_here(_domain_of(name)):
                    self._block(f"{name}#{number}", data, intents)

    def _is_here(self, domain: object) -> bool:
        return not isinstance(domain, str) or not self._domains.isdisjoint(domain.split(","))

    def _block(self, name: str, data: Any, intents: Any) -> None:
        domains = data.requires_context.get("domain") or ()
        domains = (domains,) if isinstance(domains, str) else tuple(domains)
        lists = intents.slot_lists | data.slot_lists

        def label(reference: Any) -> Label | None:
            """Return the label of a list as this block may use it: names of its domains only."""
            kind = reference.list_name
            key = (kind, reference.slot_name, *(domains if kind == "name" else ()))
            if key not in self.units:
                self.units[key] = self._values(lists.get(kind), domains if kind == "name" else ())
            return key if self.units[key] else None

        builder = Builder(
            intents.expansion_rules | data.expansion_rules, label, MISHEARD, SIGNS.get(self._language, {})
        )
        for sentence in data.sentences:
            try:
                builder.add(sentence)
            except EndlessError:
                continue  # its other sentences can be heard all the same
        graph = builder.graph()
        for _, word, _ in graph.arcs:
            if isinstance(word, str) and word not in self.units:
                self.units[word] = [self._unit(word)]
        if graph.arcs:
            self.blocks.append(Block(name, graph))

    def _values(self, values: Any, domains: Sequence[str]) -> list[Unit]:
        """Return the values of a list. Raises EndlessError for free text."""
        from hassil import RangeSlotList, TextSlotList
        from hassil.sample import sample_expression

        if isinstance(values, RangeSlotList):
            return [self._unit(str(number), number) for number in values.get_numbers()]
        if not isinstance(values, TextSlotList):
            raise EndlessError
        return [
            self._unit(said, value.value_out)
            for value in values.values
            if not domains or (value.context or {}).get("domain") in domains
            for text in sample_expression(value.text_in, language=self._language)
            if (said := " ".join(re.sub(r"[^\w'.]", " ", text).split()))
        ]

    def _unit(self, text: str, value: object = "") -> Unit:
        return Unit(text, sounds(text, self._language, self._phonemizer), str(value))
