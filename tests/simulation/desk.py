"""The desk of one process: the real deciding, over a store whose commits take time."""

import asyncio
from functools import partial
from typing import Final

from commands.refusal import Refused
from services import answers
from services.command_handling import perform, service_version
from services.ports import (
    CommandWrite,
    Repeated,
    StoreUnavailable,
    WriteOutcome,
    Written,
)
from services.request import Answered, Request, TooBusy
from services.work import States, Work
from tests.simulation.passage import Passage
from tests.simulation.store import SimulatedStore

TRIES: Final = 3
STATES_KEPT: Final = 10


class SteppedDesk:
    """What `services.desk` does, without a thread: one command at a time, as on its thread.

    It lives as long as its process, and so does what it remembers of streams.
    """

    def __init__(self, store: SimulatedStore, passage: Passage) -> None:
        self._store = store
        self._passage = passage
        self._states = States(store, STATES_KEPT)
        self._turn = asyncio.Lock()

    async def perform(self, request: Request) -> Answered:
        """As `services.desk.Desk.perform`."""
        async with self._turn:
            return await self._perform(request)

    async def _perform(self, request: Request) -> Answered:
        for _ in range(TRIES):
            self._passage.require_database()
            server = self._store.server()
            self._states.require_server(server)
            work = Work(self._states, trust_new=False)
            kept, write = _decided(request, work)
            outcome = await self._append(request, work, write, server)
            if isinstance(outcome, Written):
                return answers.answered(kept, outcome.position)
            self._states.forget(work.streams)
            if isinstance(outcome, Repeated):
                return answers.answered(answers.decode(outcome.answer), outcome.position)
        raise TooBusy

    async def _append(
        self, request: Request, work: Work, write: CommandWrite, server: object
    ) -> WriteOutcome:
        process, hold = self._passage.process, self._passage.leave_open
        append = partial(self._store.append_slowly, write, server, process, hold)
        what = f"append {type(request.command).__name__}"
        try:
            return await self._passage.through(what, append, StoreUnavailable)
        except BaseException:
            self._states.forget(work.streams)
            raise


def _decided(request: Request, work: Work) -> tuple[answers.Kept, CommandWrite]:
    kept: answers.Kept
    try:
        perform(request.command, work)
        kept = answers.Accepted(
            status=request.status,
            location=request.location,
            version=work.own_version,
            body=request.render(work.events()),
        )
        streams = work.writes(service_version)
        work.keep()
    except Refused as refusal:
        kept = answers.TurnedDown.of(refusal)
        streams = work.guards()
    return kept, CommandWrite(
        envelope=request.envelope,
        fingerprint=request.fingerprint,
        answer=answers.encode(kept),
        streams=streams,
    )
