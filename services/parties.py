"""Who a party is, for authorities that must name it: the seam where the eID's numbers come in."""

import re
from collections.abc import Mapping
from typing import Final, Protocol

from events.ids import PartyId
from services.config import Config
from services.esdh.port import Company, EsdhParty, Person
from services.identity import demo_entries

_COMPANY: Final = re.compile(r"company:([0-9]{8})")


class Parties(Protocol):
    def known(self, party: PartyId) -> EsdhParty | None:
        """The party by its official number, None when we have none (somebody anonymous)."""
        ...


class NamedParties:
    """Parties from a table; a company's number is in its id."""

    def __init__(self, named: Mapping[PartyId, EsdhParty]) -> None:
        self._named = named

    def known(self, party: PartyId) -> EsdhParty | None:
        if party in self._named:
            return self._named[party]
        company = _COMPANY.fullmatch(party)
        return None if company is None else Company(cvr=company[1], name="")


def known_parties(config: Config) -> Parties:
    """In the demo its test persons; otherwise only companies, until an eID tells more."""
    if not config.demo:
        return NamedParties({})
    named: dict[PartyId, EsdhParty] = {}
    for entry in demo_entries(config.organisations):
        if entry.party is None:
            continue
        company = _COMPANY.fullmatch(entry.party)
        if company is not None:
            named[PartyId(entry.party)] = Company(cvr=company[1], name=entry.name)
        elif entry.cpr is not None:
            named[PartyId(entry.party)] = Person(cpr=entry.cpr, name=entry.name)
    return NamedParties(named)
