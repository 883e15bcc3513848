"""What a check has found, and the fields and texts of a service by where they stand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias

from events.text import Text
from services.catalogue.form import FormField, Section
from services.catalogue.service import Service
from services.catalogue.words import Part, Words
from services.catalogue.yaml_file import Place


@dataclass(frozen=True, slots=True)
class Finding:
    place: Place
    message: Text
    remedy: Text


Findings: TypeAlias = Iterator[Finding]
Check: TypeAlias = Callable[[Service], Findings]

NAME_ONE: Final = Text(da="Nævn et af formularens felter.", en="Name a field of the form.")


def no_field(name: str) -> Text:
    return Text(da=f"Intet felt hedder '{name}'.", en=f"No field is called '{name}'.")


def placed_fields(service: Service) -> Iterator[tuple[Place, FormField]]:
    for place, section in placed_sections(service):
        for index, asked in enumerate(section.fields):
            yield (*place, "fields", index), asked


def placed_sections(service: Service) -> Iterator[tuple[Place, Section]]:
    for number, section in enumerate(service.form.sections):
        yield ("form", "sections", number), section


def placed_texts(part: object, place: Place) -> Iterator[tuple[Place, str]]:
    """Every text for people within a part of the file."""
    match part:
        case Words():
            yield (*place, "da"), part.da
            yield (*place, "en"), part.en
        case Part():
            for name in type(part).model_fields:
                yield from placed_texts(getattr(part, name), (*place, name))
        case tuple():
            for index, item in enumerate(part):
                yield from placed_texts(item, (*place, index))
        case str() if place == ("subject",):
            yield place, part
        case _:
            pass
