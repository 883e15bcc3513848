"""An administrator compares versions and sees what has gone wrong, with JavaScript and without."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.looking import axe_of, photographed, violations
from tests.browser.shown import ASGER
from tests.browser.towns import Town
from tests.browser.visitor import log_in_at
from tests.gateway.troubles import ERROR, LOST, parked, refused_filing

BEFORE_THE_NEXT_LOOK = 11_000
"""Milliseconds: the page looks anew every ten seconds."""


@pytest.fixture(params=[True, False], ids=["with JavaScript", "without JavaScript"])
def page(request: pytest.FixtureRequest, browser: Browser, demo_town: Town) -> Iterator[Page]:
    context = browser.new_context(locale="da-DK", java_script_enabled=request.param)
    context.set_default_timeout(15_000)
    page = context.new_page()
    log_in_at(page, demo_town.site, ASGER)
    page.get_by_role("link", name="Administration").click()
    yield page
    context.close()


def test_versions_are_compared_and_mistakes_are_told(page: Page) -> None:
    parts = page.get_by_role("navigation", name="Administrationens dele")
    parts.get_by_role("link", name="Selvbetjeninger").click()
    expect(page.locator(".mistakes")).to_contain_text("hjorring/services/road-use.v2.yaml:")
    expect(page.locator(".mistakes")).to_contain_text("Mente du 'vej-trafik'?")
    row = page.get_by_role("row", name="Byggetilladelse")
    expect(row).to_contain_text("udgivet torsdag den 26. november 2026")

    row.get_by_role("link", name="Byggetilladelse").click()
    page.get_by_label("Fra").select_option("1")
    page.get_by_label("Til").select_option("2")
    page.get_by_role("button", name="Sammenlign").click()
    expect(
        page.locator(".changes-list li", has_text="'Hvad er det for et byggeri?'")
    ).to_have_count(1)
    page.get_by_role("link", name="Version 2").click()
    expect(page.get_by_label("Adresse")).to_be_disabled()
    expect(page.get_by_role("heading", name="Kvittering")).to_be_visible()


def test_what_has_gone_wrong_is_told_with_what_to_do(
    page: Page, demo_town: Town, request: pytest.FixtureRequest
) -> None:
    has_script = "without" not in request.node.name
    if has_script:
        page.clock.install()
    with parked(demo_town.system), refused_filing(demo_town.system) as entry:
        page.get_by_role("link", name="Overblik").click()
        expect(page.locator(".state-list li", has_text="Det, folk ser")).to_contain_text(
            "gør noget"
        )
        page.get_by_role("link", name="Drift").click()
        main = page.locator("main")
        expect(main).to_contain_text(ERROR)
        expect(main).to_contain_text("python -m gateway projections retry --organisation hjorring")
        expect(main).to_contain_text(f"python -m gateway journal retry {entry}")
        expect(page.get_by_role("row", name="template-unknown")).to_contain_text("Et dokument")
        expect(main).not_to_contain_text(str(LOST))
        if has_script:
            looked_at_in_trouble(page)
    part = page.locator("section", has=page.get_by_role("heading", name="Det, folk ser"))
    if has_script:
        page.clock.fast_forward(BEFORE_THE_NEXT_LOOK)
    else:
        page.reload()
    expect(part).to_contain_text("i orden")


def looked_at_in_trouble(page: Page) -> None:
    """The state that no other test meets."""
    axe = axe_of()
    assert violations(page, axe) == []
    assert photographed(page, "administration-running-troubled") == []
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    assert violations(page, axe, ["color-contrast"]) == []
