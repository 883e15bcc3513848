"""`organisation …`: adding one beside those that are served already, and which there are."""

from typing import Annotated, Final

import typer
from rich.console import Console
from rich.table import Table

from gateway.cli_telling import told_plainly
from services.adding import add
from services.catalogue.loading import read_home
from services.config import from_environment
from services.database import server, shared
from services.migrating import added

app: Final = typer.Typer(no_args_is_help=True, help="The organisations that are served.")
console: Final = Console()


@app.command("add")
def add_command(
    organisation: Annotated[str, typer.Argument(help="The name of its folder.")],
) -> None:
    """Check its files, make its schema, and have running processes take it up; safe to repeat."""
    config = from_environment()
    with told_plainly(), server(config) as conninfo:
        applied = add(conninfo, config.organisations, organisation)
    _say(f"{organisation}: {len(applied)} migrations applied.")
    home = read_home(config.organisations / organisation)
    if not home.versions():
        how = f"python -m gateway catalogue publish SERVICE --organisation {organisation}"
        _say(f"It offers nothing yet. Publish a service before its processes start: {how}")
    _say("Running processes that have its files take it up within some seconds.")


@app.command("list")
def list_command() -> None:
    """Every organisation that was added or has files here."""
    config = from_environment()
    with server(config) as conninfo, shared(conninfo, application_name="julelys") as db:
        there = added(db)
    files = {path.name for path in config.organisations.glob("*/") if path.name[0] != "."}
    table = Table("organisation", "added", "files here")
    for name in [*there, *sorted(files.difference(there))]:
        table.add_row(name, _yes(name in there), _yes(name in files))
    console.print(table)
    for name in sorted(files.difference(there)):
        _say(f"To add it: python -m gateway organisation add {name}")


def _yes(holds: bool) -> str:  # noqa: FBT001 - a word for it
    return "yes" if holds else "no"


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
