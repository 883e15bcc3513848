"""Reading answers by the rules of a form, and naming everything that is wrong with them."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final, TypeAlias, assert_never

from events.case import Answer, AnswerValue
from services.catalogue.form import (
    ChoiceField,
    ChoicesField,
    DateField,
    Form,
    FormField,
    IntegerField,
    LongTextField,
    TextField,
    YesNoField,
)

# The characters themselves, not escapes, so that the form's JSON Schema can hold the same patterns
# whatever dialect of regular expressions its reader speaks.
VISIBLE: Final = "[^ \t\n\r\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]"
"""A character that can be seen: an answer of blanks and joiners is no answer."""

CONTROL_IN_LINE: Final = "[\x00-\x1f\x7f-\x9f]"
CONTROL_IN_TEXT: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
DATE: Final = "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class AnswerCode(StrEnum):
    """Public and permanent: clients branch on them."""

    MISSING = "answer-missing"
    UNKNOWN_FIELD = "answer-unknown-field"
    WRONG_TYPE = "answer-wrong-type"
    TOO_LONG = "answer-too-long"
    TOO_SMALL = "answer-too-small"
    TOO_LARGE = "answer-too-large"
    NOT_AN_OPTION = "answer-not-an-option"
    REPEATED = "answer-repeated"
    NOT_SHOWN = "answer-not-shown"
    EMPTY = "answer-empty"
    BAD_CHARACTERS = "answer-bad-characters"
    BAD_DATE = "answer-bad-date"
    TOO_MANY_DOCUMENTS = "documents-too-many"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMistake:
    """`facts` are what the public text of the code names: limits, options, the type expected."""

    field: str
    code: AnswerCode
    facts: Mapping[str, str]


class AnswersInvalid(Exception):
    """None of these answers is kept; `mistakes` are all there are, unknown fields last."""

    def __init__(self, mistakes: tuple[FieldMistake, ...]) -> None:
        super().__init__(", ".join(f"{mistake.field}: {mistake.code}" for mistake in mistakes))
        self.mistakes = mistakes


Judged: TypeAlias = AnswerValue | FieldMistake


def field_mistake(name: str, code: AnswerCode, **facts: object) -> FieldMistake:
    return FieldMistake(
        field=name, code=code, facts={fact: str(value) for fact, value in facts.items()}
    )


def read_answers(form: Form, raw: Mapping[str, object]) -> tuple[Answer, ...]:
    """The answers in the order of the form.

    Raises:
        AnswersInvalid: with every mistake, not only the first.
    """
    fields = {field.id: field for field in form.fields()}
    good: dict[str, AnswerValue] = {}
    mistakes: list[FieldMistake] = []
    doubtful: set[str] = set()
    for asked in fields.values():
        if asked.shown_when is not None and asked.shown_when.field in doubtful:
            # Whether this is asked hangs on an answer that must be mended first.
            doubtful.add(asked.id)
            continue
        match _judge_field(asked, raw, good):
            case FieldMistake() as mistake:
                mistakes.append(mistake)
                doubtful.add(asked.id)
            case None:
                pass
            case value:
                good[asked.id] = value
    mistakes += [
        field_mistake(name, AnswerCode.UNKNOWN_FIELD) for name in raw if name not in fields
    ]
    if mistakes:
        raise AnswersInvalid(tuple(mistakes))
    return tuple(Answer(field=name, value=value) for name, value in good.items())


def _judge_field(
    asked: FormField, raw: Mapping[str, object], good: Mapping[str, AnswerValue]
) -> Judged | None:
    is_shown = asked.shown_when is None or asked.shown_when.holds(good)
    if asked.id not in raw:
        is_missing = is_shown and asked.required
        return field_mistake(asked.id, AnswerCode.MISSING) if is_missing else None
    if not is_shown:
        return field_mistake(asked.id, AnswerCode.NOT_SHOWN)
    return _judge(asked, raw[asked.id])


def _judge(asked: FormField, given: object) -> Judged:
    judged: Judged
    match asked, given:
        case TextField(), str():
            judged = _judge_text(asked, given, CONTROL_IN_LINE)
        case LongTextField(), str():
            judged = _judge_text(asked, given, CONTROL_IN_TEXT)
        case IntegerField(), int() | float() if not isinstance(given, bool):
            judged = _judge_number(asked, given)
        case YesNoField(), bool():
            judged = given
        case DateField(), str():
            judged = _judge_date(asked, given)
        case ChoiceField(), str():
            judged = _judge_chosen(asked, (given,)) or given
        case ChoicesField(), list() | tuple():
            judged = _judge_choices(asked, given)
        case _:
            judged = _wrong_type(asked)
    return judged


def _judge_text(asked: TextField | LongTextField, given: str, control: str) -> Judged:
    if re.search(control, given) or _SURROGATE.search(given):
        return field_mistake(asked.id, AnswerCode.BAD_CHARACTERS)
    if not re.search(VISIBLE, given):
        return field_mistake(asked.id, AnswerCode.EMPTY)
    if len(given) > asked.max_length:
        return field_mistake(
            asked.id, AnswerCode.TOO_LONG, max_length=asked.max_length, length=len(given)
        )
    return given


def _judge_number(asked: IntegerField, given: float) -> Judged:
    # JSON has one kind of number, and 3.0 is an integer there (JSON Schema 2020-12, 6.1.1).
    if isinstance(given, float) and not given.is_integer():
        return _wrong_type(asked)
    number = int(given)
    if number < asked.min:
        return field_mistake(asked.id, AnswerCode.TOO_SMALL, min=asked.min)
    if number > asked.max:
        return field_mistake(asked.id, AnswerCode.TOO_LARGE, max=asked.max)
    return number


def _judge_date(asked: DateField, given: str) -> Judged:
    try:
        # fromisoformat alone would take week dates and dates without hyphens too.
        is_date = re.fullmatch(DATE, given) is not None and bool(date.fromisoformat(given))
    except ValueError:
        is_date = False
    return given if is_date else field_mistake(asked.id, AnswerCode.BAD_DATE)


def _judge_choices(asked: ChoicesField, given: Sequence[object]) -> Judged:
    chosen = tuple(value for value in given if isinstance(value, str))
    if len(chosen) < len(given):
        return _wrong_type(asked)
    return _judge_chosen(asked, chosen) or chosen


def _judge_chosen(
    asked: ChoiceField | ChoicesField, chosen: tuple[str, ...]
) -> FieldMistake | None:
    values = [option.value for option in asked.options]
    if not chosen:
        return field_mistake(asked.id, AnswerCode.EMPTY)
    if not set(chosen) <= set(values):
        return field_mistake(asked.id, AnswerCode.NOT_AN_OPTION, options=", ".join(values))
    if len(set(chosen)) < len(chosen):
        return field_mistake(asked.id, AnswerCode.REPEATED)
    return None


def _wrong_type(asked: FormField) -> FieldMistake:
    match asked:
        case TextField() | LongTextField():
            expected = "text"
        case IntegerField():
            expected = "integer"
        case YesNoField():
            expected = "true or false"
        case DateField():
            expected = "date"
        case ChoiceField():
            expected = "one option"
        case ChoicesField():
            expected = "list of options"
        case _:
            assert_never(asked)
    return field_mistake(asked.id, AnswerCode.WRONG_TYPE, expected=expected)
