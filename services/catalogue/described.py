"""Rules of a service in plain words, for those who describe and review them."""

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
from services.catalogue.review_words import Telling
from services.catalogue.service import Span
from services.catalogue.words import Part

RULES: Final = ("min_length", "max_length", "pattern", "decimals", "min", "max", "at_most")
PLAIN: Final = {"min_length": 1}
"""What need not be told."""


def rules_words(tell: Telling, field: FormField) -> str:
    """Type and limits: `a whole number, at least 1, at most 200000`."""
    rules = field.model_dump()
    limits = (
        tell.say(f"rule {name}", limit=_limit(tell, getattr(field, name)))
        for name in RULES
        if rules.get(name) is not None and rules[name] != PLAIN.get(name)
    )
    return ", ".join([tell.say(f"type {field.type}"), *limits])


def condition_words(tell: Telling, condition: Condition) -> str:
    match condition:
        case Answered():
            values = _either(tell, [_value(tell, each) for each in condition.is_])
            return tell.say("is", field=condition.field, values=values)
        case Compared():
            bounds = [("rule min", condition.at_least), ("rule max", condition.at_most)]
            told = [
                tell.say(side, limit=_limit(tell, bound))
                for side, bound in bounds
                if bound is not None
            ]
            return tell.say("is", field=condition.field, values=tell.say("and").join(told))
        case AllOf():
            return tell.say("and").join(_bracketed(tell, each) for each in condition.all)
        case AnyOf():
            return tell.say("or").join(_bracketed(tell, each) for each in condition.any)
        case Negated():
            return tell.say("not", words=condition_words(tell, condition.not_))
        case _:
            assert_never(condition)


def conditions_words(tell: Telling, when: Sequence[Condition]) -> str:
    """`if a is b and c is d`, or `always`."""
    words = tell.say("and").join(_bracketed(tell, each) for each in when)
    return tell.say("if", words=words) if words else tell.say("always")


def span_words(tell: Telling, span: Span) -> str:
    """`5 working days after it is received`."""
    unit = tell.unit(span.days, span.unit)
    said = tell.say("span", days=span.days, unit=unit, event=tell.say(f"after {span.after.value}"))
    return said + tell.say("rolls") if span.rolls else said


def day_words(tell: Telling, by: Span | str | None) -> str:
    match by:
        case None:
            return tell.say("no day")
        case Span():
            return span_words(tell, by)
        case named:
            return tell.say(f"day {named}")


def fee_words(tell: Telling, fee: Fee) -> str:
    per = "" if fee.per is None else tell.say("per", unit=tell.of(fee.per))
    return f"{fee.kroner} kr.{per} ({fee.basis}), {conditions_words(tell, fee.when)}"


def plain_words(tell: Telling, value: object) -> str:
    """Whatever is left, as its file would say it."""
    match value:
        case Part():
            given = {name: getattr(value, name) for name in type(value).model_fields}
            return ", ".join(
                f"{name} {plain_words(tell, each)}"
                for name, each in given.items()
                if each is not None
            )
        case tuple():
            return ", ".join(plain_words(tell, each) for each in value) or tell.say("nothing")
        case None:
            return tell.say("nothing")
        case _:
            return str(value)


def _bracketed(tell: Telling, condition: Condition) -> str:
    words = condition_words(tell, condition)
    return f"({words})" if isinstance(condition, AllOf | AnyOf) else words


def _value(tell: Telling, value: bool | str) -> str:  # noqa: FBT001 an answer, not a switch
    return value if isinstance(value, str) else tell.say("yes" if value else "no")


def _limit(tell: Telling, bound: Bound) -> str:
    if not isinstance(bound, FromToday):
        return str(bound)
    days = bound.days_from_today
    if days == 0:
        return tell.say("today")
    return tell.say("days ahead" if days > 0 else "days ago", days=abs(days))


def _either(tell: Telling, values: Sequence[str]) -> str:
    *first, last = values
    return f"{', '.join(first)}{tell.say('or')}{last}" if first else last
