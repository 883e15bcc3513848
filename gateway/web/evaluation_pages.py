"""Bids as they are judged: interests, scores with reasons, the award, and what follows."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.evaluation_shapes import EvaluationShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import text
from gateway.web.paging import page_route
from gateway.web.tender_words import complaint_ends, notices, state_words
from gateway.web.typed import day_of
from gateway.web.visit import NoSuchPage, Visit
from gateway.wording import problem_texts

Body = tuple[str, dict[str, object]]


async def evaluation(visit: Visit) -> Response:
    return await _page(visit)


async def act(visit: Visit) -> Response:
    """What a form of the page asks for."""
    data = await visit.form()
    made = ACTS.get(visit.asked("act"))
    if made is None:
        raise NoSuchPage
    path, body = made(data)
    try:
        done = await visit.send(f"/tenders/{visit.asked('tender')}/{path}", data, body)
    except NotDone as refused:
        return await _page(visit, refused.told, data)
    return visit.on(f"/evaluation/{visit.asked('tender')}", done)


async def _page(
    visit: Visit, refused: Told | None = None, typed: FormData | None = None
) -> Response:
    if visit.me is None:
        return visit.to_login()
    found = await visit.api.read(f"/tenders/{visit.asked('tender')}/evaluation", EvaluationShape)
    return visit.page(
        "evaluation.html",
        status=status_after(refused),
        found=found,
        tender=found.tender,
        state=state_words(found.tender, visit.language),
        bids={each.bid: each for each in found.bids},
        notices=notices(visit.language),
        ends=complaint_ends(visit.language),
        texts=problem_texts(visit.language),
        told=refused,
        typed=typed or FormData(),
    )


def _interest(data: FormData) -> Body:
    return "interests", {"has_conflict": text(data, "conflict") == "yes"}


def _score(data: FormData) -> Body:
    return "scores", {
        "bid": text(data, "bid"),
        "criterion": text(data, "criterion"),
        "points": _hundredths(text(data, "points")),
        "reason": text(data, "reason").strip(),
    }


def _award(data: FormData) -> Body:
    return "awards", {
        "lot": text(data, "lot"),
        "winner": text(data, "winner"),
        "reasons": text(data, "reasons").strip(),
        "notice": text(data, "notice"),
    }


def _complain(data: FormData) -> Body:
    return "complaints", {
        "lot": text(data, "lot"),
        "complainant": text(data, "complainant"),
        "filed_on": day_of(data, "filed"),
    }


def _end(data: FormData) -> Body:
    return "complaint-ends", {
        "lot": text(data, "lot"),
        "complainant": text(data, "complainant"),
        "end": text(data, "end"),
        "ended_on": day_of(data, "ended"),
    }


def _annul(data: FormData) -> Body:
    return "annulments", {"lot": text(data, "lot"), "reason": text(data, "reason").strip()}


def _conclude(data: FormData) -> Body:
    return "contracts", {"lot": text(data, "lot")}


def _hundredths(typed: str) -> object:
    """Of points as people write them; what is no number is left for the API to refuse."""
    try:
        return int(Decimal(typed.strip().replace(",", ".")) * 100)
    except (InvalidOperation, ValueError, OverflowError):
        return typed.strip()


ACTS: Final[Mapping[str, Callable[[FormData], Body]]] = {
    "interest": _interest,
    "score": _score,
    "award": _award,
    "complain": _complain,
    "end": _end,
    "annul": _annul,
    "conclude": _conclude,
}

ROUTES: Final[Sequence[Route]] = (
    page_route("/evaluation/{tender}", evaluation),
    page_route("/evaluation/{tender}/{act}", act, methods=("POST",)),
)
