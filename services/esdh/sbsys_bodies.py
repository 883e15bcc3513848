"""What is written to SBSYS, with our reference in it: SBSYS itself has no field for one."""

import json
from datetime import datetime, time, timedelta
from html import escape
from typing import Final

from services.clock import COPENHAGEN
from services.esdh.description import Sbsys
from services.esdh.port import Direction, NewCase, NewDocument, NewNote, NewReminder
from services.esdh.sbsys_calls import Json, Upload

TITLE_AT_MOST: Final = 450
"""`Sag.Titel` is nvarchar(450), which counts UTF-16 units; so do we."""

NAME_AT_MOST: Final = 250
COMMENT_AT_MOST: Final = 400

DATED: Final = {
    Direction.IN: "Modtaget",
    Direction.OUT: "Afsendt",
    Direction.INTERNAL: "Dateret",
}


def with_reference(text: str, reference: str, at_most: int) -> str:
    """The text, cut where it must be, and the whole reference in brackets."""
    mark = f"[{reference}]"
    return f"{cut(text, at_most - len(mark) - 1)} {mark}".lstrip()


def cut(text: str, at_most: int) -> str:
    """One line of at most so many UTF-16 units, never through the middle of a sign."""
    line = " ".join(text.split())
    units = line.encode("utf-16-le")[: 2 * max(at_most, 0)]
    return units.decode("utf-16-le", errors="ignore").rstrip()


def case_body(new: NewCase, settings: Sbsys, template: int) -> Json:
    body: dict[str, object] = {
        "SagsTitel": with_reference(new.title, new.reference, TITLE_AT_MOST),
        "SkabelonId": template,
        "SagsBehandlerID": settings.handler,
    }
    if settings.kle_override:
        body |= dict(zip(("EmneplanNummer", "Facet"), new.kle, strict=True))
    return body


def document_upload(new: NewDocument, settings: Sbsys, case: int) -> Upload:
    """Only these fields: an unknown one makes SBSYS refuse the upload."""
    dated = f"{DATED[new.direction]} {new.date:%d.%m.%Y}"
    fields = {
        "SagID": case,
        "DokumentNavn": cut(new.title, NAME_AT_MOST),
        "Beskrivelse": with_reference(dated, new.reference, NAME_AT_MOST),
        "OmfattetAfAktindsigt": new.access,
        "DokumentArt": {"Id": settings.document_kinds.of(new.direction)},
    }
    return Upload(
        json=json.dumps(fields, ensure_ascii=False),
        file_name=new.file_name,
        media_type=new.media_type,
        content=new.content,
    )


def note_body(new: NewNote, case: int) -> Json:
    """Paragraphs and lines are kept; everything else of the text is text, not HTML."""
    return {
        "SagID": case,
        "Overskrift": with_reference(new.heading, new.reference, NAME_AT_MOST),
        "Note": "<br>".join(escape(line) for line in new.text.splitlines()),
        "KontaktTidspunkt": new.at.isoformat(),
    }


def reminder_body(new: NewReminder, settings: Sbsys, case: int, responsible: int) -> Json:
    """Due at the end of its day in Denmark; shown `visible_days` before."""
    shown_on = new.due_on - timedelta(days=settings.reminders.visible_days)
    return {
        "SagId": case,
        "Navn": cut(new.name, NAME_AT_MOST),
        "Beskrivelse": with_reference("", new.reference, NAME_AT_MOST),
        "HarDeadline": True,
        "Deadline": datetime.combine(new.due_on, time(23, 59, 59), COPENHAGEN).isoformat(),
        "SynligFra": datetime.combine(shown_on, time(), COPENHAGEN).isoformat(),
        "ErindringType": {"Id": settings.reminders.type},
        "Ansvarlig": {"Id": responsible},
        "Opretter": {"Id": settings.handler},
    }
