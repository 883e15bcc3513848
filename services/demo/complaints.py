"""The demo's complaints in Hjørring: over a decision, and over how somebody was served."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from commands.case import OpenCase
from commands.case_party_hearing import ExemptFromPartyHearing
from commands.submission import SubmitComplaint
from events.case_decision import Outcome
from events.case_party_hearing import HearingExemption
from services.core import Core
from services.deadlines import local_date
from services.demo.applications import completed, permit
from services.demo.deciding import Ruling, decided
from services.demo.matters import Step, matter, taken_up
from services.demo.papers import Papers
from services.demo.people import ANNA, BO, KAREN

SHED: Final[Mapping[str, object]] = {
    "address": "Bispensgade 12, 1. th, 9800 Hjørring",
    "bfe": 900000002,
    "role": "owner",
    "building": "simple",
    "project": "new-building",
    "area": 64,
    "height": "3",
    "boundary_distance": "1.5",
    "description": "Garage med værksted af træ, 1,5 m fra skel mod nord.",
    "dispensation": True,
    "dispensation_grounds": "Grunden er smal. Naboen har ikke noget imod det.",
    "zone": "town",
}


def complaints(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    """One is being reassessed, the other waits for its answer."""
    yield from _permitted_in_part_and_complained_of(core, papers, now)
    yield from _served_too_slowly(core, now)


def _permitted_in_part_and_complained_of(
    core: Core, papers: Papers, now: datetime
) -> Iterator[Step]:
    received = now - timedelta(days=40)
    (wall,) = papers.of(BO.party, "Væg mod skel.pdf")
    answers = {**SHED, "boundary_wall": [str(wall.document_id)]}
    case = yield from permit(core, papers, BO, answers, received, [wall])
    reply = "Tak. Vi har nu alt, og naboen mod nord får din ansøgning til orientering."
    yield from taken_up(core, case, KAREN, reply, received + timedelta(days=6))
    yield from completed(core, case, received + timedelta(days=6))
    exempt = ExemptFromPartyHearing(
        case_id=case.case_id,
        parties=(),
        ground=HearingExemption.NOTHING_NEW,
        reason="Afgørelsen hviler på ansøgerens egne tegninger.",
    )
    yield f"exempt {case.case_id}", KAREN, exempt
    ruling = Ruling(
        outcome=Outcome.PARTLY_GRANTED,
        legal_basis="Byggelovens §§ 16 og 22, BR18 §§ 170-186",
        grounds=(
            "Garagen må bygges, men ikke så højt mod skel, som der er søgt om: i 3 m højde ville"
            " den skygge for naboens terrasse det meste af eftermiddagen."
        ),
        conditions=(
            "Væggen mod skel må højst være 2,5 m høj.",
            "Vinduer mod skel er ikke tilladt.",
        ),
        appeal="byggeloven",
    )
    yield from decided(core, case, KAREN, ruling, local_date(now - timedelta(days=9)))
    yield from _complained(core, case, now - timedelta(days=3))


def _complained(core: Core, decided_case: OpenCase, received: datetime) -> Iterator[Step]:
    answers = {
        "concerns": ["condition"],
        "condition": "Væggen mod skel må højst være 2,5 m høj.",
        "grounds": "Skyggen er målt midt om vinteren. Om sommeren når den ikke terrassen.",
        "wish": "At garagen må være 3 m høj, som jeg har søgt om.",
        "new_facts": False,
        "is_late": False,
        "suspend": False,
    }
    service, about = "complaint-decision", decided_case.case_id
    case = matter(core, service, BO, answers, received, about=about)
    yield "complaint", BO.actor, SubmitComplaint(case=case)
    reply = "Klagen er kommet i tide. Jeg ser på skyggerne igen, og du hører fra mig inden 14 dage."
    yield from taken_up(core, case, KAREN, reply, received + timedelta(days=1))


def _served_too_slowly(core: Core, now: datetime) -> Iterator[Step]:
    received = now - timedelta(days=2)
    answers = {
        "about_what": "waiting",
        "waiting_since": (received - timedelta(days=30)).date().isoformat(),
        "reached_by": "phone",
        "account": "Jeg har ringet tre gange om BBR. Ingen har ringet op, som jeg fik lovet.",
        "wish": ["answer", "improvement"],
    }
    yield "slow", ANNA.actor, matter(core, "complaint-service", ANNA, answers, received)
