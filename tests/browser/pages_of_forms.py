"""The forms of services, as they are filled in."""

from collections.abc import Callable, Sequence
from typing import Final

from playwright.sync_api import Page

from tests.browser.shown import ANNA, BO, TOVE, Shown, Steps

FORM: Final = "/services/{service}/form"
PERMIT: Final = "/services/building-permit/form"
ALL_ONE_NEEDS: Final = "Tak for et godt forslag, men stien langs åen bør blive."


def _press(*names: str) -> Steps:
    def steps(page: Page) -> None:
        for name in names:
            page.get_by_role("button", name=name, exact=True).last.click()
            page.wait_for_load_state()

    return steps


def _one_after_another(*steps: Callable[[Page], object]) -> Steps:
    def all_of_them(page: Page) -> None:
        for each in steps:
            each(page)

    return all_of_them


def _property(page: Page) -> None:
    page.get_by_label("Adresse", exact=True).fill("Algade 1, 9800 Hjørring")
    page.get_by_label("Køber, lejer").check()


def _response(page: Page) -> None:
    page.get_by_role("link", name="lokalplan").first.click()
    page.get_by_role("link", name="Svar på høringen").first.click()
    page.get_by_label("Jeg er for", exact=True).check()
    page.get_by_label("Natur og dyreliv").check()
    page.get_by_label("Dit høringssvar").fill(ALL_ONE_NEEDS)


def _about_oneself(page: Page) -> None:
    page.get_by_label("mig selv").first.check()


SHOWN: Final[Sequence[Shown]] = (
    Shown(
        name="form-anonymous",
        route=FORM,
        at="/hearings",
        steps=_one_after_another(_response),
    ),
    Shown(
        name="form-review",
        route=FORM,
        at="/hearings",
        steps=_one_after_another(_response, _press("Næste"), _about_oneself, _press("Næste")),
    ),
    Shown(name="form", route=FORM, at=PERMIT, who=BO),
    Shown(name="form-wrong", route=FORM, at=PERMIT, who=BO, steps=_press("Næste"), status=422),
    Shown(
        name="form-draft",
        route=FORM,
        at=PERMIT,
        who=TOVE,
        steps=_one_after_another(_property, _press("Næste"), lambda page: page.goto(page.url)),
    ),
    Shown(
        name="form-about",
        route="/services/{service}/about",
        at="/services/complaint-decision/form",
        who=TOVE,
    ),
    Shown(
        name="form-about-none",
        route="/services/{service}/about",
        at="/services/complaint-decision/form",
        who=ANNA,
    ),
)
