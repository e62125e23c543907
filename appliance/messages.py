"""Every sentence that a person reads or hears, in French and in English, from one file: messages.toml.

A table a message, a key a language; `{name}` is filled by the caller. A test refuses a message that lacks a language,
has other placeholders in one than in the other, or is used nowhere.

What the box says to a person says tu, and has a second French form, `fr_vous`, where that differs. Which one a box uses is
a property of this process, as its catalogue is: whoever says something cannot forget it.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

LANGUAGES = ("fr", "en")
Address = Literal["tu", "vous"]
_chosen: dict[str, Address] = {"address": "tu"}


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return messages.toml: key -> language -> sentence."""
    return tomllib.loads(files("appliance").joinpath("messages.toml").read_text("utf-8"))


def address_with(address: Address) -> None:
    """Choose how this box addresses people in French, from now on."""
    _chosen["address"] = address


def text(key: str, language: str, /, **values: object) -> str:
    """Return the sentence `key` in `language` (French where that language is unknown), filled with `values`.

    Raises KeyError for an unknown key or a missing value: both are bugs.
    """
    entry = catalogue()[key]
    plain = entry.get(language, entry["fr"])
    return entry.get(f"{language}_{_chosen['address']}", plain).format(**values)
