"""Serving what stands in for another's system, in a process of its own."""

import uvicorn
from starlette.types import ASGIApp

from gateway.ports import listen


def serve(app: ASGIApp, host: str, port: int) -> None:
    """Until told to stop; a port of 0 takes a free one, and what it is stands on the output.

    Raises:
        PortTaken: somebody else listens there.
    """
    settings = uvicorn.Config(
        app,
        loop="uvloop",
        http="httptools",
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=1,
    )
    with listen(host, port) as listening:
        # By itself on its line, for whoever has asked for a free port.
        print(f"http://{host}:{listening.getsockname()[1]}", flush=True)  # noqa: T201 - for pipes
        uvicorn.Server(settings).run(sockets=[listening])
