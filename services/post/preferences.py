"""What a party has said of how it wants to be told, as it stands in the log."""

from dataclasses import dataclass
from typing import cast

from aggregates import contact
from aggregates.contact import Preferences
from events.contact import ContactEvent, ContactLanguage, Frequency
from events.ids import PartyId
from services.journal.ports import Facts
from services.ports import EventStore
from services.streams import contact_stream


async def preferences_of(facts: Facts, party: PartyId) -> Preferences:
    """The default if it never has."""
    history = await facts.history(contact_stream(party))
    # The stream of a contact holds nothing but contact events.
    said = contact.decider.replay(cast("ContactEvent", fact.event) for fact in history)
    return said.preferences or Preferences()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`version` counts how often a party has said anything."""

    email: str | None
    language: ContactLanguage
    frequency: Frequency
    version: int


def preferences_now(store: EventStore, party: PartyId) -> Said:
    """The same with its version, for whoever would change it; keep it off an event loop."""
    found = store.read(contact_stream(party))
    contact_of = contact.decider.replay(cast("ContactEvent", event) for event in found.events)
    said = contact_of.preferences or Preferences()
    return Said(
        email=said.email,
        language=said.language,
        frequency=said.frequency,
        version=found.version,
    )
