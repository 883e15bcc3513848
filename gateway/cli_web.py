"""Commands for the pages: what they take from npm, and what they say in Danish."""

from typing import Annotated

import typer
from rich.console import Console

from gateway.web.danish import CATALOGUE, updated, written
from gateway.web.packages import NoPackages, fetch

console = Console()


def assets_command() -> None:
    """Fetch the design system that the pages are made with, unless it is there."""
    try:
        fetch()
    except NoPackages as missing:
        # Nothing else depends on it, so nothing else stops.
        console.print(f"Pages without their design: {missing}", style="yellow", markup=False)


def words_command(
    *,
    check: Annotated[
        bool, typer.Option("--check", help="Only say whether anything is missing.")
    ] = False,
) -> None:
    """Bring the Danish catalogue up to date with what the templates and pages say in English."""
    catalogue = updated()
    missing = [str(message.id) for message in catalogue if message.id and not message.string]
    if not check:
        CATALOGUE.write_bytes(written(catalogue))
    for each in missing:
        console.print(f"Not in Danish yet: {each}", markup=False)
    if missing or (check and CATALOGUE.read_bytes() != written(catalogue)):
        raise typer.Exit(1)
