"""Whether this process is alive, whether it can serve, and what it has counted."""

import asyncio
import json
from typing import Final

import psycopg
from fastapi import APIRouter
from prometheus_client import generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import Response

from gateway.door import gateway_of
from gateway.meters import Meters
from gateway.strict import JSON
from services.bootstrap import Organisation
from services.documents.holding import State
from services.documents.tallies import tallies
from services.journal.listing import (
    differences_async,
    oldest_unjournalised_async,
    unfinished_counts_async,
)
from services.ports import Clock
from services.post import counting as post_counting
from services.projecting.standing import Standing, standings_now

LAG_SECONDS_AT_MOST: Final = 30.0
"""Views further behind than this show people yesterday's answer."""

ANSWER_WITHIN_SECONDS: Final = 3.0


router: Final = APIRouter(tags=["health"])

_OBJECT: Final = {"content": {JSON: {"schema": {"type": "object"}}}}


@router.get(
    "/health/live",
    summary="The process is alive",
    response_class=Response,
    responses={200: _OBJECT},
)
async def live() -> Response:
    """This process answers; it says nothing of anything else."""
    return Response(b'{"status":"alive"}', media_type=JSON)


@router.get(
    "/health/ready",
    summary="The process can serve",
    response_class=Response,
    responses={200: _OBJECT, 503: {"description": "It cannot, and why", **_OBJECT}},
)
async def ready(request: Request) -> Response:
    """Every organisation's database answers and its views keep up; 503 and which ones if not.

    An organisation that was added and cannot be served here is told of and makes nobody else wait.
    """
    gateway = gateway_of(request)
    found = {
        organisation.name: await _state(organisation)
        for organisation in gateway.application.organisations.values()
    }
    is_ready = all(state == "ready" for state in found.values())
    found |= {name: f"left-out: {why}" for name, why in gateway.application.roster.left_out.items()}
    told = {"status": "ready" if is_ready else "not-ready", "organisations": found}
    body = json.dumps(told).encode()
    return Response(body, 200 if is_ready else 503, media_type=JSON)


@router.get(
    "/metrics",
    summary="Figures for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
)
async def metrics(request: Request) -> Response:
    """What Prometheus collects, lag included when the database answers."""
    gateway = gateway_of(request)
    meters = gateway.meters
    left_out = gateway.application.roster.left_out
    for name in left_out.keys() | gateway.application.organisations.keys():
        meters.left_out.labels(name).set(name in left_out)
    for name, hub in gateway.hubs.items():
        meters.readers.labels(name).set(hub.readers)
    for organisation in gateway.application.organisations.values():
        for standing in await _standings(organisation) or ():
            labels = (organisation.name, standing.name)
            meters.lag_events.labels(*labels).set(standing.lag_facts)
            meters.lag_seconds.labels(*labels).set(standing.lag_seconds)
            meters.parked.labels(*labels).set(standing.parked)
        await _measure_journal(organisation, meters, gateway.application.clock)
        await _measure_held(organisation, meters, gateway.application.clock)
        await _measure_post(organisation, meters, gateway.application.clock)
    body = generate_latest(meters.registry)
    return Response(body, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _measure_journal(organisation: Organisation, meters: Meters, clock: Clock) -> None:
    """Left as they were when the database does not answer, like every figure here."""
    try:
        async with asyncio.timeout(ANSWER_WITHIN_SECONDS), organisation.reads.connection() as db:
            oldest = await oldest_unjournalised_async(db)
            counts = await unfinished_counts_async(db)
            differing = await differences_async(db)
    except (psycopg.Error, OSError):
        return
    age = 0.0 if oldest is None else (clock.now() - oldest).total_seconds()
    meters.journal_age.labels(organisation.name).set(max(age, 0.0))
    for state, count in counts.items():
        meters.journal_entries.labels(organisation.name, state.value).set(count)
    for kind, count in differing.items():
        meters.journal_differences.labels(organisation.name, kind.value).set(count)


async def _measure_held(organisation: Organisation, meters: Meters, clock: Clock) -> None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_SECONDS), organisation.reads.connection() as db:
            found = {tally.state: tally for tally in await tallies(db)}
    except (psycopg.Error, OSError):
        return
    for state in (State.WAITING, State.QUARANTINED):
        tally = found.get(state)
        age = 0.0 if tally is None else (clock.now() - tally.oldest).total_seconds()
        labels = (organisation.name, state.value)
        meters.held.labels(*labels).set(0 if tally is None else tally.number)
        meters.held_age.labels(*labels).set(max(age, 0.0))


async def _measure_post(organisation: Organisation, meters: Meters, clock: Clock) -> None:
    try:
        async with asyncio.timeout(ANSWER_WITHIN_SECONDS), organisation.reads.connection() as db:
            counts = await post_counting.counts(db)
            since = await post_counting.failing_since(db)
    except (psycopg.Error, OSError):
        return
    for state, count in counts.items():
        meters.post.labels(organisation.name, state.value).set(count)
    age = 0.0 if since is None else (clock.now() - since).total_seconds()
    meters.post_failing.labels(organisation.name).set(max(age, 0.0))


async def _state(organisation: Organisation) -> str:
    found = await _standings(organisation)
    if found is None:
        return "database-unavailable"
    late = [each.name for each in found if each.lag_seconds > LAG_SECONDS_AT_MOST]
    if not found or late:
        return f"views-behind: {', '.join(late) or 'all'}"
    return "ready"


async def _standings(organisation: Organisation) -> list[Standing] | None:
    """None when the database does not answer."""
    try:
        async with (
            asyncio.timeout(ANSWER_WITHIN_SECONDS),
            organisation.reads.connection() as db,
        ):
            return await standings_now(db)
    except (psycopg.Error, OSError):
        return None
