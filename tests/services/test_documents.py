"""Uploads: what is taken, what is refused, what is kept and what is dropped."""

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from events.ids import DocumentId
from services.database import connect
from services.documents.holding import Upload
from services.documents.kinds import clean_name
from services.documents.limits import SIZE_AT_MOST
from services.documents.store import DocumentStore
from services.projecting.generations import ensure
from services.refusals import DocumentRefused
from services.request import KeyReused
from tests.files import DOCX, JPEG, ODT, PDF, PNG, TIFF, archive, docx
from tests.services.uploading import FORM, NOW, Uploads, body, part

MACROS = docx({"word/vbaProject.bin": "z"})


@pytest.fixture
def uploads(postgres: str, organisation: str, tmp_path: Path) -> Uploads:
    ensure(postgres, organisation)
    return Uploads(postgres, organisation, tmp_path / "documents")


def test_a_file_is_kept_under_its_hash(uploads: Uploads) -> None:
    document = uploads.receive(body(PDF))
    assert (document.name, document.media_type, document.size) == (
        "Tegning.pdf",
        "application/pdf",
        len(PDF),
    )
    assert uploads.files() == [document.sha256]
    path = uploads.folder / document.sha256[:2] / document.sha256[2:]
    assert path.read_bytes() == PDF


def test_the_same_content_twice_is_one_file_and_two_documents(uploads: Uploads) -> None:
    first, second = uploads.receive(body(PDF)), uploads.receive(body(PDF), number=2)
    assert first.sha256 == second.sha256
    assert len(uploads.files()) == 1
    assert uploads.refer(1, 2) == [first.document_id, second.document_id]


def test_the_same_upload_again_is_the_same_document(uploads: Uploads) -> None:
    assert uploads.receive(body(PDF)) == uploads.receive(body(PDF))
    with pytest.raises(KeyReused):
        uploads.receive(body(PDF + b"\n"))


@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type"),
    [
        (PNG, "a.PNG", "image/png", "image/png"),
        (JPEG, "a.jpg", "image/jpg", "image/jpeg"),
        (TIFF, "a.tif", None, "image/tiff"),
        (ODT, "a.odt", None, "application/vnd.oasis.opendocument.text"),
        (DOCX, "a.docx", "application/octet-stream", None),
        ("blåbærgrød".encode(), "a.txt", "text/plain; charset=utf-8", "text/plain"),
    ],
)
def test_types_are_told_by_content(
    uploads: Uploads, content: bytes, name: str, kind: str | None, media_type: str | None
) -> None:
    document = uploads.receive(body(content, name, kind))
    assert media_type is None or document.media_type == media_type


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (body(b""), "document-empty"),
        (body(PNG), "document-type-mismatch"),
        (body(PDF, "a.txt"), "document-type-mismatch"),
        (body(PDF, kind="image/png"), "document-type-mismatch"),
        (body(b"text", "a.txt", "text/plain; charset=latin-1"), "document-type-mismatch"),
        (body(b"MZ" + b"\x00" * 99, "a.pdf"), "document-type-refused"),
        (body(MACROS, "a.docx"), "document-type-refused"),
        (body(archive({"a": "b"}), "a.docx"), "document-type-refused"),
        (body(b"PK\x03\x04 broken", "a.docx"), "document-unreadable"),
        (body("bl\xe5".encode("latin-1"), "a.txt"), "document-type-refused"),
        (body(b"a\x00b", "a.txt"), "document-type-refused"),
        (body(PDF, "../"), "document-name-missing"),
        (b"", "multipart-malformed"),
        (b"nonsense", "multipart-malformed"),
        (part(PDF), "multipart-malformed"),
        (part(PDF) + body(PDF), "multipart-malformed"),
        (body(PDF).replace(b'name="file"', b'name="other"'), "multipart-malformed"),
        (body(PDF).replace(b'; filename="Tegning.pdf"', b""), "multipart-malformed"),
        (b"--frontier--\r\n", "multipart-malformed"),
    ],
)
def test_what_is_refused_leaves_nothing_behind(uploads: Uploads, raw: bytes, code: str) -> None:
    assert uploads.refusal(raw) == code


def test_too_large_is_said_before_the_rest_is_read(uploads: Uploads) -> None:
    raw = part(b"%PDF-1.7" + b"a" * SIZE_AT_MOST)
    taken = 0

    async def chunks() -> AsyncIterator[bytes]:
        nonlocal taken
        for start in range(0, len(raw) * 2, 1 << 20):
            taken += 1
            yield raw[start : start + (1 << 20)] or b"a" * (1 << 20)

    async def run() -> None:
        async with uploads.pool() as pool:
            await DocumentStore(uploads.folder, pool, uploads.keys).receive(
                FORM, chunks(), document_id=DocumentId(UUID(int=1)), owner="person:anna", now=NOW
            )

    with pytest.raises(DocumentRefused, match="document-too-large"):
        asyncio.run(run())
    assert taken == 51
    assert uploads.files() == []


@pytest.mark.parametrize(
    ("given", "cleaned"),
    [
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\anna\\Plan.pdf", "Plan.pdf"),
        ("faktura\u202efdp.exe", "fakturafdp.exe"),
        ("a\x00\x1fb.pdf", "ab.pdf"),
        ("  to   ord .pdf", "to ord .pdf"),
        (".htaccess", "htaccess"),
        ("..", ""),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
    ],
)
def test_names_are_cleaned(given: str, cleaned: str) -> None:
    assert clean_name(given) == cleaned


def test_only_its_owner_refers_to_a_document_and_only_in_time(uploads: Uploads) -> None:
    uploads.receive(body(PDF))
    with pytest.raises(DocumentRefused, match="document-unknown"):
        uploads.refer(1, owner="person:bo")
    with pytest.raises(DocumentRefused, match="document-unknown"):
        uploads.refer(1, 9)
    with pytest.raises(DocumentRefused, match="document-unknown"):
        uploads.refer(1, now=NOW + timedelta(hours=24))
    assert uploads.refer() == []


def test_what_nobody_uses_is_dropped_after_a_day(uploads: Uploads) -> None:
    uploads.receive(body(PDF))
    uploads.receive(body(PNG, "a.png"), number=2)
    assert uploads.sweep(NOW + timedelta(hours=23)) == (0, 0)
    uploads.refer(2, now=NOW + timedelta(hours=23))
    assert uploads.sweep(NOW + timedelta(hours=25)) == (1, 1)
    assert len(uploads.files()) == 1
    assert uploads.sweep(NOW + timedelta(hours=47, seconds=1)) == (1, 1)
    assert uploads.files() == []


def test_content_that_another_upload_needs_stays(uploads: Uploads) -> None:
    uploads.receive(body(PDF))
    uploads.receive(body(PDF), number=2, owner="person:bo")
    uploads.refer(2, owner="person:bo", now=NOW + timedelta(hours=20))
    assert uploads.sweep(NOW + timedelta(hours=25)) == (1, 0)
    assert len(uploads.files()) == 1


def test_what_a_fact_refers_to_is_kept_for_ever(uploads: Uploads) -> None:
    document = uploads.receive(body(PDF))
    with connect(uploads.conninfo, uploads.organisation) as db:
        db.execute(
            "INSERT INTO documents_1 SELECT (json_populate_record(NULL::documents_1, %s)).*",
            [_reference(document)],
        )
    assert uploads.sweep(NOW + timedelta(days=400)) == (0, 0)
    assert len(uploads.files()) == 1


def test_files_of_an_interrupted_upload_are_dropped(uploads: Uploads) -> None:
    uploads.receive(body(PDF))
    stray = uploads.folder / "ab" / ("c" * 62)
    abandoned = uploads.folder / "incoming" / "half"
    for path in (stray, abandoned):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(b"half")
        old = (NOW - timedelta(hours=2)).timestamp()
        os.utime(path, (old, old))
    assert uploads.sweep(NOW) == (0, 1)
    assert not stray.exists()
    assert not abandoned.exists()
    assert len(uploads.files()) == 1


def _reference(document: Upload) -> str:
    return (
        f'{{"document_id": "{document.document_id}", "owner": "{UUID(int=5)}",'
        f' "case_id": "{UUID(int=5)}", "name": "a", "media_type": "a", "size": 1,'
        f' "sha256": "{document.sha256}", "direction": "in", "position": 1,'
        f' "added_by": "person:anna", "added_at": "{NOW.isoformat()}"}}'
    )
