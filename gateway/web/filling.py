"""A form being filled in: which steps it has by now, and what is wrong with one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from events.case import AnswerValue
from gateway.language import Language, in_language
from gateway.web.typed import ANSWER, Typed
from gateway.wording import field_texts, fill
from services.catalogue.answer_mistakes import AnswersInvalid, FieldMistake
from services.catalogue.condition import both
from services.catalogue.form import FormField, Section
from services.catalogue.judging import judge
from services.catalogue.service import Service


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """`anchor` is the id of the input that it is about, `label` what is asked there."""

    anchor: str
    field: str
    label: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filling:
    """What was typed so far on a day; a step is a section of the form.

    `shown` are the fields that stood on the page that was sent.
    """

    service: Service
    typed: Typed
    today: date
    language: Language
    shown: frozenset[str] = frozenset()

    @property
    def sections(self) -> Sequence[Section]:
        return self.service.form.sections

    def good(self) -> Mapping[str, AnswerValue]:
        """Answers without a mistake, from the first to the last, of what is asked by them."""
        good: dict[str, AnswerValue] = {}
        for asked in self.service.form.questions():
            if asked.when is not None and not asked.when.holds(good, self.today):
                continue
            given = self.typed.answers([asked.field]).get(asked.field.id)
            judged = None if given is None else judge(asked.field, given, self.today)
            if judged is not None and not isinstance(judged, FieldMistake):
                good[asked.field.id] = judged
        return good

    def steps(self) -> Sequence[int]:
        """Those sections that are asked, by their place in the form."""
        good = self.good()
        return [place for place, each in enumerate(self.sections) if self._asked(each, good)]

    def asked(self) -> Sequence[FormField]:
        """The fields that are asked by what was answered."""
        good = self.good()
        return [
            field
            for section in self.sections
            for field in section.fields
            if (when := both(section.shown_when, field.shown_when)) is None
            or when.holds(good, self.today)
        ]

    def unseen(self, step: int) -> Sequence[FormField]:
        """What a step asks by the answers that were given on its own page, and did not show."""
        asked = {field.id for field in self.asked()}
        fields = self.sections[step].fields
        return [each for each in fields if each.id in asked and each.id not in self.shown]

    def answers(self) -> dict[str, object]:
        """What would be submitted now."""
        return self.typed.answers(self.asked())

    def wrong(self, step: int) -> Sequence[Wrong]:
        """What must be mended before the next step."""
        try:
            self.service.read_answers(self.answers(), self.today)
        except AnswersInvalid as invalid:
            fields = {field.id: field for field in self.sections[step].fields}
            return [
                self._told(mistake, fields[mistake.field])
                for mistake in invalid.mistakes
                if mistake.field in fields
            ]
        return []

    def _asked(self, section: Section, good: Mapping[str, AnswerValue]) -> bool:
        return section.shown_when is None or section.shown_when.holds(good, self.today)

    def _told(self, mistake: FieldMistake, field: FormField) -> Wrong:
        sentence = field_texts(self.language)[mistake.code].message
        message = fill(sentence, mistake.facts, self.language)
        if mistake.remedy is not None:
            message = f"{message} {in_language(mistake.remedy, self.language)}"
        return wrong_in(field, message, self.language)


def wrong_in(field: FormField, message: str, language: Language) -> Wrong:
    label = field.label.read_in(language.value)
    return Wrong(anchor=anchor_of(field), field=field.id, label=label, message=message)


def anchor_of(field: FormField) -> str:
    """The id of the first input of a field."""
    first = {"date": ".day", "choice": ".0", "choices": ".0", "yes-no": ".0"}.get(field.type, "")
    return ANSWER + field.id + first
