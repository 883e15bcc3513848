"""The library's own interface still works on our recorder, and its unsafe settings are refused."""

import threading
from collections.abc import Iterator

import psycopg
import pytest
from eventsourcing.persistence import (
    InfrastructureFactory,
    IntegrityError,
    JSONTranscoder,
    StoredEvent,
)

from services.eventstore.factory import Factory, UnsafeSetting, settings
from services.eventstore.mapper import Mapper, NewFact, StoredFact, envelope_to_json
from services.eventstore.recorder import Recorder
from services.ids import new_id
from tests.services.writes import cancelled, envelope, extended


@pytest.fixture
def factory(postgres: str, organisation: str) -> Iterator[Factory]:
    found = InfrastructureFactory.construct(settings(postgres, organisation))
    assert isinstance(found, Factory)
    yield found
    found.close()


@pytest.fixture
def recorder(factory: Factory) -> Recorder:
    return factory.application_recorder()


METADATA = envelope_to_json(envelope())


def fact(stream: str, version: int) -> StoredFact:
    return Mapper(JSONTranscoder()).to_stored_event(
        NewFact(
            originator_id=stream,
            originator_version=version,
            event=extended() if version % 2 else cancelled(str(version)),
            event_id=new_id(),
            metadata=METADATA,
            seal=None,
        )
    )


def test_facts_are_inserted_and_selected(recorder: Recorder) -> None:
    facts = [fact("a", 1), fact("a", 2), fact("b", 1)]

    assert recorder.max_notification_id() is None
    assert recorder.insert_events(facts) == [1, 2, 3]
    assert recorder.insert_events([]) == []
    assert recorder.max_notification_id() == 3
    found = recorder.select_events("a")
    assert [(f.originator_version, f.topic, f.state) for f in found] == [
        (f.originator_version, f.topic, f.state) for f in facts[:2]
    ]
    assert [f.originator_version for f in recorder.select_events("a", desc=True, limit=1)] == [2]
    assert [f.originator_version for f in recorder.select_events("a", gt=1)] == [2]
    assert [f.originator_version for f in recorder.select_events("a", lte=1)] == [1]


def test_notifications_are_selected_by_position_and_topic(recorder: Recorder) -> None:
    recorder.insert_events([fact("a", version) for version in range(1, 6)])

    def ids(
        start: int | None, limit: int, stop: int | None = None, *, inclusive: bool
    ) -> list[int]:
        found = recorder.select_notifications(start, limit, stop, inclusive_of_start=inclusive)
        return [f.id for f in found]

    assert ids(None, 10, inclusive=True) == [1, 2, 3, 4, 5]
    assert ids(2, 2, inclusive=True) == [2, 3]
    assert ids(2, 10, 4, inclusive=False) == [3, 4]
    topics = [fact("x", 2).topic]
    assert [f.id for f in recorder.select_notifications(1, 10, topics=topics)] == [2, 4]


def test_a_taken_version_and_a_used_command_id_are_integrity_errors(recorder: Recorder) -> None:
    used = new_id()
    recorder.insert_events([fact("a", 1)], command_id=used)

    with pytest.raises(IntegrityError, match="version 1"):
        recorder.insert_events([fact("a", 1)])
    with pytest.raises(IntegrityError, match="before"):
        recorder.insert_events([fact("a", 2)], command_id=used)


def test_facts_that_our_append_cannot_keep_are_refused(recorder: Recorder) -> None:
    with pytest.raises(TypeError, match="envelope"):
        recorder.insert_events([StoredEvent("a", 1, "topic", b"")])
    with pytest.raises(ValueError, match="versions follow"):
        recorder.insert_events([fact("a", 1), fact("a", 3)])
    with pytest.raises(ValueError, match="stand together"):
        recorder.insert_events([fact("a", 1), fact("b", 1), fact("a", 2)])


def test_the_mapper_gives_back_what_it_stored(factory: Factory, recorder: Recorder) -> None:
    mapper = Mapper(JSONTranscoder())
    recorder.insert_events([fact("a", 1)])

    [found] = recorder.select_notifications(1, 1)

    assert isinstance(factory.mapper(), Mapper)
    recorded = mapper.to_domain_event(found)
    assert (recorded.stream, recorded.version, recorded.position) == ("a", 1, 1)
    assert recorded.event == extended()
    assert envelope_to_json(recorded.envelope) == METADATA


def test_a_subscription_gives_old_and_new_facts_once_though_its_connections_die(
    postgres: str, recorder: Recorder
) -> None:
    total = 30
    recorder.insert_events([fact("a", version) for version in range(1, 11)])
    seen: list[int] = []

    def follow() -> None:
        with recorder.subscribe(gt=3) as subscription:
            for notification in subscription:
                seen.append(notification.id)
                if notification.id == total:
                    return

    follower = threading.Thread(target=follow)
    follower.start()
    with psycopg.connect(postgres, autocommit=True) as db:
        for version in range(11, total + 1):
            recorder.insert_events([fact("a", version)])
            if version % 7 == 0:
                db.execute(
                    """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE application_name LIKE 'julelys-%'"""
                )
    follower.join(timeout=10)

    assert seen == list(range(4, total + 1))


def test_a_stopped_subscription_ends(recorder: Recorder) -> None:
    subscription = recorder.subscribe()
    ended = threading.Thread(target=lambda: list(subscription))
    ended.start()
    subscription.stop()
    ended.join(timeout=5)

    assert not ended.is_alive()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("POSTGRES_ENABLE_DB_FUNCTIONS", "y"),
        ("CREATE_TABLE", "y"),
        ("ORIGINATOR_ID_TYPE", "uuid"),
    ],
)
def test_settings_that_lose_facts_are_refused(name: str, value: str) -> None:
    with pytest.raises(UnsafeSetting, match=name):
        Factory(settings("host=/nowhere dbname=x user=x", "hjorring") | {name: value})


def test_recorders_that_write_past_the_append_are_refused(factory: Factory) -> None:
    with pytest.raises(UnsafeSetting):
        factory.aggregate_recorder()
    with pytest.raises(UnsafeSetting):
        factory.process_recorder()
