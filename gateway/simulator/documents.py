"""Documents, their files, and the sub-folders (delforløb) they lie in."""

import hashlib
import sqlite3
from typing import Final

from gateway.simulator.call import Answer, Call, Dto, gone, told
from gateway.simulator.cases import asked_case, case_by_id, open_case
from gateway.simulator.given import Given, Wrong, missing
from gateway.simulator.shapes import art_dto, user_dto
from services.ids import new_id

NAME_AT_MOST: Final = 450
DESCRIPTION_AT_MOST: Final = 4000

# Two ids of one document, far apart, so that whoever takes one for the other notices.
DOCUMENTS_FROM: Final = 10_000_000
REGISTRATIONS_FROM: Final = 20_000_000

KNOWN: Final = frozenset(
    {"SagID", "DokumentNavn", "Beskrivelse", "OmfattetAfAktindsigt", "DokumentArt"}
)
"""One member more in `json`, and the upload fails."""


def journalise(call: Call) -> Answer:
    """Add a document; `delforloebId` in the path, where there is one, is its sub-folder."""
    given, file = call.sent.given, call.sent.file
    if given.strangers(KNOWN):
        raise Wrong(400, "json har felter, som ikke kendes.")
    case = open_case(call, given.number("SagID"))
    name = given.text("DokumentNavn", at_most=NAME_AT_MOST)
    if not name:
        raise missing("DokumentNavn")
    if file is None:
        raise missing("file")
    folder = _folder(call, case["id"]) if "delforloebId" in call.sent.path else None
    file_id = str(new_id())
    call.insert("files", id=file_id, content=file.content)
    number = call.insert(
        "documents",
        identity=str(new_id()),
        registration=str(new_id()),
        case_id=case["id"],
        folder_id=folder,
        name=name,
        description=given.text("Beskrivelse", at_most=DESCRIPTION_AT_MOST),
        kind=_kind(call, given.part("DokumentArt")),
        access=given.flag("OmfattetAfAktindsigt"),
        file_id=file_id,
        file_name=file.name,
        media_type=file.media_type,
        size=len(file.content),
        sha256=hashlib.sha256(file.content).hexdigest(),
        created_at=call.at,
    )
    call.enter("document", DOCUMENTS_FROM + number, case["id"])
    return told(_document_dto(call, _document(call, number)))


def _folder(call: Call, case_id: int) -> int:
    folder = _asked_folder(call)
    if folder["case_id"] != case_id:
        raise Wrong(400, "Delforløbet hører ikke til sagen.")
    return int(folder["id"])


def _kind(call: Call, given: Given | None) -> int | None:
    if given is None:
        return None
    number = given.number("Id")
    if art_dto(call.installation, number) is None:
        raise Wrong(400, "DokumentArt findes ikke.")
    return number


def list_documents(call: Call) -> Answer:
    """All of a case; there is no paging."""
    return told(_documents(call, "case_id = ?", asked_case(call)["id"]))


def read_document(call: Call) -> Answer:
    row = _document(call, call.number_in_path("id") - DOCUMENTS_FROM)
    case_by_id(call, row["case_id"])
    return told(_document_dto(call, row))


def read_file(call: Call) -> Answer:
    row = call.row(
        "SELECT content, media_type, case_id FROM files"
        " JOIN documents ON file_id = files.id WHERE files.id = ?",
        call.sent.path["id"].lower(),
    )
    if row is None:
        raise gone("Fil")
    case_by_id(call, row["case_id"])
    return Answer(content=row["content"], media_type=row["media_type"])


def list_folders(call: Call) -> Answer:
    rows = call.rows("SELECT * FROM folders WHERE case_id = ?", asked_case(call)["id"])
    return told([_folder_dto(each) for each in rows])


def read_folder(call: Call) -> Answer:
    row = _asked_folder(call)
    return told({**_folder_dto(row), "Dokumenter": _documents(call, "folder_id = ?", row["id"])})


def put_in_folder(call: Call) -> Answer:
    """Lay a document that the case has already in one of its sub-folders."""
    registration = call.sent.given.number("DokumentRegistreringId")
    if registration is None:
        raise missing("DokumentRegistreringId")
    document = _document(call, registration - REGISTRATIONS_FROM)
    open_case(call, document["case_id"])
    folder = _folder(call, document["case_id"])
    call.db.execute("UPDATE documents SET folder_id = ? WHERE id = ?", (folder, document["id"]))
    call.enter("document-moved", DOCUMENTS_FROM + document["id"], document["case_id"])
    return told(_document_dto(call, document))


def _asked_folder(call: Call) -> sqlite3.Row:
    row = call.row("SELECT * FROM folders WHERE id = ?", call.number_in_path("delforloebId"))
    if row is None:
        raise gone("Delforløb")
    case_by_id(call, row["case_id"])
    return row


def _folder_dto(row: sqlite3.Row) -> Dto:
    return {"ID": row["id"], "SagID": row["case_id"], "Titel": row["title"]}


_DOCUMENT: Final = (
    "SELECT documents.*, cases.number FROM documents JOIN cases ON cases.id = case_id"
)


def _document(call: Call, number: int) -> sqlite3.Row:
    row = call.row(f"{_DOCUMENT} WHERE documents.id = ?", number)
    if row is None:
        raise gone("Dokument")
    return row


def _documents(call: Call, where: str, value: int) -> list[Dto]:
    rows = call.rows(f"{_DOCUMENT} WHERE {where} ORDER BY documents.id", value)
    return [_document_dto(call, each) for each in rows]


def _document_dto(call: Call, row: sqlite3.Row) -> Dto:
    """DokumentMetadataDto; its `Id` is the registration's."""
    return {
        "EksternId": None,
        "SagID": row["case_id"],
        "DokumentID": DOCUMENTS_FROM + row["id"],
        "Id": REGISTRATIONS_FROM + row["id"],
        "DokumentIdentity": row["identity"],
        "DokumentRegistreringIdentity": row["registration"],
        "RegistreringsDato": row["created_at"],
        "DokumentNavn": row["name"],
        "Navn": row["name"],
        "Beskrivelse": row["description"],
        "SagsPart": None,
        "Behandler": user_dto(call.installation, call.user),
        "SagsNummer": row["number"],
        "PaaPostliste": False,
        "PostlisteTitel": None,
        "PostlisteBeskrivelse": None,
        "DokumentArt": art_dto(call.installation, row["kind"]),
        "Filer": [_file_dto(row)],
        "Mail": None,
        "OmfattetAfAktindsigt": bool(row["access"]),
        "AktindsigtKommentar": None,
        "DeletedState": "Active",
        "DeletedReason": None,
    }


def _file_dto(row: sqlite3.Row) -> Dto:
    _, dot, ending = str(row["file_name"]).rpartition(".")
    return {
        "Id": row["file_id"],
        "Filnavn": row["file_name"],
        "Filendelse": dot + ending if dot else "",
        "ErPrimaerFil": True,
        "MimeType": row["media_type"],
    }
