from dataclasses import replace

import pytest

from aggregates.case import decider
from commands.case_assignment import CaseAssignmentCommand
from tests.examples import (
    KAREN,
    NIELS,
    OTHER_TEAM,
    TEAM,
    assign_case,
    case_assigned,
    case_closed,
    case_released,
    case_reopened,
    case_transferred,
    case_withdrawn,
    claim_case,
    meeting_case_opened,
    release_case,
    transfer_case,
)
from tests.spec import Given

opened = Given(decider).given(meeting_case_opened)
karens = opened.given(case_assigned)
transferred = karens.given(case_transferred)
EVERY: list[CaseAssignmentCommand] = [claim_case, assign_case, release_case, transfer_case]


def test_a_case_that_nobody_works_on_is_claimed() -> None:
    opened.when(claim_case).then(case_assigned)
    karens.given(case_released).when(claim_case).then(case_assigned)


def test_whoever_comes_second_is_told_who_was_first() -> None:
    karens.when(claim_case).then()
    second = replace(claim_case, by=NIELS)
    karens.when(second).refused("case-assigned-to-another", assigned_to=KAREN)


def test_a_case_is_assigned_whoever_had_it() -> None:
    opened.when(assign_case).then(case_assigned)
    to_niels = replace(assign_case, to=NIELS)
    karens.when(to_niels).then(replace(case_assigned, to=NIELS))
    karens.when(assign_case).then()


def test_a_case_is_released_once() -> None:
    karens.when(release_case).then(case_released)
    opened.when(release_case).then()


def test_a_transfer_leaves_the_case_to_nobody_in_the_other_team() -> None:
    karens.when(transfer_case).then(case_transferred)
    there = replace(claim_case, team=OTHER_TEAM, by=NIELS)
    transferred.when(there).then(replace(case_assigned, to=NIELS))


def test_a_case_is_transferred_for_a_reason() -> None:
    for reason in ("", " \n"):
        opened.when(replace(transfer_case, reason=reason)).refused("transfer-reason-missing")


def test_a_case_is_not_transferred_to_where_it_is() -> None:
    opened.when(replace(transfer_case, to_team=TEAM)).then()


@pytest.mark.parametrize("command", EVERY, ids=lambda c: type(c).__name__)
def test_the_old_team_has_no_more_say(command: CaseAssignmentCommand) -> None:
    transferred.when(command).refused("case-in-another-team", team=OTHER_TEAM)


def test_the_new_team_may_send_it_back() -> None:
    back = replace(transfer_case, team=OTHER_TEAM, to_team=TEAM)
    expected = replace(case_transferred, from_team=OTHER_TEAM, to_team=TEAM)
    transferred.when(back).then(expected)
    transferred.given(expected).when(claim_case).then(case_assigned)


def test_what_is_done_with_changes_hands_no_more() -> None:
    for ended in (case_closed, case_withdrawn):
        for command in (replace(claim_case, by=NIELS), release_case, transfer_case):
            karens.given(ended).when(command).refused("case-not-open")
    karens.given(case_closed, case_reopened).when(release_case).then(case_released)
