"""The demo: everything up to a running system with data, and a page of what to try."""

import os
import shutil
import signal
import sys
import time
from dataclasses import replace

from rich.console import Console
from rich.progress import track

from gateway import ports
from gateway.children import Children
from services.catalogue.loading import load
from services.clock import SystemClock
from services.config import Config
from services.core import open_core
from services.database import server
from services.demo.bidders import PASSWORD, Places
from services.demo.seeding import seed
from services.identity import demo_identity
from services.preparing import prepare
from services.privacy.key_ring import open_ring

console = Console()

# As it was called: a relative path when `make run` did.
PYTHON = os.path.relpath(sys.executable)

LOCAL = "127.0.0.1"
STAND_INS = (ports.SIMULATOR, ports.MAIL_CATCHER, ports.DEMO_ISSUER)

PROCESSES = ("serve", "work", "sbsys-simulator", "esdh-sync", "mail-catcher", "post", "demo-issuer")

PERSONS = {
    "anna": "citizen who is asked for a floor plan",
    "bo": "citizen with a meeting, an answered hearing response and a complaint over a decision",
    "tomrer": "company with a permit to build and an application to use the road",
    "karen": "caseworker, Byggeri & Natur, who sees what is not filed yet",
    "mette": "caseworker, Vej & Trafik",
    "lis": "team leader",
    "anlaeg": "company that bids in tenders",
    "kloak": "company that bids, too, and has asked a question",
    "ulla": "member of the committee that opens bids, with omar and per; asta can take a place",
    "rikke": "auditor, who replays any case event by event",
    "admin": "administrator, who sees what is offered and how it all runs",
    "vera": "caseworker in Vejle, to whom Hjørring is closed",
    "signe": "caseworker, authorisations, Sikkerhedsstyrelsen",
    "svend": "caseworker, dangerous products, Sikkerhedsstyrelsen",
}


def run(config: Config) -> None:
    """Migrate, seed, start the gateway and the worker, and stay until Ctrl-C.

    Raises:
        PortTaken, NotStarted: say what to do.
    """
    config = replace(config, demo=True)
    ports.require_free(config.host, config.port)
    ports.require_free(LOCAL, *STAND_INS)
    # Whoever ends us with SIGTERM means the children too.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    ring = open_ring(config)
    with server(config) as conninfo:
        organisations = load(config.organisations).organisations
        for name in track(organisations, "Preparing", console=console):
            prepare(conninfo, name)
            with open_core(conninfo, organisations[name], ring) as core:
                seed(core, SystemClock().now(), places(config, name))
        with Children(config, PROCESSES) as processes:
            processes.wait_until_ready()
            _tell(config)
            try:
                while True:
                    time.sleep(0.5)
                    for name, status in processes.restart_ended():
                        console.print(f"{name} ended with status {status} and is started again.")
            except KeyboardInterrupt:
                console.print("Stopping.")


def places(config: Config, organisation: str) -> Places:
    return Places(
        documents=config.data / "documents" / organisation,
        bids=config.data / "bids" / organisation,
        keys=config.data / "committee-keys",
    )


def _tell(config: Config) -> None:
    site = f"http://{config.host}:{config.port}"
    identity = demo_identity(config, SystemClock())
    console.print(f"\n[bold]Julelys runs at {site}[/bold]  (the interface: {site}/docs)\n")
    console.print(f"What lies in the records system: http://{LOCAL}:{ports.SIMULATOR}")
    console.print(f"What parties are told lies in {config.data}: mail, digital-post\n")
    console.print(f"Members open bids with the key files in {config.data}/committee-keys,")
    console.print(f"each by the password [bold]{PASSWORD}[/bold]\n")
    console.print(f"Begin with a browser at [bold]{site}/hjorring[/bold] and log in as one of")
    console.print("these, or send a token of theirs as [bold]Authorization: Bearer[/bold]:")
    for person, who in PERSONS.items():
        console.print(f"  {person:7} {who}")
    console.print(f"\n  JULELYS_DEMO=1 {PYTHON} -m gateway token anna   prints a token.\n")
    width = shutil.get_terminal_size().columns
    console.print("For instance what Bo sees of his cases:")
    line = f"curl -H 'Authorization: Bearer {identity.token('bo')}' {site}/api/v1/hjorring/cases"
    console.print(line, soft_wrap=True, markup=False, width=max(width, len(line) + 1))
    console.print(f"\nLogs and data lie in {config.data} until `make clean`. Ctrl-C stops it.")
