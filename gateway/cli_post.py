"""Commands for outgoing post: the process itself, and what comes back from the other side."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import Annotated, Final, TypeVar

import typer
from psycopg import AsyncConnection
from rich.console import Console
from rich.table import Table

from gateway.cli_premises import premises_of
from gateway.cli_telling import told_plainly
from services import logs
from services.clock import COPENHAGEN, SystemClock
from services.config import Config, from_environment
from services.database import Row, pinned
from services.entrusting import Premises
from services.post.bounces import NoBounce, read_bounce
from services.post.listing import PostRow, unfinished
from services.post.office import PostOffice
from services.post.opening import open_post, post_settings
from services.post.receipts import NoReceipt, read_receipt
from services.post.telling_later import record_bounce, record_receipt
from services.workers import Job

app: Final = typer.Typer(help="Tell parties of news; and what came of it.")
console: Final = Console()

T = TypeVar("T")

OrganisationOption = Annotated[str, typer.Option(help="Whose: the name of its folder.")]


@app.callback(invoke_without_command=True)
def post_command(context: typer.Context) -> None:
    """Without a command: tell parties of news by e-mail and Digital Post; any number may run."""
    if context.invoked_subcommand is None:
        from gateway.background import run_post  # noqa: PLC0415  # other commands do without

        logs.set_up()
        with told_plainly():
            run_post(from_environment())


@app.command("list")
def list_command(
    organisation: OrganisationOption = "hjorring",
    limit: Annotated[int, typer.Option(min=1, max=10_000)] = 100,
) -> None:
    """What has not been sent yet, was not delivered or is to be printed, the oldest first."""
    with premises_of(organisation) as (premises, _):
        rows = asyncio.run(_rows(premises, limit))
    table = Table("notification", "about", "fact", "by", "state", "tries", "next", "error")
    for row in rows:
        table.add_row(
            str(row.notification),
            f"{row.kind} {row.matter_id}",
            row.fact,
            row.channel,
            row.fate or row.state,
            str(row.attempts),
            f"{row.due_at.astimezone(COPENHAGEN):%Y-%m-%d %H:%M}",
            row.error or "",
        )
    console.print(table)
    console.print(f"{len(rows)} notifications")


@app.command("bounce")
def bounce_command(organisation: OrganisationOption = "hjorring") -> None:
    """Take a bounce (RFC 3464) from standard input, as a mail server pipes it to a program."""
    try:
        bounce = read_bounce(sys.stdin.buffer.read())
    except NoBounce as other:
        console.print(str(other), style="yellow", markup=False)
        raise typer.Exit(2) from other
    told = _with_office(organisation, lambda office: record_bounce(office, bounce))
    if not told:
        console.print(f"{organisation} has sent no such e-mail.", style="yellow")
        raise typer.Exit(2)
    console.print(f"Told to {told} cases and tenders: {bounce.status}")


@app.command("receipt")
def receipt_command(organisation: OrganisationOption = "hjorring") -> None:
    """Take a receipt of Digital Post (PKO_PostStatus) from standard input."""
    try:
        receipt = read_receipt(sys.stdin.buffer.read())
    except NoReceipt as other:
        console.print(str(other), style="yellow", markup=False)
        raise typer.Exit(2) from other
    if not _with_office(organisation, lambda office: record_receipt(office, receipt)):
        console.print(f"{organisation} has sent no such message.", style="yellow")
        raise typer.Exit(2)
    console.print(f"{receipt.delivery.value}: {receipt.message}")


async def _rows(premises: Premises, limit: int) -> list[PostRow]:
    async with await AsyncConnection[Row].connect(pinned(premises.conninfo, premises.name)) as db:
        return await unfinished(db, limit=limit)


def _with_office(organisation: str, do: Callable[[PostOffice], Awaitable[T]]) -> T:
    async def done(premises: Premises, config: Config) -> T:
        settings = post_settings(config, organisation)
        if settings is None:
            console.print(f"{organisation} has no post.yaml.", style="red")
            raise typer.Exit(1)
        by = premises.entrusted(Job.POST)
        async with open_post(by, config, settings, SystemClock()) as opened:
            return await do(opened.office)

    with premises_of(organisation) as (premises, config):
        return asyncio.run(done(premises, config))
