"""Sends what is due: intent, hand over, fate, and only then is the case told.

Nothing is handed over again that may have been taken, but where RFC 5321 § 4.2.5 leaves no choice:
without an answer the message is still the sender's. Then it goes again after half an hour with
the same mark, and its cases say so.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Final, assert_never

import structlog

from events.post import Channel, PaperReason
from services.logs import described
from services.ports import StoreUnavailable, Undecodable
from services.post.office import PostOffice, Unsendable
from services.post.ports import (
    Accepted,
    AddressRefused,
    Answer,
    Mail,
    MailFate,
    MailState,
    NotNow,
    Refused,
    Unknown,
)
from services.post.telling import GIVEN_UP, tell_doubt, tell_fate

log = structlog.get_logger()

INTERRUPTED: Final = "interrupted"
REST_SECONDS: Final = 1.0


class LeaseLost(Exception):
    """Another worker has taken the mail; nothing more may be done to it here."""


async def turn(office: PostOffice) -> bool:
    """Take one mail as far as it goes now; False when there is none to take.

    Raises:
        StoreUnavailable: the database does not answer; the mail is taken up again later.
    """
    channels = office.open_channels()
    if not channels:
        return False
    mail = await office.outbox.claim(office.clock.now(), office.timing.lease, channels)
    if mail is None:
        return False
    office.under_way[mail.channel] += 1
    try:
        await _carry_out(office, mail)
    except LeaseLost:
        log.warning("post_lease_lost", mail=str(mail.mail))
    finally:
        office.under_way[mail.channel] -= 1
    return True


async def _carry_out(office: PostOffice, mail: Mail) -> None:
    match mail.state:
        case MailState.OUTCOME:
            await _finish(office, mail)
        case MailState.INTENT:
            # Whoever began on it was ended in the middle; nobody knows how far it came.
            await _doubt(office, mail, INTERRUPTED)
        case MailState.WAITING | MailState.DOUBT:
            await _send(office, mail)
        case MailState.DONE:
            pass
        case _:
            assert_never(mail.state)


async def _send(office: PostOffice, mail: Mail) -> None:
    if mail.channel is Channel.PAPER:
        await _conclude(office, mail, MailFate.PAPER, error=mail.error)
        return
    mailer = office.mailers.get(mail.channel)
    if mailer is None:
        await _fail(office, mail, "channel-missing")
        return
    try:
        send = await mailer.prepare(mail)
    except Unsendable as strange:
        await _fail(office, mail, strange.code)
        return
    except Undecodable:
        await _put_off(office, mail, "fact-unreadable")
        return
    if not await office.outbox.intend(mail, office.clock.now()):
        raise LeaseLost
    attempted = await _as_it_stands(office, mail)
    await _take(office, attempted, await _answer(office, attempted, send))


async def _answer(office: PostOffice, mail: Mail, send: Callable[[], Awaitable[Answer]]) -> Answer:
    try:
        async with asyncio.timeout(office.timing.attempt):
            return await send()
    except TimeoutError:
        return Unknown(reason="timeout")
    except Exception as bug:  # noqa: BLE001  # it may have been taken all the same
        log.error("post_failed", mail=str(mail.mail), error=described(bug))  # noqa: TRY400  # see described
        return Unknown(reason="internal-error")


async def _take(office: PostOffice, mail: Mail, answer: Answer) -> None:
    breaker = office.breakers[mail.channel]
    if isinstance(answer, NotNow | Unknown):
        # A refusal of one address is no sign that the other side is away.
        if isinstance(answer, Unknown) or answer.is_down:
            breaker.trouble()
    else:
        breaker.success()
    match answer:
        case Accepted():
            await _conclude(office, mail, MailFate.SENT, receipt=answer.receipt)
        case NotNow():
            await _put_off(office, mail, answer.reason, is_down=answer.is_down)
        case Unknown():
            await _doubt(office, mail, answer.reason)
        case AddressRefused():
            await _bounce(office, mail, answer.status)
        case Refused():
            await _fail(office, mail, answer.code)
        case _:
            assert_never(answer)


async def _put_off(office: PostOffice, mail: Mail, reason: str, *, is_down: bool = False) -> None:
    """Try again later, until it has failed for so long that a person must look."""
    now = office.clock.now()
    if _is_given_up(office, mail):
        await _fail(office, mail, GIVEN_UP)
        return
    wait = office.timing.back_off(mail.attempts) if is_down else office.timing.longest_retry
    until = now + timedelta(seconds=wait)
    state = MailState.WAITING
    if not await office.outbox.put_off(mail, now, state=state, until=until, error=reason):
        raise LeaseLost


async def _doubt(office: PostOffice, mail: Mail, reason: str) -> None:
    """The cases are told first: after a crash here it is told again, which changes nothing."""
    await tell_doubt(office, mail)
    if _is_given_up(office, mail):
        await _fail(office, mail, GIVEN_UP)
        return
    now = office.clock.now()
    until = now + timedelta(seconds=office.timing.doubt)
    if not await office.outbox.put_off(mail, now, state=MailState.DOUBT, until=until, error=reason):
        raise LeaseLost


def _is_given_up(office: PostOffice, mail: Mail) -> bool:
    if mail.failing_since is None:
        return False
    failing = (office.clock.now() - mail.failing_since).total_seconds()
    return failing >= office.timing.give_up


async def _bounce(office: PostOffice, mail: Mail, status: str) -> None:
    await _conclude(office, mail, MailFate.BOUNCED, error=status)


async def _fail(office: PostOffice, mail: Mail, code: str) -> None:
    """What has legal effect goes on paper instead, which is a person's to do as well."""
    if mail.channel is Channel.DIGITAL_POST:
        log.warning("digital_post_failed", mail=str(mail.mail), code=code)
        await _conclude(office, mail, MailFate.PAPER, error=PaperReason.UNDELIVERABLE)
    else:
        await _conclude(office, mail, MailFate.FAILED, error=code)


async def _conclude(
    office: PostOffice,
    mail: Mail,
    fate: MailFate,
    *,
    error: str | None = None,
    receipt: str | None = None,
) -> None:
    if not await _write_down(office, mail, fate, error, receipt):
        raise LeaseLost
    await _finish(office, await _as_it_stands(office, mail))


async def _write_down(
    office: PostOffice, mail: Mail, fate: MailFate, error: str | None, receipt: str | None
) -> bool:
    """A fate that is known and not written down would be a doubt, and sent again."""
    now = office.clock.now()
    held_until = now + timedelta(seconds=office.timing.lease - office.timing.attempt)
    while True:
        try:
            return await office.outbox.conclude(mail, now, fate=fate, error=error, receipt=receipt)
        except StoreUnavailable:
            if office.clock.now() >= held_until:
                raise
        await asyncio.sleep(REST_SECONDS)


async def _as_it_stands(office: PostOffice, mail: Mail) -> Mail:
    found = await office.outbox.find(mail.mail)
    if found is None or found.epoch != mail.epoch:
        raise LeaseLost
    return found


async def _finish(office: PostOffice, mail: Mail) -> None:
    await tell_fate(office, mail)
    if not await office.outbox.finish(mail, office.clock.now()):
        raise LeaseLost
