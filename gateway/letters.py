"""A case's letters as PDF: the receipt of its submission, and each decision that was sent."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Final, TypeAlias

from fastapi import Depends
from starlette.responses import Response

from events.case import CaseOpened
from events.case_decision import DecisionDispatched
from events.catalogue import Event
from events.envelope import Recorded
from events.ids import DecisionId
from gateway.documents import BINARY
from gateway.door import OnCase, admit_to_case
from gateway.fields import IdInPath
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.saved_letters import saved_letter
from gateway.seeing import sight
from services.authorisation import Action
from services.journal.facts import StoreFacts
from services.journal.writing import LetterWriter
from services.lookups.lookup import Shown
from services.post.seen_by import seen_by
from services.sight import Sight
from services.streams import case_stream

router: Final = router_of("cases", "/cases/{case_id}")

Reading: TypeAlias = Annotated[
    OnCase, Depends(admit_to_case(Action.LOOK_AT_CASE, shows=Shown.LETTER))
]


@router.get(
    "/receipt.pdf",
    summary="The receipt: what was submitted and what happens next, for whoever submitted it",
    response_class=Response,
    responses=BINARY | problems_of("case-not-found", "case-letter-not-found"),
)
async def receipt(on: Reading) -> Response:
    seen = await sight(on.asked, on.case_id, on.opened)
    if seen is not None and not seen.is_first:
        raise Problem("case-letter-not-found")
    return await _letter(on, seen, lambda event: isinstance(event, CaseOpened))


@router.get(
    "/decision/{decision_id}/letter.pdf",
    summary="The letter of a decision as it was last sent",
    response_class=Response,
    responses=BINARY | problems_of("case-not-found", "case-letter-not-found"),
)
async def decision_letter(on: Reading, decision_id: IdInPath) -> Response:
    def is_sent(event: Event) -> bool:
        return isinstance(event, DecisionDispatched) and event.decision == DecisionId(decision_id)

    return await _letter(on, await sight(on.asked, on.case_id, on.opened), is_sent)


async def _letter(on: OnCase, seen: Sight | None, wanted: Callable[[Event], bool]) -> Response:
    """The letter of the last fact that is wanted, as whoever asks may see it."""
    asked = on.asked
    facts = StoreFacts(asked.organisation.store)
    history: Sequence[Recorded] = await facts.history(case_stream(on.case_id))
    if asked.who.party is not None:
        history = seen_by(asked.who.party, history, asked.organisation.catalogue)
    found = [fact for fact in history if wanted(fact.event)]
    if not found:
        raise Problem("case-letter-not-found")
    writer = LetterWriter(asked.organisation.catalogue, facts)
    made = await writer.letter(
        found[-1],
        history,
        await asyncio.to_thread(asked.organisation.known.known, on.opened.party),
        protected=seen is not None and seen.hides_first,
    )
    return saved_letter(made.content, made.file_name)
