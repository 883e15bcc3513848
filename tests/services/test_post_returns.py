"""What comes back from the other side: bounces of mail servers, receipts of Digital Post."""

import asyncio
from base64 import b64encode
from datetime import UTC, datetime
from email.message import EmailMessage
from uuid import UUID

import pytest

from events.post import NotificationBounced
from services.post.bounces import Bounce, NoBounce, read_bounce
from services.post.ports import MailFate
from services.post.receipts import Delivery, NoReceipt, Receipt, read_receipt
from services.post.telling_later import record_bounce
from tests.examples import open_meeting_case
from tests.services.post_town import Town

MAIL = UUID("019a0000-0000-4000-8000-000000000073")
AT = datetime(2026, 12, 2, 10, 0, tzinfo=UTC)


def bounce(
    action: str = "failed",
    status: str = "5.1.1",
    *,
    envid: UUID | None = None,
    message_id: str | None = f"<{MAIL}@hjorring>",
    whole: bool = False,
) -> bytes:
    """As Postfix writes it: words for people, fields for programs, and what was returned."""
    original = "" if envid is None else f"Original-Envelope-Id: {envid}\n"
    kind = "message/rfc822" if whole else "text/rfc822-headers"
    returned = (
        ""
        if message_id is None
        else f"""--=_1
Content-Type: {kind}

Message-ID: {message_id}
Subject: Nyt i din sag

"""
    )
    return f"""From: MAILER-DAEMON@mail.example
To: retur@hjorring.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=_1"

--=_1
Content-Type: text/plain; charset=us-ascii

I'm sorry to have to inform you that your message could not be delivered.

--=_1
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example
{original}Arrival-Date: Tue, 1 Dec 2026 09:00:00 +0100

Final-Recipient: rfc822; anna@example.dk
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 5.1.1 <anna@example.dk>: unknown

{returned}--=_1--
""".encode()


@pytest.mark.parametrize("whole", [False, True])
def test_a_bounce_is_known_by_the_message_that_was_returned(whole: bool) -> None:  # noqa: FBT001  # both ways there are
    assert read_bounce(bounce(whole=whole)) == Bounce(mail=MAIL, status="5.1.1")


def test_a_bounce_is_known_by_its_envelope_where_nothing_was_returned() -> None:
    given = bounce(envid=MAIL, message_id=None, status="4.4.7")
    assert read_bounce(given) == Bounce(mail=MAIL, status="4.4.7")


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"Subject: Hej\r\n\r\nTak for sidst.",
        bounce(action="delayed"),
        bounce(action="relayed"),
        bounce(message_id=None),
        bounce(message_id="<somebody-elses@mail.example>"),
    ],
)
def test_what_is_no_bounce_of_ours_is_said_to_be_none(given: bytes) -> None:
    with pytest.raises(NoBounce) as caught:
        read_bounce(given)
    assert "@" not in str(caught.value)


def test_a_bounce_is_told_to_the_case_once() -> None:
    async def scenario() -> None:
        town = Town()
        await town.do(open_meeting_case)
        await town.hear()
        await town.send()
        (message,) = town.server.received
        mail = UUID(str(message["Message-ID"])[1:37])

        for _ in range(2):
            assert await record_bounce(town.office, Bounce(mail=mail, status="5.1.1")) == 1

        bounced = [each for each in town.told() if isinstance(each, NotificationBounced)]
        assert [each.status for each in bounced] == ["5.1.1"]
        row = await town.outbox.find(mail)
        assert row is not None
        assert row.fate is MailFate.BOUNCED
        assert await record_bounce(town.office, Bounce(mail=MAIL, status="5.1.1")) == 0

    asyncio.run(scenario())


STATUS = """<?xml version="1.0" encoding="UTF-8"?>
<PKO_PostStatus xmlns="http://serviceplatformen.dk/xml/print/PKO_PostStatus/1/types">
  <TransmissionId>1</TransmissionId>
  <MessageUUID>{message}</MessageUUID>
  <KanalKode>Digital Post</KanalKode>
  <TransaktionsDatoTid>{at}</TransaktionsDatoTid>
  <TransaktionsStatusKode>{status}</TransaktionsStatusKode>
  <CorrelationId>2</CorrelationId>{error}
</PKO_PostStatus>"""
ERROR = "<FejlDetaljer><FejlKode>{code}</FejlKode><FejlTekst>Nej</FejlTekst></FejlDetaljer>"
ENVELOPE = """<ns:ModtagBeskedInput xmlns:ns="urn:oio:sts:1.0.0">
  <Haendelsesbesked xmlns="urn:oio:besked:kuvert:1.0">
    <Beskeddata><b:Base64 xmlns:b="urn:besked:kuvert:1.0">{content}</b:Base64></Beskeddata>
  </Haendelsesbesked>
</ns:ModtagBeskedInput>"""


def status(code: str, *, error: str = "", message: str = str(MAIL)) -> bytes:
    at = AT.isoformat()
    return STATUS.format(message=message, at=at, status=code, error=error).encode()


@pytest.mark.parametrize("delivery", Delivery)
def test_a_receipt_is_read_as_it_is_and_in_its_envelope(delivery: Delivery) -> None:
    error = ERROR.format(code="DP-404") if delivery is Delivery.FAILED else ""
    given = status(delivery.value, error=error)
    expected = Receipt(message=MAIL, delivery=delivery, at=AT, error="DP-404" if error else None)
    assert read_receipt(given) == expected
    assert read_receipt(ENVELOPE.format(content=b64encode(given).decode()).encode()) == expected


@pytest.mark.parametrize(
    "given",
    [
        b"",
        b"<x/>",
        b"not xml",
        status("Afsendt"),
        status("Fejlet", message="not-a-uuid"),
        status(""),
        b'<!DOCTYPE x [<!ENTITY a "aaaa">]>' + status("Fejlet"),
        ENVELOPE.format(content="%%%").encode(),
        ENVELOPE.format(content=b64encode(b"<x/>").decode()).encode(),
        b"<x>" + b"y" * 2_000_000 + b"</x>",
    ],
    ids=lambda given: str(given[:20]),
)
def test_what_is_no_receipt_is_said_to_be_none(given: bytes) -> None:
    with pytest.raises(NoReceipt):
        read_receipt(given)


def test_an_e_mail_without_parts_is_no_bounce() -> None:
    plain = EmailMessage()
    plain["Subject"] = "Autosvar"
    plain.set_content("Jeg er på ferie.")
    with pytest.raises(NoBounce):
        read_bounce(plain.as_bytes())
