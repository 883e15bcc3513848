"""Routes by which a team publishes, extends and concludes its hearings."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.hearing import (
    AddMaterial,
    CancelHearing,
    ConcludeHearing,
    ExtendHearing,
    PublishHearing,
)
from events.hearing import HearingAnswer, HearingKind, HearingPublished
from events.ids import CaseId, HearingId, TeamId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.documents import REFERRED, referred
from gateway.door import admit
from gateway.fields import DocumentIds, IdInPath, Line, LongText, Moment, Reason
from gateway.hearing_shapes import HearingIdShape
from gateway.openapi import problems_of
from gateway.ordering import Changing, Making
from gateway.problems import Problem
from gateway.routers import router_of
from services.authorisation import Action
from services.clock import COPENHAGEN
from services.ids import new_id
from services.streams import hearing_stream

router: Final = router_of("hearings", "/hearings")

ENDED: Final = ("hearing-not-found", "hearing-cancelled", "hearing-concluded")


class HearingBody(Body):
    kind: Annotated[HearingKind, Field(strict=False)]
    title: Line
    description: LongText
    team: Line
    closes_at: Moment
    material: DocumentIds = ()


class ExtensionBody(Body):
    closes_at: Moment


class MaterialBody(Body):
    documents: Annotated[DocumentIds, Field(min_length=1)]


class ThemeBody(Body):
    """What the municipality answers on one theme, and the cases of the responses that raised it."""

    theme: Line
    answer: LongText
    responses: Annotated[DocumentIds, Field(max_length=10_000)] = ()


class ConclusionBody(Body):
    """`answers` are those of the points that were drafted where they are left out."""

    summary: LongText
    answers: Annotated[tuple[ThemeBody, ...], Field(max_length=200, strict=False)] | None = None


class CancellationBody(Body):
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class OnHearing:
    """Someone let in to a hearing of their own team."""

    asked: Asked
    hearing_id: HearingId
    team: TeamId


def admit_to_hearing(action: Action, *views: str) -> Callable[..., Awaitable[OnHearing]]:
    """The dependency of a route for `action` on the hearing in its path."""

    async def on_hearing(
        asked: Annotated[Asked, Depends(admit(action, *views))], hearing_id: IdInPath
    ) -> OnHearing:
        """Asks the log, so that a new hearing is there."""
        found_id = HearingId(hearing_id)
        store = asked.organisation.store
        found = await asyncio.to_thread(store.read, hearing_stream(found_id), up_to=1)
        match found.events:
            case [HearingPublished(team=team), *_]:
                asked.allow(team=team)
            case _:
                raise Problem("hearing-not-found")
        return OnHearing(asked=asked, hearing_id=found_id, team=team)

    return on_hearing


Running: TypeAlias = Annotated[OnHearing, Depends(admit_to_hearing(Action.RUN_HEARING))]


@router.post(
    "",
    status_code=201,
    summary="Publish a hearing",
    response_model=HearingIdShape,
    responses=problems_of(
        "team-not-found",
        "title-missing",
        "hearing-period-too-short",
        *REFERRED,
        "document-already-added",
    ),
)
async def publish_hearing(
    asked: Annotated[Asked, Depends(admit(Action.RUN_HEARING))], order: Making, body: HearingBody
) -> Response:
    hearing_id = HearingId(new_id())
    command = PublishHearing(
        hearing_id=hearing_id,
        kind=body.kind,
        title=body.title,
        description=body.description,
        team=asked.team(body.team),
        material=await referred(asked, body.material),
        published_at=asked.now().astimezone(COPENHAGEN),
        closes_at=body.closes_at.astimezone(COPENHAGEN),
    )
    created = json.dumps({"hearing": str(hearing_id)}).encode()
    location = asked.path(f"/hearings/{hearing_id}")
    return await carry_out(asked, order, command, location=location, render=lambda _: created)


@router.post(
    "/{hearing_id}/extend",
    status_code=204,
    summary="Give a hearing a later deadline",
    responses=problems_of(*ENDED, "hearing-closed", "hearing-deadline-not-later"),
)
async def extend_hearing(on: Running, order: Changing, body: ExtensionBody) -> Response:
    closes_at = body.closes_at.astimezone(COPENHAGEN)
    command = ExtendHearing(hearing_id=on.hearing_id, closes_at=closes_at, now=on.asked.now())
    return await carry_out(on.asked, order, command)


@router.post(
    "/{hearing_id}/material",
    status_code=204,
    summary="Add material to a hearing",
    responses=problems_of(*ENDED, *REFERRED, "document-already-added", "hearing-closed"),
)
async def add_material(on: Running, order: Changing, body: MaterialBody) -> Response:
    material = await referred(on.asked, body.documents)
    return await carry_out(
        on.asked, order, AddMaterial(hearing_id=on.hearing_id, material=material)
    )


@router.post(
    "/{hearing_id}/conclude",
    status_code=204,
    summary="Conclude a hearing and answer its responses",
    responses=problems_of(
        *ENDED,
        "hearing-not-closed",
        "summary-missing",
        "answer-empty",
        "hearing-response-unknown",
        "case-not-found",
    ),
)
async def conclude_hearing(on: Running, order: Changing, body: ConclusionBody) -> Response:
    answers = None if body.answers is None else tuple(map(_answer, body.answers))
    command = ConcludeHearing(
        hearing_id=on.hearing_id, summary=body.summary, answers=answers, now=on.asked.now()
    )
    return await carry_out(on.asked, order, command)


@router.post(
    "/{hearing_id}/cancel",
    status_code=204,
    summary="Cancel a hearing",
    responses=problems_of(*ENDED, "reason-missing"),
)
async def cancel_hearing(on: Running, order: Changing, body: CancellationBody) -> Response:
    return await carry_out(
        on.asked, order, CancelHearing(hearing_id=on.hearing_id, reason=body.reason)
    )


def _answer(body: ThemeBody) -> HearingAnswer:
    return HearingAnswer(
        theme=body.theme,
        answer=body.answer,
        responses=tuple(CaseId(response) for response in body.responses),
    )
