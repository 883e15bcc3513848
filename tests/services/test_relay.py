"""The relay's loop, over ports in memory that fail where they are told to."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from events.envelope import Recorded
from services.ports import StoreUnavailable, Undecodable
from services.relay import relay
from services.relay.ports import Tenure
from tests.services.relaying import MemoryLog, MemoryPositions, MemoryTopic, Row
from tests.services.test_relay_spreading import recorded
from tests.services.writes import cancelled


def facts(count: int, *, first: int = 1) -> list[Recorded]:
    return [
        replace(recorded(cancelled()), stream=f"hearing-{n % 3}", position=n)
        for n in range(first, first + count)
    ]


@dataclass
class Stage:
    """One log, one topic, one row, and as many relays as a test wants."""

    row: Row = field(default_factory=Row)
    log: MemoryLog = field(default_factory=MemoryLog)
    topic: MemoryTopic = field(default_factory=MemoryTopic)
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def relay(self, positions: MemoryPositions, *, batch: int = 10) -> asyncio.Task[None]:
        return asyncio.create_task(relay.run(positions, self.topic, self.log, self.stop, batch))

    async def until(self, reached: Callable[[], bool]) -> None:
        async with asyncio.timeout(30):
            while not reached():  # noqa: ASYNC110  # what is waited for has no events
                await asyncio.sleep(0)

    async def end(self, *relays: asyncio.Task[None]) -> None:
        self.stop.set()
        await asyncio.gather(*relays)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses are not what these tests are about."""
    for name in ("STANDBY_SECONDS", "FIRST_BACK_OFF_SECONDS", "LONGEST_BACK_OFF_SECONDS"):
        monkeypatch.setattr(relay, name, 0.0)


def test_everything_is_published_in_the_order_of_the_log() -> None:
    async def work() -> Stage:
        stage = Stage(log=MemoryLog(facts(25)))
        task = stage.relay(MemoryPositions(stage.row))
        await stage.until(lambda: stage.row.position == 25)
        stage.log.facts += facts(5, first=26)
        await stage.until(lambda: stage.row.position == 30)
        await stage.end(task)
        return stage

    stage = asyncio.run(work())
    assert stage.topic.positions == list(range(1, 31))


def test_no_more_than_a_batch_is_under_way() -> None:
    async def work() -> Stage:
        stage = Stage(log=MemoryLog(facts(25)))
        task = stage.relay(MemoryPositions(stage.row), batch=10)
        await stage.until(lambda: stage.row.position == 25)
        await stage.end(task)
        return stage

    assert asyncio.run(work()).topic.batches == [10, 10, 5]


def test_the_position_moves_only_after_everything_before_it_has_arrived() -> None:
    seen: list[tuple[int, int]] = []

    async def work() -> None:
        stage = Stage(log=MemoryLog(facts(30)))

        async def note() -> None:
            seen.append((stage.row.position, stage.topic.positions[-1]))

        stage.topic.after = note
        task = stage.relay(MemoryPositions(stage.row))
        await stage.until(lambda: stage.row.position == 30)
        await stage.end(task)

    asyncio.run(work())
    assert seen == [(0, 10), (10, 20), (20, 30)]


@pytest.mark.parametrize("arrived", [0, 4, 10])
def test_after_a_failure_the_whole_batch_is_sent_again_and_nothing_later_before_it(
    arrived: int,
) -> None:
    async def work() -> Stage:
        stage = Stage(log=MemoryLog(facts(20)), topic=MemoryTopic(cut=[arrived]))
        task = stage.relay(MemoryPositions(stage.row))
        await stage.until(lambda: stage.row.position == 20)
        await stage.end(task)
        return stage

    sent_again = [*range(1, arrived + 1), *range(1, 21)]
    assert asyncio.run(work()).topic.positions == sent_again


def test_a_crash_between_acknowledgement_and_position_repeats_exactly_that_batch() -> None:
    async def work() -> Stage:
        stage = Stage(log=MemoryLog(facts(30)))
        first = MemoryPositions(stage.row)

        async def crash_in_the_second() -> None:
            if len(stage.topic.batches) == 2:
                first.lose()
                task.cancel()
                await asyncio.sleep(0)

        stage.topic.after = crash_in_the_second
        task = stage.relay(first)
        await asyncio.wait([task])
        assert task.cancelled()
        stage.topic.after = None
        second = stage.relay(MemoryPositions(stage.row))
        await stage.until(lambda: stage.row.position == 30)
        await stage.end(second)
        return stage

    stage = asyncio.run(work())
    assert stage.topic.positions == [*range(1, 21), *range(11, 31)]
    assert stage.row.epoch == 2


def test_a_standby_publishes_nothing_and_takes_over_where_the_owner_was() -> None:
    async def work() -> tuple[Stage, MemoryPositions]:
        stage = Stage(log=MemoryLog(facts(10)))
        owner, standby = MemoryPositions(stage.row), MemoryPositions(stage.row)
        owning = stage.relay(owner)
        await stage.until(lambda: stage.row.position == 10)
        standing_by = stage.relay(standby)
        await stage.until(lambda: standby.asked > 3)
        assert standby.taken == []
        owning.cancel()
        await asyncio.wait([owning])
        owner.lose()
        stage.log.facts += facts(10, first=11)
        await stage.until(lambda: stage.row.position == 20)
        await stage.end(standing_by)
        return stage, standby

    stage, standby = asyncio.run(work())
    assert standby.taken == [Tenure(epoch=2, position=10)]
    assert stage.topic.positions == list(range(1, 21))


def test_an_owner_that_was_fenced_stops_and_stands_by() -> None:
    async def work() -> tuple[Stage, MemoryPositions]:
        stage = Stage(log=MemoryLog(facts(10)))
        old, new = MemoryPositions(stage.row), MemoryPositions(stage.row)

        async def lose() -> None:
            # Its connection dies while its batch is under way; another comes forward.
            stage.topic.after = None
            old.lose()
            await new.take_over()

        stage.topic.after = lose
        zombie = stage.relay(old)
        await stage.until(lambda: old.asked > 3)
        assert stage.row.position == 0
        new.lose()
        await stage.until(lambda: stage.row.position == 10)
        await stage.end(zombie)
        return stage, old

    stage, old = asyncio.run(work())
    assert [tenure.epoch for tenure in old.taken] == [1, 3]
    assert stage.topic.positions == [*range(1, 11), *range(1, 11)]


def test_a_store_that_was_away_is_taken_over_anew() -> None:
    """It may come back as it was on an older day, with an older position."""

    async def work() -> Stage:
        away: list[Exception] = [StoreUnavailable(), StoreUnavailable()]
        stage = Stage(log=MemoryLog(facts(5), faults=away))
        task = stage.relay(MemoryPositions(stage.row))
        await stage.until(lambda: stage.row.position == 5)
        await stage.end(task)
        return stage

    stage = asyncio.run(work())
    assert stage.topic.positions == [1, 2, 3, 4, 5]
    assert stage.row.epoch == 3


def test_a_fact_that_cannot_be_read_is_waited_for_and_never_passed() -> None:
    strange = Undecodable(name="case.of-tomorrow.v1", stream="case-1", version=1, position=1)

    async def work() -> Stage:
        stage = Stage(log=MemoryLog(facts(5), faults=[strange] * 4))
        task = stage.relay(MemoryPositions(stage.row))
        await stage.until(lambda: not stage.log.faults)
        assert stage.topic.arrived == []
        await stage.until(lambda: stage.row.position == 5)
        await stage.end(task)
        return stage

    assert asyncio.run(work()).topic.positions == [1, 2, 3, 4, 5]


def test_an_orderly_stop_gives_up_the_ownership() -> None:
    async def work() -> Stage:
        stage = Stage(log=MemoryLog(facts(5)))
        task = stage.relay(MemoryPositions(stage.row))
        await stage.until(lambda: stage.row.position == 5)
        assert stage.row.owner is not None
        await stage.end(task)
        return stage

    assert asyncio.run(work()).row.owner is None


def test_without_news_it_waits_for_the_log() -> None:
    async def work() -> Stage:
        stage = Stage()
        task = stage.relay(MemoryPositions(stage.row))
        await stage.until(lambda: stage.log.waits > 2)
        await stage.end(task)
        return stage

    stage = asyncio.run(work())
    assert stage.topic.batches == []
    assert stage.row.position == 0
