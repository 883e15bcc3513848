"""Outgoing post: who is told once, and what may become of it."""

from dataclasses import replace

import pytest

from aggregates import post
from commands.post import PostCommand
from events.ids import NotificationId
from events.post import PaperReason, PostEvent
from tests.examples import BO, numbered
from tests.post_examples import (
    give_to_paper,
    notification_bounced,
    notification_delivered,
    notification_failed,
    notification_given_to_paper,
    notification_in_doubt,
    notification_posted,
    notification_queued,
    notification_retried,
    notification_sent,
    queue_notification,
    record_bounced,
    record_delivered,
    record_failed,
    record_in_doubt,
    record_posted,
    record_sent,
    retry_notification,
)
from tests.spec import Given

given = Given(post.decider).given

OTHER = NotificationId(numbered(79))


def test_a_person_is_told_of_a_fact_once() -> None:
    given().when(queue_notification).then(notification_queued)
    given(notification_queued).when(queue_notification).then()
    # Another id for the same fact and person is the same notification all the same.
    given(notification_queued).when(replace(queue_notification, notification=OTHER)).then()


def test_another_person_is_told_of_the_same_fact() -> None:
    to_bo = replace(queue_notification, notification=OTHER, party=BO)
    told = replace(notification_queued, notification=OTHER, party=BO)
    given(notification_queued).when(to_bo).then(told)


@pytest.mark.parametrize(
    ("command", "event"),
    [
        (record_sent, notification_sent),
        (record_in_doubt, notification_in_doubt),
        (record_bounced, notification_bounced),
        (record_failed, notification_failed),
        (give_to_paper, notification_given_to_paper),
    ],
    ids=lambda each: type(each).__name__,
)
def test_each_fate_is_told_once(command: PostCommand, event: PostEvent) -> None:
    given(notification_queued).when(command).then(event)
    given(notification_queued, event).when(command).then()


def test_nothing_becomes_of_what_was_never_queued() -> None:
    given().when(record_sent).refused("notification-not-found")
    given(notification_queued).when(replace(retry_notification, notification=OTHER)).refused(
        "notification-not-found"
    )


def test_what_was_in_doubt_is_sent_again_and_says_so() -> None:
    """RFC 5321 § 4.2.5: without an answer the message is still the sender's to send."""
    second = replace(record_sent, attempt=2)
    told = replace(notification_sent, attempt=2, in_doubt=1)
    given(notification_queued, notification_in_doubt).when(second).then(told)


def test_a_late_word_on_an_earlier_attempt_changes_nothing() -> None:
    sent_again = replace(notification_sent, attempt=2, in_doubt=1)
    given(notification_queued, notification_in_doubt, sent_again).when(record_in_doubt).then()
    given(notification_queued, notification_in_doubt, sent_again).when(record_sent).then()


def test_what_was_sent_may_bounce_later_or_arrive() -> None:
    sent = given(notification_queued, notification_sent)
    sent.when(record_bounced).then(notification_bounced)
    sent.when(record_failed).then(notification_failed)
    sent.when(record_delivered).then(notification_delivered)


def test_a_receipt_ends_a_doubt_and_stands() -> None:
    doubtful = given(notification_queued, notification_in_doubt)
    doubtful.when(record_delivered).then(notification_delivered)
    arrived = doubtful.given(notification_delivered)
    arrived.when(record_delivered).then()
    arrived.when(record_failed).then()
    arrived.when(replace(record_in_doubt, attempt=2)).then()


def test_only_what_was_not_delivered_is_tried_again() -> None:
    for undelivered in (notification_bounced, notification_failed):
        failed = given(notification_queued, undelivered)
        failed.when(retry_notification).then(notification_retried)
        again = failed.given(notification_retried)
        again.when(retry_notification).refused("notification-not-failed")
        again.when(replace(record_sent, attempt=2)).then(replace(notification_sent, attempt=2))
    given(notification_queued).when(retry_notification).refused("notification-not-failed")
    given(notification_queued, notification_sent).when(retry_notification).refused(
        "notification-not-failed"
    )


def test_a_caseworker_prints_only_what_could_not_be_delivered() -> None:
    chosen = replace(give_to_paper, reason=PaperReason.CHOSEN)
    told = replace(notification_given_to_paper, reason=PaperReason.CHOSEN)
    given(notification_queued, notification_failed).when(chosen).then(told)
    given(notification_queued).when(chosen).refused("notification-not-failed")
    given(notification_queued, notification_sent).when(chosen).refused("notification-not-failed")


def test_what_is_printed_is_posted_and_nothing_else_is() -> None:
    printed = given(notification_queued, notification_given_to_paper)
    printed.when(record_posted).then(notification_posted)
    printed.given(notification_posted).when(record_posted).then()
    given(notification_queued).when(record_posted).refused("notification-not-on-paper")


def test_what_is_on_paper_is_not_sent_any_more() -> None:
    printed = given(notification_queued, notification_given_to_paper)
    printed.when(replace(record_sent, attempt=2)).then()
    printed.when(record_delivered).then()
    printed.when(give_to_paper).then()


def test_what_could_not_even_be_tried_has_failed() -> None:
    untried = replace(record_failed, attempt=0)
    told = replace(notification_failed, attempt=0)
    given(notification_queued).when(untried).then(told)
    given(notification_queued, told).when(untried).then()
    given(notification_queued, told, notification_retried).when(untried).then(told)
