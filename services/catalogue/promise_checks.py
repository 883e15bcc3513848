"""Deadlines that are promised to nobody, and answers that are promised no deadline."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations, islice, product
from math import prod
from typing import Final, TypeAlias, assert_never

from events.case import AnswerValue
from events.case_deadline import DeadlineKind
from events.text import Text
from services.catalogue.condition import (
    AllOf,
    Answered,
    AnyOf,
    Bound,
    Compared,
    Condition,
    FromToday,
    Negated,
    day_of,
)
from services.catalogue.condition_checks import (
    Placed,
    conditions_elsewhere,
    conditions_of_form,
)
from services.catalogue.findings import Finding, Findings
from services.catalogue.form import (
    AmountField,
    Asked,
    ChoiceField,
    ChoicesField,
    DateField,
    DecimalField,
    FormField,
    IntegerField,
    PropertyField,
    YesNoField,
)
from services.catalogue.judging import counts_of, decimals_of, limits_of
from services.catalogue.service import PromisedDeadline, Service

Candidate: TypeAlias = AnswerValue | None
Given: TypeAlias = Mapping[str, AnswerValue]

SOME_DAY: Final = date(2026, 11, 2)
"""Which day it is matters to no condition but one that holds days in both manners."""

AT_MOST: Final = 50_000
"""Sets of answers looked through. Where there are more, nothing is said to be out of reach."""


def deadlines_promised(service: Service) -> Findings:
    """Each kind of deadline must be promised whatever is answered, and each promise to somebody."""
    placed = list(_placed_conditions(service))
    unsound = [*conditions_of_form(service), *conditions_elsewhere(service, iter(placed))]
    sets = None if unsound else _sets_of_answers(service, [each for _, each in placed])
    for kind, several in _by_kind(service).items():
        if all(promised.when for _, promised in several):
            yield Finding(
                place=("deadlines", several[-1][0], "when"),
                message=Text(
                    da=f"Ved andre svar loves ingen frist '{kind}'.",
                    en=f"With other answers no '{kind}' is promised.",
                ),
                remedy=Text(
                    da=f"Den sidste '{kind}' må ikke have et 'when'.",
                    en=f"Let the last '{kind}' have no 'when'.",
                ),
            )
        for index in _unreached(several, sets):
            yield Finding(
                place=("deadlines", index, "deadline"),
                message=Text(
                    da=f"Denne '{kind}' loves aldrig: Ingen svar fører forbi dem over den.",
                    en=f"This '{kind}' is never promised: no answers lead past those above it.",
                ),
                remedy=Text(
                    da="Flyt den op, ret dens eller de andres 'when', eller fjern den.",
                    en="Move it up, change its 'when' or theirs, or remove it.",
                ),
            )


def conditions_of_deadlines(service: Service) -> Findings:
    return conditions_elsewhere(service, _placed_conditions(service))


def _placed_conditions(service: Service) -> Iterator[Placed]:
    for index, promised in enumerate(service.deadlines):
        for number, condition in enumerate(promised.when):
            yield ("deadlines", index, "when", number), condition


def _by_kind(service: Service) -> dict[DeadlineKind, list[tuple[int, PromisedDeadline]]]:
    found: dict[DeadlineKind, list[tuple[int, PromisedDeadline]]] = {}
    for index, promised in enumerate(service.deadlines):
        found.setdefault(promised.deadline, []).append((index, promised))
    return found


def _unreached(
    several: Sequence[tuple[int, PromisedDeadline]], sets: Sequence[Given] | None
) -> Iterator[int]:
    """The places of those that no set of answers leads to; after one that always holds, all."""
    always = next((place for place, (_, each) in enumerate(several) if not each.when), None)
    if always is not None:
        yield from (index for index, _ in several[always + 1 :])
        several = several[: always + 1]
    if sets is None:
        return
    reached = {_first(several, given) for given in sets}
    yield from (index for index, _ in several if index not in reached)


def _first(several: Sequence[tuple[int, PromisedDeadline]], given: Given) -> int | None:
    for index, promised in several:
        if all(condition.holds(given, SOME_DAY) for condition in promised.when):
            return index
    return None


def _sets_of_answers(service: Service, looking: Sequence[Condition]) -> list[Given] | None:
    """Answers to what the conditions look at, one set for each way in which they can hold.

    None where there are too many, or where it takes a certain day to tell.
    """
    questions = _looked_at(service, looking)
    conditions = [*looking, *(each.when for each in questions if each.when is not None)]
    choices: list[list[Candidate]] = []
    for asked in questions:
        bounds = [bound for each in conditions for bound in _bounds(each, asked.field.id)]
        candidates = _candidates(asked.field, bounds)
        if not candidates:
            return None
        choices.append(candidates if asked.is_certain else [None, *candidates])
    if prod(len(each) for each in choices) > AT_MOST:
        return None
    return [given for given in _sets(questions, choices) if _is_possible(questions, given)]


def _looked_at(service: Service, looking: Sequence[Condition]) -> list[Asked]:
    """The questions that the conditions look at, and those on which these in turn depend."""
    names = {name for condition in looking for name in condition.fields()}
    found: list[Asked] = []
    # A condition looks back, so that whoever goes backwards meets every question in time.
    for asked in reversed(list(service.form.questions())):
        if asked.field.id in names:
            found.append(asked)
            names.update(() if asked.when is None else asked.when.fields())
    return found[::-1]


def _sets(questions: Sequence[Asked], choices: Sequence[Sequence[Candidate]]) -> Iterator[Given]:
    names = [asked.field.id for asked in questions]
    for values in product(*choices):
        yield {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _is_possible(questions: Sequence[Asked], given: Given) -> bool:
    """Whether just what is shown is answered, and all of it that must be."""
    for asked in questions:
        is_shown = asked.when is None or asked.when.holds(given, SOME_DAY)
        is_answered = asked.field.id in given
        if (is_answered and not is_shown) or (asked.field.required and is_shown > is_answered):
            return False
    return True


def _bounds(condition: Condition, field: str) -> Iterator[Bound]:
    match condition:
        case Answered():
            pass
        case Compared():
            named = (condition.at_least, condition.at_most) if condition.field == field else ()
            yield from (bound for bound in named if bound is not None)
        case AllOf():
            yield from (bound for each in condition.all for bound in _bounds(each, field))
        case AnyOf():
            yield from (bound for each in condition.any for bound in _bounds(each, field))
        case Negated():
            yield from _bounds(condition.not_, field)
        case _:
            assert_never(condition)


def _candidates(field: FormField, bounds: Sequence[Bound]) -> list[Candidate]:
    """An answer on each side of every bound, or each that there is; none if it cannot be told."""
    candidates: list[Candidate]
    match field:
        case YesNoField():
            candidates = [True, False]
        case ChoiceField():
            candidates = [option.value for option in field.options]
        case ChoicesField():
            candidates = _selections(field)
        case IntegerField() | PropertyField():
            least, most = limits_of(field)
            near = {int(str(bound)) + step for bound in bounds for step in (-1, 0, 1)}
            candidates = [each for each in {least, most} | near if least <= each <= most]
        case DecimalField() | AmountField():
            candidates = _numbers(field, bounds)
        case DateField():
            candidates = _days(field, bounds)
        case _:
            candidates = []
    return candidates


def _selections(field: ChoicesField) -> list[Candidate]:
    values = [option.value for option in field.options]
    least, most = counts_of(field)
    sizes = range(least, len(values) + 1 if most is None else most + 1)
    several = (tuple(each) for size in sizes for each in combinations(values, size))
    return list(islice(several, AT_MOST + 1))


def _numbers(field: DecimalField | AmountField, bounds: Sequence[Bound]) -> list[Candidate]:
    step = Decimal(1).scaleb(-max(decimals_of(field)))
    least, most = Decimal(str(field.min)), Decimal(str(field.max))
    near = {Decimal(str(bound)) + each for bound in bounds for each in (-step, Decimal(0), step)}
    return [str(each) for each in {least, most} | near if least <= each <= most]


def _days(field: DateField, bounds: Sequence[Bound]) -> list[Candidate]:
    limits = [limit for limit in (field.min, field.max) if limit is not None]
    if len({isinstance(each, FromToday) for each in (*bounds, *limits)}) > 1:
        return []
    days = {day_of(bound, SOME_DAY) for bound in (*bounds, *limits)}
    near = {day + timedelta(days=step) for day in days for step in (-1, 0, 1)}
    first = None if field.min is None else day_of(field.min, SOME_DAY)
    last = None if field.max is None else day_of(field.max, SOME_DAY)
    return [
        day.isoformat()
        for day in near
        if (first is None or first <= day) and (last is None or day <= last)
    ]
