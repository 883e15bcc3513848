"""Routes for a team's meeting days: free slots, holds, and the days themselves."""

import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Annotated, Final

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from commands.calendar_day import HoldSlot, PublishSlots
from events.calendar_day import Slot, SlotHeld
from events.catalogue import Event
from events.ids import CalendarDayId, HoldId, SlotId, TeamId, calendar_day_of
from gateway import bodies
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.door import InTeam, admit_to_team
from gateway.fields import Day, DayInPath, Line, Moment, SlotName
from gateway.openapi import problems_of
from gateway.ordering import Making, Replacing
from gateway.problems import Problem, invalid
from gateway.routers import router_of
from gateway.shapes import DayShape, FullDayShape, HoldShape, SlotShape, SlotsShape, shaped
from projections import calendar
from projections import waiting as lines
from services.authorisation import Action
from services.clock import COPENHAGEN
from services.ids import new_id

HELD_FOR: Final = timedelta(minutes=10)
SHOWN_AHEAD: Final = timedelta(days=60)
SHOWN_AT_MOST: Final = timedelta(days=366)


router: Final = router_of("calendars", "/calendars/{team}")


class SlotsQuery(bodies.Query):
    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None


class HoldBody(Body):
    slot: SlotName


class SlotBody(Body):
    """`slot` is made from the start when it is not given."""

    slot: SlotName | None = None
    starts_at: Moment
    ends_at: Moment
    place: Line


class DayBody(Body):
    slots: Annotated[tuple[SlotBody, ...], Field(max_length=200, strict=False)]


@router.get(
    "/slots",
    summary="A team's free meeting slots, and the days on which none is left",
    response_model=SlotsShape,
    responses=problems_of("team-not-found"),
)
async def free_slots(
    within: Annotated[InTeam, Depends(admit_to_team(Action.READ_PUBLIC, "calendar", "waiting"))],
    query: Annotated[SlotsQuery, Query()],
) -> Response:
    now = within.asked.now()
    first = query.from_ or now.astimezone(COPENHAGEN).date()
    last = query.to or first + SHOWN_AHEAD
    if last - first > SHOWN_AT_MOST:
        raise invalid("to", "input-out-of-range", limit=f"{SHOWN_AT_MOST.days}")
    async with within.asked.organisation.reads.connection() as db:
        found = await calendar.free_slots(db, within.team, first, last, now)
        full = await calendar.full_days(db, within.team, first, last, now)
        waiting = await lines.lengths(db, [each.day for each in full])
    slots = [
        SlotShape(slot=each.slot, starts_at=each.starts_at, ends_at=each.ends_at, place=each.place)
        for each in found
    ]
    full_days = [
        FullDayShape(day=each.held_on, slot=each.slot, waiting=waiting.get(each.day, 0))
        for each in full
    ]
    return shaped(SlotsShape(slots=slots, full_days=full_days))


@router.post(
    "/holds",
    status_code=201,
    summary="Hold a slot for ten minutes",
    response_model=HoldShape,
    responses=problems_of(
        "team-not-found", "day-not-found", "slot-not-found", "slot-held", "slot-taken", "slot-past"
    ),
)
async def hold_slot(
    within: Annotated[InTeam, Depends(admit_to_team(Action.HOLD_SLOT))],
    order: Making,
    body: HoldBody,
) -> Response:
    asked = within.asked
    party = asked.party
    slot = SlotId(body.slot)
    if not slot.startswith(f"{within.team}."):
        raise Problem("slot-not-found")
    now = asked.now()
    command = HoldSlot(
        day=calendar_day_of(slot),
        slot=slot,
        hold=HoldId(new_id()),
        party=party,
        now=now,
        expires_at=now + HELD_FOR,
    )
    return await carry_out(asked, order, command, render=lambda decided: _held(slot, decided))


@router.put(
    "/days/{date}",
    summary="Publish a team's meeting day, replacing what was published before",
    status_code=200,
    response_model=DayShape,
    responses=problems_of(
        "team-not-found",
        "day-not-found",
        "slot-of-another-day",
        "slot-duplicate",
        "slot-backwards",
        "slot-in-use",
    ),
)
async def publish_day(
    within: Annotated[InTeam, Depends(admit_to_team(Action.PUBLISH_SLOTS))],
    day: DayInPath,
    order: Replacing,
    body: DayBody,
) -> Response:
    slots = _slots(within.team, day, body.slots)
    now = within.asked.now()
    command = PublishSlots(day=_day_id(within.team, day), slots=slots, now=now)
    told = json.dumps({"day": command.day, "slots": [_shown(slot) for slot in slots]})
    return await carry_out(within.asked, order, command, render=lambda _: told.encode())


def _held(slot: SlotId, decided: Sequence[Event]) -> bytes:
    held = next((e for e in decided if isinstance(e, SlotHeld) and e.slot == slot), None)
    return json.dumps(
        {
            "slot": slot,
            "hold": None if held is None else str(held.hold),
            "expires_at": None if held is None else held.expires_at.isoformat(),
        }
    ).encode()


def _shown(slot: Slot) -> dict[str, str]:
    return {
        "slot": slot.slot,
        "starts_at": slot.starts_at.isoformat(),
        "ends_at": slot.ends_at.isoformat(),
        "place": slot.place,
    }


def _day_id(team: TeamId, day: date) -> CalendarDayId:
    return CalendarDayId(f"{team}.{day.isoformat()}")


def _slots(team: TeamId, day: date, given: Sequence[SlotBody]) -> tuple[Slot, ...]:
    """The day's slots, those without an id named by local start and how many start then."""
    starting: Counter[str] = Counter()
    slots = []
    for index, each in enumerate(given):
        starts_at = each.starts_at.astimezone(COPENHAGEN)
        if starts_at.date() != day:
            raise invalid(f"slots.{index}.starts_at", "input-not-that-day")
        start = f"{starts_at:%H%M}"
        starting[start] += 1
        name = each.slot or f"{_day_id(team, day)}.{start}-{starting[start]}"
        slots.append(
            Slot(
                slot=SlotId(name),
                starts_at=starts_at,
                ends_at=each.ends_at.astimezone(COPENHAGEN),
                place=each.place,
            )
        )
    return tuple(slots)
