"""What everybody, and what parties of cases meet."""

from collections.abc import Sequence
from typing import Final

from tests.browser.shown import ANNA, BO, TOVE, Shown, follow

SHOWN: Final[Sequence[Shown]] = (
    Shown(name="front", route=""),
    Shown(name="front-found", route="", at="?q=jord"),
    Shown(name="front-nothing-found", route="", at="?q=xyzzy"),
    Shown(name="service", route="/services/{service}", at="/services/building-permit"),
    Shown(name="no-such-page", route="/services/{service}", at="/services/none", status=404),
    Shown(name="hearings", route="/hearings"),
    Shown(
        name="hearing-open", route="/hearings/{hearing}", at="/hearings", steps=follow("lokalplan")
    ),
    Shown(
        name="hearing-concluded",
        route="/hearings/{hearing}",
        at="/hearings",
        steps=follow("havnefront"),
    ),
    Shown(name="login", route="/login"),
    Shown(name="sessions", route="/sessions", who=ANNA),
    Shown(name="cases", route="/cases", who=ANNA),
    Shown(
        name="case", route="/cases/{case}", at="/cases", who=ANNA, steps=follow("Byggetilladelse")
    ),
    Shown(
        name="receipt",
        route="/cases/{case}/receipt",
        at="/cases",
        who=ANNA,
        steps=lambda page: (follow("Byggetilladelse")(page), page.goto(page.url + "/receipt")),
    ),
    Shown(
        name="other-times",
        route="/cases/{case}/times",
        at="/cases",
        who=BO,
        steps=follow("Forhåndsdialog", "Vælg en anden tid"),
    ),
    Shown(
        name="times",
        route="/services/{service}/times",
        at="/services/building-meeting/times",
        who=BO,
    ),
    Shown(
        name="form-held",
        route="/services/{service}/form",
        at="/services/building-meeting/times?week=2026-W47",
        who=BO,
        steps=lambda page: page.get_by_role("button", name="11.00").first.click(),
    ),
    Shown(
        name="case-decided",
        route="/cases/{case}",
        at="/cases",
        who=TOVE,
        steps=follow("Byggetilladelse"),
    ),
    Shown(
        name="case-meeting", route="/cases/{case}", at="/cases", who=BO, steps=follow("Forhånds")
    ),
    Shown(name="case-complaint", route="/cases/{case}", at="/cases", who=BO, steps=follow("Klage")),
    Shown(
        name="notifications",
        route="/me/notifications",
        who=BO,
        steps=lambda page: page.get_by_role("button", name="Gem").click(),
    ),
    Shown(name="cases-many", route="/cases", who=TOVE),
    Shown(
        name="case-waiting",
        route="/cases/{case}",
        at="/cases",
        who=ANNA,
        steps=follow("Forhåndsdialog"),
    ),
)
