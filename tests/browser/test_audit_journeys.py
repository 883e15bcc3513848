"""An auditor goes through a case that was decided, with JavaScript and without."""

import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.shown import RIKKE
from tests.browser.towns import Town
from tests.browser.visitor import log_in_at


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Browser, demo_town: Town) -> Iterator[Page]:
    context = browser.new_context(
        locale="da-DK", java_script_enabled=request.param, accept_downloads=True
    )
    context.set_default_timeout(15_000)
    page = context.new_page()
    log_in_at(page, demo_town.site, RIKKE)
    yield page
    context.close()


@pytest.mark.usefixtures("demo_town")
def test_a_decided_case_is_replayed_compared_and_taken_along(
    page: Page, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    has_script = "without" not in request.node.name
    find(page, "Nedrivning")
    replay(page, has_script=has_script)
    compare(page)
    looked_up(page)
    take_along(page, tmp_path)


def find(page: Page, subject: str) -> None:
    page.get_by_role("link", name="Revision").click()
    page.get_by_label("Find en sag").fill("HJO")
    page.get_by_role("button", name="Søg").click()
    page.locator(".case-list li", has_text=subject).get_by_role("link").click()


def value(page: Page, what: str) -> str:
    """What stands beside a name in the state at the moment."""
    part = page.locator("section", has=page.get_by_role("heading", name="Sagen på det tidspunkt"))
    row = part.locator(
        ".told-lines > div", has=page.locator("dt", has_text=re.compile(f"^{what}$"))
    )
    return row.locator("dd").inner_text()


def replay(page: Page, *, has_script: bool) -> None:
    """To the beginning, to the decision by the slider or its form, and on by a link."""
    title = page.locator("#moment-title")
    page.get_by_role("link", name="1. Sagen oprettet").click()
    expect(title).to_have_text("Sagen oprettet")
    assert value(page, "status") == "åben"
    expect(page.get_by_role("row", name="Status ikke oprettet endnu åben")).to_be_visible()
    assert "Anna Andersen" in page.locator("#moment").inner_text()

    number = page.get_by_role("link", name="Afgørelse truffet").get_attribute("href")
    assert number is not None
    wanted = number.partition("event=")[2]
    if has_script:
        page.get_by_label("Bevæg dig gennem sagen").fill(wanted)
    else:
        page.get_by_label("Bevæg dig gennem sagen").evaluate(
            "(slider, value) => { slider.value = value }", wanted
        )
        page.get_by_role("button", name="Vis").click()
    expect(title).to_have_text("Afgørelse truffet")
    assert page.url.endswith(f"?event={wanted}")
    assert value(page, "afgørelse: udfald") == "forbudt"
    assert "Karen Kristensen" in page.locator("#moment").inner_text()
    assert "Anmeld en nedrivning version 1" in page.locator("#moment").inner_text()

    page.get_by_role("link", name="Den næste hændelse").click()
    expect(title).to_have_text("Afgørelse sendt")
    assert value(page, "afgørelse: sendt") == "ja"


def compare(page: Page) -> None:
    page.get_by_role("link", name="Mellem to tidspunkter").click()
    page.get_by_label("Fra").select_option(label="9. Sagen tildelt")
    page.get_by_role("button", name="Sammenlign").click()
    expect(page.get_by_role("row", name=re.compile("afgørelse: udfald . forbudt$"))).to_be_visible()
    expect(page.get_by_role("row", name="Sagsbehandler")).to_have_count(0)


def looked_up(page: Page) -> None:
    page.get_by_role("link", name="Hvem har set på sagen").click()
    expect(page.get_by_role("row", name="Rikke Rasmussen").first).to_contain_text("revision")


def take_along(page: Page, folder: Path) -> None:
    page.get_by_role("link", name="Tag med").click()
    for ending in (".jsonl", ".csv"):
        file = page.locator(".export-list li", has_text=ending)
        told = file.locator("code").inner_text()
        with page.expect_download() as download:
            file.get_by_role("link").click()
        saved = folder / download.value.suggested_filename
        download.value.save_as(saved)
        assert sha256(saved.read_bytes()).hexdigest() == told
