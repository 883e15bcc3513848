"""Who reads the log on behalf of everybody: a row with an epoch, and its owner's lock."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from events.envelope import Recorded
from services.ports import StoreUnavailable
from services.relay.ports import Fenced, Tenure
from tests.simulation.loop import Process
from tests.simulation.passage import Passage

Page: TypeAlias = tuple[Sequence[Recorded], int]

IDLE_SECONDS: Final = 0.9


@dataclass(slots=True)
class Ownership:
    """The row, and who holds the lock. `went_back` is whether somebody moved it back."""

    epoch: int = 0
    position: int = 0
    holder: Process | None = None
    went_back: bool = False

    def belongs_to_another(self, process: Process | None) -> bool:
        return self.holder not in (None, process)

    def take(self, process: Process | None) -> Tenure | None:
        """The lock, if nobody else has it, and with it a new epoch."""
        if self.belongs_to_another(process):
            return None
        self.holder = process
        self.epoch += 1
        return Tenure(epoch=self.epoch, position=self.position)

    def advance(self, tenure: Tenure, position: int) -> Tenure:
        """Raises:
        Fenced: the row is not as the tenure has it.
        """
        if self.epoch != tenure.epoch or self.position != tenure.position:
            raise Fenced
        self.move(position)
        return Tenure(epoch=tenure.epoch, position=position)

    def move(self, position: int) -> None:
        self.went_back |= position < self.position
        self.position = position

    def let_go(self, process: Process) -> None:
        """The process, or its connection, is gone."""
        if self.holder is process:
            self.holder = None

    def restore(self, position: int) -> None:
        self.position = position
        self.holder = None


@dataclass(slots=True)
class SimulatedPositions:
    """`services.relay.ports.RelayPositions` with the semantics of a row and an advisory lock."""

    ownership: Ownership
    passage: Passage

    async def take_over(self) -> Tenure | None:
        if self.ownership.belongs_to_another(self.passage.process):
            return None
        try:
            return await self.passage.through("take over", self._take_over, StoreUnavailable)
        except StoreUnavailable:
            await self.give_up()
            return None

    async def advance(self, tenure: Tenure, position: int) -> Tenure:
        async def move() -> Tenure:
            return self.ownership.advance(tenure, position)

        try:
            return await self.passage.through(f"advance to {position}", move, Fenced)
        except Fenced:
            self.passage.outside.disturbances += 1
            await self.give_up()
            raise

    async def give_up(self) -> None:
        process = self.passage.process
        if process is not None:
            self.ownership.let_go(process)

    async def _take_over(self) -> Tenure | None:
        return self.ownership.take(self.passage.process)


@dataclass(slots=True)
class SimulatedReader:
    """`services.relay.ports.LogReader` over `read_page`, which a known-bad variant replaces."""

    read_page: Callable[[int, int], Page]
    passage: Passage

    async def read(self, *, after: int, limit: int) -> Page:
        async def read_page() -> Page:
            return self.read_page(after, limit)

        return await self.passage.through(f"read after {after}", read_page, StoreUnavailable)

    async def wait(self) -> None:
        await asyncio.sleep(IDLE_SECONDS)

    async def close(self) -> None:
        """There is nothing to close."""
