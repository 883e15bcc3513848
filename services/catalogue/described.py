"""Rules of a service in plain English, for those who describe and review them."""

from collections.abc import Sequence
from typing import Final, assert_never

from services.catalogue.condition import (
    AllOf,
    Answered,
    AnyOf,
    Bound,
    Compared,
    Condition,
    FromToday,
    Negated,
)
from services.catalogue.fee import Fee
from services.catalogue.form import FormField
from services.catalogue.service import CountedFrom, Span
from services.catalogue.words import Part

TYPES: Final = {
    "text": "one line",
    "long-text": "lines of text",
    "integer": "a whole number",
    "decimal": "a number with decimals",
    "amount": "an amount in kroner",
    "yes-no": "yes or no",
    "date": "a day",
    "choice": "one option",
    "choices": "one or more options",
    "email": "an e-mail address",
    "phone": "a telephone number",
    "address": "an address",
    "property": "a BFE number",
    "cadastre": "a cadastral number",
    "cvr": "a CVR number",
    "documents": "uploaded documents",
}
EVENTS: Final = {
    CountedFrom.RECEIVED: "it is received",
    CountedFrom.HEARING_CLOSES: "the hearing closes",
    CountedFrom.MEETING: "the meeting",
    CountedFrom.COMPLETE: "the application is complete",
}
RULES: Final = {
    "min_length": "at least {} characters",
    "max_length": "at most {} characters",
    "pattern": "written as {}",
    "decimals": "at most {} decimals",
    "min": "at least {}",
    "max": "at most {}",
    "at_most": "at most {} documents",
}


PLAIN: Final = {"min_length": 1}
"""What need not be told."""


def rules_words(field: FormField) -> str:
    """Type and limits: `a whole number, at least 1, at most 200000`."""
    rules = field.model_dump()
    limits = (
        sentence.format(_limit(getattr(field, name)))
        for name, sentence in RULES.items()
        if rules.get(name) is not None and rules[name] != PLAIN.get(name)
    )
    return ", ".join([TYPES[field.type], *limits])


def condition_words(condition: Condition) -> str:
    match condition:
        case Answered():
            return f"{condition.field} is {_either([_value(each) for each in condition.is_])}"
        case Compared():
            bounds = [("at least", condition.at_least), ("at most", condition.at_most)]
            told = [f"{side} {_limit(bound)}" for side, bound in bounds if bound is not None]
            return f"{condition.field} is {' and '.join(told)}"
        case AllOf():
            return " and ".join(_bracketed(each) for each in condition.all)
        case AnyOf():
            return " or ".join(_bracketed(each) for each in condition.any)
        case Negated():
            return f"not ({condition_words(condition.not_)})"
        case _:
            assert_never(condition)


def conditions_words(when: Sequence[Condition]) -> str:
    return " and ".join(_bracketed(each) for each in when) or "always"


def span_words(span: Span) -> str:
    """`5 working days after it is received`."""
    unit = span.unit.replace("-", " ")
    days = f"{span.days} {unit if span.days != 1 else unit.removesuffix('s')}"
    rolls = ", rolling past days off" if span.rolls else ""
    return f"{days} after {EVENTS[span.after]}{rolls}"


def day_words(by: Span | str | None) -> str:
    match by:
        case None:
            return "no day"
        case Span():
            return span_words(by)
        case named:
            return f"the day of {EVENTS[CountedFrom(named)].removeprefix('the ')}"


def fee_words(fee: Fee) -> str:
    per = "" if fee.per is None else f" per {fee.per.en}"
    return f"{fee.kroner} kr.{per} ({fee.basis}), {conditions_words(fee.when)}"


def plain_words(value: object) -> str:
    """Whatever is left, as its file would say it."""
    match value:
        case Part():
            given = {name: getattr(value, name) for name in type(value).model_fields}
            return ", ".join(
                f"{name} {plain_words(each)}" for name, each in given.items() if each is not None
            )
        case tuple():
            return ", ".join(plain_words(each) for each in value) or "nothing"
        case None:
            return "nothing"
        case _:
            return str(value)


def _bracketed(condition: Condition) -> str:
    words = condition_words(condition)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def _value(value: bool | str) -> str:  # noqa: FBT001 an answer, not a switch
    return value if isinstance(value, str) else "yes" if value else "no"


def _limit(bound: Bound) -> str:
    if not isinstance(bound, FromToday):
        return str(bound)
    days = bound.days_from_today
    return "today" if days == 0 else f"{abs(days)} days {'from now' if days > 0 else 'ago'}"


def _either(values: Sequence[str]) -> str:
    *first, last = values
    return f"{', '.join(first)} or {last}" if first else last
