"""What a tender's fact says to one bidder, as a letter: for Digital Post and for paper."""

import asyncio
from typing import Final, cast

from events.ids import PartyId
from events.tender import TenderDrafted, TenderEvent
from events.tender_award import LotAwarded
from services.bidding.judged import judged_bid
from services.bidding.standing import standing_of
from services.catalogue.organisation import Organisation
from services.documents.kinds import PDF
from services.esdh.port import Company
from services.journal import letter_texts as texts
from services.journal.award_letter import award_letter
from services.journal.letterhead import letterhead_of
from services.journal.ports import Facts
from services.journal.typesetting import TypesettingFailed, pdf_of
from services.parties import Parties
from services.post.letter import Filed, PostLetter
from services.post.memo import File
from services.post.office import Unsendable
from services.post.ports import NewNotification

LABEL: Final = "Udbud"


class TenderLetters:
    """Letters of one organisation: each bidder's own about an award, as their page has it."""

    def __init__(self, organisation: Organisation, facts: Facts, parties: Parties) -> None:
        self._organisation, self._facts, self._parties = organisation, facts, parties
        self._head = letterhead_of(organisation)

    async def of(self, notification: NewNotification, recipient: PartyId) -> PostLetter:
        """As it was when the lot was awarded, whatever came later.

        Raises:
            Unsendable: there is nothing to send that a person could read.
        """
        history = await self._facts.history(notification.stream)
        until = [each for each in history if each.version <= notification.version]
        fact = until[-1] if until else None
        if fact is None or not isinstance(fact.event, LotAwarded):
            raise Unsendable("fact-gone")
        # The stream of a tender holds nothing but its events, the draft first.
        facts = [cast("TenderEvent", each.event) for each in until]
        drafted = cast("TenderDrafted", facts[0])
        judged = judged_bid(facts, standing_of(facts), fact.event.lot, recipient, self._name)
        if judged is None:
            raise Unsendable("letter-unwritable")
        letter = award_letter(drafted, fact.event, judged, self._organisation)
        try:
            content = await asyncio.to_thread(pdf_of, letter, self._head)
        except TypesettingFailed as strange:
            raise Unsendable("letter-unwritable") from strange
        filed = self._organisation.tenders
        return PostLetter(
            title=letter.title,
            main=File(media_type=PDF.media_type, name=letter.file_name, content=content),
            attachments=(),
            number=str(notification.matter.id),
            filed=None if filed is None else Filed(kle=filed.kle, label=LABEL),
            fact=fact,
        )

    def _name(self, somebody: str) -> str:
        known = self._parties.known(PartyId(somebody))
        if isinstance(known, Company):
            return known.name or f"CVR {known.cvr}"
        return texts.UNKNOWN_PARTY if known is None else known.name
