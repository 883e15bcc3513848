"""As whom somebody acts here once they have logged in."""

import re
from typing import Final, Protocol, assert_never

from events.ids import ActorId, PartyId
from services.identity import Actor, Role
from services.login.person import Citizen, Employee, Person, Representative

_KNOWN: Final = re.compile(r"[A-Za-z0-9._-]{1,90}", re.ASCII)


class KnownPersons(Protocol):
    """Under which name each person is known here: the same for life, whichever key is current."""

    async def name_of(self, pseudonyms: tuple[str, ...]) -> str:
        """The name of whoever is called so; of somebody new it is the first of the pseudonyms."""
        ...

    async def introduce(self, pseudonyms: tuple[str, ...], name: str) -> None:
        """Have somebody known by a name from the beginning; who is known already keeps theirs."""
        ...


async def actor_of(person: Person, organisation: str, known: KnownPersons) -> Actor:
    match person:
        case Employee():
            return Actor(
                id=person.id,
                roles=person.roles,
                organisation=organisation,
                teams=person.teams,
                party=None,
                on_behalf_of=None,
                name=person.name,
            )
        case Citizen():
            name = await _name(person.pseudonyms, known)
            return _party(name, Role.CITIZEN, PartyId(name), None, person.name)
        case Representative():
            name = await _name(person.pseudonyms, known)
            company = PartyId(f"company:{person.cvr}")
            shown = ", ".join(each for each in (person.name, person.company) if each)
            return _party(name, Role.COMPANY_REPRESENTATIVE, company, company, shown)
        case _:
            assert_never(person)


def _party(name: str, role: Role, party: PartyId, acts_for: PartyId | None, shown: str) -> Actor:
    return Actor(
        id=ActorId(name),
        roles=frozenset({role}),
        organisation=None,
        teams=frozenset(),
        party=party,
        on_behalf_of=acts_for,
        name=shown,
    )


async def _name(pseudonyms: tuple[str, ...], known: KnownPersons) -> str:
    name = await known.name_of(pseudonyms)
    if _KNOWN.fullmatch(name) is None:
        raise ValueError("A person is known here by a name that no id may hold.")
    return f"person:{name}"
