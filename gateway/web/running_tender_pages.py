"""One tender as its team runs it: material, committee, questions, deadline, invitations."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.journal_shapes import JournalListShape
from gateway.tender_shapes import RunningTenderShape
from gateway.web.asking import NotDone, Told, status_after
from gateway.web.forms_sent import FILES_AT_MOST, text
from gateway.web.hearing_form import DateTyped
from gateway.web.new_tender_pages import BELOW
from gateway.web.paging import page_route
from gateway.web.tender_words import days_left, procedures, state_words, told_by_post
from gateway.web.visit import NoSuchPage, Visit
from gateway.wording import problem_texts
from services.clock import COPENHAGEN

AT_MOST: Final = "100"

Body = tuple[str, dict[str, object]]


async def tender(visit: Visit) -> Response:
    return await _page(visit)


async def act(visit: Visit) -> Response:
    """What a form of the page asks for."""
    data = await visit.form(files=FILES_AT_MOST)
    made = ACTS.get(visit.asked("act"))
    if made is None:
        raise NoSuchPage
    try:
        path, body = made(data, await visit.uploads(data))
        done = await visit.send(path.format(tender=visit.asked("tender")), data, body)
    except NotDone as refused:
        return await _page(visit, refused.told, data)
    return visit.on(f"{BELOW}/{visit.asked('tender')}", done)


async def _page(
    visit: Visit, refused: Told | None = None, typed: FormData | None = None
) -> Response:
    if visit.me is None:
        return visit.to_login()
    tender_id = visit.asked("tender")
    found, entries = await asyncio.gather(
        visit.api.read(f"{BELOW}/{tender_id}", RunningTenderShape),
        visit.api.read("/journal", JournalListShape, matter=tender_id, limit=AT_MOST),
    )
    texts = problem_texts(visit.language)
    return visit.page(
        "running-tender.html",
        status=status_after(refused),
        found=found,
        tender=found.tender,
        entries=entries,
        state=state_words(found.tender, visit.language),
        procedure=procedures(visit.language)[found.tender.procedure],
        missing=[texts[code] for code in found.missing],
        days_left=days_left(found.tender, visit.now()),
        now=visit.now(),
        told_of=told_by_post(visit.language),
        names={each.member: each.name for each in found.committee},
        told=refused,
        typed=typed or FormData(),
    )


def _material(_: FormData, documents: Sequence[str]) -> Body:
    return "/tenders/{tender}/material", {"documents": list(documents)}


def _committee(data: FormData, _: Sequence[str]) -> Body:
    members = [each for each in data.getlist("member") if isinstance(each, str)]
    return "/tenders/{tender}/committee", {
        "members": members,
        "threshold": _number(data, "threshold"),
    }


def _publish(data: FormData, _: Sequence[str]) -> Body:
    return "/tenders/{tender}/publish", {"closes_at": _moment(data)}


def _answer(data: FormData, _: Sequence[str]) -> Body:
    return "/tenders/{tender}/answers", {
        "question": text(data, "question"),
        "text": text(data, "text").strip(),
        "answer": text(data, "answer").strip(),
    }


def _amend(data: FormData, documents: Sequence[str]) -> Body:
    return "/tenders/{tender}/amendments", {
        "text": text(data, "text").strip(),
        "documents": list(documents),
        "is_essential": text(data, "essential") == "yes",
    }


def _propose(data: FormData, _: Sequence[str]) -> Body:
    reason = text(data, "reason").strip()
    return "/tenders/{tender}/deadline-proposals", {"closes_at": _moment(data), "reason": reason}


def _approve(data: FormData, _: Sequence[str]) -> Body:
    return "/tenders/{tender}/deadline-approvals", {"closes_at": text(data, "closes_at")}


def _invite(data: FormData, _: Sequence[str]) -> Body:
    bidders = [each for each in data.getlist("bidder") if isinstance(each, str)]
    return "/tenders/{tender}/invitations", {"bidders": bidders, "closes_at": _moment(data)}


def _cancel(data: FormData, _: Sequence[str]) -> Body:
    return "/tenders/{tender}/cancel", {"reason": text(data, "reason").strip()}


def _retry(data: FormData, _: Sequence[str]) -> Body:
    return "/journal/tenders/{tender}/retry", {"entry": text(data, "entry")}


def _number(data: FormData, name: str) -> int:
    typed = text(data, name).strip()
    return int(typed) if typed.isdecimal() else 0


def _moment(data: FormData) -> str:
    """A day and a time of day; what is none is left for the API to refuse."""
    day = DateTyped.of(data, "day").read
    try:
        at = time.fromisoformat(text(data, "time").strip().replace(".", ":"))
    except ValueError:
        return ""
    return "" if day is None else datetime.combine(day, at, COPENHAGEN).isoformat()


def _post(path: str) -> Callable[[FormData, Sequence[str]], Body]:
    return lambda data, _: (path, {"notification": text(data, "notification")})


ACTS: Final[Mapping[str, Callable[[FormData, Sequence[str]], Body]]] = {
    "material": _material,
    "committee": _committee,
    "publish": _publish,
    "answer": _answer,
    "amend": _amend,
    "propose": _propose,
    "approve": _approve,
    "invite": _invite,
    "cancel": _cancel,
    "retry": _retry,
    "resend": _post("post/retry"),
    "paper": _post("post/paper"),
    "posted": _post("post/posted"),
}

ROUTES: Final[Sequence[Route]] = (
    page_route(f"{BELOW}/{{tender}}", tender),
    page_route(f"{BELOW}/{{tender}}/{{act}}", act, methods=("POST",)),
)
