"""Route for a team's queue."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import Depends, Query
from starlette.responses import Response

from events.ids import ActorId
from gateway.asked import Asked
from gateway.case_shapes import HearingsShape, QueueRowShape, QueueShape
from gateway.cases import case_row
from gateway.colleagues import away_today, today
from gateway.door import InTeam, admit_to_team
from gateway.noting import note_list
from gateway.openapi import problems_of
from gateway.problems import invalid
from gateway.queue_query import QueueQuery, filter_of
from gateway.routers import router_of
from gateway.shapes import shaped
from projections import caseload_queue
from projections.absences import Absence
from projections.caseload import CaseloadEntry
from services.authorisation import Action
from services.lookups.lookup import Shown

router: Final = router_of("queues")

ROWS: Final = ("caseload", "absences", "properties", "search_words")


@router.get(
    "/queues/{team}",
    summary="A team's open cases, the earliest deadline first",
    response_model=QueueShape,
    responses=problems_of("team-not-found"),
)
async def queue(
    within: Annotated[InTeam, Depends(admit_to_team(Action.SEE_QUEUE, *ROWS))],
    query: Annotated[QueueQuery, Query()],
) -> Response:
    asked = within.asked
    away = await away_today(asked)
    wanted = filter_of(query, asked.who.id, away, today(asked), asked.organisation.index)
    try:
        async with asked.organisation.reads.connection() as db:
            page = await caseload_queue.queue(
                db, within.team, wanted, after=query.after, limit=query.limit
            )
    except caseload_queue.CursorInvalid as error:
        raise invalid("after", "input-bad-cursor") from error
    shown = [each.case_id for each in page.entries]
    await note_list(asked, Shown.QUEUE, shown, query, within.team)
    rows = [_row(each, asked, away) for each in page.entries]
    return shaped(QueueShape(rows=rows, after=page.after))


def _row(entry: CaseloadEntry, asked: Asked, away: Mapping[ActorId, Absence]) -> QueueRowShape:
    absence = None if entry.assigned_to is None else away.get(entry.assigned_to)
    return QueueRowShape(
        **dict(case_row(entry, asked)),
        party_hearings=_hearings(entry),
        post_failed=entry.post_failed,
        is_away=absence is not None,
        substitute=None if absence is None else absence.substitute,
    )


def _hearings(entry: CaseloadEntry) -> HearingsShape | None:
    awaited = sum(entry.hearing_of.values())
    if not awaited or entry.status != "open":
        return None
    return HearingsShape(awaited=awaited, parties=len(entry.hearing_of))
