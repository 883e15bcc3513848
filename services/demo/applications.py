"""The demo's applications in Hjørring, each at another stage of its way."""

from collections.abc import Generator, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from commands.case import OpenCase
from commands.case_application import ScheduleInspection
from commands.case_information import RequestInformation
from events.case_decision import Outcome
from events.case_information import RequestedItem
from events.document import Document
from events.ids import InspectionId, RequestId
from services.applications import complete
from services.core import Core
from services.deadlines import local_date
from services.demo.deciding import Ruling, decided
from services.demo.ids import demo_id
from services.demo.matters import Step, matter, taken_up
from services.demo.papers import Papers
from services.demo.people import ANNA, BO, KAREN, TOVE, Somebody

EXTENSION: Final[Mapping[str, object]] = {
    "address": "Algade 1, 9800 Hjørring",
    "bfe": 900000003,
    "role": "owner",
    "building": "house",
    "project": "extension",
    "area": 28,
    "height": "3.8",
    "boundary_distance": "4.25",
    "changes_structure": True,
    "description": "Tilbygning med køkken-alrum mod haven, i tegl som huset.",
    "dispensation": False,
    "zone": "town",
    "protection": "none",
    "wastewater": "sewer",
}
SUMMER_HOUSE: Final[Mapping[str, object]] = {
    "address": "Strandvejen 12, 9850 Hirtshals",
    "role": "owner",
    "building": "house",
    "project": "new-building",
    "area": 92,
    "height": "4.9",
    "boundary_distance": "5",
    "description": "Træhus med saddeltag til udlejning, opført af vores eget firma.",
    "dispensation": False,
    "zone": "town",
    "wastewater": "sewer",
}
SCAFFOLDING: Final[Mapping[str, object]] = {
    "what": "scaffolding",
    "place": "Algade 1, 9800 Hjørring",
    "surface": ["pavement"],
    "length": "14.5",
    "width": "1.2",
    "free_passage": "1.5",
    "days": 21,
    "phone": "+45 98 00 00 01",
    "insurance": True,
}
MARKET: Final[Mapping[str, object]] = {
    "event": "Byens marked",
    "kind": "market",
    "description": "Lokale avlere sælger grønt, og skolens orkester spiller midt på dagen.",
    "organiser": "association",
    "persons": 120,
    "place": "Springvandspladsen",
    "days": 1,
    "set_up_days": 1,
    "open_until": "before-22",
    "on_road": False,
    "structures": ["tent"],
    "largest_tent": 72,
    "certified": True,
    "sleeping": False,
    "safety_responsible": "Bo Bertelsen",
    "phone": "+45 98 00 00 03",
    "serves": ["food", "goods"],
    "holiday": False,
    "amplified": False,
    "waste": "Vi låner byens toiletter og sorterer affaldet i fire beholdere.",
}


def applications(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    """From one that has just come in to one that is permitted and to be inspected."""
    yield from _floor_plan_awaited(core, papers, now)
    yield from _permitted_to_be_inspected(core, papers, now)
    yield from _market_being_decided(core, papers, now)
    yield from _scaffolding_just_received(core, papers, now)


def _floor_plan_awaited(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    case = yield from permit(core, papers, ANNA, EXTENSION, now - timedelta(days=5))
    reply = "Tak for din ansøgning. Plantegningen mangler, så jeg beder om den her på sagen."
    yield from taken_up(core, case, KAREN, reply, now - timedelta(days=3))
    asked_on = local_date(now - timedelta(days=3))
    asked = RequestInformation(
        case_id=case.case_id,
        request=RequestId(demo_id(core.name, f"request {case.case_id}")),
        items=(RequestedItem(item="floor-plan", text="Plantegning i 1:100, før og efter"),),
        requested_on=asked_on,
        due_on=asked_on + timedelta(days=21),
    )
    yield "ask for floor plan", KAREN, asked


def _permitted_to_be_inspected(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    received, today = now - timedelta(days=34), local_date(now)
    case = yield from permit(core, papers, TOVE, SUMMER_HOUSE, received)
    reply = "Tak, alt er med. Sagen er fuldt oplyst fra i dag."
    yield from taken_up(core, case, KAREN, reply, received + timedelta(days=4))
    yield from completed(core, case, received + timedelta(days=4))
    ruling = Ruling(
        outcome=Outcome.GRANTED,
        legal_basis="Byggelovens § 16",
        grounds="Huset holder byggeretten og lokalplanen.",
        conditions=(
            "Bygningen skal færdigmeldes, før den tages i brug.",
            "Regnvand skal nedsives på grunden.",
        ),
        appeal="byggeloven",
        needs_completion=True,
    )
    yield from decided(core, case, KAREN, ruling, today - timedelta(days=6))
    inspection = ScheduleInspection(
        case_id=case.case_id,
        inspection=InspectionId(demo_id(core.name, f"inspection {case.case_id}")),
        on=today + timedelta(days=20),
        place="Strandvejen 12, 9850 Hirtshals",
    )
    yield "plan inspection", KAREN, inspection


def _market_being_decided(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    received = now - timedelta(days=8)
    (certificate,) = papers.of(BO.party, "Certifikat.pdf")
    answers = {
        **MARKET,
        "starts_on": (received + timedelta(days=45)).date().isoformat(),
        "certificates": [str(certificate.document_id)],
    }
    case = matter(core, "temporary-event", BO, answers, received, papers=[certificate])
    yield "market", BO.actor, case
    reply = "Pladsen er fri den dag. Husk at melde boderne med mad til Fødevarestyrelsen."
    yield from taken_up(core, case, KAREN, reply, received + timedelta(days=3))
    yield from completed(core, case, received + timedelta(days=3))


def _scaffolding_just_received(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    (sketch,) = papers.of(TOVE.party, "Skitse af fortovet.pdf")
    answers = {
        **SCAFFOLDING,
        "start": (now + timedelta(days=18)).date().isoformat(),
        "sketch": [str(sketch.document_id)],
    }
    yield "scaffolding", TOVE.actor, matter(core, "road-use", TOVE, answers, now, papers=[sketch])


def permit(
    core: Core,
    papers: Papers,
    who: Somebody,
    answers: Mapping[str, object],
    received: datetime,
    more: Sequence[Document] = (),
) -> Generator[Step, None, OpenCase]:
    """An application for a building permit with its site plan."""
    (plan,) = papers.of(who.party, "Byggeriet på grunden.pdf")
    drawn = {**answers, "site_plan": [str(plan.document_id)]}
    case = matter(core, "building-permit", who, drawn, received, papers=[plan, *more])
    yield f"permit {who.party}", who.actor, case
    return case


def completed(core: Core, case: OpenCase, at: datetime) -> Iterator[Step]:
    """All is there: from now on the service target runs."""
    declared = complete(core.store, core.catalogue, case.case_id, local_date(at))
    yield f"complete {case.case_id}", KAREN, declared
