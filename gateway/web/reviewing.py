"""Answers as people read them before they submit."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import assert_never

from gateway.language import Language, in_words
from gateway.web.filling import Filling
from gateway.web.typed import ANSWER, Typed
from gateway.web.words import translations
from services.catalogue.form import (
    AddressField,
    AmountField,
    CadastreField,
    ChoiceField,
    ChoicesField,
    CvrField,
    DateField,
    DecimalField,
    DocumentsField,
    EmailField,
    FormField,
    IntegerField,
    LongTextField,
    Option,
    PhoneField,
    PropertyField,
    TextField,
    YesNoField,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerInWords:
    """`words` is empty where nothing was answered."""

    label: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionInWords:
    """`step` is its place in the form, where it is changed."""

    step: int
    title: str
    answers: Sequence[AnswerInWords]


def reviewed(filling: Filling) -> Iterator[SectionInWords]:
    """What is asked by the answers, section by section."""
    asked = set(map(id, filling.asked()))
    language = filling.language
    for step in filling.steps():
        section = filling.sections[step]
        yield SectionInWords(
            step=step,
            title=section.title.read_in(language.value),
            answers=[
                AnswerInWords(
                    label=field.label.read_in(language.value),
                    words=in_words_of(field, filling.typed, language),
                )
                for field in section.fields
                if id(field) in asked
            ],
        )


def in_words_of(field: FormField, typed: Typed, language: Language) -> str:
    given = typed.answers([field]).get(field.id)
    if given is None:
        return ""
    match field:
        case YesNoField():
            _ = translations(language).gettext
            return _("Yes") if given is True else _("No")
        case ChoiceField() | ChoicesField():
            chosen = typed.several(ANSWER + field.id)
            return ", ".join(_labels(field.options, language)[each] for each in chosen)
        case DocumentsField():
            return ", ".join(each.name for each in typed.uploads(field))
        case DateField():
            return in_words(str(given), language)
        case (
            TextField() | LongTextField() | IntegerField() | DecimalField() | AmountField()
            | EmailField() | PhoneField() | AddressField() | PropertyField() | CadastreField()
            | CvrField()
        ):  # fmt: skip
            return str(given)
        case _:
            assert_never(field)


def _labels(options: Sequence[Option], language: Language) -> Mapping[str, str]:
    return {option.value: option.label.read_in(language.value) for option in options}
