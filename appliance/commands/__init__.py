"""Commands of the command line: one file each, `app` or one function, put together in `__main__`.

The person's language is `--lang` (anywhere on the line), else GRILLON_LANG, else French; `--lang` also is the language
that the box speaks in this run. Errors are ApplianceErrors: `__main__` prints one line and chooses the exit status.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from rich.console import Console

from appliance import config
from appliance.app import Box, open_box
from appliance.choice import Clock, system_clock
from appliance.config import Config
from appliance.errors import InputError
from appliance.messages import LANGUAGES, text

OK, FAILED, BAD_INPUT, NOT_UNDERSTOOD = 0, 1, 2, 3
"""Exit statuses."""

out = Console(highlight=False, soft_wrap=True)
"""What was asked for."""
err = Console(stderr=True, highlight=False, soft_wrap=True)
"""Progress and trouble."""


def language() -> str:
    """Return the person's language: "fr" or "en"."""
    wanted = os.environ.get("GRILLON_LANG", "fr")[:2].lower()
    return wanted if wanted in LANGUAGES else "fr"


def say(key: str, **values: object) -> str:
    """Return a sentence of the catalogue in the person's language."""
    return text(key, language(), **values)


def settings() -> Config:
    """Return the configuration; the language of this run wins where it was given."""
    loaded = config.load()
    return loaded.model_copy(update={"language": language()}) if os.environ.get("GRILLON_LANG") else loaded


def placed(loaded: Config, place: str) -> Config:
    """Return the configuration with the place of this run."""
    return loaded.model_copy(update={"place": place}) if place else loaded


def clock_at(moment: str, loaded: Config) -> Clock:
    """Return a clock that stands at `moment` (ISO 8601), or the box's own for an empty one. Raises InputError."""
    if not moment:
        return system_clock(loaded)
    try:
        at = datetime.fromisoformat(moment)
    except ValueError as error:
        raise InputError("moment-invalid", moment=moment) from error
    if at.tzinfo is None and loaded.timezone:
        at = at.replace(tzinfo=ZoneInfo(loaded.timezone))
    return lambda: at


def option(key: str, *names: str, metavar: str | None = None) -> typer.models.OptionInfo:
    """Return a typer option whose help is in the person's language."""
    made: typer.models.OptionInfo = typer.Option(*names, help=say(f"help-{key}"), metavar=metavar)
    return made


At = Annotated[str, option("at", "--at", metavar="2026-11-24T09:00")]
Place = Annotated[str, option("place", "--place", metavar="Lyon")]
Json = Annotated[bool, option("json", "--json")]


def readable(words: str) -> str:
    """Return text from the command line or standard input without bytes that were no UTF-8."""
    return words.encode("utf-8", "replace").decode("utf-8")


@contextlib.asynccontextmanager
async def loaded_box(loaded: Config, **choices: Any) -> AsyncIterator[Box]:
    """Open the box (`choices` go to open_box) and say meanwhile that models are being loaded, on a terminal."""
    async with contextlib.AsyncExitStack() as stack:
        with err.status(say("loading")):
            box = await stack.enter_async_context(open_box(loaded, **choices))
        yield box
