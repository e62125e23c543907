"""The command line: `grillon run | ask | hear | say | chat | understand | demo | models | check | doctor`.

Every ApplianceError ends here as one line in the person's language and an exit status: 2 for bad input, configuration or
models, 1 for the rest. A traceback is a bug.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

import typer
from typer.exceptions import Abort, TyperException

from appliance.errors import ApplianceError, ConfigError, InputError, ModelError
from appliance.messages import LANGUAGES

EVERYWHERE = {"--lang": "GRILLON_LANG", "--config": "GRILLON_CONFIG"}
"""Options that may stand anywhere on the line, and where their value goes: help is made while modules load."""


def take_common(arguments: list[str]) -> list[str]:
    """Take `--lang xx` and `--config FILE` from anywhere on the line into the environment; return the rest."""
    rest, waiting = [], iter(arguments)
    for argument in waiting:
        name, equals, value = argument.partition("=")
        if name in EVERYWHERE:
            os.environ[EVERYWHERE[name]] = value if equals else next(waiting, "")
        else:
            rest.append(argument)
    if os.environ.get("GRILLON_LANG", "fr")[:2].lower() not in LANGUAGES:
        os.environ["GRILLON_LANG"] = "fr"
    return rest


def build() -> typer.Typer:
    """Return the command line in the person's language."""
    from appliance.commands import (
        approve,
        ask,
        chat,
        check,
        demo,
        hear,
        journal,
        models,
        pin,
        root,
        run,
        say,
        speak,
        understand,
    )

    made = typer.Typer(
        name="grillon",
        help=say("help-grillon"),
        invoke_without_command=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    made.callback(invoke_without_command=True, help=say("help-grillon"))(root.root)
    functions: dict[str, Callable[..., None]] = {
        "run": run.run,
        "ask": ask.ask,
        "hear": hear.hear,
        "say": speak.speak,
        "chat": chat.chat,
        "understand": understand.understand,
        "demo": demo.demo,
        "check": check.check,
        "doctor": check.doctor,
        "approve": approve.approve,
    }
    for name, function in functions.items():
        made.command(name, help=say(f"help-{name}"))(function)
    made.add_typer(models.app, name="models", help=say("help-models"))
    made.add_typer(pin.app, name="pin", help=say("help-pin"))
    made.add_typer(journal.app, name="journal", help=say("help-journal"))
    return made


def misused(error: TyperException) -> str:
    """Return what was wrong with the line, in the person's language, and where the help is."""
    from appliance.commands import say

    parameter = getattr(error, "param", None)
    name = (getattr(parameter, "name", "") or "").upper() or getattr(error, "option_name", "")
    key = {
        "MissingParameter": "cli-missing",
        "NoSuchOption": "cli-no-such-option",
        "BadParameter": "cli-bad-value",
    }.get(type(error).__name__, "cli-misused")
    context = getattr(error, "ctx", None)
    command = context.command_path if context else "grillon"
    return say(key, name=name, detail=error.message, command=command)


def main() -> None:
    """Run the command line and exit."""
    arguments = take_common(sys.argv[1:])
    from appliance import commands

    def complain(lines: str) -> None:
        for line in lines.splitlines():
            commands.err.print(line, style="red", markup=False)

    try:
        status = build()(args=arguments, prog_name="grillon", standalone_mode=False)
        sys.exit(status if isinstance(status, int) else commands.OK)
    except TyperException as error:
        complain(misused(error))
        sys.exit(commands.BAD_INPUT)
    except ApplianceError as error:
        complain(error.text(commands.language()))
        bad = isinstance(error, InputError | ConfigError | ModelError)
        sys.exit(commands.BAD_INPUT if bad else commands.FAILED)
    except (KeyboardInterrupt, Abort):
        sys.exit(130)


if __name__ == "__main__":
    main()
