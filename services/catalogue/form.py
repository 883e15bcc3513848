"""The form of a service: what is asked, when, and what a good answer looks like."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from services.catalogue.condition import Condition, Day, FieldId, FromToday, Number, both
from services.catalogue.words import Part, Words

OptionValue: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Limit: TypeAlias = int | Number
DayLimit: TypeAlias = Day | FromToday


class Question(Part):
    """What every field of a form has, whatever its type.

    `remedy` is added to what is said of an answer that the field's rules refuse.
    """

    id: FieldId
    label: Words
    help: Words | None = None
    required: bool = False
    remedy: Words | None = None
    shown_when: Condition | None = None


class TextField(Question):
    """One line. The whole answer must match `pattern`, of which `require_usable` says more."""

    type: Literal["text"]
    min_length: Annotated[int, Field(ge=1, le=500)] = 1
    max_length: Annotated[int, Field(ge=1, le=500)] = 200
    pattern: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class LongTextField(Question):
    type: Literal["long-text"]
    min_length: Annotated[int, Field(ge=1, le=20_000)] = 1
    max_length: Annotated[int, Field(ge=1, le=20_000)] = 4_000


class IntegerField(Question):
    """Both limits are allowed answers."""

    type: Literal["integer"]
    min: int
    max: int


class DecimalField(Question):
    """A number as text with a point, `12.5`, so that no reader rounds it; limits are allowed."""

    type: Literal["decimal"]
    decimals: Annotated[int, Field(ge=1, le=4)] = 2
    min: Limit
    max: Limit


class AmountField(Question):
    """Danish kroner as text, `1250` or `1250.50`; limits are allowed."""

    type: Literal["amount"]
    min: Limit
    max: Limit


class YesNoField(Question):
    type: Literal["yes-no"]


class DateField(Question):
    """A day between 1900 and 2199, as ISO 8601 writes it: 2026-12-01. Limits are allowed."""

    type: Literal["date"]
    min: DayLimit | None = None
    max: DayLimit | None = None


class Option(Part):
    value: OptionValue
    label: Words


class ChoiceField(Question):
    """Exactly one of the options."""

    type: Literal["choice"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]


class ChoicesField(Question):
    """One or more of the options; `min` and `max` are how many."""

    type: Literal["choices"]
    options: Annotated[tuple[Option, ...], Field(min_length=2)]
    min: Annotated[int, Field(ge=1)] = 1
    max: Annotated[int, Field(ge=1)] | None = None


class EmailField(Question):
    type: Literal["email"]


class PhoneField(Question):
    type: Literal["phone"]


class AddressField(Question):
    """A postal address in one line, kept as it was typed."""

    type: Literal["address"]


class PropertyField(Question):
    """A property's BFE number."""

    type: Literal["property"]


class CadastreField(Question):
    """A cadastral number with its district: `11ba Hjørring Bygrunde`."""

    type: Literal["cadastre"]


class CvrField(Question):
    """A company's number in the CVR register, eight digits."""

    type: Literal["cvr"]


class DocumentsField(Question):
    """Uploaded documents of one kind, by their ids."""

    type: Literal["documents"]
    at_most: Annotated[int, Field(ge=1, le=20)] = 1


FormField: TypeAlias = (
    TextField
    | LongTextField
    | IntegerField
    | DecimalField
    | AmountField
    | YesNoField
    | DateField
    | ChoiceField
    | ChoicesField
    | EmailField
    | PhoneField
    | AddressField
    | PropertyField
    | CadastreField
    | CvrField
    | DocumentsField
)


class Section(Part):
    title: Words
    help: Words | None = None
    shown_when: Condition | None = None
    fields: Annotated[
        tuple[Annotated[FormField, Field(discriminator="type")], ...], Field(min_length=1)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A field and when it is asked: `when` is its own condition and its section's, None always."""

    field: FormField
    when: Condition | None

    @property
    def is_certain(self) -> bool:
        """Whether there is an answer whatever else is answered."""
        return self.field.required and self.when is None


class Form(Part):
    sections: Annotated[tuple[Section, ...], Field(min_length=1)]

    def fields(self) -> Iterable[FormField]:
        """Every field, in the order in which they are asked."""
        return (field for section in self.sections for field in section.fields)

    def questions(self) -> Iterable[Asked]:
        """Every field with its condition, in the order in which they are asked."""
        return (
            Asked(field=field, when=both(section.shown_when, field.shown_when))
            for section in self.sections
            for field in section.fields
        )
