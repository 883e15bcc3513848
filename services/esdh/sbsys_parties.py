"""Persons, companies and users of SBSYS: found, or registered, before a case can name them."""

from typing import assert_never

from services.esdh.port import Company, EsdhParty, Person
from services.esdh.sbsys_calls import Exchange, Json
from services.esdh.sbsys_cases import path_of
from services.esdh.sbsys_outcomes import COMPANY_UNKNOWN, USER_UNKNOWN, Failed
from services.esdh.sbsys_shapes import (
    Bruger,
    Registered,
    read_parts,
    read_registered,
    read_registers,
    read_users,
)

ALREADY = frozenset({400, 409})


async def registered(exchange: Exchange, party: EsdhParty) -> Registered | None:
    """Of several registrations the oldest, so that everybody takes the same."""
    rows = await exchange.ask(read_registers, "POST", _search_path(party), _number(party))
    same = [row for row in rows if row.is_numbered(number_of(party))]
    return min(same, key=lambda row: row.id, default=None)


async def part_id(exchange: Exchange, party: EsdhParty) -> int:
    """SBSYS's own id of a party, who is registered there if need be.

    To register a person twice is no harm done, for one is found from then on; so it counts among
    the questions. A company cannot be registered by this interface.

    Raises:
        Failed: `esdh-party-unknown`, among others.
    """
    known = await registered(exchange, party)
    if known is not None:
        return known.id
    if isinstance(party, Company):
        raise Failed(COMPANY_UNKNOWN)
    try:
        # SBSYS fills in name and address from CPR within a day.
        return (await exchange.ask(read_registered, "POST", "person", _number(party))).id
    except Failed as failed:
        # Somebody else may have registered the person in this moment.
        if failed.status not in ALREADY:
            raise
        known = await registered(exchange, party)
        if known is None:
            raise
        return known.id


async def is_part(exchange: Exchange, esdh_id: str, party: EsdhParty) -> bool:
    rows = await exchange.ask(read_parts, "GET", path_of(esdh_id, "part"))
    return any(row.is_numbered(number_of(party)) for row in rows)


async def user_of(exchange: Exchange, logon: str) -> Bruger:
    """A user by log-on name; SBSYS also finds those that only have the name in theirs.

    Raises:
        Failed: `esdh-user-unknown`, among others.
    """
    rows = await exchange.ask(read_users, "POST", "bruger/search", {"LogonId": logon})
    for row in rows:
        if row.logon.casefold() == logon.casefold():
            return row
    raise Failed(USER_UNKNOWN)


def part(party: EsdhParty, registered_id: int) -> Json:
    """As `PrimaryPart` and `Parts` of a new case have it."""
    match party:
        case Person():
            return {"PartId": registered_id, "PartType": "Person"}
        case Company():
            return {"PartId": registered_id, "PartType": "Firma"}
        case _:
            assert_never(party)


def part_with_number(party: EsdhParty, registered_id: int) -> Json:
    """As a party is added to a case that exists."""
    named = {**part(party, registered_id), "Navn": party.name}
    match party:
        case Person():
            return named | {"CPRnummer": hyphenated(party.cpr)}
        case Company():
            return named | {"CVRnummer": party.cvr}
        case _:
            assert_never(party)


def number_of(party: EsdhParty) -> str:
    return party.cpr if isinstance(party, Person) else party.cvr


def hyphenated(cpr: str) -> str:
    return f"{cpr[:6]}-{cpr[6:]}"


def _search_path(party: EsdhParty) -> str:
    return "person/search" if isinstance(party, Person) else "firma/search"


def _number(party: EsdhParty) -> Json:
    match party:
        case Person():
            return {"CprNummer": hyphenated(party.cpr)}
        case Company():
            return {"CvrNummer": party.cvr}
        case _:
            assert_never(party)
