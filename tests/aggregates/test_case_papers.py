from dataclasses import replace

from aggregates.case import decider
from events.case import CaseworkerWrote, PartyWrote
from events.ids import DocumentId, MessageId
from tests.examples import MESSAGE, numbered
from tests.procedure_examples import (
    APPLICATION,
    add_redacted_copy,
    application_closed,
    application_opened,
    message_read,
    plan_added,
    read_message,
    redacted_copy_added,
)
from tests.spec import Given

opened = Given(decider).given(application_opened)
with_plan = opened.given(plan_added)
told = opened.given(
    CaseworkerWrote(case_id=APPLICATION, message=MESSAGE, text="Hej.", documents=())
)
asked = opened.given(PartyWrote(case_id=APPLICATION, message=MESSAGE, text="Hej?", documents=()))


def test_a_copy_is_redacted_of_a_document_on_the_case_for_a_reason() -> None:
    with_plan.when(add_redacted_copy).then(redacted_copy_added)
    with_plan.given(application_closed).when(add_redacted_copy).then(redacted_copy_added)
    opened.when(add_redacted_copy).refused("document-not-on-case")
    with_plan.when(replace(add_redacted_copy, reason="")).refused("reason-missing")
    with_plan.given(redacted_copy_added).when(add_redacted_copy).refused("document-already-added")
    elsewhere = replace(add_redacted_copy, original=DocumentId(numbered(199)))
    with_plan.when(elsewhere).refused("document-not-on-case")


def test_a_message_is_read_once_by_the_other_side() -> None:
    told.when(read_message).then(message_read)
    told.given(message_read).when(read_message).then()
    told.when(replace(read_message, by_party=False)).then()
    asked.when(read_message).then()
    asked.when(replace(read_message, by_party=False)).then(message_read)


def test_a_message_that_is_not_there_is_not_read() -> None:
    elsewhere = replace(read_message, message=MessageId(numbered(198)))
    told.when(elsewhere).refused("message-not-found")
