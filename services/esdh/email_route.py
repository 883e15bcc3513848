"""The e-mail route: a mailbox that SBSYS imports, for a municipality without its Web API.

Nothing can be asked of a mailbox. What went out is `Pending` for good, a case's number is known
only when a person gives it, and what may have been sent is never sent again by itself.
"""

from collections.abc import Mapping, Sequence
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Final

import aiosmtplib

from events.journal import EsdhCase
from services.esdh.description import Email
from services.esdh.os2forms import CASE_NUMBER_FIELD, FILE_NAME, os2forms_xml
from services.esdh.port import (
    CaseOutcome,
    CaseStanding,
    CaseStatus,
    EsdhParty,
    EsdhUnavailable,
    NewCase,
    NewDocument,
    NewNote,
    NewReminder,
    Outcome,
    Pending,
)
from services.esdh.port import Refused as RefusedThere
from services.esdh.sbsys_bodies import DATED, cut
from services.esdh.sbsys_outcomes import TEMPLATE_UNKNOWN
from services.esdh.smtp import SmtpSender
from services.ids import new_id
from services.ports import Clock

SUBJECT_AT_MOST: Final = 200

CASE_UNKNOWN: Final = RefusedThere(
    code="esdh-case-unknown",
    detail="By e-mail a document can only be filed together with what its case is about. File it"
    " by hand.",
)
STATUSES: Final = {
    CaseStatus.OPEN: "åben",
    CaseStatus.DORMANT: "hvilende",
    CaseStatus.CLOSED: "afsluttet",
}


class EmailEsdh:
    """A case has the id `<reference@organisation>` until a person gives its number.

    What SBSYS's import has no form for (notes, reminders, status, handler, parties) goes as a
    plain e-mail to people, who do it there. `file` is the one the settings come from.
    """

    can_look_up = False

    def __init__(
        self, settings: Email, sender: SmtpSender, *, organisation: str, file: Path, clock: Clock
    ) -> None:
        self._settings, self._sender, self._clock = settings, sender, clock
        self._organisation, self._file = organisation, file

    async def check(self) -> Sequence[str]:
        """Whether the mail server lets us in; what the mailbox's import knows cannot be asked."""
        try:
            await self._sender.greet()
        except aiosmtplib.SMTPAuthenticationError:
            sentence = "smtp.username: The mail server refuses the user name or the password."
            return [f"{self._file}: {sentence} Mend it, or the secret of 'password_variable'."]
        except (aiosmtplib.SMTPException, OSError, TimeoutError):
            raise EsdhUnavailable("unreachable") from None
        return []

    async def find_case(self, reference: str) -> CaseStanding | None:  # noqa: ARG002  # see can_look_up
        return None

    async def cases_about(self, words: str, template: str) -> Sequence[CaseStanding]:  # noqa: ARG002  # see can_look_up
        return []

    async def case(self, esdh_id: str) -> CaseStanding | None:
        """As far as anybody knows here it is open."""
        number = "" if self._is_pending(esdh_id) else esdh_id
        return CaseStanding(
            esdh_case=EsdhCase(id=esdh_id, number=number), title="", status=CaseStatus.OPEN
        )

    async def references_on(self, esdh_id: str) -> Mapping[str, str]:  # noqa: ARG002  # see can_look_up
        return {}

    async def is_protected(self, party: EsdhParty) -> bool | None:  # noqa: ARG002  # see below
        """Nobody can be asked."""
        return None

    async def open_case(self, new: NewCase) -> CaseOutcome:
        """Sends nothing: the import opens the case when its first document comes."""
        if new.template not in self._settings.templates:
            return TEMPLATE_UNKNOWN
        return Pending(receipt=self._message_id(new.reference))

    async def file_document(self, esdh_id: str, new: NewDocument) -> Outcome:
        case = new.case
        if case is None:
            return CASE_UNKNOWN
        template = self._settings.templates.get(case.template)
        if template is None:
            return TEMPLATE_UNKNOWN
        fields = {"dokumentReference": new.reference, "sagReference": case.reference}
        if not self._is_pending(esdh_id):
            fields[CASE_NUMBER_FIELD] = esdh_id
        message = self._message(self._settings.to, case.title, new.reference)
        if self._is_pending(esdh_id):
            # All that belongs to one new case is one conversation, for whoever reads the mailbox.
            message["References"] = esdh_id
        dated = f"{DATED[new.direction]} {new.date:%d.%m.%Y}"
        access = "Kan udleveres" if new.access else "Skal vurderes, før den udleveres"
        self._write(message, [new.title, dated, f"Aktindsigt: {access}.", new.reference])
        xml = os2forms_xml(template, case, title=cut(new.title, SUBJECT_AT_MOST), fields=fields)
        message.add_attachment(xml, maintype="application", subtype="xml", filename=FILE_NAME)
        main, _, sub = new.media_type.partition("/")
        name = cut(new.file_name, SUBJECT_AT_MOST)
        message.add_attachment(
            new.content, maintype=main, subtype=sub or "octet-stream", filename=name
        )
        return await self._sender.send(message)

    async def add_note(self, esdh_id: str, new: NewNote) -> Outcome:
        at = f"{new.at:%d.%m.%Y kl. %H.%M}"
        return await self._ask_people(
            esdh_id, f"Notat: {new.heading}", [at, *new.text.splitlines()], new.reference
        )

    async def add_reminder(self, esdh_id: str, new: NewReminder) -> Outcome:
        lines = [f"Opret en erindring med frist {new.due_on:%d.%m.%Y}.", new.reference]
        return await self._ask_people(esdh_id, f"Erindring: {new.name}", lines, new.reference)

    async def finish_reminder(self, esdh_id: str, reference: str) -> Outcome:
        return await self._ask_people(esdh_id, "Afslut en erindring", [reference])

    async def set_status(self, esdh_id: str, status: CaseStatus, comment: str) -> Outcome:
        return await self._ask_people(esdh_id, f"Sæt sagen til {STATUSES[status]}", [comment])

    async def change_handler(self, esdh_id: str, user: str) -> Outcome:
        return await self._ask_people(esdh_id, "Skift sagsbehandler", [f"Ny: {user}"])

    async def add_party(self, esdh_id: str, party: EsdhParty) -> Outcome:
        return await self._ask_people(esdh_id, "Tilføj en part", [party.name])

    async def _ask_people(
        self, esdh_id: str, subject: str, lines: Sequence[str], reference: str | None = None
    ) -> Outcome:
        """Without a reference it may be repeated, and a person sees that it is the same."""
        message = self._message(self._settings.people_to, subject, reference or str(new_id()))
        if self._is_pending(esdh_id):
            message["References"] = esdh_id
        self._write(message, [f"Sag: {esdh_id.strip('<>')}", *lines])
        return await self._sender.send(message)

    def _message(self, to: str, subject: str, reference: str) -> EmailMessage:
        # Seven bits everywhere: not every server on the way takes more.
        message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
        message["From"], message["To"] = self._settings.sender, to
        message["Subject"] = cut(subject, SUBJECT_AT_MOST)
        message["Date"] = self._clock.now()
        message["Message-ID"] = self._message_id(reference)
        return message

    def _write(self, message: EmailMessage, lines: Sequence[str]) -> None:
        message.set_content("".join(f"{line}\n" for line in lines))

    def _message_id(self, reference: str) -> str:
        """The same for the same reference, so that a repetition is recognisable."""
        return f"<{reference}@{self._organisation}>"

    def _is_pending(self, esdh_id: str) -> bool:
        return esdh_id.startswith("<")
