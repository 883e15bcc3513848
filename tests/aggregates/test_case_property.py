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
