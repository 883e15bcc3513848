"""Routes by which a team drafts, publishes and runs its tenders."""

import json
from typing import Annotated, Final

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.tender import AddTenderMaterial, CancelTender, DraftTender, PublishTender
from commands.tender_committee import AppointCommittee
from events.ids import ActorId, LotId, TenderId
from events.tender import Criterion, Lot, Procedure
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.documents import REFERRED, referred
from gateway.door import admit
from gateway.fields import DocumentIds, Line, LongText, Moment, PersonName, Reason
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.running_tender import running_shape
from gateway.shapes import shaped
from gateway.tender_door import OnTender, Running, admit_to_tender, can_sit, carry_out_quietly
from gateway.tender_shapes import (
    RunningRowShape,
    RunningTenderShape,
    RunningTendersShape,
    TenderIdShape,
)
from gateway.tenders import tender_row
from projections import rehearsals, tenders
from services.authorisation import Action
from services.clock import COPENHAGEN
from services.ids import new_id

router: Final = router_of("tenders")

STOPPED: Final = ("tender-not-found", "tender-cancelled")
DRAFTING: Final = (*STOPPED, "tender-already-published")


class LotBody(Body):
    title: Line


class CriterionBody(Body):
    """`weight` in per cent; all together make 100."""

    name: Line
    weight: Annotated[int, Field(ge=1, le=100)]
    is_price: bool = False


class TenderBody(Body):
    procedure: Annotated[Procedure, Field(strict=False)]
    title: Line
    description: LongText
    team: Line
    lots: Annotated[tuple[LotBody, ...], Field(min_length=1, max_length=50, strict=False)]
    criteria: Annotated[tuple[CriterionBody, ...], Field(min_length=1, max_length=20, strict=False)]


class TenderMaterialBody(Body):
    documents: Annotated[DocumentIds, Field(min_length=1)]


class CommitteeBody(Body):
    """Any `threshold` of the members open the bids together."""

    members: Annotated[tuple[PersonName, ...], Field(max_length=30, strict=False)]
    threshold: Annotated[int, Field(ge=1, le=30)]


class PublicationBody(Body):
    closes_at: Moment


class TenderCancellationBody(Body):
    reason: Reason


@router.get(
    "/running-tenders",
    summary="The tenders of my teams, drafts too",
    response_model=RunningTendersShape,
)
async def list_running_tenders(
    asked: Annotated[Asked, Depends(admit(Action.RUN_TENDER, "tenders", "rehearsals"))],
) -> Response:
    now = await asked.organisation.bid_clock.now()
    async with asked.organisation.reads.connection() as db:
        found = await tenders.of_teams(db, asked.teams(), now)
        standing = await rehearsals.of(db, [each.tender_id for each in found])
    rows = [
        RunningRowShape(
            **dict(tender_row(each)),
            to_rehearse=len(standing.get(each.tender_id, rehearsals.NO_COMMITTEE).waiting),
        )
        for each in found
    ]
    return shaped(RunningTendersShape(tenders=rows))


@router.get(
    "/running-tenders/{tender_id}",
    summary="A tender as its team sees it: committee, questions, and what is missing",
    response_model=RunningTenderShape,
    responses=problems_of("tender-not-found"),
)
async def show_running_tender(
    on: Annotated[OnTender, Depends(admit_to_tender(Action.RUN_TENDER, "tenders"))],
) -> Response:
    return shaped(await running_shape(on))


@router.post(
    "/tenders",
    status_code=201,
    summary="Draft a tender",
    response_model=TenderIdShape,
    responses=problems_of("team-not-found", "title-missing", "lots-unclear", "weights-unclear"),
)
async def draft_tender(
    asked: Annotated[Asked, Depends(admit(Action.RUN_TENDER))], order: Making, body: TenderBody
) -> Response:
    tender_id = TenderId(new_id())
    command = DraftTender(
        tender_id=tender_id,
        team=asked.team(body.team),
        procedure=body.procedure,
        title=body.title,
        description=body.description,
        lots=tuple(
            Lot(lot=LotId(str(number)), title=each.title)
            for number, each in enumerate(body.lots, start=1)
        ),
        criteria=tuple(
            Criterion(name=each.name, weight=each.weight, is_price=each.is_price)
            for each in body.criteria
        ),
    )
    created = json.dumps({"tender": str(tender_id)}).encode()
    location = asked.path(f"/running-tenders/{tender_id}")
    return await carry_out_quietly(
        asked, order, command, location=location, render=lambda _: created
    )


@router.post(
    "/tenders/{tender_id}/material",
    status_code=204,
    summary="Add material to a draft",
    responses=problems_of(*DRAFTING, *REFERRED, "document-already-added"),
)
async def add_tender_material(on: Running, order: Making, body: TenderMaterialBody) -> Response:
    material = await referred(on.asked, body.documents)
    command = AddTenderMaterial(tender_id=on.tender_id, material=material)
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/tenders/{tender_id}/committee",
    status_code=204,
    summary="Appoint the committee that opens the bids, and how many of it do so together",
    responses=problems_of(*DRAFTING, "member-twice", "member-unknown", "committee-too-small"),
)
async def appoint_committee(on: Running, order: Making, body: CommitteeBody) -> Response:
    members = tuple(ActorId(each) for each in body.members)
    strangers = [each for each in members if not can_sit(on.asked, each)]
    if strangers:
        raise Problem("member-unknown", facts={"member": strangers[0]})
    command = AppointCommittee(tender_id=on.tender_id, members=members, threshold=body.threshold)
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/tenders/{tender_id}/publish",
    status_code=204,
    summary="Publish a tender: from now on its material lies open, and bids are received",
    responses=problems_of(
        *DRAFTING,
        "material-missing",
        "committee-missing",
        "committee-not-rehearsed",
        "tender-period-too-short",
    ),
)
async def publish_tender(on: Running, order: Making, body: PublicationBody) -> Response:
    now = await on.now()
    command = PublishTender(
        tender_id=on.tender_id,
        published_at=now,
        closes_at=body.closes_at.astimezone(COPENHAGEN),
        days_off=on.days_off(now),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/tenders/{tender_id}/cancel",
    status_code=204,
    summary="Cancel a tender",
    responses=problems_of("tender-not-found", "contract-concluded", "reason-missing"),
)
async def cancel_tender(on: Running, order: Making, body: TenderCancellationBody) -> Response:
    command = CancelTender(tender_id=on.tender_id, reason=body.reason, now=await on.now())
    return await carry_out_quietly(on.asked, order, command)
