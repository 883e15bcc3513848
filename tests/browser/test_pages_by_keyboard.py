"""Pages without a mouse, and left again; and that what is wrong is seen, on paper too."""

import re
from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.keyboard import troubles_by_keyboard
from tests.browser.paper import troubles_on_paper
from tests.browser.shown import ANNA
from tests.browser.towns import Town
from tests.browser.visitor import log_in_at

PAGES: Final = ("", "/services/hearing-response/form", "/hearings", "/cases", "/sessions")
STOPS_AT_MOST: Final = 60

_SPOIL: Final = """() => {
    const main = document.querySelector("main");
    main.insertAdjacentHTML("beforeend", `
        <a href="#" id="pale">Pale</a><a href="#" tabindex="1">First</a>
        <form><input aria-label="No button"></form>
        <p id="cut">Cut off</p><a href="https://elsewhere.example/">Elsewhere</a>
        <details><summary>More</summary><p>Folded</p></details>
        <dl><dt>A</dt></dl>`);
    document.querySelector("#pale").style.setProperty("outline", "none", "important");
    Object.assign(document.querySelector("#cut").style,
        {width: "2rem", overflow: "hidden", whiteSpace: "nowrap"});
    document.querySelector(".skipnav").remove();
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@media print { nav { display: block !important; } dl { display: none; }
        a[href]::after { content: none !important; }
        details::details-content { content-visibility: hidden !important; } }`);
    document.adoptedStyleSheets = [sheet];
}"""
_KEEP: Final = """key => addEventListener("keydown",
    event => { if (event.key === key && event.target.closest("main")) event.preventDefault(); })"""


@pytest.fixture
def page(browser: Browser, demo_town: Town) -> Iterator[Page]:
    context = browser.new_context(locale="da-DK", reduced_motion="reduce")
    context.set_default_timeout(15_000)
    page = context.new_page()
    log_in_at(page, demo_town.site, ANNA)
    yield page
    context.close()


def reach(page: Page, wanted: Locator) -> None:
    """By the tabulator alone, as every page lets one."""
    wanted.wait_for()
    for _ in range(STOPS_AT_MOST):
        page.keyboard.press("Tab")
        if wanted.evaluate("each => each === document.activeElement"):
            return
    raise AssertionError(page.locator(":focus").evaluate("each => each.outerHTML"))


def go(page: Page, wanted: Locator) -> None:
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_hearing_is_answered_by_keyboard_alone(page: Page, demo_town: Town) -> None:
    page.goto(f"{demo_town.site}/hjorring/hearings")
    go(page, page.get_by_role("link", name="boliger ved parken"))
    go(page, page.get_by_role("link", name="Svar på høringen").first)
    reach(page, page.get_by_label("Jeg er for", exact=True))
    page.keyboard.press("Space")
    reach(page, page.get_by_label("Natur og dyreliv"))
    page.keyboard.press("Space")
    reach(page, page.get_by_label("Dit høringssvar"))
    page.keyboard.type("Stien langs åen bør blive.")
    go(page, page.get_by_role("button", name="Næste", exact=True))
    reach(page, page.get_by_label("mig selv"))
    page.keyboard.press("Space")
    go(page, page.get_by_role("button", name="Næste", exact=True))
    expect(page.locator("dl.review").first).to_be_visible()
    go(page, page.get_by_role("button", name="Send", exact=True))
    expect(page).to_have_url(re.compile(r"/cases/[0-9a-f-]{36}"))


def test_what_is_wrong_without_a_mouse_or_on_paper_is_seen(page: Page, demo_town: Town) -> None:
    page.goto(f"{demo_town.site}/hjorring/cases")
    page.evaluate(_SPOIL)

    assert {each.partition(":")[0] for each in troubles_on_paper(page)} == {
        "makes no sense on paper",
        "cut off",
        "leads nobody knows where",
        "folded",
        "is not on it",
    }
    assert {each.partition(":")[0] for each in troubles_by_keyboard(page)} == {
        "does not show that it has the focus",
        "has no button that is reached",
        "comes after what follows it",
        "the first stop is not the way past the menu",
    }


@pytest.mark.parametrize(
    ("key", "trouble"), [("Tab", "no way out"), ("Enter", "Enter does not send the form")]
)
def test_a_page_that_keeps_a_key_is_seen(
    page: Page, demo_town: Town, key: str, trouble: str
) -> None:
    page.goto(f"{demo_town.site}/hjorring")
    page.evaluate(_KEEP, key)

    assert [each.partition(":")[0] for each in troubles_by_keyboard(page)] == [trouble]


def test_every_page_of_who_has_logged_in_can_be_left_by_logging_out(
    page: Page, demo_town: Town
) -> None:
    for path in PAGES:
        page.goto(f"{demo_town.site}/hjorring{path}")
        expect(page.get_by_role("button", name="Log ud")).to_be_visible()
    page.evaluate("sessionStorage.setItem('typed', 'and not sent')")
    page.get_by_role("button", name="Log ud").click()
    page.goto(f"{demo_town.site}/hjorring/cases")
    assert page.evaluate("sessionStorage.length") == 0
    expect(page.get_by_role("heading", level=1)).to_have_text("Log ind")
