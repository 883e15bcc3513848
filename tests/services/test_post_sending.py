"""Everybody is told once: the mail server away, the line dropped, the worker killed."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import pytest

from commands.post import RetryNotification
from commands.refusal import Refused as CommandRefused
from events.contact import Frequency
from events.ids import PartyId
from events.post import (
    Channel,
    NotificationBounced,
    NotificationFailed,
    NotificationGivenToPaper,
    NotificationQueued,
    NotificationSent,
    PaperReason,
)
from services.clock import COPENHAGEN
from services.command_handling import Command
from services.post.ports import AddressRefused, NotNow, Refused
from tests.examples import (
    BO,
    MEETING_CASE,
    RESPONSE_CASE,
    answer_response,
    close_case,
    open_meeting_case,
    open_response_case,
    write_to_party,
)
from tests.post_examples import MATTER, set_preferences
from tests.services.post_town import Killed, Town
from tests.tender_examples import TENDER, amended, awarded

NOBODY_KNOWS_WHERE = PartyId("person:nobody-knows-where")


async def opened() -> Town:
    town = Town()
    await town.do(open_meeting_case)
    await town.hear()
    await town.send()
    return town


def test_a_receipt_is_sent_and_the_case_says_so() -> None:
    async def scenario() -> None:
        town = await opened()

        (message,) = town.server.received
        assert message["To"] == "anna@example.dk"
        assert town.names() == ["Queued", "Sent"]
        sent = town.told()[-1]
        assert isinstance(sent, NotificationSent)
        assert (sent.receipt, sent.attempt, sent.in_doubt) == (message["Message-ID"], 1, 0)

    asyncio.run(scenario())


def test_an_e_mail_says_that_there_is_news_and_nothing_else() -> None:
    async def scenario() -> None:
        town = Town()
        await town.do(open_meeting_case, write_to_party)
        await town.hear()
        await town.send()

        for message in town.server.received:
            said = f"{message['Subject']}\n{message.get_content()}"
            assert f"https://hjorring.example/cases/{MEETING_CASE}" in said
            assert "Hjørring Kommune" in said
            for secret in (
                "Anna",
                open_meeting_case.subject,
                open_meeting_case.reference,
                write_to_party.text,
            ):
                assert secret not in said
            assert message["Auto-Submitted"] == "auto-generated"
            assert message.as_bytes().isascii()

    asyncio.run(scenario())


def test_a_mail_server_that_is_away_for_an_hour_gets_each_message_once() -> None:
    async def scenario() -> None:
        town = Town()
        town.server.is_up = False
        await town.do(open_meeting_case)
        began = town.clock.now()
        for number in range(60):
            if number % 6 == 0:
                await town.do(replace(write_to_party, documents=()))
            await town.go_on(minutes=1)
        assert town.clock.now() - began == timedelta(hours=1)
        assert town.server.received == []
        # The breaker keeps an hour of two mails a minute from being an hour of knocking.
        assert town.server.tries < 100

        town.server.is_up = True
        await town.go_on(minutes=60)

        assert len(town.server.received) == 11
        assert max(Counter(town.server.ids()).values()) == 1
        assert town.names().count("Queued") == town.names().count("Sent") == 11
        assert "InDoubt" not in town.names()

    asyncio.run(scenario())


def test_a_line_dropped_after_the_final_dot_is_recorded_and_repeated_with_the_same_mark() -> None:
    async def scenario() -> None:
        town = Town()
        town.server.drops = 1
        await town.do(open_meeting_case)
        await town.hear()
        await town.send()
        assert town.names() == ["Queued", "InDoubt"]

        await town.go_on(minutes=29)
        assert town.server.tries == 1  # RFC 5321 § 4.5.4.1: at least half an hour

        await town.go_on(minutes=2)
        assert town.names() == ["Queued", "InDoubt", "Sent"]
        first, second = town.server.ids()
        assert first == second
        sent = town.told()[-1]
        assert isinstance(sent, NotificationSent)
        assert (sent.attempt, sent.in_doubt) == (2, 1)

        await town.go_on(minutes=24 * 60, step=30)
        assert town.server.tries == 2

    asyncio.run(scenario())


NEWS: Final = (open_meeting_case, write_to_party)
AWARD: Final = tuple(awarded().commands)
SECRET: Final = tuple(amended().commands)
TELLING: Final = {"news of a case": (MEETING_CASE, NEWS), "an award": (TENDER, AWARD)}
PLACES: Final = 60


@pytest.mark.parametrize("place", range(PLACES))
@pytest.mark.parametrize("what", TELLING)
def test_a_killed_worker_loses_nothing_and_repeats_only_what_it_says_may_have_been_sent(
    what: str, place: int
) -> None:
    """Killed at the n-th place where it waits for the world, and begun anew."""

    async def scenario() -> None:
        town = Town()
        about, commands = TELLING[what]
        await town.do(*commands)
        town.fuse.left = place
        try:
            await town.hear()
            await town.send()
        except Killed:
            pass
        town.fuse.left = None
        town.office = town.opened()
        await town.go_on(minutes=180, step=5)

        names = Counter(town.names(about))
        assert names["Queued"] == names["Sent"] == 2
        arrived = town.arrived()
        assert len(arrived) == 2
        again = sum(arrived.values()) - 2
        assert again <= names["InDoubt"] <= 1

    asyncio.run(scenario())


@pytest.mark.parametrize("place", range(PLACES))
def test_a_killed_worker_loses_no_news_that_no_fact_tells_of(place: int) -> None:
    """Its rows alone keep it from being sent again, but for the one that may have been."""

    async def scenario() -> None:
        town = Town()
        await town.do(*SECRET)
        town.fuse.left = place
        try:
            await town.hear()
            await town.send()
        except Killed:
            pass
        town.fuse.left = None
        town.office = town.opened()
        await town.go_on(minutes=180, step=5)

        assert {message["To"] for message in town.server.received} == {
            "n@example.dk",
            "s@example.dk",
        }
        arrived = town.arrived()
        assert len(arrived) == 2
        assert sum(arrived.values()) <= 3
        assert town.told(TENDER) == []

    asyncio.run(scenario())


@pytest.mark.parametrize("commands", [NEWS, AWARD, SECRET])
def test_there_are_not_more_places_to_be_killed_at_than_were_tried(
    commands: Sequence[Command],
) -> None:
    async def scenario() -> None:
        town = Town()
        await town.do(*commands)
        town.fuse.left = PLACES
        await town.hear()
        await town.send()
        assert town.fuse.left > 0

    asyncio.run(scenario())


def test_a_fact_that_is_given_twice_is_told_once() -> None:
    async def scenario() -> None:
        town = await opened()
        town.heard = 0
        await town.hear()
        await town.send()
        assert len(town.server.received) == 1

    asyncio.run(scenario())


def test_an_address_that_is_refused_has_bounced_and_the_next_is_tried_at_once() -> None:
    async def scenario() -> None:
        town = Town()
        town.server.answers = [AddressRefused(status="5.1.1")]
        await town.do(open_meeting_case, write_to_party)
        await town.hear()
        await town.send()

        assert len(town.server.received) == 1
        (bounced,) = (each for each in town.told() if isinstance(each, NotificationBounced))
        assert bounced.status == "5.1.1"

        # Mended, and tried again by a caseworker.
        await town.do(replace(set_preferences, frequency=Frequency.EACH))
        retry = RetryNotification(matter=MATTER, notification=bounced.notification)
        await town.do(retry)
        await town.go_on(minutes=1)
        assert [message["To"] for message in town.server.received] == ["anna@example.dk"] * 2
        assert town.names()[-2:] == ["Retried", "Sent"]
        with pytest.raises(CommandRefused):
            await town.do(retry)

    asyncio.run(scenario())


def test_an_address_that_is_busy_is_no_sign_that_the_server_is_away() -> None:
    async def scenario() -> None:
        town = Town()
        town.server.answers = [NotNow(reason="address-busy", is_down=False)] * 19
        await town.do(open_meeting_case)
        await town.go_on(minutes=10 * 60, step=30)
        assert town.office.breakers[Channel.EMAIL].troubles == 0
        assert len(town.server.received) == 1

    asyncio.run(scenario())


def test_what_the_server_refuses_for_good_waits_for_a_person() -> None:
    async def scenario() -> None:
        town = Town()
        town.server.answers = [Refused(code="mail-rejected")]
        await town.do(open_meeting_case)
        await town.go_on(minutes=24 * 60, step=60)
        assert town.server.tries == 1
        failed = town.told()[-1]
        assert isinstance(failed, NotificationFailed)
        assert failed.code == "mail-rejected"

    asyncio.run(scenario())


def test_after_five_days_a_person_is_told_and_may_try_again() -> None:
    async def scenario() -> None:
        town = Town()
        town.server.is_up = False
        await town.do(open_meeting_case)
        await town.go_on(minutes=6 * 24 * 60, step=60)
        failed = town.told()[-1]
        assert isinstance(failed, NotificationFailed)
        assert failed.code == "given-up"
        tried = town.server.tries

        town.server.is_up = True
        await town.go_on(minutes=24 * 60, step=60)
        assert town.server.tries == tried
        await town.do(RetryNotification(matter=MATTER, notification=failed.notification))
        await town.go_on(minutes=1)
        assert town.names()[-2:] == ["Retried", "Sent"]

    asyncio.run(scenario())


def test_a_daily_digest_is_one_e_mail_in_the_morning_for_all_of_a_day() -> None:
    async def scenario() -> None:
        town = Town()
        await town.do(set_preferences, open_meeting_case, write_to_party)
        await town.hear()
        await town.send()
        assert town.server.received == []

        await town.go_on(minutes=24 * 60, step=10)

        (message,) = town.server.received
        assert message["Subject"] == "News in your case with Hjørring Municipality"
        at = message["Date"].datetime.astimezone(COPENHAGEN)
        assert (at.hour, at.minute) == (7, 0)
        assert town.names().count("Sent") == 2

        await town.do(close_case)
        await town.go_on(minutes=24 * 60, step=10)
        assert len(town.server.received) == 2

    asyncio.run(scenario())


def test_what_comes_while_a_digest_is_being_sent_comes_the_next_morning() -> None:
    async def scenario() -> None:
        town = Town()
        await town.do(set_preferences, open_meeting_case)
        await town.hear()
        morning = datetime(2026, 12, 2, 7, 0, tzinfo=COPENHAGEN)
        town.server.is_up = False
        town.clock.set(morning)
        await town.send()
        # It is five to seven again, as clocks of two machines may have it.
        town.clock.set(morning - timedelta(minutes=5))
        await town.do(write_to_party)
        await town.hear()
        town.server.is_up = True
        await town.go_on(minutes=30)
        assert town.names().count("Sent") == 1
        await town.go_on(minutes=24 * 60, step=10)
        assert town.names().count("Sent") == 2
        assert len(town.server.received) == 2

    asyncio.run(scenario())


def test_courtesies_can_be_turned_off_and_what_has_legal_effect_cannot() -> None:
    async def scenario() -> None:
        town = Town()
        off = replace(set_preferences, frequency=Frequency.NONE)
        await town.do(off, replace(off, party=BO), open_meeting_case, open_response_case)
        await town.do(answer_response)
        await town.go_on(minutes=60)

        assert town.server.received == []
        assert town.told() == []
        queued, given = town.told(RESPONSE_CASE)
        assert isinstance(queued, NotificationQueued)
        assert isinstance(given, NotificationGivenToPaper)
        assert (queued.channel, given.reason) == (Channel.PAPER, PaperReason.EXEMPT)

    asyncio.run(scenario())


def test_somebody_without_an_address_is_not_told_and_nothing_waits_for_it() -> None:
    async def scenario() -> None:
        town = Town()
        stranger = replace(open_meeting_case, party=NOBODY_KNOWS_WHERE)
        await town.do(stranger)
        await town.go_on(minutes=5)
        assert town.told() == []
        assert town.server.tries == 0

    asyncio.run(scenario())
