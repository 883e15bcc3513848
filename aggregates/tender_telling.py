"""The rules of what all are told until a tender closes: answers, amendments, another deadline."""

from datetime import datetime
from typing import assert_never

from aggregates.tender_periods import time_to_read
from aggregates.tender_publishing import require_new
from aggregates.tender_state import Tender, require_open, require_words
from commands.case_deadline import DaysOff
from commands.refusal import Refused
from commands.tender import (
    AmendTender,
    AnswerQuestion,
    ApproveDeadline,
    AskQuestion,
    ProposeDeadline,
    TellingCommand,
)
from events.ids import TenderId
from events.tender import (
    DeadlineMoved,
    DeadlineProposed,
    QuestionAnswered,
    QuestionAsked,
    TenderAmended,
    TenderEvent,
)


def decide(command: TellingCommand, tender: Tender) -> list[TenderEvent]:
    match command:
        case AskQuestion():
            return _ask(command, tender)
        case AnswerQuestion():
            return _answer(command, tender)
        case AmendTender():
            return _amend(command, tender)
        case ProposeDeadline():
            return _propose_deadline(command, tender)
        case ApproveDeadline():
            return _approve_deadline(command, tender)
        case _:
            assert_never(command)


def _ask(command: AskQuestion, tender: Tender) -> list[TenderEvent]:
    require_open(tender, command.now)
    require_words(command.text, Refused("text-missing", "A question says something."))
    return [
        QuestionAsked(
            tender_id=command.tender_id,
            question_id=command.question_id,
            bidder=command.bidder,
            text=command.text,
            asked_at=command.now,
        )
    ]


def _answer(command: AnswerQuestion, tender: Tender) -> list[TenderEvent]:
    """All get the answer at once, and time to read it (udbudsloven §§ 93(4) and 134)."""
    closes_at = require_open(tender, command.now)
    if command.question_id not in tender.questions:
        raise Refused("question-not-found", "There is no such question.")
    if command.question_id in tender.answered:
        raise Refused("question-answered", "The question is answered; amend the tender instead.")
    require_words(
        command.text, Refused("text-missing", "The question as all read it says something.")
    )
    require_words(command.answer, Refused("text-missing", "An answer says something."))
    answered = QuestionAnswered(
        tender_id=command.tender_id,
        question_id=command.question_id,
        text=command.text,
        answer=command.answer,
        answered_at=command.now,
    )
    return [
        answered,
        *_moved_by_law(command.tender_id, command.now, closes_at, command.days_off),
    ]


def _amend(command: AmendTender, tender: Tender) -> list[TenderEvent]:
    closes_at = require_open(tender, command.now)
    require_words(command.text, Refused("text-missing", "An amendment says something."))
    require_new(command.material, tender)
    amended = TenderAmended(
        tender_id=command.tender_id,
        text=command.text,
        material=command.material,
        is_essential=command.is_essential,
        amended_at=command.now,
    )
    return [amended, *_moved_by_law(command.tender_id, command.now, closes_at, command.days_off)]


def _propose_deadline(command: ProposeDeadline, tender: Tender) -> list[TenderEvent]:
    closes_at = require_open(tender, command.now)
    require_words(command.reason, Refused("reason-missing", "A reason says something."))
    if command.closes_at <= closes_at:
        raise Refused("tender-deadline-not-later", "A deadline is only ever moved on.")
    return [
        DeadlineProposed(
            tender_id=command.tender_id,
            closes_at=command.closes_at,
            reason=command.reason,
            proposed_by=command.by,
        )
    ]


def _approve_deadline(command: ApproveDeadline, tender: Tender) -> list[TenderEvent]:
    """By a second person, and before the deadline that is moved."""
    closes_at = require_open(tender, command.now)
    proposal = tender.proposal
    if proposal is None or proposal.closes_at != command.closes_at:
        raise Refused("deadline-not-proposed", "Nobody has proposed this deadline.")
    if proposal.by == command.by:
        raise Refused("second-person-needed", "Another than who proposed it approves of it.")
    if proposal.closes_at <= closes_at:
        raise Refused("tender-deadline-not-later", "A deadline is only ever moved on.")
    return [
        DeadlineMoved(
            tender_id=command.tender_id,
            closes_at=proposal.closes_at,
            reason=proposal.reason,
            by_law=False,
            moved_at=command.now,
        )
    ]


def _moved_by_law(
    tender_id: TenderId, told_at: datetime, closes_at: datetime, days_off: DaysOff
) -> list[TenderEvent]:
    moved = time_to_read(told_at, closes_at, days_off)
    if moved == closes_at:
        return []
    reason = "Udbudslovens § 93, stk. 4: seks dage til at læse det, der er meddelt sidst."
    return [
        DeadlineMoved(
            tender_id=tender_id, closes_at=moved, reason=reason, by_law=True, moved_at=told_at
        )
    ]
