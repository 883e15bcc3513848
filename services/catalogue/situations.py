"""Situations of life under which an organisation's services are found."""

from collections.abc import Collection, Iterator, Sequence
from typing import Annotated

from pydantic import Field

from events.text import Text
from services.catalogue.mistakes import Mistake
from services.catalogue.service import ServiceId
from services.catalogue.words import Part, Words
from services.catalogue.yaml_file import YamlFile


class Situation(Part):
    """One may stand under several; what none names is listed last."""

    title: Words
    text: Words | None = None
    services: Annotated[tuple[ServiceId, ...], Field(min_length=1)]


def unknown_services(
    situations: Sequence[Situation], known: Collection[str], file: YamlFile
) -> Iterator[Mistake]:
    """Services that a situation names and that no file describes."""
    names = ", ".join(sorted(known))
    for place, situation in enumerate(situations):
        for position, name in enumerate(situation.services):
            if name not in known:
                yield file.mistake(
                    ("situations", place, "services", position),
                    Text(
                        da=f"Der er ingen selvbetjeningsløsning '{name}'.",
                        en=f"There is no service '{name}'.",
                    ),
                    Text(da=f"Vælg mellem {names}.", en=f"Choose among {names}."),
                )
