"""Short words for the records system: journal notes, names of reminders, comments on a status."""

from collections.abc import Mapping
from typing import TypeAlias

from events.case import (
    CaseClosed,
    CaseReopened,
    CaseWithdrawn,
    MeetingBooked,
    MeetingCancelled,
    MeetingGivenFromWaitingList,
    MeetingMissed,
    MeetingMoved,
)
from events.case_assignment import CaseTransferred
from events.case_deadline import DeadlineKind
from events.envelope import Recorded
from events.hearing import HearingCancelled, HearingExtended
from services.catalogue.organisation import Organisation
from services.deadlines import local_date
from services.journal import letter_texts as texts
from services.journal.party_notes import OfParties, party_note
from services.journal.procedure_notes import Noted, procedure_note
from services.journal.tender_notes import OfTenders, tender_note

_OfMeeting: TypeAlias = (
    MeetingBooked | MeetingMoved | MeetingGivenFromWaitingList | MeetingCancelled | MeetingMissed
)


def note_of(
    fact: Recorded, organisation: Organisation, called: Mapping[str, str]
) -> tuple[str, str]:
    """The heading and the plain text of a fact's journal note, in Danish.

    `called` are those whom the fact names, by what may be read of them.

    Raises:
        ValueError: the fact is not filed as a note.
    """
    match fact.event:
        case other if isinstance(other, _OfMeeting):
            return _of_meeting(other, texts.doer(fact.envelope.actor, organisation.name.da))
        case HearingExtended(closes_at=closes_at):
            return "Høring forlænget", f"Høringen er nu åben til {texts.moment(closes_at)}."
        case HearingCancelled(reason=reason):
            return "Høring aflyst", f"Høringen er aflyst. Begrundelse: {reason}"
        case CaseWithdrawn(reason=reason):
            return "Sag trukket tilbage", _withdrawn(reason)
        case CaseTransferred(from_team=former, to_team=new, reason=reason):
            # An essential step of the procedure (offentlighedsloven § 13, stk. 2).
            left, got = (texts.team_name(organisation, team) for team in (former, new))
            return "Sag overdraget", f"Fra {left} til {got}. Begrundelse: {reason}"
        case other if isinstance(other, Noted | OfParties | OfTenders):
            return _elsewhere(other, called)
        case other:
            raise ValueError(f"{type(other).__name__} has no note.")


def _elsewhere(event: Noted | OfParties | OfTenders, called: Mapping[str, str]) -> tuple[str, str]:
    if isinstance(event, OfTenders):
        return tender_note(event, called)
    if isinstance(event, OfParties):
        return party_note(event, called)
    return procedure_note(event, called)


def _of_meeting(event: _OfMeeting, by: str) -> tuple[str, str]:
    match event:
        case MeetingBooked(meeting=meeting):
            return "Møde booket", f"Mødet er {texts.time_and_place(meeting)}. Booket af: {by}."
        case MeetingMoved(meeting=meeting):
            return "Møde flyttet", f"Mødet er nu {texts.time_and_place(meeting)}. Flyttet af: {by}."
        case MeetingGivenFromWaitingList(meeting=meeting):
            given = f"En tid blev ledig. Mødet er {texts.time_and_place(meeting)}."
            return "Møde givet fra ventelisten", given
        case MeetingCancelled(slot=slot):
            when = texts.slot_time(slot)
            meant = "Mødet" if when is None else f"Mødet {when}"
            return "Møde aflyst", f"{meant} er aflyst. Aflyst af: {by}."
        case MeetingMissed(meeting=meeting):
            missed = f"Parten kom ikke til mødet {texts.time_and_place(meeting)}."
            return "Udeblevet fra møde", f"{missed} Noteret af: {by}."


def reminder_name(kind: DeadlineKind) -> str:
    """What is due, in Danish; the day is the reminder's own."""
    return texts.DEADLINES[kind]


def status_comment(fact: Recorded) -> str:
    """Why the status changes, in Danish, for systems that demand a comment.

    Raises:
        ValueError: the fact changes no status.
    """
    match fact.event:
        case CaseClosed(closed_on=closed_on):
            return f"Sagen er afsluttet {texts.long_date(closed_on)}."
        case CaseReopened(reason=reason):
            day = texts.long_date(local_date(fact.recorded_at))
            return f"Sagen er genoptaget {day}. Begrundelse: {reason}"
        case CaseWithdrawn(reason=reason):
            return _withdrawn(reason)
        case other:
            raise ValueError(f"{type(other).__name__} changes no status.")


def _withdrawn(reason: str | None) -> str:
    if reason is None:
        return "Parten har trukket sagen tilbage uden at begrunde det."
    return f"Parten har trukket sagen tilbage. Begrundelse: {reason}"
