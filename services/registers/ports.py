"""What we ask of the public registers, in our own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from events.case_property import Register
from events.property import AddressId, BfeNumber, Property


class RegisterUnavailable(Exception):
    """The register did not answer, or not in a way that can be read; ask again later.

    `reason` names no address, person or key.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """An address that may be meant; `text` is how the register writes it."""

    address: AddressId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredPerson:
    """`address` has one line each; `protected` is name and address protection (CPR-loven § 28)."""

    name: str
    address: tuple[str, ...]
    protected: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredCompany:
    """`p_numbers` are its production units, ten digits each."""

    name: str
    address: tuple[str, ...]
    p_numbers: tuple[str, ...]


class AddressLookup(Protocol):
    @property
    def register(self) -> Register: ...

    async def suggest(
        self, text: str, *, municipality: str | None, at_most: int
    ) -> Sequence[Suggestion]:
        """Addresses that what was typed may stand for, the best first.

        Raises:
            RegisterUnavailable: ask again later.
        """
        ...

    async def address(self, address: AddressId) -> Property | None:
        """The address with its parcel and BFE number, as far as they are known; None: no such.

        Raises:
            RegisterUnavailable: ask again later.
        """
        ...


class PropertyRegister(Protocol):
    @property
    def register(self) -> Register: ...

    async def property(self, bfe: BfeNumber) -> Property | None:
        """The property with its parcels; None when there is none of that number.

        Raises:
            RegisterUnavailable: ask again later.
        """
        ...


class PersonRegister(Protocol):
    async def person(self, cpr: str) -> RegisteredPerson | None:
        """Whose civil registration number that is; None when it is nobody's.

        Raises:
            RegisterUnavailable: ask again later.
        """
        ...


class CompanyRegister(Protocol):
    async def company(self, cvr: str) -> RegisteredCompany | None:
        """The company of that number; None when there is none.

        Raises:
            RegisterUnavailable: ask again later.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Registers:
    addresses: AddressLookup
    properties: PropertyRegister
    persons: PersonRegister
    companies: CompanyRegister
