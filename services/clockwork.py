"""What happens by itself: holds end, deadlines and answers are missed, responses are answered.

Nothing is remembered here. Each round asks the views what is due and turns it into commands whose
ids follow from what they are about, so that two workers, a restart or a view that lags behind
still make each thing happen once.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date, datetime
from threading import Event
from typing import Final, Protocol, TypeAlias
from uuid import NAMESPACE_OID

import structlog
from psycopg import Connection, OperationalError

from commands.calendar_day import ExpireHolds
from commands.case_deadline import MissDeadline
from commands.case_information import EndOverdueRequest
from commands.case_party_hearing import CloseExpiredPartyHearing
from commands.refusal import Refused
from events.ids import ActorId
from projections import deadlines
from services.command_handling import Command
from services.deadlines import WorkCalendar, days_off, local_date
from services.ids import derived_id
from services.ports import Clock, StoreUnavailable
from services.reactions.answer_responses import answers_due
from services.request import Answered, Request, TooBusy, unattended
from services.workers import Job

log = structlog.get_logger()

Sweep: TypeAlias = Callable[[Connection[tuple[object, ...]], datetime], object]
"""Drops what is past its time by then; cheap enough for every second."""

ROUND_SECONDS: Final = 1.0
CLOCK: Final = ActorId(Job.CLOCK.value)
CONCLUSIONS: Final = ActorId(Job.CONCLUSIONS.value)


class Desk(Protocol):
    def hand_in(self, request: Request) -> "Future[Answered]":
        """As `services.desk.Desk.hand_in`."""
        ...


Desks: TypeAlias = Mapping[ActorId, Desk]
"""To whom each hands in what is due."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A command that nobody asked for; `about` names what it follows from, for ever the same."""

    command: Command
    actor: ActorId
    about: str


def due_now(db: Connection[tuple[object, ...]], clock: Clock, calendar: WorkCalendar) -> list[Due]:
    """Everything that has fallen due, oldest first within each kind."""
    now = clock.now()
    today = local_date(now)
    return [*_ended_holds(db, now), *_overdue(db, today, calendar), *_conclusions(db, today)]


def _ended_holds(db: Connection[tuple[object, ...]], now: datetime) -> list[Due]:
    return [
        Due(
            command=ExpireHolds(day=hold.day, now=now),
            actor=CLOCK,
            about=f"hold {hold.day} {hold.expires_at.isoformat()}",
        )
        for hold in deadlines.due_holds(db, now)
    ]


def _overdue(db: Connection[tuple[object, ...]], today: date, calendar: WorkCalendar) -> list[Due]:
    """What is late. A day that was put off is another day, and so another command."""
    off = days_off(calendar, today)
    late: list[tuple[str, Command]] = [
        *(
            (
                f"deadline {each.case_id} {each.deadline} {each.due_on}",
                MissDeadline(case_id=each.case_id, deadline=each.deadline, today=today),
            )
            for each in deadlines.overdue(db, today)
        ),
        *(
            (
                f"request {each.case_id} {each.request} {each.due_on}",
                EndOverdueRequest(
                    case_id=each.case_id, request=each.request, today=today, days_off=off
                ),
            )
            for each in deadlines.overdue_requests(db, today)
        ),
        *(
            (
                f"party-hearing {each.case_id} {each.round} {each.due_on}",
                CloseExpiredPartyHearing(case_id=each.case_id, round=each.round, today=today),
            )
            for each in deadlines.expired_hearings(db, today)
        ),
    ]
    return [Due(command=command, actor=CLOCK, about=about) for about, command in late]


def _conclusions(db: Connection[tuple[object, ...]], today: date) -> list[Due]:
    return [
        Due(
            command=command,
            actor=CONCLUSIONS,
            about=f"conclusion {command.hearing} {command.case_id}",
        )
        for command in answers_due(db, today)
    ]


def carry_out(things: Iterable[Due], desks: Desks, organisation: str) -> int:
    """Hand all of it in at once and wait; returns how many were carried out or done before."""
    waiting = [
        (thing, desks[thing.actor].hand_in(_request(thing, organisation))) for thing in things
    ]
    done = 0
    for thing, answered in waiting:
        try:
            answered.result()
            done += 1
        except Refused as refusal:
            log.warning("due_command_refused", about=thing.about, code=refusal.code)
    return done


def run(
    connect: Callable[[], Connection[tuple[object, ...]]],
    desks: Desks,
    clock: Clock,
    organisation: str,
    calendar: WorkCalendar,
    stop: Event,
    sweeps: Sequence[Sweep],
) -> None:
    """A round every second until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            with connect() as db:
                while not stop.wait(ROUND_SECONDS):
                    carry_out(due_now(db, clock, calendar), desks, organisation)
                    for sweep in sweeps:
                        sweep(db, clock.now())
        except (OperationalError, StoreUnavailable, TooBusy) as away:
            log.warning("clockwork_interrupted", error=type(away).__name__)
            stop.wait(ROUND_SECONDS)


def _request(thing: Due, organisation: str) -> Request:
    return unattended(
        thing.command,
        command_id=derived_id(NAMESPACE_OID, f"{organisation} {thing.about}"),
        organisation=organisation,
        actor=thing.actor,
    )
