"""A relay in a process of its own, to be killed: `CONNINFO ORGANISATION FILE`.

Its publisher appends positions to the file, one to a line, and has them on disk when it returns.
"""

import asyncio
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from events.envelope import Recorded
from services.eventstore.store import PostgresEventStore
from services.relay.log_reader import StoreLogReader
from services.relay.positions import PostgresRelayPositions
from services.relay.relay import run
from tests.keys import RING


class FilePublisher:
    def __init__(self, file: Path) -> None:
        self._file = file

    async def publish(self, facts: Sequence[Recorded]) -> None:
        lines = "".join(f"{os.getpid()} {fact.position}\n" for fact in facts)
        with self._file.open("a") as file:
            file.write(lines)


def main() -> None:
    conninfo, organisation, file = sys.argv[1:]
    with PostgresEventStore(conninfo, organisation, RING) as store:
        reader = StoreLogReader(store, conninfo, organisation)
        positions = PostgresRelayPositions(conninfo, organisation)
        asyncio.run(run(positions, FilePublisher(Path(file)), reader, asyncio.Event()))


if __name__ == "__main__":
    main()
