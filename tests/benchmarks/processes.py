"""Servers and their companions as child processes: started, waited for, stopped."""

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Final

PATIENCE_SECONDS: Final = 60.0


class NeverAnswered(Exception):
    """A process ended, or nothing listened on its port within a minute."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def python(*arguments: str, settings: Mapping[str, str] | None = None) -> list[str]:
    """The command line of a module in this interpreter, with settings in its environment."""
    given = [f"{name}={value}" for name, value in (settings or {}).items()]
    return ["env", *given, sys.executable, "-m", *arguments]


@contextmanager
def running(command: Sequence[str], port: int | None = None) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a command while the block lasts, from when it listens on `port`."""
    # The command lines are our own: `env` and this interpreter.
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        if port is not None:
            _wait_until_listening(process, port)
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def output(command: Sequence[str]) -> str:
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    return done.stdout.strip()


def _wait_until_listening(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise NeverAnswered(process.args)
