"""`demo-issuer`: the demo's own login provider, as a process."""

import socket
from typing import Annotated, Final

import typer
import uvicorn
from rich.console import Console

from gateway.issuer.app import create_issuer
from gateway.issuer.clients import all_clients
from services.catalogue.mistakes import CatalogueInvalid
from services.clock import SystemClock
from services.config import from_environment, secrets_now
from services.identity import demo_entries

console = Console()

LOCAL: Final = "127.0.0.1"
ADDRESS: Final = "http://127.0.0.1:8803"


def issuer_command(
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8803,
    host: Annotated[str, typer.Option(help="Whoever reaches it is whoever they like.")] = LOCAL,
    address: Annotated[str, typer.Option(help="As the login.yaml files have it.")] = ADDRESS,
) -> None:
    """Log the demo's test persons in; only where JULELYS_DEMO=1."""
    config = from_environment()
    if not config.demo:
        console.print("It logs anybody in as anybody: only with JULELYS_DEMO=1.", style="red")
        raise typer.Exit(1)
    try:
        clients = all_clients(config.organisations, secrets_now(config), address)
    except CatalogueInvalid as mistakes:
        console.print(str(mistakes), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(1) from mistakes
    app = create_issuer(clients, demo_entries(config.organisations), SystemClock())
    settings = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    with socket.create_server((host, port), backlog=512) as listening:
        print(f"http://{host}:{listening.getsockname()[1]}", flush=True)  # noqa: T201 - for pipes
        uvicorn.Server(settings).run(sockets=[listening])
