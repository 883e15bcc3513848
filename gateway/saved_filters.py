"""Routes for the filters that a member of staff has saved."""

import json
from typing import Annotated, Final, TypeAlias
from urllib.parse import urlencode

from fastapi import Depends, Path
from pydantic import StringConstraints
from starlette.responses import Response

from events.ids import TeamId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.door import admit
from gateway.fields import Line
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.queue_query import FilterQuery
from gateway.routers import router_of
from gateway.shapes import Shape, shaped
from services import saved_filters
from services.authorisation import Action
from services.saved_filters import SavedFilter, TooManyFilters

router: Final = router_of("queues", "/me/filters")

Mine: TypeAlias = Annotated[Asked, Depends(admit(Action.SEE_QUEUE))]
FilterName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[^\x00-\x1f]{1,60}$"), Path(alias="filter")
]


class FilterBody(Body):
    """`query` is what the queue of `team` is asked for, checked as it would be there."""

    team: Line
    query: FilterQuery


class FilterShape(Shape):
    """`path` is the queue, so asked for."""

    name: str
    team: str
    query: dict[str, str | bool | int]
    path: str


class FiltersShape(Shape):
    filters: list[FilterShape]


@router.get("", summary="My saved filters, by name", response_model=FiltersShape)
async def my_filters(asked: Mine) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await saved_filters.all_of(db, asked.who.id)
    return shaped(FiltersShape(filters=[_shape(asked, each) for each in found]))


@router.get(
    "/{filter}",
    summary="One of my saved filters",
    response_model=FilterShape,
    responses=problems_of("filter-name-invalid", "filter-not-found"),
)
async def my_filter(asked: Mine, name: FilterName) -> Response:
    keys = asked.organisation.keys
    async with asked.organisation.reads.connection() as db:
        found = await saved_filters.one(db, keys, asked.who.id, name)
    if found is None:
        raise Problem("filter-not-found")
    return shaped(_shape(asked, found))


@router.put(
    "/{filter}",
    summary="Save a filter, in the place of the one of that name",
    response_model=FilterShape,
    responses=problems_of("filter-name-invalid", "filters-too-many", "team-not-found"),
)
async def save_filter(asked: Mine, name: FilterName, body: FilterBody) -> Response:
    given = body.query.model_dump(mode="json", exclude_none=True)
    saved = SavedFilter(person=asked.who.id, name=name, team=asked.team(body.team), query=given)
    try:
        async with asked.organisation.reads.connection() as db:
            await saved_filters.save(db, asked.organisation.keys, saved)
    except TooManyFilters as error:
        limit = str(saved_filters.AT_MOST)
        raise Problem("filters-too-many", facts={"limit": limit}) from error
    return shaped(_shape(asked, saved))


@router.delete(
    "/{filter}",
    status_code=204,
    summary="Forget a saved filter",
    responses=problems_of("filter-name-invalid", "filter-not-found"),
)
async def forget_filter(asked: Mine, name: FilterName) -> Response:
    keys = asked.organisation.keys
    async with asked.organisation.reads.connection() as db:
        if not await saved_filters.forget(db, keys, asked.who.id, name):
            raise Problem("filter-not-found")
    return Response(status_code=204)


def _shape(asked: Asked, saved: SavedFilter) -> FilterShape:
    # Of what may be asked, yes, no and numbers are not text; a query writes them as JSON does.
    written = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in sorted(saved.query.items())
    }
    path = asked.path(f"/queues/{TeamId(saved.team)}")
    return FilterShape(
        name=saved.name,
        team=saved.team,
        query=saved.query,
        path=f"{path}?{urlencode(written)}" if written else path,
    )
