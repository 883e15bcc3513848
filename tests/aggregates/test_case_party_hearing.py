from dataclasses import replace

import pytest

from aggregates.case import decider
from events.case import CaseKind
from events.case_deadline import DeadlineKind
from events.case_party_hearing import HearingEnd, HearingExemption
from events.ids import RoundId
from tests.examples import drawing, meeting_case_opened, numbered
from tests.procedure_examples import (
    answer_party_hearing,
    application_opened,
    close_expired_hearing,
    complaint_opened,
    exempt_from_hearing,
    open_party_hearing,
    party_hearing_answered,
    party_hearing_closed,
    party_hearing_exempted,
    party_hearing_opened,
    plan_added,
    target_met,
    target_set,
)
from tests.spec import Given

opened = Given(decider).given(application_opened)
running = opened.given(party_hearing_opened)


def test_a_party_is_told_what_speaks_against_it_and_gets_time() -> None:
    opened.when(open_party_hearing).then(party_hearing_opened)
    opened.when(replace(open_party_hearing, text=" ")).refused("party-hearing-empty")
    today = replace(open_party_hearing, due_on=open_party_hearing.opened_on)
    opened.when(today).refused("due-date-not-ahead")


def test_hearing_the_party_is_the_first_reply() -> None:
    first = replace(target_set, deadline=DeadlineKind.FIRST_REPLY)
    met = replace(target_met, deadline=DeadlineKind.FIRST_REPLY)
    opened.given(first).when(open_party_hearing).then(party_hearing_opened, met)


def test_the_material_is_on_the_case() -> None:
    with_plan = replace(open_party_hearing, material=(drawing.document_id,))
    opened.when(with_plan).refused("document-not-on-case")
    opened.given(plan_added).when(with_plan).then(
        replace(party_hearing_opened, material=(drawing.document_id,))
    )


def test_one_hearing_at_a_time() -> None:
    running.when(replace(open_party_hearing, round=RoundId(numbered(185)))).refused(
        "party-hearing-open"
    )
    running.when(exempt_from_hearing).refused("party-hearing-open")


@pytest.mark.parametrize("kind", [CaseKind.COMPLAINT, CaseKind.MEETING, CaseKind.HEARING_RESPONSE])
def test_only_what_is_decided_is_heard(kind: CaseKind) -> None:
    other = Given(decider).given(replace(application_opened, kind=kind))
    other.when(open_party_hearing).refused("kind-not-decided")
    other.when(exempt_from_hearing).refused("kind-not-decided")
    assert meeting_case_opened.kind is CaseKind.MEETING
    assert complaint_opened.kind is CaseKind.COMPLAINT


def test_a_last_answer_closes_the_hearing_and_another_does_not() -> None:
    running.when(answer_party_hearing).then(party_hearing_answered, party_hearing_closed)
    more = replace(answer_party_hearing, is_final=False)
    running.when(more).then(replace(party_hearing_answered, is_final=False))


def test_an_answer_says_something_or_that_there_is_nothing_to_say() -> None:
    nothing = replace(answer_party_hearing, text="", documents=())
    running.when(nothing).then(
        replace(party_hearing_answered, text="", documents=()), party_hearing_closed
    )
    running.when(replace(nothing, is_final=False)).refused("party-answer-empty")


def test_an_answer_belongs_to_the_hearing_that_runs() -> None:
    opened.when(answer_party_hearing).refused("party-hearing-not-open")
    other = replace(answer_party_hearing, round=RoundId(numbered(185)))
    running.when(other).refused("party-hearing-not-open")
    running.given(party_hearing_closed).when(answer_party_hearing).refused("party-hearing-not-open")
    running.given(plan_added).when(answer_party_hearing).refused("document-already-added")


def test_a_hearing_ends_the_day_after_its_last_and_once() -> None:
    expired = replace(
        party_hearing_closed,
        because=HearingEnd.EXPIRED,
        closed_on=close_expired_hearing.today,
    )
    running.when(close_expired_hearing).then(expired)
    running.when(replace(close_expired_hearing, today=open_party_hearing.due_on)).then()
    running.given(expired).when(close_expired_hearing).then()
    opened.when(close_expired_hearing).then()


@pytest.mark.parametrize("ground", HearingExemption)
def test_an_exemption_is_recorded_with_its_reason(ground: HearingExemption) -> None:
    exempt = replace(exempt_from_hearing, ground=ground)
    opened.when(exempt).then(replace(party_hearing_exempted, ground=ground))
    opened.when(replace(exempt, reason=" ")).refused("reason-missing")
