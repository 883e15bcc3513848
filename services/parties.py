"""Who a party is, for authorities that must name it: the seam where the eID's numbers come in."""

import re
from collections.abc import Callable, Mapping
from typing import Final, Protocol

from events.ids import ActorId, PartyId
from services.config import Config
from services.esdh.port import Company, EsdhParty, Person
from services.identity import demo_entries, known_people
from services.people import Acquaintance

_COMPANY: Final = re.compile(r"company:([0-9]{8})")


class People(Protocol):
    def one(self, person: str) -> Acquaintance | None:
        """As `services.people.People.one`."""
        ...


class Parties(Protocol):
    def known(self, party: PartyId) -> EsdhParty | None:
        """The party by its official number, None when we have none (somebody anonymous).

        Raises:
            StoreUnavailable: nobody can say at the moment.
        """
        ...


class KnownParties:
    """Parties from a table, and those who have logged in; a company's number is in its id."""

    def __init__(self, named: Mapping[PartyId, EsdhParty], people: People) -> None:
        self._named = named
        self._people = people

    def known(self, party: PartyId) -> EsdhParty | None:
        if party in self._named:
            return self._named[party]
        told = self._people.one(party)
        company = _COMPANY.fullmatch(party)
        if company is not None:
            return Company(cvr=company[1], name="" if told is None else told.name)
        if told is None or told.cpr is None:
            return None
        return Person(cpr=told.cpr, name=told.name)


def known_parties(config: Config, people: People) -> Parties:
    """Those who have logged in, and in the demo its test persons."""
    return KnownParties(_of_demo(config) if config.demo else {}, people)


def known_colleagues(config: Config, people: People) -> Callable[[ActorId], str | None]:
    """What a colleague is called who has ever logged in, and in the demo its test persons."""
    named = {person.id: person.name for person in known_people(config).values()}

    def called(colleague: ActorId) -> str | None:
        told = people.one(colleague)
        return named.get(colleague) if told is None else told.name or None

    return called


def _of_demo(config: Config) -> Mapping[PartyId, EsdhParty]:
    named: dict[PartyId, EsdhParty] = {}
    for entry in demo_entries(config.organisations):
        if entry.party is None:
            continue
        company = _COMPANY.fullmatch(entry.party)
        if company is not None:
            # A test person who acts for a company is told with their own name before its.
            name = entry.name.rpartition(", ")[2]
            named[PartyId(entry.party)] = Company(cvr=company[1], name=name)
        elif entry.cpr is not None:
            named[PartyId(entry.party)] = Person(cpr=entry.cpr, name=entry.name)
    return named
