"""`demo-issuer`: the demo's own login provider, as a process."""

from typing import Annotated, Final

import typer
from rich.console import Console

from gateway.cli_telling import told_plainly
from gateway.ports import DEMO_ISSUER
from services.clock import SystemClock
from services.config import from_environment
from services.identity import demo_entries

console = Console()

LOCAL: Final = "127.0.0.1"
ADDRESS: Final = f"http://{LOCAL}:{DEMO_ISSUER}"


def issuer_command(
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = DEMO_ISSUER,
    host: Annotated[str, typer.Option(help="Whoever reaches it is whoever they like.")] = LOCAL,
    address: Annotated[str, typer.Option(help="As the login.yaml files have it.")] = ADDRESS,
) -> None:
    """Log the demo's test persons in; only where JULELYS_DEMO=1."""
    from gateway.issuer.app import create_issuer  # noqa: PLC0415  # other commands do without
    from gateway.issuer.clients import all_clients  # noqa: PLC0415  # other commands do without
    from gateway.stand_in import serve  # noqa: PLC0415  # other commands do without

    config = from_environment()
    if not config.demo:
        console.print("It logs anybody in as anybody: only with JULELYS_DEMO=1.", style="red")
        raise typer.Exit(1)
    with told_plainly():
        clients = all_clients(config, address)
        app = create_issuer(clients, demo_entries(config.organisations), SystemClock())
        serve(app, host, port)
