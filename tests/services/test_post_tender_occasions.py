"""Who is told of what in a tender, and of whom nobody may learn that they were."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from commands.tender import AnswerQuestion, AskQuestion, CancelTender, RequestParticipation
from commands.tender_bid import WithdrawBid
from events.envelope import Recorded
from events.ids import PartyId, QuestionId
from events.tender import (
    BiddersInvited,
    DeadlineMoved,
    Procedure,
    QuestionAnswered,
    TenderAmended,
    TenderCancelled,
)
from events.tender_award import AwardAnnulled, ContractConcluded, LotAwarded, Notice
from services.post.notice import Notice as Told
from services.post.notice import Weight
from services.post.tender_occasions import tender_notices_of
from tests.examples import numbered
from tests.projections.views import recorded
from tests.tender_examples import (
    CLOSES_AT,
    COMPANY,
    OTHER,
    PUBLISHED_AT,
    TENDER,
    Running,
    awarded,
    bid,
    complained,
    invited,
    published,
    told,
)

ASKER = PartyId("company:3")
QUESTION = QuestionId(numbered(77))


def history(running: Running) -> list[Recorded]:
    """As many commands as events."""
    return [
        replace(fact, envelope=replace(fact.envelope, command_id=numbered(500 + number)))
        for number, fact in enumerate(recorded(*running.history))
    ]


def notices(running: Running, of: type, facts: Sequence[Recorded] | None = None) -> list[Told]:
    """Of the last fact of a kind."""
    facts = history(running) if facts is None else facts
    fact = next(each for each in reversed(facts) if isinstance(each.event, of))
    return tender_notices_of(fact, facts)


def parties(found: Sequence[Told]) -> list[PartyId]:
    return [each.party for each in found]


def asked(running: Running) -> Running:
    running.does(
        AskQuestion(
            tender_id=TENDER, question_id=QUESTION, bidder=ASKER, text="Hvor?", now=PUBLISHED_AT
        ),
    )
    return running


def answer() -> AnswerQuestion:
    return AnswerQuestion(
        tender_id=TENDER,
        question_id=QUESTION,
        text="Hvor?",
        answer="Her.",
        now=CLOSES_AT.replace(day=CLOSES_AT.day - 1),
        days_off=frozenset(),
    )


def test_an_award_is_told_with_legal_weight_to_each_whose_bid_was_judged() -> None:
    found = notices(awarded(), LotAwarded)
    assert parties(found) == [COMPANY, OTHER]
    assert {(each.weight, each.by_letter, each.is_secret) for each in found} == {
        (Weight.LEGAL, False, False)
    }


def test_an_award_that_is_told_by_letter_goes_on_paper() -> None:
    assert all(each.by_letter for each in notices(awarded(Notice.LETTER), LotAwarded))


def test_whose_bid_could_not_be_opened_gets_no_letter_about_the_award() -> None:
    assert parties(notices(complained(), LotAwarded)) == [COMPANY]


@pytest.mark.parametrize("later", [AwardAnnulled, ContractConcluded])
def test_what_becomes_of_an_award_is_news_for_the_same(later: type) -> None:
    (found,) = notices(complained(), later)
    assert (found.party, found.weight, found.is_secret) == (COMPANY, Weight.COURTESY, False)


@pytest.mark.parametrize("news", [QuestionAnswered, TenderAmended, DeadlineMoved, TenderCancelled])
def test_before_the_opening_it_is_secret_who_is_told(news: type) -> None:
    (found,) = notices(told(), news)
    assert (found.party, found.weight, found.is_secret) == (COMPANY, Weight.COURTESY, True)


def test_all_who_take_part_are_told_whether_or_not_they_have_bid() -> None:
    running = asked(published())
    running.does(bid(), bid(OTHER))
    running.does(
        WithdrawBid(tender_id=TENDER, lot=bid(OTHER).lot, bidder=OTHER, now=PUBLISHED_AT),
        answer(),
    )
    assert parties(notices(running, QuestionAnswered)) == [COMPANY, OTHER, ASKER]


def test_a_late_answer_that_moves_the_deadline_is_one_message() -> None:
    running = asked(published())
    late = len(running.history)
    running.does(answer())
    facts = history(running)
    together = [
        replace(each, envelope=replace(each.envelope, command_id=numbered(999)))
        for each in facts[late:]
    ]
    facts = [*facts[:late], *together]
    assert [type(each.event) for each in together] == [QuestionAnswered, DeadlineMoved]
    assert parties(notices(running, QuestionAnswered, facts)) == [ASKER]
    assert notices(running, DeadlineMoved, facts) == []


def test_all_who_asked_to_be_invited_are_told_that_the_invited_are_chosen() -> None:
    running = published(Procedure.RESTRICTED)
    for applicant in (COMPANY, OTHER):
        running.does(
            RequestParticipation(tender_id=TENDER, bidder=applicant, documents=(), now=PUBLISHED_AT)
        )
    command = next(
        each for each in invited(COMPANY).commands if type(each).__name__ == "InviteBidders"
    )
    running.does(command)
    found = notices(running, BiddersInvited)
    assert parties(found) == [COMPANY, OTHER]
    assert not any(each.is_secret for each in found)
    running.does(CancelTender(tender_id=TENDER, reason="Sne", now=CLOSES_AT))
    assert parties(notices(running, TenderCancelled)) == [COMPANY]


def test_after_the_opening_those_are_told_of_the_end_whose_bid_was_opened() -> None:
    running = awarded()
    running.does(CancelTender(tender_id=TENDER, reason="Sne", now=CLOSES_AT))
    found = notices(running, TenderCancelled)
    assert parties(found) == [COMPANY, OTHER]
    assert not any(each.is_secret for each in found)
