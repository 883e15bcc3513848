"""Writer processes that are started once and let go together, round after round."""

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from tests.benchmarks.measurement import Sample, quantiles


class WriterDied(Exception):
    """A writer process ended instead of answering; its own words are on standard error."""


class Writers:
    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def run(self, count: int, seconds: float) -> Sample:
        """Let the first `count` writers go at once; give what they did together."""
        running = self._processes[:count]
        for process in running:
            if process.stdin is None:
                raise WriterDied
            process.stdin.write(f"{seconds}\n")
            process.stdin.flush()
        rate = 0.0
        took: list[float] = []
        for process in running:
            answer = json.loads(_line(process))
            rate += len(answer["microseconds"]) / answer["seconds"]
            took.extend(each / 1e6 for each in answer["microseconds"])
        return {"commands/s": rate, **quantiles(took)}


@contextmanager
def writers(commands: Sequence[Sequence[str]]) -> Iterator[Writers]:
    """Start one process for each command line and wait until all are ready."""
    processes: list[subprocess.Popen[str]] = []
    try:
        # One by one, so that those already started are ended if a later one cannot be.
        for command in commands:
            processes += [_start(command)]
        for process in processes:
            if _line(process) != "ready":
                raise WriterDied
        yield Writers(processes)
    finally:
        for process in processes:
            if process.stdin is not None:
                process.stdin.close()
        for process in processes:
            process.wait(timeout=30)


def python_writers(contender: str, conninfo: str, count: int) -> list[list[str]]:
    return [
        [sys.executable, "-m", "tests.benchmarks.writer", contender, conninfo, str(number)]
        for number in range(count)
    ]


def _start(command: Sequence[str]) -> "subprocess.Popen[str]":
    # The command lines are our own: this interpreter or `node` with our script. In a session of
    # its own, so that an interrupt is dealt with here and the writers end with their input.
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def _line(process: "subprocess.Popen[str]") -> str:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise WriterDied(process.args)
    return line.strip()
