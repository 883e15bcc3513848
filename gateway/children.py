"""Processes of this program that another one of it starts, and starts again."""

import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import Final, Self
from urllib.error import URLError

from services.config import Config, own_environment

READY_SECONDS: Final = 60.0


class NotStarted(Exception):
    """What was begun does not run; says where to read why."""


class Children:
    """Processes of this program, each logging to a file of its name under the data folder."""

    def __init__(self, config: Config, names: Sequence[str]) -> None:
        self._config = config
        self._environment = own_environment(JULELYS_DEMO="1" if config.demo else "")
        self._names = names
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        for name in self._names:
            self._start(name)
        return self

    def __exit__(self, *_: object) -> None:
        for child in self._running.values():
            child.terminate()
        for child in self._running.values():
            child.wait(timeout=30)

    def restart_ended(self) -> list[tuple[str, int]]:
        """Start again what has ended; give names and the statuses they ended with."""
        ended = [
            (name, status)
            for name, child in self._running.items()
            if (status := child.poll()) is not None
        ]
        for name, _ in ended:
            self._start(name)
        return ended

    def wait_until_ready(self) -> None:
        """Return when the gateway answers that it is ready.

        Raises:
            NotStarted: a process ended, or a minute has passed; says where its log lies.
        """
        address = f"http://{self._config.host}:{self._config.port}/health/ready"
        ends = time.monotonic() + READY_SECONDS
        while time.monotonic() < ends:
            for name, child in self._running.items():
                if child.poll() is not None:
                    raise NotStarted(f"{name} could not start; see {self._log(name)}.")
            if _answers(address):
                return
            time.sleep(0.1)
        raise NotStarted(f"The gateway was not ready in time; see {self._log('serve')}.")

    def _start(self, name: str) -> None:
        with self._log(name).open("ab") as log_file:
            self._running[name] = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-m", "gateway", name],
                env=self._environment,
                stdout=log_file,
                stderr=log_file,
            )

    def _log(self, name: str) -> Path:
        return self._config.data / f"{name}.log"


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=2) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except (URLError, OSError):
        return False
