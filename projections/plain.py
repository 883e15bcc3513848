"""Facts as plain JSON: dates as ISO 8601, ids as text, a dataclass as an object of its fields."""

import json
from dataclasses import fields, is_dataclass
from datetime import date
from typing import Final, TypedDict
from uuid import UUID

from events.document import Document


class DocumentRow(TypedDict):
    """`size` in bytes; `sha256` as 64 hexadecimal digits."""

    document_id: str
    sha256: str
    name: str
    media_type: str
    size: int


class TextRow(TypedDict):
    da: str
    en: str


_NAMES: Final[dict[type, tuple[str, ...]]] = {}


def values(fact: object) -> dict[str, object]:
    """The fields of a dataclass by name, as they are.

    Raises:
        TypeError: it is no dataclass.
    """
    names = _NAMES.get(type(fact))
    if names is None:
        if not is_dataclass(fact):
            raise TypeError(f"{type(fact).__name__} has no plain form")
        names = _NAMES[type(fact)] = tuple(field.name for field in fields(fact))
    return {name: getattr(fact, name) for name in names}


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    return values(value)


encode = json.JSONEncoder(
    ensure_ascii=False,
    # A fact is a tree; looking for circles in it takes a sixth of the time.
    check_circular=False,
    separators=(",", ":"),
    default=_plain,
).encode


def document_row(document: Document) -> DocumentRow:
    return DocumentRow(
        document_id=str(document.document_id),
        sha256=document.sha256,
        name=document.name,
        media_type=document.media_type,
        size=document.size,
    )
