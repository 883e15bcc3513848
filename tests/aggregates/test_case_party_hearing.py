from dataclasses import replace

import pytest

from aggregates.case import decider
from events.case import CaseKind
from events.case_deadline import DeadlineKind
from events.case_decision import Outcome
from events.case_party_hearing import HearingEnd, HearingExemption
from events.ids import PartyId, RoundId
from tests.examples import ANNA, BO, drawing, meeting_case_opened, numbered
from tests.procedure_examples import (
    CILLE,
    answer_party_hearing,
    application_opened,
    close_expired_hearing,
    co_applicant_joined,
    complaint_opened,
    exempt_from_hearing,
    neighbour_joined,
    neighbour_left,
    open_party_hearing,
    party_hearing_answered,
    party_hearing_closed,
    party_hearing_exempted,
    party_hearing_opened,
    plan_added,
    remove_neighbour,
    target_met,
    target_set,
)
from tests.spec import Given

opened = Given(decider).given(application_opened)
running = opened.given(party_hearing_opened)
several = opened.given(neighbour_joined, co_applicant_joined)
bo_opened = replace(party_hearing_opened, party=BO)
bo_answers = replace(answer_party_hearing, party=BO)
bo_answered = replace(party_hearing_answered, party=BO)
bo_closed = replace(party_hearing_closed, party=BO)
bo_exempted = replace(party_hearing_exempted, party=BO)
hear_bo = replace(open_party_hearing, parties=(BO,))


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


def test_a_party_is_heard_once_at_a_time() -> None:
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


def test_every_party_is_heard_unless_some_are_named() -> None:
    every = [replace(party_hearing_opened, party=party) for party in (None, BO, CILLE)]
    several.when(open_party_hearing).then(*every)
    several.when(replace(open_party_hearing, parties=(CILLE, ANNA, CILLE))).then(every[2], every[0])
    several.when(replace(open_party_hearing, parties=(BO, PartyId("person:nina")))).refused(
        "party-not-found"
    )


def test_whoever_gets_what_they_asked_for_need_not_be_heard_about_it() -> None:
    """Forvaltningsloven § 19, stk. 1, 2. pkt."""
    permit = replace(open_party_hearing, planned=Outcome.GRANTED)
    several.when(permit).then(bo_opened)
    opened.given(co_applicant_joined).when(permit).refused("party-hearing-needless")
    # But who is named is heard: a caseworker may see more than the outcome tells.
    opened.when(replace(permit, parties=(ANNA,))).then(party_hearing_opened)


def test_each_party_has_its_own_round_answer_and_end() -> None:
    later = RoundId(numbered(185))
    both = several.given(party_hearing_opened, replace(bo_opened, round=later))
    both.when(answer_party_hearing).then(party_hearing_answered, party_hearing_closed)
    both.when(bo_answers).refused("party-hearing-not-open")
    both.when(replace(bo_answers, round=later)).then(
        replace(bo_answered, round=later), replace(bo_closed, round=later)
    )
    both.when(hear_bo).refused("party-hearing-open")
    both.when(replace(hear_bo, parties=(CILLE,))).then(replace(bo_opened, party=CILLE))
    both.given(party_hearing_closed).when(answer_party_hearing).refused("party-hearing-not-open")


def test_the_last_day_of_a_round_ends_it_for_all_who_are_still_heard() -> None:
    expired = replace(
        party_hearing_closed, because=HearingEnd.EXPIRED, closed_on=close_expired_hearing.today
    )
    every = [replace(bo_opened, party=party) for party in (None, BO, CILLE)]
    several.given(*every).given(bo_closed).when(close_expired_hearing).then(
        expired, replace(expired, party=CILLE)
    )


def test_each_party_is_exempted_with_its_own_ground() -> None:
    several.when(replace(exempt_from_hearing, parties=(BO,))).then(bo_exempted)
    every = [replace(bo_exempted, party=party) for party in (None, BO, CILLE)]
    several.when(exempt_from_hearing).then(*every)
    running = several.given(bo_opened)
    running.when(exempt_from_hearing).refused("party-hearing-open")
    running.when(replace(exempt_from_hearing, parties=(ANNA,))).then(party_hearing_exempted)


def test_whoever_leaves_is_not_waited_for() -> None:
    left = replace(bo_closed, because=HearingEnd.LEFT, closed_on=remove_neighbour.removed_on)
    several.given(bo_opened).when(remove_neighbour).then(left, neighbour_left)
    several.given(bo_opened, left, neighbour_left).when(bo_answers).refused(
        "party-hearing-not-open"
    )
    several.given(bo_opened, bo_closed).when(remove_neighbour).then(neighbour_left)
