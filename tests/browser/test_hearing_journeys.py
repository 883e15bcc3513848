"""A hearing from its first words to the authority's answers, with JavaScript and without."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Browser, Page

from tests.browser.shown import KAREN
from tests.browser.towns import Town
from tests.browser.visitor import log_in_at
from tests.gateway.running import START


@contextmanager
def at_work(browser: Browser, town: Town, *, scripted: bool) -> Iterator[Page]:
    context = browser.new_context(locale="da-DK", java_script_enabled=scripted)
    context.set_default_timeout(15_000)
    page = context.new_page()
    if scripted:
        page.clock.install()
    log_in_at(page, town.site, KAREN)
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def go(page: Page, name: str) -> None:
    page.get_by_role("link", name=name).first.click()


def publish(page: Page, town: Town, title: str) -> str:
    """What is too short by law is refused and all else is kept; the hearing's id."""
    go(page, "Hold høringer")
    go(page, "Offentliggør en høring")
    page.get_by_label("Naboorientering Mindst").check()
    page.get_by_label("Titel").fill(title)
    page.get_by_label("Hvad den handler om").fill("Ni rensdyr bag fire brædder.")
    for day in ("9", "23"):
        for part, value in (("Dag", day), ("Måned", "11"), ("År", "2026")):
            page.get_by_label(part, exact=True).fill(value)
        press(page, "Se den igennem")
        if day == "9":
            told = page.locator("[data-module=error-summary]").inner_text()
            assert "tidligst mandag den 16. november 2026" in told
            assert page.get_by_label("Titel").input_value() == title
    assert page.get_by_role("heading", name="Se høringen igennem").is_visible()
    assert "mandag den 23. november 2026" in page.locator(".as-shown").inner_text()
    assert title not in httpx.get(f"{town.site}/hjorring/hearings").text
    press(page, "Offentliggør")
    page.wait_for_url("**/running-hearings/*position=*")
    return page.url.partition("?")[0].rpartition("/")[2]


@pytest.mark.parametrize("scripted", [True, False])
def test_a_hearing_is_published_answered_and_concluded(
    browser: Browser, demo_town: Town, *, scripted: bool
) -> None:
    town, title = demo_town, f"Rensdyr i haven {scripted}"
    site = f"{town.site}/hjorring"
    with at_work(browser, town, scripted=scripted) as page:
        hearing = publish(page, town, title)
        for public in (site, f"{site}/feeds/da/hearings.atom", f"{site}/feeds/da/hearings.ics"):
            assert title in httpx.get(public).text
        answers = [town.system.respond(person, hearing) for person in ("anna", "bo")]
        assert all(each.is_success for each in answers)
        if scripted:
            page.clock.run_for(11_000)
            go(page, "Der er kommet nye svar")
        else:
            page.goto(f"{site}/running-hearings/{hearing}/responses")
        sort(page, hearing)

    town.system.clock.set(START + timedelta(days=30))
    with at_work(browser, town, scripted=scripted) as page:
        page.goto(f"{site}/running-hearings/{hearing}/conclusion")
        page.get_by_label("Sammenfatning").fill("To svar. Folden flyttes.")
        press(page, "Afslut høringen")
        assert "Et svar er tomt" in page.locator(".alert-error").inner_text()
        assert page.get_by_label("Sammenfatning").input_value() == "To svar. Folden flyttes."
        go(page, "Trafik på vejen")
        page.get_by_label("Vores svar").fill("Rensdyrene kommer ad stien.")
        press(page, "Gem")
        go(page, "Afslutning")
        page.get_by_label("Sammenfatning").fill("To svar. Folden flyttes.")
        press(page, "Afslut høringen")
        page.wait_for_url("**/conclusion?position=*")
    shown = httpx.get(f"{site}/hearings/{hearing}").text
    for said in ("To svar. Folden flyttes.", "Rensdyrene kommer ad stien.", "Nævnt i 1 svar"):
        assert said in shown
    assert "Folden flyttes." in httpx.get(f"{site}/feeds/da/hearings.json").text


def sort(page: Page, hearing: str) -> None:
    """Begin a point, and put the first answer under it."""
    go(page, "Opret et punkt")
    page.get_by_label("Det handler om").fill("Trafik på vejen")
    press(page, "Opret punktet")
    go(page, "Svar (2)")
    assert "Der kommer for mange biler" in page.locator(".response").first.inner_text()
    page.locator(".response").first.get_by_label("Trafik på vejen").check()
    press(page, "Gem")
    page.wait_for_url(f"**/running-hearings/{hearing}/responses?position=*")
    assert page.locator(".response").first.get_by_label("Trafik på vejen").is_checked()
    page.get_by_label("Kun dem, der ikke er fordelt endnu").check()
    press(page, "Vis")
    assert page.locator(".response").count() == 1
