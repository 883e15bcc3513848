"""Which requests go wrong, and how: by a plan, or by a header of the request itself."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path
from random import Random
from typing import Annotated, Final

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

HEADER: Final = "X-Simulate-Fault"


class FaultKind(StrEnum):
    """`before` leaves no effect; `after` has the whole effect, and only the answer is lost."""

    TIMEOUT_BEFORE = "timeout-before"
    TIMEOUT_AFTER = "timeout-after"
    LATE = "late"
    LATE_HANG = "late-hang"
    SLOW = "slow"
    UNAUTHORISED = "401"
    NOT_FOUND = "404"
    CONFLICT = "409"
    BUSY = "429"
    ERROR_BEFORE = "500-before"
    ERROR_AFTER = "500-after"
    UNAVAILABLE = "503"
    RESET_BEFORE = "reset-before"
    RESET_AFTER = "reset-after"


DEFAULT_SECONDS: Final[Mapping[FaultKind, float]] = {
    FaultKind.TIMEOUT_BEFORE: 120.0,
    FaultKind.TIMEOUT_AFTER: 120.0,
    FaultKind.LATE: 5.0,
    FaultKind.LATE_HANG: 5.0,
    FaultKind.SLOW: 2.0,
    FaultKind.BUSY: 1.0,
}

Seconds = Annotated[float, Field(ge=0, le=86_400, allow_inf_nan=False)]


class FaultRule(BaseModel):
    """A fault for the requests it fits.

    `operation` is a pattern (`*`, `?`) for method and path, such as `POST dokument/journaliser*`
    or `* sag/{sag}`. `times` is how often it strikes at most, None for ever; `probability` is
    drawn from `seed` once for each request that fits. `seconds` is how long it hangs, until the
    late effect, or `Retry-After`.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: FaultKind
    operation: str = "*"
    organisation: str = "*"
    times: Annotated[int, Field(ge=1)] | None = None
    probability: Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)] = 1.0
    seed: int = 0
    seconds: Seconds | None = None

    def fits(self, organisation: str, operation: str) -> bool:
        return fnmatchcase(organisation, self.organisation) and fnmatchcase(
            operation.casefold(), self.operation.casefold()
        )


class FaultPlan(BaseModel):
    """Rules, asked in their order; the first that strikes decides."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    faults: tuple[FaultRule, ...] = ()

    @classmethod
    def read(cls, path: Path) -> "FaultPlan":
        """A plan from a file of YAML or JSON.

        Raises:
            OSError: it cannot be read.
            ValueError: it is no plan.
        """
        try:
            return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
        except yaml.YAMLError as error:
            raise ValueError(str(error)) from error


NO_FAULTS: Final = FaultPlan()


@dataclass(frozen=True, slots=True)
class Fault:
    kind: FaultKind
    seconds: float

    @property
    def whole_seconds(self) -> int:
        return math.ceil(self.seconds)


class BadFault(Exception):
    """The header names no fault."""


def asked_for(header: str) -> Fault:
    """The fault of a header such as `late; seconds=2.5`.

    Raises:
        BadFault: it cannot be understood.
    """
    kind, *settings = (part.strip() for part in header.split(";"))
    given: dict[str, object] = {"kind": kind}
    for setting in settings:
        name, _, value = setting.partition("=")
        given[name.strip()] = value.strip()
    try:
        rule = FaultRule.model_validate(given)
    except ValidationError as error:
        raise BadFault(f"{HEADER}: {', '.join(FaultKind)}; seconds=…") from error
    return _fault(rule)


@dataclass(slots=True)
class _InForce:
    rule: FaultRule
    chance: Random
    struck: int = 0

    def strikes(self) -> bool:
        if self.rule.times is not None and self.struck >= self.rule.times:
            return False
        if self.chance.random() >= self.rule.probability:
            return False
        self.struck += 1
        return True


class Faults:
    """The plan in force and how often each rule has struck; the same requests get the same."""

    def __init__(self, plan: FaultPlan) -> None:
        self._in_force = _begun(plan.faults)

    def replace(self, plan: FaultPlan) -> None:
        self._in_force = _begun(plan.faults)

    def add(self, rule: FaultRule) -> None:
        self._in_force += _begun([rule])

    def standing(self) -> list[tuple[FaultRule, int]]:
        """Every rule with how often it has struck."""
        return [(each.rule, each.struck) for each in self._in_force]

    def strike(self, organisation: str, operation: str) -> Fault | None:
        for each in self._in_force:
            if each.rule.fits(organisation, operation) and each.strikes():
                return _fault(each.rule)
        return None


def _begun(rules: Sequence[FaultRule]) -> list[_InForce]:
    return [_InForce(rule, Random(rule.seed)) for rule in rules]  # noqa: S311 - repeatable


def _fault(rule: FaultRule) -> Fault:
    seconds = DEFAULT_SECONDS.get(rule.kind, 0.0) if rule.seconds is None else rule.seconds
    return Fault(rule.kind, seconds)
