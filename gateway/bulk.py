"""Route for one action on many cases of a queue: each is its own command with its own answer."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Final, Literal, TypeAlias
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.case import CloseCase
from commands.case_assignment import AssignCase, ClaimCase, ReleaseCase, TransferCase
from events.ids import CaseId
from gateway.asked import Asked
from gateway.assignment import team_in
from gateway.bodies import Body
from gateway.bulk_shapes import BulkRowShape, BulkShape
from gateway.colleagues import absent_json, away_today, colleague_in, today
from gateway.commanding import kept_before, perform
from gateway.door import InTeam, admit_to_team
from gateway.fields import Id, Line, PersonName, Reason
from gateway.openapi import problems_of
from gateway.ordering import Making, Order
from gateway.problems import FieldProblem, Problem, as_problem, told
from gateway.routers import router_of
from gateway.strict import JSON
from services.authorisation import Action, Resource, may
from services.command_handling import Command
from services.ids import derived_id
from services.opened_cases import OpenedCase
from services.ports import StoreUnavailable
from services.request import Answered, TooBusy

AT_MOST: Final = 200
AT_ONCE: Final = 16
"""So many rows are looked up side by side; the desk gathers what they come to."""

CommandOf: TypeAlias = Callable[[CaseId], Command]

router: Final = router_of("queues")


class BulkBody(Body):
    """`to` belongs to assign; `team` and `reason` to transfer."""

    action: Literal["claim", "assign", "release", "transfer", "close"]
    cases: Annotated[tuple[Id, ...], Field(min_length=1, max_length=AT_MOST, strict=False)]
    to: PersonName | None = None
    team: Line | None = None
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulk:
    """What is done to each case; `answer` is kept with it."""

    within: InTeam
    order: Order
    command_of: CommandOf
    answer: bytes


@router.post(
    "/queues/{team}/bulk",
    status_code=200,
    summary="Do the same to many cases; each row says what came of it",
    response_model=BulkShape,
    responses=problems_of("team-not-found"),
)
async def act_on_many(
    within: Annotated[InTeam, Depends(admit_to_team(Action.WORK_ON_CASE))],
    order: Making,
    body: BulkBody,
) -> Response:
    command_of, answer = await _wanted(within, body)
    # Asked for here, so that a request without a key is refused before anything is done.
    key = order.command_id
    gate = asyncio.Semaphore(AT_ONCE)

    bulk = Bulk(within=within, order=order, command_of=command_of, answer=answer)

    async def row(case: UUID) -> tuple[BulkRowShape, int]:
        async with gate:
            opened = await _opened(within.asked, CaseId(case))
        return await _row(bulk, derived_id(key, str(case)), CaseId(case), opened)

    rows = await asyncio.gather(*map(row, body.cases))
    shape = BulkShape(rows=[told for told, _ in rows])
    position = max(position for _, position in rows)
    headers = {"Julelys-Position": str(position)} if position else {}
    return Response(shape.model_dump_json(), headers=headers, media_type=JSON)


async def _row(
    bulk: Bulk, part: UUID, case_id: CaseId, opened: OpenedCase | None
) -> tuple[BulkRowShape, int]:
    """What is told of one case, and the position of its last fact.

    Raises:
        TooBusy, StoreUnavailable: send the whole request again; what is done is then told again.
    """
    try:
        done = await _carry_out(bulk, part, case_id, opened)
    except (TooBusy, StoreUnavailable):
        raise
    except Exception as error:
        problem = as_problem(error)
        if problem is None:
            raise
        return _refused(bulk.within.asked, case_id, problem), 0
    absence = json.loads(done.body)["absence"] if done.body else None
    row = BulkRowShape(
        case=case_id, outcome="done", code=None, detail=None, version=done.version, absence=absence
    )
    return row, done.position


async def _carry_out(
    bulk: Bulk, part: UUID, case_id: CaseId, opened: OpenedCase | None
) -> Answered:
    asked, order = bulk.within.asked, bulk.order
    turned_away = _turned_away(bulk.within, opened)
    if turned_away is None:
        command = bulk.command_of(case_id)
        return await perform(asked, order, command, part=part, render=lambda _: bulk.answer)
    if opened is not None and opened.has_moved:
        # A transfer sent again: the case is elsewhere, because of this very request.
        kept = await kept_before(asked, order, part)
        if kept is not None:
            return kept
    raise turned_away


def _turned_away(within: InTeam, opened: OpenedCase | None) -> Problem | None:
    """Authority over each case is its own; the queue's name in the path lends none."""
    asked = within.asked
    if opened is None:
        return Problem("case-not-found")
    about = Resource(organisation=asked.organisation.name, team=opened.team, party=opened.party)
    if not may(asked.actor, asked.action, about):
        return Problem("not-allowed")
    if opened.team != within.team:
        return Problem("case-in-another-team", facts={"team": opened.team})
    return None


async def _opened(asked: Asked, case_id: CaseId) -> OpenedCase | None:
    return await asked.gateway.opened[asked.organisation.name].find_with_team(case_id)


async def _wanted(within: InTeam, body: BulkBody) -> tuple[CommandOf, bytes]:
    """The command for each case, and the answer that is kept with it.

    Raises:
        Problem: `invalid-input`, the action lacks something or is given what it has no use for.
    """
    _require_fields(body)
    asked, team, who = within.asked, within.team, within.asked.who.id
    match body.action:
        case "claim":
            return lambda case: ClaimCase(case_id=case, team=team, by=who), b""
        case "release":
            return lambda case: ReleaseCase(case_id=case, team=team), b""
        case "assign":
            to = colleague_in(asked, team, body.to or "")
            away = absent_json((await away_today(asked)).get(to))
            answer = json.dumps({"absence": away}).encode()
            return lambda case: AssignCase(case_id=case, team=team, to=to), answer
        case "transfer":
            to_team, reason = team_in(asked, body.team or ""), body.reason or ""
            return (
                lambda case: TransferCase(case_id=case, team=team, to_team=to_team, reason=reason),
                b"",
            )
        case "close":
            closed_on = today(asked)
            return lambda case: CloseCase(case_id=case, closed_on=closed_on), b""


_NEEDS: Final = {"assign": {"to"}, "transfer": {"team", "reason"}}


def _require_fields(body: BulkBody) -> None:
    needed = _NEEDS.get(body.action, set())
    given = {name for name in ("to", "team", "reason") if getattr(body, name) is not None}
    wrong = [FieldProblem(field=name, code="input-missing") for name in sorted(needed - given)]
    wrong += [
        FieldProblem(field=name, code="input-unknown-field") for name in sorted(given - needed)
    ]
    if len(set(body.cases)) < len(body.cases):
        wrong.append(FieldProblem(field="cases", code="input-repeated"))
    if wrong:
        raise Problem("invalid-input", errors=wrong)


def _refused(asked: Asked, case_id: CaseId, problem: Problem) -> BulkRowShape:
    return BulkRowShape(
        case=case_id,
        outcome="refused",
        code=problem.code,
        detail=told(problem, asked.language),
        version=None,
        absence=None,
    )
