"""Routes for a decision: made, sent, corrected."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.case_decision import CorrectDecision, DispatchDecision, RecordDecision
from events.case_decision import Channel, DecisionDispatched, Outcome
from events.catalogue import Event
from events.ids import CaseId, DecisionId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out, naming
from gateway.fields import IdInPath, Line, LongText, OptionalText
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.procedure import ALWAYS, Working
from gateway.procedure_appeal import AppealBody, appeal_in
from gateway.routers import router_of
from gateway.shapes import Shape
from services.authorisation import Action
from services.deadlines import days_off, local_date
from services.ids import new_id

router: Final = router_of("procedure", "/cases/{case_id}/decision")

Sending: TypeAlias = Annotated[OrderOnCase, Depends(admit_to_order(Action.SEND_DECISION))]

DECIDED: Final = (*ALWAYS, "kind-not-decided")
UNDECIDED: Final = (
    *DECIDED,
    "case-already-decided",
    "notice-already-accepted",
    "outcome-not-for-kind",
    "information-awaited",
    "party-hearing-open",
    "party-hearing-missing",
    "application-not-complete",
    "legal-basis-missing",
    "condition-empty",
    "grounds-missing",
    "appeal-guidance-missing",
    "appeal-guidance-incomplete",
)
"""Why a case is not decided so."""


class DecisionBody(Body):
    """`grounds` and `appeal` may be left out only where the party gets all that it asked for.

    `needs_completion`: the work may not be used before its completion is accepted.
    """

    outcome: Annotated[Outcome, Field(strict=False)]
    legal_basis: Line
    grounds: OptionalText = ""
    conditions: Annotated[tuple[LongText, ...], Field(max_length=100, strict=False)] = ()
    appeal: AppealBody | None = None
    needs_completion: bool = False


class DispatchBody(Body):
    channel: Annotated[Channel, Field(strict=False)]


class CorrectionBody(Body):
    """`restarts_appeal`: the mistake could have misled the party about what was decided."""

    correction: LongText
    restarts_appeal: bool


class DecisionMadeShape(Shape):
    decision: UUID


class DispatchedShape(Shape):
    """Null when it was sent before, and `appeal_until` also where no time runs."""

    dispatched_on: date | None
    appeal_until: date | None


@router.post(
    "",
    status_code=201,
    summary="Decide the case; the party learns of it when it is sent",
    response_model=DecisionMadeShape,
    responses=problems_of(*UNDECIDED),
)
async def record_decision(on: Working, body: DecisionBody) -> Response:
    command = recording(on.asked, on.case_id, body)
    render = naming("decision", command.decision)
    return await carry_out(on.asked, on.order, command, render=render)


def recording(asked: Asked, case_id: CaseId, body: DecisionBody) -> RecordDecision:
    """The command that a body asks for.

    Raises:
        Problem: `invalid-input`, in its appeal.
    """
    appeal = appeal_in(body.appeal, asked.organisation.catalogue.appeals)
    return RecordDecision(
        case_id=case_id,
        decision=DecisionId(new_id()),
        outcome=body.outcome,
        legal_basis=body.legal_basis,
        grounds=body.grounds,
        conditions=body.conditions,
        appeal=appeal.guidance,
        no_appeal=appeal.no_appeal,
        needs_completion=body.needs_completion,
        decided_on=local_date(asked.now()),
    )


@router.post(
    "/{decision_id}/dispatch",
    status_code=200,
    summary="Send the decision; from now on it binds, and the time for appeals runs",
    response_model=DispatchedShape,
    responses=problems_of(*DECIDED, "decision-not-found", "dispatch-before-decision"),
)
async def dispatch_decision(on: Sending, decision_id: IdInPath, body: DispatchBody) -> Response:
    command = sending(on.asked, on.case_id, DecisionId(decision_id), body.channel)
    return await carry_out(on.asked, on.order, command, render=_dispatched)


def sending(
    asked: Asked, case_id: CaseId, decision: DecisionId, channel: Channel
) -> DispatchDecision:
    today = local_date(asked.now())
    return DispatchDecision(
        case_id=case_id,
        decision=decision,
        channel=channel,
        dispatched_on=today,
        days_off=days_off(asked.organisation.catalogue.calendar, today),
    )


def _dispatched(decided: Sequence[Event]) -> bytes:
    told: dict[str, str | None] = {"dispatched_on": None, "appeal_until": None}
    for event in decided:
        if isinstance(event, DecisionDispatched):
            until = event.appeal_until
            told["dispatched_on"] = event.dispatched_on.isoformat()
            told["appeal_until"] = None if until is None else until.isoformat()
    return json.dumps(told).encode()


@router.post(
    "/{decision_id}/correct",
    status_code=204,
    summary="Put a slip of the pen right; the decision must then be sent anew",
    responses=problems_of(*DECIDED, "decision-not-found", "correction-missing"),
)
async def correct_decision(on: Working, decision_id: IdInPath, body: CorrectionBody) -> Response:
    command = CorrectDecision(
        case_id=on.case_id,
        decision=DecisionId(decision_id),
        correction=body.correction,
        restarts_appeal=body.restarts_appeal,
        corrected_on=local_date(on.asked.now()),
    )
    return await carry_out(on.asked, on.order, command)
