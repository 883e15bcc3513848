"""Who is asking: the seam where logins come in, and the demo's own test persons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated, Final, Protocol

import yaml
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, JoseError
from joserfc.jwk import OctKey
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from events.ids import ActorId, CaseId, PartyId, TeamId, anonymous_party
from services.catalogue.service import LoginLevel
from services.config import Config
from services.key_file import key_in
from services.ports import Clock

AUDIENCE: Final = "julelys-demo"
ALGORITHM: Final = "HS256"
VALID_FOR_SECONDS: Final = 30 * 24 * 60 * 60
REMEMBERED_AT_MOST: Final = 4_096


class Role(StrEnum):
    CITIZEN = "citizen"
    COMPANY_REPRESENTATIVE = "company-representative"
    CASEWORKER = "caseworker"
    TEAM_LEADER = "team-leader"
    COMMITTEE_MEMBER = "committee-member"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Someone who has logged in, or `nobody_known`.

    `party` is whose matters are theirs, for citizens and companies; `on_behalf_of` is the company
    a representative acts for. Staff belong to one `organisation` and have no party.
    """

    id: ActorId
    roles: frozenset[Role]
    organisation: str | None
    teams: frozenset[TeamId]
    party: PartyId | None
    on_behalf_of: PartyId | None
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """How surely somebody has shown who they are, and when they last did (None: nobody told)."""

    level: LoginLevel
    authenticated_at: datetime | None


def nobody_known(opening: CaseId) -> Actor:
    """Somebody who has not logged in, and of whom nothing is known but the case they open."""
    party = anonymous_party(opening)
    return Actor(
        id=ActorId(party),
        roles=frozenset(),
        organisation=None,
        teams=frozenset(),
        party=party,
        on_behalf_of=None,
        name="",
    )


class LoginFailed(Exception):
    """`code` is `token-invalid`, `token-expired` or `login-unavailable`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Identity(Protocol):
    async def actor(self, bearer: str) -> Actor:
        """Whom a bearer token stands for.

        Raises:
            LoginFailed: it stands for nobody, or not any longer.
        """
        ...

    def login(self) -> Login: ...


class DemoContact(BaseModel):
    """How a test person can be reached; `address` are the lines of an envelope."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")] | None = None
    exempt: bool = False
    address: tuple[str, ...] = ()
    protected: bool = False


class Person(BaseModel):
    """One entry of `demo-persons.yaml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    key: str
    name: str
    actor: str
    party: str | None = None
    cpr: Annotated[str, Field(pattern=r"^[0-9]{10}$")] | None = None
    organisation: str | None = None
    roles: tuple[Role, ...]
    teams: tuple[str, ...] = ()
    contact: DemoContact | None = None

    def as_actor(self) -> Actor:
        party = None if self.party is None else PartyId(self.party)
        acts_for_another = Role.COMPANY_REPRESENTATIVE in self.roles
        return Actor(
            id=ActorId(self.actor),
            roles=frozenset(self.roles),
            organisation=self.organisation,
            teams=frozenset(TeamId(team) for team in self.teams),
            party=party,
            on_behalf_of=party if acts_for_another else None,
            name=self.name,
        )


class NoIdentity:
    """Outside the demo: people come by a browser's session, and no token is one."""

    async def actor(self, bearer: str) -> Actor:
        del bearer
        raise LoginFailed("login-unavailable")

    def login(self) -> Login:
        raise LoginFailed("login-unavailable")


class DemoIdentity:
    """Tokens for named test persons, signed with a key of this installation's own.

    JWT (RFC 7519) with HMAC-SHA-256 and no other algorithm, so that a token cannot choose how it
    is checked.
    """

    def __init__(
        self,
        persons: Mapping[str, Actor],
        key: bytes,
        clock: Clock,
        *,
        read_again: Callable[[], Mapping[str, Actor]] | None = None,
    ) -> None:
        self.persons = persons
        self._read_again = read_again
        self._key = OctKey.import_key(key)
        self._clock = clock
        self._remembered: dict[str, tuple[str, int]] = {}

    def token(self, person: str) -> str:
        """A token for 30 days.

        Raises:
            KeyError: no such test person.
        """
        issued = int(self._clock.now().timestamp())
        claims = {"sub": person, "aud": AUDIENCE, "iat": issued, "exp": issued + VALID_FOR_SECONDS}
        claims["name"] = self.persons[person].name
        return jwt.encode({"alg": ALGORITHM}, claims, self._key, [ALGORITHM])

    def login(self) -> Login:
        """As after a login just now, of the level that most matters want."""
        return Login(level=LoginLevel.SUBSTANTIAL, authenticated_at=self._clock.now())

    async def actor(self, bearer: str) -> Actor:
        # A signature once found good stays good; only time can end it.
        person, expires = self._remembered.get(bearer) or self._check(bearer)
        if expires <= self._clock.now().timestamp():
            self._remembered.pop(bearer, None)
            raise LoginFailed("token-expired")
        return self.persons[person]

    def _check(self, bearer: str) -> tuple[str, int]:
        registry = jwt.JWTClaimsRegistry(
            now=int(self._clock.now().timestamp()),
            aud={"essential": True, "value": AUDIENCE},
            sub={"essential": True},
            exp={"essential": True},
        )
        try:
            token = jwt.decode(bearer, self._key, algorithms=[ALGORITHM])
            registry.validate(token.claims)
        except ExpiredTokenError as expired:
            raise LoginFailed("token-expired") from expired
        except (JoseError, ValueError) as invalid:
            raise LoginFailed("token-invalid") from invalid
        person, expires = token.claims["sub"], token.claims["exp"]
        if person not in self.persons and self._read_again is not None:
            # Of an organisation that was added since: whoever signed the token knows them.
            self.persons = self._read_again()
        if person not in self.persons:
            raise LoginFailed("token-invalid")
        if len(self._remembered) >= REMEMBERED_AT_MOST:
            self._remembered.clear()
        self._remembered[bearer] = (person, int(expires))
        return person, int(expires)


def demo_persons(folder: Path) -> dict[str, Actor]:
    """The test persons of `demo-persons.yaml`, by key."""
    return {person.key: person.as_actor() for person in demo_entries(folder)}


def demo_entries(folder: Path) -> list[Person]:
    """`demo-persons.yaml` as it is written."""
    raw = yaml.safe_load((folder / "demo-persons.yaml").read_text(encoding="utf-8"))
    return TypeAdapter(list[Person]).validate_python(raw)


def known_people(config: Config) -> dict[ActorId, Actor]:
    """Those who are known before they have logged in: in the demo its test persons."""
    persons = demo_persons(config.organisations).values() if config.demo else ()
    return {person.id: person for person in persons}


def demo_identity(config: Config, clock: Clock) -> DemoIdentity:
    """The demo's own issuer.

    Raises:
        LoginFailed: `login-unavailable`, because this is not a demo.
    """
    if not config.demo:
        raise LoginFailed("login-unavailable")
    read = partial(demo_persons, config.organisations)
    return DemoIdentity(read(), key_in(config.data / "demo-token.key"), clock, read_again=read)


def open_identity(config: Config, clock: Clock) -> Identity:
    return demo_identity(config, clock) if config.demo else NoIdentity()
