"""The rules of how a party wants to be told of news."""

from dataclasses import dataclass

from aggregates.decider import Decider
from commands.contact import ContactCommand
from events.contact import ContactEvent, ContactLanguage, ContactPreferencesSet, Frequency
from events.personal import FORGOTTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """Until a party has said anything, each piece of news is told, in Danish."""

    email: str | None = None
    language: ContactLanguage = ContactLanguage.DANISH
    frequency: Frequency = Frequency.EACH


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """`preferences` is None until the party has said anything."""

    preferences: Preferences | None = None


def decide(command: ContactCommand, contact: Contact) -> list[ContactEvent]:
    wanted = Preferences(
        email=command.email, language=command.language, frequency=command.frequency
    )
    if contact.preferences == wanted:
        return []
    return [
        ContactPreferencesSet(
            party=command.party,
            email=command.email,
            language=command.language,
            frequency=command.frequency,
        )
    ]


def evolve(contact: Contact, event: ContactEvent) -> Contact:
    del contact
    # Whoever was forgotten has no address that anything could be sent to.
    email = None if event.email == FORGOTTEN else event.email
    return Contact(
        preferences=Preferences(email=email, language=event.language, frequency=event.frequency)
    )


decider = Decider(initial=Contact(), decide=decide, evolve=evolve)
