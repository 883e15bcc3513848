"""A property (fast ejendom): what somebody typed, and what a register knows of it."""

from dataclasses import dataclass
from typing import NewType
from uuid import UUID

from events.personal import PersonalText

BfeNumber = NewType("BfeNumber", int)
"""The number of a property, an owner's flat or a building on another's land; unique in Denmark."""

AddressId = NewType("AddressId", UUID)
"""An address or a house number (husnummer) in Danmarks Adresseregister."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """A piece of land (matrikel), unique by both together.

    `district` is the ejerlavskode, at most seven digits; `number` the matrikelnummer, `11ba`.
    """

    district: int
    number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """Only the text is always there: it is kept as it was typed, whatever a register says.

    `municipality` is the kommunekode, four digits with leading zeros.
    """

    text: PersonalText
    bfe: BfeNumber | None
    parcels: tuple[Parcel, ...]
    address: AddressId | None
    municipality: str | None
