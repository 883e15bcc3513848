"""The relay's ports in memory, with faults to order; held to what the real ones promise."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from events.envelope import Recorded
from services.relay.ports import Fenced, PublishFailed, Tenure


@dataclass
class Row:
    """What every relay of a log sees of its row."""

    position: int = 0
    epoch: int = 0
    owner: "MemoryPositions | None" = None


@dataclass
class MemoryPositions:
    row: Row
    taken: list[Tenure] = field(default_factory=list)
    asked: int = 0

    async def take_over(self) -> Tenure | None:
        self.asked += 1
        if self.row.owner not in (None, self):
            return None
        self.row.owner = self
        self.row.epoch += 1
        self.taken.append(Tenure(epoch=self.row.epoch, position=self.row.position))
        return self.taken[-1]

    async def advance(self, tenure: Tenure, position: int) -> Tenure:
        if (self.row.epoch, self.row.position) != (tenure.epoch, tenure.position):
            self.lose()
            raise Fenced
        self.row.position = position
        return Tenure(epoch=tenure.epoch, position=position)

    async def give_up(self) -> None:
        self.lose()

    def lose(self) -> None:
        """As when the connection breaks: the lock is gone, and its owner does not know."""
        if self.row.owner is self:
            self.row.owner = None


@dataclass
class MemoryLog:
    """Facts at positions 1, 2, 3 …; `faults` are raised by the next reads."""

    facts: list[Recorded] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    waits: int = 0

    async def read(self, *, after: int, limit: int) -> tuple[Sequence[Recorded], int]:
        await asyncio.sleep(0)
        if self.faults:
            raise self.faults.pop(0)
        page = [fact for fact in self.facts if fact.position > after][:limit]
        return page, page[-1].position if page else after

    async def wait(self) -> None:
        self.waits += 1
        await asyncio.sleep(0)


@dataclass
class MemoryTopic:
    """What has arrived, in order. `cut` tells how much of a batch arrives when one fails."""

    arrived: list[Recorded] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    cut: list[int] = field(default_factory=list)
    after: Callable[[], Awaitable[None]] | None = None

    async def publish(self, facts: Sequence[Recorded]) -> None:
        await asyncio.sleep(0)
        self.batches.append(len(facts))
        if self.cut:
            self.arrived.extend(facts[: self.cut.pop(0)])
            raise PublishFailed
        self.arrived.extend(facts)
        if self.after is not None:
            await self.after()

    @property
    def positions(self) -> list[int]:
        return [fact.position for fact in self.arrived]
