"""A port that is taken is said in a line, by name, before anything is prepared."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.ports import PortTaken, listen, require_free
from services.config import ROOT, own_environment


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


def test_a_free_port_is_taken_and_one_that_is_taken_is_named(taken: int) -> None:
    with listen("127.0.0.1", 0) as listening:
        assert listening.getsockname()[1] != taken
    with pytest.raises(PortTaken, match=f"Port {taken} of 127.0.0.1"):
        listen("127.0.0.1", taken)


def test_what_is_found_free_is_free_afterwards(taken: int) -> None:
    with listen("127.0.0.1", 0) as listening:
        free = listening.getsockname()[1]
    require_free("127.0.0.1", free)
    require_free("127.0.0.1", free)
    with pytest.raises(PortTaken):
        require_free("127.0.0.1", free, taken)


@pytest.mark.skipif(not socket.has_ipv6, reason="No IPv6 on this machine.")
def test_an_address_of_ipv6_is_listened_at() -> None:
    with listen("::1", 0) as listening, pytest.raises(PortTaken, match="of ::1"):
        require_free("::1", listening.getsockname()[1])


@pytest.mark.parametrize(
    "command",
    [
        ("serve",),
        ("demo",),
        ("demo-issuer", "--port", "{taken}"),
        ("mail-catcher", "--port", "{taken}"),
        ("sbsys-simulator", "--port", "{taken}"),
    ],
    ids=lambda command: command[0],
)
def test_who_starts_a_process_twice_is_told_so(
    command: tuple[str, ...], taken: int, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    environment = own_environment(
        JULELYS_DATA=str(data), JULELYS_DEMO="1", JULELYS_PORT=str(taken), COLUMNS="80"
    )
    told = subprocess.run(
        [sys.executable, "-m", "gateway", *(each.format(taken=taken) for each in command)],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert told.returncode == 1
    assert told.stdout.startswith(f"Port {taken} of 127.0.0.1 is taken by another program")
    assert "Traceback" not in told.stdout + told.stderr
    assert not (data / "postgres").exists()
