"""What people can mend is said to them in a line; everything else keeps its traceback."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import typer
from rich.console import Console

from gateway.children import NotStarted
from gateway.ports import PortTaken
from services.catalogue.mistakes import CatalogueInvalid
from services.migrating import WrongSchema
from services.privacy.key_ring import KekMissing
from services.relay.configuring import KafkaInTheClear, KafkaMissing

MENDABLE: Final = (
    CatalogueInvalid,
    KafkaInTheClear,
    KafkaMissing,
    KekMissing,
    NotStarted,
    PortTaken,
    WrongSchema,
)
console = Console()


@contextmanager
def told_plainly() -> Iterator[None]:
    try:
        yield
    except MENDABLE as mistake:
        console.print(str(mistake), style="red", markup=False, highlight=False, soft_wrap=True)
        raise typer.Exit(1) from mistake
