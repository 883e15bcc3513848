"""docs/asvs.csv: where we stand with each requirement of OWASP ASVS 5.0, and what shows it.

The standard's own words are not here. LEVELS has its numbers: a digit for each requirement of a
section, which is its level.
"""

import ast
import csv
from collections import Counter
from functools import cache
from typing import Final, NamedTuple

import pytest

from services.config import ROOT

LEVELS: Final = {
    "1.1": "22", "1.2": "1111122223", "1.3": "112222222223", "1.4": "222", "1.5": "123",
    "2.1": "122", "2.2": "112", "2.3": "12223", "2.4": "23",
    "3.1": "3", "3.2": "113", "3.3": "12223", "3.4": "11222233", "3.5": "11122333",
    "3.6": "3", "3.7": "22333",
    "4.1": "12233", "4.2": "23333", "4.3": "22", "4.4": "1222",
    "5.1": "2", "5.2": "112333", "5.3": "113", "5.4": "222",
    "6.1": "122", "6.2": "111111112222", "6.3": "11223333", "6.4": "112233",
    "6.5": "22222333", "6.6": "2223", "6.7": "33", "6.8": "2222",
    "7.1": "222", "7.2": "1111", "7.3": "22", "7.4": "11222", "7.5": "223", "7.6": "22",
    "8.1": "1233", "8.2": "1123", "8.3": "133", "8.4": "23",
    "9.1": "111", "9.2": "1222",
    "10.1": "22", "10.2": "223", "10.3": "22223", "10.4": "1111122222233333",
    "10.5": "22222", "10.6": "22", "10.7": "222",
    "11.1": "2233", "11.2": "22233", "11.3": "11233", "11.4": "1222", "11.5": "23",
    "11.6": "23", "11.7": "33",
    "12.1": "12233", "12.2": "11", "12.3": "22223",
    "13.1": "2333", "13.2": "222223", "13.3": "2233", "13.4": "1222233",
    "14.1": "22", "14.2": "12223333", "14.3": "122",
    "15.1": "12233", "15.2": "12233", "15.3": "1222222", "15.4": "3333",
    "16.1": "2", "16.2": "22222", "16.3": "2222", "16.4": "222", "16.5": "2223",
    "17.1": "23", "17.2": "22223333", "17.3": "22",
}  # fmt: skip

STANDARD: Final = {
    f"{section}.{number}": int(level)
    for section, levels in LEVELS.items()
    for number, level in enumerate(levels, start=1)
}
STATUSES: Final = ("met", "partly", "open", "not-applicable")
SHOWN: Final = {"met", "partly"}

TAKEN_OF_LEVEL_3: Final = {
    "2.3.5", "3.5.8", "5.2.4", "5.2.5", "5.2.6", "5.3.3", "7.5.3", "8.3.2", "8.3.3",
    "14.2.6", "14.2.7", "14.2.8",
}  # fmt: skip
"""What of level 3 a system of this kind ought to look at, met or not."""

COVERED_AT_LEAST: Final = 0.7


class Row(NamedTuple):
    requirement: str
    level: str
    status: str
    what: str
    where: str
    test: str

    @property
    def tests(self) -> list[str]:
        return self.test.split(";") if self.test else []

    @property
    def chapter(self) -> int:
        return int(self.requirement.partition(".")[0])


def read() -> list[Row]:
    with (ROOT / "docs" / "asvs.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    assert tuple(heading) == Row._fields
    return [Row(*row) for row in rows]


ROWS: Final = read()
of_each_row: Final = pytest.mark.parametrize("row", ROWS, ids=lambda row: row.requirement)


@cache
def named_in(path: str) -> frozenset[str]:
    """The tests of a file; nothing is imported, and a fixture is none."""
    tree = ast.parse((ROOT / path).read_text("utf-8"))
    return frozenset(
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_the_numbers_are_those_of_the_standard() -> None:
    counted = Counter(STANDARD.values())
    assert counted == {1: 70, 2: 183, 3: 92}


def test_every_requirement_of_levels_1_and_2_stands_once_in_order() -> None:
    numbers = [row.requirement for row in ROWS]
    assert len(set(numbers)) == len(numbers)
    assert numbers == [number for number in STANDARD if number in set(numbers)]
    wanted = {number for number, level in STANDARD.items() if level < 3}
    assert wanted | TAKEN_OF_LEVEL_3 <= set(numbers)
    assert len(wanted) == 253
    assert {row.requirement: int(row.level) for row in ROWS} == {
        number: STANDARD[number] for number in numbers
    }


@of_each_row
def test_a_row_says_what_is_done_or_what_is_missing(row: Row) -> None:
    assert row.status in STATUSES
    assert len(row.what) > 3
    assert (row.status in SHOWN) == bool(row.tests), "Who says it is done names a test."
    assert (row.status in SHOWN) == bool(row.where)


@of_each_row
def test_what_a_row_points_to_is_there(row: Row) -> None:
    if row.where:
        assert (ROOT / row.where).exists()
    assert len(set(row.tests)) == len(row.tests)
    for test in row.tests:
        path, _, name = test.partition("::")
        assert name in named_in(path), test


def test_most_of_what_applies_is_shown_by_tests() -> None:
    applies = [row for row in ROWS if row.status != "not-applicable"]
    assert sum(bool(row.tests) for row in applies) / len(applies) >= COVERED_AT_LEAST


def summary() -> list[str]:
    """The table of docs/security.md, line by line."""
    chapters = Counter((row.chapter, row.status) for row in ROWS)
    lines = [
        f"| {chapter} | " + " | ".join(str(chapters[chapter, each]) for each in STATUSES) + " |"
        for chapter in sorted({row.chapter for row in ROWS})
    ]
    whole = Counter(row.status for row in ROWS)
    return [*lines, "| all | " + " | ".join(str(whole[each]) for each in STATUSES) + " |"]


def test_the_summary_is_that_of_the_rows() -> None:
    text = (ROOT / "docs" / "security.md").read_text("utf-8")
    assert "\n".join(summary()) in text, "\n".join(summary())
