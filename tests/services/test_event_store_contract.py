"""What every event store promises, asked of each in turn."""

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from events.case import PartyWrote
from events.hearing import HearingCancelled, HearingExtended
from events.ids import CaseId, MessageId
from services.clock import SetClock
from services.eventstore.store import PostgresEventStore
from services.memory import MemoryEventStore
from services.ports import CommandWrite, EventStore, Raced, Repeated, StoreUnavailable, Written
from tests.keys import RING
from tests.services.writes import (
    ANSWER,
    FINGERPRINT,
    HEARING,
    NOON,
    cancelled,
    command,
    envelope,
    extended,
    reasons,
    to,
)


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest) -> Iterator[EventStore]:
    if request.param == "memory":
        yield MemoryEventStore(SetClock(NOON))
        return
    conninfo: str = request.getfixturevalue("postgres")
    organisation: str = request.getfixturevalue("organisation")
    with PostgresEventStore(conninfo, organisation, RING) as found:
        yield found


def written_at(store: EventStore, *writes: CommandWrite) -> list[int]:
    positions = []
    for outcome in store.append(writes):
        assert isinstance(outcome, Written)
        positions.append(outcome.position)
    return positions


def test_what_was_appended_is_read_back_in_order(store: EventStore) -> None:
    written_at(store, command(to("hearing-1", 0, cancelled("a"), extended())))
    written_at(store, command(to("hearing-1", 2, cancelled("b"))))

    found = store.read("hearing-1")

    assert tuple(found.events) == (cancelled("a"), extended(), cancelled("b"))
    assert found.version == 3


def test_a_stream_without_events_stands_at_0(store: EventStore) -> None:
    assert store.read("hearing-1").version == 0
    assert list(store.read("hearing-1").events) == []
    assert list(store.read_recorded("hearing-1")) == []


def test_a_stream_is_read_between_two_versions(store: EventStore) -> None:
    written_at(store, command(to("hearing-1", 0, *map(cancelled, "abcd"))))

    assert reasons(store.read("hearing-1", up_to=2).events) == ["a", "b"]
    assert store.read("hearing-1", up_to=2).version == 2
    assert reasons(store.read("hearing-1", after=1, up_to=3).events) == ["b", "c"]
    assert reasons(store.read("hearing-1", after=3).events) == ["d"]
    assert store.read("hearing-1", after=4).version == 4
    assert store.read("hearing-1", up_to=0).version == 0


def test_a_stream_is_read_between_two_versions_with_its_envelopes(store: EventStore) -> None:
    written_at(store, command(to("hearing-1", 0, *map(cancelled, "abcd"))))
    whole = store.read_recorded("hearing-1")

    assert store.read_recorded("hearing-1", after=1, up_to=3) == whole[1:3]
    assert store.read_recorded("hearing-1", after=3) == whole[3:]
    assert list(store.read_recorded("hearing-1", after=4, up_to=5)) == []


def test_a_stale_writer_is_told_where_the_stream_stands(store: EventStore) -> None:
    written_at(store, command(to("hearing-1", 0, cancelled("first"))))

    [ahead, behind] = store.append(
        [
            command(to("hearing-1", 2, cancelled("ahead"))),
            command(to("hearing-1", 0, cancelled("behind"))),
        ]
    )

    assert ahead == Raced(stream="hearing-1", actual_version=1)
    assert behind == Raced(stream="hearing-1", actual_version=1)
    assert reasons(store.read("hearing-1").events) == ["first"]


def test_what_was_decided_on_another_server_is_not_written(store: EventStore) -> None:
    write = command(to("hearing-1", 0, cancelled()))

    with pytest.raises(StoreUnavailable):
        store.append([write], server="another")
    assert store.read("hearing-1").version == 0
    assert store.append([write], server=store.server()) == [Written(position=1)]
    assert store.append([command(to("hearing-1", 1, cancelled()))]) == [Written(position=2)]


def test_a_raced_command_may_be_sent_again_under_its_id(store: EventStore) -> None:
    write = command(to("hearing-1", 1, cancelled()))
    assert isinstance(store.append([write])[0], Raced)
    written_at(store, command(to("hearing-1", 0, cancelled("first"))))

    assert isinstance(store.append([write])[0], Written)


def test_each_command_of_a_batch_has_its_own_outcome(store: EventStore) -> None:
    written_at(store, command(to("hearing-2", 0, cancelled("old"))))

    [good, stale, other] = store.append(
        [
            command(to("hearing-1", 0, cancelled("good"))),
            command(to("hearing-2", 0, cancelled("stale"), cancelled("stale"))),
            command(to("hearing-3", 0, cancelled("other"))),
        ]
    )

    assert isinstance(good, Written)
    assert isinstance(other, Written)
    assert good.position < other.position
    assert stale == Raced(stream="hearing-2", actual_version=1)
    facts, _ = store.read_log(after=0, limit=10)
    assert reasons([fact.event for fact in facts]) == ["old", "good", "other"]


def test_a_later_command_of_a_batch_sees_what_an_earlier_one_wrote(store: EventStore) -> None:
    outcomes = store.append(
        [
            command(to("hearing-1", 0, cancelled("a"))),
            command(to("hearing-1", 1, cancelled("b"), cancelled("c"))),
            command(to("hearing-1", 1, cancelled("lost"))),
            command(to("hearing-1", 3, cancelled("d"))),
        ]
    )

    assert [type(outcome) for outcome in outcomes] == [Written, Written, Raced, Written]
    assert reasons(store.read("hearing-1").events) == ["a", "b", "c", "d"]


def test_several_streams_are_written_together_or_not_at_all(store: EventStore) -> None:
    written_at(store, command(to("case-1", 0, cancelled("x"))))

    [raced] = store.append(
        [command(to("hearing-1", 0, cancelled("a")), to("case-1", 0, cancelled("b")))]
    )
    [written] = store.append(
        [command(to("hearing-1", 0, cancelled("c")), to("case-1", 1, cancelled("d")))]
    )

    assert raced == Raced(stream="case-1", actual_version=1)
    assert isinstance(written, Written)
    assert reasons(store.read("hearing-1").events) == ["c"]
    assert reasons(store.read("case-1").events) == ["x", "d"]
    assert store.read_recorded("case-1")[-1].position == written.position


def test_a_guarded_stream_must_stand_where_it_stood_and_is_left_alone(store: EventStore) -> None:
    written_at(store, command(to("hearing-1", 0, cancelled("h"))))

    [held] = store.append([command(to("case-1", 0, cancelled("a")), to("hearing-1", 1))])
    [moved] = store.append([command(to("case-2", 0, cancelled("b")), to("hearing-1", 0))])

    assert isinstance(held, Written)
    assert moved == Raced(stream="hearing-1", actual_version=1)
    assert store.read("hearing-1").version == 1
    assert store.read("case-2").version == 0


def test_a_command_without_events_is_kept_too(store: EventStore) -> None:
    write = command(to("hearing-1", 0))
    streamless = command()

    assert store.append([write, streamless]) == [Written(position=0), Written(position=0)]
    kept = Repeated(fingerprint=FINGERPRINT, answer=ANSWER, position=0)
    assert store.append([write, streamless]) == [kept, kept]
    assert store.safe_position() == 0


def test_a_repeated_command_gets_what_was_answered_then(store: EventStore) -> None:
    write = command(to("hearing-1", 0, cancelled("a")))
    [position] = written_at(store, write)
    another = replace(write, fingerprint=b"another", answer=b"another", streams=())

    expected = Repeated(fingerprint=FINGERPRINT, answer=ANSWER, position=position)
    assert store.append([write]) == [expected]
    assert store.append([another]) == [expected]
    assert store.read("hearing-1").version == 1


def test_an_answer_is_found_by_its_command_id(store: EventStore) -> None:
    write = command(to("hearing-1", 0, cancelled()))
    assert store.repeated(write.envelope.command_id) is None

    store.append([write])

    assert store.repeated(write.envelope.command_id) == Repeated(
        fingerprint=write.fingerprint, answer=write.answer, position=1
    )


def test_of_one_id_twice_in_a_batch_the_second_is_the_repeat(store: EventStore) -> None:
    write = command(to("hearing-1", 0, cancelled("a")))
    neighbour = command(to("hearing-2", 0, cancelled("b")))

    [first, between, second] = store.append([write, neighbour, write])

    assert isinstance(first, Written)
    assert isinstance(between, Written)
    assert second == Repeated(fingerprint=FINGERPRINT, answer=ANSWER, position=first.position)
    assert store.safe_position() == between.position


def test_nothing_is_done_for_an_empty_batch(store: EventStore) -> None:
    assert store.append([]) == []


def test_a_command_that_names_a_stream_twice_is_a_mistake(store: EventStore) -> None:
    with pytest.raises(ValueError, match="once"):
        store.append([command(to("a", 0, cancelled()), to("a", 1, cancelled()))])


def test_the_whole_envelope_is_kept(store: EventStore) -> None:
    full = command(to("hearing-1", 0, cancelled(), cancelled()))
    bare = replace(
        full,
        envelope=replace(
            envelope(),
            on_behalf_of=None,
            causation_id=None,
            service_version=None,
            traceparent=None,
        ),
        streams=(to("hearing-1", 2, cancelled()),),
    )
    positions = written_at(store, full, bare)

    facts = store.read_recorded("hearing-1")

    assert [fact.envelope for fact in facts] == [full.envelope, full.envelope, bare.envelope]
    assert [fact.version for fact in facts] == [1, 2, 3]
    assert [fact.stream for fact in facts] == ["hearing-1"] * 3
    assert [facts[1].position, facts[2].position] == positions
    assert len({fact.event_id for fact in facts}) == 3
    assert all(fact.recorded_at.utcoffset() is not None for fact in facts)
    assert store.read_log(after=0, limit=10)[0] == facts


def test_each_stream_of_a_command_keeps_the_version_of_its_own_service(store: EventStore) -> None:
    older = replace(to("case-1", 0, cancelled()), service_version="building-meeting.1")
    newer = replace(to("case-2", 0, cancelled()), service_version="building-meeting.2")
    (outcome,) = store.append([command(older, to("hearing-1", 0, cancelled()), newer)])

    assert isinstance(outcome, Written)
    facts, _ = store.read_log(after=0, limit=10)
    assert [fact.envelope.service_version for fact in facts] == [
        "building-meeting.1",
        envelope().service_version,
        "building-meeting.2",
    ]


def test_the_log_is_read_in_pages_without_gap_or_repeat(store: EventStore) -> None:
    for number in range(7):
        written_at(store, command(to(f"hearing-{number}", 0, cancelled(str(number)))))
    seen: list[str] = []
    position = 0
    while True:
        facts, reached = store.read_log(after=position, limit=3)
        if not facts:
            break
        assert reached == facts[-1].position
        seen += reasons([fact.event for fact in facts])
        position = reached

    assert seen == list("0123456")
    assert reached == position == store.safe_position()


def test_left_out_facts_are_passed_over(store: EventStore) -> None:
    streams = to("hearing-1", 0, extended(), cancelled("a"), extended(), cancelled("b"), extended())
    [last] = written_at(store, command(streams))

    one, at_one = store.read_log(after=0, limit=1, only=[HearingCancelled])
    rest, at_end = store.read_log(after=at_one, limit=10, only=[HearingCancelled])
    none, still = store.read_log(after=0, limit=10, only=[PartyWrote])
    both, _ = store.read_log(after=0, limit=10, only=[HearingCancelled, HearingExtended])

    assert reasons([fact.event for fact in one]) == ["a"]
    assert reasons([fact.event for fact in rest]) == ["b"]
    assert at_end == last
    assert (list(none), still) == ([], last)
    assert len(both) == 5


def test_a_reader_at_the_end_stays_where_it_is(store: EventStore) -> None:
    [last] = written_at(store, command(to("hearing-1", 0, cancelled())))

    assert store.read_log(after=last, limit=10) == ([], last)
    assert store.read_log(after=last + 5, limit=10)[0] == []
    assert store.read_log(after=0, limit=0) == ([], 0)


def test_large_facts_and_all_of_unicode_come_back_unchanged(store: EventStore) -> None:
    everything = "".join(chr(code) for code in range(1, 0x3000) if not 0xD800 <= code < 0xE000)
    large = PartyWrote(
        case_id=CaseId(HEARING),
        message=MessageId(HEARING),
        text=everything + "æøå 🎄" * 100_000,
        documents=(),
    )
    stream = "hearing-æøå 🎄'\"\\{}"
    written_at(store, command(to(stream, 0, large, cancelled("")), to("plain", 0, large)))

    assert len(large.text.encode()) > 1_000_000
    assert tuple(store.read(stream).events) == (large, cancelled(""))
    assert store.read_log(after=0, limit=1)[0][0].event == large


def test_of_two_writers_at_once_one_wins_and_the_other_is_told(store: EventStore) -> None:
    rounds = 30
    together = threading.Barrier(2)
    outcomes: list[list[object]] = [[], []]

    def write(number: int) -> None:
        for version in range(rounds):
            together.wait()
            outcomes[number] += store.append(
                [command(to("hearing-1", version, cancelled(f"{number}")))]
            )

    threads = [threading.Thread(target=write, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    for version, pair in enumerate(zip(*outcomes, strict=True), start=1):
        assert sorted(type(outcome).__name__ for outcome in pair) == ["Raced", "Written"]
        assert Raced(stream="hearing-1", actual_version=version) in pair
    assert store.read("hearing-1").version == rounds


def test_whoever_holds_a_stream_cannot_lose_a_race_on_it(store: EventStore) -> None:
    late: list[object] = []

    def append_without_asking() -> None:
        late.extend(store.append([command(to("hearing-1", 0, cancelled()))]))

    other = threading.Thread(target=append_without_asking)
    with store.exclusively(["hearing-1"]):
        other.start()
        other.join(0.2)
        assert other.is_alive()
        (own,) = store.append([command(to("hearing-1", 0, cancelled()))])
    other.join()

    assert isinstance(own, Written)
    assert late == [Raced(stream="hearing-1", actual_version=1)]


def test_whoever_holds_a_stream_keeps_others_who_ask_away_and_can_append(
    store: EventStore,
) -> None:
    count = 8
    outcomes: list[object] = []

    def load_and_append() -> None:
        with store.exclusively(["hearing-1", "case-1", "hearing-1"]):
            version = store.read("hearing-1").version
            outcomes.extend(store.append([command(to("hearing-1", version, cancelled()))]))

    threads = [threading.Thread(target=load_and_append) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [type(outcome) for outcome in outcomes] == [Written] * count
    assert store.read("hearing-1").version == count
