"""Properties and companies from Datafordeler, by GraphQL with an API key.

Fields and types are those that others ask for in production, for its schema cannot be asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from pydantic import BaseModel, Field

from events.case_property import Register
from events.property import BfeNumber, Parcel, Property
from services.registers.formats import FormatInvalid, parcel
from services.registers.graphql import LONG, TEXT, GraphQl, Kind
from services.registers.ports import RegisteredCompany

SEAT: Final = "beliggenhedsadresse"

_DAR: Final = "DAR/v1"
_MAT: Final = "MAT/v1"
_CVR: Final = "flexibleCurrent/v1"
_ID: Final = "id_lokalId"


class _House(BaseModel):
    piece: str | None = Field(alias="jordstykke", default=None)


class _Piece(BaseModel):
    number: str = Field(alias="matrikelnummer")
    district: str = Field(alias="ejerlavLokalId")
    estate: str | None = Field(alias="samletFastEjendomLokalId", default=None)


class _District(BaseModel):
    code: int = Field(alias="ejerlavskode")


class _Estate(BaseModel):
    id: str = Field(alias="id_lokalId")
    bfe: int = Field(alias="BFEnummer")


class _Flat(BaseModel):
    estate: str | None = Field(alias="samletFastEjendomLokalId", default=None)


class _Company(BaseModel):
    id: str


class _Name(BaseModel):
    value: str = Field(alias="vaerdi")


class _Place(BaseModel):
    use: str | None = Field(alias="AdresseringAnvendelse", default=None)
    road: str | None = Field(alias="CVRAdresse_vejnavn", default=None)
    number: int | str | None = Field(alias="CVRAdresse_husnummerFra", default=None)
    postcode: int | str | None = Field(alias="CVRAdresse_postnummer", default=None)
    town: str | None = Field(alias="CVRAdresse_postdistrikt", default=None)


class _Unit(BaseModel):
    number: int | str = Field(alias="pNummer")


def _names(shape: type[BaseModel]) -> str:
    return " ".join(field.alias or name for name, field in shape.model_fields.items())


HOUSE: Final = Kind(
    register=_DAR, name="DAR_Husnummer", by=_ID, of=TEXT, fields=_names(_House), shape=_House
)
PIECE: Final = Kind(
    register=_MAT, name="MAT_Jordstykke", by=_ID, of=TEXT, fields=_names(_Piece), shape=_Piece
)
PIECES_OF: Final = replace(PIECE, by="samletFastEjendomLokalId")
DISTRICT: Final = Kind(
    register=_MAT, name="MAT_Ejerlav", by=_ID, of=TEXT, fields=_names(_District), shape=_District
)
ESTATE: Final = Kind(
    register=_MAT,
    name="MAT_SamletFastEjendom",
    by=_ID,
    of=TEXT,
    fields=_names(_Estate),
    shape=_Estate,
)
ESTATE_OF: Final = replace(ESTATE, by="BFEnummer", of=LONG)
FLAT_OF: Final = Kind(
    register=_MAT,
    name="MAT_Ejerlejlighed",
    by="BFEnummer",
    of=LONG,
    fields=_names(_Flat),
    shape=_Flat,
)
COMPANY: Final = Kind(
    register=_CVR,
    name="CVR_Virksomhed",
    by="CVRNummer",
    of=LONG,
    fields=_names(_Company),
    shape=_Company,
    is_registered=False,
)
NAME: Final = Kind(
    register=_CVR,
    name="CVR_Navn",
    by="CVREnhedsId",
    of=TEXT,
    fields=_names(_Name),
    shape=_Name,
    is_registered=False,
)
PLACE: Final = Kind(
    register=_CVR,
    name="CVR_Adressering",
    by="CVREnhedsId",
    of=TEXT,
    fields=_names(_Place),
    shape=_Place,
    is_registered=False,
)
UNIT: Final = Kind(
    register=_CVR,
    name="CVR_Produktionsenhed",
    by="tilknyttetVirksomhedsCVRNummer",
    of=LONG,
    fields=_names(_Unit),
    shape=_Unit,
    is_registered=False,
)


class Datafordeler:
    """`PropertyRegister` and `CompanyRegister`, and what an address lies on."""

    register: Final = Register.DATAFORDELER

    def __init__(self, graphql: GraphQl) -> None:
        self._graphql = graphql

    async def property(self, bfe: BfeNumber) -> Property | None:
        """An owner's flat has a number of its own and the parcels of the property it is part of.

        Raises:
            RegisterUnavailable: ask again later.
        """
        estate = await self._graphql.first(ESTATE_OF, bfe)
        if estate is not None:
            return await self._property(bfe, estate.id)
        flat = await self._graphql.first(FLAT_OF, bfe)
        return None if flat is None else await self._property(bfe, flat.estate)

    async def estate_at(self, house: str) -> Property | None:
        """The property that a house number (husnummer) lies on, by its id in DAR.

        Raises:
            RegisterUnavailable: ask again later.
        """
        there = await self._graphql.first(HOUSE, house)
        if there is None or there.piece is None:
            return None
        piece = await self._graphql.first(PIECE, there.piece)
        if piece is None or piece.estate is None:
            return None
        estate = await self._graphql.first(ESTATE, piece.estate)
        return None if estate is None else await self._property(BfeNumber(estate.bfe), estate.id)

    async def company(self, cvr: str) -> RegisteredCompany | None:
        company = await self._graphql.first(COMPANY, int(cvr))
        if company is None:
            return None
        name = await self._graphql.first(NAME, company.id)
        places = await self._graphql.find(PLACE, company.id)
        units = await self._graphql.find(UNIT, int(cvr))
        return RegisteredCompany(
            name="" if name is None else name.value,
            address=_lines(places),
            p_numbers=tuple(str(unit.number) for unit in units),
        )

    async def _property(self, bfe: BfeNumber, estate: str | None) -> Property:
        pieces = [] if estate is None else await self._graphql.find(PIECES_OF, estate)
        codes: dict[str, int] = {}
        for district in sorted({piece.district for piece in pieces}):
            found = await self._graphql.first(DISTRICT, district)
            if found is not None:
                codes[district] = found.code
        parcels = _parcels(pieces, codes)
        return Property(
            text=f"BFE {bfe}", bfe=bfe, parcels=parcels, address=None, municipality=None
        )


def _parcels(pieces: Sequence[_Piece], codes: Mapping[str, int]) -> tuple[Parcel, ...]:
    """Those that are well formed; one that is not is no reason to know nothing."""
    found = []
    for piece in pieces:
        if piece.district in codes:
            try:
                found.append(parcel(str(codes[piece.district]), piece.number))
            except FormatInvalid:
                continue
    return tuple(found)


def _lines(places: Sequence[_Place]) -> tuple[str, ...]:
    """The address it has its seat at, else the first there is."""
    seats = [each for each in places if each.use == SEAT] or list(places)
    if not seats:
        return ()
    seat = seats[0]
    lines = ((seat.road, seat.number), (seat.postcode, seat.town))
    written = (" ".join(str(part) for part in line if part is not None) for line in lines)
    return tuple(line for line in written if line)
