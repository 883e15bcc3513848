"""Routes for administrators: how the system runs within. Figures and states; of cases and people
nothing, not even an id.
"""

from collections.abc import Mapping
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from gateway.asked import Asked
from gateway.door import admit
from gateway.health import LAG_SECONDS_AT_MOST
from gateway.routers import router_of
from gateway.running_shapes import (
    HeldDocumentsShape,
    HeldShape,
    KeyShape,
    KeysShape,
    ParkedShape,
    SessionCountShape,
    SessionCountsShape,
    ViewsShape,
    ViewStandingShape,
)
from gateway.shapes import shaped
from services.authorisation import Action
from services.documents.tallies import tallies
from services.login.ending import counted
from services.privacy.rotating import standings_now as key_standings
from services.projecting.standing import ParkedFact, Standing, parked_now, standings_now

PARKED_AT_MOST: Final = 100
KINDS: Final[Mapping[str, str]] = {"person": "citizens", "staff": "staff"}

router: Final = router_of("administration", "/administration")

Watching: TypeAlias = Annotated[Asked, Depends(admit(Action.SEE_RUNNING))]


@router.get(
    "/views",
    summary="How far each view has come, and what it could not take in",
    response_model=ViewsShape,
)
async def views(asked: Watching) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await standings_now(db)
        parked = await parked_now(db, PARKED_AT_MOST)
    shape = ViewsShape(
        end=max((each.safe_position for each in found), default=0),
        views=[_view(each) for each in found],
        parked=[_parked(each) for each in parked],
    )
    return shaped(shape)


@router.get(
    "/keys",
    summary="Which keys wrap persons' keys, and how many",
    response_model=KeysShape,
)
async def keys(asked: Watching) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await key_standings(db)
    current = asked.gateway.application.ring.current
    shapes = [
        KeyShape(
            id=each.kek,
            is_current=each.kek == current,
            wraps=each.live,
            destroyed=each.destroyed,
        )
        for each in found
    ]
    return shaped(KeysShape(keys=shapes))


@router.get(
    "/sessions",
    summary="How many are logged in",
    response_model=SessionCountsShape,
)
async def sessions(asked: Watching) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await counted(db, asked.now())
    shapes = [
        SessionCountShape(
            kind=KINDS.get(each.kind, each.kind),
            sessions=each.sessions,
            persons=each.persons,
            last_used_at=each.used_at,
        )
        for each in found
    ]
    return shaped(SessionCountsShape(counts=shapes))


@router.get(
    "/documents",
    summary="How many uploads are set aside",
    response_model=HeldDocumentsShape,
)
async def documents(asked: Watching) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await tallies(db)
    shapes = [
        HeldShape(state=each.state, number=each.number, oldest_at=each.oldest) for each in found
    ]
    return shaped(HeldDocumentsShape(held=shapes))


def _view(each: Standing) -> ViewStandingShape:
    is_behind = each.lag_seconds > LAG_SECONDS_AT_MOST
    return ViewStandingShape(
        name=each.name,
        state="parked" if each.parked else "behind" if is_behind else "current",
        generation=each.generation,
        version=each.version,
        position=each.position,
        lag_events=each.lag_facts,
        lag_seconds=each.lag_seconds,
        parked=each.parked,
    )


def _parked(each: ParkedFact) -> ParkedShape:
    return ParkedShape(
        view=each.name,
        about=kind_of(each.stream),
        position=each.position,
        error=each.error,
        attempts=each.attempts,
        parked_at=each.parked_at,
    )


_KINDS: Final = (
    "calendar-day",
    "case",
    "hearing",
    "journal",
    "note",
    "post",
    "contact",
    "colleague",
)


def kind_of(stream: str) -> str:
    """What a stream is about, without saying which case, person or day it is."""
    return next((kind for kind in _KINDS if stream.startswith(f"{kind}-")), "other")
