"""Routes for forms that I have begun to fill in."""

from datetime import datetime
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from gateway import bodies
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.door import admit
from gateway.fields import Id, OptionalText
from gateway.offers import service_named
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import Shape, shaped
from services import form_drafts as drafts
from services.authorisation import Action
from services.form_drafts import KEPT_FOR, Filled, Place, TooManyDrafts

router: Final = router_of("drafts", "/me/drafts")

Mine: TypeAlias = Annotated[Asked, Depends(admit(Action.KEEP_DRAFT))]
InputName: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=100)]


class AboutQuery(bodies.Query):
    """`about` is the case or hearing, where the form is about one."""

    about: Id | None = None


class InputBody(Body):
    """What stands in one input, as it was typed."""

    name: InputName
    values: Annotated[tuple[OptionalText, ...], Field(max_length=100, strict=False)]


class DraftBody(Body):
    """Nothing of `inputs` is checked before it is submitted. `step` is where to go on.

    `documents` are uploads of mine; they are kept as long as the draft is.
    """

    step: Annotated[int, Field(ge=0, le=100)] = 0
    inputs: Annotated[tuple[InputBody, ...], Field(max_length=300, strict=False)]
    documents: Annotated[tuple[Id, ...], Field(max_length=100, strict=False)] = ()


class DraftRowShape(Shape):
    """`path` is where it is read; it is gone after `kept_until`."""

    service: str
    title: str
    about: UUID | None
    saved_at: datetime
    kept_until: datetime
    path: str


class DraftsShape(Shape):
    drafts: list[DraftRowShape]


class InputShape(Shape):
    name: str
    values: list[str]


class DraftShape(DraftRowShape):
    step: int
    inputs: list[InputShape]
    documents: list[UUID]


@router.get("", summary="Forms that I have begun, the last saved first", response_model=DraftsShape)
async def my_drafts(asked: Mine) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await drafts.all_of(db, asked.who.id, asked.party, asked.now())
    rows = [
        _row(asked, each.service, UUID(each.about) if each.about else None, each.saved_at)
        for each in found
    ]
    return shaped(DraftsShape(drafts=rows))


@router.get(
    "/{service}",
    summary="One that I have begun, to go on with",
    response_model=DraftShape,
    responses=problems_of("draft-not-found"),
)
async def my_draft(asked: Mine, service: str, query: Annotated[AboutQuery, Query()]) -> Response:
    async with asked.organisation.reads.connection() as db:
        found = await drafts.one(db, _place(asked, service, query.about), asked.now())
    if found is None:
        raise Problem("draft-not-found")
    shape = DraftShape(
        **dict(_row(asked, service, query.about, found.saved_at)),
        step=found.filled.step,
        inputs=_inputs(found.filled),
        documents=list(found.filled.documents),
    )
    return shaped(shape)


@router.put(
    "/{service}",
    summary="Keep what I have typed so far, in the place of what was kept before",
    response_model=DraftRowShape,
    responses=problems_of("service-not-found", "drafts-too-many"),
)
async def keep_draft(
    asked: Mine, service: str, query: Annotated[AboutQuery, Query()], body: DraftBody
) -> Response:
    service_named(asked, service)
    now = asked.now()
    filled = Filled(
        step=body.step,
        inputs=[(each.name, each.values) for each in body.inputs],
        documents=body.documents,
    )
    try:
        async with asked.organisation.reads.connection() as db:
            place = _place(asked, service, query.about)
            await drafts.save(db, asked.organisation.keys, place, filled, now)
    except TooManyDrafts as error:
        raise Problem("drafts-too-many", facts={"limit": str(drafts.AT_MOST)}) from error
    return shaped(_row(asked, service, query.about, now))


@router.delete(
    "/{service}",
    status_code=204,
    summary="Forget one that I have begun",
    responses=problems_of("draft-not-found"),
)
async def forget_draft(
    asked: Mine, service: str, query: Annotated[AboutQuery, Query()]
) -> Response:
    async with asked.organisation.reads.connection() as db:
        if not await drafts.forget(db, _place(asked, service, query.about), asked.now()):
            raise Problem("draft-not-found")
    return Response(status_code=204)


def _place(asked: Asked, service: str, about: UUID | None) -> Place:
    return Place(person=asked.who.id, party=asked.party, service=service, about=about)


def _row(asked: Asked, service: str, about: UUID | None, saved_at: datetime) -> DraftRowShape:
    offered = asked.organisation.catalogue.services.get(service)
    below = f"/me/drafts/{service}" + ("" if about is None else f"?about={about}")
    return DraftRowShape(
        service=service,
        # What is not offered any more can still be deleted.
        title=service if offered is None else offered.title.read_in(asked.language.value),
        about=about,
        saved_at=saved_at,
        kept_until=saved_at + KEPT_FOR,
        path=asked.path(below),
    )


def _inputs(filled: Filled) -> list[InputShape]:
    return [InputShape(name=name, values=list(values)) for name, values in filled.inputs]
