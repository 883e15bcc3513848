"""What can be wrong with answers: public codes, and what their texts name."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from events.text import Text


class AnswerCode(StrEnum):
    """Public and permanent: clients branch on them."""

    MISSING = "answer-missing"
    UNKNOWN_FIELD = "answer-unknown-field"
    WRONG_TYPE = "answer-wrong-type"
    TOO_SHORT = "answer-too-short"
    TOO_LONG = "answer-too-long"
    TOO_SMALL = "answer-too-small"
    TOO_LARGE = "answer-too-large"
    TOO_EARLY = "answer-too-early"
    TOO_LATE = "answer-too-late"
    TOO_FEW = "answer-too-few"
    TOO_MANY = "answer-too-many"
    NOT_AN_OPTION = "answer-not-an-option"
    REPEATED = "answer-repeated"
    NOT_SHOWN = "answer-not-shown"
    EMPTY = "answer-empty"
    BAD_CHARACTERS = "answer-bad-characters"
    BAD_FORM = "answer-bad-form"
    BAD_NUMBER = "answer-bad-number"
    BAD_AMOUNT = "answer-bad-amount"
    BAD_DATE = "answer-bad-date"
    BAD_EMAIL = "answer-bad-email"
    BAD_PHONE = "answer-bad-phone"
    BAD_CADASTRE = "answer-bad-cadastre"
    BAD_CVR = "answer-bad-cvr"
    BAD_DOCUMENT = "answer-bad-document"
    TOO_MANY_DOCUMENTS = "documents-too-many"
    DOCUMENTS_NEED_LOGIN = "documents-need-login"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMistake:
    """`facts` are what the public text of the code names: limits, options, the type expected.

    `remedy` is what the form itself adds to that text.
    """

    field: str
    code: AnswerCode
    facts: Mapping[str, str]
    remedy: Text | None = None


class AnswersInvalid(Exception):
    """None of these answers is kept; `mistakes` are all there are, unknown fields last."""

    def __init__(self, mistakes: tuple[FieldMistake, ...]) -> None:
        super().__init__(", ".join(f"{mistake.field}: {mistake.code}" for mistake in mistakes))
        self.mistakes = mistakes


def field_mistake(
    name: str, code: AnswerCode, *, remedy: Text | None = None, **facts: object
) -> FieldMistake:
    named = {fact: str(value) for fact, value in facts.items()}
    return FieldMistake(field=name, code=code, facts=named, remedy=remedy)
