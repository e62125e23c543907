"""The command line: `grillon run | ask | hear | say | chat | demo | models | check | doctor`.

Every ApplianceError ends here as one line in the person's language and an exit status: 2 for bad input, configuration or
models, 1 for the rest. A traceback is a bug.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from appliance import __version__
from appliance.errors import ApplianceError, ConfigError, InputError, ModelError
from appliance.messages import LANGUAGES


def take_language(arguments: list[str]) -> list[str]:
    """Take `--lang xx` from anywhere on the line into GRILLON_LANG (help is made while modules load); return the rest."""
    rest, waiting = [], iter(arguments)
    for argument in waiting:
        if argument == "--lang":
            os.environ["GRILLON_LANG"] = next(waiting, "fr")
        elif argument.startswith("--lang="):
            os.environ["GRILLON_LANG"] = argument.removeprefix("--lang=")
        else:
            rest.append(argument)
    if os.environ.get("GRILLON_LANG", "fr")[:2].lower() not in LANGUAGES:
        os.environ["GRILLON_LANG"] = "fr"
    return rest


def build() -> typer.Typer:
    """Return the command line in the person's language."""
    from appliance import commands
    from appliance.commands import ask, chat, check, demo, hear, models, run, say

    help_of = commands.say
    made = typer.Typer(
        name="grillon", help=help_of("help-grillon"), no_args_is_help=True, add_completion=False,
        pretty_exceptions_enable=False, rich_markup_mode=None,
    )  # fmt: skip
    for name, function in {
        "run": run.run,
        "ask": ask.ask,
        "hear": hear.hear,
        "say": say.say,
        "chat": chat.chat,
        "demo": demo.demo,
        "check": check.check,
        "doctor": check.doctor,
    }.items():
        made.command(name, help=help_of(f"help-{name}"))(function)
    made.add_typer(models.app, name="models", help=help_of("help-models"))

    @made.callback()
    def root(
        context: typer.Context,
        config: Annotated[str, commands.option("config", "--config", metavar="FILE")] = "",
        lang: Annotated[str, commands.option("lang", "--lang", metavar="fr|en")] = "",
        version: Annotated[bool, commands.option("version", "--version")] = False,
    ) -> None:
        context.obj = commands.language()
        if config:
            os.environ["GRILLON_CONFIG"] = config
        if version:
            typer.echo(__version__)
            raise typer.Exit
        if context.invoked_subcommand is None:
            typer.echo(context.get_help())

    made.info.invoke_without_command = True
    return made


def main() -> None:
    """Run the command line and exit."""
    arguments = take_language(sys.argv[1:])
    from appliance import commands

    try:
        build()(args=arguments, prog_name="grillon")
    except ApplianceError as error:
        for line in error.text(commands.language()).splitlines():
            commands.err.print(line, style="red", markup=False)
        bad = isinstance(error, InputError | ConfigError | ModelError)
        sys.exit(commands.BAD_INPUT if bad else commands.FAILED)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
