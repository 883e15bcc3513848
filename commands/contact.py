"""What a party may say of how it wants to be told of news."""

from dataclasses import dataclass
from typing import TypeAlias

from events.contact import ContactLanguage, Frequency
from events.ids import PartyId


@dataclass(frozen=True, slots=True, kw_only=True)
class SetContactPreferences:
    """As `events.contact.ContactPreferencesSet`."""

    party: PartyId
    email: str | None
    language: ContactLanguage
    frequency: Frequency


ContactCommand: TypeAlias = SetContactPreferences
