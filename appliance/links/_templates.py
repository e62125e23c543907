"""Templates of discovery payloads: text with {{ expressions }}, {% if %} and {% set %}; see _expressions.py for why not Jinja2.

{{ value_json.temperature | round(1) }}      { "position": {{ position }} }
{% if value_json.moving == 'UP' %}opening{% else %}stopped{% endif %}
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from appliance.errors import InputError
from appliance.links._expressions import DEPTH_LIMIT, Node, Parser, refused
from appliance.links._filters import TEXT_LIMIT, UNDEFINED, TemplateError, said

LENGTH_LIMIT, PARTS_LIMIT = 2000, 100

_PART = re.compile(r"\{\{-?(.*?)-?\}\}(?!\})|\{%-?\s*(.*?)\s*-?%\}", re.DOTALL)
_SET = re.compile(r"set\s+([A-Za-z_]\w*)\s*=\s*(.+)", re.DOTALL)
Write = Callable[[dict[str, Any], list[str]], None]


class Template:
    """A template that was read, and can be filled."""

    def __init__(self, source: str) -> None:
        """Read it. Raises InputError (discovery-template) for what is not understood."""
        if len(source) > LENGTH_LIMIT:
            raise refused(source)
        self._source = source
        self._parts = self._split()
        self._at = 0
        self._write = self._block(0, ())
        if self._at < len(self._parts):
            raise refused(source)

    def _split(self) -> list[tuple[str, str]]:
        parts, at = [], 0
        for found in _PART.finditer(self._source):
            parts.append(("text", self._source[at : found.start()]))
            shown, statement = found.groups()
            parts.append(("show", shown) if shown is not None else ("do", statement))
            at = found.end()
        parts.append(("text", self._source[at:]))
        if len(parts) > PARTS_LIMIT or any(mark in t for k, t in parts if k == "text" for mark in ("{{", "{%", "{#")):
            raise refused(self._source)
        return [part for part in parts if part != ("text", "")]

    def _expression(self, source: str) -> Node:
        return Parser(source, self._source).whole()

    def _block(self, depth: int, ends: tuple[str, ...]) -> Write:
        """Return what writes the parts up to a statement that begins with one of `ends`, which stays."""
        if depth > DEPTH_LIMIT:
            raise refused(self._source)
        writes: list[Write] = []
        while self._at < len(self._parts):
            kind, source = self._parts[self._at]
            word, _, rest = source.partition(" ") if kind == "do" else ("", "", "")
            if word in ends:
                break
            self._at += 1
            if kind == "text":
                writes.append(_plain(source))
            elif kind == "show":
                writes.append(_shown(self._expression(source)))
            elif found := _SET.fullmatch(source):
                writes.append(_named(found[1], self._expression(found[2])))
            elif word == "if":
                writes.append(self._condition(rest, depth))
            else:
                raise refused(self._source)
        return _sequence(writes)

    def _condition(self, source: str, depth: int) -> Write:
        test = self._expression(source)
        then = self._block(depth + 1, ("elif", "else", "endif"))
        if self._at >= len(self._parts):
            raise refused(self._source)
        word, _, rest = self._parts[self._at][1].partition(" ")
        self._at += 1
        other: Write = _plain("")
        if word == "elif":
            if depth > DEPTH_LIMIT:
                raise refused(self._source)
            other = self._condition(rest, depth + 1)
        elif word == "else":
            other = self._block(depth + 1, ("endif",))
            if self._at >= len(self._parts):
                raise refused(self._source)
            self._at += 1
        return lambda names, written: then(names, written) if test(names) else other(names, written)

    def fill(self, **names: Any) -> str:
        """Return the text. Raises TemplateError where these values do not fit."""
        written: list[str] = []
        try:
            self._write(names, written)
        except (TypeError, ValueError, OverflowError, RecursionError) as error:
            raise TemplateError from error
        if sum(map(len, written)) > TEXT_LIMIT:
            raise TemplateError
        return "".join(written).strip()

    def read(self, payload: str) -> str:
        """Return what the template makes of a payload: `value`, and `value_json` where it is JSON."""
        return self.fill(value=payload, value_json=_json(payload))


def read(template: Template | None, payload: str) -> str:
    """Return a payload as a template reads it; as it is where there is none. Raises TemplateError."""
    return template.read(payload) if template else payload.strip()


def fill(template: Template | None, value: Any, **names: Any) -> str:
    """Return what to send for a value. Raises InputError where a template cannot say it."""
    if template is None:
        return said(value)
    try:
        return template.fill(value=value, **names)
    except TemplateError as error:
        raise InputError("thing-not-sayable", stage="home") from error


def _json(payload: str) -> Any:
    try:
        return json.loads(payload)
    except (ValueError, RecursionError):
        return UNDEFINED


def _sequence(writes: list[Write]) -> Write:
    def write(names: dict[str, Any], written: list[str]) -> None:
        for one in writes:
            one(names, written)

    return write


def _plain(text: str) -> Write:
    return lambda names, written: written.append(text)


def _shown(node: Node) -> Write:
    return lambda names, written: written.append(said(node(names)))


def _named(name: str, node: Node) -> Write:
    return lambda names, written: names.update({name: node(names)})
