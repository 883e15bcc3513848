"""`sessions …`: who is logged in, and logging them out, whatever their browser does."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final

import typer
from psycopg import Connection
from rich.console import Console
from rich.table import Table

from events.ids import ActorId
from gateway.cli_telling import told_plainly
from services.clock import COPENHAGEN, SystemClock
from services.config import from_environment
from services.database import Row, connect, server
from services.login.ending import LISTED_AT_MOST, end_sessions, give_no_more, logged_in
from services.migrating import require_current

app: Final = typer.Typer(no_args_is_help=True, help="Who is logged in.")
console: Final = Console()

OrganisationOption = Annotated[str, typer.Option(help="Where: the name of its folder.")]


@app.command("list")
def list_command(organisation: OrganisationOption = "hjorring") -> None:
    """Who has sessions, how many, and when they last used one; the last used first."""
    with _rows(organisation) as db:
        found = logged_in(db, SystemClock().now())
    table = Table("person", "sessions", "last used")
    for each in found:
        used = f"{each.used_at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}"
        table.add_row(each.owner, str(each.sessions), used)
    console.print(table)
    if len(found) == LISTED_AT_MOST:
        console.print(f"There may be more than these {LISTED_AT_MOST}.")


@app.command("end")
def end_command(
    person: Annotated[
        str | None, typer.Argument(help="As `sessions list` shows it, such as staff:karen.")
    ] = None,
    *,
    everybody: Annotated[bool, typer.Option("--everybody", help="Of all persons.")] = False,
    organisation: OrganisationOption = "hjorring",
) -> None:
    """End all sessions of one person, or of all; they must log in again, at once.

    A colleague who is named is given no more cases before they do.
    """
    if (person is None) != everybody:
        console.print("Name a person, or say --everybody; not both.", style="red")
        raise typer.Exit(2)
    with _rows(organisation) as db:
        ended = end_sessions(db, None if person is None else ActorId(person))
        has_left = person is not None and give_no_more(db, ActorId(person))
    console.print(f"{ended} sessions ended.")
    if has_left:
        console.print(f"{person} is given no more cases, until they log in again.")
    if person is not None and not ended and not has_left:
        raise typer.Exit(1)


@contextmanager
def _rows(organisation: str) -> Iterator[Connection[Row]]:
    with told_plainly(), server(from_environment()) as conninfo:
        require_current(conninfo, organisation)
        with connect(conninfo, organisation) as db:
            yield db
