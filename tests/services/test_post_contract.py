"""What the outgoing post's rows promise, asked of the real ones and of the fake."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TypeAlias
from uuid import UUID

import pytest

from events.ids import NotificationId
from events.journal import Matter, MatterKind
from events.post import Channel
from services.database import connect
from services.post.memory import MemoryOutbox
from services.post.ports import (
    Mail,
    MailFate,
    MailState,
    NewMail,
    NewNotification,
    Outbox,
    Placing,
)
from services.post.postgres import PostgresOutbox
from tests.examples import ANNA

Scenario: TypeAlias = Callable[[Outbox], Awaitable[None]]
Play: TypeAlias = Callable[[Scenario], None]

NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
LEASE = 600.0


@pytest.fixture(params=["memory", "postgres"])
def play(request: pytest.FixtureRequest) -> Play:
    """Acts a scenario out on rows of its own."""
    if request.param == "memory":

        async def in_memory(scenario: Scenario) -> None:
            await scenario(MemoryOutbox())

        return lambda scenario: asyncio.run(in_memory(scenario))
    conninfo: str = request.getfixturevalue("postgres")
    organisation: str = request.getfixturevalue("organisation")

    async def in_postgres(scenario: Scenario) -> None:
        async with PostgresOutbox(conninfo, organisation) as outbox:
            await scenario(outbox)

    return lambda scenario: asyncio.run(in_postgres(scenario))


def notification(number: int) -> NewNotification:
    return NewNotification(
        notification=NotificationId(UUID(int=number)),
        matter=Matter(kind=MatterKind.CASE, id=UUID(int=7)),
        event_id=UUID(int=1000 + number),
        stream="case-7",
        version=number,
        position=number,
        fact="case.closed.v1",
        recorded_at=NOON,
    )


def mail(number: int, *, due_at: datetime = NOON, channel: Channel = Channel.EMAIL) -> NewMail:
    return NewMail(mail=UUID(int=number << 64), channel=channel, party=ANNA, due_at=due_at)


def placing(number: int, *mails: NewMail) -> Placing:
    return Placing(new=notification(number), mails=mails or (mail(number),))


async def claim(outbox: Outbox, now: datetime = NOON) -> Mail | None:
    return await outbox.claim(now, LEASE, list(Channel))


async def claimed(outbox: Outbox, now: datetime = NOON) -> Mail:
    found = await claim(outbox, now)
    assert found is not None
    return found


def test_a_notification_is_kept_as_it_was_given_and_once(play: Play) -> None:
    async def scenario(outbox: Outbox) -> None:
        await outbox.take_in([placing(1), placing(1)], NOON)
        await outbox.take_in([placing(1, mail(2))], NOON)

        found = await claimed(outbox)

        assert found == Mail(
            mail=UUID(int=1 << 64),
            channel=Channel.EMAIL,
            party=ANNA,
            state=MailState.WAITING,
            fate=None,
            attempts=0,
            due_at=NOON,
            failing_since=None,
            error=None,
            receipt=None,
            epoch=1,
            notifications=[notification(1)],
        )
        assert await claim(outbox) is None
        assert await outbox.find(UUID(int=2 << 64)) is None

    play(scenario)


def test_the_first_due_is_claimed_first_by_one_and_only_of_the_channels_asked(play: Play) -> None:
    async def scenario(outbox: Outbox) -> None:
        await outbox.take_in(
            [
                placing(1, mail(1, due_at=NOON + MINUTE)),
                placing(2, mail(2, due_at=NOON - MINUTE)),
                placing(3, mail(3, channel=Channel.PAPER)),
            ],
            NOON,
        )
        assert await outbox.claim(NOON, LEASE, []) is None
        assert (await claimed(outbox)).mail == UUID(int=2 << 64)
        assert (await claimed(outbox)).mail == UUID(int=3 << 64)
        assert await claim(outbox) is None
        assert (await claimed(outbox, NOON + MINUTE)).mail == UUID(int=1 << 64)

    play(scenario)


def test_a_mail_goes_from_intent_to_outcome_to_done(play: Play) -> None:
    async def scenario(outbox: Outbox) -> None:
        await outbox.take_in([placing(1)], NOON)
        held = await claimed(outbox)

        assert await outbox.intend(held, NOON)
        intended = await outbox.find(held.mail)
        assert intended is not None
        assert (intended.state, intended.attempts) == (MailState.INTENT, 1)
        assert not await outbox.intend(held, NOON)

        assert not await outbox.finish(held, NOON)
        assert await outbox.conclude(held, NOON, fate=MailFate.SENT, receipt="<1@x>")
        concluded = await outbox.find(held.mail)
        assert concluded is not None
        assert (concluded.state, concluded.fate) == (MailState.OUTCOME, MailFate.SENT)
        assert concluded.receipt == "<1@x>"

        assert await outbox.finish(held, NOON)
        assert await claim(outbox, NOON + timedelta(days=1)) is None

    play(scenario)


def test_what_is_put_off_is_due_then_and_remembers_since_when_it_fails(play: Play) -> None:
    async def scenario(outbox: Outbox) -> None:
        await outbox.take_in([placing(1)], NOON)
        until = NOON
        for number in range(3):
            held = await claimed(outbox, until)
            assert await outbox.intend(held, until)
            at, until = until, until + MINUTE
            assert await outbox.put_off(
                held, at, state=MailState.DOUBT, until=until, error=f"reason-{number}"
            )
            assert await claim(outbox, at) is None
        found = await claimed(outbox, until)
        assert (found.state, found.attempts, found.failing_since) == (MailState.DOUBT, 3, NOON)
        assert found.error == "reason-2"

    play(scenario)


def test_whoever_was_overtaken_changes_nothing(play: Play) -> None:
    async def scenario(outbox: Outbox) -> None:
        await outbox.take_in([placing(1)], NOON)
        first = await claimed(outbox)
        later = NOON + timedelta(seconds=LEASE)
        second = await claimed(outbox, later)
        assert second.epoch == first.epoch + 1

        assert not await outbox.intend(first, later)
        assert not await outbox.conclude(first, later, fate=MailFate.SENT)
        assert not await outbox.put_off(
            first, later, state=MailState.WAITING, until=later, error="late"
        )
        assert not await outbox.finish(first, later)
        assert await outbox.intend(second, later)

    play(scenario)


def test_a_mail_that_nobody_has_begun_on_takes_more_and_then_the_next_does(play: Play) -> None:
    async def scenario(outbox: Outbox) -> None:
        today, tomorrow = mail(1), mail(2, due_at=NOON + timedelta(days=1))
        await outbox.take_in([placing(1, today, tomorrow), placing(2, today, tomorrow)], NOON)
        held = await claimed(outbox)
        assert [each.position for each in held.notifications] == [1, 2]

        await outbox.take_in([placing(3, today, tomorrow)], NOON)

        again = await outbox.find(held.mail)
        assert again is not None
        assert [each.position for each in again.notifications] == [1, 2]
        next_one = await claimed(outbox, NOON + timedelta(days=1))
        assert [each.position for each in next_one.notifications] == [1, 2]
        third = await claimed(outbox, NOON + timedelta(days=1))
        assert [each.position for each in third.notifications] == [3]

    play(scenario)


def test_a_person_has_it_tried_again_and_what_was_tried_still_counts(play: Play) -> None:
    async def scenario(outbox: Outbox) -> None:
        await outbox.take_in([placing(1)], NOON)
        held = await claimed(outbox)
        await outbox.intend(held, NOON)
        await outbox.reopen(notification(1).notification, NOON)  # not done yet
        await outbox.conclude(held, NOON, fate=MailFate.BOUNCED, error="5.1.1")
        await outbox.finish(held, NOON)

        await outbox.reopen(notification(1).notification, NOON + MINUTE)

        assert await claim(outbox, NOON) is None
        found = await claimed(outbox, NOON + MINUTE)
        assert (found.state, found.fate, found.error) == (MailState.WAITING, None, None)
        assert found.attempts == 1

    play(scenario)


def test_what_is_learned_later_ends_a_doubt_whoever_holds_it(play: Play) -> None:
    async def scenario(outbox: Outbox) -> None:
        await outbox.take_in([placing(1)], NOON)
        held = await claimed(outbox)
        await outbox.intend(held, NOON)

        await outbox.note(held.mail, NOON, MailFate.DELIVERED, None)

        assert not await outbox.put_off(
            held, NOON, state=MailState.DOUBT, until=NOON, error="connection-lost"
        )
        found = await outbox.of_notification(notification(1).notification)
        assert found is not None
        assert (found.state, found.fate) == (MailState.DONE, MailFate.DELIVERED)
        assert await outbox.of_notification(notification(9).notification) is None
        assert replace(found, epoch=0).mail == held.mail

    play(scenario)


def test_of_many_workers_each_mail_has_one(postgres: str, organisation: str) -> None:
    async def scenario() -> None:
        async with PostgresOutbox(postgres, organisation) as outbox:
            await outbox.take_in([placing(number) for number in range(1, 21)], NOON)
            found = await asyncio.gather(*(claim(outbox) for _ in range(30)))
            mails = [each.mail for each in found if each is not None]
            assert len(mails) == len(set(mails)) == 20

    asyncio.run(scenario())


def test_an_empty_log_is_told_from_its_beginning(postgres: str, organisation: str) -> None:
    with connect(postgres, organisation) as db:
        rows = db.execute("SELECT position FROM feed_position WHERE consumer = 'post'").fetchall()
    assert rows == [(0,)]
