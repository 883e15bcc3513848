"""One organisation, opened for a command that is about it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console

from gateway.cli_telling import told_plainly
from services.catalogue.loading import load
from services.config import Config, from_environment
from services.database import server
from services.entrusting import Premises, open_premises
from services.privacy.key_ring import open_ring

console: Final = Console()


@contextmanager
def premises_of(organisation: str) -> Iterator[tuple[Premises, Config]]:
    """What people can mend is said in a line."""
    config = from_environment()
    with told_plainly():
        described = load(config.organisations).organisations.get(organisation)
        if described is None:
            console.print(f"There is no organisation {organisation!r}.", style="red")
            raise typer.Exit(1)
        ring = open_ring(config)
        with server(config) as conninfo, open_premises(conninfo, described, ring) as premises:
            yield premises, config
