from dataclasses import replace

from aggregates.case import decider
from events.property import BfeNumber
from tests.examples import (
    case_closed,
    case_withdrawn,
    estate,
    give_up_identifying,
    identify_property,
    meeting_case_opened,
    property_identified,
    property_not_identified,
    property_stated,
    state_property,
    stated_estate,
)
from tests.spec import Given

opened = Given(decider).given(meeting_case_opened)
other = replace(estate, bfe=BfeNumber(5))


def test_a_property_is_identified_once_on_an_open_or_closed_case() -> None:
    opened.when(identify_property).then(property_identified)
    opened.given(case_closed).when(identify_property).then(property_identified)
    opened.given(property_identified).when(identify_property).then()
    opened.given(property_identified).when(replace(identify_property, unless_known=False)).then()
    Given(decider).when(identify_property).refused("case-not-found")
    opened.given(case_withdrawn).when(identify_property).refused("case-withdrawn")


def test_a_later_identification_replaces_and_a_machine_gives_way() -> None:
    known = opened.given(property_identified)
    by_hand = replace(identify_property, property=other, unless_known=False)
    known.when(by_hand).then(replace(property_identified, property=other))
    known.when(replace(by_hand, unless_known=True)).then()


def test_what_a_register_cannot_tell_is_said_once_and_only_while_nobody_knows() -> None:
    opened.when(give_up_identifying).then(property_not_identified)
    opened.given(property_not_identified).when(give_up_identifying).then()
    opened.given(property_identified).when(give_up_identifying).then()
    opened.given(property_not_identified).when(identify_property).then(property_identified)
    Given(decider).when(give_up_identifying).refused("case-not-found")
    opened.given(case_withdrawn).when(give_up_identifying).refused("case-withdrawn")


def test_what_a_caseworker_states_stands_until_a_register_answers_to_just_that() -> None:
    opened.when(state_property).then(property_stated)
    opened.given(case_closed).when(state_property).then(property_stated)
    opened.given(case_withdrawn).when(state_property).refused("case-withdrawn")
    stated = opened.given(property_stated)
    stated.when(state_property).then()
    stated.when(identify_property).then(property_identified)
    stated.when(replace(identify_property, property=other)).then()
    by_hand = replace(identify_property, property=other, unless_known=False)
    stated.when(by_hand).then(replace(property_identified, property=other))
    stated.given(property_identified).when(state_property).then()


def test_a_statement_replaces_what_a_register_had_said() -> None:
    corrected = replace(state_property, property=replace(stated_estate, bfe=BfeNumber(5)))
    restated = replace(property_stated, property=corrected.property)
    opened.given(property_identified).when(corrected).then(restated)
    opened.given(property_stated).when(corrected).then(restated)
    opened.given(property_not_identified).when(state_property).then(property_stated)
    opened.given(property_identified, restated).when(identify_property).then()


def test_an_address_is_verified_by_its_id_or_its_words() -> None:
    by_id = replace(property_stated, property=replace(estate, bfe=None, text="Nørregd. 1"))
    opened.given(by_id).when(identify_property).then(property_identified)
    words = replace(stated_estate, bfe=None)
    by_words = opened.given(replace(property_stated, property=words))
    by_words.when(identify_property).then(property_identified)
    elsewhere = replace(identify_property, property=replace(estate, text="Nørregade 2"))
    by_words.when(elsewhere).then()


def test_a_register_that_cannot_tell_is_heard_of_what_is_stated_now_alone() -> None:
    stated = opened.given(property_stated)
    stated.when(give_up_identifying).then(property_not_identified)
    stated.when(replace(give_up_identifying, text="Nørregade 2")).then()
    # Said again by a caseworker who has seen that, it is looked up once more.
    stated.given(property_not_identified).when(state_property).then(property_stated)
