"""What is answered about the parties of a case, to whom."""

from uuid import UUID

from events.ids import ActorId, PartyId
from gateway.language import Language
from gateway.sentences import Names, name_of
from gateway.shapes import Shape
from gateway.withholding import HIDDEN
from services.case_parties import Parties
from services.sight import Sight


class RepresentativeShape(Shape):
    """`state` is proposed, or appointed when a caseworker has confirmed it.

    `document` is the power of attorney, for staff and the party itself.
    """

    representative: str
    name: str
    basis: str
    document: UUID | None
    state: str


class PartyShape(Shape):
    """`role` is null for the one whose matter it is; `protected` for all but staff.

    Who is hidden is `hidden:party`, without a name.
    """

    party: str
    name: str
    role: str | None
    protected: bool | None
    representatives: list[RepresentativeShape]


class PartiesShape(Shape):
    parties: list[PartyShape]


def parties_shape(
    parties: Parties, sight: Sight | None, names: Names, language: Language
) -> PartiesShape:
    return PartiesShape(
        parties=[
            _party(party, parties, sight, names, language)
            for party in (parties.first, *parties.roles)
        ]
    )


def _party(
    party: PartyId, parties: Parties, sight: Sight | None, names: Names, language: Language
) -> PartyShape:
    is_open = sight is None or party in sight.own
    # Whom somebody has chosen is known to them; others see it as they see anybody.
    of_representatives = None if is_open else sight
    role = parties.roles.get(party)
    return PartyShape(
        party=_id(party, sight),
        name=name_of(ActorId(_id(party, sight)), language, names),
        role=None if role is None else role.value,
        protected=party not in parties.shown if sight is None else None,
        representatives=[
            RepresentativeShape(
                representative=(who := _id(each.representative, of_representatives)),
                name=name_of(ActorId(who), language, names),
                basis=each.basis.value,
                document=each.document if is_open else None,
                state="appointed" if each.is_appointed else "proposed",
            )
            for each in parties.representations
            if each.party == party and (is_open or each.is_appointed)
        ],
    )


def _id(party: PartyId, sight: Sight | None) -> str:
    return HIDDEN if sight is not None and sight.hides(party) else party
