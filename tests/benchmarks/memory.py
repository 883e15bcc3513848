"""What a thousand timelines left open cost the gateway."""

import asyncio
import resource
from typing import Final

import psutil

from tests.benchmarks.gateway_processes import Gateway, gateway
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, table
from tests.benchmarks.reading import open_streams

WARM: Final = 50
"""Readers before the first weighing, so that what is made once is not charged to the others."""

READERS: Final = 1_000
FILES: Final = 4_096
REST_SECONDS: Final = 2.0


def measure(bench: Bench, _skipped: list[str]) -> list[Table]:
    _allow_files()

    def run() -> Sample:
        # A process of its own for every round: memory that was used once is not given back.
        with gateway(bench, cases=WARM + READERS, with_worker=True) as found:
            return asyncio.run(_weigh(found))

    return [table("1,000 idle readers", interleaved(bench, {"Julelys": run}))]


async def _weigh(found: Gateway) -> Sample:
    process = psutil.Process(found.pid)
    first = await open_streams(found, found.cases[:WARM])
    await asyncio.sleep(REST_SECONDS)
    before = process.memory_full_info().uss
    more = await open_streams(found, found.cases[WARM:])
    await asyncio.sleep(REST_SECONDS)
    after = process.memory_full_info().uss
    for each in [*first, *more]:
        await each.close()
    return {
        "KB per reader": (after - before) / 1024 / len(more),
        "MB in all": after / 1024 / 1024,
    }


def _allow_files() -> None:
    """Every reader is an open file here and in the gateway, which inherits the limit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES if hard == resource.RLIM_INFINITY else min(FILES, hard)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
