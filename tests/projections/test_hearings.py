from dataclasses import replace
from datetime import timedelta

import pytest

from events.case import CaseWithdrawn
from events.hearing import HearingEvent
from events.ids import CaseId, PointId
from projections import hearing_points, hearings, responses
from projections.hearings import Conclusion, Hearing
from projections.responses import Wanted
from tests.examples import (
    CLOSES_AT,
    EXTENDED_TO,
    HEARING,
    NOW,
    OTHER_HEARING,
    POINT,
    RESPONSE_CASE,
    THIRD_CASE,
    answer_drafted,
    answer_dropped,
    hearing_answer,
    hearing_cancelled,
    hearing_concluded,
    hearing_extended,
    hearing_material_added,
    hearing_published,
    meeting_case_opened,
    numbered,
    response_answered,
    response_case_opened,
    response_sorted,
)
from tests.projections.views import Views


def one(views: Views, now: object = NOW) -> Hearing:
    found = views.ask(lambda db: hearings.one(db, HEARING, now))  # type: ignore[arg-type]  # a datetime in every test
    assert found is not None
    return found


def test_a_hearing_is_open_until_the_moment_it_closes(views: Views) -> None:
    views.show(hearings.projection, hearing_published)

    assert one(views, CLOSES_AT - timedelta(microseconds=1)).state == "open"
    assert one(views, CLOSES_AT).state == "closed"


@pytest.mark.parametrize(
    ("history", "state"),
    [
        ([hearing_extended], "open"),
        ([hearing_concluded], "concluded"),
        ([hearing_cancelled], "cancelled"),
    ],
)
def test_a_hearing_is_in_one_state(views: Views, history: list[HearingEvent], state: str) -> None:
    views.show(hearings.projection, hearing_published)
    views.show(hearings.projection, *history)

    def named(wanted: str | None) -> list[Hearing]:
        return views.ask(lambda db: hearings.published(db, wanted, CLOSES_AT))

    assert [hearing.state for hearing in named(None)] == [state]
    assert [hearing.hearing_id for hearing in named(state)] == [HEARING]
    for other in {"open", "closed", "concluded", "cancelled"} - {state}:
        assert named(other) == []


def test_a_hearing_shows_all_its_material_and_its_last_deadline(views: Views) -> None:
    views.show(hearings.projection, hearing_published, hearing_material_added, hearing_extended)

    found = one(views)

    assert [document["name"] for document in found.material] == ["lokalplan 402.pdf", "carport.jpg"]
    assert found.closes_at == EXTENDED_TO
    assert (found.version, found.position) == (3, 3)
    assert (found.title, found.kind) == ("Lokalplan 402, Havnen", "local-plan")


def test_a_conclusion_is_there_once_it_is_drawn(views: Views) -> None:
    views.show(hearings.projection, hearing_published)
    assert hearings.conclusion(views.db, HEARING) is None

    views.show(hearings.projection, hearing_concluded)

    assert hearings.conclusion(views.db, HEARING) == Conclusion(
        summary="Et høringssvar, om højde.", answers=(hearing_answer,)
    )
    assert one(views).answers == [
        {
            "theme": "Højde",
            "answer": "Højden sættes ned til 8,5 m.",
            "responses": [str(RESPONSE_CASE)],
        }
    ]


def test_an_unknown_hearing_is_none(views: Views) -> None:
    assert views.ask(lambda db: hearings.one(db, HEARING, NOW)) is None


def test_the_responses_of_a_hearing_are_counted(views: Views) -> None:
    second = replace(response_case_opened, case_id=THIRD_CASE)
    views.show(responses.projection, meeting_case_opened, response_case_opened, second)

    assert views.ask(lambda db: responses.count(db, OTHER_HEARING)) == 0
    assert views.ask(lambda db: responses.count(db, HEARING)) == 2


def test_a_withdrawn_response_counts_no_more(views: Views) -> None:
    views.show(responses.projection, response_case_opened)
    views.show(responses.projection, CaseWithdrawn(case_id=RESPONSE_CASE, reason=None))

    assert views.ask(lambda db: responses.count(db, HEARING)) == 0


def test_responses_want_an_answer_once_their_hearing_is_concluded(views: Views) -> None:
    views.show(responses.projection, response_case_opened)
    views.show(hearings.projection, hearing_published)
    assert responses.unanswered(views.db) == []

    views.show(hearings.projection, hearing_concluded)
    assert [each.case_id for each in responses.unanswered(views.db)] == [RESPONSE_CASE]

    views.show(responses.projection, response_answered)
    assert responses.unanswered(views.db) == []


def test_a_hearing_says_when_it_last_changed(views: Views) -> None:
    views.show(hearings.projection, hearing_published)
    first = one(views).changed_at
    views.show(hearings.projection, hearing_material_added)
    assert one(views, CLOSES_AT).changed_at > first


def test_what_is_drafted_is_no_news_to_the_public(views: Views) -> None:
    views.show(hearings.projection, hearing_published)
    before = one(views)
    views.show(hearings.projection, answer_drafted)
    after = one(views)
    assert (after.changed_at, after.answers) == (before.changed_at, [])
    assert after.position > before.position


def test_points_stand_in_the_order_in_which_they_were_begun(views: Views) -> None:
    second = replace(answer_drafted, point=PointId(numbered(16)), theme="Trafik", answer="")

    def told() -> list[tuple[str, str]]:
        found = views.ask(lambda db: hearing_points.of_hearing(db, HEARING))
        return [(each.theme, each.answer) for each in found]

    views.show(hearing_points.projection, answer_drafted, second)
    views.show(hearing_points.projection, replace(answer_drafted, answer="Nej."))
    assert told() == [("Højde", "Nej."), ("Trafik", "")]
    views.show(hearing_points.projection, answer_dropped, answer_drafted)
    assert [theme for theme, _ in told()] == ["Trafik", "Højde"]
    assert views.ask(lambda db: hearing_points.of_hearing(db, OTHER_HEARING)) == []


def test_responses_are_found_by_the_points_they_raise(views: Views) -> None:
    other = replace(response_case_opened, case_id=THIRD_CASE)
    views.show(responses.projection, response_case_opened, other, response_sorted)

    def told(wanted: Wanted) -> list[CaseId]:
        found = views.ask(lambda db: responses.of_hearing(db, HEARING, wanted))
        return [each.case_id for each in found]

    assert told(Wanted()) == [RESPONSE_CASE, THIRD_CASE]
    assert told(Wanted(point=POINT)) == [RESPONSE_CASE]
    assert told(Wanted(unsorted=True)) == [THIRD_CASE]
    assert told(Wanted(limit=1)) == [RESPONSE_CASE]
    assert told(Wanted(after=1)) == [THIRD_CASE]
    assert views.ask(lambda db: responses.raised(db, HEARING)) == {POINT: 1}
    assert views.ask(responses.counts) == {HEARING: 2}
    views.show(responses.projection, replace(response_sorted, points=()))
    assert told(Wanted(unsorted=True)) == [RESPONSE_CASE, THIRD_CASE]
