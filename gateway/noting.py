"""Each look of staff at citizens' cases is written down before anything is shown."""

from collections.abc import Sequence

import structlog

from events.ids import CaseId, TeamId
from gateway.asked import Asked
from gateway.bodies import Query
from services.authorisation import Action, Resource, may
from services.identity import Actor
from services.lookups.lookup import Lookup, Purpose, Shown, Why
from services.lookups.recording import record, said_why
from services.opened_cases import OpenedCase

log = structlog.get_logger()


async def note_case(asked: Asked, case_id: CaseId, opened: OpenedCase, shown: Shown) -> None:
    """A look at one case; nothing for a party's own.

    Raises:
        psycopg.Error: it is not written down, so nothing may be shown.
    """
    who = asked.who
    if who.party is not None:
        return
    now = asked.now()
    async with asked.organisation.reads.connection() as db:
        why = await said_why(db, who.id, case_id, now)
        lookup = Lookup(
            at=now,
            person=who.id,
            team=_in_name_of(who, opened.team),
            shown=shown,
            why=why or Why(purpose=Purpose.CASEWORK),
            is_outside=not may(who, Action.WORK_ON_CASE, _of_team(asked, opened.team)),
            cases=(case_id,),
        )
        await record(db, asked.organisation.keys, lookup)


async def note_audited(
    asked: Asked, cases: Sequence[CaseId], shown: Shown, query: Query | None = None
) -> None:
    """An auditor's look at cases, or at who looked at any, with what was searched for."""
    lookup = Lookup(
        at=asked.now(),
        person=asked.who.id,
        team="",
        shown=shown,
        why=Why(purpose=Purpose.AUDIT),
        is_outside=False,
        cases=cases,
        criteria={} if query is None else _criteria(query),
    )
    async with asked.organisation.reads.connection() as db:
        await record(db, asked.organisation.keys, lookup)


async def note_list(
    asked: Asked,
    shown: Shown,
    cases: Sequence[CaseId],
    query: Query,
    team: TeamId | None = None,
) -> None:
    """A list of one's own teams' cases, with what was searched for; also one that is empty."""
    who = asked.who
    lookup = Lookup(
        at=asked.now(),
        person=who.id,
        team=_in_name_of(who, team),
        shown=shown,
        why=Why(purpose=Purpose.CASEWORK),
        is_outside=False,
        cases=cases,
        criteria=_criteria(query),
    )
    async with asked.organisation.reads.connection() as db:
        await record(db, asked.organisation.keys, lookup)


async def has_said_why(asked: Asked, case_id: CaseId) -> bool:
    """Whether somebody has lately said why they look at a case; asked of staff only."""
    if asked.who.party is not None:
        return False
    async with asked.organisation.reads.connection() as db:
        return await said_why(db, asked.who.id, case_id, asked.now()) is not None


def raise_alarm(asked: Asked, case_id: CaseId, resource: Resource, purpose: Purpose) -> None:
    """Somebody opens a case that is not their team's, and says why: let others know."""
    if may(asked.actor, Action.WORK_ON_CASE, resource):
        return
    name = asked.organisation.name
    log.warning(
        "case_opened_from_outside",
        organisation=name,
        case=str(case_id),
        person=str(asked.who.id),
        purpose=purpose.value,
    )
    asked.gateway.meters.opened_outside.labels(name, purpose.value).inc()


def _of_team(asked: Asked, team: TeamId) -> Resource:
    return Resource(organisation=asked.organisation.name, team=team)


def _criteria(query: Query) -> dict[str, object]:
    return query.model_dump(mode="json", exclude_none=True)


def _in_name_of(who: Actor, team: TeamId | None) -> str:
    if team is not None and team in who.teams:
        return team
    return min(who.teams, default="")
