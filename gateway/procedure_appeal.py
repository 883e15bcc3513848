"""The appeal guidance of a decision as a body gives it: by name, written out, or why none lies."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field

from events.case_decision import AppealGuidance
from events.day_unit import DayUnit
from gateway.bodies import Body
from gateway.fields import Line, LongText, Reason
from gateway.problems import FieldProblem, Problem, invalid
from services import decisions
from services.catalogue import appeal


class AppealBody(Body):
    """One of: `name` of a guidance in the catalogue; `none`, why no appeal lies to another
    authority; or all else, written out. Without `days` the law sets no limit; `rolls`: a last day
    that is no working day gives way to the next.
    """

    name: Line | None = None
    none: Reason | None = None
    basis: Line | None = None
    body: Line | None = None
    text: LongText | None = None
    days: Annotated[int, Field(ge=1, le=3650)] | None = None
    unit: Annotated[DayUnit, Field(strict=False)] | None = None
    rolls: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Appeal:
    """Neither, where the party gets all it asked for."""

    guidance: AppealGuidance | None = None
    no_appeal: str | None = None


_WRITTEN_OUT: Final = ("basis", "body", "text")


def appeal_in(given: AppealBody | None, known: Mapping[str, appeal.AppealGuidance]) -> Appeal:
    """What the body says of an appeal.

    Raises:
        Problem: `invalid-input`: the name is not known, something is missing, or it is said in
            more than one way.
    """
    if given is None:
        return Appeal()
    if given.name is not None:
        _require_alone(given, "name")
        if given.name not in known:
            raise invalid("appeal.name", "input-not-an-option", limit=", ".join(sorted(known)))
        return Appeal(guidance=decisions.guidance(known[given.name]))
    if given.none is not None:
        _require_alone(given, "none")
        return Appeal(no_appeal=given.none)
    return Appeal(guidance=_written_out(given))


def _require_alone(given: AppealBody, way: str) -> None:
    others = sorted(name for name, value in given if value and name != way)
    if others:
        errors = [
            FieldProblem(field=f"appeal.{each}", code="input-unknown-field") for each in others
        ]
        raise Problem("invalid-input", errors=errors)


def _written_out(given: AppealBody) -> AppealGuidance:
    wanted = (*_WRITTEN_OUT, *(("unit",) if given.days is not None else ()))
    missing = [name for name in wanted if getattr(given, name) is None]
    if missing:
        errors = [FieldProblem(field=f"appeal.{each}", code="input-missing") for each in missing]
        raise Problem("invalid-input", errors=errors)
    return AppealGuidance(
        basis=given.basis or "",
        body=given.body or "",
        text=given.text or "",
        days=given.days,
        unit=given.unit or DayUnit.CALENDAR_DAYS,
        rolls=given.rolls,
    )
