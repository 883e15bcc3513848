"""A tender as a test needs it: each command with what is usual, whatever else is said."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import reduce
from typing import Final, TypeVar
from uuid import UUID

from aggregates.tender import decider
from aggregates.tender_state import Tender
from commands.refusal import Refused
from commands.tender import (
    AddTenderMaterial,
    AmendTender,
    AnswerQuestion,
    ApproveDeadline,
    AskQuestion,
    CancelTender,
    DraftTender,
    InviteBidders,
    ProposeDeadline,
    PublishTender,
    RequestParticipation,
    TenderCommand,
)
from commands.tender_award import (
    AnnulAward,
    AwardLot,
    ConcludeContract,
    DeclareInterest,
    EndTenderComplaint,
    FileTenderComplaint,
    ScoreBid,
)
from commands.tender_bid import (
    BeginSitting,
    Found,
    GiveShares,
    RecordOpening,
    SubmitBid,
    WithdrawBid,
)
from commands.tender_committee import (
    AppointCommittee,
    BeginReplacement,
    CompleteReplacement,
    RecordRehearsal,
    RegisterMemberKey,
    ReportKeyLost,
)
from events.document import Document
from events.ids import (
    ActorId,
    BidId,
    DocumentId,
    KeyId,
    LotId,
    PartyId,
    QuestionId,
    ReplacementId,
    SittingId,
    TeamId,
    TenderId,
)
from events.tender import Criterion, Lot, Procedure, TenderEvent
from events.tender_award import ComplaintEnd, Notice
from events.tender_bid import Envelope, SealedShare
from events.tender_committee import ShareOfBid
from services.clock import COPENHAGEN

TENDER: Final = TenderId(UUID(int=7))
LOT: Final = LotId("1")
OTHER_LOT: Final = LotId("2")
MEMBERS: Final = tuple(ActorId(f"staff:{name}") for name in ("ada", "bob", "cai"))
ADA, BOB, CAI = MEMBERS
COMPANY: Final = PartyId("company:1")
OTHER: Final = PartyId("company:2")
MANAGER: Final = ActorId("staff:lis")
PUBLISHED_AT: Final = datetime(2026, 11, 2, 10, tzinfo=COPENHAGEN)
CLOSES_AT: Final = datetime(2026, 12, 8, 12, tzinfo=COPENHAGEN)
MOMENT: Final = timedelta(milliseconds=1)

QUALITY: Final = Criterion(name="Kvalitet", weight=60, is_price=False)
PRICE: Final = Criterion(name="Pris", weight=40, is_price=True)

C = TypeVar("C")


def document(number: int) -> Document:
    return Document(
        document_id=DocumentId(UUID(int=number)),
        sha256=f"{number:064x}",
        name=f"bilag-{number}.pdf",
        media_type="application/pdf",
        size=1_000,
    )


def key_of(member: ActorId) -> KeyId:
    return KeyId(f"key of {member}")


def envelope(*members: ActorId) -> Envelope:
    shares = tuple(
        SealedShare(member=each, key_id=key_of(each), place=place, commitment="c" * 64, sealed="ab")
        for place, each in enumerate(members or MEMBERS, start=1)
    )
    return Envelope(sha256="e" * 64, size=65_536, commitment="c" * 64, shares=shares)


def draft(procedure: Procedure = Procedure.OPEN) -> DraftTender:
    return DraftTender(
        tender_id=TENDER,
        team=TeamId("vej-trafik"),
        procedure=procedure,
        title="Vintervedligehold",
        description="Snerydning af kommunens veje",
        lots=(Lot(lot=LOT, title="Nord"), Lot(lot=OTHER_LOT, title="Syd")),
        criteria=(QUALITY, PRICE),
    )


def publish() -> PublishTender:
    return PublishTender(
        tender_id=TENDER, published_at=PUBLISHED_AT, closes_at=CLOSES_AT, days_off=frozenset()
    )


def bid(
    bidder: PartyId = COMPANY,
    *,
    version: int = 1,
    lot: LotId = LOT,
    now: datetime = PUBLISHED_AT,
) -> SubmitBid:
    return SubmitBid(
        tender_id=TENDER,
        bid_id=bid_id(bidder, lot, version),
        lot=lot,
        bidder=bidder,
        version=version,
        envelope=envelope(),
        now=now,
    )


def bid_id(bidder: PartyId = COMPANY, lot: LotId = LOT, version: int = 1) -> BidId:
    return BidId(UUID(int=int(bidder[-1]) * 10_000 + int(lot) * 100 + version))


def sitting(number: int = 1) -> SittingId:
    return SittingId(UUID(int=900 + number))


def sit(member: ActorId = ADA, now: datetime = CLOSES_AT, number: int = 1) -> BeginSitting:
    return BeginSitting(tender_id=TENDER, sitting=sitting(number), member=member, now=now)


def give(member: ActorId = ADA, now: datetime = CLOSES_AT, number: int = 1) -> GiveShares:
    return GiveShares(tender_id=TENDER, sitting=sitting(number), member=member, now=now)


def found(bid_: BidId, price: int | None = 100) -> Found:
    return Found(bid_id=bid_, documents=(document(500 + bid_.int),), price_minor=price)


def opening(*bids: Found, now: datetime = CLOSES_AT, number: int = 1) -> RecordOpening:
    return RecordOpening(tender_id=TENDER, sitting=sitting(number), found=bids, now=now)


def score(bid_: BidId, points: int, evaluator: ActorId = ADA) -> ScoreBid:
    return ScoreBid(
        tender_id=TENDER,
        bid_id=bid_,
        evaluator=evaluator,
        criterion=QUALITY.name,
        points=points,
        reason="Planen er klar.",
    )


def declare(evaluator: ActorId = ADA, *, has_conflict: bool = False) -> DeclareInterest:
    return DeclareInterest(
        tender_id=TENDER, evaluator=evaluator, has_conflict=has_conflict, now=CLOSES_AT
    )


@dataclass(slots=True)
class Running:
    """A tender to which one thing after another happens."""

    history: list[TenderEvent] = field(default_factory=list)
    commands: list[TenderCommand] = field(default_factory=list)
    state: Tender = decider.initial

    def does(self, *commands: TenderCommand) -> list[TenderEvent]:
        """All are done; what the last decided."""
        decided: list[TenderEvent] = []
        for command in commands:
            decided = decider.decide(command, self.state)
            self.history += decided
            self.commands.append(command)
            self.state = reduce(decider.evolve, decided, self.state)
        return decided

    def refuses(self, command: TenderCommand) -> str:
        """The code by which a command is refused, which changes nothing."""
        try:
            decided = decider.decide(command, self.state)
        except Refused as refused:
            return refused.code
        raise AssertionError(f"It was done: {decided}")

    def another(self) -> "Running":
        return Running([*self.history], [*self.commands], self.state)


def drafted(procedure: Procedure = Procedure.OPEN) -> Running:
    running = Running()
    running.does(draft(procedure), AddTenderMaterial(tender_id=TENDER, material=(document(1),)))
    return running


def ready(procedure: Procedure = Procedure.OPEN) -> Running:
    """With a committee that has rehearsed."""
    running = drafted(procedure)
    running.does(AppointCommittee(tender_id=TENDER, members=MEMBERS, threshold=2))
    for member in MEMBERS:
        key = key_of(member)
        running.does(
            RegisterMemberKey(tender_id=TENDER, member=member, key_id=key, public_key="0" * 64),
            RecordRehearsal(tender_id=TENDER, member=member, key_id=key, now=PUBLISHED_AT),
        )
    return running


def published(procedure: Procedure = Procedure.OPEN) -> Running:
    running = ready(procedure)
    running.does(publish())
    return running


def invited(*bidders: PartyId) -> Running:
    """A restricted procedure in which these may bid."""
    running = published(Procedure.RESTRICTED)
    for bidder in bidders:
        running.does(
            RequestParticipation(tender_id=TENDER, bidder=bidder, documents=(), now=PUBLISHED_AT)
        )
    running.does(
        InviteBidders(
            tender_id=TENDER,
            bidders=bidders,
            closes_at=CLOSES_AT + timedelta(days=40),
            now=CLOSES_AT,
            days_off=frozenset(),
        )
    )
    return running


def opened(*prices: tuple[PartyId, int | None]) -> Running:
    """Bids of these companies at these prices, opened by two members."""
    running = published()
    running.does(*(bid(bidder) for bidder, _ in prices))
    running.does(sit(), give(ADA), give(BOB))
    running.does(opening(*(found(bid_id(bidder), price) for bidder, price in prices)))
    return running


def award(winner: PartyId = COMPANY, notice: Notice = Notice.ELECTRONIC) -> AwardLot:
    return AwardLot(
        tender_id=TENDER,
        lot=LOT,
        winner=bid_id(winner),
        reasons="Bedste forhold mellem pris og kvalitet.",
        notice=notice,
        now=CLOSES_AT,
        days_off=frozenset(),
    )


def awarded(notice: Notice = Notice.ELECTRONIC) -> Running:
    """Two bids for a lot were opened and judged, and the better has won."""
    running = opened((COMPANY, 100), (OTHER, 200))
    running.does(declare(), score(bid_id(), 750), score(bid_id(OTHER), 700))
    running.does(award(notice=notice))
    return running


def every_fact() -> dict[type[TenderEvent], TenderEvent]:
    """One of each kind, the first that happened in a tender that had them all."""
    facts: dict[type[TenderEvent], TenderEvent] = {}
    for running in (told(), _restricted(), complained(), unopened()):
        for event in running.history:
            facts.setdefault(type(event), event)
    return facts


def amended() -> Running:
    """Two have bid when it is amended."""
    running = published()
    running.does(bid(), bid(OTHER), amend())
    return running


def amend() -> AmendTender:
    return AmendTender(
        tender_id=TENDER,
        text="Bilag 2 er rettet.",
        material=(document(2),),
        is_essential=False,
        now=PUBLISHED_AT,
        days_off=frozenset(),
    )


def told() -> Running:
    running = published()
    question = QuestionId(UUID(int=77))
    later = CLOSES_AT + timedelta(days=2)
    running.does(
        AskQuestion(
            tender_id=TENDER,
            question_id=question,
            bidder=COMPANY,
            text="Vi i Nord ApS spørger: hvor langt?",
            now=PUBLISHED_AT,
        ),
        AnswerQuestion(
            tender_id=TENDER,
            question_id=question,
            text="Hvor langt er vejnettet?",
            answer="412 km.",
            now=PUBLISHED_AT,
            days_off=frozenset(),
        ),
        amend(),
        ProposeDeadline(
            tender_id=TENDER, closes_at=later, reason="Sne", by=MANAGER, now=PUBLISHED_AT
        ),
        ApproveDeadline(tender_id=TENDER, closes_at=later, by=ADA, now=PUBLISHED_AT),
        CancelTender(tender_id=TENDER, reason="Bevillingen faldt bort.", now=PUBLISHED_AT),
    )
    return running


def _restricted() -> Running:
    return invited(COMPANY)


def complained() -> Running:
    running = published()
    running.does(bid(), bid(OTHER), give(), sit(), give(ADA), give(BOB))
    wrong = Found(bid_id=bid_id(OTHER), unreadable="key-corrupted")
    running.does(opening(found(bid_id()), wrong), declare(), score(bid_id(), 750))
    filed = FileTenderComplaint(
        tender_id=TENDER, lot=LOT, complainant=OTHER, filed_on=date(2026, 12, 10)
    )
    end = EndTenderComplaint(
        tender_id=TENDER,
        lot=LOT,
        complainant=OTHER,
        end=ComplaintEnd.UPHELD,
        ended_on=date(2027, 1, 4),
    )
    annul = AnnulAward(tender_id=TENDER, lot=LOT, reason="Klagenævnets kendelse", now=CLOSES_AT)
    running.does(award(), filed, end, annul, award())
    running.does(ConcludeContract(tender_id=TENDER, lot=LOT, today=date(2027, 1, 5)))
    return running


def unopened() -> Running:
    running = published()
    eve, replacement = ActorId("staff:eve"), ReplacementId(UUID(int=88))
    share = SealedShare(member=eve, key_id=key_of(eve), place=4, commitment="d" * 64, sealed="cd")
    running.does(
        bid(),
        bid(OTHER),
        WithdrawBid(tender_id=TENDER, lot=LOT, bidder=OTHER, now=PUBLISHED_AT),
        ReportKeyLost(tender_id=TENDER, member=CAI, now=PUBLISHED_AT),
        BeginReplacement(
            tender_id=TENDER,
            replacement=replacement,
            member=CAI,
            new_member=eve,
            key_id=key_of(eve),
            public_key="3" * 64,
            helpers=(ADA, BOB),
            now=CLOSES_AT,
        ),
        CompleteReplacement(
            tender_id=TENDER,
            replacement=replacement,
            new_member=eve,
            shares=(ShareOfBid(bid_id=bid_id(), share=share),),
            now=CLOSES_AT,
        ),
    )
    return running
