"""A running system whose organisation is as it is shipped, for real browsers."""

import shutil
import socket
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from gateway.demo import places
from services.catalogue.loading import load
from services.config import ROOT, Config
from services.core import open_core
from services.demo.seeding import seed
from services.login.settings import login_settings
from services.preparing import prepare
from tests.browser.unfinished import leave_unfinished
from tests.gateway.running import START, System, free_port, serving
from tests.keys import ENVIRONMENT, RING
from tests.postgres import own_database
from tests.services.login_town import served


@dataclass(frozen=True, slots=True)
class Town:
    """`site` is where a browser meets us, `issuer` the demo's login provider, and `neighbour` a
    site that may show our lists.
    """

    system: System
    site: str
    issuer: str
    neighbour: str


@contextmanager
def shipped_town(
    postgres: str, begin: Callable[[Config, str], None] | None = None
) -> Iterator[Town]:
    """Hjørring; `begin` fills its database before anything is served."""
    with (
        tempfile.TemporaryDirectory(prefix="julelys-data-") as folder,
        own_database(postgres) as conninfo,
        socket.create_server(("127.0.0.1", 0), backlog=64) as listening,
    ):
        neighbour = f"http://127.0.0.1:{free_port()}"
        issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
        config = Config(
            data=Path(folder) / "data",
            database_url=conninfo,
            organisations=_organisations(Path(folder), issuer, neighbour),
            host="127.0.0.1",
            port=free_port(),
            demo=True,
            limits="off",
            secrets=ENVIRONMENT,
        )
        if begin is not None:
            begin(config, conninfo)
        settings = login_settings(config, "hjorring")
        assert settings is not None
        with (
            serving(config, conninfo) as system,
            served(settings, issuer, listening, system.clock),
        ):
            yield Town(system, settings.described.site, issuer, neighbour)


def with_the_demos_data(config: Config, conninfo: str) -> None:
    """Cases of each kind at different stages, as `make run` has them."""
    prepare(conninfo, "hjorring")
    described = load(config.organisations).organisations["hjorring"]
    with open_core(conninfo, described, RING) as core:
        seed(core, START, places(config, "hjorring"))
        leave_unfinished(core)


def _organisations(folder: Path, issuer: str, neighbour: str) -> Path:
    organisations = folder / "organisations"
    shutil.copytree(ROOT / "organisations" / "hjorring", organisations / "hjorring")
    for file in (ROOT / "organisations").glob("*.yaml"):
        shutil.copy(file, organisations)
    login = organisations / "hjorring" / "login.yaml"
    shipped = login.read_text(encoding="utf-8")
    login.write_text(shipped.replace("http://127.0.0.1:8803", issuer), encoding="utf-8")
    _draft(organisations / "hjorring" / "services")
    about = organisations / "hjorring" / "organisation.yaml"
    said = about.read_text(encoding="utf-8")
    about.write_text(said.replace("[https://hjorring.example]", f"[{neighbour}]"), encoding="utf-8")
    return organisations


def _draft(services: Path) -> None:
    """A draft that could be published, and one with a mistake; nobody is offered either."""
    for service, said, drafted in (
        ("temporary-event", "years: 5", "years: 10"),
        ("road-use", "team: vej-trafik", "team: vejtrafik"),
    ):
        text = (services / f"{service}.v1.yaml").read_text(encoding="utf-8")
        assert said in text, service
        second = text.replace("version: 1", "version: 2").replace(said, drafted)
        (services / f"{service}.v2.yaml").write_text(second, encoding="utf-8")
