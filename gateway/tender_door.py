"""The way in to a tender: what has happened to it is asked of the log, and counts nobody's bids."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, TypeAlias, cast

from fastapi import Depends
from starlette.responses import Response

from commands.case_deadline import DaysOff
from events.catalogue import Event
from events.ids import ActorId, TeamId, TenderId
from events.journal import Matter, MatterKind
from events.tender import TenderDrafted, TenderEvent
from gateway.asked import Asked
from gateway.commanding import perform, response_of
from gateway.door import admit
from gateway.fields import IdInPath
from gateway.ordering import Order
from gateway.problems import Problem
from gateway.sentences import name_of
from projections import tenders
from services.authorisation import Action, Resource, may
from services.bidding.standing import Tender, standing_of
from services.clock import COPENHAGEN
from services.command_handling import Command
from services.deadlines import days_off
from services.streams import tender_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class OnTender:
    """Someone let in to a tender; `facts` are all there are, and `state` what the rules make of
    them.
    """

    asked: Asked
    tender_id: TenderId
    facts: Sequence[TenderEvent]
    state: Tender

    @property
    def drafted(self) -> TenderDrafted:
        # Nothing is decided of a tender before its draft.
        return cast("TenderDrafted", self.facts[0])

    @property
    def team(self) -> TeamId:
        return self.drafted.team

    async def now(self) -> datetime:
        """By the database's clock, which is one for bids, deadlines and openings."""
        return (await self.asked.organisation.bid_clock.now()).astimezone(COPENHAGEN)

    async def shown(self) -> tenders.Tender:
        """As everybody sees it.

        Raises:
            Problem: `tender-not-found`, while no view has come to it.
        """
        async with self.asked.organisation.reads.connection() as db:
            found = await tenders.one(db, self.tender_id, await self.now())
        if found is None:
            raise Problem("tender-not-found")
        return found

    def name(self, of: str) -> str:
        return name_of(ActorId(of), self.asked.language, self.asked.names)

    def days_off(self, now: datetime) -> DaysOff:
        return days_off(self.asked.organisation.catalogue.calendar, now.date())


_OF_ITS_TEAM: Final = frozenset({Action.RUN_TENDER, Action.JOURNAL})


def admit_to_tender(action: Action, *views: str) -> Callable[..., Awaitable[OnTender]]:
    """The dependency of a route for `action` on the tender in its path, a draft only for its team
    and its committee.
    """

    async def on_tender(
        asked: Annotated[Asked, Depends(admit(action, *views))], tender_id: IdInPath
    ) -> OnTender:
        on = await tender_of(asked, TenderId(tender_id))
        if action in _OF_ITS_TEAM:
            asked.allow(team=on.team)
        elif on.state.is_draft and asked.who.id not in on.state.committee:
            raise Problem("tender-not-found")
        if action is Action.EVALUATE_BIDS:
            _require_evaluator(on)
        return on

    return on_tender


def _require_evaluator(on: OnTender) -> None:
    """The committee and the team judge bids.

    Raises:
        Problem: `not-an-evaluator`.
    """
    if on.asked.who.id not in on.state.committee and not runs(on):
        raise Problem("not-an-evaluator")


def runs(on: OnTender) -> bool:
    """Whether it is the tender of one's own team."""
    resource = Resource(organisation=on.asked.organisation.name, team=on.team)
    return may(on.asked.actor, Action.RUN_TENDER, resource)


def can_sit(asked: Asked, person: ActorId) -> bool:
    """Whether somebody who is known here may be on a committee."""
    known = asked.people.get(person)
    resource = Resource(organisation=asked.organisation.name)
    return known is not None and may(known, Action.SIT_ON_COMMITTEE, resource)


def matter_of(on: OnTender) -> Matter:
    return Matter(kind=MatterKind.TENDER, id=on.tender_id)


async def tender_of(asked: Asked, tender_id: TenderId) -> OnTender:
    """Raises:
    Problem: `tender-not-found`.
    """
    store = asked.organisation.store
    found = await asyncio.to_thread(store.read, tender_stream(tender_id))
    if not found.events:
        raise Problem("tender-not-found")
    # Nothing else is ever written to the stream.
    facts = cast("Sequence[TenderEvent]", found.events)
    return OnTender(asked=asked, tender_id=tender_id, facts=facts, state=standing_of(facts))


async def carry_out_quietly(
    asked: Asked,
    order: Order,
    command: Command,
    *,
    location: str | None = None,
    render: Callable[[Sequence[Event]], bytes] | None = None,
) -> Response:
    """As `carry_out`, without the stream's version: it would tell how many have bid."""
    done = await perform(asked, order, command, location=location, render=render)
    return response_of(done, shows_version=False)


Running: TypeAlias = Annotated[OnTender, Depends(admit_to_tender(Action.RUN_TENDER))]
Bidding: TypeAlias = Annotated[OnTender, Depends(admit_to_tender(Action.BID))]
Sitting: TypeAlias = Annotated[OnTender, Depends(admit_to_tender(Action.SIT_ON_COMMITTEE))]
Opening: TypeAlias = Annotated[OnTender, Depends(admit_to_tender(Action.OPEN_BIDS))]
Evaluating: TypeAlias = Annotated[OnTender, Depends(admit_to_tender(Action.EVALUATE_BIDS))]
