"""What a committee has to rehearse before the deadline that stands, and who of it, by name."""

from datetime import datetime

from gateway.asked import Asked
from gateway.tender_door import OnTender, can_sit
from gateway.tender_shapes import CommitteeTenderShape, RehearsalShape
from gateway.tenders import tender_row
from projections.rehearsals import NO_COMMITTEE, Rehearsals
from projections.tenders import Tender


def rehearsal_shape(on: OnTender, now: datetime) -> RehearsalShape | None:
    """None where bids do not come: there is no deadline to rehearse for."""
    state = on.state
    if not state.awaits_bids(now) or state.closes_at is None:
        return None
    can = {member for member in state.committee if can_sit(on.asked, member)}
    keyless = {member for member, each in state.committee.items() if each.key_id is None}
    able = len(can - keyless)
    return RehearsalShape(
        closes_at=state.closes_at,
        seconds_left=int((state.closes_at - now).total_seconds()),
        waiting=sorted(on.name(each) for each in state.to_rehearse & can),
        keyless=sorted(on.name(each) for each in keyless),
        gone=sorted(on.name(each) for each in state.committee.keys() - can - keyless),
        able=able,
        is_enough=able >= state.threshold,
        keys_to_spare=state.keys_to_spare,
    )


def committee_row(
    asked: Asked, tender: Tender, rehearsals: Rehearsals | None
) -> CommitteeTenderShape:
    return CommitteeTenderShape(
        **dict(tender_row(tender)), to_do=_to_do(asked, tender, rehearsals or NO_COMMITTEE)
    )


def _to_do(asked: Asked, tender: Tender, rehearsals: Rehearsals) -> str | None:
    me = asked.who.id
    match tender.state:
        case "draft" if me in rehearsals.keyless:
            return "key"
        case "draft" | "open" if me in rehearsals.waiting:
            return "rehearsal"
        case "closed" if tender.takes_bids and me in rehearsals.holders:
            return "opening"
        case _:
            return None
