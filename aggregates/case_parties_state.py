"""Who the parties of a case are, who acts for them, and of whom it is known they may be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import assert_never

from events.case_party import (
    Basis,
    PartyEvent,
    PartyJoined,
    PartyLeft,
    PartyRole,
    ProtectionRecorded,
    RepresentationEnded,
    RepresentativeAppointed,
    RepresentativeDeclined,
    RepresentativeProposed,
)
from events.ids import DocumentId, PartyId

NOBODY = PartyId("")  # the party of a case that nobody has opened


@dataclass(frozen=True, slots=True, kw_only=True)
class Representation:
    """`is_appointed` when a caseworker has confirmed it, and not while it is only proposed."""

    party: PartyId
    representative: PartyId
    basis: Basis
    document: DocumentId | None
    is_appointed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """`first` is the one whose matter it is; `roles` are those who joined.

    Who is not in `shown` is protected, or nobody has said that they are not: the two are treated
    alike, so that what is not known yet is not shown.
    """

    first: PartyId = NOBODY
    roles: Mapping[PartyId, PartyRole] = field(default_factory=dict)
    shown: frozenset[PartyId] = frozenset()
    representations: tuple[Representation, ...] = ()
    papers: Mapping[DocumentId, PartyId] = field(default_factory=dict)
    """Every power of attorney there has been, and whose it is."""
    redacted: frozenset[DocumentId] = frozenset()
    """Documents that a redacted copy stands in for, where they were not sent by oneself."""
    ever_named: frozenset[PartyId] = frozenset()
    """Everybody who has been named as a representative, whatever became of it."""

    @property
    def in_order(self) -> tuple[PartyId, ...]:
        """Every party, first the one whose matter it is."""
        return (self.first, *self.roles)

    @property
    def applicants(self) -> frozenset[PartyId]:
        """Who asked for what the case is about; the others are parties for what it does to them."""
        joined = (who for who, role in self.roles.items() if role is PartyRole.CO_APPLICANT)
        return frozenset((self.first, *joined))

    def has(self, party: PartyId) -> bool:
        return party != NOBODY and (party == self.first or party in self.roles)

    def represented_by(self, representative: PartyId) -> tuple[PartyId, ...]:
        """For whom somebody acts, whoever it was confirmed for first is first."""
        return tuple(
            each.party
            for each in self.representations
            if each.is_appointed and each.representative == representative
        )

    def between(self, party: PartyId, representative: PartyId) -> Representation | None:
        for each in self.representations:
            if (each.party, each.representative) == (party, representative):
                return each
        return None

    def everybody(self) -> frozenset[PartyId]:
        acting = (each.representative for each in self.representations)
        return frozenset((self.first, *self.roles, *acting))


def evolve(parties: Parties, event: PartyEvent) -> Parties:
    match event:
        case PartyJoined():
            joined = replace(parties, roles={**parties.roles, event.party: event.role})
            return _knowing(joined, event.party, protected=event.protected)
        case PartyLeft():
            rest = {party: role for party, role in parties.roles.items() if party != event.party}
            return replace(parties, roles=rest)
        case ProtectionRecorded():
            return _knowing(parties, event.party, protected=event.protected)
        case RepresentativeProposed():
            return _acting(parties, event)
        case RepresentativeAppointed():
            appointed = _acting(parties, event)
            return _knowing(appointed, event.representative, protected=event.protected)
        case RepresentativeDeclined() | RepresentationEnded():
            others = _others(parties, event.party, event.representative)
            return replace(parties, representations=others)
        case _:
            assert_never(event)


def _acting(parties: Parties, event: RepresentativeProposed | RepresentativeAppointed) -> Parties:
    representation = Representation(
        party=event.party,
        representative=event.representative,
        basis=event.basis,
        document=event.document,
        is_appointed=isinstance(event, RepresentativeAppointed),
    )
    papers = dict(parties.papers)
    if event.document is not None:
        papers[event.document] = event.party
    others = _others(parties, event.party, event.representative)
    return replace(
        parties,
        representations=(*others, representation),
        papers=papers,
        ever_named=parties.ever_named | {event.representative},
    )


def _others(
    parties: Parties, party: PartyId, representative: PartyId
) -> tuple[Representation, ...]:
    return tuple(
        each
        for each in parties.representations
        if (each.party, each.representative) != (party, representative)
    )


def _knowing(parties: Parties, party: PartyId, *, protected: bool) -> Parties:
    if protected:
        return replace(parties, shown=parties.shown - {party})
    return replace(parties, shown=parties.shown | {party})
