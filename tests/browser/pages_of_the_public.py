"""What the public follows elsewhere, and what staff do for it."""

from collections.abc import Sequence
from typing import Final

from playwright.sync_api import Page

from tests.browser.shown import KAREN, LIS, RIKKE, Shown, Steps, follow

RUNNING: Final = "/running-hearings"
HEARING: Final = "/running-hearings/{hearing}"


def closed(*names: str) -> Steps:
    """To the hearing that waits to be concluded, and on."""
    return follow("åbrinken", *names)


def write_hearing(page: Page) -> None:
    page.get_by_label("Lokalplan Mindst").check()
    page.get_by_label("Titel").fill("Lokalplan for et trinbræt")
    page.get_by_label("Hvad den handler om").fill("Et trinbræt med læskærm og plads til cykler.")
    for part, value in (("Dag", "24"), ("Måned", "12"), ("År", "2027")):
        page.get_by_label(part, exact=True).fill(value)
    page.get_by_role("button", name="Se den igennem").click()


def refused(button: str) -> Steps:
    return lambda page: page.get_by_role("button", name=button).click()


def nothing_chosen(page: Page) -> None:
    page.get_by_text("Offentliggør mødedage").click()
    page.get_by_role("button", name="Offentliggør dagene").click()


SHOWN: Final[Sequence[Shown]] = (
    Shown(name="embedding", route="/embedding"),
    Shown(name="embedded-hearings", route="/embed/{language}/{name}", at="/embed/da/hearings"),
    Shown(name="embedded-services", route="/embed/{language}/{name}", at="/embed/en/services"),
    Shown(name="running-hearings", route=RUNNING, who=KAREN),
    Shown(name="running-hearing-new", route=f"{RUNNING}/new", who=KAREN),
    Shown(
        name="running-hearing-wrong",
        route=f"{RUNNING}/new",
        who=KAREN,
        steps=refused("Se den igennem"),
        status=422,
    ),
    Shown(
        name="running-hearing-look",
        route=f"{RUNNING}/new",
        who=KAREN,
        steps=write_hearing,
    ),
    Shown(
        name="running-hearing-open", route=HEARING, at=RUNNING, who=KAREN, steps=follow("parken")
    ),
    Shown(
        name="running-hearing-responses",
        route=f"{HEARING}/responses",
        at=RUNNING,
        who=KAREN,
        steps=closed("Svar (4)"),
    ),
    Shown(
        name="running-hearing-points",
        route=f"{HEARING}/points",
        at=RUNNING,
        who=KAREN,
        steps=closed("Punkter (2)"),
    ),
    Shown(
        name="running-hearing-conclusion",
        route=f"{HEARING}/conclusion",
        at=RUNNING,
        who=KAREN,
        steps=closed("Afslutning"),
    ),
    Shown(
        name="meeting-days",
        route="/calendars/{team}",
        at="/calendars/byggeri-natur",
        who=KAREN,
        steps=lambda page: page.get_by_text("Offentliggør mødedage").click(),
    ),
    Shown(
        name="meeting-days-of-several",
        route="/calendars/{team}",
        at="/calendars/ejendomsdata",
        who=LIS,
    ),
    Shown(
        name="meeting-days-refused",
        route="/calendars/{team}",
        at="/calendars/byggeri-natur",
        who=KAREN,
        steps=nothing_chosen,
        status=422,
    ),
    Shown(name="statistics", route="/statistics", who=LIS),
    Shown(
        name="statistics-of-all", route="/statistics", at="/statistics?from=2025-12-01", who=RIKKE
    ),
    Shown(
        name="statistics-backwards",
        route="/statistics",
        at="/statistics?from=2026-12-01&to=2026-01-01",
        who=LIS,
        status=422,
    ),
)
