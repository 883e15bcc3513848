"""The processes of a running system: the gateway, the worker, and both together for a demo."""

import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Event, Thread
from typing import Final
from urllib.error import URLError

import structlog
import uvicorn

from gateway.app import create_app
from services import clockwork
from services.bootstrap import Core, application, open_core
from services.catalogue.loading import load
from services.clock import SystemClock
from services.config import Config, own_environment
from services.database import connect, server
from services.ports import Clock
from services.projecting import worker

log = structlog.get_logger()

READY_SECONDS: Final = 60.0


def serve(config: Config) -> None:
    """Answer HTTP until told to stop; requests under way are finished first."""
    uvicorn.run(
        create_app(partial(application, config)),
        host=config.host,
        port=config.port,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=5,
    )


def work(config: Config) -> None:
    """Keep the views up to date and do what is due, until told to stop.

    Any number of workers may run: each view has one owner and what is due is done once.
    """
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    described = load(config.organisations).organisations
    with ExitStack() as stack:
        conninfo = stack.enter_context(server(config))
        cores = [
            stack.enter_context(open_core(conninfo, organisation))
            for organisation in described.values()
        ]
        threads = [_chores(core, SystemClock(), config, stop) for core in cores]
        for thread in threads:
            thread.start()
        log.info("worker_started", organisations=sorted(described))
        worker.run(conninfo, {core.name: core.store for core in cores}, stop)
        for thread in threads:
            thread.join()
    log.info("worker_stopped")


def _chores(core: Core, clock: Clock, config: Config, stop: Event) -> Thread:
    folder = config.data / "documents" / core.name
    arguments = (partial(connect, core.conninfo, core.name), core.desk, clock, core.name, stop)
    return Thread(target=clockwork.run, args=(*arguments, folder), name=f"clockwork.{core.name}")


@contextmanager
def children(names: Sequence[str], config: Config) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Processes of this program, each logging to a file of its name under the data folder.

    They are ended in the reverse order when the block ends.
    """
    environment = own_environment(JULELYS_DEMO="1" if config.demo else "")
    with ExitStack() as stack:
        started: list[subprocess.Popen[bytes]] = []
        for name in names:
            log_file = stack.enter_context((config.data / f"{name}.log").open("ab"))
            command = [sys.executable, "-m", "gateway", name]
            child = subprocess.Popen(command, env=environment, stdout=log_file, stderr=log_file)  # noqa: S603 - ourselves
            stack.callback(child.wait, timeout=30)
            stack.callback(child.terminate)
            started.append(child)
        yield started


def wait_until_ready(config: Config, processes: Sequence[subprocess.Popen[bytes]]) -> None:
    """Return when the gateway answers that it is ready.

    Raises:
        RuntimeError: a process ended, or a minute has passed.
    """
    address = f"http://{config.host}:{config.port}/health/ready"
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends:
        for process in processes:
            if process.poll() is not None:
                raise RuntimeError(f"A process ended with status {process.returncode}.")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:  # noqa: PLR2004 - OK
                    return
        except (URLError, OSError):
            pass
        time.sleep(0.1)
    raise RuntimeError("The gateway was not ready within a minute.")
