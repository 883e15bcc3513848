"""Routes for auditors: every event with its whole envelope, and a case as it was."""

import asyncio
import json
from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from events.envelope import Recorded
from events.ids import CaseId
from events.journal import Matter, MatterKind
from gateway import bodies
from gateway.asked import Asked
from gateway.audit_shapes import CaseAsItWasShape, EnvelopeShape, HistoryShape, RecordedShape
from gateway.door import admit
from gateway.fields import IdInPath, Moment
from gateway.noting import note_audited
from gateway.openapi import problems_of
from gateway.problems import Problem, invalid
from gateway.routers import router_of
from gateway.shapes import shaped
from services.authorisation import Action
from services.codec import encode
from services.lookups.lookup import Shown
from services.replay import replay
from services.streams import case_stream, journal_stream

router: Final = router_of("audit")

Auditing: TypeAlias = Annotated[Asked, Depends(admit(Action.AUDIT))]


class AsItWasQuery(bodies.Query):
    """Not both; neither means the case as it is."""

    version: Annotated[int | None, Field(ge=1, le=10**9)] = None
    as_of: Moment | None = None


@router.get(
    "/audit/cases/{case_id}/events",
    summary="Every event of a case with its whole envelope",
    response_model=HistoryShape,
    responses=problems_of("case-not-found"),
)
async def case_events(asked: Auditing, case_id: IdInPath) -> Response:
    """Also what its journal tells: which case in the records system, by whose choice, and when."""
    await note_audited(asked, CaseId(case_id), Shown.EVENTS)
    store = asked.organisation.store
    history = await asyncio.to_thread(store.read_recorded, case_stream(CaseId(case_id)))
    if not history:
        raise Problem("case-not-found")
    matter = Matter(kind=MatterKind.CASE, id=case_id)
    journal = await asyncio.to_thread(store.read_recorded, journal_stream(matter))
    told = sorted([*history, *journal], key=lambda recorded: recorded.position)
    shape = HistoryShape(events=[_recorded(each) for each in told])
    return shaped(shape, version=history[-1].version)


@router.get(
    "/audit/cases/{case_id}",
    summary="A case as it was at a version or at a moment",
    response_model=CaseAsItWasShape,
    responses=problems_of("case-not-found"),
)
async def case_as_it_was(
    asked: Auditing, case_id: IdInPath, query: Annotated[AsItWasQuery, Query()]
) -> Response:
    if query.version is not None and query.as_of is not None:
        raise invalid("as_of", "input-one-of-two")
    await note_audited(asked, CaseId(case_id), Shown.EVENTS)
    found = await asyncio.to_thread(
        replay, asked.organisation.store, CaseId(case_id), version=query.version, as_of=query.as_of
    )
    if found is None:
        raise Problem("case-not-found")
    shape = CaseAsItWasShape(
        version=found.version,
        state=found.state,
        events=[_recorded(each) for each in found.history],
    )
    return shaped(shape, version=found.version)


def _recorded(recorded: Recorded) -> RecordedShape:
    name, payload = encode(recorded.event)
    envelope = recorded.envelope
    return RecordedShape(
        name=name,
        stream=recorded.stream,
        version=recorded.version,
        position=recorded.position,
        event_id=recorded.event_id,
        recorded_at=recorded.recorded_at,
        envelope=EnvelopeShape(
            organisation=envelope.organisation,
            actor=envelope.actor,
            on_behalf_of=envelope.on_behalf_of,
            command_id=envelope.command_id,
            correlation_id=envelope.correlation_id,
            causation_id=envelope.causation_id,
            service_version=envelope.service_version,
            traceparent=envelope.traceparent,
        ),
        payload=json.loads(payload),
    )
