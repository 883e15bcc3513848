"""A case's post under random commands, beside a model of what each person got."""

from dataclasses import replace
from typing import Final

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from aggregates.post import Post, decider
from commands.post import PostCommand
from events.ids import NotificationId
from events.post import (
    NotificationInDoubt,
    NotificationQueued,
    NotificationSent,
    PaperReason,
    PostEvent,
)
from tests.aggregates.subject import MACHINE, Subject, names
from tests.examples import ANNA, BO, numbered
from tests.post_examples import (
    give_to_paper,
    queue_notification,
    record_bounced,
    record_delivered,
    record_failed,
    record_in_doubt,
    record_posted,
    record_sent,
    retry_notification,
)

PARTIES: Final = st.sampled_from([ANNA, BO])
FACTS: Final = st.integers(min_value=1, max_value=2)
ATTEMPTS: Final = st.integers(min_value=1, max_value=4)
NUMBERS: Final = st.integers(min_value=1, max_value=4)
OUTCOMES: Final = st.sampled_from([record_sent, record_in_doubt, record_bounced, record_failed])


def notification(number: int) -> NotificationId:
    return NotificationId(numbered(80 + number))


class PostMachine(RuleBasedStateMachine):
    """`known` are those queued; every outcome is of some attempt, late ones too."""

    def __init__(self) -> None:
        super().__init__()
        self.post: Subject[PostCommand, Post, PostEvent] = Subject(decider)
        self.known: dict[int, tuple[int, str]] = {}

    @rule(number=NUMBERS, fact=FACTS, party=PARTIES)
    def queue(self, number: int, fact: int, party: str) -> None:
        of = {"notification": notification(number), "about": numbered(90 + fact)}
        outcome = names(self.post.ask(replace(queue_notification, **of, party=party)))  # type: ignore[arg-type]  # one dict of two types
        is_new = number not in self.known and (fact, party) not in self.known.values()
        assert outcome == (["NotificationQueued"] if is_new else [])
        if is_new:
            self.known[number] = (fact, party)

    @rule(number=NUMBERS, outcome=OUTCOMES, attempt=ATTEMPTS)
    def conclude(self, number: int, outcome: PostCommand, attempt: int) -> None:
        of = {"notification": notification(number), "attempt": attempt}
        told = self.post.ask(replace(outcome, **of))  # type: ignore[arg-type]  # likewise
        if number not in self.known:
            assert told == "notification-not-found"
        else:
            assert not isinstance(told, str)
            assert len(told) <= 1

    @rule(number=NUMBERS)
    def deliver(self, number: int) -> None:
        self.post.ask(replace(record_delivered, notification=notification(number)))

    @rule(number=NUMBERS)
    def retry(self, number: int) -> None:
        self.post.ask(replace(retry_notification, notification=notification(number)))

    @rule(number=NUMBERS, reason=st.sampled_from(PaperReason))
    def give(self, number: int, reason: PaperReason) -> None:
        of = notification(number)
        self.post.ask(replace(give_to_paper, notification=of, reason=reason))

    @rule(number=NUMBERS)
    def put_in_post(self, number: int) -> None:
        self.post.ask(replace(record_posted, notification=notification(number)))

    @invariant()
    def replays(self) -> None:
        self.post.check()

    @invariant()
    def everybody_is_told_of_each_fact_once(self) -> None:
        queued = [each for each in self.post.history if isinstance(each, NotificationQueued)]
        assert len({(each.about, each.party) for each in queued}) == len(queued)
        assert len({each.notification for each in queued}) == len(queued)

    @invariant()
    def no_attempt_has_two_outcomes_of_a_kind(self) -> None:
        told = [
            (type(each), each.notification, each.attempt)
            for each in self.post.history
            if isinstance(each, NotificationSent | NotificationInDoubt)
        ]
        assert len(set(told)) == len(told)

    @invariant()
    def what_was_sent_says_how_often_it_may_have_been_sent_before(self) -> None:
        doubts: dict[NotificationId, int] = {}
        for each in self.post.history:
            if isinstance(each, NotificationInDoubt):
                doubts[each.notification] = doubts.get(each.notification, 0) + 1
            elif isinstance(each, NotificationSent):
                assert each.in_doubt == doubts.get(each.notification, 0)


PostMachine.TestCase.settings = MACHINE
TestPost = PostMachine.TestCase
