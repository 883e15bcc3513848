"""Every difference between two states is told, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from services.differences import Difference, differences

leaves = st.none() | st.booleans() | st.integers() | st.text(max_size=5)
items = leaves | st.lists(leaves, max_size=3)
states = st.recursive(
    st.dictionaries(st.text(max_size=3), items, max_size=4),
    lambda inner: st.dictionaries(st.text(max_size=3), items | inner, max_size=3),
    max_leaves=8,
)


@given(states)
def test_equals_differ_in_nothing(state: dict[str, object]) -> None:
    assert list(differences(state, state)) == []


@given(states, states)
def test_what_differs_both_ways_is_the_same_place(
    one: dict[str, object], other: dict[str, object]
) -> None:
    there = {each.place: (each.was, each.now) for each in differences(one, other)}
    back = {each.place: (each.now, each.was) for each in differences(other, one)}
    assert there == back
    assert there or without_nothing(one) == without_nothing(other)


def without_nothing(state: object) -> object:
    """A name that has nothing is as good as none."""
    if not isinstance(state, dict):
        return state
    kept = {name: without_nothing(value) for name, value in state.items()}
    return {name: value for name, value in kept.items() if value not in (None, {})}


def test_a_difference_is_told_where_it_is() -> None:
    was = {"status": "open", "decision": None, "documents": ["a", "b"], "works": {"done": False}}
    now = {
        "status": "open",
        "decision": {"outcome": "granted", "appeal": None},
        "documents": ["b", "c"],
        "works": {"done": True},
    }
    assert list(differences(was, now)) == [
        Difference(place=("decision", "outcome"), was=None, now="granted"),
        Difference(place=("documents",), was=["a"], now=["c"]),
        Difference(place=("works", "done"), was=False, now=True),
    ]


def test_what_gives_way_to_something_with_names_is_told_as_a_whole() -> None:
    assert list(differences({"role": "owner"}, {"role": {"of": None}})) == [
        Difference(place=("role",), was="owner", now={"of": None})
    ]
