"""From the log to the outgoing post's to-do list: who is told of what, by which way and when."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta
from typing import Final
from uuid import NAMESPACE_OID

import structlog

from aggregates.contact import Preferences
from commands.post import QueueNotification
from commands.refusal import Refused
from events.catalogue import names_of
from events.contact import Frequency
from events.post import (
    Channel,
    NotificationGivenToPaper,
    NotificationPosted,
    NotificationRetried,
    PaperReason,
)
from services.clock import COPENHAGEN
from services.feed.port import FactRef
from services.ids import derived_uuid4
from services.post.contact_points import Way, way_to
from services.post.notice import Notice
from services.post.occasions import OCCASIONS, notices_of
from services.post.office import PostOffice
from services.post.ports import MailFate, NewMail, NewNotification, Placing
from services.post.preferences import preferences_of
from services.post.tender_occasions import TENDER_OCCASIONS, tender_notices_of

log = structlog.get_logger()

ACTED: Final = (NotificationRetried, NotificationGivenToPaper, NotificationPosted)
"""What people have done about the post."""

FOLLOWED: Final = (*OCCASIONS, *TENDER_OCCASIONS, *ACTED)
_NAMES: Final = names_of(FOLLOWED)


async def take_in(refs: Sequence[FactRef], office: PostOffice) -> None:
    """Write down what is to be done about facts that the feed has given.

    Raises:
        StoreUnavailable: some of it may be written down; doing it again does no harm.
        Undecodable: a fact is newer than this program; nothing passes it, so nothing is lost.
    """
    for ref in refs:
        if ref.name in _NAMES:
            await _take_in(ref, office)


async def _take_in(ref: FactRef, office: PostOffice) -> None:
    history = await office.facts.history(ref.stream)
    fact = next((each for each in history if each.event_id == ref.event_id), None)
    if fact is None:
        log.warning("post_fact_unknown", stream=ref.stream, version=ref.version, name=ref.name)
        return
    if isinstance(fact.event, ACTED):
        await _act(office, fact.event)
        return
    told_to = tender_notices_of if type(fact.event) in TENDER_OCCASIONS else notices_of
    placings = [await _queue(office, notice) for notice in told_to(fact, history)]
    # Together, so that all of them are told at once (udbudsloven § 171).
    await office.outbox.take_in([each for each in placings if each is not None], office.clock.now())
    office.wake()


async def _act(
    office: PostOffice, acted: NotificationRetried | NotificationGivenToPaper | NotificationPosted
) -> None:
    now = office.clock.now()
    if isinstance(acted, NotificationRetried):
        await office.outbox.reopen(acted.notification, now)
        office.wake()
        return
    mail = await office.outbox.of_notification(acted.notification)
    if mail is None:
        return
    match acted:
        case NotificationPosted():
            await office.outbox.note(mail.mail, now, MailFate.POSTED, None)
        case NotificationGivenToPaper(reason=PaperReason.CHOSEN):
            await office.outbox.note(mail.mail, now, MailFate.PAPER, PaperReason.CHOSEN)
        case NotificationGivenToPaper():
            pass  # we have said so ourselves


async def _queue(office: PostOffice, notice: Notice) -> Placing | None:
    """What is to be sent; None when there is no way to somebody, or they want no courtesies."""
    preferences = await preferences_of(office.facts, notice.party)
    point = office.contact_points.of(notice.party)
    has_digital_post = Channel.DIGITAL_POST in office.mailers and not notice.by_letter
    way = way_to(point, preferences, notice.weight, has_digital_post=has_digital_post)
    if way is None or not (notice.is_secret or await _is_queued(office, notice, way)):
        return None
    mails = _mails(notice, way, preferences, office.clock.now(), office)
    return Placing(new=_new(notice), mails=mails)


async def _is_queued(office: PostOffice, notice: Notice, way: Way) -> bool:
    """First, so that nobody can send what its matter does not know of."""
    queue = QueueNotification(
        matter=notice.matter,
        notification=notice.notification,
        fact=notice.name,
        about=notice.fact.event_id,
        party=notice.party,
        channel=way.channel,
    )
    try:
        await office.tell(queue, str(notice.notification))
    except Refused as refusal:
        log.warning("post_command_refused", code=refusal.code, about=str(notice.notification))
        return False
    return True


def _new(notice: Notice) -> NewNotification:
    fact = notice.fact
    return NewNotification(
        notification=notice.notification,
        matter=notice.matter,
        event_id=fact.event_id,
        stream=fact.stream,
        version=fact.version,
        position=fact.position,
        fact=notice.name,
        recorded_at=fact.recorded_at,
        is_secret=notice.is_secret,
    )


def _mails(
    notice: Notice, way: Way, preferences: Preferences, now: datetime, office: PostOffice
) -> tuple[NewMail, ...]:
    """One of its own, or the next daily digest; that of the day after, if the next has begun."""
    if way.channel is Channel.EMAIL and preferences.frequency is Frequency.DAILY:
        first = next_digest(now, office.digest_at)
        return tuple(
            NewMail(
                mail=derived_uuid4(NAMESPACE_OID, f"digest {notice.party} {at.isoformat()}"),
                channel=way.channel,
                party=notice.party,
                due_at=at,
            )
            for at in (first, next_digest(first, office.digest_at))
        )
    return (
        NewMail(
            mail=derived_uuid4(notice.notification, "mail"),
            channel=way.channel,
            party=notice.party,
            due_at=now,
            error=way.reason,
        ),
    )


def next_digest(after: datetime, at: time) -> datetime:
    """The next time the clock on the wall shows it, in Denmark."""
    local = after.astimezone(COPENHAGEN)
    wanted = datetime.combine(local.date(), at, COPENHAGEN)
    if wanted <= local:
        wanted = datetime.combine(local.date() + timedelta(days=1), at, COPENHAGEN)
    return wanted
