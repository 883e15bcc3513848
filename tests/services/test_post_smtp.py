"""E-mails against real SMTP conversations, those that are cut short too."""

import asyncio
from dataclasses import replace
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import SMTP

from events.contact import ContactLanguage
from events.journal import Matter, MatterKind
from events.text import Text
from services.esdh.description import Smtp
from services.post.email_text import email_of
from services.post.ports import Accepted, AddressRefused, Answer, NotNow, Refused, Unknown
from services.post.smtp import SmtpPost, status_in
from tests.examples import NOW, numbered
from tests.post_examples import MATTER
from tests.services.listening import rest
from tests.services.test_email_route import Mailbox, Reply, cut, said

MAIL = numbered(73)
MESSAGE_ID = f"<{MAIL}@hjorring>"


def message(*matters: Matter) -> EmailMessage:
    return email_of(
        mail=MAIL,
        organisation="hjorring",
        name=Text(da="Hjørring Kommune", en="Hjørring Municipality"),
        sender="Hjørring Kommune <ingen-svar@hjorring.example>",
        to="anna@example.dk",
        site="https://hjorring.example",
        matters=matters or (MATTER,),
        language=ContactLanguage.DANISH,
        at=NOW,
    )


def scripted(replies: dict[str, str], *, seconds: float = 5.0) -> tuple[list[str], Answer]:
    """A server that answers by the book of `replies`, or else yes; an empty one is silence."""
    heard: list[str] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 mail.example\r\n")
        in_message = False
        while raw := await reader.readline():
            line = raw.decode().rstrip("\r\n")
            if in_message and line != ".":
                continue
            heard.append(line)
            verb = line.partition(" ")[0]
            in_message = verb == "DATA"
            reply = replies.get(verb, "250 OK")
            if reply:
                writer.write(f"{reply}\r\n".encode())
        writer.close()

    async def conversation() -> Answer:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            post = SmtpPost(
                Smtp(host="127.0.0.1", port=port, tls="none"),
                password=None,
                tls=None,
                command_seconds=5.0,
                final_dot_seconds=seconds,
            )
            envelope_from = "retur@hjorring.example"
            answer = await post.send(message(), envelope_from=envelope_from, envid=str(MAIL))
        await rest()
        return answer

    answer = asyncio.run(conversation())
    return heard, answer


def talk(mailbox: Mailbox, *, port: int | None = None) -> Answer:
    """One try against a server of one's own."""

    async def conversation() -> Answer:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: SMTP(mailbox, loop=loop, hostname="mail.example"), "127.0.0.1", 0
        )
        async with server:
            listening = server.sockets[0].getsockname()[1]
            settings = Smtp(host="127.0.0.1", port=port or listening, tls="none")
            post = SmtpPost(
                settings,
                password=None,
                tls=None,
                command_seconds=5.0,
                final_dot_seconds=5.0,
            )
            envelope_from = "retur@hjorring.example"
            answer = await post.send(message(), envelope_from=envelope_from, envid=str(MAIL))
        await rest()
        return answer

    return asyncio.run(conversation())


def test_what_is_accepted_has_its_message_id_for_a_receipt() -> None:
    mailbox = Mailbox()
    assert talk(mailbox) == Accepted(receipt=MESSAGE_ID)
    (received,) = mailbox.received
    assert received.mail_from == "retur@hjorring.example"
    assert received.rcpt_tos == ["anna@example.dk"]
    assert isinstance(received.content, bytes)
    assert MESSAGE_ID.encode() in received.content
    assert b"Content-Language: da" in received.content


@pytest.mark.parametrize("command", ["EHLO", "MAIL", "RCPT"])
def test_a_line_cut_before_the_message_has_done_nothing(command: str) -> None:
    mailbox = Mailbox(**{command: cut})
    assert talk(mailbox) == NotNow(reason="unreachable", is_down=True)
    assert mailbox.received == []


def test_a_line_cut_after_the_final_dot_leaves_a_doubt() -> None:
    mailbox = Mailbox(DATA=cut)
    assert talk(mailbox) == Unknown(reason="connection-lost")
    assert len(mailbox.received) == 1


def test_a_server_that_takes_the_message_and_falls_silent_leaves_a_doubt() -> None:
    said_by_us, answer = scripted({"DATA": "354 go on", ".": ""}, seconds=0.3)
    assert answer == Unknown(reason="connection-lost")
    assert said_by_us[-1] == "."


def test_a_farewell_cut_short_is_no_matter() -> None:
    assert talk(Mailbox(QUIT=cut)) == Accepted(receipt=MESSAGE_ID)


def test_a_server_that_is_not_there_is_away() -> None:
    assert talk(Mailbox(), port=1) == NotNow(reason="unreachable", is_down=True)


@pytest.mark.parametrize(
    ("command", "reply", "expected"),
    [
        ("MAIL", "451 4.3.0 later", NotNow(reason="sender-refused", is_down=True)),
        ("MAIL", "550 5.7.1 not you", NotNow(reason="sender-refused", is_down=True)),
        ("RCPT", "450 4.2.1 greylisted", NotNow(reason="address-busy", is_down=False)),
        ("RCPT", "550 5.1.1 no such user", AddressRefused(status="5.1.1")),
        ("RCPT", "550 no such user", AddressRefused(status="5.0.0")),
        ("DATA", "451 4.3.0 later", NotNow(reason="mail-busy", is_down=False)),
        ("DATA", "554 5.7.1 spam", Refused(code="mail-rejected")),
    ],
)
def test_a_reply_is_believed(command: str, reply: str, expected: Answer) -> None:
    replies: dict[str, Reply] = {command: said(reply)}
    assert talk(Mailbox(**replies)) == expected


def test_a_server_that_can_tell_of_bounces_is_given_the_mark_for_them() -> None:
    """RFC 3461: the mark comes back in the delivery status notification."""
    said_by_us, answer = scripted(
        {"EHLO": "250-mail.example\r\n250 DSN", "DATA": "354 go on", "QUIT": "221 bye"}
    )
    assert answer == Accepted(receipt=MESSAGE_ID)
    assert f"MAIL FROM:<retur@hjorring.example> RET=HDRS ENVID={MAIL}" in said_by_us
    assert "RCPT TO:<anna@example.dk> NOTIFY=FAILURE" in said_by_us


def test_several_cases_are_one_e_mail_with_a_line_each() -> None:
    of_tender = replace(MATTER, kind=MatterKind.TENDER)
    several = message(MATTER, replace(MATTER, id=numbered(2)), of_tender)
    text = several.get_content()
    assert several["Subject"] == "Nyt til dig hos Hjørring Kommune"
    assert text.count("https://hjorring.example/cases/") == 2
    assert text.count("https://hjorring.example/tenders/") == 1


def test_news_of_a_tender_speaks_of_a_tender() -> None:
    told = message(replace(MATTER, kind=MatterKind.TENDER))
    assert told["Subject"] == "Nyt i et udbud hos Hjørring Kommune"
    assert f"https://hjorring.example/tenders/{MATTER.id}" in told.get_content()
    assert "sag" not in told.get_content()


def test_a_status_is_found_in_whatever_a_server_says() -> None:
    assert status_in("550 5.1.1 <x>: unknown") == "5.1.1"
    assert status_in("4.2.2 mailbox full, 10.0.0.1") == "4.2.2"
    assert status_in("nothing") is None
