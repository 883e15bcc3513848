"""The ports that processes of ours listen at, and what is said of one that is taken."""

import errno
import socket
from typing import Final

SIMULATOR: Final = 8801
MAIL_CATCHER: Final = 8802
DEMO_ISSUER: Final = 8803
"""As the settings of the demo's organisations have them."""

BACKLOG: Final = 512


class PortTaken(Exception):
    """Somebody else listens there; says what to do."""

    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"Port {port} of {host} is taken by another program, or by this one, started twice."
            " End what listens there, and start again. JULELYS_PORT gives the gateway another."
        )


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens, to be closed by the caller; a port of 0 takes a free one.

    Raises:
        PortTaken: somebody else listens there.
        OSError: nobody may, or the host is none of this machine.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortTaken(host, port) from error
        raise


def require_free(host: str, *ports: int) -> None:
    """Before much is prepared for who could not listen after all.

    Raises:
        PortTaken: somebody listens at one of them.
    """
    for port in ports:
        listen(host, port).close()
