"""How somebody stands towards a case, and what they are shown of its other parties."""

from events.ids import CaseId
from gateway.asked import Asked
from gateway.problems import Problem
from services.authorisation import Action, Resource, may
from services.case_parties import Parties
from services.opened_cases import OpenedCase
from services.sight import Sight, sight_of
from services.standing import towards


async def require_concerned(asked: Asked, case_id: CaseId) -> None:
    """Turn away a citizen or company whom a case does not concern, before anything else is said.

    It costs the same look at the log whether there is such a case or not, so that time does not
    tell either. Whose matter it is known to be is not looked for.

    Raises:
        Problem: `case-not-found`.
    """
    party = asked.who.party
    if party is None:
        return
    known = asked.gateway.opened[asked.organisation.name].remembered(case_id)
    if known is not None and known.party == party:
        return
    parties = await parties_of(asked, case_id)
    if not (parties.has(party) or parties.represented_by(party)):
        raise Problem("case-not-found")


async def resource_of(asked: Asked, case_id: CaseId, opened: OpenedCase) -> Resource:
    """The case as it is to whoever asks.

    The one whose matter it is never loses the right to it, and staff have theirs by team: only of
    others is it asked how they stand, and then of the log.
    """
    if asked.who.party in (None, opened.party):
        return _resource(asked, opened, Parties(first=opened.party))
    return _resource(asked, opened, await parties_of(asked, case_id))


async def sight(asked: Asked, case_id: CaseId, opened: OpenedCase) -> Sight | None:
    """What whoever asks may see of the other parties; None for staff, who may see all.

    Ask after the rows have been read that it is for: whoever is hidden by then stays hidden.

    Raises:
        Problem: `case-not-found`, when they may not look any longer.
    """
    party = asked.who.party
    if party is None:
        return None
    parties = await parties_of(asked, case_id)
    if not may(asked.actor, Action.LOOK_AT_CASE, _resource(asked, opened, parties)):
        raise Problem("case-not-found")
    return sight_of(party, parties)


async def parties_of(asked: Asked, case_id: CaseId) -> Parties:
    return await asked.gateway.parties[asked.organisation.name].find(case_id)


def _resource(asked: Asked, opened: OpenedCase, parties: Parties) -> Resource:
    return towards(asked.who, asked.organisation.name, opened, parties)
