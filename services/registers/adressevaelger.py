"""Addresses from Adressevælger (Klimadatastyrelsen), with their property from Datafordeler."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from events.case_property import Register
from events.property import AddressId, Property
from services.registers.calls import Calls
from services.registers.datafordeler import Datafordeler
from services.registers.formats import FormatInvalid, municipality_code
from services.registers.ports import Suggestion

TEXT_AT_MOST: Final = 73
"""Characters, as its documentation has it."""


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Hit(_Shape):
    """`type` is adresse, or a road or house to search on from, which have no id of an address."""

    type: str
    titel: str
    id: str | None = None


class _Hits(_Shape):
    fund: list[_Hit]


class _Part(_Shape):
    kommune: str | None = None


class _House(_Shape):
    id_lokalid: str | None = None
    navngivenvejkommunedel: _Part | None = None


class _Address(_Shape):
    adressebetegnelse: str
    husnummer: _House | None = None


class _Found(_Shape):
    adresse: _Address


class Adressevaelger:
    """`AddressLookup`. Without `datafordeler` an address has neither BFE number nor parcels."""

    register: Final = Register.ADRESSEVAELGER

    def __init__(self, calls: Calls, datafordeler: Datafordeler | None) -> None:
        self._calls, self._datafordeler = calls, datafordeler

    async def suggest(
        self, text: str, *, municipality: str | None, at_most: int
    ) -> Sequence[Suggestion]:
        wanted = " ".join(text.split())[:TEXT_AT_MOST]
        if not wanted:
            return []
        query = {"tekst": wanted, "maksimum": str(at_most)}
        if municipality is not None:
            query["kommuneKode"] = municipality
        hits = await self._calls.get("adresser/soeg", query, _Hits)
        found = () if hits is None else hits.fund
        addresses = [
            Suggestion(address=address, text=hit.titel)
            for hit in found
            if hit.type == "adresse" and (address := _id(hit.id)) is not None
        ]
        return addresses[:at_most]

    async def address(self, address: AddressId) -> Property | None:
        found = await self._calls.get(f"adresser/{address}", {}, _Found)
        if found is None:
            return None
        house = found.adresse.husnummer
        known = Property(
            text=found.adresse.adressebetegnelse,
            bfe=None,
            parcels=(),
            address=address,
            municipality=_municipality(house),
        )
        if house is None or house.id_lokalid is None or self._datafordeler is None:
            return known
        estate = await self._datafordeler.estate_at(house.id_lokalid)
        if estate is None:
            return known
        return replace(known, bfe=estate.bfe, parcels=estate.parcels)


def _id(given: str | None) -> AddressId | None:
    try:
        return None if given is None else AddressId(UUID(given))
    except ValueError:
        return None


def _municipality(house: _House | None) -> str | None:
    """Four digits: registers differ in whether they keep the leading zero."""
    part = None if house is None else house.navngivenvejkommunedel
    code = None if part is None else part.kommune
    try:
        return None if code is None else municipality_code(code.zfill(4))
    except FormatInvalid:
        return None
