"""The filters of templates, by Jinja2's and Home Assistant's names: how many arguments each takes, and what it does.

Each is total: it returns a value that is bounded, or raises TemplateError.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

TEXT_LIMIT = 64 * 1024
"""Characters of any text that comes into being."""
ITEMS_LIMIT = 1000
"""Things in a list or table that a template builds, those within its items included."""
NUMBER_LIMIT = 10**15
DIGITS_LIMIT = 12


class Undefined:
    """What a key gives that the payload lacks."""

    def __str__(self) -> str:
        return ""

    def __bool__(self) -> bool:
        return False


UNDEFINED = Undefined()


class TemplateError(Exception):
    """A value that a template cannot be filled with: this message says nothing."""


def number(value: Any) -> int | float:
    """Return a number that is within bounds. Raises TemplateError."""
    if not isinstance(value, int | float) or not -NUMBER_LIMIT < value < NUMBER_LIMIT:
        raise TemplateError
    return value


def bounded(value: Any) -> Any:
    """Return a value that is no longer than a text may be. Raises TemplateError."""
    if isinstance(value, str) and len(value) > TEXT_LIMIT:
        raise TemplateError
    return value


def weighed(value: Any) -> Any:
    """Return a list or table that a template builds, if it is small when written out. Raises TemplateError.

    Items may be the same list many times, {% set a = [a, a] %}, so that few characters would mean a text without end.
    """
    waiting, items, length = [value], 0, 0
    while waiting:
        one = waiting.pop()
        items += 1
        length += len(one) if isinstance(one, str) else 0
        if isinstance(one, dict):
            waiting += [*one.keys(), *one.values()] if len(one) <= ITEMS_LIMIT else [None] * ITEMS_LIMIT
        elif isinstance(one, list):
            waiting += one[:ITEMS_LIMIT]
        if items + len(waiting) > ITEMS_LIMIT or length > TEXT_LIMIT:
            raise TemplateError
    return value


def said(value: Any) -> str:
    """Return a value as Home Assistant would write it: a list or table is the payload's, or was weighed."""
    if isinstance(value, dict | list):
        return str(bounded(json.dumps(value, ensure_ascii=False)))
    return str(value)


def to_float(value: Any, default: Any = UNDEFINED) -> Any:
    """Return a number with decimals; `default` for what is none."""
    try:
        found = float(value)
    except (TypeError, ValueError, OverflowError):
        found = math.nan
    if math.isfinite(found):
        return number(found)
    if default is UNDEFINED:
        raise TemplateError
    return default


def to_int(value: Any, default: Any = UNDEFINED, base: Any = 10) -> Any:
    """Return a whole number; `default` for what is none. A text may be of another base."""
    if isinstance(value, str) and base in (2, 8, 16):
        try:
            return number(int(value[:60], base))
        except ValueError:
            return to_float(value, default)
    found = to_float(value, default)
    return int(found) if isinstance(found, float) else found


def _round(value: Any, digits: Any = 0, method: Any = "common") -> Any:
    if not isinstance(digits, int) or not 0 <= digits <= DIGITS_LIMIT:
        raise TemplateError
    value = to_float(value)
    if method in ("floor", "ceil"):
        scale = 10**digits
        rounded = (math.floor if method == "floor" else math.ceil)(value * scale) / scale
    else:
        rounded = round(value, digits)
    return int(rounded) if digits == 0 else rounded


def _default(value: Any, default: Any = "", boolean: Any = False) -> Any:
    return default if value is UNDEFINED or (boolean and not value) else value


def _is_defined(value: Any) -> Any:
    if value is UNDEFINED:
        raise TemplateError
    return value


def _length(value: Any) -> int:
    if not isinstance(value, str | list | dict):
        raise TemplateError
    return len(value)


def _ends(index: int) -> Callable[[Any], Any]:
    def act(value: Any) -> Any:
        return value[index] if isinstance(value, str | list) and value else UNDEFINED

    return act


def _replace(value: Any, old: Any, new: Any) -> str:
    text, old, new = said(value), said(old), said(new)
    if not old or len(text) + text.count(old) * len(new) > TEXT_LIMIT:
        raise TemplateError
    return text.replace(old, new)


def _join(value: Any, separator: Any = "") -> str:
    if not isinstance(value, list | str) or len(value) * len(said(separator)) > TEXT_LIMIT:
        raise TemplateError
    return said(separator).join(said(one) for one in value)


def _bool(value: Any, default: Any = UNDEFINED) -> Any:
    text = said(value).strip().lower()
    if text in ("true", "1", "yes", "on", "enable"):
        return True
    if text in ("false", "0", "no", "off", "disable"):
        return False
    if default is UNDEFINED:
        raise TemplateError
    return default


FILTERS: dict[str, tuple[int, int, Callable[..., Any]]] = {
    "float": (0, 1, to_float),
    "int": (0, 2, to_int),
    "round": (0, 2, _round),
    "default": (0, 2, _default),
    "d": (0, 2, _default),
    "upper": (0, 0, lambda value: said(value).upper()),
    "lower": (0, 0, lambda value: said(value).lower()),
    "title": (0, 0, lambda value: said(value).title()),
    "capitalize": (0, 0, lambda value: said(value).capitalize()),
    "trim": (0, 0, lambda value: said(value).strip()),
    "string": (0, 0, said),
    "bool": (0, 1, _bool),
    "abs": (0, 0, lambda value: abs(number(value))),
    "length": (0, 0, _length),
    "count": (0, 0, _length),
    "first": (0, 0, _ends(0)),
    "last": (0, 0, _ends(-1)),
    "replace": (2, 2, _replace),
    "join": (0, 1, _join),
    "is_defined": (0, 0, _is_defined),
    "tojson": (0, 0, lambda value: _json(value)),
    "to_json": (0, 0, lambda value: _json(value)),
}


def _json(value: Any) -> str:
    if value is UNDEFINED:
        raise TemplateError
    return json.dumps(value, ensure_ascii=False)
