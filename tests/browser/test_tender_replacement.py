"""A member has lost the key: another takes the place with the help of two, all in real browsers."""

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.sync_api import Browser, Page

from services.bidding.key_file import made_keys
from tests.browser.test_tender_journeys import (
    LATER,
    MEMBERS,
    PASSWORD,
    at_browser,
    press,
    use_key,
)
from tests.browser.towns import Town
from tests.gateway.tendering import MANAGER, Tendering, drafted

ASTA = "Asta Andreasen"
HELPERS = ("ulla", "omar")


def with_files(running: Tendering, folder: Path) -> dict[str, Path]:
    files = {}
    for member in MEMBERS:
        keys, text = made_keys(PASSWORD)
        running.register(member, X25519PrivateKey.from_private_bytes(keys.private))
        files[member] = folder / f"{member}.json"
        files[member].write_text(text)
    return files


def take_the_place(page: Page, of: str, file: Path) -> None:
    page.locator("#new-password").fill(PASSWORD)
    page.locator("#new-password-again").fill(PASSWORD)
    with page.expect_download() as saved:
        press(page, "Lav nøglen og gem filen")
    saved.value.save_as(file)
    page.get_by_label("Hvis plads?").select_option(label=of)
    use_key(page, "#take-place", file, PASSWORD, "Tag pladsen")
    page.get_by_text("Vælg 2").wait_for()
    for helper in HELPERS:
        page.get_by_label(MEMBERS[helper]).check()
    with page.expect_navigation():
        use_key(page, "#take-place", file, PASSWORD, "Tag pladsen")


def part(browser: Browser, town: Town, site: str, name: str, file: Path, button: str) -> None:
    with at_browser(browser, town, name) as page:
        page.goto(site)
        with page.expect_navigation():
            use_key(page, "form.replacement", file, PASSWORD, button)


@pytest.mark.timeout(300)
def test_who_takes_a_members_place_opens_the_bids_with_one_of_the_others(
    browser: Browser, demo_town: Town, tmp_path: Path
) -> None:
    running = drafted(demo_town.system)
    files = with_files(running, tmp_path)
    running.does(MANAGER, "/publish", {"closes_at": running.closes_at.isoformat()})
    running.bid("tomrer", 90_000_00)
    running.bid("anlaeg", 80_000_00)
    demo_town.system.clock.set(running.closes_at + LATER)
    site = f"{demo_town.site}/hjorring/committees/{running.tender}"

    with at_browser(browser, demo_town, MEMBERS["per"], scripted=False) as page:
        page.goto(site)
        page.get_by_text("Min nøgle er tabt").click()
        page.get_by_label("Jeg har mistet filen").check()
        press(page, "Sig, at den er tabt")
        page.wait_for_url("**position=*")
    with at_browser(browser, demo_town, ASTA) as page:
        page.goto(site)
        take_the_place(page, MEMBERS["per"], tmp_path / "asta.json")
    for _ in ("pieces", "sums"):
        for helper in HELPERS:
            part(browser, demo_town, site, MEMBERS[helper], files[helper], "Gør min del")
    part(browser, demo_town, site, ASTA, tmp_path / "asta.json", "Sæt mine dele sammen")

    with at_browser(browser, demo_town, ASTA) as page:
        page.goto(site)
        assert ASTA in page.get_by_role("region", name="Medlemmer").inner_text()
        press(page, "Begynd mødet")
        with page.expect_navigation():
            use_key(page, "#give", tmp_path / "asta.json", PASSWORD, "Afgiv mine dele")
    with at_browser(browser, demo_town, MEMBERS["omar"]) as page:
        page.goto(site)
        with page.expect_navigation():
            use_key(page, "#give", files["omar"], PASSWORD, "Afgiv mine dele")
        page.get_by_text("2 tilbud blev åbnet").wait_for()
    prices = {each.price_minor for each in running.evaluation().bids}
    assert prices == {90_000_00, 80_000_00}
