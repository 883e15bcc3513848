"""What auditors and administrators meet."""

from collections.abc import Sequence
from typing import Final

from playwright.sync_api import Page

from tests.browser.shown import ASGER, RIKKE, Shown, Steps

CASE: Final = "/audit/cases/{case}"


def of_case(below: str = "") -> Steps:
    """From the list of all cases to a page of one that has been decided."""

    def steps(page: Page) -> None:
        found = page.locator(".case-list li", has_text="Nedrivning").first
        page.goto(f"{found.get_by_role('link').evaluate('each => each.href')}{below}")

    return steps


AUDIT: Final = (
    Shown(name="audit", route="/audit", who=RIKKE),
    Shown(name="audit-found", route="/audit", at="/audit?q=hjo", who=RIKKE),
    Shown(name="audit-nothing-found", route="/audit", at="/audit?q=xyzzy", who=RIKKE),
    Shown(name="audit-replay", route=CASE, at="/audit?q=hjo", who=RIKKE, steps=of_case()),
    Shown(
        name="audit-replay-first",
        route=CASE,
        at="/audit?q=hjo",
        who=RIKKE,
        steps=of_case("?event=1"),
    ),
    Shown(
        name="audit-compare",
        route=f"{CASE}/differences",
        at="/audit?q=hjo",
        who=RIKKE,
        steps=of_case("/differences"),
    ),
    Shown(
        name="audit-reads-of-case",
        route=f"{CASE}/reads",
        at="/audit?q=hjo",
        who=RIKKE,
        steps=of_case("/reads"),
    ),
    Shown(
        name="audit-export",
        route=f"{CASE}/export",
        at="/audit?q=hjo",
        who=RIKKE,
        steps=of_case("/export"),
    ),
    Shown(name="audit-reads", route="/audit/reads", who=RIKKE),
)

HERE: Final = "/administration"
OF_SERVICE: Final = f"{HERE}/services/{{service}}"
OF_VERSION: Final = f"{OF_SERVICE}/versions/{{version}}"

ADMINISTRATION: Final = (
    Shown(name="administration", route=HERE, who=ASGER),
    Shown(name="administration-running", route=f"{HERE}/running", who=ASGER),
    Shown(name="administration-services", route=f"{HERE}/services", who=ASGER),
    Shown(
        name="administration-service",
        route=OF_SERVICE,
        at=f"{HERE}/services/building-permit",
        who=ASGER,
    ),
    Shown(
        name="administration-no-such-service",
        route=OF_SERVICE,
        at=f"{HERE}/services/none",
        who=ASGER,
        status=404,
    ),
    Shown(
        name="administration-version",
        route=OF_VERSION,
        at=f"{HERE}/services/building-permit/versions/2",
        who=ASGER,
    ),
    Shown(
        name="administration-draft",
        route=OF_SERVICE,
        at=f"{HERE}/services/temporary-event",
        who=ASGER,
    ),
    Shown(
        name="administration-version-mistaken",
        route=OF_VERSION,
        at=f"{HERE}/services/road-use/versions/2",
        who=ASGER,
    ),
    Shown(
        name="administration-organisation",
        route=f"{HERE}/organisation",
        who=ASGER,
    ),
)

SHOWN: Final[Sequence[Shown]] = (*AUDIT, *ADMINISTRATION)
