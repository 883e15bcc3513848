"""Levels of assurance are compared in their order, and whatever is unclear is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.catalogue.service import LoginLevel
from services.login.levels import LevelClaim, level_of, require_level, suffices
from services.login.presets import PRESETS, Broker
from services.login.refusal import LoginRefused

ORDER = ["low", "substantial", "high"]
TOLD = (
    LevelClaim(name="loa", values={each.value: each for each in LoginLevel}),
    LevelClaim(name="acr", values={each.value: each for each in LoginLevel}),
)
levels = st.sampled_from(LoginLevel)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@given(levels, levels)
def test_a_level_suffices_for_itself_and_all_below(got: LoginLevel, needed: LoginLevel) -> None:
    assert suffices(got, needed) == (ORDER.index(got) >= ORDER.index(needed))
    if suffices(got, needed):
        require_level(got, needed)
    else:
        with pytest.raises(LoginRefused, match="login-level-too-low"):
            require_level(got, needed)


@given(st.lists(levels, min_size=1, max_size=2))
def test_of_several_claims_the_lowest_counts(told: list[LoginLevel]) -> None:
    claims: dict[str, object] = dict(
        zip(("loa", "acr"), (str(each) for each in told), strict=False)
    )
    assert level_of(claims, TOLD) == min(told, key=ORDER.index)


@given(st.lists(levels, min_size=1), st.lists(st.text()))
def test_of_a_list_the_best_that_is_known_counts(known: list[LoginLevel], other: list[str]) -> None:
    listed = [*(each for each in other if each not in ORDER), *map(str, known)]
    assert level_of({"loa": listed}, TOLD) == max(known, key=ORDER.index)


@given(anything)
def test_what_is_no_known_value_is_no_level(value: object) -> None:
    known = isinstance(value, list) and any(str(each) in ORDER for each in value)
    if value in ORDER or known:
        return
    for claims in ({"loa": value}, {"loa": value, "acr": "high"}):
        if value is None and "acr" in claims:
            continue
        with pytest.raises(LoginRefused, match=r"login-level-(missing|unknown)"):
            level_of(claims, TOLD)


@pytest.mark.parametrize("broker", Broker)
def test_each_broker_can_be_asked_for_the_levels_it_can_tell(broker: Broker) -> None:
    preset = PRESETS[broker]
    told = {level for claim in preset.levels for level in claim.values.values()}
    assert {LoginLevel.SUBSTANTIAL, LoginLevel.HIGH} <= preset.asking.keys() <= told
    assert told == set(LoginLevel)
