"""The demo's own data, made by the same commands that people use. Running it again adds nothing
but the meeting days that have come within reach."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from itertools import chain
from typing import Final

from commands.hearing import PublishHearing
from commands.submission import SubmitHearingResponse
from events.ids import (
    ActorId,
    CaseId,
    TeamId,
)
from services.clock import COPENHAGEN
from services.core import Core
from services.demo.agency import agency
from services.demo.applications import applications
from services.demo.bidders import Places, Safe
from services.demo.complaints import complaints
from services.demo.heard import heard
from services.demo.hearings import conclusion, harbour, open_hearings
from services.demo.ids import demo_id, demo_request
from services.demo.matters import Step, matter
from services.demo.meetings import meeting_days, meetings
from services.demo.notices import notices
from services.demo.papers import Papers
from services.demo.people import BO, TOVE, anonymous
from services.demo.tenders import Tendering
from services.submissions import HearingAnswered

STAFF: Final = ActorId("staff:lis")

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


def seed(core: Core, now: datetime, places: Places) -> None:
    """Fill an organisation with what fits the services that it offers."""
    now = now.astimezone(COPENHAGEN)
    papers = Papers(core, places.documents, now)
    steps = [_commands(core, now, papers)]
    if core.name == "hjorring":
        team = TeamId(core.catalogue.services["building-meeting"].team)
        steps.append(Tendering(core, papers, Safe(core, places), now).steps(team))
    for name, actor, command in chain.from_iterable(steps):
        core.desk.hand_in(demo_request(core.name, name, actor, command)).result()


def _commands(core: Core, now: datetime, papers: Papers) -> Iterator[Step]:
    offered = core.catalogue.services
    if "building-meeting" in offered:
        yield from meeting_days(core, TeamId(offered["building-meeting"].team), now)
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
        yield from heard(core, papers, now)


def _cases(core: Core, now: datetime) -> Iterator[Step]:
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
    yield from meetings(core, now)


def _unsigned_response(core: Core, plan: PublishHearing, now: datetime) -> Step:
    """To an open hearing, by somebody who has not logged in."""
    received, case_id = now - timedelta(days=2), CaseId(demo_id(core.name, "unsigned response"))
    heard = HearingAnswered(hearing_id=plan.hearing_id, title=plan.title, closes_at=plan.closes_at)
    nobody = anonymous(case_id)
    response = matter(
        core, "hearing-response", nobody, UNSIGNED, received, hearing=heard, case_id=case_id
    )
    return "unsigned response", nobody.actor, SubmitHearingResponse(case=response, now=received)
