"""The demo's test persons by the names that its matters know them by."""

from collections.abc import Iterable

from services.identity import Person
from services.login.acting import KnownPersons
from services.login.pseudonyms import Pseudonyms


async def introduce(persons: Iterable[Person], pseudonyms: Pseudonyms, known: KnownPersons) -> None:
    """Have those with a CPR number known from the beginning, so that they find their own cases."""
    for person in persons:
        if person.cpr is not None:
            name = person.actor.removeprefix("person:")
            await known.introduce(pseudonyms.of("cpr", person.cpr), name)
