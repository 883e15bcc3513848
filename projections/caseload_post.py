"""Which post about a case has come to nothing, so that somebody must see to it."""

from typing import assert_never

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
    PostEvent,
)


def undelivered(before: list[str], event: PostEvent) -> list[str]:
    """The notifications that bounced or failed, and were not dealt with since.

    To send one again or to have it printed deals with it, and so does a receipt that comes late.
    """
    others = [each for each in before if each != str(event.notification)]
    match event:
        case NotificationBounced() | NotificationFailed():
            return [*others, str(event.notification)]
        case NotificationRetried() | NotificationGivenToPaper() | NotificationPosted():
            return others
        case NotificationSent() | NotificationDelivered():
            return others
        case NotificationQueued() | NotificationInDoubt():
            return before
        case _:
            assert_never(event)
