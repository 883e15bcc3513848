"""What people and teams of an organisation are called where they are shown."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Final, TypeAlias

import psycopg
import structlog
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from events.ids import ActorId, TeamId
from events.text import Text
from services.catalogue.organisation import Organisation
from services.database import Row
from services.identity import Actor
from services.people import Acquaintance, absent, told_since
from services.privacy.key_ring import KekMissing
from services.privacy.sealed import SealBroken

log = structlog.get_logger()

LEARN_SECONDS: Final = 2.0
"""So long, at most, is somebody who has logged in for the first time shown without a name."""

_PASSING: Final = (psycopg.OperationalError, SealBroken, KekMissing)
"""What keeps names from being learnt, and is no reason not to serve whoever has them."""

Pool: TypeAlias = AsyncConnectionPool[AsyncConnection[Row]]


class Register:
    """`people` are the colleagues and test persons who are known, `names` what everybody and
    every team is called; both grow as people log in, by whichever gateway. A colleague who has
    left is none of `people` any longer, and keeps their name.
    """

    def __init__(self, organisation: Organisation, people: Iterable[Actor]) -> None:
        self._organisation = organisation.id
        self._days = organisation.colleague_days
        self._until: datetime | None = None
        self.people: dict[ActorId, Actor] = {person.id: person for person in people}
        self.names: dict[str, Text] = {
            **{str(person.id): _called(person.name) for person in self.people.values()},
            **dict(map(_company, filter(_acts_for_one, self.people.values()))),
            **{f"team:{team}": told.name for team, told in organisation.teams.items()},
        }

    async def catch_up(self, pool: Pool) -> None:
        """Learn of those who have logged in since, or ever."""
        async with pool.connection() as db:
            told, until = await told_since(db, self._until)
            # Asked afterwards: whoever came back meanwhile is told of once more the next time.
            gone = await absent(db, self._days)
        self._until = until
        for who in told:
            self.learn(who)
        for person in gone:
            self.people.pop(ActorId(person), None)

    def learn(self, who: Acquaintance) -> None:
        if who.name:
            self.names[who.person] = _called(who.name)
        if who.roles:
            self.people[ActorId(who.person)] = Actor(
                id=ActorId(who.person),
                roles=frozenset(who.roles),
                organisation=self._organisation,
                teams=frozenset(map(TeamId, who.teams)),
                party=None,
                on_behalf_of=None,
                name=who.name,
            )


@asynccontextmanager
async def learning(register: Register, pool: Pool) -> AsyncIterator[None]:
    """The register knows all there are, and learns of more for as long as the block lasts."""
    await _catch_up(register, pool)
    following = asyncio.create_task(_follow(register, pool), name="people")
    try:
        yield
    finally:
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following


async def _follow(register: Register, pool: Pool) -> None:
    while True:
        await asyncio.sleep(LEARN_SECONDS)
        await _catch_up(register, pool)


async def _catch_up(register: Register, pool: Pool) -> None:
    try:
        await register.catch_up(pool)
    except _PASSING as error:
        log.warning("people_not_learnt", error=type(error).__name__)


def _acts_for_one(person: Actor) -> bool:
    return person.on_behalf_of is not None


def _company(person: Actor) -> tuple[str, Text]:
    """A test person's, which is told with their own name; others' are learnt as they log in."""
    own, _, company = person.name.partition(", ")
    return str(person.on_behalf_of), _called(company or own)


def _called(name: str) -> Text:
    return Text(da=name, en=name)
