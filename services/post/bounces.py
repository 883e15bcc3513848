"""A bounce as mail servers send it: a delivery status notification (RFC 3464)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from typing import Final, cast
from uuid import UUID

FAILED: Final = "failed"

_MARK: Final = re.compile(
    r"<?([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})@([a-z0-9-]+)>?"
)
_UUID: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class NoBounce(ValueError):
    """Not a bounce of a mail of ours; the text says why, and holds no address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounce:
    """`mail` is our mark; `status` as in RFC 3463, for good (5.x.x) or given up (4.x.x)."""

    mail: UUID
    status: str


def read_bounce(given: bytes) -> Bounce:
    """Raises:
    NoBounce: it is something else, or the mail is only delayed.
    """
    message = message_from_bytes(given, policy=policy.default)
    report = next(
        (part for part in message.walk() if part.get_content_type() == "message/delivery-status"),
        None,
    )
    if report is None:
        raise NoBounce("It is no delivery status notification (RFC 3464).")
    fields = list(_fields(report))
    failed = next((each for each in fields if _is_failed(each)), None)
    if failed is None:
        raise NoBounce("It tells of no failed delivery, perhaps of a delay.")
    mark = _envid(fields) or _returned(message)
    if mark is None:
        raise NoBounce("It does not say which mail it is about.")
    return Bounce(mail=mark, status=_status(failed))


def _fields(report: Message) -> Iterator[Message]:
    """One group of fields for the message, then one for each recipient."""
    payload = report.get_payload()
    if isinstance(payload, list):
        yield from (cast("Message", part) for part in payload)  # as the library parses this type


def _is_failed(fields: Message) -> bool:
    return str(fields.get("Action", "")).strip().lower() == FAILED


def _status(fields: Message) -> str:
    found = re.search(r"[245]\.\d{1,3}\.\d{1,3}", str(fields.get("Status", "")))
    return "5.0.0" if found is None else found[0]


def _envid(fields: list[Message]) -> UUID | None:
    given = next(
        (each["Original-Envelope-Id"] for each in fields if each["Original-Envelope-Id"]), ""
    )
    found = _UUID.fullmatch(str(given).strip().lower())
    return None if found is None else UUID(found[0])


def _returned(message: EmailMessage) -> UUID | None:
    """From the returned mail or its headers: the third part of the report."""
    for part in message.walk():
        match part.get_content_type():
            case "text/rfc822-headers":
                text = str(part.get_content())
                headers = message_from_bytes(text.encode(), policy=policy.default)
                found = _MARK.fullmatch(str(headers.get("Message-ID", "")).strip().lower())
            case "message/rfc822":
                inner = part.get_content()
                found = _MARK.fullmatch(str(inner.get("Message-ID", "")).strip().lower())
            case _:
                continue
        if found is not None:
            return UUID(found[1])
    return None
