"""Routes by which a team awards a lot, follows complaints, and concludes the contract."""

from typing import Annotated, Final

from pydantic import Field
from starlette.responses import Response

from commands.tender_award import (
    AnnulAward,
    AwardLot,
    ConcludeContract,
    EndTenderComplaint,
    FileTenderComplaint,
)
from events.ids import BidId, LotId, PartyId
from events.tender_award import ComplaintEnd, Notice
from gateway.bodies import Body
from gateway.fields import Day, Id, Line, LongText, PartyName, Reason
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.routers import router_of
from gateway.running_tenders import STOPPED
from gateway.tender_door import Running, carry_out_quietly

router: Final = router_of("tenders", "/tenders/{tender_id}")

AWARDING: Final = (*STOPPED, "tender-not-opened")
AWARDED: Final = (*AWARDING, "lot-not-awarded")


class AwardBody(Body):
    """`notice`: how bidders are told, on which the length of standstill depends."""

    lot: Line
    winner: Id
    reasons: LongText
    notice: Annotated[Notice, Field(strict=False)] = Notice.ELECTRONIC


class BidderComplaintBody(Body):
    """To the Complaints Board for Public Procurement; `filed_on` is the day it was received."""

    lot: Line
    complainant: PartyName
    filed_on: Day


class ComplaintEndBody(Body):
    lot: Line
    complainant: PartyName
    end: Annotated[ComplaintEnd, Field(strict=False)]
    ended_on: Day


class AnnulmentBody(Body):
    lot: Line
    reason: Reason


class ContractBody(Body):
    lot: Line


@router.post(
    "/awards",
    status_code=204,
    summary="Award a lot to the bid with the highest total, told to all bidders at once",
    responses=problems_of(
        *AWARDING,
        "lot-awarded",
        "reason-missing",
        "bid-not-found",
        "award-not-highest",
        "scores-missing",
        "price-missing",
    ),
)
async def award_lot(on: Running, order: Making, body: AwardBody) -> Response:
    now = await on.now()
    command = AwardLot(
        tender_id=on.tender_id,
        lot=LotId(body.lot),
        winner=BidId(body.winner),
        reasons=body.reasons,
        notice=body.notice,
        now=now,
        days_off=on.days_off(now),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/complaints",
    status_code=204,
    summary="Record a complaint; within standstill it stops the contract",
    responses=problems_of(*AWARDED, "contract-concluded"),
)
async def file_tender_complaint(on: Running, order: Making, body: BidderComplaintBody) -> Response:
    command = FileTenderComplaint(
        tender_id=on.tender_id,
        lot=LotId(body.lot),
        complainant=PartyId(body.complainant),
        filed_on=body.filed_on,
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/complaint-ends",
    status_code=204,
    summary="Record how a complaint ended",
    responses=problems_of(*AWARDED),
)
async def end_tender_complaint(on: Running, order: Making, body: ComplaintEndBody) -> Response:
    command = EndTenderComplaint(
        tender_id=on.tender_id,
        lot=LotId(body.lot),
        complainant=PartyId(body.complainant),
        end=body.end,
        ended_on=body.ended_on,
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/annulments",
    status_code=204,
    summary="Annul an award, to award the lot anew or cancel the tender",
    responses=problems_of(*AWARDED, "contract-concluded", "reason-missing"),
)
async def annul_award(on: Running, order: Making, body: AnnulmentBody) -> Response:
    command = AnnulAward(
        tender_id=on.tender_id,
        lot=LotId(body.lot),
        reason=body.reason,
        now=await on.now(),
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/contracts",
    status_code=204,
    summary="Conclude the contract on a lot, once nothing stops it",
    responses=problems_of(
        *AWARDED, "standstill-running", "complaint-stops-contract", "award-not-upheld"
    ),
)
async def conclude_contract(on: Running, order: Making, body: ContractBody) -> Response:
    now = await on.now()
    command = ConcludeContract(tender_id=on.tender_id, lot=LotId(body.lot), today=now.date())
    return await carry_out_quietly(on.asked, order, command)
