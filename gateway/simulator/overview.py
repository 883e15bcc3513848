"""Everything a ledger holds, in our words, for tests and for the pages."""

import json
import sqlite3
from collections.abc import Callable, Sequence
from typing import Final

from gateway.simulator.call import Dto
from gateway.simulator.documents import DOCUMENTS_FROM, REGISTRATIONS_FROM
from gateway.simulator.installation import DOCUMENT_KINDS, Installation

LATEST: Final = 20
PAGE: Final = 50
_COUNTED: Final = ("cases", "documents", "notes", "reminders", "parties", "persons")
_KINDS: Final = {each.id: each.name for each in DOCUMENT_KINDS}
_OF: Final = "IN (SELECT value FROM json_each(?))"
_DOCUMENTS: Final = f"""
    SELECT documents.*, folders.title AS folder FROM documents
    LEFT JOIN folders ON folders.id = folder_id
    WHERE documents.case_id {_OF} ORDER BY documents.id
"""  # noqa: S608 - all of it is ours
_NOTES: Final = f"SELECT * FROM notes WHERE case_id {_OF} ORDER BY id"  # noqa: S608 - likewise
_REMINDERS: Final = f"SELECT * FROM reminders WHERE case_id {_OF} ORDER BY id"  # noqa: S608 - likewise
_PARTIES: Final = f"""
    SELECT parties.*, coalesce(persons.name, firms.name) AS name, coalesce(cpr, cvr) AS official
    FROM parties
    LEFT JOIN persons ON kind = 'Person' AND persons.id = party_id
    LEFT JOIN firms ON kind = 'Firma' AND firms.id = party_id
    WHERE case_id {_OF} ORDER BY is_primary DESC, parties.rowid
"""  # noqa: S608 - likewise
_LATEST: Final = """
    SELECT entries.*, cases.number, cases.deleted_at, documents.name FROM entries
    LEFT JOIN cases ON cases.id = entries.case_id
    LEFT JOIN documents ON what = 'document' AND documents.id = subject_id - ?
    ORDER BY entries.id DESC LIMIT ?
"""


def whole(db: sqlite3.Connection, installation: Installation) -> Dto:
    """Counts, every case with all that lies on it, and everything that happened, in order.

    Cases that are gone are told too, with the time in `deleted_at`.
    """
    ids = [row["id"] for row in db.execute("SELECT id FROM cases ORDER BY id")]
    return {
        "counts": counts(db),
        "tokens_issued": tokens_issued(db),
        "cases": cases(db, installation, ids),
        "entries": [dict(each) for each in db.execute("SELECT * FROM entries ORDER BY id")],
    }


def counts(db: sqlite3.Connection) -> dict[str, int]:
    """How many there are of each; those of cases that are gone, too."""
    return {
        table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - ours
        for table in _COUNTED
    }


def tokens_issued(db: sqlite3.Connection) -> int:
    found = db.execute("SELECT value FROM counts WHERE name = 'tokens_issued'").fetchone()
    return int(found[0]) if found else 0


def newest_cases(db: sqlite3.Connection, installation: Installation, page: int) -> list[Dto]:
    """A page, counted from 1, of cases, the newest first."""
    rows = db.execute(
        "SELECT id FROM cases ORDER BY id DESC LIMIT ? OFFSET ?", (PAGE, (page - 1) * PAGE)
    )
    return cases(db, installation, [row["id"] for row in rows])[::-1]


def cases(db: sqlite3.Connection, installation: Installation, ids: Sequence[int]) -> list[Dto]:
    """Those cases, in the order they were made, each with all that lies on it."""
    wanted = json.dumps(ids)
    documents = _by_case(db, _DOCUMENTS, wanted, _document)
    notes = _by_case(db, _NOTES, wanted, _note)
    reminders = _by_case(db, _REMINDERS, wanted, _reminder)
    parties = _by_case(db, _PARTIES, wanted, _party)
    rows = db.execute(f"SELECT * FROM cases WHERE id {_OF} ORDER BY id", (wanted,))  # noqa: S608
    return [
        {
            **_case(row, installation),
            "documents": documents.get(row["id"], []),
            "notes": notes.get(row["id"], []),
            "reminders": reminders.get(row["id"], []),
            "parties": parties.get(row["id"], []),
        }
        for row in rows
    ]


def latest(db: sqlite3.Connection) -> list[Dto]:
    """What happened last, the last first."""
    return [dict(each) for each in db.execute(_LATEST, (DOCUMENTS_FROM, LATEST))]


def _by_case(
    db: sqlite3.Connection, sql: str, wanted: str, shape: Callable[[sqlite3.Row], Dto]
) -> dict[int, list[Dto]]:
    found: dict[int, list[Dto]] = {}
    for row in db.execute(sql, (wanted,)):
        found.setdefault(row["case_id"], []).append(shape(row))
    return found


def _case(row: sqlite3.Row, installation: Installation) -> Dto:
    body = json.loads(row["body"])
    status = installation.status(row["status"])
    template = installation.template(row["template"])
    return {
        "id": row["id"],
        "identity": row["identity"],
        "number": row["number"],
        "title": body["SagsTitel"],
        "template": row["template"],
        "template_name": template and template.name,
        "status": status and status.name,
        "state": status and status.state,
        "status_comment": row["status_comment"],
        "handler": body["Behandler"] and body["Behandler"]["LogonId"],
        "protected": body["ErBeskyttet"],
        "created_at": row["created_at"],
        "deleted_at": row["deleted_at"],
    }


def _document(row: sqlite3.Row) -> Dto:
    return {
        "id": DOCUMENTS_FROM + row["id"],
        "registration_id": REGISTRATIONS_FROM + row["id"],
        "name": row["name"],
        "description": row["description"],
        "kind": _KINDS.get(row["kind"]),
        "access": bool(row["access"]),
        "folder": row["folder"],
        "file_id": row["file_id"],
        "file_name": row["file_name"],
        "media_type": row["media_type"],
        "size": row["size"],
        "sha256": row["sha256"],
        "created_at": row["created_at"],
    }


def _note(row: sqlite3.Row) -> Dto:
    names = ("heading", "text", "contact_at", "created_at")
    return {"id": row["identity"], **{name: row[name] for name in names}}


def _reminder(row: sqlite3.Row) -> Dto:
    body = json.loads(row["body"])
    return {
        "id": row["id"],
        "name": body["Navn"],
        "description": body["Beskrivelse"],
        "deadline": body["Deadline"],
        "finished": body["ErAfsluttet"],
        "created_at": row["created_at"],
    }


def _party(row: sqlite3.Row) -> Dto:
    return {
        "id": row["party_id"],
        "kind": row["kind"],
        "name": row["name"],
        "official_number": row["official"],
        "primary": bool(row["is_primary"]),
    }
