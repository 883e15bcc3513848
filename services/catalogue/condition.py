"""When something applies: what earlier answers say, in words that data can hold."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Annotated, Final, TypeAlias

from pydantic import BeforeValidator, Discriminator, Field, Tag, WithJsonSchema

from events.case import AnswerValue
from services.catalogue.words import Part

FieldId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]

_ONE_OR_MORE: dict[str, object] = {
    "anyOf": [
        {"type": ["boolean", "string"]},
        {"type": "array", "items": {"type": ["boolean", "string"]}, "minItems": 1},
    ]
}


def _as_several(given: object) -> object:
    return tuple(given) if isinstance(given, list) else (given,)


class FromToday(Part):
    """A day by its distance from the one on which it is asked about; before it if negative."""

    days_from_today: Annotated[int, Field(ge=-36_500, le=36_500)]

    def on(self, today: date) -> date:
        return today + timedelta(days=self.days_from_today)


Day: TypeAlias = Annotated[str, Field(pattern=r"^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$")]
Number: TypeAlias = Annotated[str, Field(pattern=r"^-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,4})?$")]
Bound: TypeAlias = int | Number | Day | FromToday


class Answered(Part):
    """An earlier question has been answered with one of these values."""

    field: FieldId
    is_: Annotated[
        tuple[bool | str, ...],
        Field(alias="is", min_length=1),
        BeforeValidator(_as_several),
        WithJsonSchema(_ONE_OR_MORE),
    ]

    def holds(self, answers: Mapping[str, AnswerValue], today: date) -> bool:
        """Whether it was answered so; a question that was not answered never was."""
        del today
        match answers.get(self.field):
            case None:
                return False
            case tuple() as chosen:
                return any(value in self.is_ for value in chosen)
            case answer:
                return answer in self.is_

    def fields(self) -> Iterable[str]:
        return (self.field,)


class Compared(Part):
    """An earlier number or day lies within these bounds, which belong to what they allow."""

    field: FieldId
    at_least: Bound | None = None
    at_most: Bound | None = None

    def holds(self, answers: Mapping[str, AnswerValue], today: date) -> bool:
        answer = answers.get(self.field)
        if answer is None:
            return False
        return not (
            (self.at_least is not None and _precedes(answer, self.at_least, today, least=True))
            or (self.at_most is not None and _precedes(answer, self.at_most, today, least=False))
        )

    def fields(self) -> Iterable[str]:
        return (self.field,)


class AllOf(Part):
    """Each of the conditions holds."""

    all: Annotated["tuple[Condition, ...]", Field(min_length=1)]

    def holds(self, answers: Mapping[str, AnswerValue], today: date) -> bool:
        return all(each.holds(answers, today) for each in self.all)

    def fields(self) -> Iterable[str]:
        return (name for each in self.all for name in each.fields())


class AnyOf(Part):
    """At least one of the conditions holds."""

    any: Annotated["tuple[Condition, ...]", Field(min_length=1)]

    def holds(self, answers: Mapping[str, AnswerValue], today: date) -> bool:
        return any(each.holds(answers, today) for each in self.any)

    def fields(self) -> Iterable[str]:
        return (name for each in self.any for name in each.fields())


class Negated(Part):
    """The condition does not hold, be it that its question was not answered."""

    not_: Annotated["Condition", Field(alias="not")]

    def holds(self, answers: Mapping[str, AnswerValue], today: date) -> bool:
        return not self.not_.holds(answers, today)

    def fields(self) -> Iterable[str]:
        return self.not_.fields()


KINDS: Final[Mapping[str, str]] = {
    "all": "AllOf",
    "any": "AnyOf",
    "not": "Negated",
    "at_least": "Compared",
    "at_most": "Compared",
}
"""The key that tells a condition's kind; the tags are the models' names in the JSON Schema."""


def _kind(given: object) -> str:
    if isinstance(given, Part):
        return type(given).__name__
    keys = given if isinstance(given, dict) else {}
    return next((kind for key, kind in KINDS.items() if key in keys), "Answered")


Condition: TypeAlias = Annotated[
    Annotated[Answered, Tag("Answered")]
    | Annotated[Compared, Tag("Compared")]
    | Annotated[AllOf, Tag("AllOf")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[Negated, Tag("Negated")],
    Discriminator(_kind),
]

AllOf.model_rebuild()
AnyOf.model_rebuild()
Negated.model_rebuild()


def day_of(bound: Bound, today: date) -> date:
    """The day that a bound of a date means.

    Raises:
        ValueError: it means none.
    """
    return bound.on(today) if isinstance(bound, FromToday) else date.fromisoformat(str(bound))


def is_day(bound: Bound) -> bool:
    return isinstance(bound, FromToday) or (isinstance(bound, str) and bound[4:5] == "-")


def both(first: Condition | None, second: Condition | None) -> Condition | None:
    """What holds when both do; None always holds."""
    if first is None or second is None:
        return first or second
    return AllOf(all=(first, second))


def _precedes(answer: AnswerValue, bound: Bound, today: date, *, least: bool) -> bool:
    """Whether an answer lies below its least or, if not `least`, above its greatest bound."""
    if is_day(bound):
        day, limit = date.fromisoformat(str(answer)), day_of(bound, today)
        return day < limit if least else day > limit
    number, most = Decimal(str(answer)), Decimal(str(bound))
    return number < most if least else number > most
