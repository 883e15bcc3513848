"""The way by Digital Post: a letter in MeMo, to whoever has the number."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from events.case import MeetingBooked, MeetingGivenFromWaitingList, MeetingMoved
from events.journal import Matter, MatterKind
from services.esdh.port import Company, EsdhParty, Person
from services.ids import derived_uuid4
from services.ports import Clock
from services.post.contact_points import ContactPoints
from services.post.description import Sender
from services.post.kombi import Transport
from services.post.letter import Filed, PostLetter
from services.post.letters import PostLetters
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
from services.post.pages import page_of
from services.post.ports import Answer, Mail

CASE_SYSTEM = "Julelys"


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitalPostMailer:
    """`services.post.office.Mailer`. The mail's own id is the message's, so every try has it."""

    organiser: str
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
        return Memo(
            message=mail.mail,
            label=cut_label(letter.title),
            sender=Party(id=self.sender.cvr, id_type="CVR", label=self.sender.label),
            recipient=_recipient(official),
            case_number=letter.number,
            case_system=CASE_SYSTEM,
            kle=self._kle(letter.filed),
            created_at=self.clock.now(),
            main=letter.main,
            attachments=letter.attachments,
            actions=[
                *_appointments(letter, self.organiser),
                _page(self.site, mail.notifications[0].matter),
            ],
        )

    def _kle(self, filed: Filed | None) -> Kle | None:
        if self.kle_version is None or filed is None:
            return None
        return Kle(
            subject=filed.kle.subject,
            facet=filed.kle.facet,
            label=filed.label,
            version=self.kle_version,
        )


def _page(site: str, matter: Matter) -> Action:
    label = "Se udbuddet" if matter.kind is MatterKind.TENDER else "Se sagen"
    return Action(label=label, code="SELVBETJENING", url=page_of(site, matter))


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
