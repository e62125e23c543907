"""`grillon pin set | remove | status`: the code that approves what a voice alone may not do."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path

import typer

from appliance import commands
from appliance.commands import say
from appliance.config import default_state_folder
from appliance.errors import InputError
from appliance.pin import Pin

app = typer.Typer()


@app.callback(invoke_without_command=True)
def pin(context: typer.Context) -> None:
    """Print the help where no command is named."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command("set", help=say("help-pin-set"))
def set_() -> None:
    """Ask for a code twice, without showing it, and keep its hash."""
    code = typed("pin-new")
    if sys.stdin.isatty() and typed("pin-again") != code:
        raise InputError("pin-differs", stage="pin")
    _pin().set(code)
    commands.out.print(say("pin-set", folder=state_folder()), markup=False)


@app.command("remove", help=say("help-pin-remove"))
def remove() -> None:
    """Forget the code: what needs one is then refused."""
    removed = _pin().remove()
    commands.out.print(say("pin-removed" if removed else "pin-none"), markup=False)


@app.command("status", help=say("help-pin-status"))
def status() -> None:
    """Tell whether there is a code; exit 0 where there is one, 1 where there is none."""
    found = _pin().is_set
    commands.out.print(say("pin-there" if found else "pin-none"), markup=False)
    raise typer.Exit(commands.OK if found else commands.FAILED)


def typed(key: str) -> str:
    """Return what is typed without showing it, or one line of standard input where nobody is at a terminal."""
    if sys.stdin.isatty():
        return getpass.getpass(say(key) + " ").strip()
    return sys.stdin.readline().strip()


def state_folder() -> Path:
    """Return where the box keeps its state."""
    configured = commands.settings().state_folder
    return configured if configured != Path() else default_state_folder()


def _pin() -> Pin:
    return Pin(state_folder())
