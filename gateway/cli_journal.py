"""Commands for the journal: what is not filed yet, what to try again, and does it all agree?"""

import asyncio
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated, Final
from uuid import UUID

import typer
from psycopg import AsyncConnection
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn
from rich.table import Table

from commands.journal import RetryJournalising
from commands.refusal import Refused
from events.ids import ActorId, EntryId
from events.journal import Matter, MatterKind
from gateway.cli_premises import premises_of
from services.actions import Action
from services.clock import COPENHAGEN, SystemClock
from services.config import Config
from services.database import Row, pinned
from services.entrusting import Premises
from services.esdh.port import EsdhUnavailable
from services.esdh.settings import EsdhSettings
from services.ids import new_id
from services.journal.listing import JournalRow, entries
from services.journal.office import esdh_settings, open_office
from services.journal.ports import EntryState
from services.journal.reconciliation_rows import our_side
from services.journal.reconciling import Report, compare, mend
from services.request import unattended
from services.workers import Job

app: Final = typer.Typer(no_args_is_help=True, help="What is filed, and what is not yet.")
console: Final = Console()

OPERATOR: Final = ActorId(Job.OPERATOR.value)
NOT_NOW: Final = 2
"""The exit status of what may go well when it is tried again."""
UNFINISHED: Final = tuple(state for state in EntryState if state is not EntryState.DONE)

OrganisationOption = Annotated[str, typer.Option(help="Whose: the name of its folder.")]


@app.command("list")
def list_command(
    organisation: OrganisationOption = "hjorring",
    state: Annotated[list[EntryState] | None, typer.Option(help="Only in these states.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
) -> None:
    """What is not filed yet, the oldest first, with what went wrong and when it is tried next."""
    with _core(organisation) as (premises, _):
        rows = asyncio.run(_rows(premises, list(state or UNFINISHED), limit))
    table = Table("entry", "matter", "what", "since", "state", "tries", "next", "error")
    for row in rows:
        table.add_row(
            str(row.entry),
            f"{row.matter_kind} {row.matter}",
            row.kind,
            f"{row.recorded_at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}",
            row.state,
            str(row.attempts),
            f"{row.due_at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M:%S}",
            row.error or "",
        )
    console.print(table)
    console.print(f"{len(rows)} entries")


@app.command("retry")
def retry_command(
    entry: Annotated[UUID, typer.Argument(help="As `journal list` shows it.")],
    organisation: OrganisationOption = "hjorring",
) -> None:
    """Have a refused entry tried again, once what was wrong has been mended."""
    with _core(organisation) as (premises, _):
        row = asyncio.run(_row(premises, entry))
        if row is None:
            console.print(f"{organisation} has no entry {entry}.", style="red")
            raise typer.Exit(1)
        matter = Matter(kind=MatterKind(row.matter_kind), id=row.matter)
        request = unattended(
            RetryJournalising(matter=matter, entry=EntryId(entry)),
            command_id=new_id(),
            organisation=organisation,
            actor=OPERATOR,
        )
        try:
            premises.entrusted(Job.OPERATOR).desk(Action.RETRY_FILING).hand_in(request).result()
        except Refused as refusal:
            console.print(f"{refusal.detail} ({refusal.code})", style="red")
            raise typer.Exit(1) from refusal
    console.print("It is tried again at once.")


@app.command("check")
def check_command(organisation: OrganisationOption = "hjorring") -> None:
    """Ask the records system for all that `esdh.yaml` names; exit status 1 if it lacks any,
    2 if it does not answer.
    """
    with _core(organisation) as (premises, config):
        missing = asyncio.run(_check(premises, config))
    for sentence in missing:
        console.print(sentence, style="red", markup=False)
    if missing:
        raise typer.Exit(1)
    console.print("The records system has all that the settings name.")


@app.command("reconcile")
def reconcile_command(organisation: OrganisationOption = "hjorring") -> None:
    """Compare submissions, journal and records system, both ways.

    Exit status 1: there are differences. 2: not all could be compared now; try again soon.
    """
    with _core(organisation) as (premises, config):
        report = asyncio.run(_reconcile(premises, config))
    if report is None:
        console.print("Another process is reconciling now; try again soon.", style="yellow")
        raise typer.Exit(NOT_NOW)
    console.print(
        f"{report.cases} cases compared: {report.standing} differences,"
        f" {report.found} of them new, {report.settled} settled;"
        f" {report.healed} facts had not been taken in, {report.woken} matters woken"
    )
    if report.unanswered:
        console.print(
            f"The records system did not answer for {report.unanswered} more; try again soon.",
            style="yellow",
        )
        raise typer.Exit(NOT_NOW)
    if report.standing:
        raise typer.Exit(1)


async def _check(premises: Premises, config: Config) -> Sequence[str]:
    async with open_office(
        premises.entrusted(Job.FILING), config, _settings(premises, config), SystemClock()
    ) as office:
        return await office.esdh.check()


def _settings(premises: Premises, config: Config) -> EsdhSettings:
    settings = esdh_settings(config, premises.name)
    if settings is None:
        console.print(f"{premises.name} has no esdh.yaml.", style="red")
        raise typer.Exit(1)
    return settings


async def _reconcile(premises: Premises, config: Config) -> Report | None:
    settings, clock = _settings(premises, config), SystemClock()
    async with (
        our_side(premises.conninfo, premises.name) as ours,
        open_office(premises.entrusted(Job.FILING), config, settings, clock) as office,
    ):
        if ours is None:
            return None
        mended = await mend(office, ours, clock)
        with Progress(
            SpinnerColumn(), TextColumn("{task.completed:.0f} cases compared"), console=console
        ) as progress:
            task = progress.add_task("Comparing", total=None)
            report = await compare(office, ours, lambda done: progress.update(task, completed=done))
    report.healed, report.woken = mended.healed, mended.woken
    return report


async def _rows(premises: Premises, states: list[EntryState], limit: int) -> list[JournalRow]:
    async with await AsyncConnection[Row].connect(pinned(premises.conninfo, premises.name)) as db:
        return await entries(db, states=states, limit=limit)


async def _row(premises: Premises, entry: UUID) -> JournalRow | None:
    found = await _rows(premises, [EntryState.REFUSED], 10_000)
    return next((row for row in found if row.entry == entry), None)


@contextmanager
def _core(organisation: str) -> Iterator[tuple[Premises, Config]]:
    try:
        with premises_of(organisation) as opened:
            yield opened
    except EsdhUnavailable as away:
        console.print(f"The records system does not answer ({away}); try again soon.", style="red")
        raise typer.Exit(NOT_NOW) from away
