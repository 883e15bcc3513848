"""The system itself for the benchmarks: gateway and worker as they are started in earnest."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from tests.benchmarks import julelys
from tests.benchmarks.julelys_events import ORGANISATION
from tests.benchmarks.measurement import Bench
from tests.benchmarks.processes import free_port, output, python, running
from tests.keys import ENVIRONMENT, RING

PERSON: Final = "anna"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """A running gateway; `token` is Anna's, whose every case in `cases` is."""

    port: int
    pid: int
    token: str
    cases: tuple[UUID, ...]

    def path(self, case_id: UUID, rest: str) -> str:
        return f"/api/v1/{ORGANISATION}/cases/{case_id}/{rest}"


@contextmanager
def gateway(bench: Bench, *, cases: int, with_worker: bool) -> Iterator[Gateway]:
    """One gateway process, and the worker if the views are wanted, on a database of its own."""
    conninfo = bench.database("bench_gateway")
    data = Path(bench.folder) / "gateway"
    port = free_port()
    settings = {
        "JULELYS_DATABASE_URL": conninfo,
        "JULELYS_DATA": str(data),
        "JULELYS_PORT": str(port),
        "JULELYS_DEMO": "1",
        "JULELYS_LIMITS": "off",
        **ENVIRONMENT,
    }
    output(_gateway("migrate", settings))
    opened = _open_cases(conninfo, cases)
    bench.analyze()
    with ExitStack() as stack:
        if with_worker:
            stack.enter_context(running(_gateway("work", settings)))
        process = stack.enter_context(running(_gateway("serve", settings), port))
        token = output(_gateway("token", settings, PERSON)).splitlines()[-1]
        # `env` gives its process to the interpreter, so this is the gateway's own number.
        yield Gateway(port=port, pid=process.pid, token=token, cases=opened)


def _gateway(name: str, settings: Mapping[str, str], *more: str) -> list[str]:
    return python("gateway", name, *more, settings=settings)


def _open_cases(conninfo: str, count: int) -> tuple[UUID, ...]:
    streams = tuple(new_id() for _ in range(count))
    with PostgresEventStore(conninfo, ORGANISATION, RING) as store:
        julelys.record(store, [write for each in streams for write in julelys.history_of(each, 1)])
    return streams
