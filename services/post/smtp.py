"""Handing one e-mail to a mail server, and what is known of it then (RFC 5321)."""

import re
import ssl
from collections.abc import Sequence
from email.message import EmailMessage
from typing import Final

import aiosmtplib

from services.esdh.description import Smtp
from services.post.ports import Accepted, AddressRefused, Answer, NotNow, Refused, Unknown
from services.smtp_connection import smtp_connection

COMMAND_SECONDS: Final = 5 * 60.0
"""RFC 5321 § 4.5.3.2: what a server may take for any command before the message."""

FINAL_DOT_SECONDS: Final = 10 * 60.0
"""§ 4.5.3.2.6: giving up sooner would send many messages twice."""

PERMANENT: Final = 500

_STATUS: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


class SmtpPost:
    """A connection for each e-mail, so that none finds a dead one."""

    def __init__(
        self,
        settings: Smtp,
        *,
        password: str | None,
        tls: ssl.SSLContext | None,
        command_seconds: float = COMMAND_SECONDS,
        final_dot_seconds: float = FINAL_DOT_SECONDS,
    ) -> None:
        self._settings, self._password, self._tls = settings, password, tls
        self._command_seconds, self._final_dot_seconds = command_seconds, final_dot_seconds

    async def send(self, message: EmailMessage, *, envelope_from: str, envid: str) -> Answer:
        """One try. Bounces go to `envelope_from`, and say `envid` where the server can (RFC 3461).

        Before DATA nothing has happened, whatever goes wrong. From then on, without a reply, the
        server may have taken it. A reply is believed: 4xx is no for now, 5xx for good, and to
        RCPT it is the address that is refused.
        """
        under_way = taken = False
        try:
            async with self._connection() as connection:
                if connection.is_ehlo_or_helo_needed:
                    await connection.ehlo()
                has_dsn = connection.supports_extension("dsn")
                ret = ["RET=HDRS", f"ENVID={envid}"] if has_dsn else []
                await connection.mail(envelope_from, options=ret)
                await self._recipient(connection, message, ["NOTIFY=FAILURE"] if has_dsn else [])
                under_way = True
                await connection.data(message.as_bytes(), timeout=self._final_dot_seconds)
                taken = True
        except (aiosmtplib.SMTPException, OSError, TimeoutError) as error:
            # Once it is taken, how the farewell went is no matter.
            if not taken:
                return _answer(error, under_way=under_way)
        return Accepted(receipt=str(message["Message-ID"]))

    async def _recipient(
        self, connection: aiosmtplib.SMTP, message: EmailMessage, options: Sequence[str]
    ) -> None:
        address = message["To"].addresses[0].addr_spec
        await connection.rcpt(address, options=options)

    def _connection(self) -> aiosmtplib.SMTP:
        return smtp_connection(
            self._settings, password=self._password, tls=self._tls, seconds=self._command_seconds
        )


def _answer(error: Exception, *, under_way: bool) -> Answer:
    match error:
        case aiosmtplib.SMTPRecipientRefused():
            return _refused_address(error)
        case aiosmtplib.SMTPDataError():
            return _refused_message(error)
        case aiosmtplib.SMTPAuthenticationError():
            return NotNow(reason="unauthorised", is_down=True)
        case aiosmtplib.SMTPSenderRefused():
            return NotNow(reason="sender-refused", is_down=True)
        case _ if under_way:
            return Unknown(reason="connection-lost")
        case _:
            return NotNow(reason="unreachable", is_down=True)


def _refused_address(no: aiosmtplib.SMTPRecipientRefused) -> Answer:
    if no.code >= PERMANENT:
        return AddressRefused(status=status_in(no.message) or "5.0.0")
    # Greylisting, a full mailbox: of this address and no other.
    return NotNow(reason="address-busy", is_down=False)


def _refused_message(no: aiosmtplib.SMTPDataError) -> Answer:
    if no.code >= PERMANENT:
        return Refused(code="mail-rejected")
    return NotNow(reason="mail-busy", is_down=False)


def status_in(text: str) -> str | None:
    """The enhanced status code (RFC 3463) in what a server says."""
    found = _STATUS.search(text)
    return None if found is None else found[1]
