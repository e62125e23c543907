"""`grillon check`: is the configuration right? and `grillon doctor`: is the box well, and what to do if not."""

from __future__ import annotations

import asyncio
from pathlib import Path

import typer

from appliance import app, checks, commands, config, links, worker
from appliance.catalog import Catalog, default_store
from appliance.commands import say


def check() -> None:
    """Read the configuration as the daemon would; every mistake is a line. Exit 2 where there is one."""
    path = config.person_file()
    settings = config.load(path)
    for name, options in settings.links.items():
        config.read(links.module(name).Options, options, str(path or ""), prefix=f"links.{name}.")
    models = settings.models_folder if settings.models_folder != Path() else default_store()
    chosen = app.choices(settings, models, Catalog.load())
    engine, told = chosen["wake"]
    worker.small("wake", engine, told, models)  # small, and only so are the names of wake words known
    commands.out.print(say("check-fine", file=path or say("check-defaults")), markup=False)
    for role, (engine, told) in chosen.items():
        commands.out.print(f"  {role}: {engine} {getattr(told, 'model', '')}", markup=False)


def doctor() -> None:
    """Run every health check; exit 1 where something needs a hand."""
    settings = commands.settings()
    models = settings.models_folder if settings.models_folder != Path() else default_store()
    findings = asyncio.run(checks.run_all(checks.CheckContext(settings, models)))
    bad = False
    for name, problems in findings.items():
        commands.out.print(f"[red]✗[/red] {name}" if problems else f"[green]✓[/green] {name}")
        for problem in problems:
            bad = bad or problem.severity == "error"
            commands.out.print("    " + problem.text(commands.language()), markup=False)
    raise typer.Exit(commands.FAILED if bad else commands.OK)
