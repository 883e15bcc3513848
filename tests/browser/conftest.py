"""A real browser at a running system, whose organisation is as it is shipped."""

import shutil
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Error, sync_playwright

from tests.browser.towns import Town, shipped_town, with_the_demos_data
from tests.browser.visitor import Visitor
from tests.gateway.running import START

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


@pytest.fixture(scope="session")
def whole_town(postgres: str) -> Iterator[Town]:
    with shipped_town(postgres) as town:
        yield town


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


@pytest.fixture(scope="session")
def whole_demo_town(postgres: str) -> Iterator[Town]:
    with shipped_town(postgres, with_the_demos_data) as town:
        yield town


@pytest.fixture
def demo_town(whole_demo_town: Town) -> Town:
    """The demo's Hjørring, its clock back at the start."""
    whole_demo_town.system.clock.set(START)
    return whole_demo_town
