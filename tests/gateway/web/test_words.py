"""What the pages say: complete in both languages, with the same facts; dates and money in words."""

import re
from datetime import datetime

import pytest
from babel.messages.catalog import Message

from gateway.language import Language
from gateway.web.danish import CATALOGUE, catalogue, updated, written
from gateway.web.words import clock, how_large, money, points, until, when
from services.clock import COPENHAGEN

_FACT = re.compile(r"%\(([a-z_]+)\)s")


def test_the_catalogue_says_in_danish_what_templates_and_pages_say_in_english() -> None:
    assert CATALOGUE.read_bytes() == written(updated())
    assert [
        message.id for message in catalogue() if message.id and not all(_texts(message)[1])
    ] == []


def test_both_languages_tell_the_same_facts() -> None:
    for message in catalogue():
        english, danish = _texts(message)
        for said in danish:
            assert set(_FACT.findall(said)) == set(_FACT.findall(english)), message.id


def _texts(message: Message) -> tuple[str, tuple[str, ...]]:
    """What stands in the template, where it may be several, the last; and all Danish of it."""
    ids = message.id if isinstance(message.id, (list, tuple)) else [message.id]
    strings = message.string if isinstance(message.string, (list, tuple)) else [message.string]
    return str(ids[-1]), tuple(map(str, strings))


def test_a_time_limit_at_midnight_is_told_by_its_last_day() -> None:
    midnight = datetime(2026, 11, 29, tzinfo=COPENHAGEN)
    assert until(midnight, Language.DANISH) == "lørdag den 28. november 2026"
    noon = midnight.replace(hour=12)
    assert until(noon, Language.ENGLISH) == "Sunday 29 November 2026 at 12:00"


def test_dates_and_times_are_written_out() -> None:
    moment = datetime(2026, 12, 1, 9, 5, tzinfo=COPENHAGEN)
    assert when(moment.date(), Language.DANISH) == "tirsdag den 1. december 2026"
    assert when(moment, Language.ENGLISH) == "Tuesday 1 December 2026 at 9:05"
    assert clock(moment) == "9.05"


@pytest.mark.parametrize(
    ("amount", "danish", "english"),
    [
        ("700.00", "700 kr.", "DKK 700"),
        ("1250.5", "1.250,50 kr.", "DKK 1,250.50"),
        ("0", "0 kr.", "DKK 0"),
    ],
)
def test_money_is_told_as_people_write_it(amount: str, danish: str, english: str) -> None:
    assert money(amount, Language.DANISH) == danish
    assert money(amount, Language.ENGLISH) == english


@pytest.mark.parametrize(("size", "told"), [(1, "1 kB"), (12_345, "12 kB"), (3_565_158, "3,4 MB")])
def test_sizes_are_told_in_the_unit_that_people_know(size: int, told: str) -> None:
    assert how_large(size, Language.DANISH) == told


@pytest.mark.parametrize(
    ("number", "danish", "english"),
    [(9.1, "9,1", "9.1"), (10.0, "10", "10"), (7.125, "7,12", "7.12")],
)
def test_points_are_told_with_no_more_decimals_than_they_have(
    number: float, danish: str, english: str
) -> None:
    assert points(number, Language.DANISH) == danish
    assert points(number, Language.ENGLISH) == english
