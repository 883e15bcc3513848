"""A tender from its draft to its contract in real browsers: sealed there, and opened there."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page
from typer.testing import CliRunner

from gateway.cli import app
from services.bidding.bid_file import read
from services.bidding.envelope import opened, opened_share
from services.bidding.key_file import read_keys
from tests.browser.shown import KAREN, TOVE
from tests.browser.towns import Town
from tests.browser.visitor import log_in_at
from tests.files import PDF
from tests.gateway.running import START
from tests.gateway.tendering import Tendering, done, drafted

VIVI = "Vivi Vang"
PASSWORD = "vinter gaas trappe stol"  # noqa: S105  # of the test's own key files
WRONG = "sommer gaas trappe stol"
MEMBERS = {"ulla": "Ulla Ulriksen", "omar": "Omar Olsen", "per": "Per Poulsen"}
LATER = timedelta(minutes=5)


@contextmanager
def at_browser(
    browser: Browser, town: Town, person: str, *, scripted: bool = True
) -> Iterator[Page]:
    context = browser.new_context(
        locale="da-DK", java_script_enabled=scripted, accept_downloads=True
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    log_in_at(page, town.site, person)
    yield page
    context.close()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).first.click()


def make_key(page: Page, site: str, tender: str, folder: Path, member: str) -> Path:
    """Made in the browser, saved by its member, and registered with the file that was saved."""
    page.goto(f"{site}/committees/{tender}")
    page.get_by_label("En adgangskode til filen").fill(PASSWORD)
    page.get_by_label("Den samme igen").fill(PASSWORD)
    with page.expect_download() as saved:
        press(page, "Lav nøglen og gem filen")
    file = folder / f"{member}.json"
    saved.value.save_as(file)
    use_key(page, "#register-key", file, WRONG, "Registrér den")
    page.get_by_text("Adgangskoden er forkert").wait_for()
    with page.expect_navigation():
        use_key(page, "#register-key", file, PASSWORD, "Registrér den")
    with page.expect_navigation():
        use_key(page, "#rehearse", file, PASSWORD, "Åbn prøven")
    return file


def use_key(page: Page, form: str, file: Path, password: str, button: str) -> None:
    found = page.locator(form)
    found.locator("input[type=file]").set_input_files(file)
    found.locator("input[type=password]").fill(password)
    found.get_by_role("button", name=button).click()


def bid(page: Page, site: str, tender: str, price: str) -> None:
    page.goto(f"{site}/tenders/{tender}/bid")
    page.get_by_label("Pris i kroner").fill(price)
    page.get_by_label("Tilbuddets filer").set_input_files(
        {"name": "tilbud.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    press(page, "Forsegl og send")
    page.wait_for_url("**/bid?position=*")


@pytest.mark.timeout(600)
def test_companies_bid_three_members_open_and_the_contract_waits(
    browser: Browser, demo_town: Town, tmp_path: Path
) -> None:
    system, site = demo_town.system, f"{demo_town.site}/hjorring"
    running = drafted(system)
    files = {}
    for member, name in MEMBERS.items():
        with at_browser(browser, demo_town, name) as page:
            files[member] = make_key(page, site, running.tender, tmp_path, member)
    publish(browser, demo_town, running)

    with at_browser(browser, demo_town, TOVE) as page:
        bid(page, site, running.tender, "1.250.000,50")
        bid(page, site, running.tender, "1.100.000")
        receipts = page.locator("article").all_inner_texts()
        assert ["version 2" in each for each in receipts] == [True, False]
        assert "Erstattet af et senere" in receipts[1]
    with at_browser(browser, demo_town, VIVI) as page:
        bid(page, site, running.tender, "900.000")
        press(page, "Træk tilbuddet på Nord tilbage")
        page.get_by_text("Trukket tilbage", exact=True).wait_for()
    sent_without_script(browser, demo_town, running, tmp_path)
    saved_in_the_browser(browser, demo_town, running, tmp_path, files)

    system.clock.set(running.closes_at + LATER)
    open_bids(browser, demo_town, running, files)
    judge(browser, demo_town, running)


def publish(browser: Browser, town: Town, running: Tendering) -> None:
    with at_browser(browser, town, KAREN, scripted=False) as page:
        page.goto(f"{town.site}/hjorring/running-tenders/{running.tender}")
        day = running.closes_at.date()
        for part, value in (("Dag", day.day), ("Måned", day.month), ("År", day.year)):
            page.get_by_label(part, exact=True).first.fill(str(value))
        page.get_by_label("Klokkeslæt").first.fill(f"{running.closes_at:%H:%M}")
        press(page, "Offentliggør udbuddet")
        page.get_by_text("Der modtages tilbud til").wait_for()


def sent_without_script(browser: Browser, town: Town, running: Tendering, folder: Path) -> None:
    """Sealed by the command line, and sent by a form."""
    sealed, bidding, file = (folder / name for name in ("a.jlsb", "bidding.json", "tilbud.pdf"))
    bidding.write_text(running.bidding("anlaeg").model_dump_json())
    file.write_bytes(PDF)
    told = CliRunner().invoke(
        app, ["bid", "seal", str(bidding), str(file), "--out", str(sealed), "--price", "1300000"]
    )
    assert told.exit_code == 0, told.output
    with at_browser(browser, town, VIVI, scripted=False) as page:
        page.goto(f"{town.site}/hjorring/tenders/{running.tender}/bid")
        page.get_by_text("Send en fil, der allerede er forseglet").click()
        page.get_by_label("Den forseglede fil").set_input_files(sealed)
        press(page, "Send den forseglede fil")
        page.get_by_text("Modtaget; det er dette, der gælder").wait_for()


def saved_in_the_browser(
    browser: Browser, town: Town, running: Tendering, folder: Path, files: dict[str, Path]
) -> None:
    """What the page seals and saves, this program opens with two members' files."""
    with at_browser(browser, town, TOVE) as page:
        page.goto(f"{town.site}/hjorring/tenders/{running.tender}/bid")
        press(page, "Forsegl og send")
        page.get_by_text("Skriv en pris, eller vælg").wait_for()
        page.get_by_label("Pris i kroner").fill("sytten")
        press(page, "Forsegl og send")
        page.get_by_text("Skriv prisen som et tal").wait_for()
        page.get_by_label("Pris i kroner").fill("17")
        with page.expect_download() as saved:
            press(page, "Forsegl og gem som fil")
        saved.value.save_as(folder / "gemt.jlsb")
        receipt_of(page, folder / "kvittering.json")
    (folder / "keys.json").write_bytes(done(running.system.get(None, "/receipt-keys")).content)
    told = CliRunner().invoke(
        app,
        [
            "bid",
            "verify",
            *(str(folder / name) for name in ("gemt.jlsb", "kvittering.json", "keys.json")),
        ],
    )
    assert told.exit_code == 0, told.output
    heading, envelope = read((folder / "gemt.jlsb").read_bytes())
    given = [
        opened_share(share, read_keys(files[member].read_text(), PASSWORD).private, heading.binding)
        for share in heading.shares
        if (member := share.member.partition(":")[2]) in {"omar", "per"}
    ]
    contents = opened(envelope, heading.commitment, given, 2, heading.binding)
    assert (contents.price_minor, contents.files) == (17_00, ())


def receipt_of(page: Page, to: Path) -> None:
    """Of the file that was saved, for it is the one that is sent."""
    press(page, "Forsegl og send")
    page.wait_for_url("**/bid?position=*")
    with page.expect_download() as saved:
        page.get_by_role("link", name="Gem kvitteringen for Nord, version 3").click()
    saved.value.save_as(to)


def open_bids(browser: Browser, town: Town, running: Tendering, files: dict[str, Path]) -> None:
    site = f"{town.site}/hjorring/committees/{running.tender}"
    with at_browser(browser, town, MEMBERS["ulla"]) as page:
        page.goto(site)
        press(page, "Begynd mødet")
        page.get_by_text("Udvalget holder møde til").wait_for()
        use_key(page, "#give", files["omar"], PASSWORD, "Afgiv mine dele")
        page.get_by_text("Denne nøgle er ikke den").wait_for()
        with page.expect_navigation():
            use_key(page, "#give", files["ulla"], PASSWORD, "Afgiv mine dele")
        page.get_by_text("Du har afgivet dine").wait_for()
    with at_browser(browser, town, MEMBERS["per"]) as page:
        page.goto(site)
        with page.expect_navigation():
            use_key(page, "#give", files["per"], PASSWORD, "Afgiv mine dele")
        page.get_by_text(re.compile("2 tilbud blev åbnet")).wait_for()
        page.get_by_role("link", name="Bedøm dem").click()
        press(page, "Erklær det")
        page.get_by_text("har ingen interesse i nogen tilbudsgiver").wait_for()
        for name, points in (("Vendsyssel Tømrerforretning", "9"), ("Vendsyssel Anlæg", "6,5")):
            page.get_by_text(f"Tilbuddet fra {name}").click()
            box = page.locator("details[open]")
            box.get_by_label("Kvalitet: point").fill(points)
            box.get_by_label("Begrundelse").fill("Planen er klar.")
            box.get_by_role("button", name="Giv point").click()
            page.wait_for_url("**position=*")


def judge(browser: Browser, town: Town, running: Tendering) -> None:
    """Award, standstill, a complaint that stops the contract, and the contract."""
    system, address = town.system, f"{town.site}/hjorring/evaluation/{running.tender}"
    with at_browser(browser, town, KAREN, scripted=False) as page:
        page.goto(address)
        page.get_by_label("Begrundelse, som alle får at vide").first.fill("Bedste forhold.")
        press(page, "Tildel delaftalen")
        page.get_by_text("Standstill-perioden er ikke slut").wait_for()
        page.get_by_text("Der er kommet en klage").first.click()
        form = page.locator("form[action$=complain]").first
        form.get_by_label("Hvem klager?").select_option(label="Vendsyssel Anlæg A/S")
        fill_day(form, running.closes_at + timedelta(days=2))
        form.get_by_role("button", name="Registrér klagen").click()
        page.get_by_text("Kontrakten venter på nævnet").wait_for()
    system.clock.set(running.closes_at + timedelta(days=20))
    with at_browser(browser, town, KAREN, scripted=False) as page:
        page.goto(address)
        page.get_by_text("En klage standser kontrakten").wait_for()
        form = page.locator("form[action$=end]").first
        form.get_by_label("Hvordan endte den?").select_option(label="Afvist")
        fill_day(form, running.closes_at + timedelta(days=19))
        form.get_by_role("button", name="Registrér", exact=True).click()
        press(page, "Indgå kontrakten")
        page.get_by_text("Kontrakten blev indgået").wait_for()
    shown = done(system.get(None, running.path())).json()
    assert [each["winner"] for each in shown["awards"]] == ["Vendsyssel Tømrerforretning ApS"]
    with at_browser(browser, town, VIVI) as page:
        page.goto(f"{town.site}/hjorring/tenders/{running.tender}/bid")
        page.get_by_text("Nord: tildelt en anden").wait_for()
    assert system.clock.now() > START


def fill_day(form: Locator, day: datetime) -> None:
    for part, value in (("Dag", day.day), ("Måned", day.month), ("År", day.year)):
        form.get_by_label(part, exact=True).fill(str(value))
