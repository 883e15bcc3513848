"""The demo's own data, made by the same commands that people use. Running it again adds nothing
but the meeting days that have come within reach."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Final

from commands.calendar_day import PublishSlots
from commands.case import WriteToParty
from commands.case_assignment import AssignCase
from commands.hearing import PublishHearing
from commands.submission import IfTaken, SubmitHearingResponse, SubmitMeeting
from events.calendar_day import Slot
from events.ids import (
    ActorId,
    CalendarDayId,
    CaseId,
    MessageId,
    SlotId,
    TeamId,
)
from services.bootstrap import Core
from services.clock import COPENHAGEN
from services.command_handling import Command
from services.deadlines import is_working_day
from services.demo.agency import agency
from services.demo.applications import applications
from services.demo.complaints import complaints
from services.demo.hearings import conclusion, harbour, open_hearings
from services.demo.ids import demo_id, demo_request
from services.demo.matters import matter
from services.demo.notices import notices
from services.demo.papers import Papers
from services.demo.people import BO, KAREN, TOVE, anonymous
from services.submissions import HearingAnswered

STAFF: Final = ActorId("staff:lis")

FIRST_DAY_AHEAD: Final = 8
WEEKS_AHEAD: Final = 5
STARTS: Final = (time(9), time(10), time(11), time(13), time(14))

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
RESPONSE: Final[Mapping[str, object]] = {
    "position": "partly",
    "concerns": ["traffic", "nature"],
    "response": "Vi er glade for planen, men stien langs åen bør blive liggende, hvor den er.",
    "represents": "myself",
}


UNSIGNED: Final[Mapping[str, object]] = {
    "position": "against",
    "concerns": ["height", "views"],
    "response": "Tre etager er for højt så tæt på parken. Hold jer til to, så der stadig er sol.",
    "represents": "myself",
}


def seed(core: Core, now: datetime, documents: Path) -> None:
    """Fill an organisation with what fits the services that it offers.

    `documents` is the folder that its uploads lie in.
    """
    now = now.astimezone(COPENHAGEN)
    for name, actor, command in _commands(core, now, Papers(core, documents, now)):
        core.desk.hand_in(demo_request(core.name, name, actor, command)).result()


def _commands(core: Core, now: datetime, papers: Papers) -> Iterator[tuple[str, ActorId, Command]]:
    offered = core.catalogue.services
    if "building-meeting" in offered:
        yield from _days(core, TeamId(offered["building-meeting"].team), now)
    if "hearing-response" in offered:
        for hearing in open_hearings(core.name, TeamId(offered["hearing-response"].team), now):
            yield f"hearing {hearing.hearing_id}", STAFF, hearing
    if "soil-transport" in offered:
        yield from notices(core, papers, now)
    if "road-use" in offered:
        yield from applications(core, papers, now)
        yield from complaints(core, papers, now)
    if "company-authorisation" in offered:
        yield from agency(core, papers, now)
    if core.name == "hjorring":
        yield from _cases(core, now)


def _days(core: Core, team: TeamId, now: datetime) -> Iterator[tuple[str, ActorId, Command]]:
    place = core.catalogue.teams[team].meeting_place
    for ahead in range(FIRST_DAY_AHEAD, WEEKS_AHEAD * 7):
        on = now.date() + timedelta(days=ahead)
        if is_working_day(on, core.catalogue.calendar):
            day = CalendarDayId(f"{team}.{on}")
            slots = tuple(_slot(day, on, start, place) for start in STARTS)
            yield f"day {day}", STAFF, PublishSlots(day=day, slots=slots, now=now)


def _slot(day: CalendarDayId, on: date, start: time, place: str) -> Slot:
    starts_at = datetime.combine(on, start, COPENHAGEN)
    return Slot(
        slot=SlotId(f"{day}.{start:%H%M}-1"),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=45),
        place=place,
    )


def _cases(core: Core, now: datetime) -> Iterator[tuple[str, ActorId, Command]]:
    """A hearing that has run its course, and matters at different stages."""
    team = TeamId(core.catalogue.services["hearing-response"].team)
    began = now - timedelta(days=40)
    plan = harbour(core.name, team, began)
    yield "hearing harbour", STAFF, plan
    heard = HearingAnswered(hearing_id=plan.hearing_id, title=plan.title, closes_at=plan.closes_at)
    responses: list[CaseId] = []
    for who in (BO, TOVE):
        received = began + timedelta(days=3)
        response = matter(core, "hearing-response", who, RESPONSE, received, hearing=heard)
        responses.append(response.case_id)
        command = SubmitHearingResponse(case=response, now=received)
        yield f"response {who.party}", who.actor, command
    yield "conclusion harbour", STAFF, conclusion(plan, responses[:1], now)
    yield _unsigned_response(core, next(open_hearings(core.name, team, now)), now)
    yield from _booked_meeting(core, now)


def _unsigned_response(
    core: Core, plan: PublishHearing, now: datetime
) -> tuple[str, ActorId, Command]:
    """To an open hearing, by somebody who has not logged in."""
    received, case_id = now - timedelta(days=2), CaseId(demo_id(core.name, "unsigned response"))
    heard = HearingAnswered(hearing_id=plan.hearing_id, title=plan.title, closes_at=plan.closes_at)
    nobody = anonymous(case_id)
    response = matter(
        core, "hearing-response", nobody, UNSIGNED, received, hearing=heard, case_id=case_id
    )
    return "unsigned response", nobody.actor, SubmitHearingResponse(case=response, now=received)


def _booked_meeting(core: Core, now: datetime) -> Iterator[tuple[str, ActorId, Command]]:
    team = core.catalogue.services["building-meeting"].team
    on = next(
        on
        for ahead in range(FIRST_DAY_AHEAD, 2 * 7 + FIRST_DAY_AHEAD)
        if is_working_day(on := now.date() + timedelta(days=ahead), core.catalogue.calendar)
    )
    case = matter(core, "building-meeting", BO, MEETING, now, meeting_on=on)
    slot = SlotId(f"{team}.{on}.1000-1")
    yield (
        "meeting bo",
        BO.actor,
        SubmitMeeting(case=case, slot=slot, if_taken=IfTaken.REFUSE, now=now),
    )
    assign = AssignCase(case_id=case.case_id, team=TeamId(team), to=KAREN)
    yield "assign bo", KAREN, assign
    yield (
        "write bo",
        KAREN,
        WriteToParty(
            case_id=case.case_id,
            message=MessageId(demo_id(core.name, "message bo")),
            text="Hej Bo. Tag gerne et billede af skellet med, så når vi mere på mødet.",
            documents=(),
            written_on=now.date(),
        ),
    )
