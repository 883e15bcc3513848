"""How numbers are written: what is well formed is taken, and nothing else is."""

import re
from collections.abc import Callable
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.registers.formats import (
    FormatInvalid,
    bfe_number,
    cpr_number,
    cvr_number,
    door,
    floor,
    is_doubtful_cvr,
    municipality_code,
    p_number,
    parcel,
    postcode,
)

SPACES = st.sampled_from(["", " ", "  ", "\t"])


@pytest.mark.parametrize(
    ("read", "given_", "found"),
    [
        (bfe_number, "100063828", 100063828),
        (bfe_number, " BFE 100063828 ", 100063828),
        (bfe_number, "bfe-5", 5),
        (municipality_code, "0860", "0860"),
        (floor, "ST.", "st"),
        (floor, "k9", "k9"),
        (floor, "99", "99"),
        (door, "TV", "tv"),
        (door, "9999", "9999"),
        (door, "a/2", "a/2"),
        (postcode, "9800", "9800"),
        (cvr_number, "DK 12 34 56 78", "12345678"),
        (p_number, "1000000001", "1000000001"),
        (cpr_number, "010107-1234", "0101071234"),
    ],
)
def test_a_number_is_read_as_people_write_it(
    read: Callable[[str], object], given_: str, found: object
) -> None:
    assert read(given_) == found


@pytest.mark.parametrize(
    ("read", "given_", "code"),
    [
        (bfe_number, "0", "bfe-invalid"),
        (bfe_number, "12345678901", "bfe-invalid"),
        (bfe_number, "१२३", "bfe-invalid"),
        (bfe_number, "Algade 1", "bfe-invalid"),
        (municipality_code, "860", "municipality-code-invalid"),
        (municipality_code, "1860", "municipality-code-invalid"),
        (floor, "100", "floor-invalid"),
        (floor, "k1", "floor-invalid"),
        (floor, "0", "floor-invalid"),
        (door, "", "door-invalid"),
        (door, "10000", "door-invalid"),
        (door, "t v", "door-invalid"),
        (postcode, "98000", "postcode-invalid"),
        (cvr_number, "1234567", "cvr-invalid"),
        (cvr_number, "01234567", "cvr-invalid"),
        (p_number, "12345678", "p-number-invalid"),
        (cpr_number, "01010712345", "cpr-invalid"),
        (cpr_number, "0101071-234", "cpr-invalid"),
    ],
)
def test_what_is_none_is_told_which_kind_it_should_have_been(
    read: Callable[[str], object], given_: str, code: str
) -> None:
    with pytest.raises(FormatInvalid) as caught:
        read(given_)
    assert caught.value.code == code


@given(st.integers(1, 9_999_999_999), SPACES, st.sampled_from(["", "BFE", "bfe ", "Bfe-"]))
def test_every_bfe_number_is_read_as_itself(number: int, space: str, prefix: str) -> None:
    assert bfe_number(f"{space}{prefix}{number}{space}") == number


@given(
    st.integers(1, 9_999_999),
    st.from_regex(re.compile(r"[1-9][0-9]{0,3}[a-zæøå]{0,3}"), fullmatch=True),
)
def test_a_parcel_is_the_same_however_its_letters_are_written(district: int, number: str) -> None:
    small = parcel(str(district), number)
    assert (small.district, small.number) == (district, number)
    assert parcel(f" {district} ", number.upper()) == small


@given(st.text(max_size=12))
def test_any_text_is_a_number_or_is_refused(text: str) -> None:
    for read in (bfe_number, municipality_code, floor, door, postcode, cvr_number, p_number):
        _read_or_refused(read, text)
    _read_or_refused(cpr_number, text)


def _read_or_refused(read: Callable[[str], object], text: str) -> None:
    try:
        found = str(read(text))
    except FormatInvalid:
        return
    # What was read is its own best form.
    assert str(read(found)) == found


@given(st.from_regex(r"[0-9]{10}", fullmatch=True))
def test_no_check_digit_makes_a_cpr_number_wrong(digits: str) -> None:
    assert cpr_number(digits) == cpr_number(f"{digits[:6]}-{digits[6:]}") == digits


def _with_check_digit(seven: str) -> str | None:
    """The number of these seven digits that is beyond doubt; some have none."""
    return next((f"{seven}{d}" for d in range(10) if not is_doubtful_cvr(f"{seven}{d}")), None)


GOOD: Final = [
    number for seven in range(1_000_000, 1_000_200) if (number := _with_check_digit(str(seven)))
]


@given(st.sampled_from(GOOD), st.integers(1, 7), st.integers(1, 9))
def test_one_wrong_digit_makes_a_good_cvr_number_doubtful(
    digits: str, place: int, more: int
) -> None:
    other = str((int(digits[place]) + more) % 10)
    wrong = digits[:place] + other + digits[place + 1 :]
    assert cvr_number(wrong) == wrong
    assert is_doubtful_cvr(wrong)
