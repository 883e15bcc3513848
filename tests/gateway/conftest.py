"""One running system for all tests of the gateway."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.gateway.running import START, System, running


@pytest.fixture(scope="session")
def whole_system(postgres: str) -> Iterator[System]:
    with (
        tempfile.TemporaryDirectory(prefix="julelys-data-") as folder,
        running(postgres, Path(folder)) as system,
    ):
        yield system


@pytest.fixture
def system(whole_system: System) -> System:
    """The running system, its clock back at the start."""
    whole_system.clock.set(START)
    return whole_system
