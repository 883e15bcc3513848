"""`projections …`: looking after the views."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Annotated, TypeAlias

import typer
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.table import Table

from projections.catalogue import PROJECTIONS
from projections.projection import Projection
from services.catalogue.loading import load
from services.config import from_environment
from services.database import connect, server
from services.eventstore.store import PostgresEventStore
from services.privacy.key_ring import KekMissing, KeyRing, open_ring
from services.projecting.generations import live
from services.projecting.kept_log import KeptLog
from services.projecting.parking import parked_facts
from services.projecting.rebuilding import (
    NothingToRestore,
    RebuildStopped,
    RebuildUnderWay,
    rebuild,
    restore_previous,
)
from services.projecting.retrying import retry
from services.projecting.standing import standings
from services.projecting.verifying import verify

app = typer.Typer(no_args_is_help=True, help="The views: how they stand, and mending them.")
console = Console()

NameArgument = Annotated[str | None, typer.Argument(help="Which view; without it, all.")]
OrganisationOption = Annotated[
    str | None, typer.Option(help="Whose views; without it, everybody's.")
]


@app.command("list")
def list_command(organisation: OrganisationOption = None) -> None:
    """How far each view has come, and what it has parked."""
    table = Table("organisation", "view", "generation", "version", "position", "lag", "parked")
    with _opened(organisation) as (conninfo, names):
        for name in names:
            with connect(conninfo, name) as db:
                for view in standings(db):
                    lag = f"{view.lag_facts} facts, {view.lag_seconds:.1f} s"
                    table.add_row(
                        name,
                        view.name,
                        str(view.generation),
                        str(view.version),
                        str(view.position),
                        lag,
                        str(view.parked),
                    )
    console.print(table)


@app.command("rebuild")
def rebuild_command(name: NameArgument = None, organisation: OrganisationOption = None) -> None:
    """Build views anew beside the live ones and exchange them; readers notice nothing."""
    with _each(name, organisation) as jobs, Progress(console=console) as progress:
        for conninfo, schema, log, projection in jobs:
            task = progress.add_task(f"{schema} {projection.name}", total=None)
            report = partial(_report, progress, task)
            with _told_plainly():
                rebuild(conninfo, schema, log, projection, progress=report)
            end = log.safe_position()
            _report(progress, task, end, end)


@app.command("restore")
def restore_command(
    name: Annotated[str, typer.Argument(help="Which view.")],
    organisation: Annotated[str, typer.Option(help="Whose view.")],
) -> None:
    """Show the generation before again, for going back to the code that wrote it."""
    with _opened(organisation) as (conninfo, _), _told_plainly():
        shown = restore_previous(conninfo, organisation, name)
        console.print(f"{organisation} {name}: generation {shown.generation} is live")


@app.command("verify")
def verify_command(name: NameArgument = None, organisation: OrganisationOption = None) -> None:
    """Compare live views row by row with what the log says; fails when they differ."""
    differing = 0
    with _each(name, organisation) as jobs:
        for conninfo, schema, log, projection in jobs:
            with _told_plainly():
                found = verify(conninfo, schema, log, projection)
            differing += found.differing
            console.print(
                f"{schema} {found.name}: {found.rows} rows compared, {found.differing} differ"
            )
            for sample in found.samples:
                console.print(f"  only in {sample.only_in}: {sample.row}", markup=False)
    if differing:
        raise typer.Exit(1)


@app.command("parked")
def parked_command(name: NameArgument = None, organisation: OrganisationOption = None) -> None:
    """What the views could not take in, and why."""
    table = Table("organisation", "view", "position", "stream", "attempts", "error")
    with _each(name, organisation) as jobs:
        for conninfo, schema, _, projection in jobs:
            with connect(conninfo, schema) as db:
                current = live(db, projection.name)
                if current is None:
                    continue
                for fact in parked_facts(db, projection.name, current.generation, None):
                    table.add_row(
                        schema,
                        projection.name,
                        str(fact.position),
                        fact.stream,
                        str(fact.attempts),
                        fact.error or "waits behind an earlier one",
                    )
    console.print(table)


@app.command("retry")
def retry_command(
    name: NameArgument = None,
    organisation: OrganisationOption = None,
    stream: Annotated[str | None, typer.Option(help="Only this stream.")] = None,
) -> None:
    """Take in what is parked, after its cause is mended; fails when something stays parked."""
    parked = 0
    with _each(name, organisation) as jobs:
        for conninfo, schema, log, projection in jobs:
            tried = retry(conninfo, schema, log, projection, stream)
            parked += tried.parked
            console.print(
                f"{schema} {projection.name}: {tried.taken_in} taken in, {tried.parked} parked"
            )
    if parked:
        raise typer.Exit(1)


def _report(progress: Progress, task: TaskID, position: int, aim: int) -> None:
    progress.update(task, completed=position, total=aim)


Job: TypeAlias = tuple[str, str, KeptLog, Projection]


@contextmanager
def _opened(organisation: str | None) -> Iterator[tuple[str, Sequence[str]]]:
    config = from_environment()
    known = list(load(config.organisations).organisations)
    if organisation is not None and organisation not in known:
        raise typer.BadParameter(f"no organisation {organisation}; there are {', '.join(known)}")
    with server(config) as conninfo:
        yield conninfo, known if organisation is None else [organisation]


@contextmanager
def _each(name: str | None, organisation: str | None) -> Iterator[Iterator[Job]]:
    wanted = [each for each in PROJECTIONS if name in (None, each.name)]
    if not wanted:
        known = ", ".join(each.name for each in PROJECTIONS)
        raise typer.BadParameter(f"no view {name}; there are {known}")
    with _opened(organisation) as (conninfo, schemas):
        with _told_plainly():
            ring = open_ring(from_environment())
        yield _jobs(conninfo, schemas, wanted, ring)


def _jobs(
    conninfo: str, schemas: Sequence[str], wanted: Sequence[Projection], ring: KeyRing
) -> Iterator[Job]:
    for schema in schemas:
        with PostgresEventStore(conninfo, schema, ring) as store:
            for projection in wanted:
                yield conninfo, schema, KeptLog(store), projection


@contextmanager
def _told_plainly() -> Iterator[None]:
    try:
        yield
    except (KekMissing, NothingToRestore, RebuildStopped, RebuildUnderWay) as stopped:
        console.print(f"{type(stopped).__name__}: {stopped}", style="red", markup=False)
        raise typer.Exit(1) from stopped
