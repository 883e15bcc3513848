"""What people and teams of an organisation are called where they are shown."""

from collections.abc import Iterable

from events.text import Text
from gateway.sentences import Names
from services.catalogue.organisation import Organisation
from services.identity import Actor


def names_in(organisation: Organisation, people: Iterable[Actor]) -> Names:
    persons = {str(person.id): Text(da=person.name, en=person.name) for person in people}
    return persons | {f"team:{team}": told.name for team, told in organisation.teams.items()}
