"""Everything on the right case: the rules of filing, with the real sync in simulated time."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from commands.journal import ChooseEsdhCase, RetryJournalising
from events.case import Answer, CaseKind, CaseOpened
from events.case_party import PartyRole
from events.case_procedure import RelatedCaseNamed
from events.case_property import PropertyStated
from events.catalogue import Event
from events.ids import ActorId, CaseId, PartyId, anonymous_party
from events.journal import (
    ChoiceReason,
    EsdhCaseChoiceRequested,
    EsdhCaseLinked,
    EsdhCaseRenumbered,
    Journalised,
    JournalisingRefused,
    LinkedBy,
    Matter,
    MatterKind,
)
from services.esdh.memory import Fault
from services.esdh.port import CaseStatus, Company, Direction, NewDocument, Person
from services.ids import new_id
from services.journal.ports import EntryState
from services.request import unattended
from tests import examples
from tests import procedure_examples as procedure
from tests.procedure_examples import CILLE
from tests.services.filing_office import ANNA, BO, TIMING, Municipality

HEARING = Matter(kind=MatterKind.HEARING, id=examples.HEARING)
RESPONSE = Matter(kind=MatterKind.CASE, id=examples.RESPONSE_CASE)
MEETING = Matter(kind=MatterKind.CASE, id=examples.MEETING_CASE)
COMPLAINT = Matter(kind=MatterKind.CASE, id=examples.OTHER_CASE)

response = replace(examples.response_case_opened, service_version=1)
BFE = 100063828
DAY = 24 * 60 * 60


def meeting(bfe: int | None = BFE, case_id: CaseId = examples.MEETING_CASE) -> CaseOpened:
    answers = () if bfe is None else (Answer(field="bfe", value=bfe),)
    return replace(
        examples.meeting_case_opened, case_id=case_id, service_version=2, answers=answers
    )


def complain(municipality: Municipality, about: CaseId | None = examples.MEETING_CASE) -> None:
    """Bo over what Anna was told, as `complaint-decision` has it from its second version on."""
    opened = replace(
        examples.meeting_case_opened,
        case_id=examples.OTHER_CASE,
        kind=CaseKind.COMPLAINT,
        service="complaint-decision",
        service_version=2,
        party=examples.BO,
        answers=(),
    )
    named = () if about is None else (RelatedCaseNamed(case_id=examples.OTHER_CASE, about=about),)
    municipality.happens(opened, *named)


@pytest.fixture
def municipality() -> Iterator[Municipality]:
    found = Municipality()
    yield found
    found.loop.close()


def titles(municipality: Municipality) -> list[str]:
    return [document.title for document in municipality.memory.ledger.documents]


def linked(municipality: Municipality, matter: Matter) -> list[EsdhCaseLinked]:
    return [e for e in municipality.told(matter) if isinstance(e, EsdhCaseLinked)]


def choices(municipality: Municipality, matter: Matter) -> list[EsdhCaseChoiceRequested]:
    return [e for e in municipality.told(matter) if isinstance(e, EsdhCaseChoiceRequested)]


def choose(municipality: Municipality, matter: Matter, number: str | None) -> None:
    """What the caseworker asks for, and the feed brings to the sync."""
    command = ChooseEsdhCase(matter=matter, number=number)
    municipality.ask(
        unattended(
            command,
            command_id=new_id(),
            organisation=examples.ORGANISATION,
            actor=examples.KAREN,
        )
    )
    municipality.run(municipality.rows.wake([matter]))


def all_done(municipality: Municipality) -> bool:
    return municipality.states() == {EntryState.DONE}


def test_a_response_lies_on_its_hearings_case(municipality: Municipality) -> None:
    municipality.happens(examples.hearing_published)
    municipality.happens(response, envelope=replace(examples.envelope, on_behalf_of=None))
    municipality.settle()
    ledger = municipality.memory.ledger
    ((esdh_id, case),) = ledger.cases.items()
    assert case.standing.title == examples.hearing_published.title
    assert titles(municipality) == ["HearingPublished", "lokalplan 402.pdf", "CaseOpened"]
    assert {item.esdh_id for item in ledger.items} == {esdh_id}
    assert [e.by for e in linked(municipality, HEARING)] == [LinkedBy.CREATED]
    assert [e.by for e in linked(municipality, RESPONSE)] == [LinkedBy.MATCHED]
    assert all_done(municipality)


def test_a_response_waits_for_its_hearings_case(municipality: Municipality) -> None:
    municipality.happens(response)
    municipality.settle(30)
    assert titles(municipality) == []
    municipality.happens(examples.hearing_published)
    municipality.settle()
    assert titles(municipality)[-1] == "CaseOpened"
    assert all_done(municipality)


def test_waiting_for_another_matter_counts_as_no_failure(municipality: Municipality) -> None:
    """Else the first real failure after a minute's wait would put it off for hours."""
    municipality.memory.fault = lambda asked: Fault.LATE if asked == "open_case" else None
    municipality.happens(response)
    municipality.happens(meeting())
    municipality.happens(meeting(case_id=examples.OTHER_CASE))
    municipality.settle(15)
    waiting = {
        entry.new.matter.id: (entry.attempts, entry.failing_since)
        for entry in municipality.unfinished()
        if entry.new.part == 0 and entry.state is EntryState.WAITING
    }
    # One of the two about the property opens its case, and the other waits for that.
    assert examples.RESPONSE_CASE in waiting
    assert list(waiting.values()) == [(0, None)] * 2


def test_a_fact_is_told_once_it_lies_there_whole(municipality: Municipality) -> None:
    municipality.happens(meeting())
    (wrote,) = municipality.happens(examples.party_wrote)
    municipality.settle()
    told = [e for e in municipality.told(MEETING) if isinstance(e, Journalised)]
    assert [e.position for e in told] == [1, wrote.position]
    assert told[-1].receipts == ("2", "3")
    assert titles(municipality) == ["CaseOpened", "PartyWrote", "carport.jpg"]


def test_the_open_case_about_the_same_property_is_the_right_one(municipality: Municipality) -> None:
    there = municipality.memory.ledger.open("1737", f"Tilbygning (BFE {BFE}), Nørregade 1")
    municipality.memory.ledger.open("1737", f"Garage (BFE {BFE}9)")
    municipality.happens(meeting())
    municipality.settle()
    (link,) = linked(municipality, MEETING)
    assert (link.esdh_case, link.by) == (there, LinkedBy.MATCHED)
    assert municipality.memory.ledger.cases[there.id].parties == (ANNA,)


def test_a_property_that_was_found_for_an_address_is_as_good_as_one_that_was_typed(
    municipality: Municipality,
) -> None:
    there = municipality.memory.ledger.open("1737", f"Tilbygning (BFE {BFE}), Nørregade 1")
    municipality.happens(meeting(None))
    municipality.happens(examples.property_identified)
    municipality.settle()
    assert [(e.esdh_case.id, e.by) for e in linked(municipality, MEETING)] == [
        (there.id, LinkedBy.MATCHED)
    ]


ADDRESS = (Answer(field="address", value="Nørregade 1"),)


def test_a_submission_waits_while_its_address_is_looked_up(municipality: Municipality) -> None:
    there = municipality.memory.ledger.open("1737", f"Tilbygning (BFE {BFE}), Nørregade 1")
    municipality.office = replace(municipality.office, timing=replace(TIMING, kept_back=30))
    municipality.happens(replace(meeting(None), answers=ADDRESS))
    municipality.settle(10)
    assert linked(municipality, MEETING) == []
    municipality.happens(examples.property_identified)
    municipality.settle(10)
    assert [e.esdh_case.id for e in linked(municipality, MEETING)] == [there.id]


def test_a_submission_waits_no_longer_than_that_and_not_when_it_is_settled(
    municipality: Municipality,
) -> None:
    municipality.office = replace(municipality.office, timing=replace(TIMING, kept_back=30))
    other = replace(meeting(None, examples.OTHER_CASE), answers=ADDRESS)
    municipality.happens(replace(meeting(None), answers=ADDRESS))
    municipality.happens(other)
    municipality.happens(replace(examples.property_not_identified, case_id=examples.OTHER_CASE))
    municipality.settle(10)
    other_matter = Matter(kind=MatterKind.CASE, id=examples.OTHER_CASE)
    assert linked(municipality, MEETING) == []
    assert [e.by for e in linked(municipality, other_matter)] == [LinkedBy.CREATED]
    municipality.settle(30)
    assert [e.by for e in linked(municipality, MEETING)] == [LinkedBy.CREATED]
    assert all_done(municipality)


def test_a_number_that_a_caseworker_stated_is_filed_by_and_words_wait_for_the_register(
    municipality: Municipality,
) -> None:
    there = municipality.memory.ledger.open("1737", f"Tilbygning (BFE {BFE}), Nørregade 1")
    municipality.office = replace(municipality.office, timing=replace(TIMING, kept_back=30))
    words = replace(examples.stated_estate, bfe=None)
    by_words = PropertyStated(case_id=examples.OTHER_CASE, property=words)
    municipality.happens(replace(meeting(None), answers=ADDRESS), examples.property_stated)
    municipality.happens(replace(meeting(None, examples.OTHER_CASE), answers=ADDRESS), by_words)
    municipality.settle(10)
    other_matter = Matter(kind=MatterKind.CASE, id=examples.OTHER_CASE)
    assert [e.esdh_case.id for e in linked(municipality, MEETING)] == [there.id]
    assert linked(municipality, other_matter) == []
    municipality.happens(replace(examples.property_identified, case_id=examples.OTHER_CASE))
    municipality.settle(10)
    assert [e.esdh_case.id for e in linked(municipality, other_matter)] == [there.id]


def test_two_meetings_whose_property_was_found_share_a_case(municipality: Municipality) -> None:
    for case_id in (examples.MEETING_CASE, examples.OTHER_CASE):
        municipality.happens(meeting(None, case_id))
        municipality.happens(replace(examples.property_identified, case_id=case_id))
    municipality.settle()
    ((_, case),) = municipality.memory.ledger.cases.items()
    assert f"(BFE {BFE})" in case.standing.title


def test_a_property_found_after_filing_began_moves_nothing(municipality: Municipality) -> None:
    municipality.memory.ledger.open("1737", f"Tilbygning (BFE {BFE}), Nørregade 1")
    municipality.happens(meeting(None))
    municipality.settle()
    (before,) = linked(municipality, MEETING)
    municipality.happens(examples.property_identified)
    municipality.happens(examples.party_wrote)
    municipality.settle()
    assert linked(municipality, MEETING) == [before]
    assert before.by is LinkedBy.CREATED
    assert all_done(municipality)


def test_a_number_that_was_typed_stands_whatever_was_found(municipality: Municipality) -> None:
    there = municipality.memory.ledger.open("1737", f"Garage (BFE {BFE}9)")
    municipality.happens(meeting(BFE * 10 + 9))
    municipality.happens(examples.property_identified)
    municipality.settle()
    assert [e.esdh_case.id for e in linked(municipality, MEETING)] == [there.id]


def test_two_meetings_about_one_property_share_a_case(municipality: Municipality) -> None:
    municipality.happens(meeting())
    municipality.happens(meeting(case_id=examples.OTHER_CASE))
    municipality.settle()
    assert len(municipality.memory.ledger.cases) == 1
    assert all_done(municipality)


def test_without_a_property_each_gets_a_case_of_its_own(municipality: Municipality) -> None:
    municipality.happens(meeting(None))
    municipality.happens(meeting(None, examples.OTHER_CASE))
    municipality.settle()
    assert len(municipality.memory.ledger.cases) == 2


def test_among_several_a_caseworker_chooses_and_the_rest_follows(
    municipality: Municipality,
) -> None:
    ledger = municipality.memory.ledger
    first = ledger.open("1737", f"Tilbygning (BFE {BFE})")
    second = ledger.open("1737", f"Carport (BFE {BFE})")
    municipality.happens(meeting())
    municipality.settle(30)
    (choice,) = choices(municipality, MEETING)
    assert choice.reason is ChoiceReason.SEVERAL
    assert [c.esdh_case for c in choice.candidates] == [first, second]
    assert titles(municipality) == []
    choose(municipality, MEETING, second.number)
    municipality.settle()
    assert linked(municipality, MEETING)[0].by is LinkedBy.CHOSEN
    assert {item.esdh_id for item in ledger.items} == {second.id}
    assert all_done(municipality)


def test_a_caseworker_may_want_a_new_case(municipality: Municipality) -> None:
    ledger = municipality.memory.ledger
    for title in ("Tilbygning", "Carport"):
        ledger.open("1737", f"{title} (BFE {BFE})")
    municipality.happens(meeting())
    municipality.settle(30)
    choose(municipality, MEETING, None)
    municipality.settle()
    assert len(ledger.cases) == 3
    assert linked(municipality, MEETING)[0].by is LinkedBy.CREATED
    assert all_done(municipality)


def test_a_case_that_was_closed_there_is_a_caseworkers_choice(municipality: Municipality) -> None:
    municipality.happens(meeting())
    municipality.settle(30)
    (link,) = linked(municipality, MEETING)
    municipality.memory.ledger.set_status(link.esdh_case.id, CaseStatus.CLOSED)
    municipality.happens(examples.party_wrote)
    municipality.settle(30)
    (choice,) = choices(municipality, MEETING)
    assert choice.reason is ChoiceReason.CLOSED
    choose(municipality, MEETING, link.esdh_case.number)
    municipality.settle()
    standing = municipality.memory.ledger.cases[link.esdh_case.id].standing
    assert standing.status is CaseStatus.OPEN
    assert titles(municipality)[-2:] == ["PartyWrote", "carport.jpg"]
    assert all_done(municipality)


def test_a_closed_case_that_is_opened_again_there_is_seen_to_be_open(
    municipality: Municipality,
) -> None:
    """By hand, between our look at it and our looking for another."""
    ledger = municipality.memory.ledger
    municipality.happens(meeting())
    municipality.settle(30)
    (link,) = linked(municipality, MEETING)
    ledger.set_status(link.esdh_case.id, CaseStatus.CLOSED)
    municipality.office = municipality.new_office(municipality.memory)

    def reopened(asked: str) -> Fault | None:
        if asked == "cases_about":
            ledger.set_status(link.esdh_case.id, CaseStatus.OPEN)
        return Fault.UNAVAILABLE if asked == "cases_about" and not retried else None

    retried: list[str] = []
    municipality.memory.fault = reopened
    municipality.happens(examples.party_wrote)
    municipality.settle(4)
    retried.append("once")
    municipality.settle(60)
    assert choices(municipality, MEETING) == []
    assert titles(municipality)[-2:] == ["PartyWrote", "carport.jpg"]
    assert max(h.epoch for h in municipality.rows.snapshot().matters.values()) < 30
    assert all_done(municipality)


def test_a_case_that_is_gone_is_a_caseworkers_choice(municipality: Municipality) -> None:
    municipality.happens(meeting())
    municipality.settle(30)
    (link,) = linked(municipality, MEETING)
    municipality.memory.ledger.delete(link.esdh_case.id)
    municipality.office = municipality.new_office(municipality.memory)
    municipality.happens(examples.party_wrote)
    municipality.settle(30)
    (choice,) = choices(municipality, MEETING)
    assert (choice.reason, choice.candidates) == (ChoiceReason.GONE, ())
    choose(municipality, MEETING, None)
    municipality.settle()
    (case,) = municipality.memory.ledger.cases
    assert [i.esdh_id for i in municipality.memory.ledger.items[-2:]] == [case, case]
    assert all_done(municipality)


def test_who_comes_while_a_wanted_new_case_is_opened_waits_for_it(
    municipality: Municipality,
) -> None:
    """Nothing lies there yet about the property, and opening another would be a second case."""
    ledger = municipality.memory.ledger
    municipality.happens(meeting())
    municipality.settle(30)
    (former,) = linked(municipality, MEETING)
    ledger.set_status(former.esdh_case.id, CaseStatus.CLOSED)
    municipality.happens(examples.party_wrote)
    municipality.settle(30)
    choose(municipality, MEETING, None)
    municipality.memory.fault = lambda asked: Fault.LATE if asked == "open_case" else None
    municipality.settle(3)
    municipality.memory.fault = lambda _: None
    municipality.happens(meeting(case_id=examples.OTHER_CASE))
    municipality.settle()
    other = Matter(kind=MatterKind.CASE, id=examples.OTHER_CASE)
    assert len(ledger.cases) == 2
    assert linked(municipality, MEETING)[-1].by is LinkedBy.CREATED
    assert [e.esdh_case for e in linked(municipality, other)] == [
        linked(municipality, MEETING)[-1].esdh_case
    ]
    assert all_done(municipality)


def test_a_hearings_closed_case_is_asked_about_once_whoever_answers_late(
    municipality: Municipality,
) -> None:
    municipality.happens(examples.hearing_published)
    municipality.settle(30)
    (link,) = linked(municipality, HEARING)
    municipality.memory.ledger.set_status(link.esdh_case.id, CaseStatus.CLOSED)
    for case_id in (examples.RESPONSE_CASE, examples.OTHER_CASE, examples.THIRD_CASE):
        municipality.happens(replace(response, case_id=case_id))
    municipality.settle(40)
    assert len(choices(municipality, HEARING)) == 1
    assert choices(municipality, RESPONSE) == []
    choose(municipality, HEARING, link.esdh_case.number)
    municipality.settle()
    assert titles(municipality).count("CaseOpened") == 3
    assert all_done(municipality)


def test_a_complaint_lies_on_the_case_it_complains_of(municipality: Municipality) -> None:
    municipality.happens(meeting())
    complain(municipality)
    municipality.settle()
    ledger = municipality.memory.ledger
    ((esdh_id, case),) = ledger.cases.items()
    assert {item.esdh_id for item in ledger.items} == {esdh_id}
    assert titles(municipality) == ["CaseOpened", "CaseOpened"]
    assert [e.by for e in linked(municipality, COMPLAINT)] == [LinkedBy.MATCHED]
    assert case.parties == (ANNA, BO)
    assert all_done(municipality)


def test_a_complaint_waits_until_it_is_certain_where_the_decision_lies(
    municipality: Municipality,
) -> None:
    """First for its being filed at all, and then for the person who is asked where."""
    ledger = municipality.memory.ledger
    ledger.open("1737", f"Tilbygning (BFE {BFE})")
    second = ledger.open("1737", f"Carport (BFE {BFE})")
    complain(municipality)
    municipality.settle(30)
    assert titles(municipality) == []
    municipality.happens(meeting())
    municipality.settle(30)
    assert len(choices(municipality, MEETING)) == 1
    assert municipality.told(COMPLAINT) == []
    choose(municipality, MEETING, second.number)
    municipality.settle()
    assert [e.esdh_case for e in linked(municipality, COMPLAINT)] == [second]
    assert len(ledger.cases) == 2
    assert all_done(municipality)


def test_whether_a_closed_case_takes_its_complaint_is_a_caseworkers_choice(
    municipality: Municipality,
) -> None:
    municipality.happens(meeting())
    municipality.settle(30)
    (link,) = linked(municipality, MEETING)
    municipality.memory.ledger.set_status(link.esdh_case.id, CaseStatus.CLOSED)
    complain(municipality)
    municipality.settle(30)
    (choice,) = choices(municipality, COMPLAINT)
    assert (choice.reason, [c.esdh_case for c in choice.candidates]) == (
        ChoiceReason.CLOSED,
        [link.esdh_case],
    )
    assert titles(municipality) == ["CaseOpened"]
    choose(municipality, COMPLAINT, link.esdh_case.number)
    municipality.settle()
    standing = municipality.memory.ledger.cases[link.esdh_case.id].standing
    assert standing.status is CaseStatus.OPEN
    assert titles(municipality) == ["CaseOpened", "CaseOpened"]
    assert all_done(municipality)


def test_a_complaint_over_a_case_that_is_gone_there_may_get_one_of_its_own(
    municipality: Municipality,
) -> None:
    municipality.happens(meeting())
    municipality.settle(30)
    (link,) = linked(municipality, MEETING)
    municipality.memory.ledger.delete(link.esdh_case.id)
    complain(municipality)
    municipality.settle(30)
    (choice,) = choices(municipality, COMPLAINT)
    assert (choice.reason, choice.candidates) == (ChoiceReason.GONE, ())
    choose(municipality, COMPLAINT, None)
    municipality.settle()
    assert [e.by for e in linked(municipality, COMPLAINT)] == [LinkedBy.CREATED]
    assert all_done(municipality)


def test_a_complaint_that_names_no_case_gets_one_of_its_own(municipality: Municipality) -> None:
    municipality.happens(meeting())
    complain(municipality, about=None)
    municipality.settle()
    assert len(municipality.memory.ledger.cases) == 2
    assert [e.by for e in linked(municipality, COMPLAINT)] == [LinkedBy.CREATED]
    assert all_done(municipality)


def test_what_was_sent_before_another_case_was_chosen_is_looked_for_where_it_was_sent(
    municipality: Municipality,
) -> None:
    """A response waits, the conclusion's answer is lost, and the case is closed meanwhile."""
    faults = [Fault.UNAVAILABLE, Fault.TIMEOUT_AFTER]

    def one_by_one(asked: str) -> Fault | None:
        return faults.pop(0) if asked == "file_document" and faults else None

    municipality.happens(examples.hearing_published)
    municipality.settle(30)
    (link,) = linked(municipality, HEARING)
    municipality.memory.fault = one_by_one
    municipality.happens(response)
    municipality.settle(12)
    (concluded,) = municipality.happens(examples.hearing_concluded)
    municipality.settle(3)
    municipality.memory.ledger.set_status(link.esdh_case.id, CaseStatus.CLOSED)
    municipality.settle(10)
    assert titles(municipality)[-1] == "HearingConcluded"
    choose(municipality, HEARING, None)
    municipality.settle()
    assert titles(municipality).count("HearingConcluded") == 1
    told = [e for e in municipality.told(HEARING) if isinstance(e, Journalised)]
    (of_conclusion,) = [e for e in told if e.position == concluded.position]
    assert of_conclusion.esdh_case == link.esdh_case
    assert titles(municipality)[-1] == "CaseOpened"
    assert all_done(municipality)


def test_a_case_that_moved_to_another_number_is_the_same_case(municipality: Municipality) -> None:
    municipality.happens(meeting())
    municipality.settle(30)
    (link,) = linked(municipality, MEETING)
    moved = municipality.memory.ledger.renumber(link.esdh_case.id, "02.34.02-P19-99-26")
    municipality.office = municipality.new_office(municipality.memory)
    municipality.happens(examples.party_wrote)
    municipality.settle()
    (renumbered,) = [e for e in municipality.told(MEETING) if isinstance(e, EsdhCaseRenumbered)]
    assert (renumbered.esdh_case, renumbered.former_number) == (moved, link.esdh_case.number)
    last = municipality.told(MEETING)[-1]
    assert isinstance(last, Journalised)
    assert last.esdh_case.number == moved.number


def test_a_protected_address_keeps_documents_from_being_handed_out(
    municipality: Municipality,
) -> None:
    municipality.happens(replace(meeting(), party=examples.BO))
    municipality.settle()
    assert [document.access for document in municipality.memory.ledger.documents] == [False]
    assert municipality.letters.protected == [True]
    assert all_done(municipality)


def test_what_anna_sends_may_be_handed_out(municipality: Municipality) -> None:
    municipality.happens(meeting())
    municipality.settle()
    assert [document.access for document in municipality.memory.ledger.documents] == [True]


def test_an_anonymous_response_is_filed_without_a_party(municipality: Municipality) -> None:
    nobody = replace(examples.envelope, on_behalf_of=None)
    municipality.happens(examples.hearing_published, envelope=nobody)
    municipality.happens(
        replace(response, party=anonymous_party(response.case_id)), envelope=nobody
    )
    municipality.settle()
    assert all(case.parties == () for case in municipality.memory.ledger.cases.values())
    assert "CaseOpened" in titles(municipality)
    assert all_done(municipality)


def test_a_company_that_acts_for_a_citizen_comes_after_her(municipality: Municipality) -> None:
    company = PartyId("company:99999991")
    municipality.parties[company] = Company(cvr="99999991", name="Vendsyssel Tømrer")
    municipality.happens(meeting(None), envelope=replace(examples.envelope, on_behalf_of=company))
    municipality.settle()
    (case,) = municipality.memory.ledger.cases.values()
    assert case.parties == (ANNA, municipality.parties[company])


def test_what_is_received_goes_in_and_what_is_sent_goes_out(municipality: Municipality) -> None:
    happened: list[Event] = [
        meeting(),
        examples.party_added_document,
        examples.caseworker_added_document,
    ]
    for event in happened:
        municipality.happens(event)
    municipality.settle()
    directions = [document.direction for document in municipality.memory.ledger.documents]
    assert directions == [Direction.IN, Direction.IN, Direction.OUT]


def test_a_deadline_is_a_reminder_there_until_it_is_met(municipality: Municipality) -> None:
    municipality.happens(meeting(), examples.first_reply_set, examples.processing_set)
    municipality.happens(examples.first_reply_met)
    municipality.settle()
    reminders = municipality.memory.ledger.reminders
    assert [reminder.due_on for reminder in reminders] == [
        examples.FIRST_REPLY_DUE,
        examples.PROCESSING_DUE,
    ]
    assert municipality.memory.ledger.finished == {reminders[0].reference}


def test_an_assignment_names_the_caseworker_there(municipality: Municipality) -> None:
    municipality.happens(meeting(), examples.case_assigned)
    municipality.settle()
    (case,) = municipality.memory.ledger.cases.values()
    assert case.handler == "karen"


def test_a_propertys_case_stays_open_when_one_matter_ends(municipality: Municipality) -> None:
    municipality.happens(meeting(), examples.case_closed)
    municipality.settle()
    (case,) = municipality.memory.ledger.cases.values()
    assert case.standing.status is CaseStatus.OPEN
    assert all_done(municipality)


def test_a_matters_own_case_ends_with_it_and_takes_what_comes_after_it_opens_again(
    municipality: Municipality,
) -> None:
    own = replace(meeting(None), service="counsel")
    municipality.happens(own, examples.case_closed)
    municipality.settle(40)
    (case,) = municipality.memory.ledger.cases.values()
    assert case.standing.status is CaseStatus.CLOSED
    municipality.happens(examples.case_reopened)
    municipality.happens(examples.party_wrote)
    municipality.settle()
    (case,) = municipality.memory.ledger.cases.values()
    assert case.standing.status is CaseStatus.OPEN
    assert titles(municipality)[-2:] == ["PartyWrote", "carport.jpg"]
    assert choices(municipality, MEETING) == []


@pytest.mark.parametrize("fault", [Fault.TIMEOUT_BEFORE, Fault.TIMEOUT_AFTER, Fault.LATE])
@pytest.mark.parametrize("operation", ["open_case", "file_document", "add_note", "add_reminder"])
def test_whatever_became_of_a_request_it_is_there_once(
    municipality: Municipality, fault: Fault, operation: str
) -> None:
    struck: list[str] = []

    def once(asked: str) -> Fault | None:
        if asked == operation and not struck:
            struck.append(asked)
            return fault
        return None

    municipality.memory.fault = once
    municipality.happens(meeting(), examples.first_reply_set, examples.meeting_booked)
    municipality.settle()
    assert struck == [operation]
    assert len(municipality.memory.ledger.cases) == 1
    references = [item.item.reference for item in municipality.memory.ledger.items]
    assert len(references) == len(set(references)) == 3
    assert all_done(municipality)


def test_whoever_waited_out_one_request_waits_again_when_another_has_sent_anew(
    municipality: Municipality,
) -> None:
    """Two workers in turn; the database's clock jumps, so that the matter is due too early."""
    faults = {"file_document": Fault.TIMEOUT_BEFORE}
    municipality.memory.fault = faults.get
    municipality.happens(meeting())
    municipality.settle(4)
    first, second = municipality.office, municipality.new_office(municipality.memory)
    (sent,) = [e for e in municipality.unfinished() if e.state is EntryState.INTENT]
    faults["file_document"] = Fault.LATE
    municipality.office = second
    while sent in municipality.unfinished() or municipality.memory.unsettled == 0:
        municipality.settle(1)
    faults.clear()
    municipality.clock.set(municipality.clock.now() + timedelta(hours=1))
    municipality.office = first
    municipality.settle()
    assert titles(municipality) == ["CaseOpened"]
    assert all_done(municipality)


def test_a_document_that_is_refused_parks_its_matter_alone(municipality: Municipality) -> None:
    def rejects(new: str) -> Fault | None:
        return Fault.REJECTED if new == "file_document" and len(titles(municipality)) == 2 else None

    municipality.happens(meeting(None))
    municipality.happens(meeting(None, examples.OTHER_CASE))
    municipality.settle(30)
    municipality.memory.fault = rejects
    municipality.happens(examples.party_wrote)
    municipality.happens(examples.caseworker_wrote)
    municipality.settle(30)
    (refused,) = [e for e in municipality.told(MEETING) if isinstance(e, JournalisingRefused)]
    assert refused.code == "esdh-rejected"
    municipality.memory.fault = lambda _: None
    other = replace(examples.party_wrote, case_id=examples.OTHER_CASE, documents=())
    municipality.happens(other)
    municipality.settle(30)
    assert titles(municipality) == ["CaseOpened", "CaseOpened", "PartyWrote"]
    command = RetryJournalising(matter=MEETING, entry=refused.entry)
    municipality.ask(
        unattended(
            command, command_id=new_id(), organisation=examples.ORGANISATION, actor=examples.KAREN
        )
    )
    municipality.run(municipality.rows.wake([MEETING]))
    municipality.settle()
    assert titles(municipality)[3:] == [
        "PartyWrote",
        "carport.jpg",
        "CaseworkerWrote",
        *["lokalplan 402.pdf"],
    ]
    assert all_done(municipality)


def test_a_mistake_of_ours_is_tried_again_and_nothing_is_given_up(
    municipality: Municipality,
) -> None:
    (opened,) = municipality.happens(meeting())
    municipality.letters.unwritable.add(opened.event_id)
    municipality.settle(40)
    (entry, *_) = [e for e in municipality.unfinished() if e.state is EntryState.WAITING]
    assert (entry.error, entry.failing_since is not None) == ("internal-error", True)
    assert entry.attempts > 3
    municipality.letters.unwritable.clear()
    municipality.settle()
    assert titles(municipality) == ["CaseOpened"]


def test_days_without_an_answer_are_waited_out(municipality: Municipality) -> None:
    municipality.memory.fault = lambda _: Fault.UNAVAILABLE
    municipality.happens(meeting(), examples.first_reply_set)
    municipality.settle(3 * DAY, step=60)
    assert titles(municipality) == []
    municipality.memory.fault = lambda _: None
    municipality.settle(DAY / 2, step=60)
    assert titles(municipality) == ["CaseOpened"]
    assert all_done(municipality)


@pytest.mark.parametrize("restarted", [True, False])
def test_an_older_backup_files_nothing_twice(
    municipality: Municipality, *, restarted: bool
) -> None:
    municipality.happens(examples.hearing_published)
    municipality.happens(response)
    municipality.happens(meeting())
    before = municipality.rows.snapshot()
    municipality.settle(40)
    lying_there = list(municipality.memory.ledger.items)
    municipality.rows.restore(before)
    if restarted:
        municipality.office = municipality.new_office(municipality.memory)
    municipality.settle()
    assert municipality.memory.ledger.items == lying_there
    assert all_done(municipality)


@pytest.mark.parametrize("restarted", [True, False])
def test_what_a_restored_database_has_not_taken_in_is_filed_before_what_came_since(
    municipality: Municipality, *, restarted: bool
) -> None:
    """The feed has told of it before, and does not again."""
    municipality.happens(meeting())
    municipality.settle(40)
    before = municipality.rows.snapshot()
    municipality.happens(examples.caseworker_wrote)
    municipality.rows.restore(before)
    municipality.happens(examples.party_wrote)
    if restarted:
        municipality.office = municipality.new_office(municipality.memory)
    municipality.settle()
    assert titles(municipality) == [
        "CaseOpened",
        *["CaseworkerWrote", "lokalplan 402.pdf"],
        *["PartyWrote", "carport.jpg"],
    ]
    assert all_done(municipality)


def test_a_case_opened_before_the_backup_was_brought_back_is_found_again(
    municipality: Municipality,
) -> None:
    other = Municipality(municipality.memory)
    facts = municipality.happens(meeting())
    municipality.settle(40)
    # The other begins with the same fact and knows of nothing that followed from it.
    other.memory = municipality.memory
    other.take_over(facts)
    other.settle()
    assert len(municipality.memory.ledger.cases) == 1
    assert titles(municipality) == ["CaseOpened"]
    assert all_done(other)
    other.loop.close()


def test_nothing_of_a_document_is_changed_on_its_way(municipality: Municipality) -> None:
    municipality.happens(meeting(), examples.party_added_document)
    municipality.settle()
    document = municipality.memory.ledger.documents[-1]
    assert isinstance(document, NewDocument)
    assert document.content == examples.drawing.sha256.encode()
    assert (document.file_name, document.media_type) == ("tegning.pdf", "application/pdf")


HIDDEN = "En person med navne- og adressebeskyttelse"
BASIS = "Grundlag: fuldmagt. Dokumentet ligger på sagen."


def test_who_comes_leaves_and_acts_for_whom_is_noted_by_what_may_be_read(
    municipality: Municipality,
) -> None:
    """Bo is protected, and Cille, whom the register shows, is not."""
    cille = Person(cpr="6303700000", name="Cille Carlsen")
    municipality.parties[CILLE] = cille
    shown = replace(examples.party_joined, party=CILLE, role=PartyRole.OWNER, protected=False)
    acting = replace(examples.representative_appointed, representative=CILLE, protected=False)
    municipality.happens(meeting())
    municipality.happens(examples.party_joined, shown)
    municipality.happens(examples.power_of_attorney_added)
    municipality.happens(replace(examples.representative_proposed, representative=CILLE), acting)
    municipality.happens(replace(examples.representation_ended, representative=CILLE))
    municipality.happens(examples.party_left)
    municipality.settle()
    notes = [(note.heading, note.text) for note in municipality.memory.ledger.notes]
    assert notes == [
        ("Part i sagen", f"{HIDDEN} er nu part i sagen som nabo."),
        ("Part i sagen", "Cille Carlsen er nu part i sagen som ejer."),
        (
            "Partsrepræsentant ønsket",
            f"{HIDDEN} har bedt om at lade sig repræsentere. Repræsentant: Cille Carlsen. {BASIS}",
        ),
        (
            "Partsrepræsentant",
            f"Part: {HIDDEN}. Repræsentant, der må se og handle i sagen: Cille Carlsen. {BASIS}",
        ),
        (
            "Partsrepræsentation ophørt",
            f"Part: {HIDDEN}. Er ikke længere repræsentant: Cille Carlsen.",
        ),
        ("Ikke længere part", f"{HIDDEN} er ikke længere part i sagen."),
    ]
    assert "fuldmagt.pdf" in titles(municipality)
    assert all_done(municipality)


def test_what_a_protected_party_is_heard_about_and_answers_is_not_handed_out(
    municipality: Municipality,
) -> None:
    case = replace(meeting(), kind=CaseKind.APPLICATION)
    case_id, party = examples.MEETING_CASE, examples.BO
    anna = replace(procedure.party_hearing_opened, case_id=case_id)
    municipality.happens(case, examples.party_joined)
    municipality.happens(anna, replace(anna, party=party))
    by_bo = replace(examples.envelope, actor=ActorId(party), on_behalf_of=None)
    answered = replace(procedure.party_hearing_answered, case_id=case_id, party=party)
    municipality.happens(answered, envelope=by_bo)
    exempted = replace(procedure.party_hearing_exempted, case_id=case_id, party=party)
    municipality.happens(exempted)
    municipality.settle()
    papers = municipality.memory.ledger.documents
    assert [(paper.title, paper.access) for paper in papers] == [
        ("CaseOpened", True),
        ("PartyHearingOpened", True),
        ("PartyHearingOpened", False),
        ("PartyHearingAnswered", False),
        ("tegning.pdf", False),
    ]
    assert municipality.letters.protected == [False, False, True, True]
    assert municipality.memory.ledger.notes[-1].text.startswith(f"Part: {HIDDEN}.")
    assert all_done(municipality)
