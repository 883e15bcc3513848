"""Filling in a service's form as people do: what a page asks, page by page, to the review."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from playwright.sync_api import FilePayload, Locator, Page

NEXT: Final = "Næste"
PAGES_AT_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class File:
    name: str
    content: bytes


Answers = Mapping[str, object]


def fill_in(page: Page, answers: Answers) -> None:
    """From where one is to the review; an answer is looked for by the field's id."""
    for _ in range(PAGES_AT_MOST):
        if page.locator("dl.review").count():
            return
        fill_step(page, answers)
        press(page, NEXT)
    raise AssertionError(page.locator("main").inner_text())


def fill_step(page: Page, answers: Answers) -> None:
    """What the page asks, and what that calls for at once where there is JavaScript."""
    filled: set[str] = set()
    while True:
        shown = page.locator("[data-field]:visible").evaluate_all(
            "all => all.map(each => each.dataset.field)"
        )
        wanted = [name for name in shown if name in answers and name not in filled]
        if not wanted:
            return
        for name in wanted:
            _answer(page, page.locator(f'[data-field="{name}"]'), name, answers[name])
            filled.add(name)


def press(page: Page, name: str | re.Pattern[str]) -> None:
    """A button of the page itself, and wait for what comes of it."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).last.click()


def _answer(page: Page, field: Locator, name: str, answer: object) -> None:
    own = f"a.{name}"
    if isinstance(answer, File):
        _upload(page, field, answer)
    elif isinstance(answer, date):
        for part in ("day", "month", "year"):
            field.locator(f'[name="{own}.{part}"]').fill(str(getattr(answer, part)))
    elif field.locator("input[type=radio], input[type=checkbox]").count():
        given = answer if isinstance(answer, list) else [answer]
        for each in given:
            value = {True: "yes", False: "no"}[each] if isinstance(each, bool) else each
            field.locator(f'[value="{value}"]').check()
    else:
        field.locator(f'[name="{own}"]').fill(str(answer))


def _upload(page: Page, field: Locator, file: File) -> None:
    """Sent as it is chosen; without JavaScript there is a button for it."""
    sent = field.locator(".uploaded li")
    before = sent.count()
    chosen = field.locator("input[type=file]")
    given = FilePayload(name=file.name, mimeType="application/pdf", buffer=file.content)
    chosen.set_input_files([given])
    button = field.get_by_role("button", name="Læg op")
    if button.is_visible():
        with page.expect_navigation():
            button.click()
    sent.nth(before).wait_for()
