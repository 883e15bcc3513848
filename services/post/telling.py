"""What becomes of a mail, told to the matter of each notification in it."""

from collections.abc import Callable
from typing import Final

import structlog

from commands.post import (
    GiveToPaper,
    PostCommand,
    RecordBounced,
    RecordFailed,
    RecordInDoubt,
    RecordSent,
)
from commands.refusal import Refused
from events.post import PaperReason
from services.post.office import PostOffice
from services.post.ports import Mail, MailFate, NewNotification

log = structlog.get_logger()

GIVEN_UP: Final = "given-up"


async def tell_fate(office: PostOffice, mail: Mail) -> None:
    """Told twice is told once: whatever is known of a try already changes nothing.

    Of what is secret nothing is told.
    """
    await _tell_each(office, mail, _fate)


async def tell_doubt(office: PostOffice, mail: Mail) -> None:
    await _tell_each(office, mail, _in_doubt)


async def _tell_each(
    office: PostOffice,
    mail: Mail,
    command_of: Callable[[Mail, NewNotification], PostCommand],
) -> None:
    for each in mail.notifications:
        if each.is_secret:
            continue
        command = command_of(mail, each)
        try:
            await office.tell(command, f"{mail.mail} {mail.epoch} {each.notification}")
        except Refused as refusal:
            log.warning("post_command_refused", code=refusal.code, about=str(each.notification))


def _in_doubt(mail: Mail, of: NewNotification) -> PostCommand:
    return RecordInDoubt(
        matter=of.matter,
        notification=of.notification,
        channel=mail.channel,
        attempt=mail.attempts,
    )


def _fate(mail: Mail, of: NewNotification) -> PostCommand:
    matter, notification, attempt = of.matter, of.notification, mail.attempts
    match mail.fate:
        case MailFate.SENT:
            return RecordSent(
                matter=matter,
                notification=notification,
                channel=mail.channel,
                receipt=mail.receipt or "",
                attempt=attempt,
            )
        case MailFate.BOUNCED:
            return RecordBounced(
                matter=matter,
                notification=notification,
                attempt=attempt,
                status=mail.error or "",
            )
        case MailFate.PAPER:
            reason = PaperReason(mail.error or PaperReason.UNDELIVERABLE)
            return GiveToPaper(matter=matter, notification=notification, reason=reason)
        case _:
            return RecordFailed(
                matter=matter,
                notification=notification,
                attempt=attempt,
                code=mail.error or GIVEN_UP,
            )
