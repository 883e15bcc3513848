"""`sbsys-simulator`: the stand-in for the municipalities' SBSYS, as a process."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from gateway.cli_telling import told_plainly
from gateway.ports import SIMULATOR
from gateway.simulator.faults import NO_FAULTS, FaultPlan
from services.config import from_environment

console = Console()


def simulator_command(
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = SIMULATOR,
    host: Annotated[str, typer.Option(help="Whoever reaches it may do anything.")] = "127.0.0.1",
    data: Annotated[
        Path | None, typer.Option(help="Where the ledgers lie; sbsys in the data folder if none.")
    ] = None,
    latency: Annotated[float, typer.Option(min=0, help="Seconds before every answer.")] = 0.0,
    faults: Annotated[Path | None, typer.Option(help="A plan, see docs/simulator.md.")] = None,
) -> None:
    """Stand in for the municipalities' SBSYS, with a page to look at what was filed."""
    from gateway.simulator.app import create_simulator  # noqa: PLC0415  # other commands do without
    from gateway.stand_in import serve  # noqa: PLC0415  # other commands do without

    try:
        plan = NO_FAULTS if faults is None else FaultPlan.read(faults)
    except (OSError, ValueError) as mistake:
        console.print(f"{faults}: {mistake}", style="red", markup=False)
        raise typer.Exit(1) from mistake
    folder = from_environment().data / "sbsys" if data is None else data
    app = create_simulator(folder, faults=plan, latency_seconds=latency)
    with told_plainly():
        serve(app, host, port)
