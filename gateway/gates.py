"""Route for what a case still lacks before it may be decided or closed, and by what rule."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Final, Protocol

from fastapi import Depends
from starlette.responses import Response

from gateway.colleagues import today
from gateway.door import OnCase, admit_to_case
from gateway.gate_shapes import GateShape, GatesShape, OutcomeGateShape, RequirementShape
from gateway.language import Language
from gateway.openapi import problems_of
from gateway.routers import router_of
from gateway.shapes import shaped
from gateway.wording import gate_texts, problem_texts
from services.authorisation import Action
from services.gates import gates_of
from services.lookups.lookup import Shown

router: Final = router_of("procedure", "/cases/{case_id}/gates")


class Required(Protocol):
    """A requirement of the rules; the gateway does not run them."""

    @property
    def code(self) -> str: ...

    @property
    def is_met(self) -> bool: ...


@router.get(
    "",
    summary="What the case still lacks before it may be decided or closed",
    response_model=GatesShape,
    responses=problems_of("case-not-found"),
)
async def show_gates(
    on: Annotated[OnCase, Depends(admit_to_case(Action.WORK_ON_CASE, shows=Shown.CASE))],
) -> Response:
    asked = on.asked
    found = await asyncio.to_thread(gates_of, asked.organisation.store, on.case_id, today(asked))
    closing = None if found.closing is None else _gate(found.closing, asked.language)
    deciding = [
        OutcomeGateShape(outcome=outcome.value, **dict(_gate(requirements, asked.language)))
        for outcome, requirements in found.deciding.items()
    ]
    return shaped(GatesShape(closing=closing, deciding=deciding))


def _gate(requirements: Sequence[Required], language: Language) -> GateShape:
    return GateShape(
        is_open=all(each.is_met for each in requirements),
        requirements=[_requirement(each, language) for each in requirements],
    )


def _requirement(required: Required, language: Language) -> RequirementShape:
    refused, told = problem_texts(language)[required.code], gate_texts(language)[required.code]
    return RequirementShape(
        code=required.code,
        is_met=required.is_met,
        text=told.met if required.is_met else refused.title,
        todo=None if required.is_met else refused.detail,
        law=told.law,
    )
