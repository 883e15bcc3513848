"""Digital Post's own word on a message: PKO_PostStatus, through Beskedfordeler (SF1461).

It comes as it is, in a `Haendelsesbesked`, or in the `ModtagBeskedInput` that Beskedfordeler posts.
"""

import binascii
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID
from xml.etree import ElementTree as ET

STATUS: Final = "{http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types}"
AT_MOST: Final = 1_000_000
"""In bytes; a receipt has some thousand."""


class NoReceipt(ValueError):
    """Not what we can read; the text says why, without what stood in it."""


class Delivery(StrEnum):
    """`AVAILABLE`: in the recipient's mailbox, so it has arrived (lov om Digital Post § 10).

    `TAKEN`: Digital Post has it, and the mailbox does not yet.
    """

    AVAILABLE = "Afleveret Digital Post"
    TAKEN = "Modtaget Digital Post"
    FAILED = "Fejlet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """`message` is the MeMo's messageUUID; `error` a code, None where nothing is wrong."""

    message: UUID
    delivery: Delivery
    at: datetime
    error: str | None


def read_receipt(given: bytes) -> Receipt:
    """Raises:
    NoReceipt: it is none, or none of a message of Digital Post.
    """
    if len(given) > AT_MOST:
        raise NoReceipt("It is far too long.")
    root = _parsed(given)
    status = root if root.tag == f"{STATUS}PKO_PostStatus" else _enclosed(root)
    message, code, at = (
        _said(status, name)
        for name in ("MessageUUID", "TransaktionsStatusKode", "TransaktionsDatoTid")
    )
    try:
        return Receipt(
            message=UUID(message),
            delivery=Delivery(code),
            at=_moment(at),
            error=status.findtext(f"{STATUS}FejlDetaljer/{STATUS}FejlKode"),
        )
    except ValueError as strange:
        raise NoReceipt("Its message, status or time is none that we know.") from strange


def _parsed(given: bytes) -> ET.Element:
    # No receipt has a document type; whoever sends one wants entities resolved or multiplied.
    if b"<!DOCTYPE" in given or b"<!ENTITY" in given:
        raise NoReceipt("It has a document type.")
    try:
        return ET.fromstring(given)  # noqa: S314  # without a document type there is nothing to expand
    except ET.ParseError as broken:
        raise NoReceipt("It is not XML.") from broken


def _enclosed(root: ET.Element) -> ET.Element:
    """What lies in Beskedfordeler's envelope, whichever of its two namespaces it uses."""
    content = next((each for each in root.iter() if each.tag.rpartition("}")[2] == "Base64"), None)
    if content is None or not content.text:
        raise NoReceipt("It is neither a PKO_PostStatus nor an envelope with one.")
    try:
        status = _parsed(b64decode(content.text, validate=False))
    except binascii.Error as garbled:
        raise NoReceipt("What is in the envelope is not Base64.") from garbled
    if status.tag != f"{STATUS}PKO_PostStatus":
        raise NoReceipt("There is no PKO_PostStatus in the envelope.")
    return status


def _said(status: ET.Element, name: str) -> str:
    found = status.findtext(f"{STATUS}{name}")
    if not found or not found.strip():
        raise NoReceipt(f"It has no {name}.")
    return found.strip()


def _moment(written: str) -> datetime:
    at = datetime.fromisoformat(written)
    if at.tzinfo is None:
        raise ValueError(written)
    return at
