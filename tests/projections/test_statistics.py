"""Numbers that a plain count over the same cases would give."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random
from statistics import median

from events.case import CaseClosed
from events.case_deadline import DeadlineKind
from events.catalogue import Event
from events.ids import CaseId
from projections import statistics
from projections.statistics import Counts, Span, TeamCounts, Wanted
from tests.examples import (
    MEETING_CASE,
    OTHER_TEAM,
    TEAM,
    case_reopened,
    case_transferred,
    case_withdrawn,
    first_reply_missed,
    meeting_case_opened,
    numbered,
    response_case_opened,
)
from tests.projections.views import Views

NOVEMBER = Span(first=date(2026, 11, 1), last=date(2026, 11, 30))
DECEMBER = Span(first=date(2026, 12, 1), last=date(2026, 12, 31))
JANUARY = Span(first=date(2027, 1, 1), last=date(2027, 1, 31))
NOTHING = Counts(received=0, open=0, closed=0, withdrawn=0, overdue=0, median_days=None)
DAY = timedelta(days=1)


def in_all(views: Views, span: Span, wanted: Wanted | None = None) -> Counts:
    return views.ask(lambda db: statistics.in_all(db, span, wanted or Wanted()))


def by_team(views: Views, spans: Sequence[Span], wanted: Wanted | None = None) -> list[TeamCounts]:
    return views.ask(lambda db: statistics.by_team(db, spans, wanted or Wanted()))


def closed(case_id: CaseId, on: date) -> CaseClosed:
    return CaseClosed(case_id=case_id, closed_on=on)


def lasting(*days: int, received_on: date = date(2026, 12, 1)) -> list[Event]:
    """Cases that were closed so many days after they were received."""
    history: list[Event] = []
    for number, each in enumerate(days):
        case_id = CaseId(numbered(300 + number))
        history += [
            replace(meeting_case_opened, case_id=case_id, received_on=received_on),
            closed(case_id, received_on + each * DAY),
        ]
    return history


def test_nothing_comes_of_nothing(views: Views) -> None:
    assert in_all(views, DECEMBER) == NOTHING
    assert by_team(views, [NOVEMBER, DECEMBER]) == []


def test_a_case_is_received_then_open_then_closed(views: Views) -> None:
    views.show(
        statistics.projection,
        replace(meeting_case_opened, received_on=NOVEMBER.last),
        closed(MEETING_CASE, JANUARY.first),
    )

    assert in_all(views, NOVEMBER) == replace(NOTHING, received=1, open=1)
    assert in_all(views, DECEMBER) == replace(NOTHING, open=1)
    assert in_all(views, JANUARY) == replace(NOTHING, closed=1, median_days=32.0)
    whole = Span(first=NOVEMBER.first, last=JANUARY.last)
    assert in_all(views, whole) == replace(NOTHING, received=1, closed=1, median_days=32.0)


def test_the_median_is_exact_and_lies_between_two_in_the_middle(views: Views) -> None:
    views.show(statistics.projection, *lasting(1, 30, 2, 3))
    assert in_all(views, DECEMBER).median_days == 2.5


def test_what_is_withdrawn_is_not_closed_and_has_no_processing_time(views: Views) -> None:
    views.show(statistics.projection, meeting_case_opened, case_withdrawn)
    assert in_all(views, DECEMBER) == replace(NOTHING, received=1, withdrawn=1)


def test_a_reopened_case_is_open_until_it_is_closed_again(views: Views) -> None:
    views.show(
        statistics.projection,
        meeting_case_opened,
        closed(MEETING_CASE, date(2026, 12, 4)),
        case_reopened,
    )
    assert in_all(views, DECEMBER) == replace(NOTHING, received=1, open=1)
    views.show(statistics.projection, closed(MEETING_CASE, date(2026, 12, 11)))
    assert in_all(views, DECEMBER) == replace(NOTHING, received=1, closed=1, median_days=10.0)


def test_a_missed_deadline_is_overdue_in_the_month_of_its_last_day(views: Views) -> None:
    in_january = replace(first_reply_missed, deadline=DeadlineKind.PROCESSING, due_on=JANUARY.first)
    neighbours = replace(first_reply_missed, deadline=DeadlineKind.OBJECTION, due_on=DECEMBER.last)
    views.show(
        statistics.projection, meeting_case_opened, first_reply_missed, in_january, neighbours
    )
    assert in_all(views, DECEMBER).overdue == 1
    assert in_all(views, JANUARY).overdue == 1


def test_a_transferred_case_counts_for_the_team_that_has_it(views: Views) -> None:
    views.show(statistics.projection, meeting_case_opened, response_case_opened, case_transferred)
    rows = by_team(views, [DECEMBER])
    assert [(row.team, row.service, row.received) for row in rows] == [
        (TEAM, "hearing-response", 1),
        (OTHER_TEAM, "building-meeting", 1),
    ]
    assert in_all(views, DECEMBER, Wanted(teams=[OTHER_TEAM])).received == 1
    assert in_all(views, DECEMBER, Wanted(teams=[])).received == 0
    assert in_all(views, DECEMBER, Wanted(service="hearing-response")).received == 1


def test_the_numbers_are_those_of_a_plain_count(views: Views) -> None:
    chance = Random(20261126)
    first = date(2026, 11, 20)
    cases: list[tuple[date, date | None]] = []
    history: list[Event] = []
    for number in range(120):
        case_id = CaseId(numbered(300 + number))
        received_on = first + chance.randrange(60) * DAY
        is_closed = chance.random() < 0.7
        ended_on = received_on + chance.randrange(50) * DAY if is_closed else None
        cases.append((received_on, ended_on))
        history.append(replace(meeting_case_opened, case_id=case_id, received_on=received_on))
        if ended_on is not None:
            history.append(closed(case_id, ended_on))
    views.show(statistics.projection, *history)

    for span in (NOVEMBER, DECEMBER, JANUARY, Span(first=first, last=first)):
        done = [(r, e) for r, e in cases if e is not None and span.first <= e <= span.last]
        expected = Counts(
            received=sum(span.first <= r <= span.last for r, _ in cases),
            open=sum(r <= span.last and (e is None or e > span.last) for r, e in cases),
            closed=len(done),
            withdrawn=0,
            overdue=0,
            median_days=float(median((e - r).days for r, e in done)) if done else None,
        )
        assert in_all(views, span) == expected
