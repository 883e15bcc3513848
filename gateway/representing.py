"""For whom somebody acts on a case: for themselves, or for a party who has entrusted it to them."""

from dataclasses import replace

from events.ids import CaseId, PartyId
from gateway.asked import Asked
from gateway.problems import Problem
from gateway.seeing import parties_of
from services.authorisation import Action, Resource, may
from services.opened_cases import OpenedCase

_NOBODY = PartyId("")


async def for_whom(
    asked: Asked, case_id: CaseId, opened: OpenedCase, resource: Resource, chosen: str | None
) -> tuple[Asked, Resource]:
    """Whoever asks and the case as it is to them, on behalf of whom they chose.

    A party acts for itself unless it chooses another. Who is none, and acts for one, acts for that
    one; for several, they must choose before they change anything.

    Raises:
        Problem: `not-represented`, `on-behalf-of-missing`.
    """
    own = asked.who.party
    if own is None or chosen == own:
        return asked, resource
    if chosen is not None:
        return await _chosen(asked, case_id, opened, resource, PartyId(chosen))
    if own in (opened.party, *resource.others) or not resource.represented:
        return asked, resource
    if len(resource.represented) > 1 and asked.action is not Action.LOOK_AT_CASE:
        raise Problem("on-behalf-of-missing")
    return replace(asked, acts_for=min(resource.represented)), resource


async def _chosen(
    asked: Asked, case_id: CaseId, opened: OpenedCase, resource: Resource, party: PartyId
) -> tuple[Asked, Resource]:
    """As that party's representative, with no right that is only one's own."""
    if not may(asked.who, Action.LOOK_AT_CASE, resource):
        # A stranger is not to learn from this that there is such a case.
        return asked, resource
    parties = await parties_of(asked, case_id)
    if asked.who.party is None or party not in parties.represented_by(asked.who.party):
        raise Problem("not-represented")
    is_first = party == opened.party
    entrusted = replace(
        resource,
        party=party if is_first else _NOBODY,
        others=frozenset() if is_first else frozenset((party,)),
        represented=frozenset((party,)),
    )
    return replace(asked, acts_for=party), entrusted
