"""The form of a service: what is asked, when, and what a good answer looks like."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, TypeAlias

from pydantic import BeforeValidator, Field, WithJsonSchema

from events.case import AnswerValue
from services.catalogue.words import Part, Words

FieldId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
OptionValue: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]

_ONE_OR_MORE: dict[str, object] = {
    "anyOf": [
        {"type": ["boolean", "string"]},
        {"type": "array", "items": {"type": ["boolean", "string"]}, "minItems": 1},
    ]
}


def _as_several(given: object) -> object:
    return tuple(given) if isinstance(given, list) else (given,)


class Condition(Part):
    """An earlier question has been answered with one of these values."""

    field: FieldId
    is_: Annotated[
        tuple[bool | str, ...],
        Field(alias="is", min_length=1),
        BeforeValidator(_as_several),
        WithJsonSchema(_ONE_OR_MORE),
    ]

    def holds(self, answers: Mapping[str, AnswerValue]) -> bool:
        """Whether it was answered so; a question that was not answered never was."""
        match answers.get(self.field):
            case None:
                return False
            case tuple() as chosen:
                return any(value in self.is_ for value in chosen)
            case answer:
                return answer in self.is_


class Question(Part):
    """What every field of a form has, whatever its type."""

    id: FieldId
    label: Words
    help: Words | None = None
    required: bool = False
    shown_when: Condition | None = None


class TextField(Question):
    """One line."""

    type: Literal["text"]
    max_length: Annotated[int, Field(ge=1, le=500)] = 200


class LongTextField(Question):
    type: Literal["long-text"]
    max_length: Annotated[int, Field(ge=1, le=20_000)] = 4_000


class IntegerField(Question):
    """Both limits are allowed answers."""

    type: Literal["integer"]
    min: int
    max: int


class YesNoField(Question):
    type: Literal["yes-no"]


class DateField(Question):
    """A day between 1900 and 2199, as ISO 8601 writes it: 2026-12-01."""

    type: Literal["date"]


class Option(Part):
    value: OptionValue
    label: Words


class ChoiceField(Question):
    """Exactly one of the options."""

    type: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]


class ChoicesField(Question):
    """One or more of the options."""

    type: Literal["choices"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]


FormField: TypeAlias = (
    TextField | LongTextField | IntegerField | YesNoField | DateField | ChoiceField | ChoicesField
)


class Section(Part):
    title: Words
    fields: Annotated[
        tuple[Annotated[FormField, Field(discriminator="type")], ...], Field(min_length=1)
    ]


class Form(Part):
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    def fields(self) -> Iterable[FormField]:
        """Every field, in the order in which they are asked."""
        return (field for section in self.sections for field in section.fields)
