"""Judging one answer by its field: the answer as it is kept, or what is wrong with it."""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias

from events.case import AnswerValue
from services.catalogue import patterns
from services.catalogue.answer_mistakes import AnswerCode, FieldMistake, field_mistake
from services.catalogue.condition import day_of
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
    PhoneField,
    PropertyField,
    TextField,
    YesNoField,
)

Judged: TypeAlias = AnswerValue | FieldMistake
Formed: TypeAlias = EmailField | PhoneField | CadastreField | CvrField

ADDRESS_AT_MOST: Final = 300
BFE_AT_MOST: Final = 9_999_999_999
EMAIL_AT_MOST: Final = 254
"""RFC 5321, 4.5.3.1.3, less the brackets around a path."""

AMOUNT_DECIMALS: Final = (0, 2)

FORMS: Final[Mapping[str, tuple[str, AnswerCode]]] = {
    "email": (patterns.EMAIL, AnswerCode.BAD_EMAIL),
    "phone": (patterns.PHONE, AnswerCode.BAD_PHONE),
    "cadastre": (patterns.CADASTRE, AnswerCode.BAD_CADASTRE),
    "cvr": (patterns.CVR, AnswerCode.BAD_CVR),
}
EXPECTED: Final[Mapping[str, str]] = {
    "integer": "integer",
    "property": "integer",
    "decimal": "number as text",
    "amount": "number as text",
    "yes-no": "true or false",
    "date": "date",
    "choice": "one option",
    "choices": "list of options",
    "documents": "list of document ids",
}
"""What a field wants that does not want text."""

_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.([0-9]+))?", re.ASCII)
_MINUS_NOTHING: Final = re.compile(r"-0(?:\.0+)?", re.ASCII)
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def judge(asked: FormField, given: object, today: date) -> Judged:
    """The answer, or what is wrong with it; `today` is the day that it is given on."""
    match _judge(asked, given, today):
        case FieldMistake() as mistake if asked.remedy is not None:
            facts = mistake.facts
            return field_mistake(asked.id, mistake.code, remedy=asked.remedy.as_text(), **facts)
        case judged:
            return judged


def decimals_of(asked: DecimalField | AmountField) -> Sequence[int]:
    """With how many decimals an answer may be written."""
    return AMOUNT_DECIMALS if isinstance(asked, AmountField) else range(asked.decimals + 1)


def lengths_of(asked: TextField | LongTextField | AddressField) -> tuple[int, int]:
    """How many characters there must be at least, and may be at most."""
    if isinstance(asked, AddressField):
        return 1, ADDRESS_AT_MOST
    return asked.min_length, asked.max_length


def limits_of(asked: IntegerField | PropertyField) -> tuple[int, int]:
    return (1, BFE_AT_MOST) if isinstance(asked, PropertyField) else (asked.min, asked.max)


def counts_of(asked: ChoicesField | DocumentsField) -> tuple[int, int | None]:
    """How many there must be at least, and may be at most."""
    return (asked.min, asked.max) if isinstance(asked, ChoicesField) else (1, asked.at_most)


def _judge(asked: FormField, given: object, today: date) -> Judged:
    judged: Judged
    match asked, given:
        case TextField() | LongTextField() | AddressField(), str():
            judged = _judge_text(asked, given)
        case ((EmailField() | PhoneField() | CadastreField() | CvrField()), str()):
            judged = _judge_formed(asked, given)
        case ((IntegerField() | PropertyField()), int() | float()) if not isinstance(given, bool):
            judged = _judge_integer(asked, given)
        case DecimalField() | AmountField(), str():
            judged = _judge_number(asked, given)
        case YesNoField(), bool():
            judged = given
        case DateField(), str():
            judged = _judge_date(asked, given, today)
        case ChoiceField(), str():
            judged = _judge_chosen(asked, (given,)) or given
        case ChoicesField() | DocumentsField(), list() | tuple():
            judged = _judge_several(asked, given)
        case _:
            judged = field_mistake(asked.id, AnswerCode.WRONG_TYPE, expected=_expected(asked))
    return judged


def _judge_text(asked: TextField | LongTextField | AddressField, given: str) -> Judged:
    is_long = isinstance(asked, LongTextField)
    control = patterns.CONTROL_IN_TEXT if is_long else patterns.CONTROL_IN_LINE
    shortest, longest = lengths_of(asked)
    if re.search(control, given) or _SURROGATE.search(given):
        return field_mistake(asked.id, AnswerCode.BAD_CHARACTERS)
    if not re.search(patterns.VISIBLE, given):
        return field_mistake(asked.id, AnswerCode.EMPTY)
    length = len(given)
    if length < shortest:
        return field_mistake(asked.id, AnswerCode.TOO_SHORT, min_length=shortest, length=length)
    if length > longest:
        return field_mistake(asked.id, AnswerCode.TOO_LONG, max_length=longest, length=length)
    pattern = asked.pattern if isinstance(asked, TextField) else None
    if pattern is not None and re.fullmatch(pattern, given) is None:
        return field_mistake(asked.id, AnswerCode.BAD_FORM)
    return given


def _judge_formed(asked: Formed, given: str) -> Judged:
    pattern, code = FORMS[asked.type]
    is_too_long = isinstance(asked, EmailField) and len(given) > EMAIL_AT_MOST
    if is_too_long or _SURROGATE.search(given) or re.fullmatch(pattern, given) is None:
        return field_mistake(asked.id, code)
    return given


def _judge_integer(asked: IntegerField | PropertyField, given: float) -> Judged:
    # JSON has one kind of number, and 3.0 is an integer there (JSON Schema 2020-12, 6.1.1).
    if isinstance(given, float) and not given.is_integer():
        return field_mistake(asked.id, AnswerCode.WRONG_TYPE, expected=_expected(asked))
    least, most = limits_of(asked)
    number = int(given)
    if number < least:
        return field_mistake(asked.id, AnswerCode.TOO_SMALL, min=least)
    if number > most:
        return field_mistake(asked.id, AnswerCode.TOO_LARGE, max=most)
    return number


def _judge_number(asked: DecimalField | AmountField, given: str) -> Judged:
    written = _NUMBER.fullmatch(given)
    decimals = decimals_of(asked)
    if written is None or _MINUS_NOTHING.fullmatch(given) or len(written[1] or "") not in decimals:
        code = AnswerCode.BAD_AMOUNT if isinstance(asked, AmountField) else AnswerCode.BAD_NUMBER
        return field_mistake(asked.id, code, decimals=decimals[-1])
    number = Decimal(given)
    if number < Decimal(asked.min):
        return field_mistake(asked.id, AnswerCode.TOO_SMALL, min=asked.min)
    if number > Decimal(asked.max):
        return field_mistake(asked.id, AnswerCode.TOO_LARGE, max=asked.max)
    return given


def _judge_date(asked: DateField, given: str, today: date) -> Judged:
    try:
        # fromisoformat alone would take week dates and dates without hyphens too.
        is_date = re.fullmatch(patterns.DATE, given) is not None and date.fromisoformat(given)
    except ValueError:
        is_date = False
    if not is_date:
        return field_mistake(asked.id, AnswerCode.BAD_DATE)
    if asked.min is not None and is_date < (first := day_of(asked.min, today)):
        return field_mistake(asked.id, AnswerCode.TOO_EARLY, min=first)
    if asked.max is not None and is_date > (last := day_of(asked.max, today)):
        return field_mistake(asked.id, AnswerCode.TOO_LATE, max=last)
    return given


def _judge_several(asked: ChoicesField | DocumentsField, given: Sequence[object]) -> Judged:
    chosen = tuple(value for value in given if isinstance(value, str))
    if len(chosen) < len(given):
        return field_mistake(asked.id, AnswerCode.WRONG_TYPE, expected=_expected(asked))
    if isinstance(asked, ChoicesField):
        return _judge_chosen(asked, chosen) or _judge_count(asked, chosen) or chosen
    if not all(re.fullmatch(patterns.DOCUMENT, each) for each in chosen):
        return field_mistake(asked.id, AnswerCode.BAD_DOCUMENT)
    return _judge_count(asked, chosen) or chosen


def _judge_chosen(
    asked: ChoiceField | ChoicesField, chosen: tuple[str, ...]
) -> FieldMistake | None:
    values = [option.value for option in asked.options]
    if not set(chosen) <= set(values):
        return field_mistake(asked.id, AnswerCode.NOT_AN_OPTION, options=", ".join(values))
    return None


def _judge_count(
    asked: ChoicesField | DocumentsField, chosen: tuple[str, ...]
) -> FieldMistake | None:
    least, most = counts_of(asked)
    if not chosen:
        return field_mistake(asked.id, AnswerCode.EMPTY)
    if len(set(chosen)) < len(chosen):
        return field_mistake(asked.id, AnswerCode.REPEATED)
    if len(chosen) < least:
        return field_mistake(asked.id, AnswerCode.TOO_FEW, at_least=least)
    if most is not None and len(chosen) > most:
        return field_mistake(asked.id, AnswerCode.TOO_MANY, at_most=most)
    return None


def _expected(asked: FormField) -> str:
    return EXPECTED.get(asked.type, "text")
