from dataclasses import replace
from datetime import date

import pytest

from aggregates.case import decider
from commands.case_decision import RecordDecision
from events.case import CaseKind
from events.case_deadline import DeadlineKind
from events.case_decision import AppealGuidance, Outcome
from events.day_unit import DayUnit
from events.ids import DecisionId
from tests.examples import BO, numbered
from tests.procedure_examples import (
    CHRISTMAS,
    application_closed,
    application_completed,
    application_opened,
    application_reopened,
    building_appeal,
    co_applicant_joined,
    correct_decision,
    decision_corrected,
    dispatch,
    dispatched,
    grant,
    granted,
    granted_dispatched,
    information_requested,
    neighbour_joined,
    neighbour_left,
    notice_opened,
    objection_set,
    party_hearing_closed,
    party_hearing_exempted,
    party_hearing_opened,
    refuse,
    refused,
    request_ended,
    tacitly_accepted,
    target_met,
    target_set,
)
from tests.spec import Given

opened = Given(decider).given(application_opened)
heard = opened.given(party_hearing_opened, party_hearing_closed)
exempted = opened.given(party_hearing_exempted)
complete = opened.given(application_completed)
decided = heard.given(refused)
sent = decided.given(dispatched)


def test_nothing_is_decided_against_a_party_who_was_not_heard() -> None:
    opened.when(refuse).refused("party-hearing-missing")
    opened.given(party_hearing_opened).when(refuse).refused("party-hearing-open")
    heard.when(refuse).then(refused)
    exempted.when(refuse).then(refused)


def test_whoever_is_heard_anew_was_not_heard_about_the_new_facts() -> None:
    again = heard.given(party_hearing_opened)
    again.when(refuse).refused("party-hearing-open")
    exempted.given(party_hearing_opened).when(refuse).refused("party-hearing-open")
    again.given(party_hearing_closed).when(refuse).then(refused)


@pytest.mark.parametrize("outcome", [Outcome.PARTLY_GRANTED, Outcome.REFUSED, Outcome.DISMISSED])
def test_less_than_was_asked_for_is_against_the_party(outcome: Outcome) -> None:
    complete.when(replace(refuse, outcome=outcome)).refused("party-hearing-missing")
    complete.given(party_hearing_exempted).when(replace(refuse, outcome=outcome)).then(
        replace(refused, outcome=outcome)
    )


def test_giving_all_that_was_asked_for_needs_no_hearing_no_grounds_and_no_guidance() -> None:
    complete.when(grant).then(granted)


def test_only_a_complete_application_is_granted() -> None:
    opened.when(grant).refused("application-not-complete")
    exempted.when(replace(refuse, outcome=Outcome.PARTLY_GRANTED)).refused(
        "application-not-complete"
    )
    exempted.when(refuse).then(refused)


def test_nothing_is_decided_while_the_party_is_waited_for() -> None:
    complete.given(information_requested).when(grant).refused("information-awaited")
    complete.given(information_requested, request_ended).when(grant).then(granted)


def without(appeal: AppealGuidance, **what: str | int) -> AppealGuidance:
    return replace(appeal, **what)  # type: ignore[arg-type]  # named fields of several types


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (replace(refuse, legal_basis=" "), "legal-basis-missing"),
        (replace(refuse, grounds=" "), "grounds-missing"),
        (replace(refuse, appeal=None), "appeal-guidance-missing"),
        (replace(refuse, conditions=("Hegn", " ")), "condition-empty"),
        (replace(refuse, appeal=without(building_appeal, body=" ")), "appeal-guidance-incomplete"),
        (replace(refuse, appeal=without(building_appeal, text="")), "appeal-guidance-incomplete"),
        (replace(refuse, appeal=without(building_appeal, basis="")), "appeal-guidance-incomplete"),
        (replace(refuse, appeal=without(building_appeal, days=0)), "appeal-guidance-incomplete"),
    ],
)
def test_a_decision_says_what_the_law_asks_of_it(command: RecordDecision, code: str) -> None:
    heard.when(command).refused(code)


def test_a_permit_with_conditions_has_its_grounds_and_guidance() -> None:
    conditional = replace(grant, conditions=("Taget er mat.",))
    complete.when(conditional).refused("grounds-missing")
    with_grounds = replace(conditional, grounds="Lokalplan 402 § 7.")
    complete.when(with_grounds).refused("appeal-guidance-missing")
    whole = replace(with_grounds, appeal=building_appeal)
    complete.when(whole).then(
        replace(
            granted,
            conditions=("Taget er mat.",),
            grounds="Lokalplan 402 § 7.",
            appeal=building_appeal,
        )
    )


def test_where_no_appeal_lies_no_guidance_is_asked_for() -> None:
    why = "Kommunens afgørelse er endelig."
    final = replace(refuse, appeal=None, no_appeal=why)
    heard.when(final).then(replace(refused, appeal=None, no_appeal=why))
    heard.when(replace(final, no_appeal=" ")).refused("appeal-guidance-missing")
    # Where one lies, there is nothing to explain.
    heard.when(replace(refuse, no_appeal=why)).then(refused)


def test_where_the_law_sets_no_limit_an_appeal_may_be_made_at_any_time() -> None:
    """Offentlighedsloven § 37: access refused may be appealed without a limit."""
    unlimited = replace(building_appeal, days=None)
    decided_so = heard.given(replace(refused, appeal=unlimited))
    heard.when(replace(refuse, appeal=unlimited)).then(replace(refused, appeal=unlimited))
    decided_so.when(dispatch).then(replace(dispatched, appeal_until=None))


def test_what_is_refused_needs_no_completion() -> None:
    heard.when(replace(refuse, needs_completion=True)).then(refused)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (CaseKind.APPLICATION, Outcome.PROHIBITED),
        (CaseKind.NOTICE, Outcome.REFUSED),
        (CaseKind.NOTICE, Outcome.PARTLY_GRANTED),
        (CaseKind.ACCESS_REQUEST, Outcome.PROHIBITED),
    ],
)
def test_an_outcome_belongs_to_its_kind_of_case(kind: CaseKind, outcome: Outcome) -> None:
    case = Given(decider).given(replace(application_opened, kind=kind))
    case.when(replace(refuse, outcome=outcome)).refused("outcome-not-for-kind")


@pytest.mark.parametrize("kind", [CaseKind.COMPLAINT, CaseKind.MEETING, CaseKind.HEARING_RESPONSE])
def test_some_kinds_of_case_are_not_decided(kind: CaseKind) -> None:
    case = Given(decider).given(replace(application_opened, kind=kind))
    for command in (refuse, dispatch, correct_decision):
        case.when(command).refused("kind-not-decided")


def test_a_case_is_decided_once_until_it_is_reopened() -> None:
    decided.when(refuse).refused("case-already-decided")
    reopened = sent.given(application_closed, application_reopened)
    reopened.when(refuse).refused("party-hearing-missing")
    reopened.given(party_hearing_exempted).when(refuse).then(refused)


def test_a_notice_nobody_objected_to_is_not_prohibited_afterwards() -> None:
    prohibit = replace(refuse, case_id=notice_opened.case_id, outcome=Outcome.PROHIBITED)
    heard_notice = (
        Given(decider)
        .given(notice_opened, objection_set)
        .given(replace(party_hearing_exempted, case_id=notice_opened.case_id))
    )
    heard_notice.when(prohibit).then(
        replace(refused, case_id=notice_opened.case_id, outcome=Outcome.PROHIBITED)
    )
    heard_notice.given(tacitly_accepted).when(prohibit).refused("notice-already-accepted")


def test_the_appeal_period_runs_from_dispatch() -> None:
    decided.when(dispatch).then(dispatched)
    # 19 January is four weeks after 22 December, which is not part of them.
    later = replace(dispatch, dispatched_on=date(2026, 12, 29))
    decided.when(later).then(
        replace(dispatched, dispatched_on=date(2026, 12, 29), appeal_until=date(2027, 1, 26))
    )


def test_an_appeal_period_that_rolls_ends_on_a_working_day() -> None:
    friday = replace(dispatch, dispatched_on=date(2026, 12, 26))
    saturday = date(2027, 1, 23)
    decided.when(friday).then(
        replace(dispatched, dispatched_on=date(2026, 12, 26), appeal_until=date(2027, 1, 25))
    )
    fixed = heard.given(replace(refused, appeal=replace(building_appeal, rolls=False)))
    fixed.when(friday).then(
        replace(dispatched, dispatched_on=date(2026, 12, 26), appeal_until=saturday)
    )


def test_an_appeal_period_may_be_of_working_days() -> None:
    week = replace(building_appeal, days=5, unit=DayUnit.WORKING_DAYS)
    decided_so = heard.given(replace(refused, appeal=week))
    with_christmas = replace(dispatch, days_off=CHRISTMAS)
    decided_so.when(with_christmas).then(replace(dispatched, appeal_until=date(2026, 12, 31)))


def test_sending_what_was_decided_keeps_what_was_promised() -> None:
    promised = decided.given(
        replace(target_set, deadline=DeadlineKind.FIRST_REPLY),
        target_set,
    )
    promised.when(dispatch).then(
        dispatched, replace(target_met, deadline=DeadlineKind.FIRST_REPLY), target_met
    )


def test_a_decision_is_sent_once_and_not_before_it_is_made() -> None:
    sent.when(dispatch).then()
    early = replace(dispatch, dispatched_on=date(2026, 12, 20))
    decided.when(early).refused("dispatch-before-decision")
    other = replace(dispatch, decision=DecisionId(numbered(186)))
    decided.when(other).refused("decision-not-found")
    heard.when(dispatch).refused("decision-not-found")
    complete.given(granted).when(dispatch).then(granted_dispatched)


def test_a_corrected_decision_is_sent_anew_and_keeps_its_appeal_period() -> None:
    sent.when(correct_decision).then(decision_corrected)
    again = replace(dispatch, dispatched_on=date(2026, 12, 30))
    corrected = sent.given(decision_corrected)
    corrected.when(again).then(
        replace(dispatched, dispatched_on=date(2026, 12, 30), appeal_until=date(2027, 1, 19))
    )
    corrected.given(decision_corrected).when(again).then(
        replace(dispatched, dispatched_on=date(2026, 12, 30), appeal_until=date(2027, 1, 19))
    )


def test_a_correction_that_could_have_misled_gives_the_whole_period_again() -> None:
    corrected = sent.given(replace(decision_corrected, restarts_appeal=True))
    again = replace(dispatch, dispatched_on=date(2026, 12, 30))
    corrected.when(again).then(
        replace(dispatched, dispatched_on=date(2026, 12, 30), appeal_until=date(2027, 1, 27))
    )


def test_a_correction_before_the_first_dispatch_gives_nothing_away() -> None:
    decided.given(decision_corrected).when(dispatch).then(dispatched)


def test_a_correction_says_what_is_put_right() -> None:
    sent.when(replace(correct_decision, correction=" ")).refused("correction-missing")
    heard.when(correct_decision).refused("decision-not-found")
    sent.given(application_closed).when(correct_decision).refused("case-not-open")


def test_every_party_is_heard_or_exempted_before_it_is_decided_against() -> None:
    """Forvaltningsloven § 19 speaks of each party, whoever of them the others are."""
    neighbour = opened.given(neighbour_joined)
    of_bo = replace(party_hearing_exempted, party=BO)
    neighbour.given(party_hearing_exempted).when(refuse).refused("party-hearing-missing")
    neighbour.given(of_bo).when(refuse).refused("party-hearing-missing")
    neighbour.given(of_bo, party_hearing_exempted).when(refuse).then(refused)
    heard.given(neighbour_joined).when(refuse).refused("party-hearing-missing")
    heard.given(neighbour_joined, neighbour_left).when(refuse).then(refused)
    # Heard as a neighbour before, they come back to what is known now.
    back = heard.given(neighbour_joined, of_bo, neighbour_left, neighbour_joined)
    back.when(refuse).refused("party-hearing-missing")


def test_a_permit_may_go_against_a_neighbour_and_never_against_whoever_applied() -> None:
    complete.given(co_applicant_joined).when(grant).then(granted)
    neighbour = complete.given(neighbour_joined)
    neighbour.when(grant).refused("party-hearing-missing")
    neighbour.given(replace(party_hearing_exempted, party=BO)).when(grant).then(granted)


def test_while_anybody_is_heard_nothing_is_decided() -> None:
    both = heard.given(neighbour_joined, replace(party_hearing_opened, party=BO))
    both.when(refuse).refused("party-hearing-open")
    closed = replace(party_hearing_closed, party=BO)
    both.given(closed).when(refuse).then(refused)
