"""Every sentence that a person reads or hears, in French and in English, from one file: messages.toml.

A table a message, a key a language; `{name}` is filled by the caller. A test refuses a message that lacks a language,
has other placeholders in one than in the other, or is used nowhere.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

LANGUAGES = ("fr", "en")


@cache
def catalogue() -> dict[str, dict[str, str]]:
    """Return messages.toml: key -> language -> sentence."""
    return tomllib.loads(files("appliance").joinpath("messages.toml").read_text("utf-8"))


def text(key: str, language: str, /, **values: object) -> str:
    """Return the sentence `key` in `language` (French where that language is unknown), filled with `values`.

    Raises KeyError for an unknown key or a missing value: both are bugs.
    """
    entry = catalogue()[key]
    return entry.get(language, entry["fr"]).format(**values)
