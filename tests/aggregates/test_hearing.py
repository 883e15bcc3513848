from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from aggregates.hearing import decider
from commands.hearing import HearingCommand
from events.hearing import HearingKind
from events.ids import PointId
from services.clock import COPENHAGEN
from tests.examples import (
    CLOSES_AT,
    CONCLUDED_AT,
    EXTENDED_TO,
    POINT,
    accept_response,
    add_material,
    answer_drafted,
    answer_dropped,
    at,
    cancel_hearing,
    conclude_hearing,
    draft_answer,
    drawing,
    drop_answer,
    extend_hearing,
    hearing_answer,
    hearing_cancelled,
    hearing_concluded,
    hearing_extended,
    hearing_material_added,
    hearing_published,
    numbered,
    photo,
    plan,
    publish_hearing,
    response_sorted,
    sort_response,
)
from tests.spec import Given

JUST_BEFORE = CLOSES_AT - timedelta(microseconds=1)

unknown = Given(decider)
published = unknown.given(hearing_published)
drafted = published.given(answer_drafted)
concluded = published.given(hearing_concluded)
cancelled = published.given(hearing_cancelled)


def test_a_hearing_is_published_once() -> None:
    unknown.when(publish_hearing).then(hearing_published)
    for begun in (published, concluded, cancelled):
        begun.when(publish_hearing).refused("hearing-already-published")


@pytest.mark.parametrize(
    "command",
    [
        accept_response,
        extend_hearing,
        add_material,
        draft_answer,
        drop_answer,
        sort_response,
        conclude_hearing,
        cancel_hearing,
    ],
    ids=lambda c: type(c).__name__,
)
def test_nothing_but_publishing_can_be_done_to_a_hearing_that_is_not_there(
    command: HearingCommand,
) -> None:
    unknown.when(command).refused("hearing-not-found")


def test_a_hearing_has_a_title() -> None:
    unknown.when(replace(publish_hearing, title=" ")).refused("title-missing")


def test_a_hearing_is_not_published_with_the_same_document_twice() -> None:
    unknown.when(replace(publish_hearing, material=(plan, plan))).refused("document-already-added")


@pytest.mark.parametrize(
    ("kind", "weeks", "last_too_short", "earliest"),
    [
        (HearingKind.MUNICIPAL_PLAN, 8, at(11, 25, 23, 59), at(11, 26, 0, 0)),
        (HearingKind.MUNICIPAL_PLAN_MINOR, 4, at(10, 28, 23, 59), at(10, 29, 0, 0)),
        (HearingKind.LOCAL_PLAN, 4, at(10, 28, 23, 59), at(10, 29, 0, 0)),
        (HearingKind.LOCAL_PLAN_MINOR, 2, at(10, 14, 23, 59), at(10, 15, 0, 0)),
        (HearingKind.NEIGHBOUR_NOTICE, 2, at(10, 14, 23, 59), at(10, 15, 0, 0)),
    ],
)
def test_a_hearing_is_open_for_the_weeks_its_kind_demands(
    kind: HearingKind, weeks: int, last_too_short: datetime, earliest: datetime
) -> None:
    # Published on 1 October, so that the longer periods pass the end of summer time.
    of_kind = replace(publish_hearing, kind=kind, published_at=at(10, 1, 12))
    unknown.when(replace(of_kind, closes_at=last_too_short)).refused(
        "hearing-period-too-short", weeks=str(weeks), earliest=earliest.date().isoformat()
    )
    unknown.when(replace(of_kind, closes_at=earliest)).then(
        replace(hearing_published, kind=kind, published_at=at(10, 1, 12), closes_at=earliest)
    )


def test_the_weeks_are_counted_by_the_local_day() -> None:
    # 00:30 on 2 December in Denmark, while it is still the first in Greenwich.
    late = replace(publish_hearing, published_at=at(12, 2, 0, 30))
    assert late.published_at.astimezone(UTC).day == 1
    unknown.when(replace(late, closes_at=at(12, 29, 23, 59))).refused(
        "hearing-period-too-short", weeks="4", earliest="2026-12-30"
    )
    unknown.when(replace(late, closes_at=at(12, 30))).then(
        replace(hearing_published, published_at=late.published_at, closes_at=at(12, 30))
    )


def test_a_response_is_accepted_until_the_hearing_closes() -> None:
    published.when(accept_response).then()
    published.when(replace(accept_response, now=JUST_BEFORE)).then()
    published.when(replace(accept_response, now=CLOSES_AT)).refused("hearing-closed")
    published.when(replace(accept_response, now=CONCLUDED_AT)).refused("hearing-closed")


def test_the_same_instant_is_meant_whatever_its_offset() -> None:
    in_greenwich = CLOSES_AT.astimezone(UTC)
    published.when(replace(accept_response, now=in_greenwich)).refused("hearing-closed")
    published.when(replace(accept_response, now=in_greenwich - timedelta(seconds=1))).then()


def test_an_extension_lets_responses_in_for_longer() -> None:
    extended = published.given(hearing_extended)
    extended.when(replace(accept_response, now=CLOSES_AT)).then()
    extended.when(replace(accept_response, now=EXTENDED_TO)).refused("hearing-closed")


def test_an_ended_hearing_takes_no_responses_and_no_changes() -> None:
    for command in (accept_response, extend_hearing, add_material, conclude_hearing):
        concluded.when(command).refused("hearing-concluded")
        cancelled.when(command).refused("hearing-cancelled")


def test_a_hearing_is_only_extended() -> None:
    published.when(extend_hearing).then(hearing_extended)
    published.when(replace(extend_hearing, closes_at=CLOSES_AT)).refused(
        "hearing-deadline-not-later"
    )
    published.when(replace(extend_hearing, closes_at=at(12, 20))).refused(
        "hearing-deadline-not-later"
    )
    published.given(hearing_extended).when(extend_hearing).refused("hearing-deadline-not-later")


def test_a_closed_hearing_is_not_extended() -> None:
    published.when(replace(extend_hearing, now=JUST_BEFORE)).then(hearing_extended)
    published.when(replace(extend_hearing, now=CLOSES_AT)).refused("hearing-closed")


def test_material_is_added_once() -> None:
    published.when(add_material).then(hearing_material_added)
    published.when(replace(add_material, material=())).then()
    published.when(replace(add_material, material=(plan,))).refused("document-already-added")
    published.when(replace(add_material, material=(drawing, drawing))).refused(
        "document-already-added"
    )
    published.given(hearing_material_added).when(
        replace(add_material, material=(drawing, photo))
    ).refused("document-already-added")


def test_a_hearing_is_concluded_when_it_has_closed() -> None:
    published.when(conclude_hearing).then(hearing_concluded)
    published.when(replace(conclude_hearing, now=CLOSES_AT)).then(
        replace(hearing_concluded, concluded_at=CLOSES_AT)
    )
    published.when(replace(conclude_hearing, now=JUST_BEFORE)).refused("hearing-not-closed")
    published.given(hearing_extended).when(replace(conclude_hearing, now=CLOSES_AT)).refused(
        "hearing-not-closed"
    )


def test_a_conclusion_says_something() -> None:
    published.when(replace(conclude_hearing, summary="\n")).refused("summary-missing")
    for empty in (replace(hearing_answer, theme=" "), replace(hearing_answer, answer="")):
        published.when(replace(conclude_hearing, answers=(hearing_answer, empty))).refused(
            "answer-empty"
        )
    published.when(replace(conclude_hearing, answers=())).then(
        replace(hearing_concluded, answers=())
    )


def test_a_hearing_is_cancelled_for_a_reason() -> None:
    published.when(cancel_hearing).then(hearing_cancelled)
    published.when(replace(cancel_hearing, reason=" ")).refused("reason-missing")


def test_cancelling_twice_changes_nothing() -> None:
    cancelled.when(cancel_hearing).then()


def test_a_concluded_hearing_is_not_cancelled() -> None:
    concluded.when(cancel_hearing).refused("hearing-concluded")


def test_the_examples_are_in_danish_time() -> None:
    assert CLOSES_AT.tzinfo is COPENHAGEN


def test_an_answer_is_drafted_and_written_on_as_often_as_one_likes() -> None:
    published.when(draft_answer).then(answer_drafted)
    drafted.when(draft_answer).then()
    drafted.when(replace(draft_answer, answer="")).then(replace(answer_drafted, answer=""))
    drafted.when(replace(draft_answer, theme=" ")).refused("theme-missing")


def test_a_draft_is_dropped_once() -> None:
    drafted.when(drop_answer).then(answer_dropped)
    published.when(drop_answer).then()


def test_a_response_is_sorted_under_points_that_there_are() -> None:
    drafted.when(sort_response).then(response_sorted)
    drafted.when(replace(sort_response, points=(POINT, POINT))).then(response_sorted)
    published.when(sort_response).refused("point-not-found")
    drafted.given(answer_dropped).when(sort_response).refused("point-not-found")
    drafted.given(response_sorted).when(sort_response).then()
    drafted.given(response_sorted).when(replace(sort_response, points=())).then(
        replace(response_sorted, points=())
    )


def test_a_hearing_is_concluded_with_what_was_drafted() -> None:
    as_drafted = replace(conclude_hearing, answers=None)
    drafted.given(response_sorted).when(as_drafted).then(hearing_concluded)
    drafted.when(as_drafted).then(
        replace(hearing_concluded, answers=(replace(hearing_answer, responses=()),))
    )
    published.given(replace(answer_drafted, answer=" ")).when(as_drafted).refused("answer-empty")
    drafted.given(answer_dropped).when(as_drafted).then(replace(hearing_concluded, answers=()))


@pytest.mark.parametrize("command", [draft_answer, drop_answer, sort_response])
def test_what_is_concluded_is_not_drafted_any_more(command: HearingCommand) -> None:
    concluded.when(command).refused("hearing-concluded")


def test_a_hearing_has_no_more_points_than_a_conclusion_answers() -> None:
    full = published.given(
        *(replace(answer_drafted, point=PointId(numbered(each))) for each in range(200))
    )
    full.when(replace(draft_answer, point=PointId(numbered(200)))).refused(
        "points-too-many", limit="200"
    )
    full.when(replace(draft_answer, point=PointId(numbered(7)), theme="Skygge")).then(
        replace(answer_drafted, point=PointId(numbered(7)), theme="Skygge")
    )
