"""A durable command over HTTP: one server process, eight and thirty-two connections."""

import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from typing import Final

from tests.benchmarks.baselines import stock
from tests.benchmarks.gateway_processes import gateway
from tests.benchmarks.load import Target
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, quantiles, table
from tests.benchmarks.messages import TEXT
from tests.benchmarks.processes import free_port, python, running

CONNECTIONS: Final = (8, 32)
CASES: Final = 2_000
BODY: Final = json.dumps({"text": TEXT}, ensure_ascii=False)


def measure(bench: Bench, _skipped: list[str]) -> list[Table]:
    with ExitStack() as stack:
        targets = {
            "an empty answer": stack.enter_context(_empty()),
            "FastAPI with eventsourcing": stack.enter_context(_stock(bench)),
            "Julelys": stack.enter_context(_ours(bench)),
        }
        generators = {
            name: stack.enter_context(_generator(target)) for name, target in targets.items()
        }
        tables = []
        for connections in CONNECTIONS:
            runs = {
                name: partial(ask, connections, bench.seconds) for name, ask in generators.items()
            }
            work = f"POST a message, {connections} connections"
            tables.append(table(work, interleaved(bench, runs)))
        return tables


@contextmanager
def _empty() -> Iterator[Target]:
    port = free_port()
    with running(python("tests.benchmarks.baselines.empty_web", str(port)), port):
        yield Target(port=port, paths=["/"], headers={}, body=BODY, expected=201)


@contextmanager
def _stock(bench: Bench) -> Iterator[Target]:
    conninfo, port = bench.database("bench_stock"), free_port()
    stock.install(conninfo)
    with closing(stock.Cases(env=stock.environment(conninfo, create=False))) as app:
        paths = [f"/cases/{stock.open_case(app)}/messages" for _ in range(CASES)]
    command = python("tests.benchmarks.baselines.stock_web", conninfo, str(port))
    with running(command, port):
        yield Target(port=port, paths=paths, headers={}, body=BODY, expected=201)


@contextmanager
def _ours(bench: Bench) -> Iterator[Target]:
    with gateway(bench, cases=CASES, with_worker=False) as found:
        yield Target(
            port=found.port,
            paths=[found.path(each, "messages") for each in found.cases],
            headers={"authorization": f"Bearer {found.token}"},
            body=BODY,
            expected=201,
        )


@contextmanager
def _generator(target: Target) -> Iterator[Callable[[int, float], Sample]]:
    # Our own module in this interpreter.
    with subprocess.Popen(
        python("tests.benchmarks.load"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        say, hear = process.stdin, process.stdout
        if say is None or hear is None:
            raise BrokenPipeError
        say.write(json.dumps(target) + "\n")
        say.flush()
        hear.readline()

        def ask(connections: int, seconds: float) -> Sample:
            say.write(f"{connections} {seconds}\n")
            say.flush()
            line = hear.readline()
            if not line:
                raise BrokenPipeError("the load generator ended; its words are on standard error")
            answer = json.loads(line)
            took = [each / 1e6 for each in answer["microseconds"]]
            return {"requests/s": len(took) / answer["seconds"], **quantiles(took)}

        yield ask
        say.close()
