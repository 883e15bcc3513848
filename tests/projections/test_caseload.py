from dataclasses import replace
from datetime import date

import pytest

from events.case import CaseEvent
from events.case_party_hearing import HearingEnd
from events.catalogue import Event
from events.ids import CaseId, NotificationId, PartyId, TeamId
from events.journal import DifferenceKind, JournalEvent, Matter, MatterKind
from events.post import PostEvent
from projections import caseload, caseload_queue
from projections.caseload import CaseloadEntry
from projections.caseload_queue import CaseStatus, CursorInvalid, Page, QueueFilter, SoughtText
from tests.examples import (
    ANNA,
    BO,
    FIRST_REPLY_DUE,
    HEARING,
    HEARING_MATTER,
    KAREN,
    MEETING_CASE,
    MEETING_DAY,
    NIELS,
    OTHER_ENTRY,
    OTHER_TEAM,
    PROCESSING_DUE,
    RESPONSE_CASE,
    SECOND_SLOT,
    TEAM,
    case_assigned,
    case_chosen,
    case_closed,
    case_linked,
    case_released,
    case_renumbered,
    case_reopened,
    case_transferred,
    case_withdrawn,
    caseworker_wrote,
    choice_requested,
    difference_found,
    difference_settled,
    first_reply_met,
    first_reply_missed,
    first_reply_set,
    journalised,
    journalising_refused,
    journalising_retried,
    meeting_booked,
    meeting_cancelled,
    meeting_case_opened,
    meeting_given,
    meeting_missed,
    meeting_moved,
    next_steps_announced,
    numbered,
    party_added_document,
    party_wrote,
    processing_met,
    processing_set,
    put_on_waiting_list,
    response_case_opened,
    taken_off_waiting_list,
)
from tests.post_examples import (
    notification_bounced,
    notification_delivered,
    notification_failed,
    notification_given_to_paper,
    notification_in_doubt,
    notification_posted,
    notification_queued,
    notification_retried,
    notification_sent,
)
from tests.procedure_examples import (
    APPLICATION,
    application_opened,
    neighbour_joined,
    neighbour_left,
    party_hearing_closed,
    party_hearing_opened,
    request_ended,
)
from tests.projections.views import Views


def one(views: Views, case_id: CaseId = MEETING_CASE) -> CaseloadEntry:
    found = views.ask(lambda db: caseload.one(db, case_id))
    assert found is not None
    return found


def queue(
    views: Views, asked: QueueFilter | None = None, *, after: str | None = None, limit: int = 50
) -> Page:
    given = asked or QueueFilter()
    return views.ask(lambda db: caseload_queue.queue(db, TEAM, given, after=after, limit=limit))


def wanted(**given: object) -> QueueFilter:
    return QueueFilter(**given)  # type: ignore[arg-type]  # each test names its own filters


def test_a_case_stands_as_it_was_opened(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened)

    assert one(views) == CaseloadEntry(
        case_id=MEETING_CASE,
        reference="HJ-2026-000001",
        kind="meeting",
        service="building-meeting",
        service_version=1,
        team=TEAM,
        party=ANNA,
        subject="Carport, Nørregade 1",
        received_on=date(2026, 12, 1),
        due_on=None,
        deadlines=[],
        status="open",
        assigned_to=None,
        waiting_for="caseworker",
        hearing_of={},
        hearing=None,
        meeting=None,
        waiting_day=None,
        next_steps=[],
        esdh_number=None,
        journal="on-its-way",
        is_journalised=False,
        post_failed=0,
        version=1,
        position=1,
    )


def test_a_case_that_nobody_opened_is_not_there(views: Views) -> None:
    assert views.ask(lambda db: caseload.one(db, MEETING_CASE)) is None


def test_a_case_is_in_one_pair_of_hands_or_in_nobodys(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened, case_assigned)
    assert one(views).assigned_to == KAREN
    views.show(caseload.projection, case_released)
    assert one(views).assigned_to is None


def test_a_transferred_case_is_in_the_other_teams_queue_and_nobodys(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened, case_assigned, case_transferred)
    assert (one(views).team, one(views).assigned_to) == (OTHER_TEAM, None)
    assert queue(views).entries == []
    there = views.ask(lambda db: caseload_queue.queue(db, OTHER_TEAM, QueueFilter(unassigned=True)))
    assert [entry.case_id for entry in there.entries] == [MEETING_CASE]


@pytest.mark.parametrize(
    ("history", "waiting_for"),
    [
        ([party_added_document], "caseworker"),
        ([caseworker_wrote], "party"),
        ([caseworker_wrote, party_wrote], "caseworker"),
        ([caseworker_wrote, party_added_document], "caseworker"),
        ([meeting_booked], "meeting"),
        ([meeting_booked, meeting_moved], "meeting"),
        ([meeting_booked, party_added_document], "meeting"),
        ([meeting_booked, party_wrote], "caseworker"),
        ([meeting_booked, meeting_cancelled], "caseworker"),
        ([meeting_booked, meeting_missed], "caseworker"),
        ([put_on_waiting_list], "slot"),
        ([put_on_waiting_list, taken_off_waiting_list], "caseworker"),
        ([put_on_waiting_list, meeting_given], "meeting"),
        ([case_closed], None),
        ([case_closed, case_reopened], "caseworker"),
        ([meeting_booked, case_withdrawn], None),
    ],
)
def test_the_last_thing_said_or_booked_tells_whose_turn_it_is(
    views: Views, history: list[CaseEvent], waiting_for: str | None
) -> None:
    views.show(caseload.projection, meeting_case_opened, *history)

    assert one(views).waiting_for == waiting_for


def test_a_case_waits_until_the_last_party_who_is_heard_has_ended(views: Views) -> None:
    def standing(*history: CaseEvent) -> tuple[str | None, dict[str, bool]]:
        views.show(caseload.projection, *history)
        found = one(views, APPLICATION)
        return found.waiting_for, found.hearing_of

    of_bo = replace(party_hearing_opened, party=BO)
    bo_closed = replace(party_hearing_closed, party=BO)
    both = standing(application_opened, neighbour_joined, party_hearing_opened, of_bo)
    assert both == ("party", {"first": True, BO: True})
    # Nor does what came in meanwhile make it the caseworker's turn.
    assert standing(request_ended) == both
    assert standing(party_hearing_closed) == ("party", {"first": False, BO: True})
    assert standing(bo_closed) == ("caseworker", {"first": False, BO: False})
    left = replace(bo_closed, because=HearingEnd.LEFT)
    assert standing(of_bo, left, neighbour_left) == ("caseworker", {"first": False})
    withdrawn = replace(case_withdrawn, case_id=APPLICATION)
    assert standing(of_bo, withdrawn, left, neighbour_left) == (None, {"first": False})


def test_a_hearing_response_waits_for_its_hearing(views: Views) -> None:
    views.show(caseload.projection, response_case_opened)

    found = one(views, RESPONSE_CASE)

    assert (found.waiting_for, found.hearing) == ("hearing", HEARING)


@pytest.mark.parametrize(
    ("history", "due_on"),
    [
        ([processing_set], PROCESSING_DUE),
        ([processing_set, first_reply_set], FIRST_REPLY_DUE),
        ([processing_set, first_reply_set, first_reply_met], PROCESSING_DUE),
        ([processing_set, first_reply_set, first_reply_missed], FIRST_REPLY_DUE),
        ([processing_set, processing_met], None),
        ([processing_set, case_closed], None),
        ([processing_set, case_closed, case_reopened], PROCESSING_DUE),
        ([processing_set, case_withdrawn], None),
    ],
)
def test_the_earliest_thing_left_to_do_is_due(
    views: Views, history: list[CaseEvent], due_on: date | None
) -> None:
    views.show(caseload.projection, meeting_case_opened, *history)

    assert one(views).due_on == due_on


def test_deadlines_say_how_they_went(views: Views) -> None:
    views.show(
        caseload.projection,
        meeting_case_opened,
        first_reply_set,
        processing_set,
        first_reply_missed,
        processing_met,
    )

    assert one(views).deadlines == [
        {"deadline": "first-reply", "due_on": "2026-12-04", "state": "missed"},
        {"deadline": "processing", "due_on": "2026-12-22", "state": "met"},
    ]


def test_meeting_waiting_day_and_next_steps_are_the_latest(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened, meeting_booked, next_steps_announced)
    views.show(caseload.projection, meeting_moved, case_assigned)

    found = one(views)

    assert found.meeting is not None
    assert found.meeting["slot"] == SECOND_SLOT
    assert found.meeting["starts_at"] == "2026-12-08T10:00:00+01:00"
    assert found.next_steps == [
        {"text": {"da": "Vi svarer dig.", "en": "We answer you."}, "by": "2026-12-04"}
    ]
    assert found.assigned_to == KAREN
    assert (found.version, found.position) == (5, 5)


def test_a_case_on_a_waiting_list_says_which_day(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened, put_on_waiting_list)

    assert one(views).waiting_day == MEETING_DAY


def open_many(views: Views, *due: date | None) -> list[CaseId]:
    cases = [CaseId(numbered(100 + number)) for number in range(len(due))]
    history: list[CaseEvent] = []
    for number, (case_id, due_on) in enumerate(zip(cases, due, strict=True)):
        history.append(replace(meeting_case_opened, case_id=case_id, reference=f"HJ-100%_{number}"))
        if due_on is not None:
            history.append(replace(processing_set, case_id=case_id, due_on=due_on))
    views.show(caseload.projection, *history)
    return cases


def test_the_queue_begins_with_the_earliest_deadline_and_ends_with_none(views: Views) -> None:
    none, late, early = open_many(views, None, date(2026, 12, 9), date(2026, 12, 3))

    assert [entry.case_id for entry in queue(views).entries] == [early, late, none]


def test_the_queue_holds_open_cases_of_the_team_alone(views: Views) -> None:
    kept, gone, elsewhere = open_many(views, None, None, None)
    views.show(
        caseload.projection,
        replace(case_closed, case_id=gone),
        replace(meeting_case_opened, case_id=elsewhere, team=TeamId("ejendomsdata")),
    )

    assert [entry.case_id for entry in queue(views).entries] == [kept]


def test_pages_of_the_queue_neither_skip_nor_repeat(views: Views) -> None:
    same = date(2026, 12, 3)
    cases = open_many(views, None, same, None, same, date(2026, 12, 2), same, None)
    seen: list[CaseId] = []
    after: str | None = None
    for _ in range(4):
        page = queue(views, after=after, limit=2)
        seen += [entry.case_id for entry in page.entries]
        after = page.after

    assert after is None
    assert seen == [cases[4], cases[1], cases[3], cases[5], cases[0], cases[2], cases[6]]


@pytest.mark.parametrize("cursor", ["", "x", "AAAA", "bnVsbA==", "æ", "WzEsMl0="])
def test_a_cursor_of_ones_own_making_is_refused(views: Views, cursor: str) -> None:
    with pytest.raises(CursorInvalid):
        queue(views, after=cursor)


def test_the_queue_is_filtered(views: Views) -> None:
    first, second = open_many(views, date(2026, 12, 3), date(2026, 12, 9))
    views.show(caseload.projection, replace(case_assigned, case_id=first))

    def cases(**given: object) -> list[CaseId]:
        return [entry.case_id for entry in queue(views, wanted(**given)).entries]

    assert cases(assigned_to=[KAREN]) == [first]
    assert cases(assigned_to=[NIELS]) == []
    assert cases(assigned_to=[NIELS, KAREN]) == [first]
    assert cases(unassigned=True) == [second]
    assert cases(due_before=date(2026, 12, 9)) == [first]
    assert cases(kind="meeting") == [first, second]
    assert cases(kind="hearing-response") == []
    assert cases(service="building-meeting") == [first, second]
    assert cases(service="hearing-response") == []
    assert cases(waiting_for="caseworker") == [first, second]
    assert cases(waiting_for="party") == []
    assert cases(overdue_on=date(2026, 12, 9)) == [first]
    assert cases(overdue_on=date(2026, 12, 9), is_overdue=False) == [second]
    assert cases(q=SoughtText(text="100%_1", beginnings=[])) == [second]
    assert cases(q=SoughtText(text="hj-", beginnings=[])) == [first, second]
    assert cases(q=SoughtText(text="_J-", beginnings=[])) == []


def test_what_has_ended_is_asked_for_by_its_status(views: Views) -> None:
    opened, shut, taken_back = open_many(views, None, None, None)
    views.show(
        caseload.projection,
        replace(case_closed, case_id=shut),
        replace(case_withdrawn, case_id=taken_back),
    )

    def cases(**given: object) -> list[CaseId]:
        return [entry.case_id for entry in queue(views, wanted(**given)).entries]

    assert cases(status=CaseStatus.OPEN) == [opened]
    assert cases(status=CaseStatus.CLOSED) == [shut]
    assert cases(status=CaseStatus.WITHDRAWN) == [taken_back]
    assert cases(journal="on-its-way") == [opened, shut, taken_back]
    assert cases(journal="on-its-way", status=CaseStatus.CLOSED) == [shut]


def test_a_party_sees_its_own_cases_closed_ones_too(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened, response_case_opened, case_closed)

    mine = views.ask(lambda db: caseload.of_party(db, ANNA))

    assert [(entry.case_id, entry.status) for entry in mine] == [(MEETING_CASE, "closed")]
    assert views.ask(lambda db: caseload.of_party(db, PartyId("person:nobody"))) == []


other_refused = replace(journalising_refused, entry=OTHER_ENTRY)
filed_twice = replace(difference_found, difference=DifferenceKind.FILED_TWICE)


@pytest.mark.parametrize("batches", [1, 2])
@pytest.mark.parametrize(
    ("told", "journal"),
    [
        ([], "on-its-way"),
        ([case_linked], "on-its-way"),
        ([case_linked, replace(journalised, position=2)], "on-its-way"),
        ([case_linked, journalised], "journalised"),
        ([choice_requested], "choice"),
        ([choice_requested, case_chosen], "on-its-way"),
        ([choice_requested, case_renumbered], "choice"),
        ([journalised, choice_requested, case_chosen, case_linked], "journalised"),
        ([journalising_refused], "refused"),
        ([journalising_refused, choice_requested], "choice"),
        ([journalising_refused, journalising_retried], "on-its-way"),
        ([journalising_refused, other_refused, journalising_retried], "refused"),
        ([journalising_refused, journalised], "journalised"),
        ([replace(journalising_refused, position=2), journalised], "refused"),
        ([journalised, difference_found], "difference"),
        ([journalised, difference_found, journalising_refused], "refused"),
        ([journalised, difference_found, difference_settled], "journalised"),
        ([journalised, difference_found, filed_twice, difference_settled], "difference"),
    ],
)
def test_a_case_shows_what_somebody_must_see_to_before_how_far_it_is(
    views: Views, told: list[JournalEvent], journal: str, batches: int
) -> None:
    if batches == 1:
        views.show(caseload.projection, meeting_case_opened, party_wrote, *told)
    else:
        views.show(caseload.projection, meeting_case_opened, party_wrote)
        for event in told:
            views.show(caseload.projection, event)

    assert one(views).journal == journal


other_failed = replace(notification_failed, notification=NotificationId(numbered(79)))


@pytest.mark.parametrize("batches", [1, 2])
@pytest.mark.parametrize(
    ("told", "failed"),
    [
        ([], 0),
        ([notification_sent], 0),
        ([notification_in_doubt], 0),
        ([notification_bounced], 1),
        ([notification_failed], 1),
        ([notification_failed, notification_bounced], 1),
        ([notification_failed, other_failed], 2),
        ([notification_failed, other_failed, notification_retried], 1),
        ([notification_bounced, notification_retried], 0),
        ([notification_bounced, notification_retried, notification_bounced], 1),
        ([notification_bounced, notification_given_to_paper], 0),
        ([notification_bounced, notification_given_to_paper, notification_posted], 0),
        ([notification_failed, notification_delivered], 0),
    ],
)
def test_what_was_not_delivered_counts_until_it_is_dealt_with(
    views: Views, told: list[PostEvent], failed: int, batches: int
) -> None:
    if batches == 1:
        views.show(caseload.projection, meeting_case_opened, notification_queued, *told)
    else:
        views.show(caseload.projection, meeting_case_opened, notification_queued)
        for event in told:
            views.show(caseload.projection, event)

    assert one(views).post_failed == failed
    asked = queue(views, wanted(is_post_failed=True))
    assert [entry.case_id for entry in asked.entries] == [MEETING_CASE] * (failed > 0)


def test_a_closed_case_whose_post_failed_is_asked_for_too(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened, notification_failed, case_closed)

    assert [e.post_failed for e in queue(views, wanted(is_post_failed=True)).entries] == [1]
    assert queue(views, wanted(is_post_failed=True, status=CaseStatus.OPEN)).entries == []


def test_a_case_lies_in_the_records_system_whatever_else_is_the_matter(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened, journalised, choice_requested)

    assert (one(views).journal, one(views).is_journalised) == ("choice", True)


def test_a_case_shows_its_latest_number_in_the_records_system(views: Views) -> None:
    views.show(caseload.projection, meeting_case_opened)
    assert one(views).esdh_number is None

    views.show(caseload.projection, case_linked)
    assert one(views).esdh_number == "02.34.02-P19-12-26"

    views.show(caseload.projection, case_renumbered)
    assert one(views).esdh_number == "02.34.02-P19-98-26"


@pytest.mark.parametrize("batches", [1, 2])
def test_filing_and_post_make_nothing_stale_that_somebody_has_seen_of_the_case(
    views: Views, batches: int
) -> None:
    told: list[Event] = [case_linked, journalised, difference_found, notification_failed]
    if batches == 1:
        views.show(caseload.projection, meeting_case_opened, party_wrote, *told)
    else:
        views.show(caseload.projection, meeting_case_opened, party_wrote)
        views.show(caseload.projection, *told)

    assert (one(views).version, one(views).position) == (2, 2)


def test_the_journal_of_a_hearing_is_no_matter_of_its_responses(views: Views) -> None:
    views.show(caseload.projection, response_case_opened)
    views.show(caseload.projection, replace(case_linked, matter=HEARING_MATTER))

    assert one(views, RESPONSE_CASE).esdh_number is None


def test_a_journal_whose_case_is_not_there_is_an_error(views: Views) -> None:
    """So that it is parked beside its case, and taken in after it."""
    with pytest.raises(LookupError):
        views.show(caseload.projection, case_linked)


def test_the_queue_shows_what_is_on_its_way_or_must_be_seen_to_of_closed_cases_too(
    views: Views,
) -> None:
    asked, refused, late, there = open_many(views, None, None, None, None)

    def of(event: JournalEvent, case_id: CaseId) -> JournalEvent:
        return replace(event, matter=Matter(kind=MatterKind.CASE, id=case_id))

    views.show(
        caseload.projection,
        of(choice_requested, asked),
        of(journalising_refused, refused),
        replace(case_closed, case_id=refused),
        of(replace(journalised, position=4), there),
        of(case_linked, there),
    )

    def cases(**given: object) -> list[CaseId]:
        return [entry.case_id for entry in queue(views, wanted(**given)).entries]

    assert cases(journal="choice") == [asked]
    assert cases(journal="refused") == [refused]
    assert cases(journal="difference") == []
    assert cases(journal="on-its-way") == [late]
    assert cases() == [asked, late, there]
    views.show(caseload.projection, of(difference_found, there))
    assert cases(journal="difference") == [there]
