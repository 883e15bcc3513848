"""A case's meeting as a calendar file (RFC 5545)."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast

from icalendar import Calendar, Event

from gateway.language import Language
from gateway.wording import timeline_texts
from projections.caseload import CaseloadEntry
from projections.timeline import Entry
from services.clock import COPENHAGEN

MEDIA_TYPE: Final = "text/calendar"
_GIVES: Final = frozenset({"meeting-booked", "meeting-moved", "meeting-given-from-waiting-list"})
_CHANGES: Final = _GIVES | {"meeting-cancelled"}


def invitation(case: CaseloadEntry, entries: Sequence[Entry], language: Language) -> bytes | None:
    """The meeting, cancelled if it was; None when there never was one.

    One UID for the life of the case, and SEQUENCE is the case's version, so that a calendar which
    has an older file replaces it (RFC 5545 § 3.8.7.4).
    """
    changes = [entry for entry in entries if entry.kind in _CHANGES]
    given = [entry for entry in changes if entry.kind in _GIVES]
    if not given:
        return None
    # The facts are the event's own, as the projection wrote them.
    meeting = cast("Mapping[str, str]", given[-1].facts["meeting"])
    event = Event()
    event.add("uid", f"{case.case_id}@julelys")
    event.add("sequence", case.version)
    event.add("dtstamp", changes[-1].at)
    event.add("last-modified", changes[-1].at)
    event.add("dtstart", datetime.fromisoformat(meeting["starts_at"]).astimezone(COPENHAGEN))
    event.add("dtend", datetime.fromisoformat(meeting["ends_at"]).astimezone(COPENHAGEN))
    event.add("summary", case.subject)
    event.add("location", meeting["place"])
    event.add("description", _description(case, entries, language))
    event.add("status", "CONFIRMED" if changes[-1].kind in _GIVES else "CANCELLED")
    calendar = Calendar()
    calendar.add("prodid", "-//Julelys//Julelys//DA")
    calendar.add("version", "2.0")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _description(case: CaseloadEntry, entries: Sequence[Entry], language: Language) -> str:
    lines = [case.reference]
    for entry in entries:
        if entry.kind == "things-to-bring-listed":
            things = cast("Sequence[Mapping[str, Mapping[str, str]]]", entry.facts["things"])
            listed = "\n".join(f"- {thing['what'][language]}" for thing in things)
            text = timeline_texts(language)["things-to-bring-listed"]
            lines.append(text.format_map({"things": listed}))
    return "\n\n".join(lines)
