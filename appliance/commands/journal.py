"""`grillon journal`: what was wished, by which way, and what was decided."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Annotated

import typer

from appliance import commands
from appliance.commands import Json, option, say
from appliance.commands.pin import state_folder
from appliance.database import FILE, Database
from appliance.journal import Entry, Journal

app = typer.Typer()


@app.callback(invoke_without_command=True)
def journal(
    context: typer.Context,
    as_json: Json = False,
    last: Annotated[int, option("journal-last", "--last", metavar="N")] = 50,
) -> None:
    """Print the newest entries, the newest last."""
    if context.invoked_subcommand is not None:
        return
    entries: list[Entry] = []
    if (state_folder() / FILE).exists():  # looking makes no file, which would be root's where root looks
        with closing(Database(state_folder())) as database:
            entries = Journal(database, datetime.now).last(max(0, last))
    for entry in entries:
        typer.echo(json.dumps(asdict(entry), ensure_ascii=False) if as_json else line(entry))
    if not entries and not as_json:
        commands.out.print(say("journal-empty"), markup=False)


@app.command("clear", help=say("help-journal-clear"))
def clear() -> None:
    """Empty the journal."""
    count = 0
    if (state_folder() / FILE).exists():
        with closing(Database(state_folder())) as database:
            count = Journal(database, datetime.now).clear()
    commands.out.print(say("journal-cleared", count=count), markup=False)


def line(entry: Entry) -> str:
    """Return an entry as a line."""
    wished = ", ".join(f"{a['domain']}.{a['service']} {a['target']}".strip() for a in entry.actions)
    way = "/".join(filter(None, (entry.path, entry.room, entry.author)))
    why = " ".join(filter(None, (entry.factor, entry.detail)))
    return f"{entry.at}  {entry.level}  {entry.decision:<10}  {wished}  ({way})  {why}".rstrip()
