"""The names of streams: everything that must be true at once lives in one of these."""

from uuid import NAMESPACE_OID

from events.ids import ActorId, CalendarDayId, CaseId, HearingId, PartyId, TenderId
from events.journal import Matter
from services.ids import derived_id


def case_stream(case_id: CaseId) -> str:
    return f"case-{case_id}"


def hearing_stream(hearing_id: HearingId) -> str:
    return f"hearing-{hearing_id}"


def tender_stream(tender_id: TenderId) -> str:
    """Bids too: which of them came before the deadline is one question with one answer."""
    return f"tender-{tender_id}"


def calendar_day_stream(day: CalendarDayId) -> str:
    return f"calendar-day-{day}"


def note_stream(case_id: CaseId) -> str:
    """The internal notes of a case, apart from all that a party may read."""
    return f"note-{case_id}"


def journal_stream(matter: Matter) -> str:
    return f"journal-{matter.id}"


def post_stream(matter: Matter) -> str:
    return f"post-{matter.id}"


def contact_stream(party: PartyId) -> str:
    """Not by the party's own id: names of streams leave the house."""
    return f"contact-{derived_id(NAMESPACE_OID, f'contact {party}')}"


def colleague_stream(colleague: ActorId) -> str:
    """Not by the colleague's own id, for the same reason."""
    return f"colleague-{derived_id(NAMESPACE_OID, f'colleague {colleague}')}"
