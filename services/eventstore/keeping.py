"""Facts as views keep them: what is personal in them is sealed for the rows it goes to."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from events.case import CaseOpened
from events.envelope import Recorded
from events.ids import CaseId
from events.tender import TenderEvent
from projections.search_words import Findable
from services import codec
from services.eventstore.session import Server, Session
from services.eventstore.whose_cases import WhoseCases
from services.privacy.blind_index import BlindIndex
from services.privacy.data_subject import case_of, data_subject
from services.privacy.keeping import ITEM, Seal, has_words, kept_event
from services.privacy.key_ring import KeyRing
from services.privacy.person_keys import ORGANISATION, PersonKeys
from services.privacy.sealer import Sealer
from services.privacy.words import sealed_words

_SUBJECT: Final = "subject"


class KeptFacts:
    """Of one organisation. Safe to share between threads."""

    def __init__(self, organisation: str, ring: KeyRing) -> None:
        self._keys = PersonKeys(organisation, ring)
        self._cases = WhoseCases()
        self._server: Server | None = None

    def of(self, session: Session, facts: Sequence[Recorded]) -> list[Recorded]:
        """The same facts, in their order; those with nothing personal in them as they are.

        Whoever they are about who has no key yet gets one, which is so for what was written before
        anything was sealed.

        Raises:
            KekMissing: a key is wrapped by one that is not on the ring.
        """
        personal = [fact for fact in facts if codec.is_personal(type(fact.event))]
        personal = [fact for fact in personal if has_words(fact.event)]
        if not personal:
            return list(facts)
        if session.server != self._server:
            # An older day may have been brought back, which does not know the keys made since.
            self._keys.forget()
            self._server = session.server
        parties = self._cases.of(session, [(fact.event, fact.envelope) for fact in personal])
        persons = {fact.position: _person(fact, parties) for fact in personal}
        sealer = self._keys.prepare(session, {*persons.values(), ORGANISATION})
        index = BlindIndex(sealer)
        return [
            fact
            if (person := persons.get(fact.position)) is None
            else replace(fact, event=kept_event(fact.event, _seal(fact, person, sealer, index)))
            for fact in facts
        ]


def _person(fact: Recorded, parties: Mapping[CaseId, str]) -> str:
    return data_subject(fact.event, fact.envelope, parties)


def _row(fact: Recorded) -> str:
    """The column, and what it holds, of the rows that the fact goes to."""
    case_id = case_of(fact.event)
    if case_id is not None:
        return f"case_id={case_id}"
    if isinstance(fact.event, TenderEvent):
        return f"tender_id={fact.event.tender_id}"
    return f"stream={fact.stream}"


def _seal(fact: Recorded, person: str, sealer: Sealer, index: BlindIndex) -> Seal:
    row = _row(fact)
    is_opened = isinstance(fact.event, CaseOpened)

    def seal(path: str, value: object) -> str:
        if path == ITEM:
            # The name of something asked for is compared, whoever says it, so one key seals it and
            # its place does not tell which fact it is from.
            return sealed_words(sealer, ORGANISATION, f"{row}/{path}", value)
        text = sealed_words(sealer, person, f"{row}/{fact.position}/{path}", value)
        if is_opened and path == _SUBJECT and isinstance(value, str):
            return Findable.by(text, index.beginnings(value))
        return text

    return seal
