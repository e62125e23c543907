"""Expressions of the templates that discovery payloads carry: the part of Jinja2 that devices use, and nothing more.

Jinja2 itself is not used on what a stranger sends: even its sandbox runs loops, multiplies strings and formats numbers to
any width, so that forty bytes on the bus would hang the box or take its memory. Here there is no loop, no call but a few
named filters, no attribute but a key of the payload, and every text, list or table that comes into being is bounded, with
all that is in it. So an expression ends within its own length.

    value_json.a['b'][0] | float | round(1)        value == 'ON' and not x        {'low': 1}[value] | default('None')
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from appliance.errors import InputError
from appliance.links._filters import FILTERS, UNDEFINED, TemplateError, Undefined, bounded, number, weighed

Names = Mapping[str, Any]
Node = Callable[[Names], Any]

TOKENS_LIMIT, DEPTH_LIMIT = 400, 25
_TOKEN = re.compile(
    r"""\s*(?:(?P<number>\d+\.\d+|\d+)|(?P<text>'[^'\\]*'|"[^"\\]*")|(?P<name>[A-Za-z_]\w*)"""
    r"""|(?P<sign>==|!=|<=|>=|//|[-+*/%~|.,:()\[\]{}<>]))"""
)
_WORDS = frozenset({"if", "else", "and", "or", "not", "in", "is"})
_CONSTANTS = {"true": True, "True": True, "false": False, "False": False, "none": None, "None": None}


def refused(template: str) -> InputError:
    """Return the reason why a template is not used."""
    return InputError("discovery-template", stage="home", template=template[:80])


class Parser:
    """Reads one expression. Raises InputError (discovery-template) for what is not understood."""

    def __init__(self, source: str, template: str) -> None:
        self._template = template
        self._tokens = self._split(source)
        self._at = self._depth = 0

    def whole(self) -> Node:
        """Return the expression that is the whole source."""
        node = self._choice()
        if self._at < len(self._tokens):
            raise refused(self._template)
        return node

    def _split(self, source: str) -> list[tuple[str, str]]:
        tokens: list[tuple[str, str]] = []
        at, source = 0, source.strip()
        while at < len(source):
            found = _TOKEN.match(source, at)
            if not found or len(tokens) >= TOKENS_LIMIT:
                raise refused(self._template)
            kind = str(found.lastgroup)
            tokens.append(("sign" if found[kind] in _WORDS else kind, found[kind]))
            at = found.end()
        return tokens

    def _next_is(self, *signs: str) -> str:
        """Step over one of the signs, and return it; "" where another thing comes."""
        kind, token = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        if kind == "sign" and token in signs:
            self._at += 1
            return token
        return ""

    def _need(self, sign: str) -> None:
        if not self._next_is(sign):
            raise refused(self._template)

    def _take(self, kind: str) -> str:
        if self._at < len(self._tokens) and self._tokens[self._at][0] == kind:
            self._at += 1
            return self._tokens[self._at - 1][1]
        raise refused(self._template)

    def _choice(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH_LIMIT:
            raise refused(self._template)
        node = self._any()
        while self._next_is("if"):
            test, then = self._any(), node
            other = self._choice() if self._next_is("else") else _constant(UNDEFINED)
            node = _chosen(test, then, other)
        self._depth -= 1
        return node

    def _any(self) -> Node:
        node = self._all()
        while self._next_is("or"):
            node = _either(node, self._all())
        return node

    def _all(self) -> Node:
        node = self._not()
        while self._next_is("and"):
            node = _both(node, self._not())
        return node

    def _not(self) -> Node:
        turned = False
        while self._next_is("not"):
            turned = not turned
        node = self._comparison()
        return (lambda names: not node(names)) if turned else node

    def _comparison(self) -> Node:
        node = self._sum()
        while True:
            if sign := self._next_is("==", "!=", "<", ">", "<=", ">=", "in"):
                node = _compared(sign, node, self._sum())
            elif self._next_is("is"):
                node = self._tested(node)
            elif self._next_is("not"):
                self._need("in")
                node = _negated(_compared("in", node, self._sum()))
            else:
                return node

    def _tested(self, node: Node) -> Node:
        turned = bool(self._next_is("not"))
        kind = self._take("name")
        tests: dict[str, Callable[[Any], bool]] = {
            "defined": lambda value: value is not UNDEFINED,
            "undefined": lambda value: value is UNDEFINED,
            "none": lambda value: value is None,
            "number": lambda value: isinstance(value, int | float),
            "string": lambda value: isinstance(value, str),
        }
        if kind not in tests:
            raise refused(self._template)
        test = tests[kind]
        return lambda names: test(node(names)) != turned

    def _sum(self) -> Node:
        node = self._product()
        while sign := self._next_is("+", "-", "~"):
            node = _calculated(sign, node, self._product())
        return node

    def _product(self) -> Node:
        node = self._signed()
        while sign := self._next_is("*", "/", "//", "%"):
            node = _calculated(sign, node, self._signed())
        return node

    def _signed(self) -> Node:
        turned = False
        while sign := self._next_is("-", "+"):
            turned ^= sign == "-"
        node = self._part()
        while self._next_is("|"):
            node = self._filtered(node, self._take("name"))
        return (lambda names: -number(node(names))) if turned else node

    def _filtered(self, node: Node, name: str) -> Node:
        if name not in FILTERS:
            raise refused(self._template)
        arguments = self._listed(")") if self._next_is("(") else []
        least, most, act = FILTERS[name]
        if not least <= len(arguments) <= most:
            raise refused(self._template)
        return lambda names: bounded(act(node(names), *(argument(names) for argument in arguments)))

    def _listed(self, end: str) -> list[Node]:
        nodes: list[Node] = []
        while not self._next_is(end):
            nodes.append(self._choice())
            if not self._next_is(","):
                self._need(end)
                break
        return nodes

    def _part(self) -> Node:
        node = self._atom()
        while sign := self._next_is(".", "["):
            if sign == "[":
                node = self._indexed(node)
                continue
            name = self._take("name")
            if not self._next_is("("):
                node = _item(node, _constant(name))
            elif name in ("split", "upper", "lower", "strip"):
                arguments = self._listed(")")
                if len(arguments) > (name == "split"):
                    raise refused(self._template)
                node = _method(name, node, arguments)
            else:
                raise refused(self._template)
        return node

    def _indexed(self, node: Node) -> Node:
        start = _constant(None) if self._next_is(":") else self._choice()
        before = self._tokens[self._at - 1] if self._at else ("", "")
        if before != ("sign", ":") and not self._next_is(":"):
            self._need("]")
            return _item(node, start)
        end = _constant(None) if self._next_is("]") else self._choice()
        if self._tokens[self._at - 1] != ("sign", "]"):
            self._need("]")
        return _sliced(node, start, end)

    def _atom(self) -> Node:
        if self._next_is("("):
            node = self._choice()
            self._need(")")
            return node
        if self._next_is("["):
            nodes = self._listed("]")
            return lambda names: weighed([node(names) for node in nodes])
        if self._next_is("{"):
            return self._table()
        kind, token = self._tokens[self._at] if self._at < len(self._tokens) else ("", "")
        self._at += 1
        if kind == "number":
            return _constant(float(token) if "." in token else int(token[:16]))
        if kind == "text":
            return _constant(token[1:-1])
        if kind != "name":
            raise refused(self._template)
        if token in _CONSTANTS:
            return _constant(_CONSTANTS[token])
        if token in ("float", "int") and self._next_is("("):
            return self._called(token)
        return lambda names: names.get(token, UNDEFINED)

    def _called(self, name: str) -> Node:
        """Return float(x, default), which is x | float(default)."""
        arguments = self._listed(")")
        if not 1 <= len(arguments) <= 2:
            raise refused(self._template)
        act = FILTERS[name][2]
        return lambda names: act(*(argument(names) for argument in arguments))

    def _table(self) -> Node:
        pairs: list[tuple[Node, Node]] = []
        while not self._next_is("}"):
            key = self._choice()
            self._need(":")
            pairs.append((key, self._choice()))
            if not self._next_is(","):
                self._need("}")
                break
        return lambda names: weighed({_key(key(names)): node(names) for key, node in pairs})


def _constant(value: Any) -> Node:
    return lambda names: value


def _chosen(test: Node, then: Node, other: Node) -> Node:
    return lambda names: then(names) if test(names) else other(names)


def _either(left: Node, right: Node) -> Node:
    return lambda names: left(names) or right(names)


def _both(left: Node, right: Node) -> Node:
    return lambda names: left(names) and right(names)


def _negated(node: Node) -> Node:
    return lambda names: not node(names)


def _compared(sign: str, left: Node, right: Node) -> Node:
    def compare(names: Names) -> bool:
        a, b = left(names), right(names)
        if sign in ("==", "!="):
            return bool((a == b) == (sign == "=="))
        try:
            if sign == "in":
                return bool(a in b)
            return bool({"<": a < b, ">": a > b, "<=": a <= b, ">=": a >= b}[sign])
        except TypeError as error:
            raise TemplateError from error

    return compare


def _calculated(sign: str, left: Node, right: Node) -> Node:
    def calculate(names: Names) -> Any:
        a, b = left(names), right(names)
        if sign == "~":
            return bounded(f"{a}{b}")
        if sign == "+" and isinstance(a, str) and isinstance(b, str):
            return bounded(a + b)
        a, b = number(a), number(b)
        if sign in ("/", "//", "%") and b == 0:
            raise TemplateError
        if sign == "+":
            return number(a + b)
        if sign == "-":
            return number(a - b)
        if sign == "*":
            return number(a * b)
        return a / b if sign == "/" else a // b if sign == "//" else a % b

    return calculate


def _item(node: Node, key: Node) -> Node:
    def item(names: Names) -> Any:
        table, wanted = node(names), key(names)
        if isinstance(table, dict):
            return table.get(_key(wanted), UNDEFINED)
        if isinstance(table, list | str) and isinstance(wanted, int) and -len(table) <= wanted < len(table):
            return table[wanted]
        return UNDEFINED

    return item


def _sliced(node: Node, start: Node, end: Node) -> Node:
    def piece(names: Names) -> Any:
        row, first, last = node(names), start(names), end(names)
        if not isinstance(row, list | str) or not all(isinstance(n, int | None) for n in (first, last)):
            raise TemplateError
        return row[first:last]

    return piece


def _method(name: str, node: Node, arguments: list[Node]) -> Node:
    def act(names: Names) -> Any:
        value = node(names)
        if not isinstance(value, str):
            raise TemplateError
        if name != "split":
            return {"upper": value.upper, "lower": value.lower, "strip": value.strip}[name]()
        separator = arguments[0](names) if arguments else None
        if separator is not None and (not isinstance(separator, str) or not separator):
            raise TemplateError
        return value.split(separator)

    return act


def _key(value: Any) -> Any:
    if isinstance(value, str | int | float | bool | None | Undefined):
        return value
    raise TemplateError
