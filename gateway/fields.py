"""The kinds of field that bodies, queries and paths are made of.

`Field(strict=False)` is on what JSON has no type for: the value is text or a list there.
"""

import re
from datetime import date, datetime
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Path
from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from gateway.problems import Problem

YEARS: Final = range(1900, 2200)
"""Further off, a date is a slip of the finger, and time zones cannot be counted with."""

_RFC_3339: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)
_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
UUID_FORM: Final = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)


def _written(pattern: re.Pattern[str], kind: str) -> BeforeValidator:
    """Refuse what the parser would take as well, such as a number of seconds for a time."""

    def check(given: object) -> object:
        if not isinstance(given, str) or pattern.fullmatch(given) is None:
            raise PydanticCustomError(kind, "Not written as it must be.")
        return given

    return BeforeValidator(check)


def _near(given: date) -> date:
    if given.year not in YEARS:
        raise PydanticCustomError("date_far_off", "Too far from today.")
    return given


def _near_moment(given: datetime) -> datetime:
    _near(given)
    return given


Moment: TypeAlias = Annotated[
    AwareDatetime,
    Field(strict=False),
    _written(_RFC_3339, "datetime_form"),
    AfterValidator(_near_moment),
]
"""A time with an offset (RFC 3339)."""

Day: TypeAlias = Annotated[
    date, Field(strict=False), _written(_DATE, "date_form"), AfterValidator(_near)
]

Line: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=300)]
LongText: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=20_000)]
OptionalText: TypeAlias = Annotated[str, StringConstraints(max_length=20_000)]
Reason: TypeAlias = Annotated[str, StringConstraints(min_length=1, max_length=2_000)]
Id: TypeAlias = Annotated[UUID, Field(strict=False)]
DocumentIds: TypeAlias = Annotated[tuple[Id, ...], Field(max_length=20, strict=False)]
SlotName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z0-9-]+\.\d{4}-\d{2}-\d{2}\.[a-z0-9-]+$", max_length=100)
]
"""`byggeri-natur.2026-12-01.0900-1`."""

Bfe: TypeAlias = Annotated[int, Field(ge=1, le=9_999_999_999)]

PersonName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^[a-z]+:[A-Za-z0-9._-]+$", max_length=100)
]

PartyName: TypeAlias = Annotated[
    str, StringConstraints(pattern=r"^(person|company):[A-Za-z0-9._-]+$", max_length=100)
]
"""`person:…`, or `company:` and eight digits."""

IdInPath: TypeAlias = Annotated[UUID, _written(UUID_FORM, "uuid_form"), Path()]
DayInPath: TypeAlias = Annotated[
    date, _written(_DATE, "date_form"), AfterValidator(_near), Path(alias="date")
]


def uuid_in_path(given: str, missing: str) -> UUID:
    """An id from the path.

    Raises:
        Problem: `missing`, as one that is malformed names nothing.
    """
    if UUID_FORM.fullmatch(given) is None:
        raise Problem(missing)
    return UUID(given)
