"""What happens by itself: once, whoever looks and however often."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from threading import Event as Signal
from threading import Thread
from time import monotonic, sleep
from uuid import UUID

import pytest
from psycopg import Connection

from commands.case_deadline import Deadline, ExtendDeadline
from commands.submission import IfTaken
from events.calendar_day import HoldExpired, SlotGivenFromWaitingList
from events.case import CaseClosed, CaseKind, HearingResponseAnswered, MeetingGivenFromWaitingList
from events.case_deadline import DeadlineKind, DeadlineMissed, DeadlineResumed
from events.case_information import InformationRequestEnded, RequestEnd
from events.case_party_hearing import HearingEnd, PartyHearingClosed
from events.case_procedure import TacitlyAccepted
from events.day_unit import DayUnit
from events.ids import CaseId, RequestId
from projections.catalogue import PROJECTIONS
from services.clock import SetClock
from services.clockwork import CLOCK, CONCLUSIONS, Desks, carry_out, due_now, run
from services.command_handling import Command
from services.database import Row, connect
from services.deadlines import WorkCalendar
from services.desk import Desk
from services.eventstore.store import PostgresEventStore
from services.projecting.generations import ensure
from services.projecting.projector import Projector
from services.streams import calendar_day_stream, case_stream
from tests.examples import (
    BO,
    CONCLUDED_AT,
    HEARING,
    HOLD_EXPIRES,
    MEETING_DAY,
    NOW,
    RESPONSE_CASE,
    at,
    conclude_hearing,
    first_slot,
    hearing_answer,
    hold_slot,
    open_meeting_case,
    publish_hearing,
    publish_slots,
    submit_hearing_response,
    submit_meeting,
)
from tests.keys import RING
from tests.procedure_examples import (
    APPLICATION,
    NOTICE,
    ROUND,
    complete_application,
    open_application,
    open_party_hearing,
    request_information,
)
from tests.requests import request

OTHER_RESPONSE = CaseId(UUID(int=71))
WAITING = CaseId(UUID(int=72))
CALENDAR = WorkCalendar(closing_days=frozenset({"12-24", "12-31"}))


def desks_of(desk: Desk) -> Desks:
    return {CLOCK: desk, CONCLUSIONS: desk}


class Town:
    """An organisation with a desk, its views brought up to date on demand, and a clock."""

    def __init__(self, conninfo: str, name: str, store: PostgresEventStore) -> None:
        self.conninfo = conninfo
        self.name = name
        self.store = store
        self.desk = Desk(store)
        self.clock = SetClock(NOW)

    @property
    def desks(self) -> Desks:
        return desks_of(self.desk)

    def ask(self, *commands: Command) -> None:
        for command in commands:
            self.desk.hand_in(request(command)).result(10)

    def catch_up(self) -> None:
        for projection in PROJECTIONS:
            with Projector(self.conninfo, self.name, self.store, projection) as projector:
                assert projector.elect()
                while projector.step():
                    pass

    def tick(self, now: datetime) -> int:
        self.clock.set(now)
        self.catch_up()
        with self.connect() as db:
            return carry_out(due_now(db, self.clock, CALENDAR), self.desks, self.name)

    def connect(self) -> Connection[Row]:
        return connect(self.conninfo, self.name)

    def happened(self, stream: str, kind: type) -> list[object]:
        return [event for event in self.store.read(stream).events if isinstance(event, kind)]


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    ensure(postgres, organisation)
    with PostgresEventStore(postgres, organisation, RING) as store:
        opened = Town(postgres, organisation, store)
        opened.desk.start()
        yield opened
        opened.desk.stop()


def test_a_hold_ends_once_and_the_slot_goes_to_whoever_waits(town: Town) -> None:
    waiting = replace(
        submit_meeting,
        if_taken=IfTaken.WAIT,
        case=replace(open_meeting_case, case_id=WAITING, party=BO, documents=(), deadlines=()),
    )
    town.ask(replace(publish_slots, slots=(first_slot,)), hold_slot, waiting)
    day = calendar_day_stream(MEETING_DAY)

    assert town.tick(HOLD_EXPIRES - timedelta(seconds=1)) == 0
    assert town.tick(HOLD_EXPIRES) == 1
    assert town.tick(HOLD_EXPIRES) == 0

    assert len(town.happened(day, HoldExpired)) == 1
    assert len(town.happened(day, SlotGivenFromWaitingList)) == 1
    assert len(town.happened(case_stream(WAITING), MeetingGivenFromWaitingList)) == 1


def test_a_deadline_is_missed_once_and_only_after_its_last_day(town: Town) -> None:
    town.ask(open_meeting_case)
    stream = case_stream(open_meeting_case.case_id)
    first_reply, processing = open_meeting_case.deadlines
    last_moment = datetime.combine(first_reply.due_on, at(12, 1, 23, 59).timetz())

    assert town.tick(last_moment) == 0
    assert town.tick(at(first_reply.due_on.month, first_reply.due_on.day + 1, 0)) == 1
    assert town.tick(at(first_reply.due_on.month, first_reply.due_on.day + 1, 1)) == 0

    missed = town.happened(stream, DeadlineMissed)
    assert [event.deadline for event in missed if isinstance(event, DeadlineMissed)] == [
        first_reply.deadline
    ]
    assert processing.due_on > first_reply.due_on


def test_every_response_gets_the_answer_that_the_conclusion_gave_it(town: Town) -> None:
    other = replace(
        submit_hearing_response,
        case=replace(submit_hearing_response.case, case_id=OTHER_RESPONSE),
    )
    answer = replace(hearing_answer, responses=(RESPONSE_CASE,))
    town.ask(publish_hearing, submit_hearing_response, other)
    town.ask(replace(conclude_hearing, answers=(answer,)))

    assert town.tick(CONCLUDED_AT) == 2
    assert town.tick(CONCLUDED_AT) == 0

    own = town.happened(case_stream(RESPONSE_CASE), HearingResponseAnswered)
    common = town.happened(case_stream(OTHER_RESPONSE), HearingResponseAnswered)
    assert own == [
        HearingResponseAnswered(
            case_id=RESPONSE_CASE,
            hearing=HEARING,
            answers=(f"{answer.theme}: {answer.answer}",),
        )
    ]
    assert common == [
        HearingResponseAnswered(
            case_id=OTHER_RESPONSE, hearing=HEARING, answers=(conclude_hearing.summary,)
        )
    ]
    assert len(town.happened(case_stream(RESPONSE_CASE), CaseClosed)) == 1


def test_views_that_lag_make_nothing_happen_twice(town: Town) -> None:
    town.ask(open_meeting_case)
    late = at(12, 30)
    town.clock.set(late)
    town.catch_up()
    with town.connect() as db:
        due = due_now(db, town.clock, CALENDAR)
        first = carry_out(due, town.desks, town.name)
        again = carry_out(due_now(db, town.clock, CALENDAR), town.desks, town.name)

    assert first == again == 2
    stream = case_stream(open_meeting_case.case_id)
    assert len(town.happened(stream, DeadlineMissed)) == 2


def test_a_request_that_is_not_answered_ends_once_and_the_clock_runs_on(town: Town) -> None:
    """Asked on the 9th with 38 days left; the days until the 24th have not counted."""
    town.ask(open_application, complete_application, request_information)
    stream = case_stream(APPLICATION)

    assert town.tick(at(12, 23, 23, 59)) == 0
    assert town.tick(at(12, 24, 0)) == 1
    assert town.tick(at(12, 24, 1)) == 0

    (ended,) = town.happened(stream, InformationRequestEnded)
    assert isinstance(ended, InformationRequestEnded)
    assert (ended.because, ended.ended_on) == (RequestEnd.OVERDUE, date(2026, 12, 24))
    (resumed,) = town.happened(stream, DeadlineResumed)
    assert isinstance(resumed, DeadlineResumed)
    assert resumed.due_on == date(2027, 1, 31)

    # Sixteen days later than first promised, and missed on the new day only.
    assert town.tick(at(1, 31, year=2027)) == 0
    assert town.tick(at(2, 1, year=2027)) == 1
    assert [
        each.due_on
        for each in town.happened(stream, DeadlineMissed)
        if isinstance(each, DeadlineMissed)
    ] == [date(2027, 1, 31)]


def test_a_day_put_off_after_the_clock_has_looked_is_another_day(town: Town) -> None:
    """The view still shows the old day, so the old day's command comes to nothing, once."""
    town.ask(open_application, complete_application)
    town.clock.set(at(1, 17, year=2027))
    town.catch_up()
    later = ExtendDeadline(
        case_id=APPLICATION,
        deadline=DeadlineKind.PROCESSING,
        due_on=date(2027, 2, 1),
        reason="Naboerne skal høres.",
    )
    town.ask(later)
    with town.connect() as db:
        due = due_now(db, town.clock, CALENDAR)
        assert carry_out(due, town.desks, town.name) == len(due) == 1
    stream = case_stream(APPLICATION)
    assert town.happened(stream, DeadlineMissed) == []

    assert town.tick(at(2, 1, year=2027)) == 0
    assert town.tick(at(2, 2, year=2027)) == 1
    assert len(town.happened(stream, DeadlineMissed)) == 1


def test_a_party_hearing_expires_once_after_its_last_day(town: Town) -> None:
    town.ask(open_application, open_party_hearing)
    stream = case_stream(APPLICATION)

    assert town.tick(at(12, 21, 23, 59)) == 0
    assert town.tick(at(12, 22, 0)) == 1
    assert town.tick(at(12, 22, 1)) == 0

    (closed,) = town.happened(stream, PartyHearingClosed)
    assert isinstance(closed, PartyHearingClosed)
    assert (closed.round, closed.because) == (ROUND, HearingEnd.EXPIRED)


def test_a_notice_that_nobody_objects_to_is_accepted_once_and_after_every_request(
    town: Town,
) -> None:
    due_on = date(2026, 12, 29)
    objection = Deadline(deadline=DeadlineKind.OBJECTION, due_on=due_on, unit=DayUnit.CALENDAR_DAYS)
    notice = replace(open_application, case_id=NOTICE, kind=CaseKind.NOTICE, deadlines=(objection,))
    asked = replace(request_information, case_id=NOTICE, request=RequestId(UUID(int=73)))
    town.ask(notice, asked)
    stream = case_stream(NOTICE)

    # Stopped on the 9th with twenty days left, which run on from the 24th.
    assert town.tick(at(12, 24, 1)) == 1
    assert town.tick(at(1, 13, year=2027)) == 0
    assert town.tick(at(1, 14, year=2027)) == 1
    assert town.tick(at(1, 15, year=2027)) == 0

    (accepted,) = town.happened(stream, TacitlyAccepted)
    assert isinstance(accepted, TacitlyAccepted)
    assert accepted.accepted_on == date(2027, 1, 13)
    assert town.happened(stream, DeadlineMissed) == []


def test_two_workers_that_begin_anew_do_each_thing_once(town: Town) -> None:
    """Each with a desk of its own, and neither knows what the other has done."""
    town.ask(open_application, open_party_hearing, request_information)
    town.clock.set(at(12, 24))
    town.catch_up()
    for _ in range(2):
        other = Desk(town.store)
        other.start()
        with town.connect() as db:
            assert carry_out(due_now(db, town.clock, CALENDAR), desks_of(other), town.name) == 2
        other.stop()

    stream = case_stream(APPLICATION)
    assert len(town.happened(stream, PartyHearingClosed)) == 1
    assert len(town.happened(stream, InformationRequestEnded)) == 1


def test_the_clockwork_waits_for_a_database_that_went_away(town: Town) -> None:
    town.ask(open_meeting_case)
    town.catch_up()
    town.clock.set(at(12, 30))
    stop = Signal()

    @contextmanager
    def working() -> Iterator[None]:
        arguments = (
            town.connect,
            town.desks,
            town.clock,
            town.name,
            CALENDAR,
            stop,
            (),
        )
        thread = Thread(target=run, args=arguments)
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()

    with working(), town.connect() as db:
        db.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        )
        ends = monotonic() + 15
        stream = case_stream(open_meeting_case.case_id)
        while len(town.happened(stream, DeadlineMissed)) < 2 and monotonic() < ends:
            sleep(0.1)

        assert len(town.happened(stream, DeadlineMissed)) == 2
