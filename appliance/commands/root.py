"""`grillon` itself: what holds for every command."""

from __future__ import annotations

from typing import Annotated

import typer

from appliance import __version__, commands
from appliance.commands import option


def root(
    context: typer.Context,
    config: Annotated[str, option("config", "--config", metavar="FILE")] = "",
    lang: Annotated[str, option("lang", "--lang", metavar="fr|en")] = "",
    version: Annotated[bool, option("version", "--version")] = False,
) -> None:
    """Set what holds for every command. `--lang` and `--config` were taken before; here they are only told of."""
    context.obj = commands.language()
    if version:
        typer.echo(__version__)
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
