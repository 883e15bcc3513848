"""A tender from its draft to its contract, rule by rule."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from commands.tender import (
    AmendTender,
    AnswerQuestion,
    ApproveDeadline,
    AskQuestion,
    CancelTender,
    InviteBidders,
    ProposeDeadline,
    RequestParticipation,
)
from commands.tender_award import (
    AnnulAward,
    AwardLot,
    ConcludeContract,
    EndTenderComplaint,
    FileTenderComplaint,
)
from commands.tender_bid import WithdrawBid
from commands.tender_committee import (
    AppointCommittee,
    BeginReplacement,
    CompleteReplacement,
    RecordRehearsal,
    RegisterMemberKey,
    ReportKeyLost,
)
from events.ids import ActorId, DocumentId, LotId, PartyId, QuestionId, ReplacementId
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    ParticipationRequestOpened,
    Procedure,
    TenderCancelled,
    TenderEvent,
)
from events.tender_award import ComplaintEnd, ContractConcluded, LotAwarded, Notice
from events.tender_bid import OpeningRefused, SealedShare
from events.tender_committee import MemberReplaced, ShareOfBid
from services.clock import COPENHAGEN
from tests.tender_examples import (
    ADA,
    BOB,
    CAI,
    CLOSES_AT,
    COMPANY,
    LOT,
    MANAGER,
    MEMBERS,
    MOMENT,
    OTHER,
    PRICE,
    PUBLISHED_AT,
    QUALITY,
    TENDER,
    Running,
    bid,
    bid_id,
    declare,
    document,
    draft,
    drafted,
    envelope,
    found,
    give,
    invited,
    key_of,
    opened,
    opening,
    publish,
    published,
    ready,
    score,
    sit,
)

QUESTION = QuestionId(document(77).document_id)
DAY = timedelta(days=1)


def test_a_tender_has_lots_and_criteria_that_make_a_hundred() -> None:
    running = Running()
    usual = draft()
    assert running.refuses(replace(usual, title=" ")) == "title-missing"
    assert running.refuses(replace(usual, lots=())) == "lots-unclear"
    assert running.refuses(replace(usual, lots=usual.lots[:1] * 2)) == "lots-unclear"
    for criteria in ((), (QUALITY,), (QUALITY, replace(PRICE, name=QUALITY.name))):
        assert running.refuses(replace(usual, criteria=criteria)) == "weights-unclear"
    nothing = (replace(QUALITY, weight=100), replace(PRICE, weight=0))
    assert running.refuses(replace(usual, criteria=nothing)) == "weights-unclear"
    running.does(usual)
    assert running.refuses(usual) == "tender-already-drafted"


@pytest.mark.parametrize(
    ("members", "threshold", "code"),
    [
        (MEMBERS, 1, "committee-too-small"),
        (MEMBERS, 3, "committee-too-small"),
        (MEMBERS[:2], 2, "committee-too-small"),
        ((*MEMBERS[:2], MEMBERS[0]), 2, "member-twice"),
    ],
)
def test_a_committee_opens_by_two_at_least_and_never_by_its_majority_alone(
    members: tuple[ActorId, ...], threshold: int, code: str
) -> None:
    appoint = AppointCommittee(tender_id=TENDER, members=members, threshold=threshold)
    assert drafted().refuses(appoint) == code


def test_a_tender_is_published_with_material_and_a_committee_that_has_rehearsed() -> None:
    running = Running()
    running.does(draft())
    assert running.refuses(publish()) == "material-missing"
    running = drafted()
    assert running.refuses(publish()) == "committee-missing"
    running.does(AppointCommittee(tender_id=TENDER, members=MEMBERS, threshold=2))
    assert running.refuses(publish()) == "committee-not-rehearsed"
    running = ready()
    # A new key has to be rehearsed anew.
    again = RegisterMemberKey(tender_id=TENDER, member=CAI, key_id=key_of(BOB), public_key="1" * 64)
    running.does(again)
    assert running.refuses(publish()) == "committee-not-rehearsed"
    wrong = RecordRehearsal(tender_id=TENDER, member=CAI, key_id=key_of(CAI), now=PUBLISHED_AT)
    assert running.refuses(wrong) == "key-not-registered"
    running.does(replace(wrong, key_id=key_of(BOB)), publish())
    assert running.refuses(publish()) == "tender-already-published"


@pytest.mark.parametrize("procedure", Procedure)
def test_thirty_days_are_given_to_their_end_and_to_a_working_day(procedure: Procedure) -> None:
    running = ready(procedure)
    # Thirty days from Monday 2 November end with Wednesday 2 December.
    ends = datetime(2026, 12, 3, tzinfo=COPENHAGEN)
    assert running.refuses(replace(publish(), closes_at=ends - MOMENT)) == "tender-period-too-short"
    running.another().does(replace(publish(), closes_at=ends))
    # From Friday the sixth they would end on a Sunday.
    friday = replace(publish(), published_at=PUBLISHED_AT + 4 * DAY)
    ends = datetime(2026, 12, 8, tzinfo=COPENHAGEN)
    assert running.refuses(replace(friday, closes_at=ends - MOMENT)) == "tender-period-too-short"
    off = replace(friday, closes_at=ends, days_off=frozenset([date(2026, 12, 7)]))
    assert running.refuses(off) == "tender-period-too-short"
    running.does(replace(friday, closes_at=ends))


def invitation() -> InviteBidders:
    return InviteBidders(
        tender_id=TENDER,
        bidders=(COMPANY,),
        closes_at=CLOSES_AT + 40 * DAY,
        now=CLOSES_AT,
        days_off=frozenset(),
    )


def test_in_a_restricted_procedure_those_bid_who_asked_and_were_invited() -> None:
    running = published(Procedure.RESTRICTED)
    assert running.refuses(bid()) == "tender-takes-no-bids"
    ask = RequestParticipation(
        tender_id=TENDER, bidder=COMPANY, documents=(), now=CLOSES_AT - MOMENT
    )
    running.does(ask)
    assert running.refuses(ask) == "participation-requested"
    assert running.refuses(replace(ask, bidder=OTHER, now=CLOSES_AT)) == "tender-closed"
    invite = invitation()
    assert running.refuses(replace(invite, now=CLOSES_AT - MOMENT)) == "tender-not-closed"
    assert running.refuses(replace(invite, bidders=(OTHER,))) == "bidders-unknown"
    assert running.refuses(replace(invite, bidders=())) == "bidders-unknown"
    short = replace(invite, closes_at=CLOSES_AT + 25 * DAY)
    assert running.refuses(short) == "tender-period-too-short"
    assert [type(each) for each in running.does(invite)] == [
        ParticipationRequestOpened,
        BiddersInvited,
    ]
    assert running.refuses(invite) == "bidders-invited"
    running.does(bid(now=CLOSES_AT))
    assert running.refuses(bid(OTHER, now=CLOSES_AT)) == "bidder-not-invited"
    assert published().refuses(ask) == "tender-open-to-all"


def asked(*bidders: PartyId) -> Running:
    """Each of them has asked to be invited, with a paper of its own."""
    running = published(Procedure.RESTRICTED)
    for number, bidder in enumerate(bidders):
        at = PUBLISHED_AT + number * DAY
        papers = (document(30 + number),)
        running.does(
            RequestParticipation(tender_id=TENDER, bidder=bidder, documents=papers, now=at)
        )
    return running


def opened_to(events: Sequence[TenderEvent]) -> list[tuple[PartyId, DocumentId, datetime]]:
    return [
        (each.bidder, each.documents[0].document_id, each.received_at)
        for each in events
        if isinstance(each, ParticipationRequestOpened)
    ]


def test_all_requests_are_opened_when_some_are_invited_or_nobody_will_be() -> None:
    running = asked(OTHER, COMPANY)
    all_of_them = [
        (OTHER, document(30).document_id, PUBLISHED_AT),
        (COMPANY, document(31).document_id, PUBLISHED_AT + DAY),
    ]
    cancel = CancelTender(tender_id=TENDER, reason="Bevillingen faldt bort.", now=CLOSES_AT)
    assert opened_to(running.another().does(cancel)) == all_of_them
    # Before the deadline nobody has access to what was received.
    assert opened_to(running.another().does(replace(cancel, now=CLOSES_AT - MOMENT))) == []
    assert opened_to(running.does(invitation())) == all_of_them
    # Once is enough.
    assert opened_to(running.does(replace(cancel, now=CLOSES_AT + DAY))) == []


def answer(now: datetime) -> AnswerQuestion:
    return AnswerQuestion(
        tender_id=TENDER,
        question_id=QUESTION,
        text="Hvor langt er vejnettet?",
        answer="412 km.",
        now=now,
        days_off=frozenset(),
    )


def test_an_answer_is_given_once_and_leaves_six_whole_days() -> None:
    running = published()
    assert running.refuses(answer(PUBLISHED_AT)) == "question-not-found"
    running.does(
        AskQuestion(
            tender_id=TENDER,
            question_id=QUESTION,
            bidder=COMPANY,
            text="Hej, vi i Nord ApS ...",
            now=PUBLISHED_AT,
        )
    )
    assert running.refuses(replace(answer(PUBLISHED_AT), answer=" ")) == "text-missing"
    in_time = running.another()
    assert len(in_time.does(answer(CLOSES_AT - 7 * DAY))) == 1
    assert in_time.refuses(answer(CLOSES_AT - 7 * DAY)) == "question-answered"
    # Wednesday 2 December: six days and the deadline's own are Wednesday the ninth.
    _, moved = running.does(answer(CLOSES_AT - 6 * DAY))
    assert isinstance(moved, DeadlineMoved)
    assert (moved.closes_at, moved.by_law) == (CLOSES_AT + DAY, True)
    running.does(bid(now=CLOSES_AT))
    assert running.refuses(bid(OTHER, now=CLOSES_AT + DAY)) == "bid-late"


def test_an_amendment_leaves_six_whole_days_as_well() -> None:
    running = published()
    amend = AmendTender(
        tender_id=TENDER,
        text="Bilag 2 er rettet.",
        material=(document(2),),
        is_essential=True,
        now=CLOSES_AT - DAY,
        days_off=frozenset([date(2026, 12, 14)]),
    )
    assert running.refuses(replace(amend, material=(document(1),))) == "document-already-added"
    _, moved = running.does(amend)
    assert isinstance(moved, DeadlineMoved)
    # Monday the seventh and seven days is Monday the fourteenth, which is off.
    assert moved.closes_at == datetime(2026, 12, 15, 12, tzinfo=COPENHAGEN)
    assert running.refuses(replace(amend, now=moved.closes_at)) == "tender-closed"


def test_a_deadline_is_moved_on_by_two_persons_before_it() -> None:
    running = published()
    later = CLOSES_AT + DAY
    propose = ProposeDeadline(
        tender_id=TENDER, closes_at=later, reason="Sygdom", by=MANAGER, now=PUBLISHED_AT
    )
    approve = ApproveDeadline(tender_id=TENDER, closes_at=later, by=ADA, now=PUBLISHED_AT)
    assert running.refuses(approve) == "deadline-not-proposed"
    assert running.refuses(replace(propose, closes_at=CLOSES_AT)) == "tender-deadline-not-later"
    assert running.refuses(replace(propose, reason="")) == "reason-missing"
    running.does(propose)
    assert running.refuses(replace(approve, by=MANAGER)) == "second-person-needed"
    assert running.refuses(replace(approve, closes_at=later + DAY)) == "deadline-not-proposed"
    assert running.refuses(replace(approve, now=CLOSES_AT)) == "tender-closed"
    # Proposed only, it has moved nothing.
    assert running.another().refuses(bid(now=CLOSES_AT)) == "bid-late"
    running.does(approve, bid(now=CLOSES_AT))
    assert running.refuses(approve) == "deadline-not-proposed"


def test_a_bid_is_sealed_to_the_committee_and_replaces_the_one_before() -> None:
    running = published()
    assert running.refuses(bid(version=2)) == "bid-version-stale"
    assert running.refuses(bid(lot=LotId("9"))) == "lot-not-found"
    for others in (MEMBERS[:2], (*MEMBERS, ActorId("staff:eve")), (*MEMBERS, CAI)):
        foreign = replace(bid(), envelope=envelope(*others))
        assert running.refuses(foreign) == "bid-sealed-to-others"
    running.does(bid())
    assert running.refuses(bid()) == "bid-version-stale"
    running.does(bid(version=2))
    assert [each.version for each in running.state.bids.values()] == [2]
    withdraw = WithdrawBid(tender_id=TENDER, lot=LOT, bidder=COMPANY, now=CLOSES_AT - MOMENT)
    assert running.refuses(replace(withdraw, now=CLOSES_AT)) == "bid-late"
    running.does(withdraw)
    assert running.refuses(withdraw) == "bid-not-found"
    assert running.refuses(bid(version=1)) == "bid-version-stale"
    running.does(bid(version=3))
    new_key = RegisterMemberKey(tender_id=TENDER, member=ADA, key_id=key_of(BOB), public_key="")
    assert running.refuses(new_key) == "tender-already-published"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (sit(now=CLOSES_AT - MOMENT), "tender-not-closed"),
        (sit(ActorId("staff:eve")), "not-a-member"),
        (give(now=CLOSES_AT - MOMENT), "tender-not-closed"),
        (give(ActorId("staff:eve")), "not-a-member"),
        (give(), "sitting-not-found"),
    ],
)
def test_who_tries_to_open_and_may_not_leaves_a_trace(command: object, code: str) -> None:
    running = published()
    running.does(bid())
    [refused] = running.does(command)  # type: ignore[arg-type]  # either of the two
    assert isinstance(refused, OpeningRefused)
    assert refused.code == code
    assert refused.member == command.member  # type: ignore[attr-defined]  # which both have


def test_bids_are_opened_all_at_once_by_enough_members_in_one_sitting() -> None:
    running = published()
    running.does(bid(), bid(OTHER))
    running.does(sit(), give(ADA))
    both = opening(found(bid_id()), found(bid_id(OTHER)))
    assert running.refuses(both) == "shares-too-few"
    assert running.does(give(ADA)) == []
    assert running.refuses(sit(BOB)) == "sitting-running"
    # The first sitting is over: who gave then has to give again.
    [refused] = running.does(give(BOB, now=CLOSES_AT + timedelta(hours=1)))
    assert isinstance(refused, OpeningRefused)
    assert refused.code == "sitting-over"
    late = CLOSES_AT + timedelta(hours=1)
    running.does(sit(BOB, late, 2), give(BOB, late, 2))
    assert running.refuses(replace(both, sitting=sit(number=2).sitting)) == "shares-too-few"
    assert running.refuses(both) == "sitting-not-found"
    running.does(give(CAI, late, 2))
    second = replace(both, sitting=sit(number=2).sitting)
    assert running.refuses(replace(second, found=second.found[:1])) == "bids-missing"
    running.does(second)
    assert running.refuses(second) == "tender-opened"
    [refused] = running.does(sit(ADA, late, 3))
    assert isinstance(refused, OpeningRefused)
    assert refused.code == "tender-opened"


def test_a_bid_that_was_sealed_wrongly_is_told_and_does_not_keep_the_others_shut() -> None:
    running = published()
    running.does(bid(), bid(OTHER), sit(), give(ADA), give(BOB))
    wrong = replace(found(bid_id()), documents=(), price_minor=None, unreadable="key-corrupted")
    running.does(opening(wrong, found(bid_id(OTHER))))
    running.does(declare())
    assert running.refuses(score(bid_id(), 500)) == "bid-not-found"
    running.does(score(bid_id(OTHER), 500))


def award(winner: object = None, notice: Notice = Notice.ELECTRONIC) -> AwardLot:
    return AwardLot(
        tender_id=TENDER,
        lot=LOT,
        winner=bid_id() if winner is None else winner,  # type: ignore[arg-type]  # a BidId
        reasons="Bedste forhold mellem pris og kvalitet.",
        notice=notice,
        now=CLOSES_AT,
        days_off=frozenset(),
    )


def test_evaluators_declare_their_interests_and_score_with_reasons() -> None:
    running = opened((COMPANY, 100), (OTHER, 200))
    assert published().refuses(declare()) == "tender-not-opened"
    assert running.refuses(score(bid_id(), 500)) == "interest-not-declared"
    running.does(declare(), declare(BOB, has_conflict=True))
    assert running.refuses(score(bid_id(), 500, BOB)) == "evaluator-has-interest"
    for points in (-1, 1_001):
        assert running.refuses(score(bid_id(), points)) == "points-out-of-range"
    assert running.refuses(replace(score(bid_id(), 1), reason=" ")) == "reason-missing"
    by_price = replace(score(bid_id(), 1), criterion=PRICE.name)
    assert running.refuses(by_price) == "criterion-not-found"
    running.does(score(bid_id(), 600), declare(has_conflict=True))
    # Who turns out to have an interest has not scored.
    running.does(declare(CAI), score(bid_id(OTHER), 500, CAI))
    assert running.refuses(award()) == "scores-missing"


def test_the_highest_total_wins_by_the_weights_that_were_published() -> None:
    running = opened((COMPANY, 100), (OTHER, 200))
    running.does(declare(), declare(BOB))
    running.does(score(bid_id(), 500), score(bid_id(), 600, BOB), score(bid_id(OTHER), 1_000))
    # 550 x 0.6 + 1,000 x 0.4 = 730; 1,000 x 0.6 + 500 x 0.4 = 800.
    assert running.refuses(award()) == "award-not-highest"
    assert running.refuses(replace(award(bid_id(OTHER)), reasons=" ")) == "reason-missing"
    [awarded] = running.does(award(bid_id(OTHER)))
    assert isinstance(awarded, LotAwarded)
    assert [(each.bid_id, each.total) for each in awarded.ranking] == [
        (bid_id(OTHER), 800),
        (bid_id(), 730),
    ]
    assert running.refuses(award(bid_id(OTHER))) == "lot-awarded"
    assert running.refuses(score(bid_id(), 1_000)) == "lot-awarded"


def awarded(notice: Notice = Notice.ELECTRONIC) -> Running:
    running = opened((COMPANY, 100))
    running.does(declare(), score(bid_id(), 500), award(notice=notice))
    return running


def conclude(today: date) -> ConcludeContract:
    return ConcludeContract(tender_id=TENDER, lot=LOT, today=today)


@pytest.mark.parametrize(
    ("notice", "last"),
    [
        # Told on Tuesday 8 December: ten days are Friday the eighteenth,
        (Notice.ELECTRONIC, date(2026, 12, 18)),
        # fifteen Wednesday the twenty-third.
        (Notice.LETTER, date(2026, 12, 23)),
    ],
)
def test_no_contract_before_standstill_is_over(notice: Notice, last: date) -> None:
    running = awarded(notice)
    assert running.refuses(conclude(last)) == "standstill-running"
    [concluded] = running.does(conclude(last + DAY))
    assert isinstance(concluded, ContractConcluded)
    assert running.does(conclude(last + DAY)) == []


def test_standstill_ends_on_a_working_day() -> None:
    running = opened((COMPANY, 100))
    running.does(declare(), score(bid_id(), 500))
    # From Thursday the tenth ten days are Sunday the twentieth; Monday is off.
    off = replace(award(), now=CLOSES_AT + 2 * DAY, days_off=frozenset([date(2026, 12, 21)]))
    [told] = running.does(off)
    assert isinstance(told, LotAwarded)
    assert told.standstill_until == date(2026, 12, 22)


def complaint(filed_on: date) -> FileTenderComplaint:
    return FileTenderComplaint(tender_id=TENDER, lot=LOT, complainant=OTHER, filed_on=filed_on)


def ended(end: ComplaintEnd) -> EndTenderComplaint:
    return EndTenderComplaint(
        tender_id=TENDER, lot=LOT, complainant=OTHER, end=end, ended_on=date(2027, 1, 4)
    )


def test_a_complaint_within_standstill_stops_the_contract_until_it_is_decided() -> None:
    running = awarded()
    running.does(complaint(date(2026, 12, 18)))
    after = conclude(date(2027, 1, 5))
    assert running.refuses(after) == "complaint-stops-contract"
    dismissed = running.another()
    dismissed.does(ended(ComplaintEnd.DISMISSED), after)
    running.does(ended(ComplaintEnd.UPHELD))
    assert running.refuses(after) == "award-not-upheld"
    annul = AnnulAward(tender_id=TENDER, lot=LOT, reason="Kendelse", now=CLOSES_AT)
    running.does(annul)
    assert running.refuses(after) == "lot-not-awarded"
    running.does(award())


def test_a_complaint_after_standstill_stops_nothing() -> None:
    running = awarded()
    running.does(complaint(date(2026, 12, 19)), conclude(date(2026, 12, 19)))
    assert running.refuses(complaint(date(2026, 12, 20))) == "contract-concluded"


def test_a_tender_is_cancelled_for_a_reason_until_there_is_a_contract() -> None:
    cancel = CancelTender(tender_id=TENDER, reason="Bevillingen faldt bort.", now=CLOSES_AT)
    for running in (drafted(), published(), opened((COMPANY, 1)), awarded()):
        assert running.refuses(replace(cancel, reason=" ")) == "reason-missing"
        running.does(cancel)
        assert running.does(cancel) == []
        assert running.refuses(bid()) == "tender-cancelled"
    concluded = awarded()
    concluded.does(conclude(date(2027, 1, 5)))
    assert concluded.refuses(cancel) == "contract-concluded"
    assert Running().refuses(cancel) == "tender-not-found"


def lost(member: ActorId) -> ReportKeyLost:
    return ReportKeyLost(tender_id=TENDER, member=member, now=PUBLISHED_AT)


def test_a_tender_that_too_few_can_open_is_cancelled_by_its_own_rule() -> None:
    running = published()
    running.does(bid())
    assert len(running.does(lost(CAI))) == 1
    assert running.does(lost(CAI)) == []
    _, cancelled = running.does(lost(BOB))
    assert isinstance(cancelled, TenderCancelled)
    assert "kan ikke åbnes" in cancelled.reason


def rehearse(member: ActorId) -> RecordRehearsal:
    return RecordRehearsal(
        tender_id=TENDER, member=member, key_id=key_of(member), now=PUBLISHED_AT + DAY
    )


def moved_on(running: Running, days: int) -> None:
    """The deadline, by two persons."""
    closes_at = CLOSES_AT + days * DAY
    running.does(
        ProposeDeadline(
            tender_id=TENDER, closes_at=closes_at, reason="Sne", by=MANAGER, now=PUBLISHED_AT
        ),
        ApproveDeadline(tender_id=TENDER, closes_at=closes_at, by=ADA, now=PUBLISHED_AT),
    )


def test_the_committee_rehearses_before_every_deadline() -> None:
    running = published()
    # Who rehearsed for publication has done so for the first deadline.
    assert running.state.to_rehearse == frozenset()
    moved_on(running, 1)
    assert running.state.to_rehearse == {ADA, BOB, CAI}
    running.does(rehearse(ADA))
    assert running.state.to_rehearse == {BOB, CAI}
    moved_on(running, 2)
    assert running.state.to_rehearse == {ADA, BOB, CAI}
    # A deadline that is proposed only has moved nothing.
    running.does(rehearse(ADA), rehearse(BOB), rehearse(CAI))
    later = CLOSES_AT + 3 * DAY
    running.does(
        ProposeDeadline(
            tender_id=TENDER, closes_at=later, reason="Sne", by=MANAGER, now=PUBLISHED_AT
        )
    )
    assert running.state.to_rehearse == frozenset()


def test_the_law_moving_a_deadline_asks_for_a_rehearsal_too() -> None:
    running = published()
    amend = AmendTender(
        tender_id=TENDER,
        text="Bilag 2 er rettet.",
        material=(),
        is_essential=True,
        now=CLOSES_AT - DAY,
        days_off=frozenset(),
    )
    in_time = running.another()
    in_time.does(replace(amend, now=PUBLISHED_AT))
    assert in_time.state.to_rehearse == frozenset()
    running.does(amend)
    assert running.state.to_rehearse == {ADA, BOB, CAI}
    # Nobody is kept from bidding by what a committee has not done.
    running.does(bid())


def test_who_is_invited_has_a_deadline_of_their_own_to_be_rehearsed_for() -> None:
    asking = published(Procedure.RESTRICTED)
    moved_on(asking, 1)
    # Requests to be invited are not sealed.
    assert asking.state.to_rehearse == frozenset()
    assert invited(COMPANY).state.to_rehearse == {ADA, BOB, CAI}


def test_a_lost_key_is_not_rehearsed_with_and_is_one_less_to_spare() -> None:
    running = published()
    assert running.state.keys_to_spare == 1
    moved_on(running, 1)
    running.does(lost(CAI))
    assert running.state.to_rehearse == {ADA, BOB}
    assert running.state.keys_to_spare == 0
    assert running.refuses(rehearse(CAI)) == "key-not-registered"


def test_bids_are_sealed_to_those_who_have_a_key() -> None:
    running = published()
    running.does(lost(CAI))
    assert running.refuses(bid()) == "bid-sealed-to-others"
    running.does(replace(bid(), envelope=envelope(ADA, BOB)))


def test_a_draft_that_nobody_can_open_is_not_cancelled() -> None:
    running = ready()
    assert len(running.does(lost(CAI), lost(BOB))) == 1


EVE = ActorId("staff:eve")
REPLACEMENT = ReplacementId(document(88).document_id)


def replacing(*helpers: ActorId) -> BeginReplacement:
    return BeginReplacement(
        tender_id=TENDER,
        replacement=REPLACEMENT,
        member=CAI,
        new_member=EVE,
        key_id=key_of(EVE),
        public_key="3" * 64,
        helpers=helpers,
        now=CLOSES_AT,
    )


def test_a_member_is_replaced_by_as_many_others_as_open_together() -> None:
    running = published()
    to_two = replace(bid(OTHER), envelope=envelope(ADA, BOB))
    running.does(bid(), lost(CAI), to_two)
    assert running.refuses(replace(replacing(ADA, BOB), now=CLOSES_AT - MOMENT)) == (
        "replacement-waits"
    )
    for helpers in ((ADA,), (ADA, CAI), (ADA, EVE), (ADA, ADA)):
        assert running.refuses(replacing(*helpers)) == "helpers-unclear"
    running.does(replacing(ADA, BOB))
    share = SealedShare(member=EVE, key_id=key_of(EVE), place=4, commitment="d" * 64, sealed="cd")
    done = CompleteReplacement(
        tender_id=TENDER,
        replacement=REPLACEMENT,
        new_member=EVE,
        shares=tuple(ShareOfBid(bid_id=bid_id(each), share=share) for each in (COMPANY, OTHER)),
        now=CLOSES_AT,
    )
    assert running.refuses(replace(done, new_member=ADA)) == "replacement-not-found"
    assert running.refuses(replace(done, shares=())) == "shares-missing"
    [replaced] = running.does(done)
    assert isinstance(replaced, MemberReplaced)
    assert running.refuses(done) == "replacement-not-found"
    # Whoever has put shares together by a key has shown that it is at hand.
    assert running.state.to_rehearse == frozenset()
    running.does(sit(EVE), give(EVE), give(BOB))
    running.does(opening(found(bid_id()), found(bid_id(OTHER))))
    [refused] = running.does(sit(CAI, number=2))
    assert isinstance(refused, OpeningRefused)
    assert refused.code == "not-a-member"


def test_who_was_invited_bids_until_the_new_deadline() -> None:
    running = invited(COMPANY)
    end = CLOSES_AT + 40 * DAY
    running.does(bid(now=end - MOMENT))
    assert running.refuses(bid(version=2, now=end)) == "bid-late"
