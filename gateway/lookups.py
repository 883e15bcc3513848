"""Routes for who looked at a case, and why."""

from dataclasses import asdict
from typing import Annotated, Final, Literal, TypeAlias

from fastapi import Depends, Query
from pydantic import Field, StringConstraints
from starlette.responses import Response

from events.ids import ActorId, CaseId
from gateway import bodies
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.door import OnCase, admit, admit_to_case
from gateway.fields import Id, PersonName
from gateway.language import in_language
from gateway.lookup_shapes import (
    LooksShape,
    LookupShape,
    LookupsShape,
    ReadsShape,
    ReasonHoldsShape,
    ShareShape,
    SpotCheckShape,
)
from gateway.noting import note_audited, raise_alarm
from gateway.openapi import problems_of
from gateway.routers import router_of
from gateway.sentences import name_of
from gateway.shapes import shaped
from gateway.wording import lookup_texts
from services.authorisation import Action
from services.lookups import listing, spot_check
from services.lookups.listing import DayOfLooks, LookupRow, Sought
from services.lookups.lookup import Purpose, Shown, Why
from services.lookups.recording import say_why

router: Final = router_of("lookups")

Auditing: TypeAlias = Annotated[Asked, Depends(admit(Action.AUDIT))]
Explaining: TypeAlias = Annotated[OnCase, Depends(admit_to_case(Action.SAY_WHY, shows=None))]
OwnCase: TypeAlias = Annotated[OnCase, Depends(admit_to_case(Action.SEE_LOOKUPS, shows=None))]


class ReasonBody(Body):
    """Why one looks at a case, for the citizen and for those who check."""

    purpose: Literal["access-request", "covering", "supervision", "emergency"]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class LookupsQuery(bodies.Query):
    case: Id | None = None
    person: PersonName | None = None
    outside: bool | None = None
    after: Annotated[int | None, Field(ge=1, le=10**18)] = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50


class SpotCheckQuery(bodies.Query):
    """`month` as 2026-11; `size` is how many looks are drawn."""

    month: Annotated[str, StringConstraints(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
    size: Annotated[int, Field(ge=1, le=200)] = 20


@router.put(
    "/cases/{case_id}/lookup-reason",
    summary="Say why one looks at a case, which opens another team's case for an hour",
    response_model=ReasonHoldsShape,
    responses=problems_of("case-not-found"),
)
async def give_reason(on: Explaining, body: ReasonBody) -> Response:
    asked = on.asked
    why = Why(purpose=Purpose(body.purpose), reason=body.reason)
    async with asked.organisation.reads.connection() as db:
        keys = asked.organisation.keys
        ends_at = await say_why(db, keys, asked.who.id, on.case_id, why, asked.now())
    raise_alarm(asked, on.case_id, on.resource, why.purpose)
    return shaped(ReasonHoldsShape(ends_at=ends_at))


@router.get(
    "/cases/{case_id}/reads",
    summary="Who looked at my case and why",
    response_model=ReadsShape,
    responses=problems_of("case-not-found"),
)
async def reads_of_case(on: OwnCase) -> Response:
    asked = on.asked
    async with asked.organisation.reads.connection() as db:
        found = await listing.of_case(db, on.case_id)
    months = asked.organisation.catalogue.lookup_months
    return shaped(ReadsShape(reads=[_looks(asked, each) for each in found], kept_months=months))


@router.get(
    "/audit/reads",
    summary="Every look at a case, by a person, or from outside its team",
    response_model=LookupsShape,
)
async def lookups(asked: Auditing, query: Annotated[LookupsQuery, Query()]) -> Response:
    case_id = None if query.case is None else CaseId(query.case)
    await note_audited(asked, () if case_id is None else (case_id,), Shown.LOOKUPS, query)
    wanted = Sought(
        case=case_id,
        person=None if query.person is None else ActorId(query.person),
        outside=query.outside,
        after=query.after,
    )
    async with asked.organisation.reads.connection() as db:
        rows = await listing.sought(db, wanted, query.limit)
    after = rows[-1].id if len(rows) == query.limit else None
    return shaped(LookupsShape(rows=[_row(asked, each) for each in rows], after=after))


@router.get(
    "/audit/reads/spot-check",
    summary="A month's looks in figures, and some of them drawn by lot",
    response_model=SpotCheckShape,
)
async def spot_check_of(asked: Auditing, query: Annotated[SpotCheckQuery, Query()]) -> Response:
    await note_audited(asked, (), Shown.LOOKUPS, query)
    async with asked.organisation.reads.connection() as db:
        shares = await spot_check.shares(db, query.month)
        sample = await spot_check.sample(db, query.month, query.size)
    shape = SpotCheckShape(
        month=query.month,
        total=sum(each.times for each in shares),
        shares=[ShareShape(**asdict(each)) for each in shares],
        sample=[_row(asked, each) for each in sample],
    )
    return shaped(shape)


def _row(asked: Asked, row: LookupRow) -> LookupShape:
    name = name_of(ActorId(row.person), asked.language, asked.names)
    return LookupShape(**asdict(row), person_name=name)


def _looks(asked: Asked, each: DayOfLooks) -> LooksShape:
    return LooksShape(**asdict(each), text=_told(asked, each))


def _told(asked: Asked, each: DayOfLooks) -> str:
    texts = lookup_texts(asked.language)
    name = asked.names.get(f"team:{each.team}")
    team = texts["auditors"] if name is None else in_language(name, asked.language)
    sentence = texts["once" if each.times == 1 else "times"]
    return sentence.format(
        team=team,
        shown=texts[f"shown-{each.shown}"],
        purpose=texts[f"purpose-{each.purpose}"],
        times=each.times,
    )
