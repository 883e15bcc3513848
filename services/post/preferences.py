"""What a party has said of how it wants to be told, as it stands in the log."""

from typing import cast

from aggregates import contact
from aggregates.contact import Preferences
from events.contact import ContactEvent
from events.ids import PartyId
from services.journal.ports import Facts
from services.streams import contact_stream


async def preferences_of(facts: Facts, party: PartyId) -> Preferences:
    """The default if it never has."""
    history = await facts.history(contact_stream(party))
    # The stream of a contact holds nothing but contact events.
    said = contact.decider.replay(cast("ContactEvent", fact.event) for fact in history)
    return said.preferences or Preferences()
