"""The one path by which anything changes: commands queue up, and one thread writes what gathers.

A command waits for nothing but the append before its own. What has gathered meanwhile is decided
one by one, two commands on one stream seeing each other, and appended in one server call, each
with its own outcome: one that is refused or loses a race never takes its neighbours with it.
"""

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Final, assert_never
from uuid import UUID

import structlog

from commands.refusal import Refused
from services import answers
from services.command_handling import perform, service_version
from services.ports import (
    CommandWrite,
    EventStore,
    Raced,
    Repeated,
    StoreUnavailable,
    WriteOutcome,
    Written,
)
from services.request import Answered, KeyReused, Request, TooBusy, VersionStale
from services.ticket import Draft, Ticket
from services.work import States, Work

log = structlog.get_logger()

TRIES: Final = 3
"""A lost race is decided afresh, which is safe because deciding is pure, but not for ever."""

HOT_SECONDS: Final = 2.0
"""How long after a lost race a stream is approached with its lock held from the start."""

GATHERED_AT_MOST: Final = 64
WAITING_AT_MOST: Final = 2_000


class Desk:
    """Takes one organisation's commands. Start it with `open_desk`."""

    def __init__(self, store: EventStore, *, states_kept: int = 10_000) -> None:
        self._store = store
        self._states = States(store, states_kept)
        self._hot: dict[str, float] = {}
        self._queue: SimpleQueue[Ticket | None] = SimpleQueue()
        self._writer = Thread(target=self._serve, name="desk", daemon=True)

    async def perform(self, request: Request) -> Answered:
        """Carry out a command.

        Raises:
            Refused: a rule says no; recorded, so that a repeat gets the same refusal.
            VersionStale: `expected_version` is not the stream's version.
            KeyReused: the command id was used for another request.
            TooBusy: nothing was done; send the same request again.
            StoreUnavailable: the outcome is unknown; send the same request again.
        """
        return await asyncio.wrap_future(self.hand_in(request))

    def hand_in(self, request: Request) -> "Future[Answered]":
        """The same without waiting, for a caller that has no event loop or many commands."""
        if self._queue.qsize() >= WAITING_AT_MOST:
            raise TooBusy
        ticket = Ticket(request)
        self._queue.put(ticket)
        return ticket.answered

    def kept(self, command_id: UUID, fingerprint: bytes) -> Answered | None:
        """What was answered to this request before, None when it is new.

        For a caller that would turn it away before it comes to be decided: today's reasons do
        not change yesterday's answer. It asks the store, so keep it off an event loop.

        Raises:
            Refused: that was the answer.
            KeyReused: the command id was used for another request.
        """
        found = self._store.repeated(command_id)
        if found is None:
            return None
        if found.fingerprint != fingerprint:
            raise KeyReused
        return answers.answered(answers.decode(found.answer), found.position)

    def start(self) -> None:
        self._writer.start()

    def stop(self) -> None:
        """Finish what is queued, then stop."""
        self._queue.put(None)
        self._writer.join()

    def _serve(self) -> None:
        while (first := self._queue.get()) is not None:
            gathered = [first]
            while len(gathered) < GATHERED_AT_MOST:
                try:
                    another = self._queue.get_nowait()
                except Empty:
                    break
                if another is None:
                    self._queue.put(None)
                    break
                gathered.append(another)
            self._handle(gathered)

    def _handle(self, tickets: Sequence[Ticket]) -> None:
        """Write them all; those that lost a race once more with their streams to themselves."""
        waiting = [ticket for ticket in tickets if ticket.begin()]
        try:
            raced = self._write(waiting, alone=False)
            for _ in range(TRIES - 1):
                if not raced:
                    return
                waiting = [draft.ticket for draft in raced]
                streams = sorted({name for draft in raced for name in draft.work.streams})
                with self._store.exclusively(streams):
                    raced = self._write(waiting, alone=True)
            for draft in raced:
                draft.ticket.fail(TooBusy())
        except StoreUnavailable as unavailable:
            for ticket in waiting:
                ticket.fail(unavailable)
        except Exception as bug:
            log.exception("command_crashed")
            for ticket in waiting:
                ticket.fail(bug)

    def _write(self, tickets: Sequence[Ticket], *, alone: bool) -> list[Draft]:
        """Decide and append; settle all but those that are to be decided again, `alone`."""
        server = self._store.server()
        self._states.require_server(server)
        decided = [self._decide(ticket, trust_new=not alone) for ticket in tickets]
        drafts = [draft for draft in decided if draft is not None]
        too_hot = [] if alone else [draft for draft in drafts if self._is_hot(draft)]
        drafts = [draft for draft in drafts if draft not in too_hot]
        for draft in too_hot:
            self._states.forget(draft.work.streams)
        return too_hot + self._append(drafts, server)

    def _append(self, drafts: Sequence[Draft], server: object) -> list[Draft]:
        if not drafts:
            return []
        try:
            outcomes = self._store.append([draft.write for draft in drafts], server=server)
        except BaseException:
            for draft in drafts:
                self._states.forget(draft.work.streams)
            raise
        return [
            draft
            for draft, outcome in zip(drafts, outcomes, strict=True)
            if not self._settle(draft, outcome)
        ]

    def _is_hot(self, draft: Draft) -> bool:
        """Others write to its streams just now, so that going first would only lose a race."""
        if not self._hot:
            return False
        now = time.monotonic()
        self._hot = {stream: until for stream, until in self._hot.items() if until > now}
        return not self._hot.keys().isdisjoint(draft.work.streams)

    def _decide(self, ticket: Ticket, *, trust_new: bool) -> Draft | None:
        """What a ticket's command comes to, or None when it crashed (a bug in one is its own)."""
        try:
            draft = self._draft(ticket, trust_new=trust_new)
            if draft.is_stale:
                # What is remembered may be stale itself; the store has the last word.
                self._states.forget(draft.work.streams)
                draft = self._draft(ticket, trust_new=trust_new)
        except StoreUnavailable:
            raise
        except Exception as bug:
            log.exception("command_crashed")
            ticket.fail(bug)
            return None
        return draft

    def _draft(self, ticket: Ticket, *, trust_new: bool) -> Draft:
        request = ticket.request
        work = Work(self._states, trust_new=trust_new)
        kept: answers.Kept
        try:
            perform(request.command, work)
            is_stale = request.expected_version not in (None, work.own_loaded_version)
            kept = _accepted(request, work)
            streams = work.writes(service_version)
        except Refused as refusal:
            is_stale = request.expected_version not in (None, work.own_loaded_version)
            kept = answers.TurnedDown.of(refusal)
            streams = work.guards()
        if is_stale:
            # Only a repeat of what was done before can still be answered with anything but 412.
            streams = [
                replace(streams[0], expected_version=request.expected_version or 0, events=())
            ]
        elif isinstance(kept, answers.Accepted):
            work.keep()
        write = CommandWrite(
            envelope=request.envelope,
            fingerprint=request.fingerprint,
            answer=answers.encode(kept),
            streams=streams,
        )
        return Draft(ticket, work, kept, write, is_stale)

    def _settle(self, draft: Draft, outcome: WriteOutcome) -> bool:
        """Answer a ticket; False when it lost a race and must be decided afresh."""
        ticket = draft.ticket
        match outcome:
            case Written() if draft.is_stale:
                ticket.fail(VersionStale(draft.work.own_loaded_version))
            case Written(position=position):
                ticket.reply(draft.kept, position)
            case Repeated():
                self._states.forget(draft.work.streams)
                if outcome.fingerprint != ticket.request.fingerprint:
                    ticket.fail(KeyReused())
                else:
                    ticket.reply(answers.decode(outcome.answer), outcome.position)
            case Raced():
                self._states.forget(draft.work.streams)
                self._hot[outcome.stream] = time.monotonic() + HOT_SECONDS
                own = draft.work.streams[0]
                if ticket.request.expected_version is None or outcome.stream != own:
                    return False
                ticket.fail(VersionStale(outcome.actual_version))
            case _:
                assert_never(outcome)
        return True


def _accepted(request: Request, work: Work) -> answers.Accepted:
    return answers.Accepted(
        status=request.status,
        location=request.location,
        version=work.own_version,
        body=request.render(work.events()),
    )
