"""The demo's notices and requests for access, each at another stage of its way."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from commands.case import CloseCase
from commands.case_deadline import MissDeadline
from commands.case_party_hearing import AnswerPartyHearing, OpenPartyHearing
from events.case_deadline import DeadlineKind
from events.case_decision import Outcome
from events.ids import CaseId, MessageId, RoundId
from services.clockwork import CLOCK
from services.core import Core
from services.deadlines import local_date
from services.demo.deciding import Ruling, decided
from services.demo.ids import demo_id
from services.demo.matters import Step, matter, taken_up
from services.demo.papers import Papers
from services.demo.people import ANNA, BO, KAREN, TOVE


def notices(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    """One may still be objected to, one began since nobody did, one is prohibited."""
    yield from _soil_on_its_way(core, papers, now)
    yield from _works_begun(core, papers, now)
    yield from _demolition_prohibited(core, papers, now)
    yield from _access(core, now)


def _soil_on_its_way(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    received = now - timedelta(days=6)
    (plan,) = papers.of(TOVE.party, "Gravefelt.pdf")
    answers = {
        "address": "Nørregade 30, 9800 Hjørring",
        "cadastre": "12c Hjørring Bygrunde",
        "origin": "area-classified",
        "dig_map": [str(plan.document_id)],
        "volume": "85",
        "pollution": ["none-seen"],
        "destination": "plant",
        "recipient": "Vendsyssel Jordrens",
        "destination_address": "Industrivej 4, 9800 Hjørring",
        "is_urgent": False,
        "start": (received + timedelta(days=3)).date().isoformat(),
        "contact_phone": "+45 98 00 00 01",
    }
    case = matter(core, "soil-transport", TOVE, answers, received, papers=[plan])
    yield "soil", TOVE.actor, case
    reply = "Tak, alt er med. Skriv vognmandens CVR-nummer her, når du kender det."
    yield from taken_up(core, case, KAREN, reply, received + timedelta(days=1))


def _works_begun(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    received = now - timedelta(days=20)
    (plan,) = papers.of(TOVE.party, "Byggeplads.pdf")
    answers = {
        "address": "Havnegade 8, 9850 Hirtshals",
        "activity": "facade",
        "machines": ["blasting"],
        "description": "Facaden mod havnen sandblæses og males.",
        "site_plan": [str(plan.document_id)],
        "start": (received + timedelta(days=16)).date().isoformat(),
        "weeks": 3,
        "outside_hours": False,
        "nearest_home": 35,
        "noise_measures": "Vi arbejder kun mellem 8 og 16.",
        "dust_measures": "Stilladset er pakket ind, og der blæses vådt.",
        "blasting_waste": "Kvartssand, som samles op på presenning og køres til deponi.",
        "informs_neighbours": "letter",
        "contact_name": "Tove Tømrer",
        "contact_phone": "+45 98 00 00 01",
    }
    service = "temporary-environmental-activity"
    case = matter(core, service, TOVE, answers, received, papers=[plan])
    yield "works", TOVE.actor, case
    reply = "Tak. Husk, at naboerne skal have brevet, før I begynder."
    yield from taken_up(core, case, KAREN, reply, received + timedelta(days=2))
    today = local_date(now)
    passed = MissDeadline(case_id=case.case_id, deadline=DeadlineKind.OBJECTION, today=today)
    yield "works may begin", CLOCK, passed
    yield "works closed", KAREN, CloseCase(case_id=case.case_id, closed_on=today)


def _demolition_prohibited(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    received = now - timedelta(days=10)
    plan, screening, mapping = papers.of(
        ANNA.party, "Situationsplan.pdf", "Screening.pdf", "Kortlægning.pdf"
    )
    answers = _demolishing(received) | {
        "site_plan": [str(plan.document_id)],
        "screening": [str(screening.document_id)],
        "mapping": [str(mapping.document_id)],
    }
    case = matter(core, "demolition", ANNA, answers, received, papers=[plan, screening, mapping])
    yield "demolition", ANNA.actor, case
    reply = "Huset er bevaringsværdigt i kommuneplanen, så du hører fra os igen."
    yield from taken_up(core, case, KAREN, reply, received + timedelta(days=1))
    yield from _heard(core, case.case_id, received)
    grounds = (
        "Huset er bevaringsværdigt og kan sættes i stand. Vi forbereder en lokalplan, som bevarer"
        " gadens huse, og den kan først vedtages, når naboerne er hørt."
    )
    ruling = Ruling(
        outcome=Outcome.PROHIBITED,
        legal_basis="Planlovens § 14, jf. bygningsfredningslovens § 18",
        grounds=grounds,
        appeal="planloven",
    )
    yield from decided(core, case, KAREN, ruling, local_date(now))


def _demolishing(received: datetime) -> dict[str, object]:
    return {
        "address": "Bispensgade 1, 9800 Hjørring",
        "bfe": 900000001,
        "role": "owner",
        "building": "house",
        "area": 140,
        "permit": "applied",
        "permit_number": "2026-1182",
        "year_built": 1898,
        "renovated": False,
        "protection": "worthy",
        "screened": True,
        "found": ["lead"],
        "start": (received + timedelta(days=20)).date().isoformat(),
        "waste_tonnes": "120",
        "fractions": ["brick", "wood", "hazardous"],
        "receivers": "Vognmanden kører tegl og træ til genbrug og malet puds til deponi.",
        "contact_phone": "+45 98 00 00 02",
    }


def _heard(core: Core, case_id: CaseId, received: datetime) -> Iterator[Step]:
    round_id = RoundId(demo_id(core.name, f"round {case_id}"))
    opened_on, answered_on = local_date(received), local_date(received + timedelta(days=6))
    opened = OpenPartyHearing(
        case_id=case_id,
        round=round_id,
        parties=(),
        planned=Outcome.PROHIBITED,
        text="Vi overvejer at nedlægge forbud, fordi huset er bevaringsværdigt.",
        material=(),
        opened_on=opened_on,
        due_on=opened_on + timedelta(days=9),
    )
    yield f"hear {case_id}", KAREN, opened
    answered = AnswerPartyHearing(
        case_id=case_id,
        round=round_id,
        party=ANNA.party,
        message=MessageId(demo_id(core.name, f"heard {case_id}")),
        text="Taget er råddent, og det er for dyrt at sætte i stand.",
        documents=(),
        is_final=True,
        answered_on=answered_on,
    )
    yield f"heard {case_id}", ANNA.actor, answered


def _access(core: Core, now: datetime) -> Iterator[Step]:
    """Bo waits for documents of a road; Anna has been given those of her own case."""
    asked = now - timedelta(days=2)
    wanted = {
        "wanted": "theme",
        "description": "Breve mellem kommunen og lodsejerne om stien langs åen.",
        "first_day": (asked - timedelta(days=365)).date().isoformat(),
        "environment": True,
        "delivery": "here",
        "parts_first": True,
    }
    case = matter(core, "access-request", BO, wanted, asked)
    yield "access", BO.actor, case
    reply = "Vi har fundet 14 dokumenter og ser dem igennem. Du får de første i morgen."
    yield from taken_up(core, case, KAREN, reply, asked + timedelta(days=1))

    own = {
        "capacity": "party",
        "which_case": "Nedrivningen af mit hus i Bispensgade.",
        "extent": "everything",
        "has_deadline": False,
        "delivery": "here",
    }
    about = CaseId(demo_id(core.name, f"demolition {ANNA.party}"))
    given = matter(core, "party-access", ANNA, own, now - timedelta(days=1), about=about)
    yield "own case", ANNA.actor, given
    ruling = Ruling(outcome=Outcome.GRANTED, legal_basis="Forvaltningslovens § 9")
    yield from decided(core, given, KAREN, ruling, local_date(now))
