"""A letter before it is typeset: what it says, in order, and nothing about how it looks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final, TypeAlias

from events.document import Document
from services.esdh.port import Direction
from services.journal import letter_texts as texts

NOBODY: Final[Mapping[str, str]] = MappingProxyType({})
"""What others than the party are called, in a letter that names none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """Running text. A blank line parts two paragraphs; other line ends are kept."""

    text: str
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Two or three columns; every row has as many cells as `header`."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Part: TypeAlias = Passage | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    heading: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """In Danish. `title` is one line of at most 200 characters, also in the records system.

    `date` is that of receipt or dispatch (offentlighedsloven § 15), Europe/Copenhagen; `file_name`
    has small letters a to z, digits and hyphens.
    """

    organisation: str
    title: str
    file_name: str
    date: date
    direction: Direction
    sections: tuple[Section, ...]


def details(*rows: tuple[str, str | None]) -> Table:
    """What is to be known of the letter itself; a row without content is left out."""
    known = tuple((name, content) for name, content in rows if content is not None)
    return Table(header=("Oplysning", "Indhold"), rows=known)


def attached(documents: Sequence[Document]) -> Section:
    """Every document by what tells it from any other, so that a copy can be checked later."""
    listed = tuple(
        (document.name, texts.size(document.size), document.sha256) for document in documents
    )
    part = (
        Table(header=("Dokument", "Størrelse", "Kontrolsum (SHA-256)"), rows=listed)
        if listed
        else Passage(text="Ingen bilag.")
    )
    return Section(heading="Bilag", parts=(part,))
