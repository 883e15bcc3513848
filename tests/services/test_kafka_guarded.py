"""Relay and feed through Kafka's guarded doors, with the settings that the environment gives."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TypeAlias

import pytest

from services.config import from_environment
from services.eventstore.store import PostgresEventStore
from services.feed.kafka_feed import KafkaFeed
from services.feed.port import FactRef, FeedUnavailable
from services.relay.configuring import kafka_settings
from services.relay.running import relay_all
from services.relay.settings import KafkaSettings
from services.relay.topics import TopicsUnavailable, ensure_topics
from tests.broker import Broker
from tests.kafka_guarded import NAME, PASSWORD, Guarded
from tests.keys import RING
from tests.services.certificates import certify
from tests.services.following import Followed, commit_patiently, read, run

Variables: TypeAlias = dict[str, str]

# The library does not close a socket on which it could not connect; Python does, and tells.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning"),
    pytest.mark.filterwarnings("ignore:unclosed <ssl.SSLSocket:ResourceWarning"),
    pytest.mark.usefixtures("forgotten_sockets"),
]

STREAMS = [f"hearing-{number}" for number in range(6)]
SEVERAL = {"_PARTITIONS": "3", "_REPLICATION": "1", "_MIN_IN_SYNC": "1", "_SESSION_SECONDS": "6"}


def settings(port: int, variables: Variables) -> KafkaSettings:
    """As a process reads them."""
    given = {"": f"localhost:{port}", **SEVERAL, **variables}
    config = from_environment({f"JULELYS_KAFKA{name}": value for name, value in given.items()})
    return replace(kafka_settings(config), request_seconds=3, publish_seconds=10)


def with_certificate(doors: Guarded) -> KafkaSettings:
    files = {"_CA_FILE": "ca.pem", "_CERTIFICATE_FILE": "ca.pem", "_KEY_FILE": "key.pem"}
    paths = {name: str(doors.folder / file) for name, file in files.items()}
    return settings(doors.tls, {"_SECURITY_PROTOCOL": "SSL", **paths})


def with_password(doors: Guarded, mechanism: str, password: str = PASSWORD) -> KafkaSettings:
    variables = {
        "_SECURITY_PROTOCOL": "SASL_SSL",
        "_CA_FILE": str(doors.folder / "ca.pem"),
        "_SASL_MECHANISM": mechanism,
        "_SASL_USERNAME": NAME,
        "_SASL_PASSWORD": password,
    }
    return settings(doors.login, variables)


@pytest.fixture
def doors(apache_broker: Broker) -> Guarded:
    assert apache_broker.guarded is not None
    return apache_broker.guarded


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Followed]:
    with PostgresEventStore(postgres, organisation, RING) as store:
        yield Followed(postgres, organisation, store)


@pytest.fixture(params=["certificate", "SCRAM-SHA-512", "PLAIN"])
def trusted(request: pytest.FixtureRequest, doors: Guarded) -> KafkaSettings:
    way: str = request.param
    return with_certificate(doors) if way == "certificate" else with_password(doors, way)


async def taken_in(town: Followed, trusted: KafkaSettings, count: int) -> list[FactRef]:
    """By the same member as before, which then goes away without giving up its place."""
    feed = KafkaFeed(trusted, town.schema, "sync", group_instance_id="sync-1")
    try:
        found = await read(feed, count)
        await commit_patiently(feed)
    finally:
        await feed.close()
    return found


def test_what_is_relayed_is_read_once_by_a_member_that_comes_back(
    town: Followed, trusted: KafkaSettings
) -> None:
    # A member that joins before there is a topic is balanced anew when there is one.
    assert ensure_topics(trusted, [town.schema]) == []

    async def relay_and_read() -> None:
        stop = asyncio.Event()
        stores = {town.schema: town.store}
        relaying = asyncio.create_task(relay_all(town.conninfo, stores, trusted, stop))
        town.append_many(STREAMS, each=2)
        before = await taken_in(town, trusted, 12)
        town.append_many(STREAMS, each=1)
        since = await taken_in(town, trusted, 6)
        stop.set()
        await relaying

        facts, _ = town.store.read_log(after=0, limit=100)
        assert {ref.event_id for ref in before} == {fact.event_id for fact in facts[:12]}
        assert {ref.event_id for ref in since} == {fact.event_id for fact in facts[12:]}
        assert len(before) + len(since) == len(facts)

    run(relay_and_read())


@pytest.fixture(params=["password", "authority", "certificate"])
def distrusted(request: pytest.FixtureRequest, doors: Guarded, tmp_path: Path) -> KafkaSettings:
    """Something is wrong with what is shown, or with what is believed."""
    wrong: str = request.param
    if wrong == "password":
        return with_password(doors, "SCRAM-SHA-512", "a wrong one")
    if wrong == "authority":
        certify(tmp_path)
        return replace(with_certificate(doors), ssl_cafile=str(tmp_path / "ca.pem"))
    return replace(with_certificate(doors), ssl_certfile=None, ssl_keyfile=None)


def test_who_is_not_trusted_relays_nothing_and_hears_nothing(
    town: Followed, doors: Guarded, distrusted: KafkaSettings
) -> None:
    assert ensure_topics(with_certificate(doors), [town.schema]) == []
    impatient = replace(distrusted, request_seconds=1)

    async def listen() -> None:
        feed = KafkaFeed(impatient, town.schema, "sync")
        try:
            with pytest.raises(FeedUnavailable):
                await read(feed, 1)
        finally:
            with suppress(FeedUnavailable):
                await feed.close()

    run(listen())
    with pytest.raises(TopicsUnavailable):
        ensure_topics(impatient, [town.schema])
