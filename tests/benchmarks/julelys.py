"""Julelys as a contender: its store with a load for every command, and its desk."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import Final
from uuid import UUID

from aggregates import case
from commands.case import CaseCommand
from events.ids import CaseId
from services import answers
from services.desk import Desk
from services.eventstore.store import PostgresEventStore
from services.migrating import migrate
from services.ports import CommandWrite, EventStore, StreamWrite, Written
from services.request import Request
from services.streams import case_stream
from tests.benchmarks.julelys_events import (
    ORGANISATION,
    envelope,
    history,
    message,
    opening,
    writing,
)
from tests.keys import RING

RECORDED_AT_ONCE: Final = 100
BODY: Final = b'{"case": "0193c0de-0000-7000-8000-000000000000"}'


class NotWritten(Exception):
    """No writer touches another's streams, so every append must succeed."""


def install(conninfo: str) -> None:
    migrate(conninfo, ORGANISATION)


@contextmanager
def writer(conninfo: str, _number: int) -> Iterator[Callable[[UUID, int], None]]:
    with PostgresEventStore(conninfo, ORGANISATION, RING) as store:

        def write(stream: UUID, step: int) -> None:
            command = _command(stream, step)
            name = case_stream(command.case_id)
            found = store.read(name)
            decided = case.decider.decide(command, case.decider.replay(history(found)))
            accepted = answers.Accepted(
                status=201, location=None, version=found.version + len(decided), body=BODY
            )
            wanted = StreamWrite(stream=name, expected_version=found.version, events=decided)
            outcome = store.append(
                [
                    CommandWrite(
                        envelope=envelope(),
                        fingerprint=_fingerprint(stream),
                        answer=answers.encode(accepted),
                        streams=[wanted],
                    )
                ]
            )
            if not isinstance(outcome[0], Written):
                raise NotWritten(outcome)

        yield write


@contextmanager
def desk_writer(conninfo: str, _number: int) -> Iterator[Callable[[UUID, int], None]]:
    with PostgresEventStore(conninfo, ORGANISATION, RING) as store:
        desk = Desk(store)
        desk.start()
        try:

            def write(stream: UUID, step: int) -> None:
                desk.hand_in(
                    Request(
                        command=_command(stream, step),
                        envelope=envelope(),
                        fingerprint=_fingerprint(stream),
                        expected_version=None,
                        status=201,
                        location=None,
                        render=lambda _: BODY,
                    )
                ).result()

            yield write
        finally:
            desk.stop()


def history_of(stream: UUID, length: int) -> list[CommandWrite]:
    """A case of so many events, each by a command of its own, as it comes about in earnest."""
    opened = case.decider.decide(opening(stream), case.decider.initial)
    facts = [*opened, *(message(stream) for _ in range(length - len(opened)))]
    name = case_stream(CaseId(stream))
    return [
        CommandWrite(
            envelope=envelope(),
            fingerprint=_fingerprint(stream),
            answer=b"{}",
            streams=[StreamWrite(stream=name, expected_version=version, events=[fact])],
        )
        for version, fact in enumerate(facts)
    ]


def record(store: EventStore, writes: Sequence[CommandWrite]) -> None:
    """Append them all, in calls of a bounded size.

    Raises:
        NotWritten: one of them was not.
    """
    for start in range(0, len(writes), RECORDED_AT_ONCE):
        outcomes = store.append(writes[start : start + RECORDED_AT_ONCE])
        if not all(isinstance(each, Written) for each in outcomes):
            raise NotWritten(outcomes)


def _command(stream: UUID, step: int) -> CaseCommand:
    return writing(stream) if step else opening(stream)


def _fingerprint(stream: UUID) -> bytes:
    return sha256(b"POST /messages " + stream.bytes).digest()
