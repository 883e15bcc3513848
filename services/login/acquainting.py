"""What a login tells of whoever comes, for those who must know them by name and number later."""

from collections.abc import Iterator
from typing import Protocol, assert_never

from events.ids import ActorId
from services.identity import Actor
from services.login.person import Citizen, Employee, Person, Representative
from services.people import Acquaintance


class Acquaintances(Protocol):
    async def note(self, who: Acquaintance) -> None:
        """Keep it, in the place of what was told before."""
        ...

    async def leave(self, staff: ActorId) -> None:
        """Somebody is no colleague any longer, until they log in again."""
        ...


def told_by(person: Person, actor: Actor) -> Iterator[Acquaintance]:
    """Whom a login tells of; nothing of those of whom it tells neither name nor number."""
    match person:
        case Employee():
            yield Acquaintance(
                person=actor.id,
                name=person.name,
                roles=tuple(sorted(person.roles)),
                teams=tuple(sorted(person.teams)),
            )
        case Citizen():
            yield Acquaintance(person=actor.id, name=person.name, cpr=person.cpr)
        case Representative():
            if person.name or person.cpr is not None:
                yield Acquaintance(person=actor.id, name=person.name, cpr=person.cpr)
            if person.company:
                yield Acquaintance(person=f"company:{person.cvr}", name=person.company)
        case _:
            assert_never(person)
