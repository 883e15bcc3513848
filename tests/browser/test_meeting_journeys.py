"""A meeting day from its publication to its booking, and withdrawn times."""

from datetime import datetime

import pytest
from playwright.sync_api import Browser, Page, expect

from services.clock import COPENHAGEN
from tests.browser.shown import KAREN
from tests.browser.towns import Town
from tests.browser.visitor import log_in_at

CALENDAR = "/hjorring/calendars/byggeri-natur"


def publish(page: Page, starts: str, ends: str) -> None:
    if not page.get_by_label("Fra", exact=True).first.is_visible():
        page.get_by_text("Offentliggør mødedage").click()
    page.get_by_label("Fra", exact=True).first.fill(starts)
    page.get_by_label("Til", exact=True).first.fill(ends)
    page.get_by_role("button", name="Offentliggør dagene").click()


@pytest.mark.parametrize(("scripted", "nth"), [(True, 0), (False, 1)])
def test_a_day_is_published_booked_and_mended(
    browser: Browser, demo_town: Town, *, scripted: bool, nth: int
) -> None:
    context = browser.new_context(locale="da-DK", java_script_enabled=scripted)
    context.set_default_timeout(15_000)
    page = context.new_page()
    log_in_at(page, demo_town.site, KAREN)
    page.get_by_role("link", name="Mødedage").click()
    page.get_by_text("Offentliggør mødedage").click()
    choice = page.locator("input[name=day]").nth(nth)
    day = str(choice.get_attribute("value"))
    choice.check()
    publish(page, "9.00", "ti")
    assert "Skriv tider som 9.00" in page.locator(".alert-error").inner_text()
    assert page.get_by_label("Til", exact=True).first.input_value() == "ti"
    publish(page, "9.00", "10.30")
    page.wait_for_url("**/calendars/byggeri-natur?position=*")

    slots = demo_town.system.get("bo", f"/calendars/byggeri-natur/slots?from={day}&to={day}")
    first, second, third = (each["slot"] for each in slots.json()["slots"])
    booked = demo_town.system.book("bo", first)
    assert booked.status_code == 201, booked.text
    position = booked.headers["Julelys-Position"]
    page.goto(f"{demo_town.site}{CALENDAR}?position={position}")
    section = page.locator("details.day", has=page.locator(f"[id='day-{day}']"))
    assert "1 af 3 tider booket" in section.inner_text()
    assert "Bo Bertelsen" in section.inner_text()
    section.get_by_role("button", name="Fjern 9.30").click()
    page.wait_for_url("**/calendars/byggeri-natur?position=*")
    left = demo_town.system.get("bo", f"/calendars/byggeri-natur/slots?from={day}&to={day}")
    assert [each["slot"] for each in left.json()["slots"]] == [third]
    # Who was looking while somebody booked is told so.
    stale = {"slot": first, "csrf": page.locator("input[name=csrf]").first.input_value()}
    address = f"{demo_town.site}{CALENDAR}/days/{day}/withdraw"
    refused = page.request.post(address, form=stale, headers={"Origin": demo_town.site})
    assert refused.status == 409
    assert second
    context.close()


def test_that_nobody_came_is_noted_beside_the_meeting(browser: Browser, demo_town: Town) -> None:
    demo_town.system.clock.set(datetime(2026, 11, 10, 10, 15, tzinfo=COPENHAGEN))
    context = browser.new_context(locale="da-DK")
    context.set_default_timeout(15_000)
    page = context.new_page()
    log_in_at(page, demo_town.site, KAREN)
    page.goto(f"{demo_town.site}/hjorring/queues/byggeri-natur")
    row = page.get_by_role("row").filter(has_text="Forhåndsdialog").filter(has_text="Bo Bertelsen")
    row.get_by_role("link").first.click()
    page.get_by_role("button", name="Der kom ingen").click()
    expect(page.locator("#entries")).to_contain_text("Du kom ikke til mødet")
    context.close()
