"""The simulator as an application: several municipalities, their ledgers, and a page over all."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

from fastapi import FastAPI

from gateway.simulator.api import Api, Surroundings
from gateway.simulator.control import Control
from gateway.simulator.faults import NO_FAULTS, FaultPlan, Faults
from gateway.simulator.installation import INSTALLATIONS, Installation
from gateway.simulator.municipality import Municipality, opened
from gateway.simulator.pages import Pages
from gateway.simulator.striking import Striking
from services.clock import SystemClock
from services.ports import Clock


def create_simulator(
    folder: Path,
    *,
    faults: FaultPlan = NO_FAULTS,
    latency_seconds: float = 0.0,
    installations: Sequence[Installation] = INSTALLATIONS,
    clock: Clock | None = None,
) -> FastAPI:
    """The simulator with its ledgers in `folder`, which goes on from what lies there.

    `latency_seconds` is waited before every answer of the API. The ledgers are open at once, so
    that the application may be called without a server, and closed when a server stops.

    Raises:
        OSError: the folder cannot be made.
        sqlite3.Error: a ledger cannot be opened.
    """
    folder.mkdir(parents=True, exist_ok=True)
    municipalities = [opened(each, folder) for each in installations]
    around = Surroundings(
        clock=clock or SystemClock(),
        faults=Faults(faults),
        striking=Striking(),
        latency=latency_seconds,
    )

    sides = Control(municipalities, around).routes() + Pages(municipalities, around).routes()
    apis = [route for each in municipalities for route in Api(each, around).routes()]
    return FastAPI(
        title="SBSYS, simulated",
        lifespan=partial(_lifespan, municipalities, around),
        routes=[*apis, *sides],
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        # What it would record of errors and bad input may hold personal data.
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )


@asynccontextmanager
async def _lifespan(
    municipalities: Sequence[Municipality], around: Surroundings, _: FastAPI
) -> AsyncIterator[None]:
    yield
    await around.striking.stop()
    for each in municipalities:
        each.ledger.close()
