"""What we write for Digital Post, held to the format's own schema by another's program."""

import asyncio
import importlib.resources
import json
from base64 import b64decode
from dataclasses import fields, replace
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import httpx
import pytest
import xmlschema
from hypothesis import given, settings
from hypothesis import strategies as st

from services.clock import SetClock
from services.ids import derived_uuid4
from services.post.kombi import EndpointTransport, FolderTransport, kombi_request
from services.post.memo import (
    LABEL_AT_MOST,
    MEMO,
    TEXT_AT_MOST,
    Action,
    Appointment,
    File,
    Kle,
    Memo,
    MemoInvalid,
    Party,
    cut_label,
    in_bytes,
    memo_xml,
)
from services.post.ports import Accepted, Answer, NotNow, Refused, Unknown
from tests.examples import NOW, numbered

# Of another's making, and not for every Python: see pyproject.toml.
message = pytest.importorskip("python_serviceplatformen.models.message")
SCHEMAS = importlib.resources.files("python_serviceplatformen.models.memo_schema")

MESSAGE = derived_uuid4(numbered(73), "message")

memo = Memo(
    message=MESSAGE,
    label="Afgørelse i din sag",
    sender=Party(id="99999990", id_type="CVR", label="Hjørring Kommune"),
    recipient=Party(id="6101700002", id_type="CPR", label="Anna Andersen"),
    case_number="HJO-26-0001",
    case_system="Julelys",
    kle=Kle(subject="02.34.00", facet="G01", label="Byggemøde", version="November 2026"),
    created_at=NOW,
    main=File(media_type="application/pdf", name="afgørelse.pdf", content=b"%PDF-1.7 \x00\xff"),
    attachments=(File(media_type="image/png", name="kort.png", content=b"\x89PNG"),),
    actions=(
        Action(label="Se sagen", code="SELVBETJENING", url="https://hjorring.example/cases/1"),
        Action(
            label="Læg mødet i kalenderen",
            code="AFTALE",
            appointment=Appointment(
                id=MESSAGE,
                title="Møde",
                description="Møde med Hjørring Kommune",
                place="Rådhuset",
                starts_at=NOW,
                ends_at=NOW,
            ),
        ),
    ),
    reply_by=datetime(2026, 12, 22, 23, 59, tzinfo=UTC),
    not_before=date(2026, 12, 2),
)


@cache
def schema() -> xmlschema.XMLSchema11:
    """Of version 1.1, which differs from 1.2 in what we write by the version's attributes alone."""
    with importlib.resources.as_file(SCHEMAS) as folder:
        return xmlschema.XMLSchema11(folder / "MeMo_core.xsd")


def parsed(written: bytes) -> ET.Element:
    return ET.fromstring(written)  # noqa: S314  # our own


def validate(element: ET.Element) -> None:
    written = parsed(in_bytes(element))
    assert written.attrib == {"memoVersion": "1.2"}
    written.attrib = {"memoVersion": "1.1", "memoSchVersion": "1.1.0"}
    schema().validate(ET.tostring(written, encoding="unicode"))


def test_a_full_message_keeps_to_the_schema() -> None:
    validate(memo_xml(memo))


def test_the_least_that_we_send_keeps_to_the_schema() -> None:
    bare = replace(memo, kle=None, attachments=(), actions=(), reply_by=None, not_before=None)
    validate(memo_xml(replace(bare, recipient=replace(memo.recipient, label=None))))


def test_the_schema_would_notice() -> None:
    element = memo_xml(memo)
    header = element[0]
    header.remove(header[0])
    with pytest.raises(xmlschema.XMLSchemaException):
        validate(element)


def test_an_independent_reader_finds_what_we_meant() -> None:
    """By the names that python-serviceplatformen has for the format's elements."""
    written = parsed(in_bytes(memo_xml(memo)))
    header, body = written
    known = {
        MEMO: {each.name for each in fields(message.MessageHeader)}
        | {"Sender", "Recipient", "ContentData"}
    }
    assert {each.tag.removeprefix(f"{{{MEMO}}}") for each in header} <= known[MEMO]
    assert header.findtext(f"{{{MEMO}}}messageUUID") == str(MESSAGE)
    content = body.findtext(f"{{{MEMO}}}MainDocument/{{{MEMO}}}File/{{{MEMO}}}content")
    assert content is not None
    assert b64decode(content) == memo.main.content


@settings(max_examples=100, derandomize=True, database=None)
@given(
    label=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300),
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300),
)
def test_every_heading_and_name_is_either_kept_to_the_schema_or_refused(
    label: str, name: str
) -> None:
    asked = replace(memo, label=cut_label(label), sender=replace(memo.sender, label=name))
    if len(name) > TEXT_AT_MOST:
        with pytest.raises(MemoInvalid, match="label"):
            memo_xml(asked)
    else:
        validate(memo_xml(asked))


def test_a_heading_is_cut_where_mailboxes_cut_it() -> None:
    assert cut_label("x" * LABEL_AT_MOST) == "x" * LABEL_AT_MOST
    cut = cut_label("Svar til parten: Høring om lokalplan 123 for Hjørring midtby og omegn")
    assert len(cut) <= LABEL_AT_MOST
    assert cut.endswith("…")
    with pytest.raises(MemoInvalid, match="label"):
        memo_xml(replace(memo, label="x" * (LABEL_AT_MOST + 1)))


def test_what_is_no_uuid_of_version_four_or_no_https_is_refused() -> None:
    with pytest.raises(MemoInvalid, match="messageUUID"):
        memo_xml(replace(memo, message=numbered(1)))
    plain = Action(label="Se sagen", code="INFORMATION", url="http://hjorring.example")
    with pytest.raises(MemoInvalid, match="url"):
        memo_xml(replace(memo, actions=(plain,)))


def test_the_request_is_as_serviceplatformen_has_it() -> None:
    request = kombi_request(memo_xml(memo))
    root = parsed(request)
    assert root.tag == "kombi_request"
    assert [child.tag for child in root] == ["KombiValgKode", f"{{{MEMO}}}Message"]
    assert root.findtext("KombiValgKode") == "Digital Post"
    # It wants the prefix to be this very one.
    assert b"<memo:Message" in request


def test_a_folder_holds_each_message_once(tmp_path: Path) -> None:
    transport = FolderTransport(tmp_path / "post")
    for _ in range(2):
        answer = asyncio.run(transport.send(MESSAGE, memo_xml(memo)))
        assert answer == Accepted(receipt=str(MESSAGE))
    (path,) = (tmp_path / "post").iterdir()
    assert path.name == f"{MESSAGE}.xml"
    assert path.read_bytes() == kombi_request(memo_xml(memo))


def test_a_folder_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("a file")
    answer = asyncio.run(FolderTransport(tmp_path / "post").send(MESSAGE, memo_xml(memo)))
    assert answer == NotNow(reason="folder-unwritable", is_down=True)


def over_https(handler: httpx.MockTransport, token: str | None = None) -> Answer:
    async def asked() -> Answer:
        async with httpx.AsyncClient(transport=handler) as http:
            url = "https://serviceplatformen.example/service/KombiPostAfsend_1/memos"
            transport = EndpointTransport(http, url, token=token, clock=SetClock(NOW))
            return await transport.send(MESSAGE, memo_xml(memo))

    return asyncio.run(asked())


def test_a_repetition_is_the_same_transaction() -> None:
    seen: list[httpx.Request] = []

    def take(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=json.dumps({"ok": True}))

    answers = [over_https(httpx.MockTransport(take), "t") for _ in range(2)]
    assert answers[0] == answers[1]
    first, second = (request.headers["X-TransaktionsId"] for request in seen)
    assert first == second == str(UUID(first))
    assert seen[0].headers["X-TransaktionsTid"].endswith("Z")
    assert seen[0].headers["authorization"] == "t"
    assert seen[0].content == kombi_request(memo_xml(memo))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (400, Refused(code="digital-post-rejected")),
        (401, NotNow(reason="unauthorised", is_down=True)),
        (429, NotNow(reason="busy", is_down=True)),
        (500, Unknown(reason="server-error")),
        (502, Unknown(reason="server-error")),
        (503, NotNow(reason="busy", is_down=True)),
    ],
)
def test_doubt_counts_as_done(status: int, expected: Answer) -> None:
    assert over_https(httpx.MockTransport(lambda _: httpx.Response(status))) == expected


def test_a_line_that_never_was_is_no_doubt_and_one_that_broke_is() -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("no", request=request)

    def drop(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone", request=request)

    assert over_https(httpx.MockTransport(refuse)) == NotNow(reason="unreachable", is_down=True)
    assert over_https(httpx.MockTransport(drop)) == Unknown(reason="connection-lost")
