"""The demo's meeting days: most have times left, one has none, and somebody waits there."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Final

from commands.calendar_day import PublishSlots
from commands.case import OpenCase, WriteToParty
from commands.case_assignment import AssignCase
from commands.submission import IfTaken, SubmitMeeting
from events.calendar_day import Slot
from events.ids import ActorId, CalendarDayId, MessageId, SlotId, TeamId
from services.clock import COPENHAGEN
from services.core import Core
from services.deadlines import is_working_day
from services.demo.ids import demo_id
from services.demo.matters import Step, matter
from services.demo.people import ANNA, BO, KAREN, TOVE, Somebody

STAFF: Final = ActorId("staff:lis")
FIRST_DAY_AHEAD: Final = 8
WEEKS_AHEAD: Final = 5
STARTS: Final = (time(9), time(10), time(11), time(13), time(14))
FRIDAY: Final = 4
"""Has one time only, so that it is soon full."""

MEETING: Final[Mapping[str, object]] = {
    "address": "Strandvejen 12, 9800 Hjørring",
    "role": "owner",
    "project": "carport-garage",
    "area": 42,
    "near_boundary": True,
    "description": "Carport på 42 m² med redskabsrum, 1,5 m fra skel mod naboen.",
    "protection": "none",
    "zone": "town",
    "attendance": "town-hall",
}


def meeting_days(core: Core, team: TeamId, now: datetime) -> Iterator[Step]:
    place = core.catalogue.teams[team].meeting_place
    for on in _days(core, now, WEEKS_AHEAD * 7):
        day = CalendarDayId(f"{team}.{on}")
        starts = STARTS[:1] if on.weekday() == FRIDAY else STARTS
        slots = tuple(_slot(day, on, start, place) for start in starts)
        yield f"day {day}", STAFF, PublishSlots(day=day, slots=slots, now=now)


def meetings(core: Core, now: datetime) -> Iterator[Step]:
    """One is booked and written about; on a full day somebody waits."""
    team = core.catalogue.services["building-meeting"].team
    days = list(_days(core, now, WEEKS_AHEAD * 7))
    first = next(on for on in days if on.weekday() != FRIDAY)
    case = matter(core, "building-meeting", BO, MEETING, now, meeting_on=first)
    yield "meeting bo", BO.actor, _submitted(case, f"{team}.{first}.1000-1", now)
    yield "assign bo", KAREN, AssignCase(case_id=case.case_id, team=TeamId(team), to=KAREN)
    write = WriteToParty(
        case_id=case.case_id,
        message=MessageId(demo_id(core.name, "message bo")),
        text="Hej Bo. Tag gerne et billede af skellet med, så når vi mere på mødet.",
        documents=(),
        written_on=now.date(),
    )
    yield "write bo", KAREN, write
    full = next((on for on in days if on.weekday() == FRIDAY), None)
    if full is not None:
        for who in (TOVE, ANNA):
            yield _on_full_day(core, who, full, f"{team}.{full}.0900-1", now)


def _on_full_day(core: Core, who: Somebody, on: date, slot: str, now: datetime) -> Step:
    """Whoever comes first has the only time; the next one waits."""
    case = matter(core, "building-meeting", who, MEETING, now, meeting_on=on)
    return f"full day {who.party}", who.actor, _submitted(case, slot, now, IfTaken.WAIT)


def _submitted(
    case: OpenCase, slot: str, now: datetime, if_taken: IfTaken = IfTaken.REFUSE
) -> SubmitMeeting:
    return SubmitMeeting(case=case, slot=SlotId(slot), if_taken=if_taken, now=now)


def _days(core: Core, now: datetime, within: int) -> Iterator[date]:
    """Working days on which somebody can be met."""
    for ahead in range(FIRST_DAY_AHEAD, within):
        on = now.date() + timedelta(days=ahead)
        if is_working_day(on, core.catalogue.calendar):
            yield on


def _slot(day: CalendarDayId, on: date, start: time, place: str) -> Slot:
    starts_at = datetime.combine(on, start, COPENHAGEN)
    return Slot(
        slot=SlotId(f"{day}.{start:%H%M}-1"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        place=place,
    )
