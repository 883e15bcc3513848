"""How the gateway listens, and whom it believes when they say who asks."""

import uvicorn
from starlette.types import ASGIApp

from gateway.connection import KEEP_ALIVE_SECONDS, GuardedProtocol
from gateway.tls import context_of
from services.config import Config


def listening(app: ASGIApp, config: Config, *, log_level: str = "warning") -> uvicorn.Config:
    """The server's settings.

    Who asks, and by which scheme, is what the connection says; what a header says of it is
    believed of `config.proxies` alone.

    Raises:
        ValueError: the files of `config.tls` are no certificate and its key.
    """
    tls = None if config.tls is None else context_of(*config.tls)
    return uvicorn.Config(
        app,
        host=config.host,
        port=config.port,
        loop="uvloop",
        http=GuardedProtocol,
        log_level=log_level,
        access_log=False,
        proxy_headers=bool(config.proxies),
        forwarded_allow_ips=list(config.proxies),
        server_header=False,
        ws="none",
        ssl_context_factory=None if tls is None else lambda _, __: tls,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=5,
    )
