"""One projection on its way along the log, and what it does with facts that it cannot take in."""

import threading
from collections.abc import Iterator
from time import monotonic, sleep

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from projections import caseload, hearings, timeline
from services.database import connect
from services.eventstore.store import PostgresEventStore
from services.projecting.generations import NotEnsured, require_live
from services.projecting.projector import OtherVersion, Projector
from services.projecting.retrying import Retried
from tests.keys import RING
from tests.services.projecting import POISON, Case, Fault, Town, many_cases, open_town


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    with open_town(postgres, organisation) as found:
        yield found


def test_a_step_takes_in_what_is_new_and_says_so(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    with (
        town.projector(timeline.projection) as projector,
        connect(town.conninfo, town.schema) as listener,
    ):
        listener.execute(SQL("LISTEN {}").format(Identifier(f"{town.schema}_views")))
        assert projector.step() == 1
        position = case.says("Hej", "Er I der?")
        assert projector.step() == 2
        assert projector.step() == 0
        heard = [word.payload for word in listener.notifies(timeout=1, stop_after=2)]

    assert heard == ["timeline 1", f"timeline {position}"]
    assert town.texts(case) == ["Hej", "Er I der?"]


def test_a_view_reaches_positions_that_do_not_concern_it(town: Town) -> None:
    position = Case(town.store).opens()

    town.catch_up(hearings.projection)

    assert town.position("hearings") == position


def test_steps_are_bounded(town: Town) -> None:
    many_cases(town.store, 100)

    with town.projector(timeline.projection) as projector:
        taken_in = [projector.step() for _ in range(3)]

    assert taken_in == [500, 100, 0]


def test_a_poison_fact_stops_its_own_stream_and_no_other(town: Town) -> None:
    fault = Fault()
    sick, well = Case(town.store), Case(town.store)
    sick.opens()
    well.opens()
    poison = sick.says("before", POISON)
    well.says("one")
    later = sick.says("after")
    well.says("two")

    town.catch_up(fault.projection)

    assert town.texts(sick) == ["before"]
    assert town.texts(well) == ["one", "two"]
    assert [(each.position, each.stream) for each in town.parked()] == [
        (poison, sick.stream),
        (later, sick.stream),
    ]
    first, second = town.parked()
    assert first.error is not None
    assert first.error.startswith("ValueError at services/projecting.py:")
    assert second.error is None


def test_what_comes_later_on_a_parked_stream_waits_behind_it(town: Town) -> None:
    fault = Fault()
    sick = Case(town.store)
    sick.opens()
    sick.says(POISON)
    town.catch_up(fault.projection)
    sick.says("the day after")
    fault.error = None

    town.catch_up(fault.projection)

    assert town.texts(sick) == []
    assert [each.error is None for each in town.parked()] == [False, True]


def test_after_the_mending_a_retry_makes_the_view_what_the_log_says(town: Town) -> None:
    fault = Fault()
    cases = [Case(town.store) for _ in range(6)]
    for case in cases:
        case.opens()
    for number, case in enumerate(cases):
        case.says("a", POISON if number % 2 else "b", "c")
    town.catch_up(fault.projection)
    assert len(town.parked()) == 6
    fault.error = None

    assert town.retry(fault.projection) == Retried(taken_in=6, parked=0)

    assert town.parked() == []
    assert town.texts(cases[1]) == ["a", POISON, "c"]
    assert town.differing(timeline.projection) == 0
    cases[1].says("on we go")
    town.catch_up(fault.projection)
    assert town.texts(cases[1])[-1] == "on we go"
    assert town.differing(timeline.projection) == 0


def test_a_retry_stops_at_the_first_failure_of_each_stream(town: Town) -> None:
    fault = Fault()
    first, second = Case(town.store), Case(town.store)
    for case in (first, second):
        case.opens()
        case.says(POISON, "after", "long after")
    town.catch_up(fault.projection)

    assert town.retry(fault.projection) == Retried(taken_in=0, parked=6)
    assert [each.attempts for each in town.parked()] == [2, 1, 1, 2, 1, 1]

    fault.error = None
    assert town.retry(fault.projection, first.stream) == Retried(taken_in=3, parked=0)
    assert town.texts(first) == [POISON, "after", "long after"]
    assert {each.stream for each in town.parked()} == {second.stream}


def test_several_poisons_in_one_batch_are_each_found(town: Town) -> None:
    fault = Fault()
    cases = [Case(town.store) for _ in range(40)]
    for number, case in enumerate(cases):
        case.opens()
        case.says(POISON if number in (0, 7, 8, 39) else "fine", "end")

    town.catch_up(fault.projection)

    sick = [case for case in cases if town.texts(case) != ["fine", "end"]]
    assert sick == [cases[number] for number in (0, 7, 8, 39)]
    assert len(town.parked()) == 8


def test_what_the_database_cannot_hold_is_poison(town: Town) -> None:
    case = Case(town.store)
    case.opens()
    case.says("nul \x00")

    town.catch_up(timeline.projection)

    (parked,) = town.parked()
    assert parked.error is not None
    assert "nul" not in parked.error
    assert parked.error.startswith("UntranslatableCharacter (22P05) at projections/timeline.py:")


@pytest.mark.parametrize(
    "passing",
    [
        psycopg.errors.SerializationFailure(),
        psycopg.errors.QueryCanceled(),
        psycopg.errors.AdminShutdown(),
        psycopg.OperationalError("connection lost"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_trouble_that_passes_parks_nothing(town: Town, passing: Exception) -> None:
    fault = Fault(error=passing)
    case = Case(town.store)
    case.opens()
    case.says(POISON)
    with town.projector(fault.projection) as projector, pytest.raises(type(passing)):
        projector.step()
    assert (town.parked(), town.position()) == ([], 0)

    fault.error = None
    town.catch_up(fault.projection)

    assert town.texts(case) == [POISON]


def test_a_table_that_is_missing_is_not_the_facts_fault(town: Town) -> None:
    Case(town.store).opens()
    with connect(town.conninfo, town.schema) as db:
        db.execute("DROP TABLE timeline_1 CASCADE")

    with (
        town.projector(timeline.projection) as projector,
        pytest.raises(psycopg.errors.UndefinedTable),
    ):
        projector.step()

    assert (town.parked(), town.position()) == ([], 0)


def spoil(town: Town, case: Case, state: bytes) -> None:
    """Append a fact whose bytes are no event, as a bug of another version might have."""
    with connect(town.conninfo, town.schema) as db:
        db.execute(
            "INSERT INTO events (originator_id, originator_version, topic, metadata, state,"
            " event_id) SELECT originator_id, originator_version + 1, 'case.party-wrote.v1',"
            " metadata, %s, gen_random_uuid() FROM events WHERE originator_id = %s"
            " ORDER BY originator_version DESC LIMIT 1",
            (state, case.stream),
        )
    case.version += 1


@pytest.mark.parametrize("state", [b"", b"{}", b"\xff\x00", b"[1]"])
def test_a_fact_that_cannot_be_read_stops_its_own_stream_and_no_other(
    town: Town, state: bytes
) -> None:
    sick, well = Case(town.store), Case(town.store)
    sick.opens()
    well.opens()
    sick.says("before")
    spoil(town, sick, state)
    well.says("one")
    sick.says("after")
    well.says("two")

    town.catch_up(timeline.projection)

    assert town.texts(sick) == ["before"]
    assert town.texts(well) == ["one", "two"]
    first, second = town.parked()
    assert (first.position, first.stream) == (4, sick.stream)
    assert first.error is not None
    assert first.error.startswith("ValidationError")
    assert (second.position, second.error) == (6, None)
    assert town.retry(timeline.projection) == Retried(taken_in=0, parked=2)


def test_a_fact_counts_once_however_many_projectors_there_are(town: Town) -> None:
    many_cases(town.store, 300)
    end = town.store.safe_position()

    def work() -> None:
        with town.projector(caseload.projection) as projector:
            while town.position("caseload") < end:
                projector.step()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert town.differing(caseload.projection) == 0


def test_a_projector_does_not_wait_for_one_at_work(town: Town) -> None:
    Case(town.store).opens()
    with (
        town.projector(timeline.projection) as projector,
        connect(town.conninfo, town.schema) as other,
    ):
        with other.transaction():
            require_live(other, "timeline", lock=True)
            assert projector.step() == 0
        assert projector.step() == 1


def test_one_projector_is_elected_and_the_next_when_it_has_gone(town: Town) -> None:
    first = town.projector(timeline.projection)
    with town.projector(timeline.projection) as second:
        with town.projector(caseload.projection) as other:
            assert first.elect()
            assert not second.elect()
            assert other.elect()
        first.close()
        # The server lets go of a lock when it notices that its connection has gone.
        ends = monotonic() + 5
        while not (elected := second.elect()) and monotonic() < ends:
            sleep(0.01)
        assert elected


def test_a_projection_without_a_table_says_so(postgres: str, organisation: str) -> None:
    with (
        PostgresEventStore(postgres, organisation, RING) as store,
        pytest.raises(NotEnsured),
    ):
        Projector(postgres, organisation, store, timeline.projection)


def test_code_of_another_version_leaves_the_view_alone(town: Town) -> None:
    with connect(town.conninfo, town.schema) as db:
        db.execute("UPDATE projection SET version = version + 1")

    with pytest.raises(OtherVersion) as caught:
        town.projector(timeline.projection)

    ours = timeline.projection.version
    assert (caught.value.live_version, caught.value.our_version) == (ours + 1, ours)
