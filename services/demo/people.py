"""The test persons of the demo's matters, as `demo-persons.yaml` has them."""

from dataclasses import dataclass
from typing import Final

from events.ids import ActorId, CaseId, PartyId, anonymous_party
from services.demo.ids import COMPANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Somebody:
    """A test person or company, as whose `party` they are and as who they log in."""

    party: PartyId
    actor: ActorId


ANNA: Final = Somebody(party=PartyId("person:anna"), actor=ActorId("person:anna"))
BO: Final = Somebody(party=PartyId("person:bo"), actor=ActorId("person:bo"))
TOVE: Final = Somebody(party=COMPANY, actor=ActorId("person:tomrer"))
KAREN: Final = ActorId("staff:karen")


def anonymous(opening: CaseId) -> Somebody:
    """Who has not logged in, and is nobody but the party of that case."""
    party = anonymous_party(opening)
    return Somebody(party=party, actor=ActorId(party))
