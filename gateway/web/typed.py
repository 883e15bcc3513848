"""What somebody typed into a form: as they typed it, to show it again, and as the API takes it."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from starlette.datastructures import FormData

from services.catalogue.form import (
    AmountField,
    ChoicesField,
    DateField,
    DecimalField,
    DocumentsField,
    Form,
    FormField,
    IntegerField,
    PropertyField,
    YesNoField,
)

ANSWER: Final = "a."
PARTS: Final = (".day", ".month", ".year")

_INTEGER: Final = re.compile(r"-?[0-9]{1,18}", re.ASCII)
_YES_NO: Final = {"yes": True, "no": False}


class Uploaded(NamedTuple):
    """A document that was uploaded while the form is filled in; its name is for the eye."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Typed:
    """Each input's values by its name; a name that was not sent has none."""

    values: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, form: Form, data: FormData) -> "Typed":
        """All that belongs to the form; what else was sent is left out."""
        return cls(
            {
                name: [value for value in data.getlist(name) if isinstance(value, str)]
                for field in form.fields()
                for name in names_of(field)
                if name in data
            }
        )

    def one(self, name: str) -> str:
        given = self.values.get(name, ())
        return given[0] if given else ""

    def several(self, name: str) -> Sequence[str]:
        return [value for value in self.values.get(name, ()) if value]

    def uploads(self, field: DocumentsField) -> Sequence[Uploaded]:
        return [Uploaded(*value.partition(" ")[::2]) for value in self.several(ANSWER + field.id)]

    def hidden(self, fields: Sequence[FormField]) -> Iterator[tuple[str, str]]:
        """Names and values by which a page carries on what was answered on others."""
        for field in fields:
            for name in names_of(field):
                yield from ((name, value) for value in self.values.get(name, ()))

    def answers(self, fields: Sequence[FormField]) -> dict[str, object]:
        """As the API takes them; what was left empty is no answer."""
        read = {field.id: self._answer(field) for field in fields}
        return {name: answer for name, answer in read.items() if answer not in (None, "", [])}

    def _answer(self, field: FormField) -> object:
        name = ANSWER + field.id
        answer: object
        match field:
            case DateField():
                answer = self._date(name)
            case YesNoField():
                answer = _YES_NO.get(self.one(name))
            case ChoicesField():
                answer = list(dict.fromkeys(self.several(name)))
            case DocumentsField():
                answer = list(dict.fromkeys(each.id for each in self.uploads(field)))
            case IntegerField() | PropertyField():
                answer = _integer(self.one(name))
            case DecimalField() | AmountField():
                answer = self.one(name).strip().replace(",", ".")
            case _:
                # Browsers end lines with two signs, whatever was pasted in.
                answer = self.one(name).replace("\r\n", "\n").strip()
        return answer

    def _date(self, name: str) -> str:
        return _written(*(self.one(name + part).strip() for part in PARTS))


def day_of(data: FormData, name: str) -> str:
    """A day that was typed in three parts, as the API takes it."""
    parts = (data.get(name + part, "") for part in PARTS)
    return _written(*(part.strip() if isinstance(part, str) else "" for part in parts))


def _written(day: str, month: str, year: str) -> str:
    if not (day or month or year):
        return ""
    return f"{year.zfill(4)}-{month.zfill(2)}-{day.zfill(2)}"


def names_of(field: FormField) -> Sequence[str]:
    """The names of a field's inputs."""
    name = ANSWER + field.id
    return [name + part for part in PARTS] if isinstance(field, DateField) else [name]


def _integer(given: str) -> object:
    """A number, if it is one; else as it was typed, for the API to say what is wrong."""
    plain = given.strip().replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
    return int(plain) if _INTEGER.fullmatch(plain) else given.strip()
