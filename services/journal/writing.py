"""Letters and documents as the sync gets them: off the loop, for both take their time."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from events.case import CaseOpened
from events.envelope import Recorded
from events.hearing import HearingPublished
from events.ids import HearingId
from services.catalogue.organisation import Organisation
from services.esdh.port import EsdhParty
from services.journal.letter import NOBODY
from services.journal.letterhead import letterhead_of
from services.journal.letters import letter_of
from services.journal.planning import matter_of
from services.journal.ports import Facts
from services.journal.tender_protocol import PROTOCOLLED
from services.journal.typesetting import TypesettingFailed, pdf_of
from services.journal.work import Typeset, Unfileable
from services.streams import hearing_stream, post_stream


class LetterWriter:
    """`services.journal.work.Typesetter` of one organisation."""

    def __init__(self, organisation: Organisation, facts: Facts) -> None:
        self._organisation = organisation
        self._head = letterhead_of(organisation)
        self._facts = facts
        self._titles: dict[HearingId, str] = {}

    async def letter(
        self,
        fact: Recorded,
        history: Sequence[Recorded],
        party: EsdhParty | None,
        *,
        protected: bool,
        called: Mapping[str, str] = NOBODY,
    ) -> Typeset:
        """Raises:
        Unfileable: nothing readable can be made of it.
        """
        try:
            letter = letter_of(
                fact,
                history,
                self._organisation,
                party,
                protected=protected,
                hearing_title=await self._hearing_title(history),
                called=called,
                post=await self._post(fact),
            )
            content = await asyncio.to_thread(pdf_of, letter, self._head)
        except (KeyError, ValueError, TypesettingFailed) as strange:
            detail = "The fact cannot be written as a letter."
            raise Unfileable("letter-unwritable", detail) from strange
        return Typeset(title=letter.title, file_name=letter.file_name, content=content)

    async def _hearing_title(self, history: Sequence[Recorded]) -> str | None:
        opened = next((fact.event for fact in history if isinstance(fact.event, CaseOpened)), None)
        if opened is None or opened.hearing is None:
            return None
        if opened.hearing not in self._titles:
            beginning = await self._facts.fact(hearing_stream(opened.hearing), 1)
            if beginning is None or not isinstance(beginning.event, HearingPublished):
                return None
            # A hearing keeps the title that it was published with.
            self._titles[opened.hearing] = beginning.event.title
        return self._titles[opened.hearing]

    async def _post(self, fact: Recorded) -> Sequence[Recorded]:
        event = fact.event
        if not isinstance(event, PROTOCOLLED):
            return ()
        return await self._facts.history(post_stream(matter_of(event)))


class FolderContents:
    """`services.journal.work.Contents` over the folder of a `DocumentStore`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def read(self, sha256: str) -> bytes:
        path = self._folder / sha256[:2] / sha256[2:]
        return await asyncio.to_thread(path.read_bytes)
