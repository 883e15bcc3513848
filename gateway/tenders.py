"""Routes for reading tenders, open to everyone."""

from typing import Annotated, Final, Literal, TypeAlias

from fastapi import Depends, Query
from starlette.responses import Response

from events.ids import ActorId, DocumentId, TenderId
from gateway import bodies
from gateway.asked import Asked
from gateway.documents import BINARY, Download
from gateway.door import admit
from gateway.fields import IdInPath
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.sentences import name_of
from gateway.shapes import document_shape, shaped
from gateway.tender_shapes import (
    AwardShape,
    CriterionShape,
    LotShape,
    TenderRowShape,
    TenderShape,
    TendersShape,
    ToldShape,
)
from projections import documents, tenders
from projections.tenders import Tender
from services.authorisation import Action

router: Final = router_of("tenders", "/tenders")

Reading: TypeAlias = Annotated[Asked, Depends(admit(Action.READ_PUBLIC, "tenders"))]


class TendersQuery(bodies.Query):
    state: Literal["open", "closed", "opened", "awarded", "concluded", "cancelled"] | None = None


@router.get("", summary="Public tenders, the last to close first", response_model=TendersShape)
async def list_tenders(asked: Reading, query: Annotated[TendersQuery, Query()]) -> Response:
    now = await asked.organisation.bid_clock.now()
    async with asked.organisation.reads.connection() as db:
        found = await tenders.published(db, query.state, now)
    return shaped(TendersShape(tenders=list(map(tender_row, found))))


@router.get(
    "/{tender_id}",
    summary="One public tender with its material, what all were told, and what came of it",
    response_model=TenderShape,
    responses=problems_of("tender-not-found"),
)
async def show_tender(asked: Reading, tender_id: IdInPath) -> Response:
    return shaped(tender_shape(asked, await public_tender(asked, TenderId(tender_id))))


@router.get(
    "/{tender_id}/documents/{document_id}",
    summary="A document of a tender's material",
    response_class=Response,
    responses=BINARY | problems_of("tender-not-found", "document-not-found"),
)
async def download_tender_material(
    asked: Annotated[Asked, Depends(admit(Action.READ_PUBLIC, "tenders", "documents"))],
    tender_id: IdInPath,
    document_id: IdInPath,
) -> Response:
    found = await public_tender(asked, TenderId(tender_id))
    if str(document_id) not in {row["document_id"] for row in found.material}:
        raise Problem("document-not-found")
    async with asked.organisation.reads.connection() as db:
        document = await documents.one(db, DocumentId(document_id), TenderId(tender_id))
    if document is None:
        raise Problem("document-not-found")
    return Download(asked, document)


async def public_tender(asked: Asked, tender_id: TenderId) -> Tender:
    """Raises:
    Problem: `tender-not-found`, for a draft too.
    """
    now = await asked.organisation.bid_clock.now()
    async with asked.organisation.reads.connection() as db:
        found = await tenders.one(db, tender_id, now)
    if found is None or found.published_at is None:
        raise Problem("tender-not-found")
    return found


def tender_row(tender: Tender) -> TenderRowShape:
    return TenderRowShape(
        tender=tender.tender_id,
        procedure=tender.procedure,
        title=tender.title,
        description=tender.description,
        team=tender.team,
        state=tender.state,
        published_at=tender.published_at,
        closes_at=tender.closes_at,
        takes_bids=tender.takes_bids,
        changed_at=tender.changed_at,
        bids=None if tender.opened_at is None else len(tender.bids),
    )


def tender_shape(asked: Asked, tender: Tender) -> TenderShape:
    return TenderShape(
        **dict(tender_row(tender)),
        lots=[LotShape(lot=row["lot"], title=row["title"]) for row in tender.lots],
        criteria=[CriterionShape(**row) for row in tender.criteria],
        material=[document_shape(row) for row in tender.material],
        told=[ToldShape.model_validate(row) for row in tender.told],
        members=tender.members,
        threshold=tender.threshold,
        opened_at=tender.opened_at,
        awards=_awards(asked, tender),
        cancelled_at=tender.cancelled_at,
        reason=tender.reason,
    )


def _awards(asked: Asked, tender: Tender) -> list[AwardShape]:
    """With the winner's name, which the award tells everybody (udbudsloven § 171)."""
    bidders = {row["bid_id"]: row["bidder"] for row in tender.bids}
    concluded = {row["lot"]: row["concluded_on"] for row in tender.contracts}
    return [
        AwardShape.model_validate(
            {
                "lot": row["lot"],
                "winner": name_of(
                    ActorId(bidders[row["winner"]] or ""), asked.language, asked.names
                ),
                "reasons": row["reasons"],
                "awarded_at": row["awarded_at"],
                "standstill_until": row["standstill_until"],
                "concluded_on": concluded.get(row["lot"]),
            }
        )
        for row in tender.awards
    ]
