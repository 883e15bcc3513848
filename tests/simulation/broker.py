"""A topic with partitions, a consumer group that is balanced anew, and offsets that it keeps."""

import asyncio
import zlib
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from events.catalogue import WIRE_NAMES
from events.envelope import Recorded
from services.feed.intake import Intake
from services.feed.port import FactRef, FeedUnavailable
from services.relay.ports import PublishFailed
from tests.simulation.faults import SESSION_SECONDS
from tests.simulation.loop import Process
from tests.simulation.owners import IDLE_SECONDS
from tests.simulation.passage import Outside, Passage

PARTITIONS: Final = 3
PAGE: Final = 20
DOWN_SECONDS: Final = 1.0


@dataclass(slots=True)
class Topic:
    """`committed` are the group's offsets; `owners` who reads each partition now.

    `turn` says who gets which, and changes when the group is balanced anew.
    """

    partitions: list[list[FactRef]] = field(default_factory=lambda: [[] for _ in range(PARTITIONS)])
    committed: defaultdict[object, int] = field(default_factory=lambda: defaultdict(int))
    owners: dict[object, "SimulatedFeed"] = field(default_factory=dict)
    members: list["SimulatedFeed"] = field(default_factory=list)
    published: Counter[UUID] = field(default_factory=Counter)
    turn: int = 0

    def append(self, ref: FactRef) -> None:
        self.published[ref.event_id] += 1
        self.partitions[zlib.crc32(ref.stream.encode()) % PARTITIONS].append(ref)

    def wanted(self, feed: "SimulatedFeed") -> set[int]:
        """The partitions that are to be this member's."""
        members = sorted(self.members, key=lambda each: each.name)
        place = members.index(feed)
        return {p for p in range(PARTITIONS) if (p + self.turn) % len(members) == place}

    def expel(self, feed: "SimulatedFeed") -> None:
        """Its partitions are free for others, and it does not know."""
        if feed in self.members:
            self.members.remove(feed)
        self.owners = {p: owner for p, owner in self.owners.items() if owner is not feed}

    def expel_silent(self, now: float) -> None:
        for feed in list(self.members):
            process = feed.process
            if (process.stopped or not process.alive) and now - process.since > SESSION_SECONDS:
                self.expel(feed)


@dataclass(slots=True)
class SimulatedPublisher:
    """`services.relay.ports.Publisher`: what fails may have arrived in part, or whole."""

    topic: Topic
    passage: Passage

    async def publish(self, facts: Sequence[Recorded]) -> None:
        outside = self.passage.outside
        await self.passage.hold()
        if not outside.broker_up:
            await asyncio.sleep(DOWN_SECONDS)
            raise PublishFailed
        arrives = len(facts)
        if outside.chances.goes_unanswered():
            outside.disturbances += 1
            arrives = outside.chances.among(len(facts))
        for fact in facts[:arrives]:
            self.topic.append(ref_of(fact))
        self.passage.note(f"publish {[fact.position for fact in facts]} of which {arrives}")
        await self.passage.hold()
        if arrives < len(facts) or outside.chances.goes_unanswered():
            outside.disturbances += 1
            raise PublishFailed


class SimulatedFeed:
    """`services.feed.port.Feed` as a group's member, with the intake that the real one has.

    It hears that the group was balanced anew when it next reads or commits. What is taken from it
    in good order is committed first; of what was given to others in its absence it commits
    nothing.
    """

    def __init__(self, topic: Topic, passage: Passage, process: Process) -> None:
        self.process = process
        self.name = f"{process.name}.{process.life}"
        self._topic, self._passage = topic, passage
        self._outside: Outside = passage.outside
        self._intake = Intake()
        self._mine: set[int] = set()
        self._fetched: dict[int, int] = {}

    async def read(self) -> Sequence[FactRef]:
        await self._reach()
        self._fetch()
        found = self._intake.give(PAGE)
        if not found:
            await asyncio.sleep(IDLE_SECONDS)
            return ()
        self._passage.note(f"feed gives {[ref.position for ref in found]}")
        return found

    async def commit(self) -> None:
        offsets = self._intake.take_in()
        if not offsets:
            return
        await self._reach()
        held = {p: o for p, o in offsets.items() if self._owns(p)}
        self._commit(held)
        self._passage.note("feed commits")
        await self._passage.hold()
        if len(held) < len(offsets) or self._outside.chances.goes_unanswered():
            raise FeedUnavailable
        self._intake.committed(offsets)

    async def close(self) -> None:
        self._topic.expel(self)

    async def _reach(self) -> None:
        await self._passage.hold()
        if not self._outside.broker_up:
            await asyncio.sleep(DOWN_SECONDS)
            raise FeedUnavailable
        if self._outside.chances.goes_unanswered():
            raise FeedUnavailable
        self._balance()

    def _balance(self) -> None:
        topic = self._topic
        topic.expel_silent(self._outside.loop.time())
        if self not in topic.members:
            self._intake.taken_away(self._mine)
            self._mine.clear()
            topic.members.append(self)
        wanted = topic.wanted(self)
        unsaved = self._intake.taken_away(self._mine - wanted)
        self._commit(unsaved)
        for partition in self._mine - wanted:
            del topic.owners[partition]
        self._mine &= wanted
        for partition in sorted(wanted - self._mine):
            if partition not in topic.owners:
                topic.owners[partition] = self
                self._mine.add(partition)
                self._fetched[partition] = topic.committed[partition]
                self._intake.assigned([partition])

    def _fetch(self) -> None:
        for partition in sorted(self._mine):
            records = self._topic.partitions[partition]
            first = self._fetched[partition]
            self._intake.put(partition, list(enumerate(records[first:], start=first + 1)))
            self._fetched[partition] = len(records)

    def _commit(self, offsets: Mapping[object, int]) -> None:
        self._topic.committed.update(offsets)

    def _owns(self, partition: object) -> bool:
        return self._topic.owners.get(partition) is self


def ref_of(fact: Recorded) -> FactRef:
    return FactRef(
        event_id=fact.event_id,
        stream=fact.stream,
        version=fact.version,
        position=fact.position,
        name=WIRE_NAMES[type(fact.event)],
    )
