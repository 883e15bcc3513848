"""`keys …`: looking after the keys that personal data is sealed by."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Annotated, Final

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from services.bidding.receipts import retire
from services.config import from_environment
from services.database import connect, server, shared
from services.migrating import added
from services.privacy.key_ring import KekMissing, KeyRing, open_ring
from services.privacy.rotating import check, rotate, standings

app: Final = typer.Typer(no_args_is_help=True, help="The keys that personal data is sealed by.")
console: Final = Console()

SHOWN_AT_MOST: Final = 20

OrganisationOption = Annotated[
    str | None, typer.Option(help="Whose keys; without it, everybody's.")
]


@app.command("list")
def list_command(organisation: OrganisationOption = None) -> None:
    """How many persons' keys each key-encryption key wraps."""
    table = Table("organisation", "key-encryption key", "current", "persons' keys", "destroyed")
    with _opened(organisation) as (conninfo, names, ring):
        for name in names:
            with connect(conninfo, name) as db:
                for each in standings(db):
                    is_current = "yes" if each.kek == ring.current else "no"
                    table.add_row(name, each.kek, is_current, str(each.live), str(each.destroyed))
    console.print(table)


@app.command("rotate")
def rotate_command(organisation: OrganisationOption = None) -> None:
    """Wrap every person's key by the current key-encryption key; safe to interrupt and repeat."""
    broken = 0
    with _opened(organisation) as (conninfo, names, ring), Progress(console=console) as progress:
        for name in names:
            with connect(conninfo, name) as db:
                waiting = sum(each.live for each in standings(db) if each.kek != ring.current)
                task = progress.add_task(name, total=waiting)
                done = rotate(db, name, ring, partial(_report, progress, task))
            _say(f"{name}: {done.wrapped} keys are wrapped by '{ring.current}' now.")
            _tell(name, "do not open and were left as they are", done.broken)
            broken += len(done.broken)
    if broken:
        raise typer.Exit(1)


@app.command("check")
def check_command(organisation: OrganisationOption = None) -> None:
    """Open every key, and look for facts that no key opens; fails when there are any."""
    wrong = 0
    with _opened(organisation) as (conninfo, names, ring):
        for name in names:
            with connect(conninfo, name) as db:
                found = check(db, name, ring)
            _say(
                f"{name}: {found.opened} keys open, {found.destroyed} are destroyed, "
                f"{len(found.unused)} have sealed nothing in the log."
            )
            _tell(name, "do not open: their rows were changed", found.broken)
            _tell(name, "have sealed facts and are not there", sorted(found.lost))
            wrong += len(found.broken) + len(found.lost)
    if wrong:
        raise typer.Exit(1)


@app.command("retire-receipt-key")
def retire_receipt_key_command(organisation: OrganisationOption = None) -> None:
    """Delete what signs receipts of bids: the next receipt makes a new key, old ones stay valid."""
    with _opened(organisation) as (conninfo, names, _):
        for name in names:
            with connect(conninfo, name) as db:
                kid = retire(db)
            _say(f"{name}: {'there was no key' if kid is None else f'{kid} signs no more'}.")


@contextmanager
def _opened(organisation: str | None) -> Iterator[tuple[str, list[str], KeyRing]]:
    """What people can mend is said in a line."""
    config = from_environment()
    try:
        ring = open_ring(config)
        with server(config) as conninfo:
            with shared(conninfo, application_name="julelys-keys") as db:
                there = added(db)
            if organisation is not None and organisation not in there:
                known = ", ".join(there)
                raise typer.BadParameter(f"no organisation {organisation}; there are {known}")
            yield conninfo, there if organisation is None else [organisation], ring
    except KekMissing as mistake:
        console.print(str(mistake), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from mistake


def _report(progress: Progress, task: TaskID, done: int) -> None:
    progress.update(task, completed=done)


def _tell(organisation: str, what: str, key_ids: list[int]) -> None:
    if key_ids:
        shown = ", ".join(map(str, key_ids[:SHOWN_AT_MOST]))
        console.print(
            f"{organisation}: {len(key_ids)} keys {what}: {shown}", style="red", soft_wrap=True
        )


def _say(line: str) -> None:
    console.print(line, markup=False, highlight=False, soft_wrap=True)
