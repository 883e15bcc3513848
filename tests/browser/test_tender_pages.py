"""What a tender's pages say in time: how long is left, and what an old browser cannot do."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.shown import KAREN
from tests.browser.towns import Town
from tests.browser.visitor import log_in_at

OPEN = "Rensning af kommunens regnvandsbassiner"
DRAFT = "Beplantning langs Sæbyvej"
VIVI = "Vivi Vang"
ULLA = "Ulla Ulriksen"
OLD_BROWSER = """
    const generate = SubtleCrypto.prototype.generateKey;
    SubtleCrypto.prototype.generateKey = function (how, ...others) {
      if (how.name !== "X25519") return generate.call(this, how, ...others);
      return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
    };
"""


def open_tender(town: Town) -> tuple[str, datetime]:
    """Its id, and when it closes."""
    rows = town.system.get(None, "/tenders").json()["tenders"]
    row = next(each for each in rows if each["title"] == OPEN)
    return row["tender"], datetime.fromisoformat(row["closes_at"])


def counting(browser: Browser, *, scripted: bool = True) -> Page:
    context = browser.new_context(locale="en-GB", java_script_enabled=scripted)
    context.set_default_timeout(30_000)
    page = context.new_page()
    # A visitor's clock may be years wrong; what is left is told by the server's.
    page.clock.install(time=datetime(2020, 2, 29, 23, 59, tzinfo=UTC))
    return page


def left(page: Page) -> str:
    return page.locator("[data-closes]").inner_text()


def test_what_is_left_is_counted_down_by_the_servers_clock(
    browser: Browser, demo_town: Town
) -> None:
    tender, closes = open_tender(demo_town)
    page = counting(browser)
    address = f"{demo_town.site}/hjorring/tenders/{tender}"
    for before, told in (
        (timedelta(days=2, hours=3, minutes=4), "2 days 3 hours left."),
        (timedelta(days=1, minutes=5), "1 day left."),
        (timedelta(hours=5, minutes=6, seconds=7), "5 hours 6 minutes left."),
    ):
        demo_town.system.clock.set(closes - before)
        page.goto(address)
        assert left(page) == told
    demo_town.system.clock.set(closes - timedelta(minutes=59, seconds=30))
    page.goto(address)
    # Its clock goes on while the machine is busy, so no second is certain.
    assert re.fullmatch(r"59 minutes( \d\d? seconds?)? left\.", left(page))
    page.clock.run_for("30:00")
    assert re.fullmatch(r"29 minutes( \d\d? seconds?)? left\.", left(page))
    page.clock.run_for("28:00")
    assert re.fullmatch(r"(1 minute )?(\d\d? seconds? )?left\.", left(page))
    page.clock.run_for("01:31")
    assert left(page) == "The deadline has passed."
    page.context.close()


def test_without_script_days_are_left_and_far_from_the_deadline_nothing_is_counted(
    browser: Browser, demo_town: Town
) -> None:
    tender, closes = open_tender(demo_town)
    page = counting(browser, scripted=False)
    address = f"{demo_town.site}/hjorring/tenders/{tender}"
    demo_town.system.clock.set(closes - timedelta(days=2, hours=3))
    page.goto(address)
    assert left(page) == "There are 2 days left."
    demo_town.system.clock.set(closes - timedelta(hours=3))
    page.goto(address)
    assert left(page) == "The deadline is within 24 hours."
    demo_town.system.clock.set(closes - timedelta(days=20))
    page.goto(address)
    assert page.locator("[data-closes]").count() == 0
    page.context.close()


@pytest.mark.parametrize("is_old", [True, False])
def test_a_browser_that_cannot_seal_says_so_and_still_takes_a_sealed_file(
    browser: Browser, demo_town: Town, *, is_old: bool
) -> None:
    tender, _ = open_tender(demo_town)
    context = browser.new_context(locale="da-DK")
    context.set_default_timeout(30_000)
    if is_old:
        context.add_init_script(OLD_BROWSER)
    page = context.new_page()
    log_in_at(page, demo_town.site, VIVI)
    page.goto(f"{demo_town.site}/hjorring/tenders/{tender}/bid")
    said, button = page.locator("#cannot-seal"), page.get_by_role("button", name="Forsegl og send")
    if is_old:
        page.get_by_text("Denne browser kan ikke forsegle et tilbud.").wait_for()
        assert said.is_visible()
        assert button.is_disabled()
    else:
        page.wait_for_function("!document.querySelector('#bid-form [type=submit]').disabled")
        assert said.is_hidden()
    page.get_by_text("Send en fil, der allerede er forseglet").click()
    assert page.get_by_role("button", name="Send den forseglede fil").is_enabled()
    context.close()


def test_a_browser_that_cannot_make_keys_says_so(browser: Browser, demo_town: Town) -> None:
    context = browser.new_context(locale="da-DK")
    context.set_default_timeout(30_000)
    context.add_init_script(OLD_BROWSER)
    page = context.new_page()
    log_in_at(page, demo_town.site, ULLA)
    page.goto(f"{demo_town.site}/hjorring/committees")
    page.get_by_role("link", name=DRAFT).click()
    page.get_by_label("En adgangskode til filen").fill("vinter gaas trappe stol")
    page.get_by_label("Den samme igen").fill("vinter gaas trappe stol")
    page.get_by_role("button", name="Lav nøglen og gem filen").click()
    page.get_by_text("Denne browser kan ikke lave eller bruge nøgler.").wait_for()
    context.close()


def test_lists_say_what_waits_for_whom(browser: Browser, demo_town: Town) -> None:
    """The open tender's deadline was moved, and one of three has rehearsed since."""
    for person, path, told in (
        (ULLA, "/committees", "Øv åbningen før fristen"),
        (KAREN, "/running-tenders", "2 medlemmer af udvalget har ikke øvet"),
    ):
        context = browser.new_context(locale="da-DK", java_script_enabled=False)
        context.set_default_timeout(30_000)
        page = context.new_page()
        log_in_at(page, demo_town.site, person)
        page.goto(f"{demo_town.site}/hjorring{path}")
        section = page.locator("section", has=page.get_by_role("heading", name="Skal gøres"))
        row = section.locator("li", has=page.get_by_role("link", name=OPEN))
        assert told in row.inner_text()
        row.get_by_role("link").click()
        shown = page.locator("#rehearsal").inner_text()
        assert "Disse har ikke øvet, siden fristen blev sat: Omar Olsen, Ulla Ulriksen." in shown
        assert "Der er" in shown
        assert "1 til kan undværes" in shown
        context.close()
