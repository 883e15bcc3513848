"""Which case in the records system is the right one: the rules, without asking anybody."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from events.journal import Candidate, ChoiceReason
from services.esdh.port import CaseStanding, CaseStatus


@dataclass(frozen=True, slots=True)
class Use:
    """Exactly one open case fits."""

    case: CaseStanding


@dataclass(frozen=True, slots=True)
class OpenNew:
    """None fits."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Several fit, or the one that did is closed or gone: a caseworker says, never a guess."""

    reason: ChoiceReason
    candidates: tuple[Candidate, ...]


Verdict: TypeAlias = Use | OpenNew | Ask


def right_case(about: Iterable[CaseStanding]) -> Verdict:
    """Among the cases about the same thing. Closed ones take no new matter."""
    fitting = [case for case in distinct(about) if case.status is not CaseStatus.CLOSED]
    match fitting:
        case []:
            return OpenNew()
        case [only]:
            return Use(only)
        case _:
            return Ask(ChoiceReason.SEVERAL, candidates(fitting))


def case_lost(former: CaseStanding | None, about: Iterable[CaseStanding]) -> Use | Ask:
    """The linked case takes nothing more: it was closed there, or it is gone.

    It may have been opened again meanwhile. Otherwise also a single other case is offered, not
    taken, for the matter belonged elsewhere before.
    """
    if former is not None and former.status is not CaseStatus.CLOSED:
        return Use(former)
    reason = ChoiceReason.GONE if former is None else ChoiceReason.CLOSED
    others = [case for case in about if case.status is not CaseStatus.CLOSED]
    offered = distinct([*([former] if former else []), *others])
    return Ask(reason, candidates(offered))


def mentioning(words: str, cases: Iterable[CaseStanding]) -> list[CaseStanding]:
    """Those whose title has the words whole: BFE 1000 is not BFE 10006."""
    whole = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
    return [case for case in cases if whole.search(case.title)]


def distinct(cases: Iterable[CaseStanding]) -> list[CaseStanding]:
    """Each case once, by its lasting id, the first seen first."""
    return list({case.esdh_case.id: case for case in cases}.values())


def candidates(cases: Sequence[CaseStanding]) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(esdh_case=case.esdh_case, title=case.title, status=case.status.value)
        for case in cases
    )
