"""`grillon check`: is the configuration right? and `grillon doctor`: is the box well, and what to do if not."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import typer

from appliance import checks, choice, commands, config, links, worker
from appliance.catalog import Catalog, default_store
from appliance.commands import say
from appliance.config import Config, EngineChoice, InvalidConfigError, Mistake
from appliance.errors import ConfigError, ModelError


def check() -> None:
    """Read the configuration as the daemon would; every mistake is a line. Exit 2 where there is one."""
    path = config.person_file()
    settings, mistakes = config.examine(path)
    models = settings.models_folder if settings.models_folder != Path() else default_store()
    catalog = Catalog.load()
    try:
        _look_further(settings, mistakes, str(path or ""), models, catalog)
    except ModelError:  # the file of a wake word
        if not mistakes:
            raise
    if mistakes:
        raise InvalidConfigError(mistakes)
    commands.out.print(say("check-fine", file=path or say("check-defaults")), markup=False)
    for role, (engine, told) in choice.choices(settings, models, catalog).items():
        commands.out.print(f"  {role}: {engine} {getattr(told, 'model', '')}", markup=False)
    for language, (engine, told) in choice.voices(settings, models, catalog).items():
        commands.out.print(f"  tts ({language}): {engine} {getattr(told, 'model', '')}", markup=False)


def _look_further(settings: Config, mistakes: list[Mistake], where: str, models: Path, catalog: Catalog) -> None:
    """Add the mistakes that only links, the voice that is there and the wake word's engine know of."""
    for name in settings.links:
        with config.noted(mistakes, where, f"links.{name}"):
            config.read(
                links.module(name).Options, links.options_of(name, settings.links), where, prefix=f"links.{name}."
            )
    for thing in settings.home.things:
        if thing.mqtt:
            with config.noted(mistakes, where):
                links.module("homeassistant").declared(settings.home.thing(thing), thing.mqtt, settings.language)
    if settings.tts.engine == "auto":
        with contextlib.suppress(ModelError):  # no voice: told by choice.choices, where nothing else is wrong
            voice = catalog.voice(settings.profile, settings.language, models)
            options = dict(voice.options) | settings.tts.options
            with config.noted(mistakes, where):
                config.engine_options("tts", EngineChoice(engine=voice.engine, options=options), where)
    with contextlib.suppress(ConfigError):  # noted when the file was read
        told = config.engine_options("wake", settings.wake)
        with config.noted(mistakes, where, "wake.options"):
            worker.small("wake", settings.wake.engine, told, models)  # small, and only so are the names of words known


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
