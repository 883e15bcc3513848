"""A register that this installation has no access to: it says so, and nothing waits for it."""

from collections.abc import Sequence
from typing import Final

from events.case_property import Register
from events.property import AddressId, BfeNumber, Property
from services.registers.ports import (
    RegisteredCompany,
    RegisteredPerson,
    Registers,
    RegisterUnavailable,
    Suggestion,
)

NOT_CONFIGURED: Final = "not-configured"


class AbsentRegister:
    """Stands for any of them. What would be asked of it is kept as it was typed."""

    def __init__(self, register: Register) -> None:
        self.register = register

    async def suggest(
        self, text: str, *, municipality: str | None, at_most: int
    ) -> Sequence[Suggestion]:
        del text, municipality, at_most
        raise RegisterUnavailable(NOT_CONFIGURED)

    async def address(self, address: AddressId) -> Property | None:
        del address
        raise RegisterUnavailable(NOT_CONFIGURED)

    async def property(self, bfe: BfeNumber) -> Property | None:
        del bfe
        raise RegisterUnavailable(NOT_CONFIGURED)

    async def person(self, cpr: str) -> RegisteredPerson | None:
        del cpr
        raise RegisterUnavailable(NOT_CONFIGURED)

    async def company(self, cvr: str) -> RegisteredCompany | None:
        del cvr
        raise RegisterUnavailable(NOT_CONFIGURED)


def absent_registers() -> Registers:
    absent = AbsentRegister(Register.DATAFORDELER)
    return Registers(
        addresses=AbsentRegister(Register.ADRESSEVAELGER),
        properties=absent,
        persons=absent,
        companies=absent,
    )
