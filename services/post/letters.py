"""What a fact says to a party, as a letter with its documents: for Digital Post and for paper."""

from collections.abc import Sequence

from events.case import CaseOpened
from events.case_party_hearing import PartyHearingOpened
from events.document import Document
from events.envelope import Recorded
from events.ids import PartyId
from events.journal import MatterKind
from services.catalogue.organisation import Organisation
from services.documents.kinds import PDF
from services.esdh.port import EsdhParty
from services.journal.papers import brought
from services.journal.ports import Facts
from services.journal.procedure_letters import Procedural
from services.journal.work import Contents, Typesetter, Unfileable
from services.post.letter import Filed, PostLetter
from services.post.memo import File
from services.post.office import Unsendable
from services.post.ports import NewNotification
from services.post.seen_by import seen_by, withheld_from
from services.post.tender_letters import TenderLetters


class PostLetters:
    """Letters of one organisation. A fact that brings a PDF of its own is that letter."""

    def __init__(
        self,
        organisation: Organisation,
        facts: Facts,
        typesetter: Typesetter,
        contents: Contents,
        tenders: TenderLetters,
    ) -> None:
        self._organisation, self._facts = organisation, facts
        self._typesetter, self._contents = typesetter, contents
        self._tenders = tenders

    async def of(
        self, notification: NewNotification, recipient: PartyId, party: EsdhParty | None
    ) -> PostLetter:
        """The letter to `recipient`, whose official number and name are those of `party`.

        Raises:
            Unsendable: there is nothing to send that a person could read.
        """
        if notification.matter.kind is MatterKind.TENDER:
            return await self._tenders.of(notification, recipient)
        whole = await self._facts.history(notification.stream)
        history = seen_by(recipient, whole, self._organisation)
        fact = next((each for each in history if each.event_id == notification.event_id), None)
        opened = next((e.event for e in history if isinstance(e.event, CaseOpened)), None)
        if fact is None or opened is None:
            raise Unsendable("fact-gone")
        enclosed = documents_of(fact, history)
        if not withheld_from(recipient, whole).isdisjoint(each.document_id for each in enclosed):
            raise Unsendable("document-withheld")
        files = [await self._file(document) for document in enclosed]
        if (
            files
            and files[0].media_type == PDF.media_type
            and not isinstance(fact.event, Procedural)
        ):
            title = opened.subject
            main, attachments = files[0], files[1:]
        else:
            title, main = await self._typeset(fact, history, party)
            attachments = files
        return PostLetter(
            title=title,
            main=main,
            attachments=attachments,
            number=opened.reference,
            filed=self._filed(opened),
            fact=fact,
        )

    def _filed(self, opened: CaseOpened) -> Filed | None:
        service = self._organisation.versions.get((opened.service, opened.service_version))
        return None if service is None else Filed(kle=service.kle, label=service.title.da)

    async def _typeset(
        self,
        fact: Recorded,
        history: Sequence[Recorded],
        party: EsdhParty | None,
    ) -> tuple[str, File]:
        """The letter that also lies in the records system, with the name that is no secret here."""
        try:
            typeset = await self._typesetter.letter(fact, history, party, protected=False)
        except Unfileable as strange:
            raise Unsendable("letter-unwritable") from strange
        return typeset.title, File(
            media_type=PDF.media_type, name=typeset.file_name, content=typeset.content
        )

    async def _file(self, document: Document) -> File:
        try:
            content = await self._contents.read(document.sha256)
        except FileNotFoundError as gone:
            raise Unsendable("document-gone") from gone
        return File(media_type=document.media_type, name=document.name, content=content)


def documents_of(fact: Recorded, history: Sequence[Recorded]) -> list[Document]:
    """The documents that an event brings, and those of the case that a party is heard about."""
    if isinstance(fact.event, PartyHearingOpened):
        on_case = {each.document_id: each for fact in history for each in brought(fact.event)}
        return [on_case[each] for each in fact.event.material if each in on_case]
    return brought(fact.event)
