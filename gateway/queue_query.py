"""What a queue can be asked for, in a query and in a filter that is saved."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import Field

from events.ids import ActorId
from gateway import bodies
from gateway.fields import Bfe, Day, Line, PersonName
from projections.absences import Absence
from projections.caseload_queue import CaseStatus, QueueFilter, SoughtText
from services.privacy.blind_index import BlindIndex

ME: Final = "me"
NOBODY: Final = "nobody"


class FilterQuery(bodies.Query):
    """`assigned` is `me`, `nobody` or a person such as `staff:karen`; cases of those who are away
    count as their substitute's too. Open cases are meant unless `status` says otherwise; with
    `journal`, how a case stands with the records system, or `post`, messages about it could not be
    delivered, ended ones as well. `property` is a BFE number. `q` is a part of the reference, or
    words that words of the subject begin with, all of them, in any order.
    """

    assigned: Literal["me", "nobody"] | PersonName | None = None
    kind: Line | None = None
    service: Line | None = None
    status: Literal["open", "closed", "withdrawn"] | None = None
    waiting_for: Literal["caseworker", "party", "board", "hearing", "meeting", "slot"] | None = None
    journal: Literal["choice", "refused", "difference", "on-its-way"] | None = None
    post: Literal["failed"] | None = None
    overdue: bool | None = None
    due_before: Day | None = None
    property: Bfe | None = None
    q: Line | None = None


class QueueQuery(FilterQuery):
    after: Annotated[str | None, Field(max_length=300)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


def filter_of(
    query: FilterQuery,
    who: ActorId,
    away: Mapping[ActorId, Absence],
    today: date,
    index: BlindIndex,
) -> QueueFilter:
    """What `who` means by the query, on a day when some are `away`; `index` finds sealed words."""
    assigned = ActorId(who if query.assigned == ME else query.assigned or NOBODY)
    stood_in_for = [colleague for colleague, each in away.items() if each.substitute == assigned]
    is_somebody = query.assigned not in (None, NOBODY)
    return QueueFilter(
        assigned_to=[assigned, *stood_in_for] if is_somebody else None,
        unassigned=query.assigned == NOBODY,
        kind=query.kind,
        service=query.service,
        status=None if query.status is None else CaseStatus(query.status),
        waiting_for=query.waiting_for,
        journal=query.journal,
        is_post_failed=query.post is not None,
        due_before=query.due_before,
        overdue_on=None if query.overdue is None else today,
        is_overdue=query.overdue is not False,
        bfe=query.property,
        q=None if query.q is None else _sought(query.q, index),
    )


def _sought(text: str, index: BlindIndex) -> SoughtText:
    return SoughtText(text=text, beginnings=index.wanted(text))
