from dataclasses import replace
from datetime import timedelta

import pytest

from aggregates.case import decider
from commands.case import (
    AddCaseworkerDocuments,
    AddPartyDocuments,
    WriteToAuthority,
    WriteToParty,
)
from events.case_deadline import DeadlineKind
from tests.examples import (
    FIRST_REPLY_DUE,
    add_caseworker_documents,
    add_party_documents,
    caseworker_added_document,
    caseworker_wrote,
    drawing,
    first_reply_met,
    first_reply_missed,
    first_reply_set,
    meeting_case_opened,
    party_added_document,
    party_wrote,
    photo,
    plan,
    processing_set,
    write_to_authority,
    write_to_party,
)
from tests.spec import Given

opened = Given(decider).given(meeting_case_opened)
with_deadlines = opened.given(first_reply_set, processing_set)


def test_party_and_caseworker_write_to_each_other() -> None:
    opened.when(write_to_authority).then(party_wrote)
    opened.when(write_to_party).then(caseworker_wrote)
    opened.when(replace(write_to_party, documents=())).then(replace(caseworker_wrote, documents=()))


@pytest.mark.parametrize("text", ["", " ", "\n\t "])
def test_a_message_says_something(text: str) -> None:
    opened.when(replace(write_to_authority, text=text)).refused("message-empty")
    opened.when(replace(write_to_party, text=text)).refused("message-empty")


def test_the_caseworkers_first_message_meets_the_first_reply() -> None:
    with_deadlines.when(write_to_party).then(caseworker_wrote, first_reply_met)
    with_deadlines.when(write_to_authority).then(party_wrote)
    with_deadlines.given(caseworker_wrote, first_reply_met).when(
        replace(write_to_party, documents=())
    ).then(replace(caseworker_wrote, documents=()))


def test_a_reply_too_late_misses_the_first_reply_though_the_clock_was_silent() -> None:
    too_late = replace(write_to_party, written_on=FIRST_REPLY_DUE + timedelta(days=1))
    with_deadlines.when(too_late).then(caseworker_wrote, first_reply_missed)
    with_deadlines.when(replace(write_to_party, written_on=FIRST_REPLY_DUE)).then(
        caseworker_wrote, first_reply_met
    )


def test_a_reply_after_the_deadline_was_missed_does_not_meet_it() -> None:
    with_deadlines.given(first_reply_missed).when(write_to_party).then(caseworker_wrote)


def test_a_reply_does_not_meet_the_processing_deadline() -> None:
    assert processing_set.deadline is DeadlineKind.PROCESSING
    opened.given(processing_set).when(write_to_party).then(caseworker_wrote)


def test_each_document_added_is_a_fact_of_its_own() -> None:
    opened.when(replace(add_party_documents, documents=(drawing, photo))).then(
        party_added_document, replace(party_added_document, document=photo)
    )
    opened.when(add_caseworker_documents).then(caseworker_added_document)
    opened.when(replace(add_party_documents, documents=())).then()


@pytest.mark.parametrize(
    "command",
    [write_to_authority, write_to_party, add_party_documents, add_caseworker_documents],
    ids=lambda c: type(c).__name__,
)
def test_a_document_comes_to_a_case_once(
    command: WriteToAuthority | WriteToParty | AddPartyDocuments | AddCaseworkerDocuments,
) -> None:
    opened.when(replace(command, documents=(plan, plan))).refused("document-already-added")
    for earlier in (
        replace(party_added_document, document=plan),
        caseworker_added_document,
        replace(party_wrote, documents=(photo, plan)),
        caseworker_wrote,
    ):
        again = replace(command, documents=(drawing, plan))
        opened.given(earlier).when(again).refused("document-already-added")
