"""The e-mail route against real SMTP conversations, those that are cut short too."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from ssl import SSLContext
from typing import Literal, TypeVar
from xml.etree import ElementTree as ET

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from pydantic import SecretStr

from services.clock import COPENHAGEN, SetClock
from services.esdh.description import Email, EmailTemplate, Smtp, Timings
from services.esdh.opening import open_esdh
from services.esdh.port import (
    CaseStatus,
    Company,
    Esdh,
    EsdhParty,
    EsdhUnavailable,
    NewCase,
    NewDocument,
    Pending,
    Refused,
    Retry,
)
from services.esdh.settings import EsdhSettings
from services.settings_file import Settings
from tests.services.certificates import server_context
from tests.services.esdh_systems import ANNA, BO, document, new_case, note, reference, reminder
from tests.services.listening import rest

T = TypeVar("T")
Reply = Callable[[SMTP], str]

CASE = f"<{reference('case')}@hjorring>"
NOW = datetime(2026, 11, 2, 9, 30, tzinfo=COPENHAGEN)


def cut(server: SMTP) -> str:
    """Lose the connection instead of answering."""
    assert isinstance(server.transport, asyncio.Transport)
    server.transport.abort()
    return "250 OK"


def said(reply: str) -> Reply:
    return lambda _: reply


class Mailbox:
    """A mail server's side. `replies` are by SMTP command, and come instead of a yes."""

    def __init__(self, **replies: Reply) -> None:
        self.replies = replies
        self.received: list[Envelope] = []

    def _reply(self, command: str, server: SMTP) -> str:
        return self.replies[command](server) if command in self.replies else "250 OK"

    async def handle_EHLO(  # noqa: N802  # the library's name
        self, server: SMTP, session: Session, _: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], self._reply("EHLO", server)]

    async def handle_MAIL(  # noqa: N802  # the library's name
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._reply("MAIL", server)

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, server: SMTP, _: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return self._reply("RCPT", server)

    async def handle_DATA(self, server: SMTP, _: Session, envelope: Envelope) -> str:  # noqa: N802  # the library's name
        self.received.append(envelope)
        return self._reply("DATA", server)

    async def handle_QUIT(self, server: SMTP, _: Session, __: Envelope) -> str:  # noqa: N802  # the library's name
        return self._reply("QUIT", server)


def settings_for(
    port: int,
    folder: Path,
    *,
    tls: Literal["starttls", "none"] = "none",
    password: str | None = None,
    seconds: float = 30.0,
) -> EsdhSettings:
    system = Email(
        kind="email",
        smtp=Smtp(
            host="localhost",
            port=port,
            tls=tls,
            ca_bundle="ca.pem" if tls == "starttls" else None,
            username=None if password is None else "julelys",
            password_variable=None if password is None else "PASSWORD",
        ),
        sender="julelys@hjorring.example",
        to="sbsys@hjorring.example",
        people_to="byggeri@hjorring.example",
        templates={"1021": EmailTemplate(id=1021, os2forms_id="HØRING-1")},
        timings=Timings.model_construct(request_seconds=seconds),
    )
    return Settings(
        organisation="hjorring",
        file=folder / "esdh.yaml",
        described=system,
        secrets={"PASSWORD": SecretStr(password or "")},
    )


@asynccontextmanager
async def served(
    mailbox: Mailbox, *, context: SSLContext | None = None, password: str | None = None
) -> AsyncIterator[int]:
    """A mail server on a port of its own, in the same loop."""
    loop = asyncio.get_running_loop()

    def authenticator(
        _: SMTP, __: Session, ___: Envelope, ____: str, given: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=given.password == (password or "").encode(), handled=False)

    def conversation() -> SMTP:
        return SMTP(
            mailbox,
            hostname="localhost",
            loop=loop,
            tls_context=context,
            require_starttls=context is not None,
            authenticator=authenticator,
            auth_required=password is not None,
        )

    server = await loop.create_server(conversation, "localhost", 0)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        await server.wait_closed()
        await rest()


def at(
    mailbox: Mailbox, folder: Path, ask: Callable[[Esdh], Awaitable[T]], *, seconds: float = 30.0
) -> T:
    async def run() -> T:
        async with served(mailbox) as port:
            settings = settings_for(port, folder, seconds=seconds)
            async with open_esdh(settings, clock=SetClock(NOW)) as esdh:
                return await ask(esdh)

    return asyncio.run(run())


def with_case(
    parties: Sequence[EsdhParty] = (ANNA,), name: str = "document", title: str = "Svar"
) -> NewDocument:
    return replace(document(name), title=title, case=replace(the_case(), parties=tuple(parties)))


def the_case() -> NewCase:
    return new_case("1021")


def filed(mailbox: Mailbox, folder: Path, new: NewDocument, esdh_id: str = CASE) -> EmailMessage:
    outcome = at(mailbox, folder, lambda esdh: esdh.file_document(esdh_id, new))
    assert outcome == Pending(receipt=f"<{new.reference}@hjorring>")
    return message_of(mailbox)


def message_of(mailbox: Mailbox) -> EmailMessage:
    (envelope,) = mailbox.received
    assert isinstance(envelope.content, bytes)
    assert envelope.content.isascii()
    message = message_from_bytes(envelope.content, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def xml_of(message: EmailMessage) -> ET.Element:
    xml, _ = message.iter_attachments()
    assert isinstance(xml, EmailMessage)
    assert xml.get_filename() == "os2forms.xml"
    return ET.fromstring(xml.get_content())  # noqa: S314  # our own


def text(root: ET.Element, path: str) -> str:
    found = root.findtext(path)
    assert found is not None, path
    return found


def test_opening_a_case_sends_nothing_and_promises_nothing(tmp_path: Path) -> None:
    mailbox = Mailbox()
    assert at(mailbox, tmp_path, lambda esdh: esdh.open_case(the_case())) == Pending(receipt=CASE)
    assert mailbox.received == []


def test_a_case_from_no_template_of_ours_is_refused(tmp_path: Path) -> None:
    new = replace(the_case(), template="17")
    outcome = at(Mailbox(), tmp_path, lambda esdh: esdh.open_case(new))
    assert isinstance(outcome, Refused)
    assert outcome.code == "esdh-setting-missing"
    lost = replace(with_case(), case=new)
    assert isinstance(at(Mailbox(), tmp_path, lambda esdh: esdh.file_document(CASE, lost)), Refused)


def test_a_document_goes_with_what_sbsys_files_it_by(tmp_path: Path) -> None:
    mailbox = Mailbox()
    message = filed(mailbox, tmp_path, with_case(title="Svar: 'Æ & Ø' <Å>"))
    assert mailbox.received[0].mail_from == "julelys@hjorring.example"
    assert mailbox.received[0].rcpt_tos == ["sbsys@hjorring.example"]
    assert message["Subject"] == "Høring om Strandvejen"
    assert message["Date"].datetime == NOW
    root = xml_of(message)
    assert root.tag == "os2formsFormular"
    assert text(root, "OS2FormsId") == "HØRING-1"
    assert text(root, "SBSYSJournalisering/PrimaerPartCprNummer") == "6101700002"
    assert text(root, "SBSYSJournalisering/PrimaerPartCvrNummer") == ""
    assert text(root, "SBSYSJournalisering/KLe") == "01.02.05"
    assert text(root, "SBSYSJournalisering/SagSkabelonId") == "1021"
    assert text(root, "DigitalForsendelse/Slutbruger/Navn") == "Anna Andersen"
    assert text(root, "DigitalForsendelse/Kvittering/TitelTekst") == "Svar: 'Æ & Ø' <Å>"
    assert text(root, "DigitalForsendelse/MaaSendesTilDFF") == "nej"
    assert text(root, "FormularData/dokumentReference") == reference("document")
    assert text(root, "FormularData/sagReference") == reference("case")


def test_the_document_itself_arrives_byte_for_byte(tmp_path: Path) -> None:
    everything = bytes(range(256)) * 40 + b"\r\n.\r\n..\n\n.\n"
    new = replace(with_case(), content=everything, file_name="Tegning æøå.pdf")
    _, attached = filed(Mailbox(), tmp_path, new).iter_attachments()
    assert isinstance(attached, EmailMessage)
    assert attached.get_content() == everything
    assert attached.get_filename() == "Tegning æøå.pdf"
    assert attached.get_content_type() == "application/pdf"


def test_nobody_is_named_for_an_anonymous_response_and_a_company_by_its_number(
    tmp_path: Path,
) -> None:
    root = xml_of(filed(Mailbox(), tmp_path, with_case(())))
    assert text(root, "SBSYSJournalisering/PrimaerPartCprNummer") == ""
    assert text(root, "DigitalForsendelse/Slutbruger/Navn") == ""
    company = Company(cvr="99999991", name="Tømrer ApS")
    root = xml_of(filed(Mailbox(), tmp_path, with_case((company, BO))))
    assert text(root, "SBSYSJournalisering/PrimaerPartCprNummer") == ""
    assert text(root, "SBSYSJournalisering/PrimaerPartCvrNummer") == "99999991"
    assert text(root, "DigitalForsendelse/Slutbruger/CvrNummer") == "99999991"


def test_a_known_case_number_goes_along_and_an_unknown_one_does_not(tmp_path: Path) -> None:
    known = filed(Mailbox(), tmp_path, with_case(), "02.34.02-P19-12-26")
    assert text(xml_of(known), "FormularData/sbsysCaseFileNumber") == "02.34.02-P19-12-26"
    assert known["References"] is None
    pending = filed(Mailbox(), tmp_path, with_case())
    assert xml_of(pending).find("FormularData/sbsysCaseFileNumber") is None
    assert pending["References"] == CASE


def test_a_repetition_has_the_same_message_id_and_another_document_another(tmp_path: Path) -> None:
    ids = [
        filed(Mailbox(), tmp_path, with_case(name=name))["Message-ID"] for name in ("a", "a", "b")
    ]
    assert ids == [f"<{reference(name)}@hjorring>" for name in ("a", "a", "b")]


def test_signs_that_xml_cannot_hold_and_lines_in_a_subject_do_no_harm(tmp_path: Path) -> None:
    case = replace(the_case(), title="Høring\r\nBcc: alle@example.dk")
    new = replace(with_case(title="Svar\x00 herfra\ufffe"), case=case)
    message = filed(Mailbox(), tmp_path, new)
    assert message["Subject"] == "Høring Bcc: alle@example.dk"
    assert message["Bcc"] is None
    assert text(xml_of(message), "DigitalForsendelse/Kvittering/TitelTekst") == "Svar herfra"


def test_a_document_whose_case_is_not_told_is_a_persons_to_file(tmp_path: Path) -> None:
    outcome = at(Mailbox(), tmp_path, lambda esdh: esdh.file_document(CASE, document()))
    assert isinstance(outcome, Refused)
    assert outcome.code == "esdh-case-unknown"


SURE = {
    "EHLO": [cut, said("421 Lukket")],
    "MAIL": [cut, said("451 Senere"), said("550 Nej")],
    "RCPT": [cut, said("450 Senere"), said("550 Ukendt")],
}


@pytest.mark.parametrize(
    ("command", "reply"), [(command, reply) for command in SURE for reply in SURE[command]]
)
def test_what_goes_wrong_before_the_message_is_sent_did_not_happen(
    tmp_path: Path, command: str, reply: Reply
) -> None:
    mailbox = Mailbox(**{command: reply})
    outcome = at(mailbox, tmp_path, lambda esdh: esdh.file_document(CASE, with_case()))
    assert outcome == Retry(reason="unreachable", may_have_happened=False)
    assert mailbox.received == []


def test_a_connection_cut_after_the_message_may_have_delivered_it(tmp_path: Path) -> None:
    mailbox = Mailbox(DATA=cut)
    outcome = at(mailbox, tmp_path, lambda esdh: esdh.file_document(CASE, with_case()))
    assert outcome == Retry(reason="connection-lost", may_have_happened=True)
    assert len(mailbox.received) == 1


def test_a_server_that_does_not_confirm_may_have_taken_it(tmp_path: Path) -> None:
    class Silent(Mailbox):
        async def handle_DATA(  # noqa: N802  # the library's name
            self, server: SMTP, session: Session, envelope: Envelope
        ) -> str:
            await super().handle_DATA(server, session, envelope)
            # It never answers; whoever stops the server ends the conversation.
            await asyncio.Event().wait()
            return "250 OK"

    ask = at(Silent(), tmp_path, lambda esdh: esdh.file_document(CASE, with_case()), seconds=1.5)
    assert ask == Retry(reason="connection-lost", may_have_happened=True)


@pytest.mark.parametrize("reply", [said("221 Farvel"), cut])
def test_how_the_farewell_goes_is_no_matter(tmp_path: Path, reply: Reply) -> None:
    filed(Mailbox(QUIT=reply), tmp_path, with_case())


def test_a_server_that_never_says_farewell_has_taken_it_all_the_same(tmp_path: Path) -> None:
    class Lingering(Mailbox):
        async def handle_QUIT(  # noqa: N802  # the library's name
            self, server: SMTP, session: Session, envelope: Envelope
        ) -> str:
            await super().handle_QUIT(server, session, envelope)
            await asyncio.Event().wait()
            return "221 Farvel"

    outcome = at(
        Lingering(), tmp_path, lambda esdh: esdh.file_document(CASE, with_case()), seconds=1.5
    )
    assert isinstance(outcome, Pending)


def test_a_message_that_is_declined_for_now_did_not_happen(tmp_path: Path) -> None:
    mailbox = Mailbox(DATA=said("452 Pladsmangel"))
    outcome = at(mailbox, tmp_path, lambda esdh: esdh.file_document(CASE, with_case()))
    assert outcome == Retry(reason="busy", may_have_happened=False)


def test_a_message_that_is_declined_for_good_goes_to_a_person(tmp_path: Path) -> None:
    mailbox = Mailbox(DATA=said("552 For stor"))
    outcome = at(mailbox, tmp_path, lambda esdh: esdh.file_document(CASE, with_case()))
    assert isinstance(outcome, Refused)
    assert outcome.code == "esdh-rejected"


def test_where_no_server_listens_nothing_happened(tmp_path: Path) -> None:
    async def run() -> object:
        async with served(Mailbox()) as port:
            pass
        async with open_esdh(settings_for(port, tmp_path), clock=SetClock(NOW)) as esdh:
            with pytest.raises(EsdhUnavailable):
                await esdh.check()
            return await esdh.file_document(CASE, with_case())

    assert asyncio.run(run()) == Retry(reason="unreachable", may_have_happened=False)


def test_encryption_that_the_settings_ask_for_is_not_done_without(tmp_path: Path) -> None:
    mailbox = Mailbox()
    server_context(tmp_path)

    async def run() -> object:
        async with served(mailbox) as port:
            settings = settings_for(port, tmp_path, tls="starttls")
            async with open_esdh(settings, clock=SetClock(NOW)) as esdh:
                return await esdh.file_document(CASE, with_case())

    assert asyncio.run(run()) == Retry(reason="unreachable", may_have_happened=False)
    assert mailbox.received == []


@pytest.mark.parametrize("given", ["kodeord", "forkert"])
def test_over_starttls_one_logs_in_with_the_password_of_the_environment(
    tmp_path: Path, given: str
) -> None:
    mailbox = Mailbox()
    context = server_context(tmp_path)

    async def run() -> tuple[list[str], object]:
        async with served(mailbox, context=context, password="kodeord") as port:  # noqa: S106  # nobody's
            settings = settings_for(port, tmp_path, tls="starttls", password=given)
            async with open_esdh(settings, clock=SetClock(NOW)) as esdh:
                return list(await esdh.check()), await esdh.file_document(CASE, with_case())

    sentences, outcome = asyncio.run(run())
    if given == "kodeord":
        assert sentences == []
        assert isinstance(outcome, Pending)
        assert len(mailbox.received) == 1
    else:
        assert sentences[0].startswith(f"{tmp_path / 'esdh.yaml'}: smtp.username: ")
        assert outcome == Retry(reason="unauthorised", may_have_happened=False)
        assert mailbox.received == []


@pytest.mark.parametrize(
    ("ask", "subject", "words"),
    [
        (lambda esdh: esdh.add_note(CASE, note()), "Notat: Mødet er flyttet", "<tirsdag>"),
        (lambda esdh: esdh.add_reminder(CASE, reminder()), "Erindring: Første svar", "09.11.2026"),
        (lambda esdh: esdh.finish_reminder(CASE, reference("r")), "Afslut en erindring", "JL-"),
        (
            lambda esdh: esdh.set_status(CASE, CaseStatus.CLOSED, "Afgjort"),
            "Sæt sagen til afsluttet",
            "Afgjort",
        ),
        (lambda esdh: esdh.change_handler(CASE, "karen"), "Skift sagsbehandler", "karen"),
        (lambda esdh: esdh.add_party(CASE, BO), "Tilføj en part", "Bo Bertelsen"),
    ],
)
def test_what_the_import_has_no_form_for_is_asked_of_people(
    tmp_path: Path, ask: Callable[[Esdh], Awaitable[object]], subject: str, words: str
) -> None:
    mailbox = Mailbox()
    outcome = at(mailbox, tmp_path, ask)
    message = message_of(mailbox)
    assert outcome == Pending(receipt=message["Message-ID"])
    assert message["To"] == "byggeri@hjorring.example"
    assert message["Subject"] == subject
    content = message.get_content()
    assert reference("case") in content
    assert words in content


def test_nothing_can_be_asked_of_a_mailbox(tmp_path: Path) -> None:
    async def ask(esdh: Esdh) -> None:
        assert not esdh.can_look_up
        assert await esdh.find_case(reference("case")) is None
        assert list(await esdh.cases_about("Strandvejen", "1021")) == []
        assert await esdh.references_on(CASE) == {}
        assert await esdh.is_protected(ANNA) is None
        pending, known = await esdh.case(CASE), await esdh.case("02.34.02-P19-12-26")
        assert pending is not None
        assert known is not None
        assert (pending.esdh_case.number, known.esdh_case.number) == ("", "02.34.02-P19-12-26")

    at(Mailbox(), tmp_path, ask)
