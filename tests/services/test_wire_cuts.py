"""A connection may break after any message of an append: all or nothing, and never a false race."""

import time
from collections.abc import Iterator
from contextlib import suppress
from itertools import count
from pathlib import Path

import pytest
import structlog

from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.ports import CommandWrite, Repeated, StoreUnavailable, StreamWrite, Written
from tests.keys import RING
from tests.services.wire import Wire, wire_to
from tests.services.writes import ANSWER, FINGERPRINT, cancelled, command, to

log = structlog.get_logger()


@pytest.fixture
def wire(postgres: str, tmp_path: Path) -> Iterator[Wire]:
    with wire_to(postgres, tmp_path) as found:
        yield found


def three_facts(number: int) -> tuple[CommandWrite, list[StreamWrite]]:
    streams = [
        to(f"case-{number}", 0, cancelled("a"), cancelled("b")),
        to(f"h-{number}", 0, cancelled()),
    ]
    return command(*streams), streams


def kept(conninfo: str, organisation: str, number: int, write: CommandWrite) -> tuple[int, int]:
    """How many facts and commands are there; asked past the wire."""
    with connect(conninfo, organisation) as db:
        facts = db.execute(
            "SELECT 1 FROM events WHERE originator_id = ANY(%s)",
            [[f"case-{number}", f"h-{number}"]],
        )
        commands = db.execute(
            "SELECT 1 FROM command WHERE command_id = %s", [write.envelope.command_id]
        )
        return len(facts.fetchall()), len(commands.fetchall())


@pytest.mark.parametrize("warm", [True, False], ids=["prepared", "connecting"])
def test_an_append_that_is_cut_anywhere_is_done_once_and_called_written(
    postgres: str, organisation: str, wire: Wire, *, warm: bool
) -> None:
    for number in count():
        write, _ = three_facts(number)
        with PostgresEventStore(wire.conninfo, organisation, RING) as store:
            if warm:
                store.append([command(to(f"warm-{number}", 0, cancelled()))])
                store.append([command()])
                time.sleep(0.05)  # the announcer's own messages are not the ones to count
            before = wire.cuts
            wire.arm(number)
            outcomes = store.append([write])
            wire.disarm()
            [last] = store.read_recorded(f"h-{number}")
        assert outcomes == [Written(position=last.position)]
        assert kept(postgres, organisation, number, write) == (3, 1)
        if wire.cuts == before:
            break
    log.info("append_cut", warm=warm, cuts=wire.cuts)

    assert wire.cuts >= (8 if warm else 12)


def test_after_a_cut_and_an_outage_a_repeat_is_recognised_and_nothing_is_half_there(
    postgres: str, organisation: str, wire: Wire
) -> None:
    wire.refuses_after_cut = True
    answers: list[str] = []
    for number in count():
        write, _ = three_facts(number)
        with PostgresEventStore(wire.conninfo, organisation, RING, deadline_seconds=0.3) as store:
            warm_up(store)
            before = wire.cuts
            wire.arm(number)
            was_answered = False
            with suppress(StoreUnavailable):
                store.append([write])
                was_answered = True
            wire.disarm()
            wire.is_refusing = False
            if wire.cuts == before:
                if was_answered:
                    break
                # The machine was too slow for so little patience, and nothing was cut.
                continue
            there = kept(postgres, organisation, number, write)
        # As patient as in earnest, for now the way is free and the machine may be slow.
        with PostgresEventStore(wire.conninfo, organisation, RING) as store:
            [outcome] = store.append([write])
        assert kept(postgres, organisation, number, write) == (3, 1)
        match outcome:
            case Repeated(fingerprint=fingerprint, answer=answer):
                assert (fingerprint, answer) == (FINGERPRINT, ANSWER)
                assert there == (3, 1)
            case Written():
                assert there == (0, 0)
            case _:
                pytest.fail(f"A false race after {number} messages: {outcome}")
        answers.append(type(outcome).__name__)
    log.info("append_cut_for_long", cuts=wire.cuts, written=answers.count("Written"))

    assert set(answers) == {"Written", "Repeated"}


def warm_up(store: PostgresEventStore) -> None:
    """A store that has so little patience may not be answered at once on a busy machine."""
    for _ in range(50):
        with suppress(StoreUnavailable):
            store.append([command()])
            return
    pytest.fail("The database does not answer.")


def test_a_server_that_neither_answers_nor_refuses_is_given_up_at_the_deadline(
    organisation: str, wire: Wire
) -> None:
    with PostgresEventStore(wire.conninfo, organisation, RING, deadline_seconds=0.5) as store:
        store.append([command()])
        wire.is_silent = True
        began = time.monotonic()
        with pytest.raises(StoreUnavailable):
            store.append([command()])
        assert time.monotonic() - began < 3.5
        wire.is_silent = False

        assert store.append([command()]) == [Written(position=0)]
