import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.catalogue.digits import days_between, numbers_between
from services.catalogue.patterns import CVR, EMAIL, PHONE, Unusable, require_usable

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@settings(max_examples=300)
@given(st.integers(-99_999, 99_999), st.integers(0, 99_999), st.integers(-200_000, 200_000))
def test_a_range_of_numbers_takes_just_those_within_it(low: int, more: int, other: int) -> None:
    least, most = Decimal(low) / 100, Decimal(low + more) / 100
    pattern = numbers_between(least, most, (0, 1, 2))
    for hundredths in (other, low, low + more, low - 1, low + more + 1):
        number = Decimal(hundredths) / 100
        for places in range(3):
            if number == round(number, places):
                written = f"{number or Decimal(0):.{places}f}"
                assert (re.search(pattern, written) is not None) == (least <= number <= most)


@settings(max_examples=300)
@given(DAYS, DAYS, DAYS)
def test_a_range_of_days_takes_just_those_within_it(first: date, last: date, other: date) -> None:
    pattern = days_between(first, last)
    for day in (other, first, last, first - timedelta(days=1), last + timedelta(days=1)):
        assert (re.search(pattern, day.isoformat()) is not None) == (first <= day <= last)


@pytest.mark.parametrize(
    "written", ["-0", "-0.0", "01", "1.", ".5", "1,5", "1e1", "+1", "1\n", " 1"]
)
def test_there_is_one_way_to_write_a_number(written: str) -> None:
    assert re.search(numbers_between(Decimal(-10), Decimal(10), (0, 1, 2)), written + "x") is None
    pattern = numbers_between(Decimal(-10), Decimal(10), (0, 1, 2)).removesuffix("$") + "\\Z"
    assert re.search(pattern, written) is None


@pytest.mark.parametrize(
    "pattern",
    ["[A-Z]{2}-[0-9]{4}", "(DK|SE)?[0-9]{8}", r"[^a-c\-]{1,20}", r"a\.b", "ÆØÅ", "a|b{3}"],
)
def test_simple_patterns_are_usable(pattern: str) -> None:
    require_usable(pattern)


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("[0-9]+", "'+'"),
        ("a*", "'*'"),
        ("^a", "'^'"),
        ("a.b", "'.'"),
        (r"\d", r"'\'"),
        ("(?i)a", "'('"),
        ("(a", "not closed"),
        ("a)", "not opened"),
        ("(a|a){30}b", "Only a character"),
        ("([ab]?){30}", "Only a character"),
        ("{2}", "Only a character"),
        ("[z-a]", "Bad character range"),
        ("[a&&b]", "'['"),
        ("a{2,1}", "Min repeat greater"),
        ("a{0,100}a{0,100}a{0,100}b", "too many ways"),
        ("(a?)(a?)" * 10, "too many ways"),
    ],
)
def test_what_readers_take_differently_or_slowly_is_not(pattern: str, reason: str) -> None:
    with pytest.raises(Unusable) as unusable:
        require_usable(pattern)
    assert reason in str(unusable.value)


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (EMAIL, "anna@example.dk", "anna@example"),
        (PHONE, "+45 12 34 56 78", "12 34 56 7"),
        (CVR, "10103940", "1010394O"),
    ],
)
def test_what_has_a_form_of_its_own(pattern: str, good: str, bad: str) -> None:
    assert re.fullmatch(pattern, good)
    assert not re.fullmatch(pattern, bad)
