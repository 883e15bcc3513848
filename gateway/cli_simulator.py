"""`sbsys-simulator`: the stand-in for the municipalities' SBSYS, as a process."""

import socket
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from rich.console import Console

from gateway.simulator.app import create_simulator
from gateway.simulator.faults import NO_FAULTS, FaultPlan
from services.config import from_environment

console = Console()


def simulator_command(
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8801,
    host: Annotated[str, typer.Option(help="Whoever reaches it may do anything.")] = "127.0.0.1",
    data: Annotated[
        Path | None, typer.Option(help="Where the ledgers lie; sbsys in the data folder if none.")
    ] = None,
    latency: Annotated[float, typer.Option(min=0, help="Seconds before every answer.")] = 0.0,
    faults: Annotated[Path | None, typer.Option(help="A plan, see docs/simulator.md.")] = None,
) -> None:
    """Stand in for the municipalities' SBSYS, with a page to look at what was filed."""
    try:
        plan = NO_FAULTS if faults is None else FaultPlan.read(faults)
    except (OSError, ValueError) as mistake:
        console.print(f"{faults}: {mistake}", style="red", markup=False)
        raise typer.Exit(1) from mistake
    folder = from_environment().data / "sbsys" if data is None else data
    app = create_simulator(folder, faults=plan, latency_seconds=latency)
    settings = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    with socket.create_server((host, port), backlog=512) as listening:
        # By itself on its line, for whoever has asked for a free port.
        print(f"http://{host}:{listening.getsockname()[1]}", flush=True)  # noqa: T201 - for pipes
        uvicorn.Server(settings).run(sockets=[listening])
