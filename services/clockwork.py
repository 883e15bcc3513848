"""What happens by itself: holds end, deadlines are missed, responses get their answers.

Nothing is remembered here. Each round asks the views what is due and turns it into commands whose
ids follow from what they are about, so that two workers, a restart or a view that lags behind
still make each thing happen once.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final
from uuid import NAMESPACE_OID

import structlog
from psycopg import Connection, OperationalError

from commands.calendar_day import ExpireHolds
from commands.case_deadline import MissDeadline
from commands.refusal import Refused
from events.ids import ActorId
from projections import deadlines
from services.clock import COPENHAGEN
from services.command_handling import Command
from services.desk import Desk
from services.documents.sweep import sweep
from services.ids import derived_id
from services.ports import Clock, StoreUnavailable
from services.reactions.answer_responses import answers_due
from services.request import Request, TooBusy, unattended

log = structlog.get_logger()

ROUND_SECONDS: Final = 1.0
CLOCK: Final = ActorId("system:clock")
CONCLUSIONS: Final = ActorId("system:hearing-conclusions")


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A command that nobody asked for; `about` names what it follows from, for ever the same."""

    command: Command
    actor: ActorId
    about: str


def due_now(db: Connection[tuple[object, ...]], clock: Clock) -> list[Due]:
    """Everything that has fallen due, oldest first within each kind."""
    now = clock.now()
    today = now.astimezone(COPENHAGEN).date()
    return [
        *(
            Due(
                command=ExpireHolds(day=hold.day, now=now),
                actor=CLOCK,
                about=f"hold {hold.day} {hold.expires_at.isoformat()}",
            )
            for hold in deadlines.due_holds(db, now)
        ),
        *(
            Due(
                command=MissDeadline(case_id=late.case_id, deadline=late.deadline, today=today),
                actor=CLOCK,
                about=f"deadline {late.case_id} {late.deadline} {late.due_on}",
            )
            for late in deadlines.overdue(db, today)
        ),
        *(
            Due(
                command=command,
                actor=CONCLUSIONS,
                about=f"conclusion {command.hearing} {command.case_id}",
            )
            for command in answers_due(db, today)
        ),
    ]


def carry_out(things: Iterable[Due], desk: Desk, organisation: str) -> int:
    """Hand all of it in at once and wait; returns how many were carried out or done before."""
    waiting = [(thing, desk.hand_in(_request(thing, organisation))) for thing in things]
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
    desk: Desk,
    clock: Clock,
    organisation: str,
    stop: Event,
    documents: Path,
) -> None:
    """A round every second until told to stop; a database that is away is waited for."""
    while not stop.is_set():
        try:
            with connect() as db:
                while not stop.wait(ROUND_SECONDS):
                    carry_out(due_now(db, clock), desk, organisation)
                    sweep(db, documents, clock.now())
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
