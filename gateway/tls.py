"""TLS at the gateway's own port, where there is no proxy or the way from it is not trusted."""

import ssl
from pathlib import Path
from typing import Final

CIPHERS: Final = "ECDHE+AESGCM:ECDHE+CHACHA20"
"""Of TLS 1.2: with forward secrecy, authenticated (RFC 9325 § 4.2). TLS 1.3 has no others."""


def context_of(certificate: Path, key: Path) -> ssl.SSLContext:
    """The server's side: TLS 1.3 or 1.2, no renegotiation, no compression.

    Raises:
        ValueError: the files are no certificate and its key (PEM), by which setting.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers(CIPHERS)
    context.options |= ssl.OP_NO_COMPRESSION | ssl.OP_NO_RENEGOTIATION
    try:
        context.load_cert_chain(certificate, key)
    except OSError as unusable:
        raise ValueError(
            f"JULELYS_TLS_CERTIFICATE, JULELYS_TLS_KEY: '{certificate}' and '{key}' are no"
            " certificate and its key (PEM)."
        ) from unusable
    return context
