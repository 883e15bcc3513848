"""What Kafka tells of a tender's bids before they are opened: nothing, neither how many."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

import pytest

from commands.tender import AmendTender
from events.calendar_day import SlotHeld
from events.catalogue import Event
from events.envelope import Recorded
from events.ids import CalendarDayId, HoldId, SlotId
from events.tender_bid import BidOpened, BidReceived
from services.relay import relay
from services.relay.cloud_events import Message, message
from services.relay.internal import INTERNAL
from services.streams import calendar_day_stream, tender_stream
from tests.services.relaying import MemoryLog, MemoryPositions, MemoryTopic, Row
from tests.services.writes import envelope
from tests.tender_examples import (
    ADA,
    BOB,
    COMPANY,
    OTHER,
    PUBLISHED_AT,
    TENDER,
    Running,
    bid,
    bid_id,
    found,
    give,
    opening,
    published,
    sit,
)

ENVELOPE = envelope()
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
DAY = CalendarDayId("byggeri-natur/2026-12-01")
HELD = SlotHeld(day=DAY, slot=SlotId("9"), hold=HoldId(UUID(int=5)), party=COMPANY, expires_at=NOON)


def amend() -> AmendTender:
    return AmendTender(
        tender_id=TENDER,
        text="Bilag 2 er rettet.",
        material=(),
        is_essential=False,
        now=PUBLISHED_AT,
        days_off=frozenset(),
    )


def with_bids(count: int) -> Running:
    """Bids, each the next of its bidder, and something that is told to all after them."""
    running = published()
    running.does(*(bid(COMPANY, version=number) for number in range(1, count + 1)), amend())
    return running


def logged(history: Sequence[Event]) -> list[Recorded]:
    """As the facts would lie in the log; what is not of the tender is of a calendar day."""
    versions: Counter[str] = Counter()
    facts = []
    for position, event in enumerate(history, start=1):
        is_held = isinstance(event, SlotHeld)
        stream = calendar_day_stream(DAY) if is_held else tender_stream(TENDER)
        versions[stream] += 1
        facts.append(
            Recorded(
                event=event,
                stream=stream,
                version=versions[stream],
                position=position,
                event_id=UUID(int=position),
                recorded_at=NOON,
                envelope=ENVELOPE,
            )
        )
    return facts


def relayed(facts: Sequence[Recorded]) -> list[Message]:
    """What a relay sends of a log."""

    row, topic, log = Row(), MemoryTopic(), MemoryLog(list(facts))

    async def work() -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(relay.run(MemoryPositions(row), topic, log, stop, 10))
        async with asyncio.timeout(30):
            while row.position < len(facts):  # noqa: ASYNC110  # what is waited for has no events
                await asyncio.sleep(0)
        stop.set()
        await task

    asyncio.run(work())
    return [message(fact) for fact in topic.arrived]


@pytest.mark.parametrize("count", [1, 2, 40])
def test_what_is_sent_of_a_tender_with_bids_is_what_is_sent_of_one_without(count: int) -> None:
    history = with_bids(count).history
    without = [HELD if isinstance(event, BidReceived) else event for event in history]
    assert relayed(logged(history)) == relayed(logged(without))


def test_a_bid_that_was_opened_is_told_and_nothing_else_is_lost() -> None:
    running = published()
    running.does(bid(), bid(OTHER), sit(), give(ADA), give(BOB))
    running.does(opening(found(bid_id()), found(bid_id(OTHER))))
    facts = logged(running.history)
    told = [fact for fact in facts if type(fact.event) not in INTERNAL]
    assert relayed(facts) == [message(fact) for fact in told]
    assert sum(isinstance(fact.event, BidOpened) for fact in told) == 2
    assert len(told) == len(facts) - 2
