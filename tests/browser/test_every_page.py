"""Every page in a real browser: accessible, valid, quiet, ours alone, and as wide as the window."""

from collections.abc import Iterator
from typing import Final

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response
from starlette.routing import compile_path

from gateway.web.routes import PAGES
from tests.browser.keyboard import troubles_by_keyboard
from tests.browser.looking import (
    FIRST_VISIT_AT_MOST,
    NARROWEST,
    NEXT_AT_MOST,
    Watched,
    axe_of,
    beyond_the_edge,
    mistakes_of,
    photographed,
    violations,
    weights_of,
)
from tests.browser.pages import SHOWN
from tests.browser.paper import troubles_on_paper
from tests.browser.shown import Shown
from tests.browser.towns import Town
from tests.browser.visitor import log_in_at


@pytest.fixture(scope="module")
def axe() -> str:
    return axe_of()


class People:
    """A browser of each person's own, logged in by those who need it."""

    def __init__(self, browser: Browser, town: Town) -> None:
        self._browser, self._town = browser, town
        self._contexts: dict[str | None, BrowserContext] = {}

    def page(self, who: str | None) -> Page:
        if who not in self._contexts:
            context = self._contexts[who] = self._browser.new_context(locale="da-DK")
            context.set_default_timeout(15_000)
            if who is not None:
                log_in_at(context.new_page(), self._town.site, who)
        return self._contexts[who].new_page()

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()


@pytest.fixture(scope="module")
def people(browser: Browser, whole_demo_town: Town) -> Iterator[People]:
    people = People(browser, whole_demo_town)
    yield people
    people.close()


@pytest.mark.parametrize("shown", SHOWN, ids=lambda shown: shown.name)
def test_a_page_is_for_everybody(shown: Shown, people: People, demo_town: Town, axe: str) -> None:
    page = people.page(shown.who)
    watched = Watched(page, demo_town.site)
    document = _reached(page, demo_town, shown)

    assert document.status == shown.status
    assert "unsafe" not in (document.header_value("content-security-policy") or "unsafe")
    assert list(mistakes_of(document.text())) == []
    page_alone, first_visit = weights_of(document, watched.files)
    assert page_alone <= NEXT_AT_MOST
    assert first_visit <= FIRST_VISIT_AT_MOST
    assert violations(page, axe) == []
    assert photographed(page, shown.name) == []
    assert troubles_on_paper(page) == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page, axe, ["color-contrast"]) == []
    assert troubles_by_keyboard(page) == []
    assert beyond_the_edge(page, NARROWEST) == []
    assert watched.complaints == []
    page.close()


def test_what_is_wrong_is_seen(people: People, demo_town: Town, axe: str) -> None:
    page = people.page(None)
    watched = Watched(page, demo_town.site)
    page.goto(f"{demo_town.site}/hjorring")
    page.evaluate(_SPOIL)

    found = "\n".join(violations(page, axe))
    assert "label" in found
    assert violations(page, axe, ["color-contrast"]) != []
    assert [each[:4] for each in photographed(page, "spoilt")] == ["320:", "768:", "1280"]
    assert list(mistakes_of("<!doctype html><p><div></p>")) != []
    page.wait_for_timeout(0)
    assert "asked elsewhere.example" in watched.complaints
    assert any("Content Security Policy" in each for each in watched.complaints)


_SPOIL: Final = """() => {
    const main = document.querySelector("main");
    main.insertAdjacentHTML("beforeend",
        "<input><p id=pale>Hardly to be read</p><p id=wide>Wide</p>");
    document.querySelector("#pale").style.color = "#ccc";
    document.querySelector("#wide").style.minWidth = "3000px";
    const image = new Image();
    image.src = "http://elsewhere.example/x.png";
    main.append(image);
}"""


def test_every_page_is_looked_at() -> None:
    got = [route for route in PAGES if "GET" in (route.methods or ())]
    pages = {route.path.removeprefix("/{organisation}") for route in got}
    assert pages == {shown.route for shown in SHOWN}


def _is_page(answer: Response, page: Page) -> bool:
    """And not what stands in a frame of it."""
    return answer.request.is_navigation_request() and answer.frame == page.main_frame


def _reached(page: Page, town: Town, shown: Shown) -> Response:
    """The last document on the way, which must be one of the page's route."""
    documents: list[Response] = []
    page.on(
        "response",
        lambda each: documents.append(each) if _is_page(each, page) else None,
    )
    page.goto(f"{town.site}/hjorring{shown.begins_at}")
    if shown.steps is not None:
        shown.steps(page)
        page.wait_for_load_state()
    pattern, _, _ = compile_path(f"/hjorring{shown.route}")
    path = page.url.removeprefix(town.site).partition("?")[0].partition("#")[0]
    assert pattern.match(path), page.url
    return documents[-1]
