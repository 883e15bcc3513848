"""What lies in the log is sealed by its person's key, wherever it is read from or brought back."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import psycopg
import pytest

from events.case import PartyWrote
from events.catalogue import Event
from events.document import Document
from events.envelope import Envelope
from events.ids import ActorId, CaseId, NoteId, PartyId
from events.journal import Matter, MatterKind
from events.note import NoteWritten
from events.older import UPCASTERS, Payload
from events.personal import FORGOTTEN
from services import codec
from services.database import Row, connect
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.ports import CommandWrite, Repeated, StreamWrite, Undecodable, Written
from services.privacy.key_ring import KekMissing, KeyRing
from services.privacy.person_keys import ORGANISATION, PersonKeys, require_ring
from services.privacy.sealed import SealBroken
from services.streams import case_stream
from tests.events.leaves import words
from tests.events.test_catalogue import GOLDEN
from tests.examples import (
    caseworker_wrote,
    choice_requested,
    meeting_case_opened,
    party_wrote,
)
from tests.keys import RING
from tests.post_examples import preferences_set
from tests.procedure_examples import note_written, party_hearing_opened
from tests.services.writes import HEARING

WORDS: Final = "Naboens hund gør hele natten"
ANNA: Final = meeting_case_opened.party
NABO: Final = PartyId("person:nabo")
CASE: Final = meeting_case_opened.case_id
OF_CASE: Final = Matter(kind=MatterKind.CASE, id=CASE)
OF_HEARING: Final = Matter(kind=MatterKind.HEARING, id=HEARING)


@dataclass(frozen=True)
class Town:
    """A store, and a connection that looks behind it."""

    conninfo: str
    organisation: str
    store: PostgresEventStore
    db: psycopg.Connection[Row]

    def write(self, stream: str, *written: Event, by: str = "staff:karen") -> object:
        return self.append(command(stream, self.store.read(stream).version, written, by))

    def append(self, *writes: CommandWrite) -> object:
        [outcome] = self.store.append(writes)
        return outcome

    def stored(self) -> bytes:
        """Every byte that the log and the commands hold."""
        rows = self.db.execute("""SELECT state || convert_to(metadata::text, 'UTF8') FROM events
            UNION ALL SELECT fingerprint || answer FROM command""").fetchall()
        return b"\n".join(row[0] for row in rows if isinstance(row[0], bytes))

    def keys(self) -> dict[str, int]:
        rows = self.db.execute("SELECT person, key_id FROM person_key WHERE wrapped IS NOT NULL")
        return {str(person): int(str(key_id)) for person, key_id in rows.fetchall()}

    def key_ids(self, stream: str, version: int) -> set[int]:
        ((state,),) = self.db.execute(
            "SELECT state FROM events WHERE originator_id = %s AND originator_version = %s",
            [stream, version],
        ).fetchall()
        assert isinstance(state, bytes)
        return codec.key_ids(state)

    @contextmanager
    def tampering(self) -> Iterator[None]:
        """Only who owns the server can: the log refuses changes."""
        self.db.execute("SET session_replication_role = replica")
        yield
        self.db.execute("RESET session_replication_role")

    @contextmanager
    def another_process(self) -> Iterator[PostgresEventStore]:
        with PostgresEventStore(self.conninfo, self.organisation, RING) as store:
            yield store


def command(
    stream: str,
    version: int,
    written: Sequence[Event],
    by: str = "staff:karen",
    answer: bytes = b"{}",
    on_behalf_of: str | None = None,
) -> CommandWrite:
    return CommandWrite(
        envelope=Envelope(
            organisation="hjorring",
            actor=ActorId(by),
            on_behalf_of=None if on_behalf_of is None else PartyId(on_behalf_of),
            command_id=new_id(),
            correlation_id=new_id(),
            causation_id=None,
            service_version=None,
            traceparent=None,
        ),
        fingerprint=b"fingerprint",
        answer=answer,
        streams=(StreamWrite(stream=stream, expected_version=version, events=written),),
    )


@pytest.fixture
def town(postgres: str, organisation: str) -> Iterator[Town]:
    with (
        PostgresEventStore(postgres, organisation, RING) as store,
        connect(postgres, organisation) as db,
    ):
        yield Town(postgres, organisation, store, db)


PERSONAL: Final = [event for *_, event in GOLDEN if codec.is_personal(type(event))]


def test_every_event_comes_back_and_none_of_its_words_lie_in_the_log(town: Town) -> None:
    for number, event in enumerate(PERSONAL):
        assert isinstance(town.write(f"some-{number}", event), Written)
        assert list(town.store.read(f"some-{number}").events) == [event]
    with town.another_process() as other:
        facts, _ = other.read_log(after=0, limit=1_000)
        assert [fact.event for fact in facts] == PERSONAL
        assert [other.read_recorded(fact.stream)[0].event for fact in facts] == PERSONAL

    said = {text for event in PERSONAL for text in words(event)}
    lying = town.stored()
    assert len(said) > 30
    assert [text for text in said if text.encode() in lying] == []
    # The search finds what is not personal, in the very same rows.
    assert meeting_case_opened.service.encode() in lying


def test_a_command_is_kept_sealed_and_answered_as_before(town: Town) -> None:
    write = command("some", 0, [party_wrote], by=ANNA, answer=WORDS.encode())
    assert isinstance(town.append(write), Written)

    assert WORDS.encode() not in town.stored()
    assert b"fingerprint" not in town.stored()
    with town.another_process() as other:
        [again] = other.append([write])
        kept = other.repeated(write.envelope.command_id)
    assert isinstance(again, Repeated)
    assert kept == again
    assert (again.fingerprint, again.answer) == (b"fingerprint", WORDS.encode())


def test_what_was_kept_of_one_command_is_no_answer_to_another(town: Town) -> None:
    one, other = (command(name, 0, [party_wrote], answer=name.encode()) for name in ("a", "b"))
    town.store.append([one, other])
    with town.tampering():
        town.db.execute(
            "UPDATE command SET answer = (SELECT answer FROM command WHERE command_id = %s)",
            [one.envelope.command_id],
        )
    assert town.store.repeated(one.envelope.command_id) is not None
    with pytest.raises(SealBroken):
        town.store.repeated(other.envelope.command_id)


def test_a_fact_moved_to_another_row_is_not_read(town: Town) -> None:
    for stream in ("a", "b"):
        town.write(stream, party_wrote, replace(party_wrote, text=WORDS), by=ANNA)
    with town.tampering():
        town.db.execute("""UPDATE events AS e SET state = o.state FROM events AS o
            WHERE (e.originator_id, e.originator_version) IN (('b', 1), ('a', 2))
                AND (o.originator_id, o.originator_version) = ('a', 1)""")
    assert town.store.read("a", up_to=1).events == (party_wrote,)
    for stream, version in (("b", 1), ("a", 2)):
        with pytest.raises(SealBroken):
            town.store.read(stream, after=version - 1, up_to=version)
        with pytest.raises(Undecodable):
            town.store.read_recorded(stream, after=version - 1, up_to=version)


def test_what_was_stored_before_anything_was_sealed_is_still_read(town: Town) -> None:
    town.write("some", party_wrote, by=ANNA)
    name, plain = codec.encode(party_wrote)
    with town.tampering():
        town.db.execute("UPDATE events SET state = %s, topic = %s", [plain, name])
        town.db.execute("UPDATE command SET fingerprint = 'old', answer = 'as it was'")
    assert town.store.read("some").events == (party_wrote,)
    ((command_id,),) = town.db.execute("SELECT command_id FROM command").fetchall()
    kept = town.store.repeated(command_id)  # type: ignore[arg-type]  # a uuid column
    assert kept is not None
    assert (kept.fingerprint, kept.answer) == (b"old", b"as it was")


def test_an_older_form_that_was_sealed_is_opened_and_then_brought_up_to_date(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was sealed for the name and the paths that it had then."""
    keys = PersonKeys(town.organisation, RING).prepare(town.db, [ANNA])
    place = ("some", "1", "test.said.v1", "said.words")
    sealed = keys.seal(ANNA, place, f'"{WORDS}"'.encode())

    def to_today(payload: Payload) -> tuple[str, Payload]:
        said = payload["said"]
        assert isinstance(said, dict)
        return "note.written.v1", {"case_id": str(CASE), "note": str(CASE), "text": said["words"]}

    monkeypatch.setitem(UPCASTERS, "test.said.v1", to_today)
    stored = f'{{"said":{{"words":{{"sealed":"{base64.b64encode(sealed).decode()}"}}}}}}'
    town.write("some", note_written)
    with town.tampering():
        town.db.execute("UPDATE events SET topic = 'test.said.v1', state = %s", [stored.encode()])
    assert town.store.read("some").events == (
        NoteWritten(case_id=CASE, note=NoteId(CASE), text=WORDS),
    )


@pytest.mark.parametrize(
    ("event", "by", "on_behalf_of", "person"),
    [
        (replace(party_wrote, case_id=CASE), ANNA, None, ANNA),
        (replace(party_wrote, case_id=CASE), "person:mor", ANNA, ANNA),
        (replace(party_wrote, case_id=CASE), "person:bo", None, "person:bo"),
        (replace(caseworker_wrote, case_id=CASE), "staff:karen", None, ANNA),
        (replace(caseworker_wrote, case_id=CASE), "system:clockwork", None, ANNA),
        (replace(party_hearing_opened, case_id=CASE, party=NABO), "staff:karen", None, NABO),
        (replace(party_hearing_opened, case_id=CASE, party=None), "staff:karen", None, ANNA),
        (replace(note_written, case_id=CASE), "staff:karen", None, ANNA),
        (replace(choice_requested, matter=OF_CASE), "system:esdh-sync", None, ANNA),
        (replace(choice_requested, matter=OF_HEARING), "system:esdh-sync", None, ORGANISATION),
        (preferences_set, "person:anna", None, preferences_set.party),
        (replace(caseworker_wrote, case_id=CaseId(HEARING)), "staff:karen", None, ORGANISATION),
    ],
)
def test_whose_key_seals_a_fact(
    town: Town, event: Event, by: str, on_behalf_of: str | None, person: str
) -> None:
    """Here of a case that another process has opened."""
    with town.another_process() as other:
        other.append([command(case_stream(CASE), 0, [meeting_case_opened], by=ANNA)])
    town.append(command("elsewhere", 0, [event], by=by, on_behalf_of=on_behalf_of))
    assert town.key_ids("elsewhere", 1) == {town.keys()[person]}


def test_a_case_and_what_staff_say_of_it_at_once_have_one_key(town: Town) -> None:
    said = replace(caseworker_wrote, case_id=CASE)
    town.append(command(case_stream(CASE), 0, [meeting_case_opened, said], by="staff:karen"))
    assert town.key_ids(case_stream(CASE), 1) == town.key_ids(case_stream(CASE), 2)
    assert town.keys().keys() == {ANNA, ORGANISATION}


def test_whoever_is_forgotten_is_forgotten_by_every_process_and_writes_on(town: Town) -> None:
    """A process that remembers the key must not seal by it what nobody could open any more."""
    town.write("some", party_wrote, by=ANNA)
    write = command("other", 0, [replace(party_wrote, text=WORDS)], by=ANNA)
    with town.another_process() as other:
        other.read("some")
        assert PersonKeys(town.organisation, RING).destroy(town.db, ANNA)
        assert isinstance(other.append([write])[0], Written)
        assert isinstance(town.write("other", party_wrote, by=ANNA), Written)

        left = (replace(party_wrote, text=FORGOTTEN, documents=without_names(party_wrote)),)
        for store in (town.store, other):
            assert store.read("some").events == left
            assert store.read("other").events == (replace(party_wrote, text=WORDS), party_wrote)
            assert isinstance(store.append([write])[0], Repeated)


def test_nobody_is_told_what_a_forgotten_person_was_answered(town: Town) -> None:
    write = command("some", 0, [party_wrote], by=ANNA, answer=WORDS.encode())
    town.append(write)
    PersonKeys(town.organisation, RING).destroy(town.db, ANNA)
    with town.another_process() as other:
        assert other.append([write]) == [Repeated(fingerprint=b"", answer=b"", position=1)]


def test_a_key_that_a_backup_does_not_know_seals_nothing_after_it_was_brought_back(
    town: Town,
) -> None:
    town.write("some", party_wrote, by=ANNA)
    lost = town.keys()[ANNA]
    town.db.execute("DELETE FROM person_key")
    town.write("other", party_wrote, by=ANNA)
    assert lost not in town.keys().values()
    with town.another_process() as other:
        assert other.read("other").events == (party_wrote,)


def test_without_the_key_encryption_key_nothing_is_read_or_written(town: Town) -> None:
    town.write("some", party_wrote, by=ANNA)
    stranger = KeyRing(current="other", keys={"other": bytes(32)})
    with (
        PostgresEventStore(town.conninfo, town.organisation, stranger) as store,
        pytest.raises(KekMissing, match="JULELYS_KEK_TEST"),
    ):
        store.read("some")
    with pytest.raises(KekMissing, match="JULELYS_KEK_TEST"):
        require_ring(town.conninfo, town.organisation, stranger)
    impostor = KeyRing(current="test", keys={"test": bytes(32)})
    require_ring(town.conninfo, town.organisation, RING)
    with pytest.raises(KekMissing, match="the right one"):
        require_ring(town.conninfo, town.organisation, impostor)


def without_names(event: PartyWrote) -> tuple[Document, ...]:
    return tuple(replace(document, name=FORGOTTEN) for document in event.documents)
