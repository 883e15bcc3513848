"""Journal notes and reminders (erindringer)."""

import json
import sqlite3
from datetime import datetime
from typing import Final

from gateway.simulator.call import Answer, Call, Dto, gone, told
from gateway.simulator.cases import asked_case, case_by_id, open_case
from gateway.simulator.given import Given, Wrong, missing
from gateway.simulator.installation import REMINDER_KINDS
from gateway.simulator.shapes import user_dto
from services.clock import COPENHAGEN
from services.ids import new_id

HEADING_AT_MOST: Final = 450
_TEXT_AT_MOST: Final = 1_000_000


def list_notes(call: Call) -> Answer:
    rows = call.rows("SELECT * FROM notes WHERE case_id = ? ORDER BY id", asked_case(call)["id"])
    return told([_note_dto(call, each) for each in rows])


def add_note(call: Call) -> Answer:
    given = call.sent.given
    case = open_case(call, given.number("SagID"))
    heading = given.text("Overskrift", at_most=HEADING_AT_MOST)
    if not heading:
        raise missing("Overskrift")
    contact = given.text("KontaktTidspunkt")
    if contact is not None:
        _moment("KontaktTidspunkt", contact)
    number = call.insert(
        "notes",
        identity=str(new_id()),
        case_id=case["id"],
        heading=heading,
        text=given.text("Note", at_most=_TEXT_AT_MOST) or "",
        contact_at=contact,
        created_at=call.at,
    )
    call.enter("note", number, case["id"])
    row = call.row("SELECT * FROM notes WHERE id = ?", number)
    return told(None if row is None else _note_dto(call, row))


def _note_dto(call: Call, row: sqlite3.Row) -> Dto:
    return {
        "Uuid": row["identity"],
        "Overskrift": row["heading"],
        "Note": row["text"],
        "Oprettet": row["created_at"],
        "OprettetAf": user_dto(call.installation, call.user),
    }


def list_reminder_kinds(call: Call) -> Answer:
    del call
    return told([{"Id": each.id, "Navn": each.name} for each in REMINDER_KINDS])


def list_reminders(call: Call) -> Answer:
    rows = call.rows(
        "SELECT * FROM reminders WHERE case_id = ? ORDER BY id", asked_case(call)["id"]
    )
    return told([_reminder_dto(call, each) for each in rows])


def read_reminder(call: Call) -> Answer:
    return told(_reminder_dto(call, _asked_reminder(call)))


def make_reminder(call: Call) -> Answer:
    case = case_by_id(call, call.sent.given.number("SagId"))
    number = call.insert(
        "reminders",
        case_id=case["id"],
        body=json.dumps(_reminder_body(call), ensure_ascii=False),
        created_at=call.at,
        changed_at=call.at,
    )
    call.enter("reminder", number, case["id"])
    return told(_reminder_now(call, number))


def replace_reminder(call: Call) -> Answer:
    """PUT: what the client leaves out is nulled."""
    row = _asked_reminder(call)
    call.db.execute(
        "UPDATE reminders SET body = ?, changed_at = ? WHERE id = ?",
        (json.dumps(_reminder_body(call), ensure_ascii=False), call.at, row["id"]),
    )
    call.enter("reminder-replaced", row["id"], row["case_id"])
    return told(_reminder_now(call, row["id"]))


def _reminder_body(call: Call) -> Dto:
    given = call.sent.given
    name = given.text("Navn", at_most=HEADING_AT_MOST)
    if not name:
        raise missing("Navn")
    kind = given.part("ErindringType")
    found = [each for each in REMINDER_KINDS if kind is not None and each.id == kind.number("Id")]
    if not found:
        raise Wrong(400, "ErindringType findes ikke.")
    times = {at: given.text(at) for at in ("Deadline", "SynligFra")}
    for at, text in times.items():
        if text is not None:
            _moment(at, text)
    return {
        "Navn": name,
        "Beskrivelse": given.text("Beskrivelse"),
        "HarDeadline": given.flag("HarDeadline"),
        **times,
        "ErAfsluttet": given.flag("ErAfsluttet"),
        "ErindringType": {"Id": found[0].id, "Navn": found[0].name},
        "Ansvarlig": _user(call, given.part("Ansvarlig")),
        "Opretter": _user(call, given.part("Opretter")),
    }


def _user(call: Call, given: Given | None) -> Dto | None:
    if given is None:
        return None
    user = call.installation.user(given.number("Id"))
    if user is None:
        raise Wrong(400, "Brugeren findes ikke.")
    return user_dto(call.installation, user)


def _asked_reminder(call: Call) -> sqlite3.Row:
    row = _reminder(call, call.number_in_path("id"))
    case_by_id(call, row["case_id"])
    return row


def _reminder(call: Call, number: int) -> sqlite3.Row:
    row = call.row("SELECT * FROM reminders WHERE id = ?", number)
    if row is None:
        raise gone("Erindring")
    return row


def _reminder_now(call: Call, number: int) -> Dto:
    return _reminder_dto(call, _reminder(call, number))


def _reminder_dto(call: Call, row: sqlite3.Row) -> Dto:
    body = json.loads(row["body"])
    status = None
    if body["HarDeadline"] and body["Deadline"] is not None:
        is_past = _moment("Deadline", body["Deadline"]) < call.now
        status = "Overskredet" if is_past else "IkkeOverskredet"
    return {"Id": row["id"], "SagId": row["case_id"], **body, "DeadlineStatus": status}


def _moment(name: str, text: str) -> datetime:
    """ISO 8601; without an offset it is Danish time.

    Raises:
        Wrong: 400, it is something else.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise Wrong(400, f"{name} skal være et tidspunkt (ISO 8601).") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=COPENHAGEN)
