"""`mail-catcher`: takes every e-mail of the demo, and delivers it to nobody."""

import signal
from mailbox import Maildir
from pathlib import Path
from threading import Event
from typing import Annotated

import typer
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Mailbox
from rich.console import Console

from gateway.cli_telling import told_plainly
from gateway.ports import MAIL_CATCHER, require_free
from services.config import from_environment

console = Console()


def mail_catcher_command(
    port: Annotated[int, typer.Option(help="As the demo's post.yaml has it.")] = MAIL_CATCHER,
    host: Annotated[str, typer.Option(help="Whoever reaches it may leave mail.")] = "127.0.0.1",
    data: Annotated[
        Path | None, typer.Option(help="A Maildir; mail in the data folder if none.")
    ] = None,
) -> None:
    """Stand in for a mail server: what it is given lies in a folder, and goes no further."""
    folder = from_environment().data / "mail" if data is None else data
    folder.parent.mkdir(parents=True, exist_ok=True)
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    # Made here, for two connections at once would each try to.
    Maildir(folder, create=True).close()
    with told_plainly():
        require_free(host, port)
    controller = Controller(Mailbox(folder), hostname=host, port=port)
    controller.start()
    try:
        console.print(f"{host}:{port} → {folder}", markup=False)
        stop.wait()
    finally:
        controller.stop()
