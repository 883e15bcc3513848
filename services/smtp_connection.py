"""A connection to a mail server, for whoever has an e-mail to hand over (RFC 5321)."""

import ssl
from typing import assert_never

import aiosmtplib

from services.esdh.description import Smtp


def smtp_connection(
    settings: Smtp, *, password: str | None, tls: ssl.SSLContext | None, seconds: float
) -> aiosmtplib.SMTP:
    """Not yet connected; `seconds` is how long each command may wait for its reply."""
    match settings.tls:
        case "starttls":
            use_tls, start_tls = False, True
        case "from-the-start":
            use_tls, start_tls = True, False
        case "none":
            use_tls, start_tls = False, False
        case _:
            assert_never(settings.tls)
    return aiosmtplib.SMTP(
        hostname=settings.host,
        port=settings.port,
        username=settings.username,
        password=password,
        # Its own default would ask the name service for this machine's name.
        local_hostname="localhost",
        timeout=seconds,
        use_tls=use_tls,
        start_tls=start_tls,
        tls_context=tls,
    )
