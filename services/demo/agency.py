"""The demo's agency: a company that wants to be authorised, and a product that gets too hot."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from commands.case_information import RequestInformation
from events.case_information import RequestedItem
from events.ids import ActorId, RequestId
from services.core import Core
from services.deadlines import local_date
from services.demo.ids import demo_id
from services.demo.matters import Step, matter, taken_up
from services.demo.papers import Papers
from services.demo.people import ANNA, TOVE

SIGNE: Final = ActorId("staff:signe")
SVEND: Final = ActorId("staff:svend")


def agency(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    yield from _authorisation(core, papers, now)
    yield from _dangerous_product(core, papers, now)


def _authorisation(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    """Something is missing, so the company has the next move."""
    received = now - timedelta(days=5)
    declaration, education, approval = papers.of(
        TOVE.party, "Erklæring.pdf", "Eksamensbevis.pdf", "Forhåndsgodkendelse.pdf"
    )
    answers = {
        "field_of_work": "plumbing",
        "extent": "partial",
        "partial_work": "Vand og afløb i boliger.",
        "trading_name": "Vendsyssel Tømrerforretning",
        "address": "Algade 1, 9800 Hjørring",
        "employees": 4,
        "in_bankruptcy": False,
        "convicted": False,
        "declaration": [str(declaration.document_id)],
        "manager_name": "Tove Tømrer",
        "manager_email": "kontoret@vendsyssel-toemrer.example",
        "manager_approval": "danish-education",
        "education": [str(education.document_id)],
        "weekly_hours": 37,
        "leaves_other": False,
        "control_body": "Dansk Kvalitetskontrol (opdigtet)",
        "approved_on": (received - timedelta(days=30)).date().isoformat(),
        "quality_approval": [str(approval.document_id)],
    }
    attached = [declaration, education, approval]
    case = matter(core, "company-authorisation", TOVE, answers, received, papers=attached)
    yield "authorisation", TOVE.actor, case
    reply = "Tak for ansøgningen. Vi mangler én ting, som står på sagen."
    yield from taken_up(core, case, SIGNE, reply, received + timedelta(days=1))
    requested_on = local_date(received + timedelta(days=1))
    ask = RequestInformation(
        case_id=case.case_id,
        request=RequestId(demo_id(core.name, "request authorisation")),
        items=(RequestedItem(item="contract", text="Toves ansættelseskontrakt med timetal"),),
        requested_on=requested_on,
        due_on=requested_on + timedelta(days=21),
    )
    yield "ask for the contract", SIGNE, ask


def _dangerous_product(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    received = now - timedelta(days=3)
    (photo,) = papers.of(ANNA.party, "Mobiloplader.pdf")
    answers = {
        "product": "Mobiloplader med to stik",
        "category": "electrical",
        "brand": "Intet mærke, model XQ-20",
        "has_ce": "unmarked",
        "photos": [str(photo.document_id)],
        "bought": "online",
        "seller": "Billige Dimser",
        "told_seller": True,
        "dangers": ["fire"],
        "happened": "damage",
        "happened_on": (received - timedelta(days=2)).date().isoformat(),
        "description": "Den blev så varm natten over, at bordet blev brunt, og den lugtede af røg.",
        "keeps_product": True,
    }
    case = matter(core, "dangerous-product", ANNA, answers, received, papers=[photo])
    yield "product", ANNA.actor, case
    reply = "Tak. Brug den ikke. Vi vil gerne låne den til en prøve og sender en kuvert."
    yield from taken_up(core, case, SVEND, reply, received + timedelta(days=1))
