"""Routes for the letter of a decision before it is sent, as a draft that says so."""

from collections.abc import Sequence
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from commands.case_decision import DispatchDecision, RecordDecision
from events.case_decision import Channel
from events.ids import DecisionId
from gateway.asked import Asked
from gateway.documents import BINARY
from gateway.door import OnCase, admit_to_case
from gateway.fields import IdInPath
from gateway.openapi import problems_of
from gateway.procedure_decision import DECIDED, UNDECIDED, DecisionBody, recording, sending
from gateway.routers import router_of
from gateway.saved_letters import saved_letter
from services.authorisation import Action
from services.drafts import drafted
from services.lookups.lookup import Shown

router: Final = router_of("procedure", "/cases/{case_id}/decision")

Drafting: TypeAlias = Annotated[
    OnCase, Depends(admit_to_case(Action.WORK_ON_CASE, shows=Shown.LETTER))
]


@router.post(
    "/draft",
    summary="The letter that a decision would be sent as; nothing is decided",
    response_class=Response,
    responses=BINARY | problems_of(*UNDECIDED),
)
async def draft_decision(on: Drafting, body: DecisionBody) -> Response:
    """By the rules of the decision itself, so that what would be refused is refused here."""
    made = recording(on.asked, on.case_id, body)
    sent = sending(on.asked, on.case_id, made.decision, Channel.DIGITAL_POST)
    return await _letter(on.asked, [made, sent])


@router.get(
    "/{decision_id}/draft.pdf",
    summary="The letter that a decision which is made will be sent as",
    response_class=Response,
    responses=BINARY | problems_of(*DECIDED, "decision-not-found", "case-letter-not-found"),
)
async def draft_of_decision(on: Drafting, decision_id: IdInPath) -> Response:
    sent = sending(on.asked, on.case_id, DecisionId(decision_id), Channel.DIGITAL_POST)
    return await _letter(on.asked, [sent])


async def _letter(asked: Asked, commands: Sequence[RecordDecision | DispatchDecision]) -> Response:
    content = await drafted(
        asked.organisation, asked.gateway.application.clock, commands, asked.who.id
    )
    return saved_letter(content, "udkast.pdf")
