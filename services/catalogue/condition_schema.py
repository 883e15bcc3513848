"""Conditions as JSON Schema, and as an annotation for who draws the form."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias, assert_never

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
from services.catalogue.digits import days_between, numbers_between
from services.catalogue.form import (
    AmountField,
    ChoicesField,
    DateField,
    DecimalField,
    FormField,
    IntegerField,
    PropertyField,
)
from services.catalogue.judging import decimals_of

JsonObject: TypeAlias = dict[str, object]

EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2199, 12, 31)


def holding(condition: Condition, fields: Mapping[str, FormField], today: date) -> JsonObject:
    """A schema that answers fulfil exactly when the condition holds for them."""
    match condition:
        case Answered():
            awaited: JsonObject = {"enum": list(condition.is_)}
            if isinstance(fields[condition.field], ChoicesField):
                awaited = {"type": "array", "contains": awaited}
            return _answered(condition.field, awaited)
        case Compared():
            return _answered(condition.field, _bounded(condition, fields[condition.field], today))
        case AllOf():
            return {"allOf": [holding(each, fields, today) for each in condition.all]}
        case AnyOf():
            return {"anyOf": [holding(each, fields, today) for each in condition.any]}
        case Negated():
            return {"not": holding(condition.not_, fields, today)}
        case _:
            assert_never(condition)


def drawn(condition: Condition, today: date) -> JsonObject:
    """The condition as its file has it, days written out, for who shows and hides fields."""
    match condition:
        case Answered():
            return {"field": condition.field, "is": list(condition.is_)}
        case Compared():
            bounds = {"at_least": condition.at_least, "at_most": condition.at_most}
            given = {
                name: _plain(bound, today) for name, bound in bounds.items() if bound is not None
            }
            return {"field": condition.field, **given}
        case AllOf():
            return {"all": [drawn(each, today) for each in condition.all]}
        case AnyOf():
            return {"any": [drawn(each, today) for each in condition.any]}
        case Negated():
            return {"not": drawn(condition.not_, today)}
        case _:
            assert_never(condition)


def number_range(asked: DecimalField | AmountField, least: Decimal, most: Decimal) -> JsonObject:
    return {"pattern": numbers_between(least, most, decimals_of(asked))}


def day_range(first: Bound | None, last: Bound | None, today: date) -> JsonObject:
    earliest = EARLIEST if first is None else day_of(first, today)
    latest = LATEST if last is None else day_of(last, today)
    return {"pattern": days_between(earliest, latest)}


def _answered(field: str, awaited: JsonObject) -> JsonObject:
    return {"properties": {field: awaited}, "required": [field]}


def _bounded(condition: Compared, asked: FormField, today: date) -> JsonObject:
    least, most = condition.at_least, condition.at_most
    match asked:
        case DateField():
            return day_range(least, most, today)
        case DecimalField() | AmountField():
            low = asked.min if least is None else least
            high = asked.max if most is None else most
            return number_range(asked, Decimal(str(low)), Decimal(str(high)))
        case IntegerField() | PropertyField():
            limits = {"minimum": least, "maximum": most}
            return {name: limit for name, limit in limits.items() if limit is not None}
        case _:
            raise TypeError(asked)


def _plain(bound: Bound, today: date) -> int | str:
    return bound.on(today).isoformat() if isinstance(bound, FromToday) else bound
