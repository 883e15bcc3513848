"""How a party wants to be told of news, said by the party itself. A stream for each party."""

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from events.ids import PartyId
from events.personal import PersonalText


class Frequency(StrEnum):
    """How often courtesy e-mails come. Whatever has legal effect comes all the same."""

    EACH = "each"
    DAILY = "daily"
    NONE = "none"


class ContactLanguage(StrEnum):
    DANISH = "da"
    ENGLISH = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class ContactPreferencesSet:
    """`email` is None for the address that the authority has already, if it has any."""

    party: PartyId
    email: PersonalText | None
    language: ContactLanguage
    frequency: Frequency


ContactEvent: TypeAlias = ContactPreferencesSet
