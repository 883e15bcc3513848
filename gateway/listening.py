"""How the gateway listens: what it takes of a connection before there is a request."""

from typing import Final

import uvicorn
from starlette.types import ASGIApp

from services.config import Config

KEEP_ALIVE_SECONDS: Final = 75
"""An idle connection is the client's to close: whoever closes first may cut a request that is just
being sent. Proxies in front of us give up theirs after a minute."""


def listening(app: ASGIApp, config: Config, *, log_level: str = "warning") -> uvicorn.Config:
    """The server's settings.

    Who asks, and by which scheme, is what the connection says; what a header says of it is
    believed of `config.proxies` alone.
    """
    return uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        loop="uvloop",
        http="httptools",
        log_level=log_level,
        access_log=False,
        proxy_headers=bool(config.proxies),
        forwarded_allow_ips=list(config.proxies),
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=5,
    )
