"""A caseworker's day in a real browser: with JavaScript and without, and two of them at once."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from commands.journal import RequestEsdhCaseChoice
from events.journal import ChoiceReason, Matter, MatterKind
from services.catalogue.loading import load
from services.core import open_core
from services.ids import new_id
from services.request import unattended
from tests.browser.shown import KAREN
from tests.browser.towns import Town
from tests.browser.unfinished import CANDIDATES, SYNC
from tests.browser.visitor import log_in_at
from tests.gateway.running import START
from tests.keys import RING

ACCESS: Final = {
    "wanted": "theme",
    "description": "Breve mellem kommunen og lodsejerne om stien langs åen.",
    "first_day": "2025-11-01",
    "environment": True,
    "delivery": "here",
    "parts_first": True,
}
LIVE_MILLISECONDS: Final = 5_000
"""It takes a tenth of a second; a machine that does ten other things gets more."""


@contextmanager
def at_work(browser: Browser, town: Town, *, script: bool = True) -> Iterator[Page]:
    """Karen, who reads English."""
    context = browser.new_context(locale="da-DK", java_script_enabled=script)
    context.set_default_timeout(15_000)
    page = context.new_page()
    log_in_at(page, town.site, KAREN)
    page.goto(f"{town.site}/hjorring?language=en")
    yield page
    context.close()


def asked_for_access(town: Town) -> tuple[str, str]:
    """The case, and its reference."""
    made = town.system.post("anna", "/services/access-request/submissions", {"answers": ACCESS})
    assert made.status_code == 201, made.text
    told = made.json()
    return str(told["case"]), str(told["reference"])


def side(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Sides of the case").get_by_role("link", name=name).click()


def unfold(page: Page, title: str) -> None:
    page.locator("summary", has_text=title).first.click()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_case_is_taken_informed_heard_decided_sent_and_closed(
    browser: Browser, demo_town: Town, *, script: bool
) -> None:
    town = demo_town
    case, number = asked_for_access(town)
    with at_work(browser, town, script=script) as page:
        take(page, town, number)
        page.goto(f"{town.site}/hjorring/work/{case}")
        expect(page.locator("#case-head")).to_contain_text(KAREN)

        inform(page)
        hear(page, town, case)
        decide(page)
        send_after_a_new_login(page, town)

        side(page, "Overview")
        page.get_by_role("button", name="Close the case").click()
        expect(page.locator("#case-head")).to_contain_text("Closed")


def take(page: Page, town: Town, number: str) -> None:
    page.goto(f"{town.site}/hjorring/queues/byggeri-natur?assigned=nobody&q={number}")
    page.get_by_role("checkbox", name=f"Choose {number}").check(force=True)
    page.get_by_role("button", name="Take them").click()
    expect(page.locator(".alert-success")).to_contain_text("Done for 1 of 1 case")


def inform(page: Page) -> None:
    side(page, "Procedure")
    unfold(page, "Ask for something")
    page.get_by_label("What is missing").fill("Hvilken del af stien?\nHvilke år?")
    page.get_by_label("Wanted by").fill("2026-11-20")
    page.get_by_role("button", name="Ask the party").click()
    expect(page.locator("#requests-list")).to_contain_text("Hvilke år?")
    side(page, "Decision")
    expect(page.locator("#lacks")).to_contain_text("We are waiting for information")
    side(page, "Procedure")
    page.get_by_role("button", name="Do without it").click()
    expect(page.locator("#requests-list")).to_contain_text("We do without")


def hear(page: Page, town: Town, case: str) -> None:
    unfold(page, "Hear parties")
    page.get_by_label("The facts that speak against them").fill("Brevene er interne.")
    page.get_by_label("Answer by").fill("2026-11-20")
    page.get_by_role("button", name="Send it to those who are heard").click()
    expect(page.locator("#rounds")).to_contain_text("Brevene er interne.")
    told = town.system.get("karen", f"/cases/{case}").json()["party_hearing"]
    path = f"/cases/{case}/party-hearing/{told['round']}/answer"
    assert town.system.post("anna", path, {"text": "Det er de ikke."}).status_code == 201
    expect(page.locator("#rounds")).to_contain_text("Being heard")


def decide(page: Page) -> None:
    side(page, "Decision")
    page.get_by_label("Refused").check(force=True)
    page.get_by_label("Legal basis").fill("Offentlighedslovens § 23")
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("alert")).to_contain_text("grounds")
    expect(page.get_by_label("Legal basis")).to_have_value("Offentlighedslovens § 23")

    page.get_by_label("Grounds").fill("Brevene er skrevet til eget brug.")
    page.get_by_label("Appeal guidance").select_option("none")
    page.get_by_label("Why no appeal lies").fill("Klageadgangen er afskåret.")
    with page.expect_response(re.compile(r"/decision/draft$")) as letter:
        page.get_by_role("button", name="Show the letter").click()
    assert letter.value.header_value("content-type") == "application/pdf"
    page.get_by_role("button", name="Record the decision").click()
    expect(page.locator("#decision")).to_contain_text("Brevene er skrevet til eget brug.")


def send_after_a_new_login(page: Page, town: Town) -> None:
    """Somebody who logged in an hour ago does so once more, and finds what they had chosen."""
    for minutes in (20, 40):
        town.system.clock.set(START + timedelta(minutes=minutes))
        page.reload()
    page.get_by_label("Letter on paper").check(force=True)
    page.get_by_role("button", name="Send the decision").click()
    page.get_by_role("link", name="Log in once more").click()
    page.get_by_role("button", name=KAREN).click()
    expect(page.get_by_label("Letter on paper")).to_be_checked()
    page.get_by_role("button", name="Send the decision").click()
    expect(page.locator("#decision")).to_contain_text("Letter on paper")


def test_the_right_case_in_the_records_system_is_chosen(browser: Browser, demo_town: Town) -> None:
    case, _ = asked_for_access(demo_town)
    ask_for_the_right_case(demo_town, case)
    with at_work(browser, demo_town, script=False) as page:
        page.goto(f"{demo_town.site}/hjorring/work/{case}/journal")
        page.get_by_label(CANDIDATES[1].title).check(force=True)
        page.get_by_role("button", name="Choose it").click()
        expect(page.locator("#choice")).to_have_count(0)
        side(page, "Overview")
        page.locator("summary", has_text="records and post").first.click()
        expect(page.locator("#entries")).to_contain_text(CANDIDATES[1].esdh_case.number)


def ask_for_the_right_case(town: Town, case: str) -> None:
    config = town.system.config
    assert config.database_url is not None
    described = load(config.organisations).organisations["hjorring"]
    matter = Matter(kind=MatterKind.CASE, id=UUID(case))
    command = RequestEsdhCaseChoice(
        matter=matter, reason=ChoiceReason.SEVERAL, candidates=CANDIDATES
    )
    request = unattended(command, command_id=new_id(), organisation="hjorring", actor=SYNC)
    with open_core(config.database_url, described, RING) as core:
        core.desk.hand_in(request).result(timeout=20)


@pytest.mark.whole_machine
def test_what_others_do_is_seen_without_asking_again(browser: Browser, demo_town: Town) -> None:
    """In the case and in the queue; and what somebody is writing meanwhile stays."""
    town = demo_town
    case, _ = asked_for_access(town)
    with at_work(browser, town) as page:
        queue = page.context.new_page()
        queue.goto(f"{town.site}/hjorring/queues/byggeri-natur")
        page.goto(f"{town.site}/hjorring/work/{case}")
        page.get_by_label("Note", exact=True).fill("Ring til Anna")
        page.wait_for_timeout(300)

        began = time.monotonic()
        written = {"text": "Jeg har fundet flere breve."}
        assert town.system.post("anna", f"/cases/{case}/messages", written).status_code == 201
        expect(page.locator("#entries")).to_contain_text(written["text"], timeout=LIVE_MILLISECONDS)
        assert page.get_by_label("Note", exact=True).input_value() == "Ring til Anna"
        assert time.monotonic() - began < LIVE_MILLISECONDS / 1000

        queue.bring_to_front()
        claimed = town.system.post("niels", f"/cases/{case}/claim")
        assert claimed.status_code == 204, claimed.text
        row = queue.locator(f"#row-{case}")
        expect(row).to_contain_text("Niels Nielsen", timeout=LIVE_MILLISECONDS)
        assert "is-new" in (row.get_attribute("class") or "")


COMPLAINT: Final = {
    "concerns": ["condition"],
    "condition": "Afslaget",
    "grounds": "Brevene er sendt til andre.",
    "wish": "At jeg får brevene.",
    "new_facts": False,
    "is_late": False,
    "suspend": False,
}
REFUSAL: Final = {
    "outcome": "refused",
    "legal_basis": "Offentlighedslovens § 23",
    "grounds": "Brevene er interne.",
    "appeal": {"none": "Klageadgangen er afskåret."},
}


def complained(town: Town) -> str:
    """Over a refusal that has been sent."""
    case, _ = asked_for_access(town)
    below, system = f"/cases/{case}", town.system
    exempt = {"ground": "nothing-new", "reason": "Alt er kendt."}
    assert system.post("karen", f"{below}/party-hearing-exemption", exempt).is_success
    decision = system.post("karen", f"{below}/decision", REFUSAL).json()["decision"]
    sent = system.post(
        "karen", f"{below}/decision/{decision}/dispatch", {"channel": "digital-post"}
    )
    assert sent.is_success, sent.text
    body = {"answers": COMPLAINT, "about": case}
    made = system.post("anna", "/services/complaint-decision/submissions", body)
    assert made.status_code == 201, made.text
    return str(made.json()["case"])


def test_a_complaint_is_looked_at_again_and_passed_on(browser: Browser, demo_town: Town) -> None:
    case = complained(demo_town)
    with at_work(browser, demo_town, script=False) as page:
        page.goto(f"{demo_town.site}/hjorring/work/{case}/decision")
        page.get_by_label("We uphold it").check(force=True)
        page.get_by_label("Why", exact=True).fill("Brevene er interne, som vi skrev.")
        page.get_by_role("button", name="Write it down").click()
        page.get_by_label("The board").fill("Ankestyrelsen")
        page.get_by_label("Our remarks").fill("Vi fastholder.")
        page.get_by_role("button", name="Pass it on").click()
        expect(page.locator(".steps")).to_contain_text("To Ankestyrelsen")
        page.get_by_label("Sent back to us").check(force=True)
        page.get_by_label("Day of its decision").fill("2026-11-02")
        page.get_by_role("button", name="Write it down").click()
        expect(page.locator(".steps")).to_contain_text("Sent back to us")
