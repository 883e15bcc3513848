"""Commands for documents that are set aside: what is held, and what is to become of it."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final
from uuid import UUID

import typer
from psycopg import Connection
from rich.console import Console
from rich.table import Table

from events.ids import DocumentId
from gateway.cli_telling import told_plainly
from services.bootstrap import open_scanner
from services.catalogue.loading import load
from services.clock import COPENHAGEN, SystemClock
from services.config import from_environment
from services.database import Row, server
from services.documents import quarantine
from services.documents.quarantine import NotHeld, StillInfected
from services.documents.rescanning import scan_waiting
from services.documents.scanner import Scanner, ScannerUnavailable
from services.migrating import require_current
from services.privacy.key_ring import open_ring
from services.privacy.opening import reading_connection
from services.privacy.person_keys import PersonKeys

app: Final = typer.Typer(no_args_is_help=True, help="Uploaded documents.")
held_app: Final = typer.Typer(no_args_is_help=True, help="What is set aside, and by whom let go.")
app.add_typer(held_app, name="quarantine")
console: Final = Console()

OrganisationOption = Annotated[str, typer.Option(help="Whose: the name of its folder.")]
DocumentArgument = Annotated[UUID, typer.Argument(help="As `documents quarantine list` shows it.")]
ByOption = Annotated[str, typer.Option(help="Who decides: the name or number of a colleague.")]
ReasonOption = Annotated[str, typer.Option(help="Why; kept with the decision.")]


@dataclass(frozen=True, slots=True)
class _Place:
    db: Connection[Row]
    keys: PersonKeys
    folder: Path
    scanner: Scanner


@held_app.command("list")
def list_command(organisation: OrganisationOption = "hjorring") -> None:
    """What is set aside, the oldest first, and why."""
    with _place(organisation) as place:
        rows = quarantine.held(place.db)
    table = Table("document", "name", "type", "bytes", "from", "since", "state", "why", "found")
    for row in rows:
        table.add_row(
            str(row.document_id),
            row.name,
            row.media_type,
            str(row.size),
            row.owner,
            f"{row.since.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}",
            row.state,
            row.code,
            row.found,
        )
    console.print(table)
    console.print(f"{len(rows)} documents")


@held_app.command("release")
def release_command(
    document: DocumentArgument,
    by: ByOption,
    reason: ReasonOption,
    organisation: OrganisationOption = "hjorring",
    *,
    even_if_infected: Annotated[
        bool, typer.Option("--even-if-infected", help="The scanner is known to err here.")
    ] = False,
) -> None:
    """Let a document through, after one more scan; its sender may use it for 14 days."""
    _require(by=by, reason=reason)
    held = DocumentId(document)
    with _place(organisation) as place:
        asyncio.run(
            quarantine.scan_for_release(
                place.folder, held, place.scanner, even_if_infected=even_if_infected
            )
        )
        now = SystemClock().now()
        quarantine.release(
            place.db, place.folder, held, by=by, reason=reason, now=now, keys=place.keys
        )
    console.print("Released: its sender may refer to it now.")


@held_app.command("remove")
def remove_command(
    document: DocumentArgument,
    by: ByOption,
    reason: ReasonOption,
    organisation: OrganisationOption = "hjorring",
) -> None:
    """Do away with a document for good."""
    _require(by=by, reason=reason)
    with _place(organisation) as place:
        now = SystemClock().now()
        held = DocumentId(document)
        quarantine.remove(
            place.db, place.folder, held, by=by, reason=reason, now=now, keys=place.keys
        )
    console.print("Removed: its sender is told so.")


@held_app.command("scan")
def scan_command(organisation: OrganisationOption = "hjorring") -> None:
    """Scan now what waits for the scanner; the worker does so too, every ten seconds."""
    if from_environment().clamav is None:
        console.print("No scanner is named: set JULELYS_CLAMAV.", style="red")
        raise typer.Exit(1)
    with _place(organisation) as place:
        settled = asyncio.run(scan_waiting(place.db, place.folder, place.scanner, SystemClock()))
    console.print(f"{settled} documents scanned")


def _require(**given: str) -> None:
    for name, text in given.items():
        if not text.strip():
            console.print(f"--{name} must say something.", style="red")
            raise typer.Exit(1)


@contextmanager
def _place(organisation: str) -> Iterator[_Place]:
    """What people can mend is said in a line."""
    config = from_environment()
    try:
        with told_plainly():
            if organisation not in load(config.organisations).organisations:
                console.print(f"There is no organisation {organisation!r}.", style="red")
                raise typer.Exit(1)
            scanner = open_scanner(config)
            with server(config) as conninfo:
                require_current(conninfo, organisation)
                keys = PersonKeys(organisation, open_ring(config))
                with reading_connection(conninfo, organisation, keys) as db:
                    yield _Place(db, keys, config.data / "documents" / organisation, scanner)
    except NotHeld as unknown:
        console.print(f"{organisation} holds no document {unknown}.", style="red")
        raise typer.Exit(1) from unknown
    except StillInfected as infected:
        console.print(
            f"The scanner finds {infected.signature} in it. If it errs: --even-if-infected.",
            style="red",
        )
        raise typer.Exit(1) from infected
    except ScannerUnavailable as away:
        console.print(f"The scanner does not answer ({away}); try again soon.", style="red")
        raise typer.Exit(1) from away
    except ValueError as mistake:
        console.print(str(mistake), style="red", markup=False)
        raise typer.Exit(1) from mistake
