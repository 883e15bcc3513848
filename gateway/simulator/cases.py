"""Cases: made from a template, read, replaced, given another status or another party."""

import json
import sqlite3
from typing import Final
from uuid import UUID

from gateway.simulator.call import Answer, Call, Dto, gone, told
from gateway.simulator.given import Given, Wrong, missing
from gateway.simulator.installation import ACTIVE, AREA, CLOSED, Template, User
from gateway.simulator.numbering import is_facet, is_subject, next_number
from gateway.simulator.parties import join, parties, party_members
from gateway.simulator.shapes import (
    CASE_FLAGS,
    CASE_VALUES,
    case_dto,
    named_dto,
    status_dto,
    user_dto,
)
from services.clock import COPENHAGEN
from services.ids import new_id

TITLE_AT_MOST: Final = 450
COMMENT_AT_MOST: Final = 4000
STATUS_COMMENT_AT_MOST: Final = 400
_CASE: Final = "Sag"


def make_from_template(call: Call) -> Answer:
    given = call.sent.given
    template = call.installation.template(given.number("SkabelonId"))
    if template is None or not template.active:
        raise Wrong(400, "SkabelonId er ikke en aktiv sagsskabelon.")
    number = next_number(call.db, *_subject(given, template), call.now.astimezone(COPENHAGEN).year)
    status = call.installation.first_of(ACTIVE)
    title = given.text("SagsTitel", at_most=TITLE_AT_MOST) or template.name
    case_id = call.insert(
        "cases",
        identity=str(new_id()),
        number=number.text,
        subject=number.subject,
        facet=number.facet,
        year=number.year,
        sequence=number.sequence,
        template=template.id,
        status=status.id,
        status_at=call.at,
        title=title.casefold(),
        body=json.dumps(_new_body(call, title), ensure_ascii=False),
        created_at=call.at,
        changed_at=call.at,
    )
    for folder in template.folders:
        call.insert("folders", case_id=case_id, title=folder)
    primary = given.part("PrimaryPart")
    if primary is not None:
        join(call, case_id, primary, is_primary=True)
    for each in given.parts("Parts"):
        join(call, case_id, each)
    call.enter("case", case_id, case_id)
    return told(case_now(call, case_id))


def _subject(given: Given, template: Template) -> tuple[str, str]:
    """KLE subject and facet: the template's, unless the request has its own."""
    subject = given.text("EmneplanNummer") or template.subject
    facet = given.text("Facet") or template.facet
    if not (is_subject(subject) and is_facet(facet)):
        raise Wrong(400, "EmneplanNummer og Facet skal have KLE-form.")
    return subject, facet


def _new_body(call: Call, title: str) -> Dto:
    """What PUT replaces, as it is on a new case."""
    given = call.sent.given
    handler = given.number("SagsBehandlerID")
    user = call.user if handler is None else call.installation.user(handler)
    if user is None:
        raise Wrong(400, "SagsBehandlerID er ikke en bruger.")
    return {
        "SagsTitel": title,
        "Kommentar": None,
        "Behandler": user_dto(call.installation, user),
        **dict.fromkeys(CASE_VALUES),
        **dict.fromkeys(CASE_FLAGS, False),
        "Opstaaet": call.at,
        "Fagomraade": named_dto(call.installation, "area", AREA),
        "Ansaettelsessted": given.value("Ansaettelsessted"),
    }


def read_case(call: Call) -> Answer:
    return told(case_now(call, asked_case(call)["id"]))


def replace_case(call: Call) -> Answer:
    """PUT: what the client leaves out is nulled, its title too."""
    row, given = asked_case(call), call.sent.given
    title = given.text("SagsTitel", at_most=TITLE_AT_MOST)
    body: Dto = {
        "SagsTitel": title,
        "Kommentar": given.text("Kommentar", at_most=COMMENT_AT_MOST),
        "Behandler": _handler(call, given.part("Behandler")),
        **{name: given.value(name) for name in CASE_VALUES},
        **{name: given.flag(name) for name in CASE_FLAGS},
    }
    call.db.execute(
        "UPDATE cases SET body = ?, title = ?, changed_at = ? WHERE id = ?",
        (json.dumps(body, ensure_ascii=False), (title or "").casefold(), call.at, row["id"]),
    )
    call.enter("case-replaced", row["id"], row["id"])
    return told(case_now(call, row["id"]))


def _handler(call: Call, given: Given | None) -> Dto | None:
    """A user by whichever id is given."""
    if given is None:
        return None
    found = next((each for each in call.installation.users if _is(call, each, given)), None)
    if found is None:
        raise Wrong(400, "Behandler er ikke en bruger.")
    return user_dto(call.installation, found)


def _is(call: Call, user: User, given: Given) -> bool:
    wanted = given.number("Id"), given.text("LogonId"), given.text("Uuid")
    has = user.id, user.log_on, call.installation.identity("user", user.id)
    said = [(want, have) for want, have in zip(wanted, has, strict=True) if want is not None]
    return bool(said) and all(want == have for want, have in said)


def list_statuses(call: Call) -> Answer:
    return told([status_dto(each) for each in call.installation.statuses])


def set_status(call: Call) -> Answer:
    row, given = asked_case(call), call.sent.given
    status = call.installation.status(given.number("SagsStatusID"))
    if status is None:
        raise Wrong(400, "SagsStatusID er ikke en status.")
    comment = given.text("Kommentar", at_most=STATUS_COMMENT_AT_MOST)
    call.db.execute(
        "UPDATE cases SET status = ?, status_comment = ?, status_at = ?, changed_at = ?"
        " WHERE id = ?",
        (status.id, comment, call.at, call.at, row["id"]),
    )
    call.enter("status", status.id, row["id"])
    return told(case_now(call, row["id"]))


def list_parties(call: Call) -> Answer:
    return told(parties(call, asked_case(call)["id"]))


def add_party(call: Call) -> Answer:
    """Answers a bare `true`."""
    row = asked_case(call)
    join(call, row["id"], call.sent.given)
    call.enter("party", call.sent.given.number("PartId"), row["id"])
    return told(value=True)


def asked_case(call: Call) -> sqlite3.Row:
    """The case of the path, by its number as an id or by its GUID.

    Raises:
        Wrong: 404, with a text.
    """
    key = call.sent.path["sag"]
    try:
        found = call.row("SELECT * FROM cases WHERE identity = ?", str(UUID(key)))
    except ValueError:
        return case_by_id(call, call.number_in_path("sag"))
    return _there(found)


def case_by_id(call: Call, case_id: int | None) -> sqlite3.Row:
    """A case by the id that bodies carry.

    Raises:
        Wrong: 400 when there is no id, 404 when there is no case.
    """
    if case_id is None:
        raise missing("SagID")
    return _there(call.row("SELECT * FROM cases WHERE id = ?", case_id))


def open_case(call: Call, case_id: int | None) -> sqlite3.Row:
    """As `case_by_id`, for what may not be added to a closed case.

    Raises:
        Wrong: 409 too, the case is closed.
    """
    row = case_by_id(call, case_id)
    status = call.installation.status(row["status"])
    if status is not None and status.state == CLOSED:
        raise Wrong(409, "Sagen er afsluttet.")
    return row


def case_now(call: Call, case_id: int) -> Dto:
    row = _there(call.row("SELECT * FROM cases WHERE id = ?", case_id))
    return case_dto(call, row, party_members(call, case_id))


def _there(row: sqlite3.Row | None) -> sqlite3.Row:
    if row is None or row["deleted_at"] is not None:
        raise gone(_CASE)
    return row
