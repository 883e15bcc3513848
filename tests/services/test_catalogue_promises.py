from dataclasses import replace
from datetime import date

import pytest

from commands.case_deadline import Deadline
from events.case_deadline import DeadlineKind
from events.day_unit import DayUnit
from events.text import Text
from services.catalogue import promises
from services.catalogue.promises import Occasion
from tests.shipped import CATALOGUE, HJORRING

MEETING = HJORRING.services["building-meeting"]
RESPONSE = HJORRING.services["hearing-response"]
VEJLE = CATALOGUE.organisations["vejle"]

COMMON: dict[str, object] = {
    "address": "Strandvejen 1",
    "role": "owner",
    "description": "Kort fortalt.",
    "protection": "none",
    "zone": "town",
    "attendance": "online",
}
NEW_HOUSE = COMMON | {
    "project": "new-house",
    "area": 140,
    "near_boundary": False,
    "wastewater": "sewer",
}
DEMOLITION = COMMON | {"project": "demolition"}

MEETS = Occasion(
    reference="HJO-26-4F7K-9QXD",
    received_on=date(2026, 3, 26),
    team=Text(da="Byggeri & Natur", en="Building & Nature"),
    calendar=HJORRING.calendar,
    hearing=None,
    hearing_closes_on=None,
    meeting_on=date(2026, 6, 3),
)
RESPONDS = replace(
    MEETS, hearing="Lokalplan 100", hearing_closes_on=date(2026, 12, 9), meeting_on=None
)


def bring(raw: dict[str, object]) -> list[str]:
    answers = MEETING.read_answers(raw, MEETS.received_on)
    things = promises.things_to_bring(MEETING, answers, MEETS.received_on)
    return [thing.what.en for thing in things]


def first_words(things: list[str]) -> set[str]:
    return {" ".join(thing.split()[:2]) for thing in things}


def test_a_plain_new_house_needs_drawings_energy_and_drains() -> None:
    assert first_words(bring(NEW_HOUSE)) == {
        *("Site plan", "Floor plans", "Elevations of", "Section with", "Energy frame"),
        *("Your thoughts", "The property's", "Photos of", "Registered easements", "Sewer plan"),
    }


def test_a_demolition_needs_no_drawings_of_what_is_new() -> None:
    assert first_words(bring(DEMOLITION)) == {
        *("The property's", "Photos of", "Screening for", "Map of"),
    }


@pytest.mark.parametrize(
    ("change", "more"),
    [
        ({"role": "tenant"}, {"Power of attorney from the owner"}),
        (
            {"near_boundary": True},
            {
                (
                    "Sketch of the wall facing the boundary with length and height, "
                    "and what already stands there"
                )
            },
        ),
        (
            {"protection": "listed"},
            {"Permission of the Agency for Culture and Palaces, or your letters with it"},
        ),
        (
            {"surroundings": ["forest", "coast"]},
            {"Map showing the distance to coast, lake, stream, forest or ancient monument"},
        ),
        (
            {"zone": "rural"},
            {"Why it stands there, and how the building serves farming or as a home"},
        ),
    ],
)
def test_each_circumstance_adds_just_what_it_calls_for(
    change: dict[str, object], more: set[str]
) -> None:
    assert set(bring(NEW_HOUSE | change)) - set(bring(NEW_HOUSE)) == more
    assert set(bring(NEW_HOUSE)) <= set(bring(NEW_HOUSE | change))


def test_a_septic_tank_replaces_the_sewer_plan() -> None:
    septic = bring(NEW_HOUSE | {"wastewater": "septic-tank"})
    assert "Sewer plan" not in first_words(septic)
    assert any("age and size of the tank" in thing for thing in septic)


def test_nothing_is_asked_for_without_a_reason_in_both_languages() -> None:
    everything = [thing for thing in MEETING.bring if thing.why.da != thing.why.en]
    assert len(everything) == len(MEETING.bring) >= 12


def test_next_steps_carry_the_days_that_they_are_due() -> None:
    """Five working days from 26 March 2026 pass over Easter; from 3 June over 5 June too."""
    steps = promises.next_steps(MEETING, MEETING.read_answers(NEW_HOUSE, MEETS.received_on), MEETS)
    assert [step.by for step in steps] == [date(2026, 4, 7), date(2026, 6, 3), date(2026, 6, 11)]
    assert steps[1].text.en.startswith("The meeting with Building & Nature.")


def test_deadlines_are_counted_from_the_day_that_their_service_says() -> None:
    assert promises.deadlines(MEETING, (), MEETS) == (
        Deadline(
            deadline=DeadlineKind.FIRST_REPLY, due_on=date(2026, 4, 7), unit=DayUnit.WORKING_DAYS
        ),
        Deadline(
            deadline=DeadlineKind.PROCESSING, due_on=date(2026, 6, 11), unit=DayUnit.WORKING_DAYS
        ),
    )
    # 40 working days from 9 December 2026, without 24, 25 and 31 December and 1 January.
    assert promises.deadlines(RESPONSE, (), RESPONDS) == (
        Deadline(
            deadline=DeadlineKind.PROCESSING, due_on=date(2027, 2, 9), unit=DayUnit.WORKING_DAYS
        ),
    )


def test_a_calendar_deadline_rolls_past_easter() -> None:
    vejle = replace(MEETS, calendar=VEJLE.calendar)
    first_reply, _ = promises.deadlines(VEJLE.services["building-meeting"], (), vejle)
    assert first_reply.due_on == date(2026, 4, 7)


def test_the_receipt_names_what_was_received_in_both_languages() -> None:
    receipt = promises.receipt(MEETING, MEETING.read_answers(NEW_HOUSE, MEETS.received_on), MEETS)
    assert "møde med Byggeri & Natur den 3. juni 2026 om Strandvejen 1" in receipt.da
    assert "Sagen har nummer HJO-26-4F7K-9QXD" in receipt.da
    assert "meeting with Building & Nature on 3 June 2026 about Strandvejen 1" in receipt.en


def test_the_subject_is_danish_and_reads_labels_not_codes() -> None:
    answers = MEETING.read_answers(NEW_HOUSE, MEETS.received_on)
    assert promises.subject(MEETING, answers, MEETS) == "Forhåndsdialog: Nyt hus, Strandvejen 1"


def test_an_answer_is_never_read_as_a_template() -> None:
    answers = MEETING.read_answers(NEW_HOUSE | {"address": "{reference} {x}"}, MEETS.received_on)
    assert promises.subject(MEETING, answers, MEETS) == "Forhåndsdialog: Nyt hus, {reference} {x}"
