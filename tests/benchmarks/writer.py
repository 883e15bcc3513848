"""One writer process: says when it is ready, then writes for as long as it is told, and reports.

Speaks lines: `ready`, then for each line of seconds read, one JSON line of what was done. The
baseline that is not written in Python speaks the same.
"""

import json
import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from importlib import import_module
from typing import Final, TypeAlias, cast
from uuid import UUID

from services.ids import new_id
from tests.benchmarks.messages import EVENTS_PER_STREAM

Write: TypeAlias = Callable[[UUID, int], None]
"""Load the case's stream, decide, append one event; at step 0 the case does not exist yet."""

WRITERS: Final = {
    "raw": ("tests.benchmarks.baselines.raw", "writer"),
    "stock": ("tests.benchmarks.baselines.stock", "writer"),
    "message-db": ("tests.benchmarks.baselines.message_db", "writer_of_own_category"),
    "message-db-one": ("tests.benchmarks.baselines.message_db", "writer_of_one_category"),
    "julelys": ("tests.benchmarks.julelys", "writer"),
    "julelys-desk": ("tests.benchmarks.julelys", "desk_writer"),
}
"""Module and function. Only the one that is asked for is imported, for dozens are started."""


def write_for(seconds: float, write: Write) -> dict[str, object]:
    took: list[int] = []
    clock = time.perf_counter_ns
    began = clock()
    until = began + round(seconds * 1e9)
    before = began
    while before < until:
        stream = new_id()
        for step in range(EVENTS_PER_STREAM):
            write(stream, step)
            after = clock()
            took.append((after - before) // 1000)
            before = after
            if before >= until:
                break
    return {"seconds": (before - began) / 1e9, "microseconds": took}


def main(contender: str, conninfo: str, number: int) -> None:
    """Serve the lines of standard input."""
    say = sys.stdout
    module, name = WRITERS[contender]
    open_writer = cast(
        "Callable[[str, int], AbstractContextManager[Write]]",  # what every module above has
        getattr(import_module(module), name),
    )
    with open_writer(conninfo, number) as write:
        say.write("ready\n")
        say.flush()
        for line in sys.stdin:
            say.write(json.dumps(write_for(float(line), write)) + "\n")
            say.flush()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
