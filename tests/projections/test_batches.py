"""However the log is cut into batches, the rows are the same."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from events.calendar_day import (
    BookingCancelled,
    CalendarDayEvent,
    HoldExpired,
    HoldReleased,
    SlotBooked,
    SlotGivenFromWaitingList,
    SlotHeld,
    SlotsPublished,
    WaitingListJoined,
    WaitingListLeft,
)
from events.case import CaseEvent, CaseOpened
from events.case_deadline import (
    DeadlineEvent,
    DeadlineExtended,
    DeadlineKind,
    DeadlineMet,
    DeadlineResumed,
    DeadlineSet,
    DeadlineSuspended,
)
from events.catalogue import Event
from events.day_unit import DayUnit
from events.envelope import Recorded
from events.hearing import HearingEvent
from events.ids import AbsenceId, CaseId, EntryId, HoldId
from events.journal import (
    JournalEvent,
    Journalised,
    JournalisingRefused,
    JournalisingRetried,
    Matter,
    MatterKind,
)
from events.journal_worthy import JOURNALISED
from events.note import NoteEvent
from events.post import PostEvent
from events.tender import TenderDrafted
from projections import search_words
from projections.case_facts import case_of
from projections.catalogue import PROJECTIONS
from projections.projection import Projection
from tests import examples, post_examples, procedure_examples, tender_examples
from tests.colleague_examples import absence_cancelled, absence_recorded
from tests.events import golden_procedure
from tests.examples import BO, MEETING_DAY, numbered
from tests.projections.views import recorded

CASES = [CaseId(numbered(100 + number)) for number in range(3)]
SLOTS = (examples.first_slot, examples.second_slot, examples.late_slot)
FREE_OF_CONDITIONS: tuple[CaseEvent | NoteEvent, ...] = (
    examples.next_steps_announced,
    examples.things_to_bring_listed,
    examples.case_assigned,
    examples.case_released,
    examples.case_transferred,
    examples.party_wrote,
    examples.caseworker_wrote,
    examples.party_added_document,
    examples.caseworker_added_document,
    examples.meeting_booked,
    examples.meeting_moved,
    examples.meeting_cancelled,
    examples.meeting_missed,
    examples.put_on_waiting_list,
    examples.taken_off_waiting_list,
    examples.meeting_given,
    examples.first_reply_missed,
    examples.case_closed,
    examples.case_reopened,
    examples.response_answered,
    examples.case_withdrawn,
    examples.party_joined,
    examples.party_left,
    examples.protection_recorded,
    examples.representative_proposed,
    examples.representative_appointed,
    examples.representative_declined,
    examples.representation_ended,
    examples.property_identified,
    examples.property_not_identified,
    examples.property_stated,
    *(
        event
        for _, _, event in golden_procedure.GOLDEN
        if isinstance(event, CaseEvent) and not isinstance(event, DeadlineEvent)
    ),
    procedure_examples.note_written,
)
POST: tuple[PostEvent, ...] = tuple(
    event for event in vars(post_examples).values() if isinstance(event, PostEvent)
)
HEARING_LATER: tuple[HearingEvent, ...] = (
    examples.hearing_material_added,
    examples.hearing_extended,
    examples.answer_drafted,
    examples.response_sorted,
    examples.answer_dropped,
    examples.answer_drafted,
    examples.hearing_concluded,
    examples.hearing_cancelled,
)

TENDER_LATER: tuple[Event, ...] = tuple(
    event for kind, event in tender_examples.every_fact().items() if kind is not TenderDrafted
)

JOURNAL: tuple[JournalEvent, ...] = (
    examples.case_linked,
    examples.case_renumbered,
    examples.choice_requested,
    examples.case_chosen,
    examples.journalised,
    examples.journalising_refused,
    examples.journalising_refused,
    examples.journalising_retried,
    examples.journalising_retried,
    examples.difference_found,
    examples.difference_settled,
)


def happened(chance: Random, length: int) -> list[Event]:
    """A history that no rule would forbid a projection to meet: what begins comes first."""
    history: list[Event] = [
        examples.hearing_published,
        examples.slots_published,
        tender_examples.every_fact()[TenderDrafted],
    ]
    opened: set[CaseId] = set()
    counted: set[tuple[CaseId, DeadlineKind]] = set()
    published = {slot.slot for slot in examples.slots_published.slots}
    for number in range(length):
        case_id = chance.choice(CASES)
        kind = chance.choice(list(DeadlineKind))
        turn = chance.randrange(14)
        if turn == 0:
            history += _beside_the_cases(chance, number)
        elif turn < 4:
            event = _of_the_day(chance, number, case_id, sorted(published))
            if isinstance(event, SlotsPublished):
                published = {slot.slot for slot in event.slots}
            history.append(event)
        elif case_id not in opened:
            opened.add(case_id)
            template: CaseOpened = chance.choice(
                [examples.meeting_case_opened, examples.response_case_opened]
            )
            history.append(replace(template, case_id=case_id, reference=f"HJ-{number}"))
        elif turn == 4:
            due_on = date(2026, 12, 1) + timedelta(days=number)
            counted.add((case_id, kind))
            history.append(
                DeadlineSet(
                    case_id=case_id, deadline=kind, due_on=due_on, unit=DayUnit.WORKING_DAYS
                )
            )
        elif turn == 5 and (case_id, kind) in counted:
            history.append(_of_the_clock(chance, case_id, kind))
        elif turn == 6 and chance.random() < 0.5:
            history.append(
                replace(chance.choice(POST), matter=Matter(kind=MatterKind.CASE, id=case_id))
            )
        elif turn >= 9:
            history.append(_of_the_journal(chance, history, case_id))
        else:
            history.append(replace(chance.choice(FREE_OF_CONDITIONS), case_id=case_id))
    return [*history, *chance.sample(TENDER_LATER, 8)]


def _of_the_clock(chance: Random, case_id: CaseId, kind: DeadlineKind) -> DeadlineEvent:
    day = date(2027, 1, chance.randrange(1, 29))
    ways: list[DeadlineEvent] = [
        DeadlineMet(case_id=case_id, deadline=kind),
        DeadlineSuspended(case_id=case_id, deadline=kind, suspended_on=day),
        DeadlineResumed(case_id=case_id, deadline=kind, resumed_on=day, due_on=day),
        DeadlineExtended(case_id=case_id, deadline=kind, due_on=day, reason="Høring."),
    ]
    return chance.choice(ways)


def _beside_the_cases(chance: Random, number: int) -> list[Event]:
    if chance.random() < 0.5:
        return [chance.choice(HEARING_LATER)]
    absence = AbsenceId(numbered(600 + number))
    ended = [replace(absence_cancelled, absence=absence)] if chance.random() < 0.5 else []
    return [replace(absence_recorded, absence=absence), *ended]


def _of_the_day(
    chance: Random, number: int, case_id: CaseId, published: Sequence[str]
) -> CalendarDayEvent:
    day, slot = MEETING_DAY, chance.choice(SLOTS)
    if slot.slot not in published or chance.random() < 0.2:
        kept = tuple(each for each in SLOTS if each is slot or chance.random() < 0.7)
        return SlotsPublished(day=day, slots=kept)
    hold = HoldId(numbered(500 + chance.randrange(4)))
    expires_at = examples.NOW + timedelta(minutes=number)
    ways: list[CalendarDayEvent] = [
        SlotHeld(day=day, slot=slot.slot, hold=hold, party=BO, expires_at=expires_at),
        HoldReleased(day=day, slot=slot.slot, hold=hold),
        HoldExpired(day=day, slot=slot.slot, hold=hold),
        SlotBooked(day=day, slot=slot.slot, case_id=case_id, party=BO),
        BookingCancelled(day=day, slot=slot.slot, case_id=case_id),
        WaitingListJoined(day=day, case_id=case_id, party=BO),
        WaitingListLeft(day=day, case_id=case_id),
        SlotGivenFromWaitingList(day=day, slot=slot.slot, case_id=case_id, party=BO),
    ]
    return chance.choice(ways)


def _of_the_journal(chance: Random, history: Sequence[Event], case_id: CaseId) -> JournalEvent:
    """Of a few facts and entries, so that they are often refused, tried again and filed."""
    if chance.random() < 0.1:
        return replace(chance.choice(JOURNAL), matter=examples.HEARING_MATTER)
    of_case = [
        position
        for position, event in enumerate(history, start=1)
        if case_of(event) == case_id and type(event) in JOURNALISED
    ]
    position = chance.choice(of_case[:3])
    entry = EntryId(numbered(700 + 2 * position + chance.randrange(2)))
    event = replace(chance.choice(JOURNAL), matter=Matter(kind=MatterKind.CASE, id=case_id))
    match event:
        case Journalised():
            return replace(event, about=numbered(1000 + position), position=position)
        case JournalisingRefused():
            return replace(event, entry=entry, position=position)
        case JournalisingRetried():
            return replace(event, entry=entry)
        case _:
            return event


@contextmanager
def tables(conninfo: str) -> Iterator[Connection[tuple[object, ...]]]:
    with Connection[tuple[object, ...]].connect(conninfo, autocommit=True) as db:
        for projection in PROJECTIONS:
            statement = SQL("CREATE TEMPORARY TABLE {} ({})")
            db.execute(statement.format(Identifier(projection.name), SQL(projection.columns)))
        yield db


def rows(
    db: Connection[tuple[object, ...]], projection: Projection, batches: list[list[Recorded]]
) -> list[tuple[object, ...]]:
    table = Identifier(projection.name)
    with db.transaction(force_rollback=True), db.cursor() as cursor:
        for batch in batches:
            wanted = [fact for fact in batch if isinstance(fact.event, projection.only)]
            if wanted:
                projection.project(wanted, cursor, table)
        found = cursor.execute(SQL("TABLE {}").format(table)).fetchall()
    return sorted(found, key=repr)


def cut(facts: list[Recorded], chance: Random) -> list[list[Recorded]]:
    batches: list[list[Recorded]] = [[]]
    for fact in facts:
        if chance.random() < 0.3:
            batches.append([])
        batches[-1].append(fact)
    return batches


def test_the_rows_are_the_same_however_the_log_is_cut(postgres: str) -> None:
    with tables(postgres) as db:

        @settings(max_examples=40, derandomize=True)
        @given(chance=st.randoms(use_true_random=False), length=st.integers(5, 60))
        def holds(chance: Random, length: int) -> None:
            facts = recorded(*happened(chance, length))
            for projection in PROJECTIONS:
                whole = rows(db, projection, [facts])
                assert rows(db, projection, [[fact] for fact in facts]) == whole
                assert rows(db, projection, cut(facts, chance)) == whole

        holds()


def test_the_histories_reach_every_event_and_fill_every_table(postgres: str) -> None:
    """Else the property above would say little."""
    facts = [fact for seed in range(30) for fact in recorded(*happened(Random(seed), 60))]
    met = {type(fact.event) for fact in facts}
    with tables(postgres) as db:
        filled = {
            projection.name
            for projection in PROJECTIONS
            for seed in range(5)
            if rows(db, projection, [recorded(*happened(Random(seed), 60))])
        }

    # Those are found by what only a worker has keys for (tests/services/test_kept_views.py).
    assert filled == {each.name for each in PROJECTIONS if each is not search_words.projection}
    assert {cls for projection in PROJECTIONS for cls in projection.only} - met == set()
