"""Route for a team's queue."""

from typing import Annotated, Final, Literal

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from events.ids import ActorId
from gateway import bodies
from gateway.case_shapes import QueueShape
from gateway.cases import case_row
from gateway.door import InTeam, admit_to_team
from gateway.fields import Day, Line, PersonName
from gateway.openapi import problems_of
from gateway.problems import invalid
from gateway.routers import router_of
from gateway.shapes import shaped
from projections import caseload
from services.authorisation import Action

ME: Final = "me"
NOBODY: Final = "nobody"

router: Final = router_of("queues")


class QueueQuery(bodies.Query):
    """`assigned` is `me`, `nobody` or a person such as `staff:karen`.

    With `journal`, how a case stands with the records system, closed ones are shown too.
    """

    assigned: Literal["me", "nobody"] | PersonName | None = None
    kind: Line | None = None
    journal: Literal["choice", "refused", "difference", "on-its-way"] | None = None
    due_before: Day | None = None
    q: Line | None = None
    after: Annotated[str | None, Field(max_length=300)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


@router.get(
    "/queues/{team}",
    summary="A team's open cases, the earliest deadline first",
    response_model=QueueShape,
    responses=problems_of("team-not-found"),
)
async def queue(
    within: Annotated[InTeam, Depends(admit_to_team(Action.SEE_QUEUE, "caseload"))],
    query: Annotated[QueueQuery, Query()],
) -> Response:
    assigned = within.asked.who.id if query.assigned == ME else query.assigned
    try:
        async with within.asked.organisation.reads.connection() as db:
            page = await caseload.queue(
                db,
                within.team,
                assigned=None if assigned is None or assigned == NOBODY else ActorId(assigned),
                unassigned=assigned == NOBODY,
                kind=query.kind,
                journal=query.journal,
                due_before=query.due_before,
                q=query.q,
                after=query.after,
                limit=query.limit,
            )
    except caseload.CursorInvalid as error:
        raise invalid("after", "input-bad-cursor") from error
    rows = [case_row(each, is_party=False) for each in page.entries]
    return shaped(QueueShape(rows=rows, after=page.after))
