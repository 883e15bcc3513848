"""The command line: one command for each process and for what people do by hand.

What a command alone needs it imports itself: all of it would keep every other waiting for seconds.
"""

import json
from datetime import datetime
from typing import Annotated
from uuid import UUID

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from events.ids import CaseId
from gateway import (
    cli_bid,
    cli_catalogue,
    cli_documents,
    cli_journal,
    cli_keys,
    cli_organisation,
    cli_post,
    cli_projections,
    cli_sessions,
)
from gateway.cli_issuer import issuer_command
from gateway.cli_mail_catcher import mail_catcher_command
from gateway.cli_relay import asyncapi_command
from gateway.cli_simulator import simulator_command
from gateway.cli_telling import told_plainly
from gateway.cli_web import assets_command, words_command
from services import logs
from services.adding import to_migrate
from services.clock import COPENHAGEN, SystemClock
from services.codec import encode
from services.config import from_environment
from services.database import server
from services.eventstore.store import PostgresEventStore
from services.identity import LoginFailed, demo_identity
from services.preparing import prepare
from services.privacy.key_ring import open_ring
from services.replay import CaseAsItWas, cases, replay

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Julelys.")
app.add_typer(cli_projections.app, name="projections")
app.add_typer(cli_organisation.app, name="organisation")
app.add_typer(cli_journal.app, name="journal")
app.add_typer(cli_documents.app, name="documents")
app.add_typer(cli_post.app, name="post")
app.add_typer(cli_keys.app, name="keys")
app.add_typer(cli_sessions.app, name="sessions")
app.add_typer(cli_bid.app, name="bid")
app.command("sbsys-simulator")(simulator_command)
app.command("demo-issuer")(issuer_command)
app.command("mail-catcher")(mail_catcher_command)
app.command("asyncapi")(asyncapi_command)
app.command("assets")(assets_command)
app.command("words")(words_command)
app.add_typer(cli_catalogue.app, name="catalogue")
console = Console()

OrganisationOption = Annotated[str, typer.Option(help="Whose: the name of its folder.")]


@app.callback()
def begin() -> None:
    """Commands that people use say only what went wrong; processes set up their own log."""
    logs.quiet()


@app.command("serve")
def serve_command() -> None:
    """Answer HTTP."""
    from gateway import processes  # noqa: PLC0415  # other commands do without

    logs.set_up()
    with told_plainly():
        processes.serve(from_environment())


@app.command("work")
def work_command() -> None:
    """Keep the views up to date, and do what falls due."""
    from gateway import processes  # noqa: PLC0415  # other commands do without

    logs.set_up()
    with told_plainly():
        processes.work(from_environment())


@app.command("relay")
def relay_command() -> None:
    """Spread the log to Kafka; a second one stands by."""
    from gateway import background  # noqa: PLC0415  # other commands do without

    logs.set_up()
    with told_plainly():
        background.run_relay(from_environment())


@app.command("esdh-sync")
def esdh_sync_command() -> None:
    """File what is to be filed in the records system; any number may run."""
    from gateway import background  # noqa: PLC0415  # other commands do without

    logs.set_up()
    with told_plainly():
        background.run_esdh_sync(from_environment())


@app.command("migrate")
def migrate_command() -> None:
    """Bring every organisation's schema up to date; safe to run at any time.

    An organisation whose files have mistakes is not added, and keeps nobody else behind.
    """
    config = from_environment()
    with told_plainly(), server(config) as conninfo:
        names, mistakes = to_migrate(conninfo, config.organisations)
        for mistake in mistakes:
            console.print(str(mistake), style="red", markup=False, soft_wrap=True)
        if not names:
            raise typer.Exit(1)
        for name in names:
            applied = prepare(conninfo, name)
            console.print(f"{name}: {len(applied)} migrations applied")


@app.command("demo")
def demo_command() -> None:
    """Start everything with demo data, and say where to look and who to log in as."""
    from gateway import demo  # noqa: PLC0415  # other commands do without

    with told_plainly():
        demo.run(from_environment())


@app.command("token")
def token_command(person: Annotated[str, typer.Argument(help="For instance anna.")]) -> None:
    """Print a bearer token for a test person; only where JULELYS_DEMO=1."""
    try:
        print(demo_identity(from_environment(), SystemClock()).token(person))  # noqa: T201
    except KeyError as unknown:
        console.print(f"There is no test person {person!r}.", style="red")
        raise typer.Exit(1) from unknown
    except LoginFailed as refused:
        console.print("Tokens are made in demo mode only: set JULELYS_DEMO=1.", style="red")
        raise typer.Exit(1) from refused


@app.command("replay")
def replay_command(
    case: Annotated[UUID | None, typer.Argument(help="The case's id; without it, all.")] = None,
    as_of: Annotated[
        datetime | None,
        typer.Option(help="A moment; without an offset it is Danish time."),
    ] = None,
    organisation: OrganisationOption = "hjorring",
) -> None:
    """Replay a case as it was, or every case to prove that they all still can be replayed."""
    moment = as_of if as_of is None or as_of.tzinfo else as_of.replace(tzinfo=COPENHAGEN)
    config = from_environment()
    with (
        told_plainly(),
        server(config) as conninfo,
        PostgresEventStore(conninfo, organisation, open_ring(config)) as store,
    ):
        if case is None:
            _replay_all(store, moment)
            return
        found = replay(store, CaseId(case), as_of=moment)
        if found is None:
            console.print(f"{organisation} had no case {case} then.", style="red")
            raise typer.Exit(1)
        _show(found)


def _replay_all(store: PostgresEventStore, moment: datetime | None) -> None:
    replayed = 0
    with Progress(console=console) as progress:
        task = progress.add_task("Replaying", total=store.safe_position())
        for case_id, position in cases(store):
            replayed += replay(store, case_id, as_of=moment) is not None
            progress.update(task, completed=position)
        progress.update(task, completed=store.safe_position())
    console.print(f"{replayed} cases replayed")


def _show(found: CaseAsItWas) -> None:
    table = Table("version", "recorded", "what", "by", "facts")
    for recorded in found.history:
        name, payload = encode(recorded.event)
        table.add_row(
            str(recorded.version),
            recorded.recorded_at.astimezone(COPENHAGEN).isoformat(timespec="seconds"),
            name,
            recorded.envelope.actor,
            payload.decode(),
        )
    console.print(table)
    console.print_json(json.dumps(found.state))
