"""Filling in a service's form, step by step, and submitting it.

What was answered travels along in the page itself; of whoever has logged in it is kept as well, so
that they can go on later (`gateway.web.drafts_kept`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.case_shapes import SubmissionShape
from gateway.web import drafts_kept
from gateway.web.asking import NotDone, Told
from gateway.web.filling import Filling, Wrong
from gateway.web.form_matters import Matter, matter_of, needs_matter
from gateway.web.forms_sent import FILES_AT_MOST, text
from gateway.web.paging import page_route
from gateway.web.reviewing import reviewed
from gateway.web.typed import Typed
from gateway.web.uploading import with_uploads
from gateway.web.visit import NoSuchPage, Visit
from services.catalogue.service import Audience, Service
from services.deadlines import local_date

CARRIED: Final = ("about", "slot", "if_taken", "starts_at", "held_until")
"""What a submission is about, beside its answers; when a meeting is, and how long that is held."""
SUBMITTED: Final = ("about", "slot", "if_taken")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """Where a form goes on: at a step, or after the last one at the review.

    `wrong` must be mended before, `unseen` are questions that the answers have called for.
    """

    step: int
    wrong: Sequence[Wrong] = ()
    unseen: Sequence[str] = ()
    told: Told | None = None


async def begin(visit: Visit) -> Response:
    service = service_asked(visit)
    if visit.me is None and Audience.ANONYMOUS not in service.who:
        return visit.to_login()
    carried = {name: visit.request.query_params.get(name, "") for name in CARRIED}
    if service.kind == "meeting" and not carried["slot"]:
        return visit.to(f"/services/{service.id}/times")
    if needs_matter(service) and not carried["about"]:
        return visit.to(f"/services/{service.id}/about")
    matter = await matter_of(visit, service, carried["about"])
    begun = await drafts_kept.begun(visit, service, carried["about"])
    if begun is None:
        filling = _filling(visit, service, FormData())
        return _page(visit, filling, Turn(step=filling.steps()[0]), carried, matter)
    filling = _filling(visit, service, FormData(), begun.typed)
    steps = [*filling.steps(), len(filling.sections)]
    turn = Turn(step=max(step for step in steps if step <= max(begun.step, steps[0])))
    return _page(visit, filling, turn, carried, matter, saved_at=begun.saved_at)


async def go_on(visit: Visit) -> Response:
    service = service_asked(visit)
    data = await visit.form(files=FILES_AT_MOST)
    uploads = await with_uploads(visit, service, data)
    data = uploads.data
    carried = {name: text(data, name) for name in CARRIED}
    matter = await matter_of(visit, service, carried["about"])
    filling = _filling(visit, service, data)
    if text(data, "go") == "submit":
        return await _submit(visit, filling, data, carried, matter)
    turn = _turn(filling, data)
    if uploads.refused:
        turn = Turn(step=_place(filling, data), wrong=uploads.refused)
    kept = await drafts_kept.keep(visit, filling, turn.step, carried["about"], data)
    saved_at = visit.now() if kept else None
    then = text(data, "then") if turn.step < len(filling.sections) else ""
    if text(data, "go").startswith("edit"):
        then = "review"
    return _page(visit, filling, turn, carried, matter, saved_at=saved_at, then=then)


async def forget(visit: Visit) -> Response:
    """Throw away what was kept; whoever wants to can begin anew."""
    service, data = service_asked(visit), await visit.form()
    await drafts_kept.forget(visit, service, text(data, "about"), data)
    if text(data, "then") != "form":
        return visit.to("/cases")
    carried = {name: text(data, name) for name in CARRIED if text(data, name)}
    query = f"?{urlencode(carried)}" if carried else ""
    return visit.to(f"/services/{service.id}/form{query}")


def _place(filling: Filling, data: FormData) -> int:
    _, _, place = text(data, "go").partition(":")
    given = place or text(data, "step")
    return int(given) if given.isdecimal() and int(given) <= len(filling.sections) else 0


def _turn(filling: Filling, data: FormData) -> Turn:
    step, action = _place(filling, data), text(data, "go").partition(":")[0]
    last = len(filling.sections)
    if action == "back":
        before = [each for each in filling.steps() if each < step]
        return Turn(step=before[-1] if before else step)
    if action == "next" and step < last:
        return _next(filling, step, to_review=text(data, "then") == "review")
    return Turn(step=min(step, last - 1))


def _next(filling: Filling, step: int, *, to_review: bool) -> Turn:
    """Mistakes first, then what the answers have called for, then the next step."""
    unseen = [each.id for each in filling.unseen(step)]
    wrong = [each for each in filling.wrong(step) if each.field not in unseen]
    if wrong or unseen:
        return Turn(step=step, wrong=wrong, unseen=unseen)
    after = [each for each in filling.steps() if each > step]
    if to_review:
        after = [each for each in after if filling.wrong(each)]
    return Turn(step=after[0] if after else len(filling.sections))


def _page(
    visit: Visit,
    filling: Filling,
    turn: Turn,
    carried: Mapping[str, str],
    matter: Matter | None,
    *,
    saved_at: datetime | None = None,
    then: str = "",
) -> Response:
    """A step of the form, or all of it to look through."""
    service, is_review = filling.service, turn.step == len(filling.sections)
    here = () if is_review else filling.sections[turn.step].fields
    elsewhere = [field for field in service.form.fields() if field not in here]
    refused = turn.told.status if turn.told is not None else 422 if turn.wrong else 200
    own = {"sections": list(reviewed(filling))} if is_review else _step(filling, turn)
    return visit.page(
        "review.html" if is_review else "form.html",
        status=refused,
        service=service,
        filling=filling,
        steps=filling.steps(),
        step=turn.step,
        hidden=[*carried.items(), *filling.typed.hidden(elsewhere)],
        carried=carried,
        matter=matter,
        held_for=_seconds_until(carried["held_until"], visit.now()),
        told=turn.told,
        keeps=drafts_kept.keeps(visit),
        draft=drafts_kept.address_of(service, carried["about"]),
        saved_at=saved_at,
        then=then,
        **own,
    )


def _step(filling: Filling, turn: Turn) -> dict[str, object]:
    return {
        "typed": filling.typed,
        "section": filling.sections[turn.step],
        "document_names": " ".join(drafts_kept.document_names(filling.service)),
        "wrong": turn.wrong,
        "unseen": turn.unseen,
        "errors": {each.field: each.message for each in turn.wrong},
        "asked": {field.id for field in filling.asked()},
    }


async def _submit(
    visit: Visit,
    filling: Filling,
    data: FormData,
    carried: Mapping[str, str],
    matter: Matter | None,
) -> Response:
    body: dict[str, object] = {"answers": filling.answers()}
    body |= {name: carried[name] for name in SUBMITTED if carried[name]}
    service = filling.service
    try:
        done = await visit.send(f"/services/{service.id}/submissions", data, body)
    except NotDone as refused:
        return _page(visit, filling, _refused(filling, refused.told), carried, matter)
    receipt = SubmissionShape.model_validate_json(done.body)
    await drafts_kept.forget(visit, service, carried["about"], data)
    if visit.me is None:
        return visit.page("receipt.html", service=service, receipt=receipt)
    return visit.on(f"/cases/{receipt.case}/receipt", done)


def _refused(filling: Filling, told: Told) -> Turn:
    """Back to the first step that something is wrong with; else to the review, which says what."""
    for step in filling.steps():
        if wrong := filling.wrong(step):
            return Turn(step=step, wrong=wrong)
    return Turn(step=len(filling.sections), told=told)


def _filling(visit: Visit, service: Service, data: FormData, typed: Typed | None = None) -> Filling:
    return Filling(
        service=service,
        typed=Typed.of(service.form, data) if typed is None else typed,
        today=local_date(visit.now()),
        language=visit.language,
        shown=frozenset(each for each in data.getlist("shown") if isinstance(each, str)),
    )


def _seconds_until(moment: str, now: datetime) -> int:
    """How long a time is still held; none where the address does not say."""
    try:
        return int((datetime.fromisoformat(moment) - now).total_seconds())
    except (ValueError, TypeError):
        return 0


def service_asked(visit: Visit) -> Service:
    service = visit.organisation.services.get(visit.asked("service"))
    if service is None:
        raise NoSuchPage
    return service


ROUTES: Final[Sequence[Route]] = (
    page_route("/services/{service}/form", begin),
    page_route("/services/{service}/form", go_on, methods=("POST",)),
    page_route("/services/{service}/draft", forget, methods=("POST",)),
)
