"""The letter to one bidder about the award of a lot, in Danish: won or not, and why.

Udbudsloven § 171 has what it says; lov om Klagenævnet for Udbud § 3 how long there is no contract.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from events.tender import TenderDrafted
from events.tender_award import LotAwarded
from services.catalogue.organisation import Organisation
from services.deadlines import local_date
from services.esdh.port import Direction
from services.journal import letter_texts as texts
from services.journal.letter import Letter, Passage, Section, Table, details


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedBid:
    """One's own bid among those for its lot; `place` from 1, points from 0 to 10.

    `scores` has criterion, points and reasons.
    """

    bidder: str
    winner: str
    is_winner: bool
    place: int
    bids: int
    total: float
    best: float
    scores: Sequence[tuple[str, float, Sequence[str]]]


def award_letter(
    drafted: TenderDrafted, awarded: LotAwarded, bid: JudgedBid, organisation: Organisation
) -> Letter:
    day = local_date(awarded.awarded_at)
    lot = next(each.title for each in drafted.lots if each.lot == awarded.lot)
    kind = "Tildeling" if bid.is_winner else "Afslag"
    total, best = texts.points(bid.total), texts.points(bid.best)
    about = details(
        ("Til", bid.bidder),
        ("Myndighed", texts.authority(organisation, drafted.team)),
        ("Udbud", drafted.title),
        ("Delaftale", lot),
        ("Vinder", bid.winner),
        ("Jeres tilbud", f"Nummer {bid.place} af {bid.bids}"),
        ("Point i alt", f"{total} af 10; det bedste tilbud har {best}"),
    )
    scores = Table(
        header=("Kriterium", "Point", "Begrundelse"),
        rows=tuple(
            (criterion, texts.points(points), "\n".join(reasons))
            for criterion, points, reasons in bid.scores
        ),
    )
    return Letter(
        organisation=organisation.name.da,
        title=texts.title(f"{kind}: ", f"{drafted.title}, {lot}", texts.short_date(day)),
        file_name=texts.file_name(kind.lower(), day.isoformat(), drafted.title, awarded.lot),
        date=day,
        direction=Direction.OUT,
        sections=(
            Section(heading="Afgørelsen", parts=(Passage(text=_opening(bid)), about)),
            Section(heading="Begrundelse", parts=(Passage(text=awarded.reasons), scores)),
            Section(heading="Hvad sker der nu?", parts=(Passage(text=_next(awarded, bid)),)),
            Section(heading="Klage", parts=(Passage(text=_complaint(awarded)),)),
        ),
    )


def _opening(bid: JudgedBid) -> str:
    if bid.is_winner:
        return (
            "Vi har besluttet at tildele jer kontrakten. Brevet her er ikke en kontrakt; den kan "
            "først indgås, når standstill-perioden er forbi."
        )
    return f"Vi har besluttet at tildele {bid.winner} kontrakten. Tak for jeres tilbud."


def _next(awarded: LotAwarded, bid: JudgedBid) -> str:
    until = texts.long_date(awarded.standstill_until)
    said = f"Standstill-perioden varer til og med {until}. Før den er slut, indgås ingen kontrakt."
    if bid.is_winner:
        return f"{said} Kommer der ingen klage, der standser den, hører I fra os derefter."
    return f"{said} I ser på udbuddets side, når kontrakten er indgået."


def _complaint(awarded: LotAwarded) -> str:
    until = texts.long_date(awarded.standstill_until)
    return (
        "I kan klage skriftligt til Klagenævnet for Udbud. Giv samtidig os besked om, at I "
        "klager, og om I gør det inden for standstill-perioden.\n\n"
        f"En klage, der er indgivet senest {until}, standser kontrakten, til klagenævnet har "
        "taget stilling (lov om Klagenævnet for Udbud § 12). Hvor længe I ellers kan klage, "
        "fremgår af lovens § 7."
    )
