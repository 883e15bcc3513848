"""What is learned of a mail after it was handed over: bounces, and receipts of Digital Post."""

from commands.post import GiveToPaper, PostCommand, RecordBounced, RecordDelivered, RecordFailed
from commands.refusal import Refused
from events.post import Channel, PaperReason
from services.ids import derived_id
from services.post.bounces import Bounce
from services.post.office import PostOffice
from services.post.ports import Mail, MailFate, NewNotification
from services.post.receipts import Delivery, Receipt


async def record_bounce(office: PostOffice, bounce: Bounce) -> int:
    """How many notifications it carried; 0 when the mail is none of ours.

    The matters first: what is broken off is done again, and then changes nothing.
    """
    mail = await office.outbox.find(bounce.mail)
    if mail is None or mail.channel is not Channel.EMAIL:
        return 0
    for each in mail.notifications:
        if each.is_secret:
            continue
        await _tell(
            office,
            mail,
            RecordBounced(
                matter=each.matter,
                notification=each.notification,
                attempt=mail.attempts,
                status=bounce.status,
            ),
        )
    now = office.clock.now()
    await office.outbox.note(mail.mail, now, MailFate.BOUNCED, bounce.status)
    return len(mail.notifications)


async def record_receipt(office: PostOffice, receipt: Receipt) -> bool:
    """Whether it is about a message of ours."""
    mail = await office.outbox.find(receipt.message)
    if mail is None or mail.channel is not Channel.DIGITAL_POST:
        return False
    match receipt.delivery:
        case Delivery.TAKEN:
            # It has it, and says later whether it arrived.
            return True
        case Delivery.AVAILABLE:
            for each in mail.notifications:
                await _tell(
                    office,
                    mail,
                    RecordDelivered(
                        matter=each.matter,
                        notification=each.notification,
                        delivered_at=receipt.at,
                    ),
                )
            await office.outbox.note(mail.mail, office.clock.now(), MailFate.DELIVERED, None)
        case Delivery.FAILED:
            await _to_paper(office, mail, receipt)
    return True


async def _to_paper(office: PostOffice, mail: Mail, receipt: Receipt) -> None:
    if mail.fate is MailFate.DELIVERED:
        return
    code = f"digital-post-{receipt.error}" if receipt.error else "digital-post-failed"
    for each in mail.notifications:
        failed = RecordFailed(
            matter=each.matter,
            notification=each.notification,
            attempt=mail.attempts,
            code=code,
        )
        await _tell(office, mail, failed)
        await _tell(office, mail, _paper(each))
    now = office.clock.now()
    await office.outbox.note(mail.mail, now, MailFate.PAPER, PaperReason.UNDELIVERABLE)


def _paper(each: NewNotification) -> PostCommand:
    return GiveToPaper(
        matter=each.matter,
        notification=each.notification,
        reason=PaperReason.UNDELIVERABLE,
    )


async def _tell(office: PostOffice, mail: Mail, command: PostCommand) -> None:
    about = derived_id(mail.mail, f"{mail.epoch} {type(command).__name__} {command.notification}")
    try:
        await office.tell(command, str(about))
    except Refused:
        # It was delivered, or is on paper already: the last word stands.
        return
