"""Route for a team's own meeting days: who has which slot, and who waits for one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from events.ids import ActorId, CalendarDayId, CaseId
from gateway import bodies
from gateway.asked import Asked
from gateway.door import InTeam, admit_to_team
from gateway.fields import Day
from gateway.noting import note_list
from gateway.openapi import problems_of
from gateway.problems import invalid
from gateway.routers import router_of
from gateway.sentences import name_of
from gateway.shapes import MeetingShape, Shape, shaped
from projections import calendar, caseload, waiting
from projections.calendar import DaySlot
from projections.caseload import CaseloadEntry
from services.authorisation import Action
from services.clock import COPENHAGEN
from services.lookups.lookup import Shown

SHOWN_AHEAD: Final = timedelta(days=60)
SHOWN_AT_MOST: Final = timedelta(days=366)

router: Final = router_of("calendars", "/calendars/{team}")


class DaysQuery(bodies.Query):
    """From and to are days, both included; two months from today where they are left out."""

    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None


class BookedShape(Shape):
    """Whose case has a slot, or waits for one; `status` is that of the case."""

    case: UUID
    reference: str
    subject: str
    party_name: str
    status: str


class TakenSlotShape(MeetingShape):
    """`state` is free, held (until `held_until`, by somebody filling in the form) or booked."""

    state: str
    held_until: datetime | None
    booked: BookedShape | None


class MeetingDayShape(Shape):
    """`waiting` in the order in which they get what falls free."""

    day: date
    slots: list[TakenSlotShape]
    waiting: list[BookedShape]


class MeetingDaysShape(Shape):
    days: list[MeetingDayShape]


@router.get(
    "/days",
    summary="A team's meeting days with bookings and waiting lists",
    response_model=MeetingDaysShape,
    responses=problems_of("team-not-found"),
)
async def meeting_days(
    within: Annotated[
        InTeam, Depends(admit_to_team(Action.PUBLISH_SLOTS, "calendar", "waiting", "caseload"))
    ],
    query: Annotated[DaysQuery, Query()],
) -> Response:
    asked = within.asked
    first = query.from_ or asked.now().astimezone(COPENHAGEN).date()
    last = query.to or first + SHOWN_AHEAD
    if last - first > SHOWN_AT_MOST:
        raise invalid("to", "input-out-of-range", limit=f"{SHOWN_AT_MOST.days}")
    async with asked.organisation.reads.connection() as db:
        slots = await calendar.of_days(db, within.team, first, last)
        lines = {each.day: await waiting.of_day(db, each.day) for each in slots}
        booked = {each.case_id for each in slots if each.state == "booked" and each.case_id}
        cases = booked.union(*lines.values())
        known = {case: await caseload.one(db, case) for case in sorted(cases)}
    await note_list(asked, Shown.MEETING, sorted(cases), query, within.team)
    whose = {case: _booked(asked, entry) for case, entry in known.items() if entry is not None}
    days = [
        _day(day, [each for each in slots if each.held_on == day], lines, whose, asked.now())
        for day in sorted({each.held_on for each in slots})
    ]
    return shaped(MeetingDaysShape(days=days))


def _day(
    day: date,
    slots: Sequence[DaySlot],
    lines: Mapping[CalendarDayId, Sequence[CaseId]],
    whose: Mapping[CaseId, BookedShape],
    now: datetime,
) -> MeetingDayShape:
    return MeetingDayShape(
        day=day,
        slots=[_slot(each, whose, now) for each in slots],
        waiting=[whose[case] for case in lines[slots[0].day] if case in whose],
    )


def _slot(slot: DaySlot, whose: Mapping[CaseId, BookedShape], now: datetime) -> TakenSlotShape:
    # A hold that has run out counts as none, though its end is not on record yet.
    is_over = slot.state == "held" and slot.held_until is not None and slot.held_until <= now
    return TakenSlotShape(
        slot=slot.slot,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        place=slot.place,
        state="free" if is_over else slot.state,
        held_until=None if is_over else slot.held_until,
        booked=None if slot.case_id is None else whose.get(slot.case_id),
    )


def _booked(asked: Asked, entry: CaseloadEntry) -> BookedShape:
    return BookedShape(
        case=entry.case_id,
        reference=entry.reference,
        subject=entry.subject,
        party_name=name_of(ActorId(entry.party), asked.language, asked.names),
        status=entry.status,
    )
