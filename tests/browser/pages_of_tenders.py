"""Tenders as everybody sees them, and as those do who bid, open and judge."""

from collections.abc import Sequence
from typing import Final

from playwright.sync_api import Page

from tests.browser.shown import KAREN, TOVE, Shown, Steps, follow

ULLA: Final = "Ulla Ulriksen"
VIVI: Final = "Vivi Vang"
TENDERS: Final = "/tenders"
RUNNING: Final = "/running-tenders"
COMMITTEES: Final = "/committees"


def bid_for(name: str) -> Steps:
    def steps(page: Page) -> None:
        follow(name)(page)
        page.locator('a[href$="/bid"]').first.click()
        page.wait_for_load_state()

    return steps


def save_nothing(page: Page) -> None:
    page.get_by_role("button", name="Gem kladden").click()


SHOWN: Final[Sequence[Shown]] = (
    Shown(name="tenders", route=TENDERS),
    Shown(
        name="tender-open", route="/tenders/{tender}", at=TENDERS, steps=follow("regnvandsbassiner")
    ),
    Shown(name="tender-standstill", route="/tenders/{tender}", at=TENDERS, steps=follow("Vrå")),
    Shown(
        name="tender-concluded", route="/tenders/{tender}", at=TENDERS, steps=follow("Legepladser")
    ),
    Shown(
        name="bid", route="/tenders/{tender}/bid", at=TENDERS, who=VIVI, steps=bid_for("regnvand")
    ),
    Shown(
        name="bid-result", route="/tenders/{tender}/bid", at=TENDERS, who=TOVE, steps=bid_for("Vrå")
    ),
    Shown(name="own-tenders", route="/my-tenders", who=VIVI),
    Shown(name="committees", route=COMMITTEES, who=ULLA),
    Shown(
        name="committee-draft",
        route="/committees/{tender}",
        at=COMMITTEES,
        who=ULLA,
        steps=follow("Sæbyvej"),
    ),
    Shown(
        name="committee-to-rehearse",
        route="/committees/{tender}",
        at=COMMITTEES,
        who=ULLA,
        steps=follow("regnvand"),
    ),
    Shown(
        name="committee-to-open",
        route="/committees/{tender}",
        at=COMMITTEES,
        who=ULLA,
        steps=follow("containere"),
    ),
    Shown(name="running-tenders", route=RUNNING, who=KAREN),
    Shown(
        name="running-tender-wrong",
        route=f"{RUNNING}/new",
        who=KAREN,
        steps=save_nothing,
        status=422,
    ),
    Shown(
        name="running-tender-draft",
        route=f"{RUNNING}/{{tender}}",
        at=RUNNING,
        who=KAREN,
        steps=follow("Sæbyvej"),
    ),
    Shown(
        name="running-tender-open",
        route=f"{RUNNING}/{{tender}}",
        at=RUNNING,
        who=KAREN,
        steps=follow("regnvand"),
    ),
    Shown(
        name="running-tender-records",
        route="/journal/{kind}/{matter}",
        at=RUNNING,
        who=KAREN,
        steps=follow("Sæbyvej", "Vælg sagen"),
    ),
    Shown(
        name="evaluation",
        route="/evaluation/{tender}",
        at=RUNNING,
        who=KAREN,
        steps=follow("Vrå", "Bedømmelse"),
    ),
)
