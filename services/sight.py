"""What one side of a case may be shown of the others: the one rule that every view goes by."""

from dataclasses import dataclass

from events.ids import DocumentId, PartyId
from services.case_parties import Parties


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """`own` are the one who looks and those whom they act for; `first` is whose matter it is.

    Who is neither one's own nor in `shown` is hidden: name and address, and everything that they
    have written, sent or answered, for no machine can tell that an address is not in it. `papers`
    are the powers of attorney of others, which are theirs and the authority's alone; `redacted`
    are documents that only their sender gets, and all others a copy with something left out;
    `representatives` are all who have been named as one.
    """

    own: frozenset[PartyId]
    first: PartyId
    shown: frozenset[PartyId]
    papers: frozenset[DocumentId]
    redacted: frozenset[DocumentId]
    representatives: frozenset[PartyId]

    def hides(self, party: PartyId) -> bool:
        return party not in self.own and party not in self.shown

    @property
    def hides_first(self) -> bool:
        return self.hides(self.first)

    @property
    def is_first(self) -> bool:
        return self.first in self.own


def sight_of(party: PartyId, parties: Parties) -> Sight:
    """What a party, or whoever acts for one, sees. That they may look at all is decided before."""
    own = frozenset((party, *parties.represented_by(party)))
    return Sight(
        own=own,
        first=parties.first,
        shown=parties.shown,
        representatives=parties.ever_named,
        redacted=parties.redacted,
        papers=frozenset(paper for paper, whose in parties.papers.items() if whose not in own),
    )
