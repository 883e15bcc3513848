"""What caseworkers meet: the queue, a case from each side, records, post and absence."""

from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from playwright.sync_api import Page

from services.demo.ids import demo_id
from tests.browser.shown import KAREN, LIS, Shown, Steps, follow

QUEUE: Final = "/queues/byggeri-natur"
PERMIT: Final = "Byggetilladelse: Tilbygning"
HOUSE: Final = "Byggetilladelse: Nybyggeri, Strandvejen"
MARKET: Final = "Arrangement: Byens marked"
DEMOLITION: Final = "Nedrivning"
COMPLAINT: Final = "Klage over afgørelse"
SERVED: Final = "Klage over betjening"
SOIL: Final = "Jordflytning"

Side: TypeAlias = Callable[[Page], object]


def press(name: str) -> Side:
    """Press the first button of that name, and come to where that leads."""

    def steps(page: Page) -> None:
        page.get_by_role("button", name=name).first.click()
        page.wait_for_load_state()

    return steps


def together(*all_steps: Steps) -> Steps:
    def steps(page: Page) -> None:
        for each in all_steps:
            each(page)
            page.wait_for_load_state()

    return steps


def choose_two_and_close(page: Page) -> None:
    """Which neither can be."""
    for subject in (MARKET, SERVED):
        page.get_by_role("row").filter(has_text=subject).get_by_role("checkbox").check(force=True)
    press("Afslut dem")(page)


def decide_without_words(page: Page) -> None:
    """Refused, for the party has not been heard."""
    page.get_by_label("Afslag").check(force=True)
    page.get_by_label("Hjemmel").fill("Byggelovens § 16")
    press("Registrér afgørelsen")(page)


def say_why(page: Page) -> None:
    page.get_by_label("Jeg hjælper").check(force=True)
    page.get_by_label("Hvorfor, med").fill("Karen er syg i dag.")
    press("Se sagen")(page)


def of_case(name: str, subject: str, side: str = "", more: Steps | None = None) -> Shown:
    route = "/work/{case}" + {"": "", **SIDES}[side]
    way = follow(subject, *((side,) if side else ()))
    steps = way if more is None else together(way, more)
    status = 200 if more is not decide_without_words else 409
    return Shown(name=name, route=route, at=QUEUE, who=KAREN, steps=steps, status=status)


OUTSIDE: Final = f"/work/{demo_id('hjorring', 'road-use company:99999991')}"
SIDES: Final = {
    "Dokumenter": "/documents",
    "Parter": "/parties",
    "Sagens gang": "/procedure",
    "Afgørelse": "/decision",
    "Klage": "/decision",
    "Journal og post": "/journal",
}

SHOWN: Final[Sequence[Shown]] = (
    Shown(name="queue", route="/queues/{team}", at=QUEUE, who=KAREN),
    Shown(
        name="queue-asked",
        route="/queues/{team}",
        at=f"{QUEUE}?q=byg&waiting_for=caseworker",
        who=KAREN,
    ),
    Shown(name="queue-nothing", route="/queues/{team}", at=f"{QUEUE}?q=xyzzy", who=KAREN),
    Shown(
        name="queue-nonsense",
        route="/queues/{team}",
        at=f"{QUEUE}?assigned=x",
        who=KAREN,
        status=422,
    ),
    Shown(
        name="queue-many", route="/queues/{team}", at=QUEUE, who=KAREN, steps=choose_two_and_close
    ),
    of_case("work-application", PERMIT),
    of_case("work-complaint", COMPLAINT),
    of_case("work-documents", PERMIT, "Dokumenter", follow("Byggeriet på grunden.pdf")),
    of_case("work-parties", PERMIT, "Parter"),
    of_case("work-procedure", PERMIT, "Sagens gang"),
    of_case("work-procedure-inspected", HOUSE, "Sagens gang"),
    of_case("work-procedure-heard", DEMOLITION, "Sagens gang"),
    of_case("work-decide", MARKET, "Afgørelse"),
    of_case("work-decide-refused", MARKET, "Afgørelse", decide_without_words),
    of_case("work-decided", DEMOLITION, "Afgørelse"),
    of_case("work-reassess", COMPLAINT, "Klage"),
    of_case("work-served", SERVED, "Klage"),
    of_case("work-journal-choice", MARKET, "Journal og post"),
    of_case("work-journal-refused", SOIL, "Journal og post"),
    Shown(name="journal", route="/journal", who=KAREN),
    Shown(
        name="journal-choice",
        route="/journal/{kind}/{matter}",
        at="/journal",
        who=KAREN,
        steps=follow("Vælg sagen"),
    ),
    Shown(name="post", route="/post", who=KAREN),
    Shown(name="absences", route="/absences", who=LIS),
    Shown(name="work-reason", route="/work/{case}", at=OUTSIDE, who=KAREN, status=403),
    Shown(name="work-outside", route="/work/{case}", at=OUTSIDE, who=KAREN, steps=say_why),
    Shown(
        name="work-closed",
        route="/work/{case}",
        at=f"{QUEUE}?status=closed",
        who=KAREN,
        steps=follow("Midlertidig"),
    ),
)
