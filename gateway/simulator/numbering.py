"""Case numbers: given out here, one row for each subject, facet and year."""

import re
import sqlite3
from dataclasses import dataclass
from typing import Final

_SUBJECT: Final = re.compile(r"\d{2}\.\d{2}\.\d{2}", re.ASCII)
_FACET: Final = re.compile(r"[A-ZÆØÅ][0-9]{2}")
_COMMON: Final = re.compile(r"(\d{2}\.\d{2}\.\d{2})-([A-ZÆØÅ]\d{2})-(\d{1,9})-(\d{2})", re.ASCII)
_CENTURY: Final = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseNumber:
    """`text` is what people read: `02.34.02-P19-12-26`. It is unique among those of a system."""

    text: str
    subject: str
    facet: str
    year: int
    sequence: int


def is_subject(text: str) -> bool:
    return _SUBJECT.fullmatch(text) is not None


def is_facet(text: str) -> bool:
    return _FACET.fullmatch(text) is not None


def next_number(db: sqlite3.Connection, subject: str, facet: str, year: int) -> CaseNumber:
    """The next free one. Numbers of cases that are gone are not given out again."""
    [last] = db.execute(
        "SELECT coalesce(max(sequence), 0) FROM cases WHERE subject = ? AND facet = ? AND year = ?",
        (subject, facet, year),
    ).fetchone()
    return CaseNumber(
        text=f"{subject}-{facet}-{last + 1}-{year % 100:02}",
        subject=subject,
        facet=facet,
        year=year,
        sequence=last + 1,
    )


def read_number(text: str) -> CaseNumber | None:
    """A number of the common form; None for another, which an installation may be set to use."""
    found = _COMMON.fullmatch(text)
    if found is None:
        return None
    subject, facet, sequence, year = found.groups()
    return CaseNumber(
        text=text,
        subject=subject,
        facet=facet,
        year=_CENTURY + int(year),
        sequence=int(sequence),
    )
