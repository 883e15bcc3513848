"""A real browser at a running system, whose organisation is as it is shipped."""

import shutil
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from services.config import ROOT, Config
from services.login.settings import login_settings
from tests.browser.visitor import Visitor
from tests.gateway.running import START, System, free_port, serving
from tests.keys import ENVIRONMENT
from tests.postgres import own_database
from tests.services.login_town import served

NAMES: Final = ("chromium", "chromium-browser", "google-chrome")
FLAGS: Final = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


# For as long as it is open an event loop runs in this thread, in which no other test could run its
# own: so not for the session.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The machine's own; Playwright brings none, and none is fetched."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        pytest.skip(f"No browser: none of {', '.join(NAMES)} is on this machine.")
    with sync_playwright() as playwright:
        try:
            browser = playwright.chromium.launch(
                executable_path=found, args=FLAGS, chromium_sandbox=False
            )
        except Error as error:
            pytest.skip(f"No browser: {found} cannot be started. {error.message.splitlines()[0]}")
        yield browser
        browser.close()


@dataclass(frozen=True, slots=True)
class Town:
    """`site` is where a browser meets us, `issuer` the demo's login provider."""

    system: System
    site: str
    issuer: str


@pytest.fixture(scope="session")
def whole_town(postgres: str) -> Iterator[Town]:
    with (
        tempfile.TemporaryDirectory(prefix="julelys-data-") as folder,
        own_database(postgres) as conninfo,
        socket.create_server(("127.0.0.1", 0), backlog=64) as listening,
    ):
        issuer = f"http://127.0.0.1:{listening.getsockname()[1]}"
        organisations = Path(folder) / "organisations"
        shutil.copytree(ROOT / "organisations" / "hjorring", organisations / "hjorring")
        for file in (ROOT / "organisations").glob("*.yaml"):
            shutil.copy(file, organisations)
        login = organisations / "hjorring" / "login.yaml"
        shipped = login.read_text(encoding="utf-8")
        login.write_text(shipped.replace("http://127.0.0.1:8803", issuer), encoding="utf-8")
        config = Config(
            data=Path(folder) / "data",
            database_url=conninfo,
            organisations=organisations,
            host="127.0.0.1",
            port=free_port(),
            demo=True,
            secrets=ENVIRONMENT,
        )
        settings = login_settings(config, "hjorring")
        assert settings is not None
        with (
            serving(config, conninfo) as system,
            served(settings, issuer, listening, system.clock),
        ):
            yield Town(system, settings.described.site, issuer)


@pytest.fixture
def town(whole_town: Town) -> Town:
    whole_town.system.clock.set(START)
    return whole_town


@pytest.fixture
def visitor(browser: Browser, town: Town) -> Iterator[Visitor]:
    """Somebody at a browser without a past, who reads English."""
    context = browser.new_context(locale="en-GB")
    context.set_default_timeout(15_000)
    yield Visitor(context.new_page(), town.site)
    context.close()
