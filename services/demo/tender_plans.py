"""Which tenders the demo has: a draft, one open, one to be opened, one in standstill, one over."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from events.ids import ActorId, LotId
from services.demo.bidders import Offer
from services.demo.ids import COMPANIES, COMPANY

ANLAEG: Final = COMPANIES[ActorId("person:anlaeg")]
KLOAK: Final = COMPANIES[ActorId("person:kloak")]
LOT: Final = LotId("1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """`closed_for` is how many days ago it closed, negative where it has not."""

    name: str
    title: str
    description: str
    closed_for: float
    offers: Sequence[Offer] = ()


DRAFT: Final = Plan(
    name="planting",
    title="Beplantning langs Sæbyvej",
    description="Levering og plantning af 120 vejtræer med tre års pleje.",
    closed_for=0,
)
OPEN: Final = Plan(
    name="basins",
    title="Rensning af kommunens regnvandsbassiner",
    description="Oprensning af 42 bassiner over fire år, med bortskaffelse af slam.",
    closed_for=-35,
    offers=(
        Offer(bidder=KLOAK, price=2_450_000, lot=LOT),
        Offer(bidder=ANLAEG, price=2_300_000, lot=LOT),
    ),
)
TO_OPEN: Final = Plan(
    name="containers",
    title="Tømning af containere på genbrugspladserne",
    description="Transport og tømning på fem genbrugspladser i tre år.",
    closed_for=1 / 24,
    offers=(
        Offer(bidder=ANLAEG, price=1_180_000, lot=LOT),
        Offer(bidder=KLOAK, price=1_090_000, lot=LOT),
    ),
)
STANDSTILL: Final = Plan(
    name="roof",
    title="Nyt tag på skolen i Vrå",
    description="Udskiftning af 1.800 m² tag, mens skolen er i drift.",
    closed_for=12,
    offers=(
        Offer(bidder=COMPANY, price=3_900_000, lot=LOT),
        Offer(bidder=ANLAEG, price=4_250_000, lot=LOT),
    ),
)
OVER: Final = Plan(
    name="playgrounds",
    title="Legepladser i Hirtshals",
    description="Levering og opsætning af tre legepladser af træ.",
    closed_for=80,
    offers=(Offer(bidder=COMPANY, price=780_000, lot=LOT),),
)
