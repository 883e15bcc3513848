"""Our own processes, started for real so that they can be killed for real, and their town."""

import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

import pytest
import yaml

from services.catalogue.loading import load
from services.config import ROOT, Config, from_environment, own_environment
from services.core import Core, open_core
from services.database import Row, connect
from services.preparing import prepare
from tests.broker import Broker, Missing, running
from tests.keys import RING

TOWN = "hjorring"
PATIENCE_SECONDS = 300.0
"""For what happens by itself in seconds, on a machine that has nothing else to do."""

TIMINGS = {
    "request_seconds": 2,
    "longest_processing_seconds": 4,
    "lease_seconds": 5,
    # What has failed seven times would pause for two minutes.
    "longest_retry_seconds": 5,
    # Nobody looks addresses up in these towns.
    "property_seconds": 0,
}
Faults: TypeAlias = Sequence[Mapping[str, object]]


def set_by(variable: str, otherwise: str) -> str:
    return from_environment().secrets.get(variable, otherwise)


class Program:
    """`python -m gateway` with these arguments, in a process of its own, again and again."""

    def __init__(
        self, name: str, environment: Mapping[str, str], log: Path, *arguments: str
    ) -> None:
        self.name = name
        self.kills = 0
        self._command = [sys.executable, "-m", "gateway", *arguments]
        self._environment = dict(environment)
        self._log = log
        self._began = 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self._log.open("ab") as log:
            self._began = self._log.stat().st_size
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdout=log, stderr=log
            )

    def kill(self) -> None:
        self.assert_runs()
        self.end()
        self.kills += 1

    def restart(self) -> None:
        self.kill()
        self.start()

    def stop(self) -> None:
        """In order, as an operator does."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        assert self._process.wait(timeout=60) == 0, self.tail()
        self._process = None

    def end(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def assert_runs(self) -> None:
        """Nobody but us ends it."""
        status = None if self._process is None else self._process.poll()
        assert status is None, f"{self.name} ended by itself with {status}: {self.tail()}"

    def has_said(self, happening: str) -> bool:
        """Since it was last started."""
        return f'"event": "{happening}"' in self._said()

    def tail(self) -> str:
        return self._said()[-2000:]

    def _said(self) -> str:
        with self._log.open("rb") as log:
            log.seek(self._began)
            return log.read().decode()


@contextmanager
def started(*programs: Program) -> Iterator[None]:
    """While the block lasts; whatever still runs at its end is killed."""
    with ExitStack() as stack:
        for program in programs:
            stack.callback(program.end)
            program.start()
        yield


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """One organisation on a database of its own, whose SBSYS is the simulator on `port`."""

    folder: Path
    conninfo: str
    environment: Mapping[str, str]
    core: Core
    port: int
    programs: list[Program] = field(default_factory=list)

    @property
    def documents(self) -> Path:
        return self.folder / "data" / "documents" / TOWN

    @property
    def config(self) -> Config:
        return from_environment(self.environment)

    def program(self, name: str, *arguments: str, **more: str) -> Program:
        environment = {**self.environment, **more}
        log = self.folder / f"{name}.log"
        self.programs.append(Program(name, environment, log, *(arguments or (name,))))
        return self.programs[-1]

    def simulator(self, faults: Faults = ()) -> Program:
        plan = self.folder / "faults.yaml"
        plan.write_text(yaml.safe_dump({"faults": [dict(fault) for fault in faults]}))
        options = ("--port", str(self.port), "--faults", str(plan))
        return self.program("simulator", "sbsys-simulator", *options)

    def wait_for(self, what: str, holds: Callable[[], bool]) -> None:
        """Until it has happened, however busy the machine is.

        Raises:
            AssertionError: a process ended by itself, or minutes have passed.
        """
        ends = time.monotonic() + PATIENCE_SECONDS
        while not holds():
            for program in self.programs:
                program.assert_runs()
            assert time.monotonic() < ends, f"It did not happen in time: {what}."
            time.sleep(0.05)

    def rows(self, query: str, *values: object) -> list[Row]:
        with connect(self.conninfo, TOWN) as db:
            return db.execute(query.encode(), values).fetchall()

    def count(self, query: str, *values: object) -> int:
        return int(str(self.rows(query, *values)[0][0]))

    def relayed(self) -> int:
        return self.count("SELECT coalesce(max(position), 0) FROM relay")

    def filed(self) -> int:
        return self.count("SELECT count(*) FROM journal_entry WHERE state IN ('filed', 'done')")


@contextmanager
def town(conninfo: str, folder: Path, **settings: str) -> Iterator[Town]:
    """Everything is there but the processes, which have these settings in their environment."""
    port = free_port()
    organisations = _with_own_simulator(folder / "organisations", port)
    prepare(conninfo, TOWN)
    (folder / "data").mkdir()
    environment = own_environment(
        JULELYS_DATA=str(folder / "data"),
        JULELYS_DATABASE_URL=conninfo,
        JULELYS_ORGANISATIONS=str(organisations),
        JULELYS_DEMO="1",
        JULELYS_LIMITS="off",
        **{"JULELYS_FEED": "log", **settings},
    )
    with open_core(conninfo, load(organisations).organisations[TOWN], RING) as core:
        yield Town(folder=folder, conninfo=conninfo, environment=environment, core=core, port=port)


def over_kafka(broker: Broker) -> dict[str, str]:
    return {
        "JULELYS_FEED": "kafka",
        "JULELYS_KAFKA": f"127.0.0.1:{broker.port}",
        "JULELYS_KAFKA_PARTITIONS": "3",
        "JULELYS_KAFKA_REPLICATION": "1",
        "JULELYS_KAFKA_MIN_IN_SYNC": "1",
        "JULELYS_KAFKA_SESSION_SECONDS": "3",
    }


@contextmanager
def some_broker() -> Iterator[Broker]:
    """Apache's where it can be had, else Tansu; `JULELYS_BROKER` names one."""
    wanted = set_by("JULELYS_BROKER", "")
    for name in [wanted] if wanted else ["apache", "tansu"]:
        with ExitStack() as stack:
            try:
                found = stack.enter_context(running(name))
            except Missing:
                continue
            yield found
            return
    pytest.skip("neither Apache Kafka nor Tansu can be run here")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _with_own_simulator(organisations: Path, port: int) -> Path:
    """A copy of our organisations with one of them, whose SBSYS is quick to be sure."""
    shutil.copytree(ROOT / "organisations", organisations)
    for other in organisations.glob("*/"):
        if other.name != TOWN:
            shutil.rmtree(other)
    settings = organisations / TOWN / "esdh.yaml"
    described = yaml.safe_load(settings.read_text().replace(":8801", f":{port}"))
    settings.write_text(yaml.safe_dump(described | {"timings": TIMINGS}, allow_unicode=True))
    return organisations
