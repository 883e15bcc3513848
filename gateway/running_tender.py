"""A tender as the team sees it that runs it; of bids it sees no more than everybody."""

import asyncio
from collections.abc import Iterator, Mapping
from datetime import datetime

from events.ids import ActorId
from events.journal import JournalEvent
from events.tender import ParticipationRequested, QuestionAsked
from events.tender_committee import MemberKeyRegistered, MemberRehearsed
from gateway.case_shapes import JournalShape
from gateway.rehearsing import rehearsal_shape
from gateway.shapes import document_shape
from gateway.tender_door import OnTender, can_sit, matter_of
from gateway.tender_post import told_outside
from gateway.tender_shapes import (
    ApplicantShape,
    CandidateShape,
    MemberShape,
    ProposalShape,
    QuestionShape,
    RunningTenderShape,
)
from gateway.tenders import tender_shape
from projections.caseload_journal import journal_of_new_case, state_of, tell
from projections.plain import document_row
from services.bidding.standing import earliest, lacking
from services.streams import journal_stream, tender_stream


async def running_shape(on: OnTender) -> RunningTenderShape:
    state, now = on.state, await on.now()
    return RunningTenderShape(
        tender=tender_shape(on.asked, await on.shown()),
        committee=_committee(on),
        candidates=list(_candidates(on)),
        questions=list(_questions(on)),
        proposal=_proposal(on),
        applicants=list(_applicants(on, now)),
        missing=lacking(state),
        rehearsal=rehearsal_shape(on, now),
        earliest=earliest(state, now, on.days_off(now)),
        journal=await asyncio.to_thread(_journal, on),
        post=await told_outside(on),
    )


def rehearsals(on: OnTender) -> Mapping[ActorId, datetime]:
    """When each member last showed that the registered key is at hand, for any deadline."""
    found: dict[ActorId, datetime] = {}
    for fact in on.facts:
        if isinstance(fact, MemberRehearsed):
            found[fact.member] = fact.rehearsed_at
        elif isinstance(fact, MemberKeyRegistered):
            found.pop(fact.member, None)
    return found


def _journal(on: OnTender) -> JournalShape:
    """By the rules of the caseload, which has no tenders in it."""
    store = on.asked.organisation.store
    (first,) = store.read_recorded(tender_stream(on.tender_id), up_to=1)
    told = journal_of_new_case(first.position)
    matter = matter_of(on)
    for recorded in store.read_recorded(journal_stream(matter)):
        if isinstance(recorded.event, JournalEvent):
            tell(told, recorded.event)
    return JournalShape(state=state_of(told), number=told["number"])


def _committee(on: OnTender) -> list[MemberShape]:
    shown = rehearsals(on)
    return [
        MemberShape(
            member=member,
            name=on.name(member),
            key_id=each.key_id,
            rehearsed_at=shown.get(member) if each.has_rehearsed else None,
        )
        for member, each in on.state.committee.items()
    ]


def _candidates(on: OnTender) -> Iterator[CandidateShape]:
    for person in sorted(on.asked.people):
        if can_sit(on.asked, person):
            yield CandidateShape(member=person, name=on.name(person))


def _questions(on: OnTender) -> Iterator[QuestionShape]:
    for fact in on.facts:
        if isinstance(fact, QuestionAsked):
            yield QuestionShape(
                question=fact.question_id,
                text=fact.text,
                asked_at=fact.asked_at,
                is_answered=fact.question_id in on.state.answered,
            )


def _proposal(on: OnTender) -> ProposalShape | None:
    found = on.state.proposal
    if found is None:
        return None
    return ProposalShape(
        closes_at=found.closes_at, reason=found.reason, by=found.by, by_name=on.name(found.by)
    )


def _applicants(on: OnTender, now: datetime) -> Iterator[ApplicantShape]:
    """Not before the deadline: nobody has access to what is received before (directive
    2014/24/EU, annex IV).
    """
    if on.state.invited is None and not on.state.is_closed(now):
        return
    for fact in on.facts:
        if isinstance(fact, ParticipationRequested):
            yield ApplicantShape(
                party=fact.bidder,
                name=on.name(fact.bidder),
                received_at=fact.received_at,
                is_invited=fact.bidder in (on.state.invited or ()),
                documents=[document_shape(document_row(each)) for each in fact.documents],
            )
