"""What one side of a case may be shown of the others: the one rule that every view goes by."""

from collections.abc import Iterable
from dataclasses import dataclass

from events.envelope import Recorded
from events.ids import DocumentId, PartyId
from services.case_parties import Parties
from services.journal.papers import brought


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


def withheld_documents(history: Iterable[Recorded], sight: Sight) -> frozenset[DocumentId]:
    """Documents that must not reach whoever has that sight, by whatever way.

    What another party has answered when it was heard may reach them, as what they are heard about:
    that is the authority's to say. What a hidden party has sent may not, for it may give them away.
    """
    hidden: set[DocumentId] = set()
    for fact in history:
        documents = {each.document_id for each in brought(fact.event)}
        actor, represented = PartyId(fact.envelope.actor), fact.envelope.on_behalf_of
        is_of_staff = represented is None and actor.startswith(("staff:", "system:"))
        origin = None if is_of_staff else represented or actor
        if origin in sight.own:
            continue
        by_hidden = actor in sight.representatives and sight.hides(actor)
        if origin is not None and (sight.hides(origin) or by_hidden):
            hidden |= documents
        elif origin is not None or not sight.is_first:
            hidden |= documents & (sight.papers | sight.redacted)
        else:
            hidden |= documents & sight.papers
    return frozenset(hidden)
