"""From sending a POST to reading one's own line on the timeline, in a system that is idle."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final

import psycopg

from tests.benchmarks.gateway_processes import Gateway, gateway
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, quantiles, table
from tests.benchmarks.messages import TEXT
from tests.benchmarks.reading import Connection, connect, next_position, open_stream, post

POSTS: Final = 200
PAUSE_SECONDS: Final = 0.02
"""Between two posts, so that each meets a system at rest."""


class WrongLine(Exception):
    """The line that came was not the one that was written."""


def measure(bench: Bench, _skipped: list[str]) -> list[Table]:
    with gateway(bench, cases=1, with_worker=True) as found:
        runs = {
            "bare NOTIFY": _notify(bench.conninfo),
            "Julelys": lambda: asyncio.run(_round(found)),
        }
        return [table("POST to own line, idle", interleaved(bench, runs))]


async def _round(found: Gateway) -> Sample:
    [case_id] = found.cases
    stream = await open_stream(found, case_id)
    writing = await connect(found)
    took, answered = [], []
    # What has happened so far comes first; the first post's own line is the end of it.
    first, _ = await post(writing, found, case_id, TEXT)
    while await next_position(stream) != first:
        pass
    for _ in range(POSTS):
        await asyncio.sleep(PAUSE_SECONDS)
        seen = asyncio.create_task(_seen(stream))
        position, sent = await post(writing, found, case_id, TEXT)
        answered.append(time.perf_counter() - sent)
        own, at = await seen
        if own != position:
            raise WrongLine(own, position)
        took.append(at - sent)
    await stream.close()
    await writing.close()
    return {**quantiles(took), "POST p50 ms": quantiles(answered)["p50 ms"]}


async def _seen(stream: Connection) -> tuple[int, float]:
    return await next_position(stream), time.perf_counter()


def _notify(conninfo: str) -> Callable[[], Sample]:
    def run() -> Sample:
        took = []
        with (
            psycopg.connect(conninfo, autocommit=True) as sender,
            psycopg.connect(conninfo, autocommit=True) as listener,
            ThreadPoolExecutor(1) as listening,
        ):
            listener.execute("LISTEN benchmark")

            def heard() -> float:
                for _ in listener.notifies(timeout=10, stop_after=1):
                    return time.perf_counter()
                raise WrongLine("nothing was heard for ten seconds")

            for _ in range(POSTS):
                time.sleep(PAUSE_SECONDS)
                answer = listening.submit(heard)
                began = time.perf_counter()
                sender.execute("NOTIFY benchmark")
                took.append(answer.result() - began)
        return quantiles(took)

    return run
