"""A worker in a process of its own, to be killed: `CONNINFO ORGANISATION`."""

import sys
import threading

from services.eventstore.store import PostgresEventStore
from services.projecting import worker
from tests.keys import RING


def main() -> None:
    conninfo, organisation = sys.argv[1:]
    with PostgresEventStore(conninfo, organisation, RING) as store:
        worker.run(conninfo, {organisation: store}, threading.Event())


if __name__ == "__main__":
    main()
