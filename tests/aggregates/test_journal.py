from dataclasses import replace

import pytest

from aggregates.journal import decider
from commands.journal import ChooseEsdhCase
from events.journal import ChoiceReason, DifferenceKind, EsdhCase, LinkedBy
from tests.examples import (
    OTHER_ENTRY,
    building_case,
    carport_case,
    case_chosen,
    case_linked,
    case_renumbered,
    choice_requested,
    choose_case,
    difference_found,
    difference_settled,
    journalised,
    journalising_refused,
    journalising_retried,
    link_case,
    new_case,
    new_case_chosen,
    numbered,
    record_difference,
    record_journalised,
    record_refused,
    renumber_case,
    renumbered_case,
    request_choice,
    retry_journalising,
    settle_difference,
)
from tests.spec import Given

unknown = Given(decider)
linked = unknown.given(case_linked)
asked = unknown.given(choice_requested)
chosen = asked.given(case_chosen)
closed_there = replace(choice_requested, reason=ChoiceReason.CLOSED)

link_other = replace(link_case, esdh_case=carport_case)
link_new = replace(link_case, esdh_case=new_case)
link_chosen = replace(link_case, by=LinkedBy.CHOSEN)
choose_new = replace(choose_case, number=None)


@pytest.mark.parametrize("by", LinkedBy)
def test_a_matter_whose_case_is_not_known_is_linked(by: LinkedBy) -> None:
    unknown.when(replace(link_case, by=by)).then(replace(case_linked, by=by))


def test_linking_the_same_case_again_changes_nothing() -> None:
    linked.when(link_case).then()
    linked.when(link_chosen).then()


def test_linking_the_same_case_by_a_new_number_only_renumbers_it() -> None:
    linked.when(replace(link_case, esdh_case=renumbered_case)).then(case_renumbered)


def test_a_matter_follows_its_hearing_to_another_case() -> None:
    linked.when(replace(link_other, by=LinkedBy.MATCHED)).then(
        replace(case_linked, esdh_case=carport_case, by=LinkedBy.MATCHED)
    )


def test_a_matter_whose_case_was_closed_goes_where_a_person_says() -> None:
    chose_other = replace(case_chosen, esdh_case=carport_case)
    moved = linked.given(closed_there, chose_other)
    moved.when(link_other).then(replace(case_linked, esdh_case=carport_case))
    moved.when(link_case).refused("esdh-choice-made")


@pytest.mark.parametrize("by", LinkedBy)
def test_nothing_is_linked_while_a_caseworker_is_asked(by: LinkedBy) -> None:
    asked.when(replace(link_case, by=by)).refused("esdh-choice-pending")
    linked.given(closed_there).when(replace(link_case, by=by)).refused("esdh-choice-pending")


def test_once_chosen_only_that_case_is_linked() -> None:
    chosen.when(link_chosen).then(replace(case_linked, by=LinkedBy.CHOSEN))
    chosen.when(link_other).refused("esdh-choice-made")
    chosen.when(link_new).refused("esdh-choice-made")


def test_a_chosen_case_is_known_by_its_id_whatever_its_number_is_now() -> None:
    chosen.when(replace(link_chosen, esdh_case=renumbered_case)).then(
        replace(case_linked, esdh_case=renumbered_case, by=LinkedBy.CHOSEN)
    )


def test_a_new_case_is_none_of_those_that_were_there() -> None:
    wanted = asked.given(new_case_chosen)
    wanted.when(link_new).then(replace(case_linked, esdh_case=new_case))
    wanted.when(link_case).refused("esdh-choice-made")
    nothing_to_choose_from = replace(choice_requested, reason=ChoiceReason.GONE, candidates=())
    linked.given(nothing_to_choose_from, new_case_chosen).when(link_case).refused(
        "esdh-choice-made"
    )


def test_a_chosen_case_that_closes_before_it_is_linked_is_asked_about_again() -> None:
    again = replace(request_choice, reason=ChoiceReason.CLOSED)
    chosen.when(again).then(closed_there)
    chosen.given(closed_there).when(link_chosen).refused("esdh-choice-pending")


def test_a_link_that_acts_on_a_choice_ends_it() -> None:
    acted = chosen.given(replace(case_linked, by=LinkedBy.CHOSEN))
    acted.when(choose_case).refused("esdh-choice-not-asked")
    acted.when(request_choice).then(choice_requested)


def test_only_the_linked_case_gets_another_number() -> None:
    linked.when(renumber_case).then(case_renumbered)
    unknown.when(renumber_case).refused("esdh-case-not-linked")
    elsewhere = EsdhCase(id="4799", number="02.34.02-P19-12-26")
    linked.when(replace(renumber_case, esdh_case=elsewhere)).refused("esdh-case-not-linked")


def test_the_number_that_is_known_already_changes_nothing() -> None:
    linked.when(replace(renumber_case, esdh_case=building_case)).then()
    linked.given(case_renumbered).when(renumber_case).then()


def test_a_caseworker_is_asked_once_at_a_time() -> None:
    unknown.when(request_choice).then(choice_requested)
    asked.when(request_choice).then()
    asked.when(replace(request_choice, reason=ChoiceReason.GONE, candidates=())).then()


@pytest.mark.parametrize(
    ("choice", "esdh_case"),
    [
        (choose_case, building_case),
        (replace(choose_case, number=carport_case.number), carport_case),
        (choose_new, None),
    ],
)
def test_a_caseworker_chooses_a_candidate_or_a_new_case(
    choice: ChooseEsdhCase, esdh_case: EsdhCase | None
) -> None:
    asked.when(choice).then(replace(case_chosen, esdh_case=esdh_case))


def test_only_what_was_asked_is_answered() -> None:
    unknown.when(choose_case).refused("esdh-choice-not-asked")
    linked.when(choose_new).refused("esdh-choice-not-asked")


def test_what_is_no_candidate_is_not_chosen() -> None:
    asked.when(replace(choose_case, number=new_case.number)).refused("esdh-case-no-candidate")
    asked.when(replace(choose_case, number="")).refused("esdh-case-no-candidate")


def test_a_choice_is_made_once() -> None:
    chosen.when(choose_case).then()
    chosen.when(replace(choose_case, number=carport_case.number)).refused("esdh-choice-made")
    chosen.when(choose_new).refused("esdh-choice-made")
    asked.given(new_case_chosen).when(choose_new).then()
    asked.given(new_case_chosen).when(choose_case).refused("esdh-choice-made")


def test_a_fact_is_journalised_once() -> None:
    linked.when(record_journalised).then(journalised)
    linked.given(journalised).when(record_journalised).then()
    linked.given(journalised).when(replace(record_journalised, receipts=("92",))).then()
    other = replace(record_journalised, about=numbered(1002), position=2)
    linked.given(journalised).when(other).then(
        replace(journalised, about=numbered(1002), position=2)
    )


def test_an_entry_is_refused_once_until_it_is_tried_again() -> None:
    unknown.when(record_refused).then(journalising_refused)
    refused = unknown.given(journalising_refused)
    refused.when(record_refused).then()
    refused.when(replace(record_refused, code="case-locked")).then()
    refused.given(journalising_retried).when(record_refused).then(journalising_refused)


def test_entries_are_refused_each_by_itself() -> None:
    refused = unknown.given(journalising_refused)
    other = replace(record_refused, entry=OTHER_ENTRY)
    refused.when(other).then(replace(journalising_refused, entry=OTHER_ENTRY))


def test_what_lies_there_already_is_refused_no_more() -> None:
    linked.given(journalised).when(record_refused).then()
    later = replace(record_refused, position=2)
    linked.given(journalised).when(later).then(replace(journalising_refused, position=2))


def test_only_what_was_refused_is_tried_again_by_hand() -> None:
    refused = unknown.given(journalising_refused)
    refused.when(retry_journalising).then(journalising_retried)
    unknown.when(retry_journalising).refused("journalising-not-refused")
    refused.given(journalising_retried).when(retry_journalising).refused("journalising-not-refused")
    refused.when(replace(retry_journalising, entry=OTHER_ENTRY)).refused("journalising-not-refused")


def test_a_difference_is_found_once_until_it_is_settled() -> None:
    linked.when(record_difference).then(difference_found)
    found = linked.given(difference_found)
    found.when(record_difference).then()
    found.given(difference_settled).when(record_difference).then(difference_found)


def test_differences_are_known_by_their_kind_and_reference() -> None:
    found = linked.given(difference_found)
    twice = replace(record_difference, difference=DifferenceKind.FILED_TWICE)
    found.when(twice).then(replace(difference_found, difference=DifferenceKind.FILED_TWICE))
    other = replace(record_difference, reference="JL-01K8000000E008000000000032")
    found.when(other).then(replace(difference_found, reference="JL-01K8000000E008000000000032"))


def test_only_a_difference_that_was_found_is_settled() -> None:
    linked.given(difference_found).when(settle_difference).then(difference_settled)
    linked.when(settle_difference).then()
    linked.given(difference_found, difference_settled).when(settle_difference).then()
    other = replace(settle_difference, difference=DifferenceKind.OTHER_CASE)
    linked.given(difference_found).when(other).then()
