"""The registers of the demo: invented data in a file, well formed and about nobody."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, Self
from uuid import UUID

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from events.case_property import Register
from events.property import AddressId, BfeNumber, Parcel, Property
from services.registers.formats import cpr_number, cvr_number, municipality_code, p_number, parcel
from services.registers.ports import (
    RegisteredCompany,
    RegisteredPerson,
    Registers,
    Suggestion,
)

FILE_NAME: Final = "demo-registers.yaml"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Parcel(_Entry):
    district: int
    number: str

    def as_parcel(self) -> Parcel:
        return parcel(str(self.district), self.number)


class _Property(_Entry):
    bfe: Annotated[int, Field(ge=1, le=9_999_999_999)]
    municipality: Annotated[str, AfterValidator(municipality_code)]
    parcels: tuple[_Parcel, ...]


class _Address(_Entry):
    id: UUID
    text: str
    bfe: int


class _Person(_Entry):
    cpr: Annotated[str, AfterValidator(cpr_number)]
    name: str
    address: tuple[str, ...]
    protected: bool = False


class _Company(_Entry):
    cvr: Annotated[str, AfterValidator(cvr_number)]
    name: str
    address: tuple[str, ...]
    p_numbers: tuple[Annotated[str, AfterValidator(p_number)], ...] = ()


class DemoData(_Entry):
    """`demo-registers.yaml`."""

    properties: tuple[_Property, ...]
    addresses: tuple[_Address, ...]
    persons: tuple[_Person, ...]
    companies: tuple[_Company, ...]

    @classmethod
    def read(cls, folder: Path) -> Self:
        """Raises:
        ValidationError: something in the file is not well formed.
        """
        return cls.model_validate(yaml.safe_load((folder / FILE_NAME).read_text(encoding="utf-8")))


class DemoRegister:
    """All four registers at once."""

    register: Final = Register.DEMO

    def __init__(self, data: DemoData) -> None:
        self._properties = {entry.bfe: entry for entry in data.properties}
        self._addresses = {entry.id: entry for entry in data.addresses}
        self._persons = {entry.cpr: entry for entry in data.persons}
        self._companies = {entry.cvr: entry for entry in data.companies}

    async def suggest(
        self, text: str, *, municipality: str | None, at_most: int
    ) -> Sequence[Suggestion]:
        """Every address that has all the words typed, at the beginning of a word of its own."""
        typed = _words(text)
        if not typed:
            return []
        found = [
            Suggestion(address=AddressId(entry.id), text=entry.text)
            for entry in self._addresses.values()
            if municipality in (None, self._properties[entry.bfe].municipality)
            and all(any(own.startswith(w) for own in _words(entry.text)) for w in typed)
        ]
        return found[:at_most]

    async def address(self, address: AddressId) -> Property | None:
        entry = self._addresses.get(address)
        if entry is None:
            return None
        return self._property(self._properties[entry.bfe], entry.text, address)

    async def property(self, bfe: BfeNumber) -> Property | None:
        entry = self._properties.get(bfe)
        return None if entry is None else self._property(entry, f"BFE {bfe}", None)

    async def person(self, cpr: str) -> RegisteredPerson | None:
        entry = self._persons.get(cpr)
        if entry is None:
            return None
        return RegisteredPerson(name=entry.name, address=entry.address, protected=entry.protected)

    async def company(self, cvr: str) -> RegisteredCompany | None:
        entry = self._companies.get(cvr)
        if entry is None:
            return None
        return RegisteredCompany(name=entry.name, address=entry.address, p_numbers=entry.p_numbers)

    def _property(self, entry: _Property, text: str, address: AddressId | None) -> Property:
        return Property(
            text=text,
            bfe=BfeNumber(entry.bfe),
            parcels=tuple(each.as_parcel() for each in entry.parcels),
            address=address,
            municipality=entry.municipality,
        )


def demo_registers(folder: Path) -> Registers:
    demo = DemoRegister(DemoData.read(folder))
    return Registers(addresses=demo, properties=demo, persons=demo, companies=demo)


def _words(text: str) -> list[str]:
    return text.casefold().replace(",", " ").split()
