"""What request bodies and queries have in common, and every mistake told by the field it is in."""

from collections.abc import Mapping, Sequence
from typing import Final

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import ErrorDetails

from gateway.problems import FieldProblem, Problem
from gateway.strict import Unreadable

ERRORS_AT_MOST: Final = 50


class Body(BaseModel):
    """Every request body: strict, and nothing in it that we do not know.

    The framework validates what JSON was parsed to, so fields that JSON has no type for (ids,
    times, options, sequences) are taken from text or list by their own types in `gateway.fields`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="before")
    @classmethod
    def _was_readable(cls, given: object) -> object:
        if isinstance(given, Unreadable):
            raise given.problem
        return given


class Query(BaseModel):
    """Every query, whose values are all text; nothing in it that we do not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


_CODES: Final[Mapping[str, str]] = {
    "missing": "input-missing",
    "extra_forbidden": "input-unknown-field",
    "string_too_long": "input-too-long",
    "too_long": "input-too-many",
    "string_too_short": "input-empty",
    "too_short": "input-empty",
    "enum": "input-not-an-option",
    "literal_error": "input-not-an-option",
    "string_unicode": "input-bad-characters",
    "timezone_aware": "input-bad-time",
    "less_than_equal": "input-out-of-range",
    "greater_than_equal": "input-out-of-range",
}


def told_by_field(errors: Sequence[ErrorDetails], *, within: int = 0) -> Problem:
    """`invalid-input`; `within` is how many parts of each location name no field of ours."""
    return Problem(
        "invalid-input",
        errors=[
            FieldProblem(
                field=".".join(str(part) for part in each["loc"][within:])[:200],
                code=_code(each["type"]),
                facts=_facts(each.get("ctx", {})),
            )
            for each in errors[:ERRORS_AT_MOST]
        ],
    )


def _code(kind: str) -> str:
    if kind.startswith(("datetime_", "date_", "timezone_")):
        return "input-bad-time"
    if kind.startswith("uuid_"):
        return "input-bad-id"
    return _CODES.get(kind, "input-wrong-type")


def _facts(context: Mapping[str, object]) -> dict[str, str]:
    """What the texts of the field codes name; each code's context is known to hold its own."""
    limits = [name for name in ("max_length", "expected", "le", "ge") if name in context]
    # The last of several options is joined by an English word.
    return {"limit": str(context[limits[0]]).replace("' or '", "', '")} if limits else {}
