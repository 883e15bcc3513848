"""Handing one e-mail to a mail server, and what is known when that fails."""

import asyncio
import ssl
from email.message import EmailMessage
from typing import Final

import aiosmtplib

from services.esdh.description import Smtp
from services.esdh.port import Outcome, Pending, Retry
from services.esdh.port import Refused as RefusedThere
from services.smtp_connection import smtp_connection

PERMANENT: Final = 500

REJECTED: Final = RefusedThere(
    code="esdh-rejected",
    detail="The mail server does not take the e-mail, perhaps for its size. File it by hand, or"
    " mend the cause and try again.",
)


class SmtpSender:
    """A connection for each e-mail: a mailbox gets few, and none finds a dead connection."""

    def __init__(
        self,
        settings: Smtp,
        *,
        password: str | None,
        tls: ssl.SSLContext | None,
        request_seconds: float,
    ) -> None:
        self._settings, self._password, self._tls = settings, password, tls
        self._request_seconds = request_seconds

    async def send(self, message: EmailMessage) -> Outcome:
        """`Pending` with the Message-ID once the server has taken the message upon itself.

        Before the message is under way nothing has happened, whatever goes wrong. After that,
        without a reply, it may have. A 4xx reply to the message is a no for now, a 5xx for good.
        """
        under_way = taken = False
        try:
            async with asyncio.timeout(self._request_seconds), self._connection() as connection:
                await connection.mail(message["From"].addresses[0].addr_spec)
                await connection.rcpt(message["To"].addresses[0].addr_spec)
                under_way = True
                await connection.data(message.as_bytes())
                taken = True
        except aiosmtplib.SMTPDataError as no:
            if no.code >= PERMANENT:
                return REJECTED
            return Retry(reason="busy", may_have_happened=False)
        except aiosmtplib.SMTPAuthenticationError:
            return Retry(reason="unauthorised", may_have_happened=False)
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            # Once it is taken, how the farewell went is no matter.
            if not taken:
                reason = "connection-lost" if under_way else "unreachable"
                return Retry(reason=reason, may_have_happened=under_way)
        return Pending(receipt=str(message["Message-ID"]))

    async def greet(self) -> None:
        """Connect and log in.

        Raises:
            aiosmtplib.SMTPException, OSError, TimeoutError: as they come.
        """
        async with asyncio.timeout(self._request_seconds), self._connection():
            pass

    def _connection(self) -> aiosmtplib.SMTP:
        return smtp_connection(
            self._settings, password=self._password, tls=self._tls, seconds=self._request_seconds
        )
