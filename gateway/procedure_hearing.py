"""Routes for hearing a party before a decision (forvaltningsloven §§ 19-21)."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.case_party_hearing import (
    AnswerPartyHearing,
    ExemptFromPartyHearing,
    OpenPartyHearing,
)
from events.case_decision import Outcome
from events.case_party_hearing import HearingExemption
from events.ids import DocumentId, MessageId, PartyId, RoundId
from gateway.bodies import Body
from gateway.case_shapes import MessageShape
from gateway.commanding import carry_out, naming
from gateway.documents import referred
from gateway.fields import (
    Day,
    DocumentIds,
    IdInPath,
    LongText,
    OptionalText,
    PartyName,
    Reason,
)
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.problems import Problem
from gateway.procedure import ALWAYS, WITH_DOCUMENTS, Working
from gateway.routers import router_of
from gateway.seeing import parties_of
from gateway.shapes import Shape
from services.authorisation import Action
from services.deadlines import local_date
from services.ids import new_id
from services.sight import sight_of, withheld_documents
from services.streams import case_stream

router: Final = router_of("procedure", "/cases/{case_id}")

PartyNames: TypeAlias = Annotated[tuple[PartyName, ...], Field(max_length=100, strict=False)]
Answering: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.ANSWER_AS_PARTY))]

_DECIDED: Final = (*ALWAYS, "kind-not-decided")


class PartyHearingBody(Body):
    """`text` tells the facts that speak against the parties; `material` are documents of the case.

    `parties` are those to hear. Without any, every party is; with `planned`, the outcome one has
    in mind, every party but those who asked for exactly that.
    """

    parties: PartyNames = ()
    planned: Annotated[Outcome, Field(strict=False)] | None = None
    text: LongText
    material: DocumentIds = ()
    due_on: Day


class PartyHearingAnswerBody(Body):
    """`is_final`: there is nothing to add, so that nobody need wait for the last day."""

    text: OptionalText = ""
    documents: DocumentIds = ()
    is_final: bool = True


class ExemptionBody(Body):
    """`ground` is one of forvaltningsloven § 19, stk. 1 or 2; without `parties`, it is for all."""

    parties: PartyNames = ()
    ground: Annotated[HearingExemption, Field(strict=False)]
    reason: Reason


class RoundMadeShape(Shape):
    round: UUID


@router.post(
    "/party-hearing",
    status_code=201,
    summary="Hear parties, all of them or some, about facts that speak against them",
    response_model=RoundMadeShape,
    responses=problems_of(
        *_DECIDED,
        "party-not-found",
        "party-hearing-needless",
        "party-hearing-open",
        "document-not-on-case",
        "party-anonymous",
        "party-hearing-material-withheld",
        "party-hearing-empty",
        "due-date-not-ahead",
    ),
)
async def open_party_hearing(on: Working, body: PartyHearingBody) -> Response:
    await _require_shown(on, body)
    made = RoundId(new_id())
    command = OpenPartyHearing(
        case_id=on.case_id,
        round=made,
        parties=_ids(body.parties),
        planned=body.planned,
        text=body.text,
        material=tuple(DocumentId(each) for each in body.material),
        opened_on=local_date(on.asked.now()),
        due_on=body.due_on,
    )
    return await carry_out(on.asked, on.order, command, render=naming("round", made))


@router.post(
    "/party-hearing/{round_id}/answer",
    status_code=201,
    summary="Comment on what one is heard about, or say that there is nothing to add",
    response_model=MessageShape,
    responses=problems_of(
        *_DECIDED, *WITH_DOCUMENTS, "party-hearing-not-open", "party-answer-empty"
    ),
)
async def answer_party_hearing(
    on: Answering, round_id: IdInPath, body: PartyHearingAnswerBody
) -> Response:
    message = MessageId(new_id())
    command = AnswerPartyHearing(
        case_id=on.case_id,
        round=RoundId(round_id),
        party=on.asked.acts_for or on.asked.party,
        message=message,
        text=body.text,
        documents=await referred(on.asked, body.documents),
        is_final=body.is_final,
        answered_on=local_date(on.asked.now()),
    )
    return await carry_out(on.asked, on.order, command, render=naming("message", message))


@router.post(
    "/party-hearing-exemption",
    status_code=204,
    summary="Record why parties, all of them or some, need not be heard",
    responses=problems_of(*_DECIDED, "party-not-found", "party-hearing-open", "reason-missing"),
)
async def exempt_from_party_hearing(on: Working, body: ExemptionBody) -> Response:
    command = ExemptFromPartyHearing(
        case_id=on.case_id,
        parties=_ids(body.parties),
        ground=body.ground,
        reason=body.reason,
    )
    return await carry_out(on.asked, on.order, command)


async def _require_shown(on: OrderOnCase, body: PartyHearingBody) -> None:
    """Nobody is heard about a paper that gives away whoever is hidden from them.

    Asked of the log (ADR 17), and of every party where nobody is named: of more than are heard
    perhaps, and never of fewer.
    """
    if not body.material:
        return
    parties = await parties_of(on.asked, on.case_id)
    read = on.asked.organisation.store.read_recorded
    history = await asyncio.to_thread(read, case_stream(on.case_id))
    for party in _ids(body.parties) or parties.in_order:
        withheld = withheld_documents(history, sight_of(party, parties))
        if not withheld.isdisjoint(map(DocumentId, body.material)):
            raise Problem("party-hearing-material-withheld")


def _ids(named: Sequence[str]) -> tuple[PartyId, ...]:
    return tuple(map(PartyId, named))
