"""How long the server takes for a case's page, and how much of that the template is."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, TypeVar

import httpx
from pydantic import BaseModel
from starlette.datastructures import State
from starlette.requests import Request

from gateway.language import Language
from gateway.me import MeShape
from gateway.web import case_pages
from gateway.web.asking import Api
from gateway.web.assets import gathered
from gateway.web.visit import Visit
from services.clock import SystemClock
from services.ids import new_id
from tests.benchmarks.gateway_processes import Gateway, gateway
from tests.benchmarks.julelys_events import ORGANISATION
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, quantiles, table
from tests.benchmarks.messages import TEXT
from tests.shipped import ORGANISATIONS

EVENTS: Final = 50
ASKED: Final = 200

Answer = TypeVar("Answer", bound=BaseModel)


def measure(bench: Bench, _skipped: list[str]) -> list[Table]:
    with gateway(bench, cases=1, with_worker=True) as found:
        headers = {"Authorization": f"Bearer {found.token}", "Accept": "text/html"}
        with httpx.Client(base_url=f"http://127.0.0.1:{found.port}", headers=headers) as client:
            path = _filled(found, client)
            runs: dict[str, Callable[[], Sample]] = {
                "bare template render": _rendering(found, client),
                "Julelys": lambda: _asking(client, path),
            }
            return [table(f"the page of a case with {EVENTS} events", interleaved(bench, runs))]


def _filled(found: Gateway, client: httpx.Client) -> str:
    """Anna writes until her case has so many events; the path of its page."""
    [case_id] = found.cases
    written = None
    for _ in range(EVENTS - 1):
        key = {"Idempotency-Key": str(new_id())}
        written = client.post(found.path(case_id, "messages"), json={"text": TEXT}, headers=key)
        written.raise_for_status()
    assert written is not None
    position = {"Julelys-Position": written.headers["Julelys-Position"]}
    client.get(found.path(case_id, "timeline"), headers=position).raise_for_status()
    return f"/{ORGANISATION}/cases/{case_id}"


def _asking(client: httpx.Client, path: str) -> Sample:
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        client.get(path).raise_for_status()
        took.append(time.perf_counter() - began)
    return _told(took)


def _rendering(found: Gateway, client: httpx.Client) -> Callable[[], Sample]:
    """The same page from the same answers, none of which is asked for again."""
    [case_id] = found.cases
    api = _Kept(client)
    app = _App(State({"assets": gathered()}))
    path = f"/{ORGANISATION}/cases/{case_id}"
    scope = {
        "type": "http",
        "method": "GET",
        "path": path,
        "query_string": b"",
        "headers": [(b"host", b"localhost"), (b"accept-encoding", b"gzip")],
        "path_params": {"organisation": ORGANISATION, "case": str(case_id)},
        "app": app,
    }
    visit = _Rendered(
        request=Request(scope),
        api=api,
        organisation=ORGANISATIONS[ORGANISATION],
        language=Language.DANISH,
        me=asyncio.run(api.read("/me", MeShape)),
    )

    def run() -> Sample:
        return _told(asyncio.run(_rendered(visit)))

    return run


async def _rendered(visit: Visit) -> list[float]:
    took = []
    for _ in range(ASKED):
        began = time.perf_counter()
        await case_pages.case(visit)
        took.append(time.perf_counter() - began)
    return took


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rendered(Visit):
    """Of no running gateway, whose clock it would ask."""

    def now(self) -> datetime:
        return SystemClock().now()


@dataclass(frozen=True, slots=True)
class _App:
    state: State


@dataclass(slots=True)
class _Kept(Api):
    """Answers what was answered before."""

    client: httpx.Client
    shapes: dict[str, BaseModel] = field(default_factory=dict)

    async def read(self, path: str, shape: type[Answer], **query: str | None) -> Answer:
        if path not in self.shapes:
            told = self.client.get(f"/api/v1/{ORGANISATION}{path}", params=query)
            told.raise_for_status()
            self.shapes[path] = shape.model_validate_json(told.content)
        kept = self.shapes[path]
        assert isinstance(kept, shape)
        return kept


def _told(took: list[float]) -> Sample:
    ordered = sorted(took)
    return {"p95 ms": ordered[round((len(ordered) - 1) * 0.95)] * 1000, **quantiles(took)}
