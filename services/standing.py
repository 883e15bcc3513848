"""How somebody stands towards a case: what it is that `may` is asked about."""

from services.authorisation import Resource
from services.case_parties import Parties
from services.identity import Actor
from services.opened_cases import OpenedCase


def towards(actor: Actor, organisation: str, opened: OpenedCase, parties: Parties) -> Resource:
    """The case as it is to the actor, whose own parties alone are looked for."""
    party = actor.party
    return Resource(
        organisation=organisation,
        team=opened.team,
        party=opened.party,
        others=frozenset(parties.roles),
        represented=frozenset() if party is None else frozenset(parties.represented_by(party)),
    )
