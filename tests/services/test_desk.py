"""The write path as its callers rely on it, on the real store and on the fake."""

import asyncio
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Literal
from uuid import UUID

import psycopg
import pytest

from commands.case import CloseCase, WriteToAuthority
from commands.refusal import Refused
from commands.submission import IfTaken, SubmitMeeting
from events.calendar_day import SlotBooked, WaitingListJoined
from events.case import CaseWithdrawn, MeetingBooked
from events.hearing import HearingCancelled, HearingExtended, HearingPublished
from events.ids import CaseId, MessageId, PartyId
from services.clock import SetClock
from services.command_handling import Command
from services.desk import Desk
from services.eventstore.store import PostgresEventStore
from services.memory import MemoryEventStore
from services.migrating import migrate
from services.ports import CommandWrite, EventStore, StoreUnavailable, WriteOutcome
from services.request import Answered, KeyReused, TooBusy, VersionStale
from services.streams import calendar_day_stream, case_stream, hearing_stream
from tests.examples import (
    ANNA,
    BO,
    HEARING,
    MEETING_CASE,
    MEETING_DAY,
    NOW,
    OTHER_CASE,
    SECOND_SLOT,
    book_slot,
    cancel_hearing,
    extend_hearing,
    first_slot,
    hold_slot,
    open_meeting_case,
    publish_hearing,
    publish_slots,
    reschedule_meeting,
    submit_hearing_response,
    submit_meeting,
    withdraw_case,
    write_to_authority,
)
from tests.keys import RING
from tests.requests import request


@pytest.fixture(params=["memory", "postgres"])
def store(request: pytest.FixtureRequest, postgres: str) -> Iterator[EventStore]:
    kind: Literal["memory", "postgres"] = request.param
    if kind == "memory":
        yield MemoryEventStore(SetClock(NOW))
    else:
        organisation: str = request.getfixturevalue("organisation")
        with PostgresEventStore(postgres, organisation, RING) as opened:
            yield opened


@contextmanager
def opened(store: EventStore) -> Iterator[Desk]:
    desk = Desk(store)
    desk.start()
    try:
        yield desk
    finally:
        desk.stop()


@pytest.fixture
def desk(store: EventStore) -> Iterator[Desk]:
    with opened(store) as started:
        yield started


def done(desk: Desk, *commands: Command) -> list[Answered]:
    return [desk.hand_in(request(command)).result(10) for command in commands]


def refusal(desk: Desk, command: Command) -> str:
    with pytest.raises(Refused) as caught:
        done(desk, command)
    return caught.value.code


def bookings(number: int, if_taken: IfTaken) -> list[SubmitMeeting]:
    """Many who all want the last slot, each with a case of their own."""
    return [
        replace(
            submit_meeting,
            if_taken=if_taken,
            case=replace(
                open_meeting_case,
                case_id=CaseId(UUID(int=1000 + n)),
                party=PartyId(f"person:{n}"),
                documents=(),
            ),
        )
        for n in range(number)
    ]


def test_a_command_is_answered_with_version_position_and_body(desk: Desk) -> None:
    published, opened_case = done(desk, publish_slots, open_meeting_case)

    assert published.version == 1
    assert opened_case.version == 6
    assert opened_case.position == 7
    assert opened_case.body.startswith(b'["case.opened.v1", ')


def test_the_same_key_and_request_get_the_same_answer(desk: Desk, store: EventStore) -> None:
    key = UUID(int=7)
    first = desk.hand_in(request(publish_slots, command_id=key)).result(10)
    again = desk.hand_in(request(publish_slots, command_id=key)).result(10)

    assert again == first
    assert store.safe_position() == 1


def test_the_same_key_with_another_request_is_refused(desk: Desk) -> None:
    key = UUID(int=7)
    desk.hand_in(request(publish_slots, command_id=key)).result(10)

    with pytest.raises(KeyReused):
        desk.hand_in(request(publish_slots, command_id=key, fingerprint=b"another")).result(10)


def test_an_answer_can_be_asked_for_again_without_deciding_anything(desk: Desk) -> None:
    key, refused_key = UUID(int=7), UUID(int=8)
    first = desk.hand_in(request(publish_slots, command_id=key)).result(10)
    with pytest.raises(Refused):
        desk.hand_in(request(write_to_authority, command_id=refused_key)).result(10)

    assert desk.kept(key, b"the same request") == first
    assert desk.kept(UUID(int=6), b"the same request") is None
    with pytest.raises(KeyReused):
        desk.kept(key, b"another")
    with pytest.raises(Refused):
        desk.kept(refused_key, b"the same request")


def test_a_refusal_is_kept_so_that_a_late_repeat_does_nothing(
    desk: Desk, store: EventStore
) -> None:
    done(desk, publish_slots, *bookings(1, IfTaken.REFUSE))
    (late,) = [
        replace(one, case=replace(one.case, case_id=OTHER_CASE))
        for one in bookings(1, IfTaken.REFUSE)
    ]
    key = UUID(int=9)
    with pytest.raises(Refused) as first:
        desk.hand_in(request(late, command_id=key)).result(10)
    done(desk, replace(withdraw_case, case_id=CaseId(UUID(int=1000))))
    position = store.safe_position()

    with pytest.raises(Refused) as again:
        desk.hand_in(request(late, command_id=key)).result(10)

    assert (again.value.code, again.value.detail) == (first.value.code, first.value.detail)
    assert again.value.code == "slot-taken"
    assert store.safe_position() == position


def test_a_repeat_is_answered_even_when_its_version_is_stale_by_now(desk: Desk) -> None:
    done(desk, open_meeting_case)
    message = request(write_to_authority, expected_version=6)
    first = desk.hand_in(message).result(10)

    assert desk.hand_in(message).result(10) == first


def test_a_stale_reading_is_told_the_version_and_changes_nothing(
    desk: Desk, store: EventStore
) -> None:
    done(desk, open_meeting_case)

    with pytest.raises(VersionStale) as caught:
        desk.hand_in(request(write_to_authority, expected_version=5)).result(10)

    assert caught.value.actual == 6
    assert store.read(case_stream(MEETING_CASE)).version == 6


def test_a_version_that_only_the_memory_calls_stale_is_looked_up(
    store: EventStore, desk: Desk
) -> None:
    done(desk, open_meeting_case)
    with opened(store) as other:
        done(other, write_to_authority)
    second = replace(write_to_authority, message=MessageId(UUID(int=5)), documents=())

    answered = desk.hand_in(request(second, expected_version=7)).result(10)

    assert answered.version == 8


def test_what_another_process_wrote_is_found_by_losing_the_race(
    store: EventStore, desk: Desk
) -> None:
    done(desk, publish_slots, book_slot)
    with opened(store) as other:
        done(other, replace(hold_slot, slot=SECOND_SLOT))

    wanted = replace(book_slot, slot=SECOND_SLOT, case_id=OTHER_CASE, party=BO)
    assert refusal(desk, wanted) == "slot-held"


def test_a_refusal_from_a_stale_memory_is_decided_afresh(store: EventStore, desk: Desk) -> None:
    done(desk, publish_slots, submit_meeting)
    with opened(store) as other:
        done(other, withdraw_case)
    (someone,) = bookings(1, IfTaken.REFUSE)

    (answered,) = done(desk, someone)

    assert b"case.meeting-booked.v1" in answered.body


def test_a_response_rests_on_its_hearing_without_writing_to_it(
    desk: Desk, store: EventStore
) -> None:
    done(desk, publish_hearing, submit_hearing_response)

    assert store.read(hearing_stream(HEARING)).version == 1


def test_no_response_slips_in_beside_a_cancellation(store: EventStore, desk: Desk) -> None:
    done(desk, publish_hearing, submit_hearing_response)
    with opened(store) as other:
        done(other, cancel_hearing)
    late = replace(
        submit_hearing_response,
        case=replace(submit_hearing_response.case, case_id=CaseId(UUID(int=77))),
    )

    assert refusal(desk, late) == "hearing-cancelled"


def test_a_crash_in_one_command_leaves_its_neighbours_alone(desk: Desk) -> None:
    def crash(_: Sequence[object]) -> bytes:
        raise ZeroDivisionError

    bad = replace(request(publish_slots), render=crash)
    good = request(publish_hearing)
    waiting = [desk.hand_in(bad), desk.hand_in(good)]

    with pytest.raises(ZeroDivisionError):
        waiting[0].result(10)
    assert waiting[1].result(10).version == 1


def test_a_withdrawal_gives_the_slot_to_the_first_in_line_in_the_same_transaction(
    desk: Desk, store: EventStore
) -> None:
    done(desk, replace(publish_slots, slots=(first_slot,)))
    first, second, third = bookings(3, IfTaken.WAIT)
    done(desk, first, second, third)

    done(desk, replace(withdraw_case, case_id=first.case.case_id))

    last = store.read_recorded(case_stream(second.case.case_id))[-1]
    gone = next(
        recorded
        for recorded in store.read_recorded(case_stream(first.case.case_id))
        if isinstance(recorded.event, CaseWithdrawn)
    )
    assert type(last.event).__name__ == "MeetingGivenFromWaitingList"
    assert last.envelope.command_id == gone.envelope.command_id
    assert store.read(case_stream(third.case.case_id)).version == 6


def test_a_meeting_is_moved_on_both_days_and_its_case_at_once(
    desk: Desk, store: EventStore
) -> None:
    done(desk, publish_slots, submit_meeting, reschedule_meeting)

    case_history = store.read(case_stream(MEETING_CASE)).events
    day_history = store.read(calendar_day_stream(MEETING_DAY)).events
    assert [type(event).__name__ for event in case_history][-1] == "MeetingMoved"
    assert [type(event).__name__ for event in day_history][-2:] == [
        "BookingCancelled",
        "SlotBooked",
    ]


@pytest.mark.parametrize("if_taken", list(IfTaken))
def test_the_last_slot_has_one_winner_and_everyone_else_a_clear_answer_in_order_of_arrival(
    desk: Desk, store: EventStore, if_taken: IfTaken
) -> None:
    done(desk, replace(publish_slots, slots=(first_slot,)))
    wanted = bookings(32, if_taken)

    async def all_at_once() -> list[Answered | BaseException]:
        asked = [desk.perform(request(one)) for one in wanted]
        return await asyncio.gather(*asked, return_exceptions=True)

    answers = asyncio.run(all_at_once())

    day = store.read(calendar_day_stream(MEETING_DAY)).events
    assert [e.case_id for e in day if isinstance(e, SlotBooked)] == [wanted[0].case.case_id]
    if if_taken is IfTaken.WAIT:
        queue = [event.case_id for event in day if isinstance(event, WaitingListJoined)]
        assert queue == [one.case.case_id for one in wanted[1:]]
    else:
        codes = [answer.code for answer in answers if isinstance(answer, Refused)]
        assert codes == ["slot-taken"] * 31


def test_the_last_slot_is_sold_once_also_by_four_desks(postgres: str, organisation: str) -> None:
    stores = [PostgresEventStore(postgres, organisation, RING) for _ in range(4)]
    desks = [Desk(store) for store in stores]
    for one in desks:
        one.start()
    done(desks[0], replace(publish_slots, slots=(first_slot,)))
    wanted = bookings(32, IfTaken.WAIT)

    waiting = [desks[n % 4].hand_in(request(one)) for n, one in enumerate(wanted)]
    answers = [answered.exception(20) or answered.result() for answered in waiting]

    day = stores[0].read(calendar_day_stream(MEETING_DAY)).events
    booked = [event for event in day if isinstance(event, SlotBooked)]
    queued = [event for event in day if isinstance(event, WaitingListJoined)]
    assert len(booked) == 1
    assert len(queued) == sum(isinstance(answer, Answered) for answer in answers) - 1
    assert all(isinstance(answer, Answered) for answer in answers)
    for one, store in zip(desks, stores, strict=True):
        one.stop()
        store.close()


def test_a_hold_that_expires_while_it_is_confirmed_goes_to_whoever_waited(
    desk: Desk, store: EventStore
) -> None:
    done(desk, replace(publish_slots, slots=(first_slot,)))
    (mine, theirs) = bookings(2, IfTaken.WAIT)
    mine = replace(mine, case=replace(mine.case, party=ANNA), if_taken=IfTaken.REFUSE)
    done(desk, hold_slot, replace(theirs, now=hold_slot.now))

    too_late = replace(mine, now=hold_slot.expires_at)

    assert refusal(desk, too_late) == "slot-taken"
    assert not any(
        isinstance(event, MeetingBooked)
        for event in store.read(case_stream(mine.case.case_id)).events
    )


def test_a_hot_stream_lets_every_writer_through(postgres: str, organisation: str) -> None:
    """Eight desks write to one case as fast as they can; none loses three races in a row."""
    with PostgresEventStore(postgres, organisation, RING) as store, opened(store) as first:
        done(first, open_meeting_case)

    def write(number: int) -> int:
        busy = 0
        with PostgresEventStore(postgres, organisation, RING) as own, opened(own) as desk:
            for n in range(25):
                message = WriteToAuthority(
                    case_id=MEETING_CASE,
                    message=MessageId(UUID(int=number * 1000 + n)),
                    text=f"Besked {n}",
                    documents=(),
                )
                command = request(message, command_id=UUID(int=10_000 + number * 1000 + n))
                try:
                    desk.hand_in(command).result(20)
                except TooBusy:
                    busy += 1
        return busy

    with ThreadPoolExecutor(8) as pool:
        busy = sum(pool.map(write, range(8)))

    with PostgresEventStore(postgres, organisation, RING) as store:
        assert store.read(case_stream(MEETING_CASE)).version == 6 + 200 - busy
    assert busy == 0


class AnswersLost(PostgresEventStore):
    """The store, but now and then its answer is lost after the write was done."""

    def __init__(self, conninfo: str, organisation: str, seed: int) -> None:
        super().__init__(conninfo, organisation, RING)
        self._random = random.Random(seed)

    def append(
        self, writes: Sequence[CommandWrite], *, server: object = None
    ) -> list[WriteOutcome]:
        outcomes = super().append(writes, server=server)
        if self._random.random() < 0.3:
            raise ConnectionError
        return outcomes


def test_after_a_lost_answer_the_repeat_is_told_what_was_done(
    postgres: str, organisation: str
) -> None:
    lost = 0
    with AnswersLost(postgres, organisation, seed=1) as store, opened(store) as desk:
        for n in range(30):
            case_id = CaseId(UUID(int=500 + n))
            command = request(replace(open_meeting_case, case_id=case_id))
            while isinstance(desk.hand_in(command).exception(10), ConnectionError):
                lost += 1

            assert store.read(case_stream(case_id)).version == 6
    assert lost > 5


@pytest.mark.parametrize("connected", [True, False])
def test_a_desk_forgets_everything_when_an_older_day_is_brought_back_under_it(
    postgres: str, organisation: str, *, connected: bool
) -> None:
    """Its stream stands at the same version again, by another's facts."""
    with PostgresEventStore(postgres, organisation, RING) as store, opened(store) as desk:
        done(desk, publish_hearing, cancel_hearing)
        with psycopg.connect(postgres, autocommit=True) as db:
            db.execute(f'DROP SCHEMA "{organisation}" CASCADE'.encode())
            migrate(postgres, organisation)
            if not connected:
                db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE application_name = 'julelys-store'"
                )
        with PostgresEventStore(postgres, organisation, RING) as another, opened(another) as other:
            done(other, publish_hearing, extend_hearing)
        with suppress(StoreUnavailable):
            done(desk, publish_slots)
        done(desk, cancel_hearing)

        found = store.read(hearing_stream(HEARING)).events
    assert [type(event) for event in found] == [HearingPublished, HearingExtended, HearingCancelled]


def test_closing_before_the_meeting_is_refused(desk: Desk) -> None:
    done(desk, publish_slots, submit_meeting)
    early = CloseCase(case_id=MEETING_CASE, closed_on=submit_meeting.now.date())

    assert refusal(desk, early) == "meeting-not-held"
