"""A matter of the demo, submitted by somebody and taken up by a caseworker."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import TypeAlias

from commands.case import OpenCase, WriteToParty
from commands.case_assignment import AssignCase
from events.document import Document
from events.ids import ActorId, CaseId, MessageId
from services.command_handling import Command
from services.core import Core
from services.deadlines import local_date
from services.demo.ids import demo_id
from services.demo.people import Somebody
from services.submissions import HearingAnswered, Submission, open_case

Step: TypeAlias = tuple[str, ActorId, Command]
"""What is done, by a name that is the same at every run, and who does it."""


def matter(
    core: Core,
    service: str,
    who: Somebody,
    answers: Mapping[str, object],
    received_at: datetime,
    *,
    papers: Sequence[Document] = (),
    about: CaseId | None = None,
    hearing: HearingAnswered | None = None,
    meeting_on: date | None = None,
    case_id: CaseId | None = None,
) -> OpenCase:
    offered = core.catalogue.services[service]
    return open_case(
        Submission(
            organisation=core.catalogue,
            service=offered,
            case_id=case_id or CaseId(demo_id(core.name, f"{service} {who.party}")),
            party=who.party,
            answers=offered.read_answers(answers, local_date(received_at)),
            documents=papers,
            received_at=received_at,
            about=about,
            hearing=hearing,
            meeting_on=meeting_on,
        )
    )


def taken_up(core: Core, case: OpenCase, by: ActorId, reply: str, at: datetime) -> Iterator[Step]:
    """Assigned to a caseworker, who writes to the party."""
    yield f"assign {case.case_id}", by, AssignCase(case_id=case.case_id, team=case.team, to=by)
    message = WriteToParty(
        case_id=case.case_id,
        message=MessageId(demo_id(core.name, f"reply {case.case_id}")),
        text=reply,
        documents=(),
        written_on=local_date(at),
    )
    yield f"reply {case.case_id}", by, message
