"""`asyncapi`: what we publish over Kafka, written down for others."""

from typing import Annotated

import typer
from rich.console import Console

from services.config import ROOT
from services.relay.asyncapi import SchemaReleased, differing, write

console = Console()

DOCS = ROOT / "docs"


def asyncapi_command(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; fail when something is out of date.")
    ] = False,
) -> None:
    """Write docs/asyncapi.json and the JSON Schema of every event as it is published."""
    if check:
        stale = differing(DOCS)
        for path in stale:
            console.print(f"docs/{path} is out of date", style="red", markup=False)
        if stale:
            raise typer.Exit(1)
        return
    try:
        written = write(DOCS)
    except SchemaReleased as released:
        console.print(str(released), style="red", markup=False)
        raise typer.Exit(1) from released
    console.print(f"{len(written)} files written")
