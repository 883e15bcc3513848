"""Every text that a fact holds is personal or is not, and nobody adds one without saying which."""

from collections.abc import Iterator
from dataclasses import is_dataclass, replace
from types import UnionType
from typing import Annotated, Final, Union, get_args, get_origin, get_type_hints

import pytest

from events.catalogue import WIRE_NAMES, Event
from events.personal import FORGOTTEN, Mark
from services.codec import decode, encode, is_personal, key_ids
from services.privacy.data_subject import case_of, named_party
from services.privacy.marks import Sealing, personal_fields
from services.privacy.sealed import KEY_ID_BYTES, NONCE_BYTES, KeyDestroyed, key_of
from services.relay.spreading import SPREAD
from tests.events.leaves import found, leaves
from tests.events.test_catalogue import GOLDEN
from tests.examples import meeting_case_opened

CODE: Final = "a name in the service's description, which is public"
NUMBER: Final = "a number that says nothing by itself"
OURS: Final = "a sentence or code of this program's own"
PLACE: Final = "a meeting place of the authority's"
FILE: Final = "what kind of file it is, or the hash that its bytes lie under"
LAND: Final = "a public register's number for a piece of land"
TAUGHT: Final = "words of the service's description, the same for everybody"
SYSTEM: Final = "an id or code that another system gave"
PUBLISHED: Final = "published by the authority itself"
SEALED: Final = "a public key, or what nobody can read without the private one"

NOT_PERSONAL: Final[dict[str, str]] = {
    "CaseOpened.service": CODE,
    "CaseOpened.reference": NUMBER,
    "NextStepsAnnounced.steps.text.da": TAUGHT,
    "NextStepsAnnounced.steps.text.en": TAUGHT,
    "PartyWrote.documents.sha256": FILE,
    "PartyWrote.documents.media_type": FILE,
    "CaseworkerWrote.documents.sha256": FILE,
    "CaseworkerWrote.documents.media_type": FILE,
    "PartyAddedDocument.document.sha256": FILE,
    "PartyAddedDocument.document.media_type": FILE,
    "CaseworkerAddedDocument.document.sha256": FILE,
    "CaseworkerAddedDocument.document.media_type": FILE,
    "MeetingBooked.meeting.place": PLACE,
    "MeetingMissed.meeting.place": PLACE,
    "MeetingMoved.meeting.place": PLACE,
    "MeetingGivenFromWaitingList.meeting.place": PLACE,
    "HearingResponseAnswered.answers": PUBLISHED,
    "PartyHearingAnswered.documents.sha256": FILE,
    "PartyHearingAnswered.documents.media_type": FILE,
    "CompletionNotified.documents.sha256": FILE,
    "CompletionNotified.documents.media_type": FILE,
    "RedactedCopyAdded.document.sha256": FILE,
    "RedactedCopyAdded.document.media_type": FILE,
    "RetentionClassed.basis": TAUGHT,
    "RetentionBegan.basis": TAUGHT,
    "PropertyIdentified.property.parcels.number": LAND,
    "PropertyIdentified.property.municipality": LAND,
    "PropertyStated.property.parcels.number": LAND,
    "PropertyStated.property.municipality": LAND,
    "HearingPublished.title": PUBLISHED,
    "HearingPublished.description": PUBLISHED,
    "HearingPublished.material": PUBLISHED,
    "HearingMaterialAdded.material": PUBLISHED,
    "HearingAnswerDrafted.theme": PUBLISHED,
    "HearingAnswerDrafted.answer": PUBLISHED,
    "HearingConcluded.summary": PUBLISHED,
    "HearingConcluded.answers.theme": PUBLISHED,
    "HearingConcluded.answers.answer": PUBLISHED,
    "HearingCancelled.reason": PUBLISHED,
    "SlotsPublished.slots.place": PLACE,
    "EsdhCaseLinked.esdh_case.id": SYSTEM,
    "EsdhCaseLinked.esdh_case.number": SYSTEM,
    "EsdhCaseRenumbered.esdh_case.id": SYSTEM,
    "EsdhCaseRenumbered.esdh_case.number": SYSTEM,
    "EsdhCaseRenumbered.former_number": SYSTEM,
    "EsdhCaseChoiceRequested.candidates.esdh_case.id": SYSTEM,
    "EsdhCaseChoiceRequested.candidates.esdh_case.number": SYSTEM,
    "EsdhCaseChoiceRequested.candidates.status": SYSTEM,
    "EsdhCaseChosen.esdh_case.id": SYSTEM,
    "EsdhCaseChosen.esdh_case.number": SYSTEM,
    "Journalised.fact": OURS,
    "Journalised.esdh_case.id": SYSTEM,
    "Journalised.esdh_case.number": SYSTEM,
    "Journalised.receipts": SYSTEM,
    "JournalisingRefused.code": OURS,
    "JournalisingRefused.detail": OURS,
    "JournalDifferenceFound.reference": OURS,
    "JournalDifferenceFound.esdh_case.id": SYSTEM,
    "JournalDifferenceFound.esdh_case.number": SYSTEM,
    "JournalDifferenceSettled.reference": OURS,
    "NotificationQueued.fact": OURS,
    "NotificationSent.receipt": SYSTEM,
    "NotificationBounced.status": SYSTEM,
    "NotificationFailed.code": OURS,
    "AwardAnnulled.reason": PUBLISHED,
    "BidOpened.documents.media_type": FILE,
    "BidOpened.documents.sha256": FILE,
    "BidReceived.envelope.commitment": SEALED,
    "BidReceived.envelope.sha256": FILE,
    "BidReceived.envelope.shares.commitment": SEALED,
    "BidReceived.envelope.shares.sealed": SEALED,
    "BidScored.criterion": PUBLISHED,
    "BidUnreadable.code": OURS,
    "DeadlineMoved.reason": PUBLISHED,
    "DeadlineProposed.reason": PUBLISHED,
    "LotAwarded.reasons": PUBLISHED,
    "MemberKeyRegistered.public_key": SEALED,
    "MemberReplaced.shares.share.commitment": SEALED,
    "MemberReplaced.shares.share.sealed": SEALED,
    "OpeningRefused.code": OURS,
    "ParticipationRequestOpened.documents.media_type": FILE,
    "ParticipationRequestOpened.documents.sha256": FILE,
    "ParticipationRequested.documents.media_type": FILE,
    "ParticipationRequested.documents.sha256": FILE,
    "QuestionAnswered.answer": PUBLISHED,
    "QuestionAnswered.text": PUBLISHED,
    "ReplacementBegan.public_key": SEALED,
    "TenderAmended.material": PUBLISHED,
    "TenderAmended.text": PUBLISHED,
    "TenderCancelled.reason": PUBLISHED,
    "TenderDrafted.criteria.name": PUBLISHED,
    "TenderDrafted.description": PUBLISHED,
    "TenderDrafted.lots.title": PUBLISHED,
    "TenderDrafted.title": PUBLISHED,
    "TenderMaterialAdded.material": PUBLISHED,
}
"""Every text that is not sealed, and why. Ids of `events.ids` are pseudonyms or say nothing."""


def texts(hint: object, path: str) -> Iterator[str]:
    """Where within a type there is text that is not sealed."""
    if get_origin(hint) is Annotated:
        inner, *marks = get_args(hint)
        if Mark.PUBLIC in marks:
            yield path
        elif Mark.PERSONAL not in marks:
            yield from texts(inner, path)
    elif hint is str:
        yield path
    elif get_origin(hint) is tuple or get_origin(hint) in {Union, UnionType}:
        for member in get_args(hint):
            yield from texts(member, path)
    elif isinstance(hint, type) and is_dataclass(hint):
        for name, inner in get_type_hints(hint, include_extras=True).items():
            yield from texts(inner, f"{path}.{name}")


def test_every_text_is_sealed_or_it_is_said_why_not() -> None:
    open_texts = {path for cls in WIRE_NAMES for path in texts(cls, cls.__name__)}
    assert open_texts == NOT_PERSONAL.keys()


PERSONAL_CLASSES: Final = [cls for cls in WIRE_NAMES if is_personal(cls)]


@pytest.mark.parametrize("cls", PERSONAL_CLASSES, ids=lambda cls: cls.__name__)
def test_whose_data_it_is_can_always_be_answered(cls: type[Event]) -> None:
    event = next(event for *_, event in GOLDEN if type(event) is cls)
    assert named_party(event) is not None or case_of(event) is not None


@pytest.mark.parametrize("cls", PERSONAL_CLASSES, ids=lambda cls: cls.__name__)
def test_nothing_personal_is_published(cls: type[Event]) -> None:
    def published(of: type, within: str = "") -> Iterator[str]:
        for field in SPREAD[of]:
            yield f"{within}{field}"
            for inner in classes(get_type_hints(of)[field]):
                yield from published(inner, f"{within}{field}.")

    assert set(published(cls)).isdisjoint(
        ".".join(path) for path, _ in leaves(personal_fields(cls))
    )


def classes(hint: object) -> Iterator[type]:
    if isinstance(hint, type) and is_dataclass(hint):
        yield hint
    for member in get_args(hint):
        yield from classes(member)


def reversed_seal(path: str, value: bytes) -> bytes:
    """No seal at all, but what it was given and for what can be seen."""
    return bytes(KEY_ID_BYTES - 1) + b"\7" + bytes(NONCE_BYTES) + f"{path}:".encode() + value[::-1]


def reversed_opening(path: str, sealed: bytes) -> bytes:
    told, _, value = sealed[KEY_ID_BYTES + NONCE_BYTES :].partition(b":")
    assert told == path.encode()
    return value[::-1]


@pytest.mark.parametrize(("name", "stored", "event"), GOLDEN, ids=[name for name, *_ in GOLDEN])
def test_what_is_sealed_is_opened_at_the_same_path(name: str, stored: str, event: Event) -> None:
    told, sealed = encode(event, reversed_seal)
    assert told == name
    assert decode(name, sealed, reversed_opening) == event
    has_words = bool(key_ids(sealed))
    assert (sealed != stored.encode()) is has_words
    assert key_ids(sealed) <= {7}
    assert not has_words or is_personal(type(event))


def forgotten(_path: str, sealed: bytes) -> bytes:
    raise KeyDestroyed(key_of(sealed))


@pytest.mark.parametrize("event", [event for *_, event in GOLDEN], ids=lambda e: type(e).__name__)
def test_what_is_forgotten_is_still_an_event_of_its_class(event: Event) -> None:
    name, sealed = encode(event, reversed_seal)
    left = decode(name, sealed, forgotten)
    assert type(left) is type(event)
    for path, kind in leaves(personal_fields(type(event))):
        for before, after in zip(found(event, path), found(left, path), strict=True):
            gone = FORGOTTEN if kind is Sealing.TEXT else ()
            assert after == (None if before is None else gone)


def test_words_that_look_sealed_are_only_words() -> None:
    told = replace(meeting_case_opened, subject='{"sealed":"AAAA"}')
    assert decode(*encode(told)) == told
    assert decode(*encode(told, reversed_seal), reversed_opening) == told
