"""The way by Digital Post: a letter in MeMo, to whoever has the number."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from events.case import CaseOpened, MeetingBooked, MeetingGivenFromWaitingList, MeetingMoved
from services.catalogue.organisation import Organisation
from services.esdh.port import Company, EsdhParty, Person
from services.ids import derived_uuid4
from services.ports import Clock
from services.post.contact_points import ContactPoints
from services.post.description import Sender
from services.post.kombi import Transport
from services.post.letters import PostLetter, PostLetters
from services.post.memo import (
    Action,
    Appointment,
    Kle,
    Memo,
    MemoInvalid,
    Party,
    cut_label,
    memo_xml,
)
from services.post.office import Unsendable
from services.post.ports import Answer, Mail

CASE_SYSTEM = "Julelys"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalPostMailer:
    """`services.post.office.Mailer`. The mail's own id is the message's, so every try has it."""

    organisation: Organisation
    sender: Sender
    site: str
    kle_version: str | None
    letters: PostLetters
    contact_points: ContactPoints
    transport: Transport
    clock: Clock

    async def prepare(self, mail: Mail) -> Callable[[], Awaitable[Answer]]:
        """Raises:
        Unsendable: nobody knows the party's number, or nothing readable can be made of it.
        """
        official = self.contact_points.of(mail.party).official
        if official is None:
            raise Unsendable("number-missing")
        (notification,) = mail.notifications
        letter = await self.letters.of(notification, mail.party, official)
        try:
            memo = memo_xml(self._memo(mail, letter, official))
        except MemoInvalid as strange:
            raise Unsendable("memo-invalid") from strange
        return partial(self.transport.send, mail.mail, memo)

    def _memo(self, mail: Mail, letter: PostLetter, official: EsdhParty) -> Memo:
        case_id = mail.notifications[0].case_id
        return Memo(
            message=mail.mail,
            label=cut_label(letter.title),
            sender=Party(id=self.sender.cvr, id_type="CVR", label=self.sender.label),
            recipient=_recipient(official),
            case_number=letter.opened.reference,
            case_system=CASE_SYSTEM,
            kle=self._kle(letter.opened),
            created_at=self.clock.now(),
            main=letter.main,
            attachments=letter.attachments,
            actions=[
                *_appointments(letter, self.organisation.name.da),
                Action(label="Se sagen", code="SELVBETJENING", url=f"{self.site}/cases/{case_id}"),
            ],
        )

    def _kle(self, opened: CaseOpened) -> Kle | None:
        if self.kle_version is None:
            return None
        service = self.organisation.version(opened.service, opened.service_version)
        return Kle(
            subject=service.kle.subject,
            facet=service.kle.facet,
            label=service.title.da,
            version=self.kle_version,
        )


def _recipient(official: EsdhParty) -> Party:
    match official:
        case Person():
            return Party(id=official.cpr, id_type="CPR", label=official.name or None)
        case Company():
            return Party(id=official.cvr, id_type="CVR", label=official.name or None)


def _appointments(letter: PostLetter, organiser: str) -> list[Action]:
    event = letter.fact.event
    if not isinstance(event, MeetingBooked | MeetingMoved | MeetingGivenFromWaitingList):
        return []
    meeting = event.meeting
    appointment = Appointment(
        id=derived_uuid4(event.case_id, "meeting"),
        title="Møde",
        description=f"Møde med {organiser}",
        place=meeting.place,
        starts_at=meeting.starts_at,
        ends_at=meeting.ends_at,
    )
    return [Action(label="Læg mødet i kalenderen", code="AFTALE", appointment=appointment)]
