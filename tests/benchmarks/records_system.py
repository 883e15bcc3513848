"""A records system to file in: the simulator as a process, and the settings that lead to it."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from services.config import ROOT
from tests.benchmarks.processes import free_port, python, running

LATENCY_SECONDS: Final = 0.02
DESCRIBED_AT: Final = "127.0.0.1:8801"
"""Where every `esdh.yaml` of ours has it."""


@contextmanager
def simulator(folder: Path) -> Iterator[Path]:
    """A simulator with an empty ledger; give the organisations' folder that leads to it."""
    shutil.rmtree(folder, ignore_errors=True)
    organisations, port = folder / "organisations", free_port()
    shutil.copytree(ROOT / "organisations", organisations)
    for described in organisations.glob("*/esdh.yaml"):
        text = described.read_text()
        described.write_text(text.replace(DESCRIBED_AT, f"127.0.0.1:{port}"))
    command = ["sbsys-simulator", "--port", str(port), "--latency", str(LATENCY_SECONDS)]
    with running(python("gateway", *command, "--data", str(folder / "sbsys")), port):
        yield organisations
