"""Reading answers by the rules of a form, and naming everything that is wrong with them."""

from collections.abc import Mapping
from datetime import date

from events.case import Answer, AnswerValue
from services.catalogue.answer_mistakes import (
    AnswerCode,
    AnswersInvalid,
    FieldMistake,
    field_mistake,
)
from services.catalogue.form import Asked, Form
from services.catalogue.judging import judge


def read_answers(form: Form, raw: Mapping[str, object], today: date) -> tuple[Answer, ...]:
    """The answers in the order of the form; `today` is the day that they are given on.

    Raises:
        AnswersInvalid: with every mistake, not only the first.
    """
    questions = {asked.field.id: asked for asked in form.questions()}
    good: dict[str, AnswerValue] = {}
    mistakes: list[FieldMistake] = []
    doubtful: set[str] = set()
    for name, asked in questions.items():
        if asked.when is not None and not doubtful.isdisjoint(asked.when.fields()):
            # Whether this is asked hangs on an answer that must be mended first.
            doubtful.add(name)
            continue
        match _judge_field(asked, raw, good, today):
            case FieldMistake() as mistake:
                mistakes.append(mistake)
                doubtful.add(name)
            case None:
                pass
            case value:
                good[name] = value
    mistakes += [
        field_mistake(name, AnswerCode.UNKNOWN_FIELD) for name in raw if name not in questions
    ]
    if mistakes:
        raise AnswersInvalid(tuple(mistakes))
    return tuple(Answer(field=name, value=value) for name, value in good.items())


def _judge_field(
    asked: Asked, raw: Mapping[str, object], good: Mapping[str, AnswerValue], today: date
) -> AnswerValue | FieldMistake | None:
    field, is_shown = asked.field, asked.when is None or asked.when.holds(good, today)
    if field.id not in raw:
        is_missing = is_shown and field.required
        return field_mistake(field.id, AnswerCode.MISSING) if is_missing else None
    if not is_shown:
        return field_mistake(field.id, AnswerCode.NOT_SHOWN)
    return judge(field, raw[field.id], today)
