"""Which case is the right one: never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.journal import ChoiceReason, EsdhCase
from services.esdh.port import CaseStanding, CaseStatus
from services.journal.matching import Ask, OpenNew, Use, case_lost, mentioning, right_case


def case(number: int, status: CaseStatus = CaseStatus.OPEN, title: str = "Carport") -> CaseStanding:
    esdh_case = EsdhCase(id=f"guid-{number}", number=f"02.34.02-P19-{number}-26")
    return CaseStanding(esdh_case=esdh_case, title=title, status=status)


CLOSED = case(9, CaseStatus.CLOSED)


def offered(verdict: object) -> list[str]:
    assert isinstance(verdict, Ask)
    return [candidate.esdh_case.id for candidate in verdict.candidates]


def test_the_only_open_case_is_the_right_one() -> None:
    assert right_case([CLOSED, case(1)]) == Use(case(1))
    assert right_case([case(1, CaseStatus.DORMANT)]) == Use(case(1, CaseStatus.DORMANT))


def test_the_same_case_found_in_two_ways_is_one_case() -> None:
    assert right_case([case(1), case(1)]) == Use(case(1))


def test_without_an_open_case_a_new_one_is_opened() -> None:
    assert right_case([]) == OpenNew()
    assert right_case([CLOSED]) == OpenNew()


def test_among_several_a_caseworker_chooses() -> None:
    verdict = right_case([case(1), CLOSED, case(2)])
    assert offered(verdict) == ["guid-1", "guid-2"]
    assert isinstance(verdict, Ask)
    assert verdict.reason is ChoiceReason.SEVERAL


def test_a_closed_case_is_offered_beside_the_others_and_never_just_left() -> None:
    verdict = case_lost(CLOSED, [case(1), CLOSED])
    assert offered(verdict) == ["guid-9", "guid-1"]
    assert isinstance(verdict, Ask)
    assert verdict.reason is ChoiceReason.CLOSED


def test_a_case_that_is_gone_leaves_the_choice_to_a_person_even_of_one() -> None:
    verdict = case_lost(None, [case(1)])
    assert offered(verdict) == ["guid-1"]
    assert isinstance(verdict, Ask)
    assert verdict.reason is ChoiceReason.GONE
    assert offered(case_lost(None, [])) == []


def test_a_case_that_was_opened_again_meanwhile_is_right_still() -> None:
    assert case_lost(case(9), [case(1)]) == Use(case(9))


@pytest.mark.parametrize(
    ("title", "mentioned"),
    [
        ("Carport (BFE 1000)", True),
        ("carport, bfe 1000, genåbnet", True),
        ("Carport (BFE 10006)", False),
        ("Carport (ABFE 1000)", False),
        ("Carport 1000", False),
    ],
)
def test_a_title_mentions_a_property_only_by_all_of_its_number(
    title: str,
    mentioned: bool,  # noqa: FBT001 what is expected
) -> None:
    assert bool(mentioning("BFE 1000", [case(1, title=title)])) is mentioned


@given(
    st.lists(
        st.builds(case, st.integers(1, 4), st.sampled_from(CaseStatus)),
        max_size=6,
        unique_by=lambda c: c.esdh_case.id,
    )
)
def test_a_case_is_used_only_where_no_other_open_one_fits(cases: list[CaseStanding]) -> None:
    fitting = [c for c in cases if c.status is not CaseStatus.CLOSED]
    verdict = right_case(cases)
    assert isinstance(verdict, Use) is (len(fitting) == 1)
    assert isinstance(verdict, OpenNew) is (not fitting)
