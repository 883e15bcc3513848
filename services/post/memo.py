"""A message in the format of Digital Post: MeMo 1.2 (https://digitaliser.dk/digital-post).

Names, order and limits are those of the schema `MeMo_core.xsd`; version 1.2 differs from 1.1 in
what we write by its version attributes alone. Serviceplatformen wants the prefix `memo`.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final, Literal, TypeAlias
from uuid import UUID
from xml.etree import ElementTree as ET

MEMO: Final = "https://DigitalPost.dk/MeMo-1"
KLE: Final = "http://kle-online.dk/"
VERSION: Final = "1.2"

LABEL_AT_MOST: Final = 50
"""What older mailboxes show of a heading; the schema itself allows 256."""

TEXT_AT_MOST: Final = 256
NOTIFICATION_AT_MOST: Final = 150

ActionCode: TypeAlias = Literal["AFTALE", "SELVBETJENING", "INFORMATION"]


class MemoInvalid(ValueError):
    """It breaks the format's own limits; `field` is the element."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """`id` is ten digits of a person or eight of a company."""

    id: str
    id_type: Literal["CPR", "CVR"]
    label: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    media_type: str
    name: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Kle:
    """`facet` is of the action (`G01`)."""

    subject: str
    facet: str
    label: str
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Appointment:
    """An entry for the recipient's calendar."""

    id: UUID
    title: str
    description: str
    place: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What the recipient can do about it: `url`, or `appointment` with the code AFTALE."""

    label: str
    code: ActionCode
    url: str | None = None
    appointment: Appointment | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Memo:
    """`message` is a UUIDv4. `reply_by` is when an answer is due.

    It is neither `mandatory`, which would reach those who are exempt, nor a `legalNotification`,
    which serves a writ (forkyndelse).
    """

    message: UUID
    label: str
    sender: Party
    recipient: Party
    case_number: str
    case_system: str
    kle: Kle | None
    created_at: datetime
    main: File
    attachments: Sequence[File] = ()
    actions: Sequence[Action] = ()
    reply_by: datetime | None = None
    not_before: date | None = None


def memo_xml(memo: Memo) -> ET.Element:
    """The message as XML.

    Raises:
        MemoInvalid: an element is longer than the format takes, or no UUIDv4.
    """
    message = ET.Element(_memo("Message"), {"memoVersion": VERSION})
    _header(ET.SubElement(message, _memo("MessageHeader")), memo)
    _body(ET.SubElement(message, _memo("MessageBody")), memo)
    return message


def in_bytes(element: ET.Element) -> bytes:
    for prefix, namespace in (("memo", MEMO), ("kle", KLE)):
        ET.register_namespace(prefix, namespace)
    return bytes(ET.tostring(element, encoding="utf-8", xml_declaration=True))


def cut_label(text: str) -> str:
    """A heading that every mailbox shows whole."""
    line = " ".join(text.split())
    return line if len(line) <= LABEL_AT_MOST else f"{line[: LABEL_AT_MOST - 1].rstrip()}…"


def _memo(name: str) -> str:
    return f"{{{MEMO}}}{name}"


def _header(header: ET.Element, memo: Memo) -> None:
    _text(header, "messageType", "DIGITALPOST")
    if memo.message.version != 4:  # noqa: PLR2004  # what the format's pattern wants
        raise MemoInvalid("messageUUID")
    _text(header, "messageUUID", str(memo.message))
    _text(header, "label", memo.label, at_most=LABEL_AT_MOST)
    if memo.reply_by is not None:
        _text(header, "reply", "true")
        _text(header, "replyByDateTime", _moment(memo.reply_by))
    if memo.not_before is not None:
        _text(header, "doNotDeliverUntilDate", memo.not_before.isoformat())
    _text(header, "mandatory", "false")
    _text(header, "legalNotification", "false")
    _party(ET.SubElement(header, _memo("Sender")), "senderID", memo.sender)
    _party(ET.SubElement(header, _memo("Recipient")), "recipientID", memo.recipient)
    content = ET.SubElement(header, _memo("ContentData"))
    case = ET.SubElement(content, _memo("CaseID"))
    _text(case, "caseID", memo.case_number)
    _text(case, "caseSystem", memo.case_system)
    if memo.kle is not None:
        _kle(ET.SubElement(content, f"{{{KLE}}}KLEdata"), memo.kle)


def _party(element: ET.Element, id_name: str, party: Party) -> None:
    _text(element, id_name, party.id)
    _text(element, "idType", party.id_type)
    if party.label is not None:
        _text(element, "label", party.label)


def _kle(element: ET.Element, kle: Kle) -> None:
    for name, value in (
        ("subjectKey", kle.subject),
        ("version", kle.version),
        ("activityFacet", kle.facet),
        ("label", kle.label),
    ):
        _text(element, name, value, namespace=KLE)


def _body(body: ET.Element, memo: Memo) -> None:
    _text(body, "createdDateTime", _moment(memo.created_at))
    main = ET.SubElement(body, _memo("MainDocument"))
    _file(main, memo.main)
    for action in memo.actions:
        _action(ET.SubElement(main, _memo("Action")), action)
    for attachment in memo.attachments:
        _file(ET.SubElement(body, _memo("AdditionalDocument")), attachment)


def _file(document: ET.Element, file: File) -> None:
    element = ET.SubElement(document, _memo("File"))
    _text(element, "encodingFormat", file.media_type)
    _text(element, "filename", file.name)
    _text(element, "language", "da")
    content = ET.SubElement(element, _memo("content"))
    content.text = b64encode(file.content).decode()


def _action(element: ET.Element, action: Action) -> None:
    _text(element, "label", action.label)
    _text(element, "actionCode", action.code)
    appointment = action.appointment
    if appointment is not None:
        reservation = ET.SubElement(element, _memo("Reservation"))
        _text(reservation, "description", appointment.description)
        _text(reservation, "reservationUUID", str(appointment.id))
        _text(reservation, "abstract", appointment.title)
        _text(reservation, "location", appointment.place)
        _text(reservation, "startDateTime", _moment(appointment.starts_at))
        _text(reservation, "endDateTime", _moment(appointment.ends_at))
    elif action.url is not None:
        if not action.url.startswith("https://"):
            raise MemoInvalid("url")
        _text(ET.SubElement(element, _memo("EntryPoint")), "url", action.url)


def _text(
    parent: ET.Element,
    name: str,
    value: str,
    *,
    namespace: str = MEMO,
    at_most: int = TEXT_AT_MOST,
) -> None:
    if len(value) > at_most:
        raise MemoInvalid(name)
    ET.SubElement(parent, f"{{{namespace}}}{name}").text = value


def _moment(at: datetime) -> str:
    """In UTC, which the format wants to be written as Z."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
