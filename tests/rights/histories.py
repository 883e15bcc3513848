"""Random histories: the real rules beside the model, asked the same after each step."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from random import Random
from typing import Final
from uuid import UUID

from aggregates.case import Case, decider
from commands.case import CaseCommand
from commands.case_assignment import TransferCase
from commands.case_party import (
    AppointRepresentative,
    DeclineRepresentative,
    EndRepresentation,
    JoinParty,
    ProposeRepresentative,
    RecordProtection,
    RemoveParty,
)
from commands.refusal import Refused
from events.case import CaseEvent, CaseOpened
from events.case_assignment import CaseTransferred
from events.case_party import (
    Basis,
    PartyJoined,
    PartyLeft,
    PartyRole,
    ProtectionRecorded,
    RepresentationEnded,
    RepresentativeAppointed,
)
from events.ids import ActorId, CaseId, PartyId, TeamId
from services.authorisation import Action, Resource, may
from services.case_parties import Parties, parties_after
from services.identity import Actor, Role
from services.opened_cases import OpenedCase, as_opened, read_on
from services.sight import sight_of
from services.standing import towards
from tests.examples import open_response_case
from tests.rights.model import DEEDS, HOUR, Matter, Person, allows, names

ORGANISATIONS: Final = ("hjorring", "vejle")
TEAMS: Final = ("byggeri", "vej")
"""Of the same names in both, so that a team's name alone opens nothing."""
PARTIES: Final = ("person:anna", "person:bo", "person:cleo", "person:dan", "company:1")
STAFF: Final = ("staff:karen", "staff:lis", "staff:erik", "staff:vera", "staff:rikke")
ROLES: Final = ("caseworker", "team-leader", "auditor", "committee-member", "administrator")
STEPS: Final = 12
QUESTIONS: Final = 4
_DAY: Final = date(2026, 12, 24)
_BASIS: Final = Basis.GUARDIANSHIP


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What is asked beside the model; a test puts something wrong in the place of one."""

    may: Callable[[Actor | None, Action, Resource], bool] = may
    parties_after: Callable[[Parties, Sequence[CaseEvent]], Parties] = parties_after
    read_on: Callable[[OpenedCase, Sequence[CaseEvent]], OpenedCase] = read_on
    is_shown: Callable[[Parties, PartyId, PartyId], bool] = lambda parties, who, other: (
        not sight_of(who, parties).hides(other)
    )


@dataclass(slots=True)
class Real:
    """A case as the system has it."""

    case_id: CaseId
    state: Case
    opened: OpenedCase
    parties: Parties
    history: list[CaseEvent]


@dataclass(slots=True)
class History:
    """`wrong` is what the two do not agree on."""

    seed: int
    rules: Rules = field(default_factory=Rules)
    wrong: list[str] = field(default_factory=list)
    questions: int = 0
    allowed: int = 0
    now: int = 0

    def play(self) -> None:
        chance = Random(self.seed)
        people = [*(Person(name=each, party=each) for each in PARTIES)]
        people += [_employed(Person(name=each), chance) for each in STAFF]
        matters = [
            Matter(authority=name, team=chance.choice(TEAMS), owner=chance.choice(PARTIES))
            for name in ORGANISATIONS
        ]
        reals = [self._opened(matter, number) for number, matter in enumerate(matters)]
        for _ in range(STEPS):
            number = chance.randrange(len(matters))
            self._step(chance, people, matters[number], reals[number])
            for _ in range(QUESTIONS):
                about = chance.randrange(len(matters))
                self._ask(chance, people, matters[about], reals[about])
        for real in reals:
            if self.rules.parties_after(Parties(), real.history) != real.parties:
                self.wrong.append("the parties replayed are others")

    def _opened(self, matter: Matter, number: int) -> Real:
        case_id = CaseId(UUID(int=number + 1))
        command = replace(
            open_response_case,
            case_id=case_id,
            party=PartyId(matter.owner),
            team=TeamId(matter.team),
        )
        decided = decider.decide(command, decider.initial)
        opening = decided[0]
        assert isinstance(opening, CaseOpened)
        opened = self.rules.read_on(as_opened(opening), decided[1:])
        return Real(
            case_id=case_id,
            state=_evolved(decider.initial, decided),
            opened=opened,
            parties=self.rules.parties_after(Parties(), decided),
            history=[*decided],
        )

    def _step(self, chance: Random, people: Sequence[Person], matter: Matter, real: Real) -> None:
        staff = [person for person in people if person.party is None]
        match chance.randrange(8):
            case 0:
                _employed(chance.choice(staff), chance)
            case 1:
                matter.reasons[chance.choice(staff).name] = self.now + HOUR
            case 2:
                self.now += chance.choice((1, HOUR - 1, HOUR))
            case _:
                command = _command(chance, real)
                try:
                    decided = decider.decide(command, real.state)
                except Refused:
                    return
                real.state = _evolved(real.state, decided)
                real.opened = self.rules.read_on(real.opened, decided)
                real.parties = self.rules.parties_after(real.parties, decided)
                real.history += decided
                for event in decided:
                    _happened(event, matter)

    def _ask(self, chance: Random, people: Sequence[Person], matter: Matter, real: Real) -> None:
        self.questions += 1
        person = chance.choice([*people, None])
        deed = chance.choice(DEEDS)
        expected = allows(matter, person, deed, self.now)
        self.allowed += expected
        actor = None if person is None else _actor(person)
        about = Resource(organisation=matter.authority, team=real.opened.team)
        if actor is not None and person is not None:
            about = replace(
                towards(actor, matter.authority, real.opened, real.parties),
                has_reason=matter.reasons.get(person.name, 0) > self.now,
            )
        if self.rules.may(actor, Action(deed), about) != expected:
            self.wrong.append(f"{person} {deed} {matter}: {not expected}, not {expected}")
        if person is not None and person.party is not None:
            other = chance.choice(PARTIES)
            shown = self.rules.is_shown(real.parties, PartyId(person.party), PartyId(other))
            if shown != names(matter, person, other):
                self.wrong.append(f"{person} is shown {other} of {matter}: {shown}")


def _employed(person: Person, chance: Random) -> Person:
    """Somewhere, as something, in some teams; perhaps not as before."""
    person.employer = chance.choice(ORGANISATIONS)
    person.roles = set(chance.sample(ROLES, chance.randrange(1, 3)))
    person.teams = set(chance.sample(TEAMS, chance.randrange(3)))
    return person


def _actor(person: Person) -> Actor:
    party = None if person.party is None else PartyId(person.party)
    is_company = party is not None and party.startswith("company:")
    own = {Role.COMPANY_REPRESENTATIVE if is_company else Role.CITIZEN}
    return Actor(
        id=ActorId(person.name),
        roles=frozenset(own if party is not None else map(Role, person.roles)),
        organisation=person.employer,
        teams=frozenset(map(TeamId, person.teams)),
        party=party,
        on_behalf_of=party if is_company else None,
        name=person.name,
    )


def _command(chance: Random, real: Real) -> CaseCommand:  # noqa: PLR0911 - one for each
    case = real.case_id
    party, other = _pair(chance, real.parties)
    protected = chance.random() < 0.5
    match chance.randrange(9):
        case 0 | 1:
            role = chance.choice(list(PartyRole))
            return JoinParty(
                case_id=case,
                party=party,
                role=role,
                protected=protected,
                first_protected=chance.random() < 0.5,
            )
        case 2:
            return RemoveParty(case_id=case, party=party, removed_on=_DAY)
        case 3:
            return RecordProtection(case_id=case, party=party, protected=protected)
        case 4:
            return ProposeRepresentative(
                case_id=case, party=party, representative=other, basis=_BASIS, document=None
            )
        case 5 | 6:
            return AppointRepresentative(
                case_id=case,
                party=party,
                representative=other,
                basis=_BASIS,
                document=None,
                protected=protected,
            )
        case 7:
            if chance.random() < 0.5:
                return EndRepresentation(case_id=case, party=party, representative=other)
            return DeclineRepresentative(
                case_id=case, party=party, representative=other, reason="Fuldmagten mangler."
            )
        case _:
            team = real.opened.team
            to_team = TeamId(chance.choice([each for each in TEAMS if each != team]))
            return TransferCase(case_id=case, team=team, to_team=to_team, reason="Deres felt.")


def _pair(chance: Random, parties: Parties) -> tuple[PartyId, PartyId]:
    """Two of all there are; mostly such as have something to do with the case and each other."""
    party, other = (PartyId(each) for each in chance.choices(PARTIES, k=2))
    if parties.representations and chance.random() < 0.4:
        known = chance.choice(parties.representations)
        return known.party, known.representative
    return (chance.choice(parties.in_order) if chance.random() < 0.5 else party), other


def _happened(event: CaseEvent, matter: Matter) -> None:
    """What the model is told, in the words of what happened."""
    match event:
        case PartyJoined():
            matter.joined.add(event.party)
            _told(matter, event.party, protected=event.protected)
        case PartyLeft():
            matter.joined.discard(event.party)
        case ProtectionRecorded():
            _told(matter, event.party, protected=event.protected)
        case RepresentativeAppointed():
            matter.entrusted.add((event.party, event.representative))
            _told(matter, event.representative, protected=event.protected)
        case RepresentationEnded():
            matter.entrusted.discard((event.party, event.representative))
        case CaseTransferred():
            matter.team = event.to_team
        case _:
            pass


def _told(matter: Matter, party: str, *, protected: bool) -> None:
    if protected:
        matter.unprotected.discard(party)
    else:
        matter.unprotected.add(party)


def _evolved(case: Case, decided: Sequence[CaseEvent]) -> Case:
    for event in decided:
        case = decider.evolve(case, event)
    return case
