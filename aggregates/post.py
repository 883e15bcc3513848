"""The rules of a matter's outgoing post: each person is told once, and each fate is told once."""

from typing import Final, TypeAlias, assert_never

from aggregates.decider import Decider
from aggregates.post_state import Fate, Post, Standing, evolve
from commands.post import (
    GiveToPaper,
    PostCommand,
    QueueNotification,
    RecordBounced,
    RecordDelivered,
    RecordFailed,
    RecordInDoubt,
    RecordPosted,
    RecordSent,
    RetryNotification,
)
from commands.refusal import Refused
from events.post import (
    NotificationBounced,
    NotificationDelivered,
    NotificationFailed,
    NotificationGivenToPaper,
    NotificationInDoubt,
    NotificationPosted,
    NotificationQueued,
    NotificationRetried,
    NotificationSent,
    PaperReason,
    PostEvent,
)

__all__ = ["Fate", "Post", "Standing", "decider"]

_Outcome: TypeAlias = RecordSent | RecordInDoubt | RecordDelivered | RecordBounced | RecordFailed

_ON_ITS_WAY: Final = frozenset({Standing.QUEUED, Standing.IN_DOUBT})
_HANDED_OVER: Final = frozenset({Standing.SENT, Standing.IN_DOUBT})
_UNDELIVERED: Final = frozenset({Standing.BOUNCED, Standing.FAILED})
_ON_PAPER: Final = frozenset({Standing.PAPER, Standing.POSTED})


def decide(command: PostCommand, post: Post) -> list[PostEvent]:
    if isinstance(command, QueueNotification):
        return _queue(command, post)
    fate = post.fates.get(command.notification)
    if fate is None:
        raise Refused("notification-not-found", "There is no such notification.")
    match command:
        case RetryNotification():
            return _retry(command, fate)
        case GiveToPaper():
            return _give_to_paper(command, fate)
        case RecordPosted():
            return _posted(command, fate)
        case _:
            return _conclude(command, fate)


def _conclude(command: _Outcome, fate: Fate) -> list[PostEvent]:
    match command:
        case RecordSent():
            return _sent(command, fate)
        case RecordInDoubt():
            return _in_doubt(command, fate)
        case RecordDelivered():
            return _delivered(command, fate)
        case RecordBounced():
            return _bounced(command, fate)
        case RecordFailed():
            return _failed(command, fate)
        case _:
            assert_never(command)


def _queue(command: QueueNotification, post: Post) -> list[PostEvent]:
    if command.notification in post.fates or (command.about, command.party) in post.told:
        return []
    return [
        NotificationQueued(
            matter=command.matter,
            notification=command.notification,
            fact=command.fact,
            about=command.about,
            party=command.party,
            channel=command.channel,
        )
    ]


def _sent(command: RecordSent, fate: Fate) -> list[PostEvent]:
    if not _is_news(command.attempt, fate):
        return []
    return [
        NotificationSent(
            matter=command.matter,
            notification=command.notification,
            party=fate.party,
            channel=command.channel,
            receipt=command.receipt,
            attempt=command.attempt,
            in_doubt=fate.doubts,
        )
    ]


def _in_doubt(command: RecordInDoubt, fate: Fate) -> list[PostEvent]:
    if not _is_news(command.attempt, fate):
        return []
    return [
        NotificationInDoubt(
            matter=command.matter,
            notification=command.notification,
            party=fate.party,
            channel=command.channel,
            attempt=command.attempt,
        )
    ]


def _delivered(command: RecordDelivered, fate: Fate) -> list[PostEvent]:
    """A receipt ends a doubt; it may also come before we have written down that we sent it."""
    if fate.standing not in _HANDED_OVER | _ON_ITS_WAY | _UNDELIVERED:
        return []
    return [
        NotificationDelivered(
            matter=command.matter,
            notification=command.notification,
            party=fate.party,
            delivered_at=command.delivered_at,
        )
    ]


def _bounced(command: RecordBounced, fate: Fate) -> list[PostEvent]:
    if not _is_news(command.attempt, fate) and not _answers(command.attempt, fate):
        return []
    return [
        NotificationBounced(
            matter=command.matter,
            notification=command.notification,
            party=fate.party,
            attempt=command.attempt,
            status=command.status,
        )
    ]


def _failed(command: RecordFailed, fate: Fate) -> list[PostEvent]:
    if not _is_news(command.attempt, fate) and not _answers(command.attempt, fate):
        return []
    return [
        NotificationFailed(
            matter=command.matter,
            notification=command.notification,
            party=fate.party,
            attempt=command.attempt,
            code=command.code,
        )
    ]


def _is_news(attempt: int, fate: Fate) -> bool:
    """Whether nothing is known of this attempt yet, and it still matters.

    A worker that was overtaken may come late with what another has told.
    """
    ended = fate.standing in _ON_PAPER or fate.standing is Standing.DELIVERED
    return attempt > fate.attempt and not ended


def _answers(attempt: int, fate: Fate) -> bool:
    """Whether it is the other side's later word on what it was given, or nothing was tried."""
    return attempt == fate.attempt and fate.standing in _HANDED_OVER | _ON_ITS_WAY


def _retry(command: RetryNotification, fate: Fate) -> list[PostEvent]:
    if fate.standing not in _UNDELIVERED:
        detail = "Only what could not be delivered is sent again by hand."
        raise Refused("notification-not-failed", detail)
    return [
        NotificationRetried(
            matter=command.matter, notification=command.notification, party=fate.party
        )
    ]


def _give_to_paper(command: GiveToPaper, fate: Fate) -> list[PostEvent]:
    if fate.standing in _ON_PAPER:
        return []
    by_person = command.reason is PaperReason.CHOSEN
    if fate.standing not in (_UNDELIVERED if by_person else _UNDELIVERED | _ON_ITS_WAY):
        raise Refused("notification-not-failed", "It has been sent, so there is nothing to print.")
    return [
        NotificationGivenToPaper(
            matter=command.matter,
            notification=command.notification,
            party=fate.party,
            reason=command.reason,
        )
    ]


def _posted(command: RecordPosted, fate: Fate) -> list[PostEvent]:
    if fate.standing is Standing.POSTED:
        return []
    if fate.standing is not Standing.PAPER:
        raise Refused("notification-not-on-paper", "Only what is to be printed is put in the post.")
    return [
        NotificationPosted(
            matter=command.matter,
            notification=command.notification,
            party=fate.party,
            posted_on=command.posted_on,
        )
    ]


decider = Decider(initial=Post(), decide=decide, evolve=evolve)
