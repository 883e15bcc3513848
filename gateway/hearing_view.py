"""Who of a case's parties has been heard, as each side may see it."""

from collections.abc import Sequence

from events.ids import ActorId, PartyId
from gateway.language import Language
from gateway.procedure_shapes import PartyHeardShape
from gateway.sentences import Names, name_of
from projections.procedure import Procedure
from projections.procedure_parts import RoundRow
from services.case_parties import Parties
from services.sight import Sight


def rounds_seen(rounds: Sequence[RoundRow], sight: Sight | None) -> list[RoundRow]:
    """One's own: what another is heard about and answers is between them and the authority."""
    if sight is None:
        return list(rounds)
    return [each for each in rounds if (each["party"] or sight.first) in sight.own]


def parties_heard(
    found: Procedure, parties: Parties, names: Names, language: Language
) -> list[PartyHeardShape]:
    """How each party stands, for staff: who must still be heard before a decision against them."""
    return [
        _standing(found, party, None if party == parties.first else party, names, language)
        for party in parties.in_order
    ]


def _standing(
    found: Procedure, party: PartyId, joined: PartyId | None, names: Names, language: Language
) -> PartyHeardShape:
    rounds = [each for each in found.rounds if each["party"] == joined and each["stands"]]
    last = rounds[-1] if rounds else None
    is_exempted = any(each["party"] == joined for each in found.exemptions)
    without = "exempted" if is_exempted else "not-heard"
    return PartyHeardShape.model_validate(
        {
            "party": party,
            "name": name_of(ActorId(party), language, names),
            "state": without if last is None else last["state"],
            "due_on": None if last is None else last["due_on"],
        }
    )
