"""The demo's tenders, step by step from each draft to where it stands."""

from collections.abc import Iterator, Mapping
from datetime import datetime, time, timedelta
from typing import Final

from commands.case_deadline import DaysOff
from commands.tender import (
    AddTenderMaterial,
    AnswerQuestion,
    ApproveDeadline,
    AskQuestion,
    DraftTender,
    ProposeDeadline,
    PublishTender,
)
from commands.tender_award import AwardLot, ConcludeContract, DeclareInterest, ScoreBid
from commands.tender_bid import BeginSitting, GiveShares
from commands.tender_committee import AppointCommittee, RecordRehearsal, RegisterMemberKey
from events.ids import ActorId, BidId, PartyId, QuestionId, SittingId, TeamId, TenderId
from events.tender import Criterion, Lot, Procedure
from events.tender_award import Notice
from services.bidding.envelope import key_id_of
from services.bidding.key_file import Keys
from services.core import Core
from services.deadlines import days_off
from services.demo.bidders import Offer, Safe
from services.demo.ids import COMPANIES, demo_id
from services.demo.matters import Step
from services.demo.papers import Papers
from services.demo.tender_plans import (
    DRAFT,
    KLOAK,
    LOT,
    OPEN,
    OVER,
    STANDSTILL,
    TO_OPEN,
    Plan,
)
from services.streams import tender_stream

MEMBERS: Final = tuple(ActorId(f"staff:{name}") for name in ("ulla", "omar", "per"))
MANAGER: Final = ActorId("staff:karen")
SECOND: Final = ActorId("staff:lis")
BIDDERS: Final = {party: actor for actor, party in COMPANIES.items()}
QUALITY: Final = Criterion(name="Kvalitet", weight=60, is_price=False)
PRICE: Final = Criterion(name="Pris", weight=40, is_price=True)


class Tendering:
    """One organisation's tenders; each that is there already is left as it is."""

    def __init__(self, core: Core, papers: Papers, safe: Safe, now: datetime) -> None:
        self._core, self._papers, self._safe, self._now = core, papers, safe, now
        self._keys: Mapping[ActorId, Keys] = {}

    def steps(self, team: TeamId) -> Iterator[Step]:
        for plan in (DRAFT, OPEN, TO_OPEN, STANDSTILL, OVER):
            if not self._core.store.read(tender_stream(self._id(plan)), up_to=1).events:
                yield from self._drafted(plan, team)
                if plan is not DRAFT:
                    yield from self._published(plan)
                if plan in (STANDSTILL, OVER):
                    yield from self._awarded(plan)
                if plan is OVER:
                    yield from self._concluded(plan)

    def _id(self, plan: Plan) -> TenderId:
        return TenderId(demo_id(self._core.name, f"tender {plan.name}"))

    def _closes(self, plan: Plan) -> datetime:
        closes = self._now - timedelta(days=plan.closed_for)
        if plan is TO_OPEN:
            return closes
        return datetime.combine(closes.date(), time(12), self._now.tzinfo)

    def _drafted(self, plan: Plan, team: TeamId) -> Iterator[Step]:
        tender = self._id(plan)
        draft = DraftTender(
            tender_id=tender,
            team=team,
            procedure=Procedure.OPEN,
            title=plan.title,
            description=plan.description,
            lots=(Lot(lot=LOT, title="Hele opgaven"),),
            criteria=(QUALITY, PRICE),
        )
        yield f"tender {plan.name}", MANAGER, draft
        papers = self._papers.of(PartyId(MANAGER), f"udbudsbetingelser-{plan.name}.pdf")
        material = AddTenderMaterial(tender_id=tender, material=tuple(papers))
        yield f"tender material {plan.name}", MANAGER, material
        committee = AppointCommittee(tender_id=tender, members=MEMBERS, threshold=2)
        yield f"tender committee {plan.name}", MANAGER, committee

    def _published(self, plan: Plan) -> Iterator[Step]:
        tender, closes = self._id(plan), self._closes(plan)
        published = closes - timedelta(days=45)
        self._keys = self._keys or self._safe.keys_of(MEMBERS)
        for member, keys in self._keys.items():
            key_id = key_id_of(keys.public)
            registered = RegisterMemberKey(
                tender_id=tender, member=member, key_id=key_id, public_key=keys.public.hex()
            )
            yield f"tender key {plan.name} {member}", member, registered
            rehearsed = RecordRehearsal(
                tender_id=tender, member=member, key_id=key_id, now=published
            )
            yield f"tender rehearsal {plan.name} {member}", member, rehearsed
        publish = PublishTender(
            tender_id=tender,
            published_at=published,
            closes_at=closes,
            days_off=self._days_off(published),
        )
        yield f"tender published {plan.name}", MANAGER, publish
        if plan is OPEN:
            yield from self._questions(tender, published)
            yield from self._moved(plan, closes, published + timedelta(days=3))
        for offer in plan.offers:
            bid = self._safe.sealed(tender, offer, published + timedelta(days=4))
            yield f"tender bid {plan.name} {offer.bidder}", BIDDERS[offer.bidder], bid

    def _questions(self, tender: TenderId, published: datetime) -> Iterator[Step]:
        asked = ("Hvem betaler for deponering af slam?", "Må arbejdet udføres om natten?")
        for number, text in enumerate(asked):
            question = QuestionId(demo_id(self._core.name, f"question {tender} {number}"))
            at = published + timedelta(days=1 + number)
            ask = AskQuestion(
                tender_id=tender, question_id=question, bidder=KLOAK, text=text, now=at
            )
            yield f"tender question {tender} {number}", BIDDERS[KLOAK], ask
            if number == 0:
                answer = AnswerQuestion(
                    tender_id=tender,
                    question_id=question,
                    text=text,
                    answer="Kommunen betaler efter vejeseddel; se bilag 2.",
                    now=at + timedelta(days=1),
                    days_off=self._days_off(at),
                )
                yield f"tender answer {tender} {number}", MANAGER, answer

    def _moved(self, plan: Plan, closes: datetime, at: datetime) -> Iterator[Step]:
        """The committee has to rehearse anew, and one of it has."""
        tender, later = self._id(plan), closes + timedelta(days=1)
        propose = ProposeDeadline(
            tender_id=tender,
            closes_at=later,
            reason="Flere har bedt om mere tid til at se bassinerne.",
            by=MANAGER,
            now=at,
        )
        yield f"tender deadline {plan.name}", MANAGER, propose
        approve = ApproveDeadline(tender_id=tender, closes_at=later, by=SECOND, now=at)
        yield f"tender deadline approved {plan.name}", SECOND, approve
        member = MEMBERS[-1]
        key_id = key_id_of(self._keys[member].public)
        again = RecordRehearsal(
            tender_id=tender, member=member, key_id=key_id, now=at + timedelta(hours=1)
        )
        yield f"tender rehearsal again {plan.name} {member}", member, again

    def _awarded(self, plan: Plan) -> Iterator[Step]:
        tender, opened_at = self._id(plan), self._closes(plan) + timedelta(minutes=20)
        sitting = SittingId(demo_id(self._core.name, f"sitting {tender}"))
        opening: dict[ActorId, Keys] = {each: self._keys[each] for each in MEMBERS[:2]}
        sit = BeginSitting(tender_id=tender, sitting=sitting, member=MEMBERS[0], now=opened_at)
        yield f"tender sitting {plan.name}", MEMBERS[0], sit
        for member in opening:
            give = GiveShares(tender_id=tender, sitting=sitting, member=member, now=opened_at)
            yield f"tender shares {plan.name} {member}", member, give
        found = self._safe.opened(tender, sitting, opening, opened_at)
        yield f"tender opened {plan.name}", MEMBERS[1], found
        yield from self._scored(plan, opened_at)
        winner = plan.offers[0]
        awarded_at = opened_at + timedelta(days=7)
        award = AwardLot(
            tender_id=tender,
            lot=LOT,
            winner=self._bid(tender, winner),
            reasons="Tilbuddet har det bedste forhold mellem pris og kvalitet.",
            notice=Notice.ELECTRONIC,
            now=awarded_at,
            days_off=self._days_off(awarded_at),
        )
        yield f"tender award {plan.name}", MANAGER, award

    def _scored(self, plan: Plan, at: datetime) -> Iterator[Step]:
        tender = self._id(plan)
        for evaluator in MEMBERS[:2]:
            declare = DeclareInterest(
                tender_id=tender, evaluator=evaluator, has_conflict=False, now=at
            )
            yield f"tender interest {plan.name} {evaluator}", evaluator, declare
            for number, offer in enumerate(plan.offers):
                score = ScoreBid(
                    tender_id=tender,
                    bid_id=self._bid(tender, offer),
                    evaluator=evaluator,
                    criterion=QUALITY.name,
                    points=850 - 150 * number,
                    reason="Planen er gennemtænkt, og referencerne er gode.",
                )
                yield f"tender score {plan.name} {evaluator} {offer.bidder}", evaluator, score

    def _concluded(self, plan: Plan) -> Iterator[Step]:
        today = (self._closes(plan) + timedelta(days=30)).date()
        contract = ConcludeContract(tender_id=self._id(plan), lot=LOT, today=today)
        yield f"tender contract {plan.name}", MANAGER, contract

    def _bid(self, tender: TenderId, offer: Offer) -> BidId:
        return BidId(demo_id(self._core.name, f"bid {tender} {offer.bidder} {offer.lot}"))

    def _days_off(self, at: datetime) -> DaysOff:
        return days_off(self._core.catalogue.calendar, at.date())
