"""One version of one service, as its file describes it."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from events.case import Answer, CaseKind
from events.case_deadline import DeadlineKind
from events.day_unit import DayUnit
from services.catalogue import answers
from services.catalogue.appeal import AppealId
from services.catalogue.condition import Condition, FieldId
from services.catalogue.condition_schema import JsonObject
from services.catalogue.fee import Fee
from services.catalogue.form import Form
from services.catalogue.form_schema import form_schema as schema_of
from services.catalogue.words import Language, Line, Part, Words
from services.deadlines import Period

ServiceId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
TeamName: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


class LoginLevel(StrEnum):
    """Level of assurance, as Regulation (EU) 910/2014, article 8, names them."""

    LOW = "low"
    SUBSTANTIAL = "substantial"
    HIGH = "high"


class Audience(StrEnum):
    """Who may submit. A representative acts for a citizen or company by power of attorney."""

    CITIZEN = "citizen"
    COMPANY = "company"
    REPRESENTATIVE = "representative"
    ANONYMOUS = "anonymous"


class CountedFrom(StrEnum):
    RECEIVED = "received"
    HEARING_CLOSES = "hearing-closes"
    MEETING = "meeting"
    COMPLETE = "complete"


class ComplaintOver(StrEnum):
    """What a complaint is about: a decision, which goes to a board, or how one was served."""

    DECISION = "decision"
    SERVICE = "service"


class EsdhRule(StrEnum):
    """How the right case in the records system is found."""

    HEARING_CASE = "hearing-case"
    PROPERTY_CASE = "property-case"
    COMPLAINED_OF_CASE = "complained-of-case"
    NEW_CASE = "new-case"


class Kle(Part):
    """Subject and facet by KL's Emnesystematik."""

    subject: Annotated[str, Field(pattern=r"^[0-9]{2}\.[0-9]{2}\.[0-9]{2}$")]
    facet: Annotated[str, Field(pattern=r"^[A-ZÆØÅ][0-9]{2}$")]


class Span(Part):
    """A period and the day it is counted from, which is not part of it."""

    days: Annotated[int, Field(ge=1, le=3650)]
    unit: DayUnit
    after: CountedFrom = CountedFrom.RECEIVED
    rolls: bool = False

    @property
    def period(self) -> Period:
        return Period(days=self.days, unit=self.unit, rolls=self.rolls)


class Thing(Part):
    """Something to bring, if every condition of `when` holds."""

    what: Words
    why: Words
    when: tuple[Condition, ...] = ()


class Step(Part):
    text: Words
    by: Span | Literal["hearing-closes", "meeting"] | None = None


class PromisedDeadline(Part):
    """`text` and `basis` say what is aimed at and by what rule, before anything is submitted.

    Several may have the same kind: the first of them whose every condition of `when` holds is
    the promise, so that a target can follow what is applied for.
    """

    deadline: DeadlineKind
    when: tuple[Condition, ...] = ()
    period: Span
    text: Words | None = None
    basis: Line | None = None


class Documents(Part):
    """What may be attached beside the documents that the form asks for by name."""

    at_most: Annotated[int, Field(ge=0, le=50)] = 0
    text: Words | None = None


class Retention(Part):
    """How many years a closed case is kept here, and by what rule."""

    years: Annotated[int, Field(ge=0, le=100)]
    basis: Line


class Esdh(Part):
    """`template` names the case template, which each organisation's `esdh.yaml` maps to an id.

    `property` is the field of the form that tells property-case what it is about. The BFE number
    is best: cases are found by having it in their title.
    """

    rule: EsdhRule
    template: Line
    property: FieldId | None = None


class Service(Part):
    id: ServiceId
    version: Annotated[int, Field(ge=1, le=9999)]
    kind: CaseKind
    complaint_over: ComplaintOver | None = None
    team: TeamName
    title: Words
    description: Words
    login_level: LoginLevel
    who: Annotated[tuple[Audience, ...], Field(min_length=1)]
    kle: Kle
    subject: Line
    form: Form
    documents: Documents = Documents()
    bring: tuple[Thing, ...] = ()
    receipt: Words
    next_steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    deadlines: tuple[PromisedDeadline, ...] = ()
    fees: tuple[Fee, ...] = ()
    appeals: tuple[AppealId, ...] = ()
    retention: Retention
    esdh: Esdh

    def form_schema(self, language: Language, today: date) -> JsonObject:
        """The form as JSON Schema 2020-12, as it stands on a day, with titles in one language."""
        return schema_of(self.form, language, today) | {"title": self.title.read_in(language)}

    def read_answers(self, raw: Mapping[str, object], today: date) -> tuple[Answer, ...]:
        """The answers in the order of the form; `today` is the day that they are given on.

        Raises:
            AnswersInvalid: with every mistake, not only the first.
        """
        return answers.read_answers(self.form, raw, today)
