"""What becomes of a mail, told to the case of each notification in it."""

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
    """Told twice is told once: whatever is known of a try already changes nothing."""
    await _tell_each(office, mail, _fate)


async def tell_doubt(office: PostOffice, mail: Mail) -> None:
    await _tell_each(office, mail, _in_doubt)


async def _tell_each(
    office: PostOffice,
    mail: Mail,
    command_of: Callable[[Mail, NewNotification], PostCommand],
) -> None:
    for each in mail.notifications:
        command = command_of(mail, each)
        try:
            await office.tell(command, f"{mail.mail} {mail.epoch} {each.notification}")
        except Refused as refusal:
            log.warning("post_command_refused", code=refusal.code, about=str(each.notification))


def _in_doubt(mail: Mail, of: NewNotification) -> PostCommand:
    return RecordInDoubt(
        case_id=of.case_id,
        notification=of.notification,
        channel=mail.channel,
        attempt=mail.attempts,
    )


def _fate(mail: Mail, of: NewNotification) -> PostCommand:
    case_id, notification, attempt = of.case_id, of.notification, mail.attempts
    match mail.fate:
        case MailFate.SENT:
            return RecordSent(
                case_id=case_id,
                notification=notification,
                channel=mail.channel,
                receipt=mail.receipt or "",
                attempt=attempt,
            )
        case MailFate.BOUNCED:
            return RecordBounced(
                case_id=case_id,
                notification=notification,
                attempt=attempt,
                status=mail.error or "",
            )
        case MailFate.PAPER:
            reason = PaperReason(mail.error or PaperReason.UNDELIVERABLE)
            return GiveToPaper(case_id=case_id, notification=notification, reason=reason)
        case _:
            return RecordFailed(
                case_id=case_id,
                notification=notification,
                attempt=attempt,
                code=mail.error or GIVEN_UP,
            )
