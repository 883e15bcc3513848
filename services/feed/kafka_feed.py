"""The feed over Kafka: a consumer group whose members share an organisation's streams."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Final
from uuid import UUID

import structlog

from events.catalogue import Event, names_of
from services.feed.group_member import GroupMember
from services.feed.intake import Intake
from services.feed.port import FactRef, FeedUnavailable
from services.relay.kafka_client import Record
from services.relay.settings import KafkaSettings, Options, client_options, topic_of

log = structlog.get_logger()

PAGE: Final = 200
ROOM: Final = 1000
"""How many fetched facts may wait for the reader before fetching pauses."""
WAIT_SECONDS: Final = 0.25
CLOSE_SECONDS: Final = 10.0
SETTLING_SECONDS: Final = 15.0
"""How long a member may take to find its place, after all who are silent have lost theirs."""
POLL_INTERVAL_SECONDS: Final = 300.0


def group_of(organisation: str, consumer: str) -> str:
    return f"julelys.{organisation}.{consumer}"


class KafkaFeed:
    """`services.feed.port.Feed` over what the relay publishes; `consumer` names the group.

    Joins at the first `read`. With `only`, facts of other classes are left out. A member with a
    `group_instance_id` keeps its partitions over a restart, and `close` does not give them to
    others: they wait `settings.session_seconds` for it to come back.
    """

    def __init__(
        self,
        settings: KafkaSettings,
        organisation: str,
        consumer: str,
        only: Sequence[type[Event]] = (),
        *,
        group_instance_id: str | None = None,
        room: int = ROOM,
        poll_interval_seconds: float = POLL_INTERVAL_SECONDS,
    ) -> None:
        self._names = names_of(only)
        self._intake = Intake()
        self._arrived = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._given = False
        session_seconds = settings.session_seconds
        options = {
            **_consumer_options(settings, group_of(organisation, consumer)),
            "group_instance_id": group_instance_id,
            "session_timeout_ms": round(session_seconds * 1000),
            "heartbeat_interval_ms": round(min(3.0, session_seconds / 3) * 1000),
            "max_poll_interval_ms": round(poll_interval_seconds * 1000),
            "max_poll_records": min(PAGE, room),
        }
        self._member = GroupMember(
            options,
            topic_of(organisation),
            self._intake,
            refer=self._refer,
            arrived=self._tell,
            room=room,
            unsettled_seconds=session_seconds + SETTLING_SECONDS,
        )

    @property
    def waiting(self) -> int:
        """How many fetched facts wait to be read."""
        return len(self._intake)

    async def read(self) -> Sequence[FactRef]:
        self._start()
        self._arrived.clear()
        # Taken out here and not on a thread: a caller that is cancelled while it waits must not
        # have been given anything, for the next commit would count it as taken in.
        facts = self._intake.give(PAGE)
        if not facts:
            if self._member.failed:
                raise FeedUnavailable("Kafka does not answer.")
            with suppress(TimeoutError):
                async with asyncio.timeout(WAIT_SECONDS):
                    await self._arrived.wait()
            facts = self._intake.give(PAGE)
        if facts:
            self._given = True
        elif not self._given:
            # At most what is not for us was passed over, so nobody has to take it in.
            await self.commit()
        return facts

    async def commit(self) -> None:
        self._start()
        self._given = False
        offsets = self._intake.take_in()
        if offsets:
            await asyncio.wrap_future(self._member.commit(offsets))

    async def close(self) -> None:
        if self._loop is not None:
            await asyncio.to_thread(self._member.close, CLOSE_SECONDS)

    def _start(self) -> None:
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            self._member.start()

    def _tell(self) -> None:
        if self._loop is not None:
            # A loop that has ended has nobody who waits.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self._arrived.set)

    def _refer(self, record: Record) -> FactRef | None:
        headers = dict(record.headers)
        try:
            ref = FactRef(
                event_id=UUID(headers["event_id"].decode()),
                stream=(record.key or b"").decode(),
                version=int(headers.get("stream_version", b"0")),
                position=int(headers["position"]),
                name=headers["type"].decode(),
            )
        except (KeyError, ValueError):
            # Not the relay's, so no fact of ours is lost with it.
            log.warning("foreign_record", offset=record.offset)
            return None
        return ref if not self._names or ref.name in self._names else None


def _consumer_options(settings: KafkaSettings, group: str) -> Options:
    return {
        **client_options(settings, group),
        "metrics_enabled": False,
        "group_id": group,
        "enable_auto_commit": False,
        "auto_offset_reset": "earliest",
        "isolation_level": "read_committed",
        "fetch_max_wait_ms": 200,
        "allow_auto_create_topics": False,
    }
