"""Sealing the facts of a batch and opening those of a page, each for the place where it lies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from events.catalogue import WIRE_NAMES, Event
from events.envelope import Envelope
from events.ids import CaseId
from services import codec
from services.eventstore.sessions import Sessions
from services.eventstore.whose_cases import WhoseCases
from services.ports import CommandWrite
from services.privacy.data_subject import data_subject, said_by
from services.privacy.key_ring import KeyRing
from services.privacy.person_keys import ORGANISATION, Database, PersonKeys
from services.privacy.sealed import KeyDestroyed, Place, key_of
from services.privacy.sealer import Sealer

_LENGTH_BYTES: Final = 2
_NO_KEYS: Final = Sealer({})


@dataclass(frozen=True, slots=True)
class Seals:
    """All that it takes to seal one batch; `parties` are those whose cases are in it."""

    sealer: Sealer
    parties: Mapping[CaseId, str]

    def of_fact(
        self, stream: str, version: int, event: Event, envelope: Envelope
    ) -> codec.Seal | None:
        """None for what has nothing personal in it."""
        if not codec.is_personal(type(event)):
            return None
        person = data_subject(event, envelope, self.parties)
        place = (stream, str(version), WIRE_NAMES[type(event)])
        return lambda path, value: self.sealer.seal(person, (*place, path), value)

    def answer(self, write: CommandWrite) -> bytes:
        """What is kept of a command: its fingerprint, from which a short text could be guessed
        like from any hash, and its answer.
        """
        length = len(write.fingerprint).to_bytes(_LENGTH_BYTES, "big")
        kept = length + write.fingerprint + write.answer
        return self.sealer.seal(_asked_by(write), _of_command(write.envelope.command_id), kept)


class FactSeals:
    """What one organisation's store seals and opens with. Safe to share between threads."""

    def __init__(self, organisation: str, ring: KeyRing) -> None:
        self._keys = PersonKeys(organisation, ring)
        self._cases = WhoseCases()

    def for_batch(self, db: Database, writes: Sequence[CommandWrite]) -> Seals:
        """Keys and parties of all that the commands leave behind, a statement for each kind, and
        none for what is remembered.

        Raises:
            KekMissing: a key is wrapped by one that is not on the ring.
        """
        facts = [
            (event, write.envelope)
            for write in writes
            for wanted in write.streams
            for event in wanted.events
            if codec.is_personal(type(event))
        ]
        parties = self._cases.of(db, facts)
        persons = {data_subject(event, envelope, parties) for event, envelope in facts}
        persons.update(map(_asked_by, writes))
        return Seals(self._keys.prepare(db, persons), parties)

    def for_reading(self, sessions: Sessions, states: Iterable[bytes]) -> Sealer:
        """The keys that stored forms are opened with; at most one statement."""
        wanted = set[int]().union(*(codec.key_ids(state) for state in states))
        return self._in_hand(sessions, wanted)

    def kept(
        self, sessions: Sessions, command_id: UUID, fingerprint: bytes, answer: bytes
    ) -> tuple[bytes, bytes]:
        """A command's fingerprint and answer as they were before they were kept.

        Both are empty, which no request's are, when the one who sent it was forgotten.

        Raises:
            SealBroken: it was kept of another command, or changed.
        """
        if fingerprint or not answer:
            return fingerprint, answer
        sealer = self._in_hand(sessions, {key_of(answer)})
        try:
            plain = sealer.open(_of_command(command_id), answer)
        except KeyDestroyed:
            return b"", b""
        ends = _LENGTH_BYTES + int.from_bytes(plain[:_LENGTH_BYTES], "big")
        return plain[_LENGTH_BYTES:ends], plain[ends:]

    def forget(self) -> None:
        """Remember no key: one was destroyed, or the database is another one by now."""
        self._keys.forget()

    def _in_hand(self, sessions: Sessions, key_ids: set[int]) -> Sealer:
        if not key_ids:
            return _NO_KEYS
        remembered = self._keys.remembered(key_ids)
        if remembered is not None:
            return remembered
        return sessions.run(lambda session: self._keys.load(session, key_ids))


def opening(sealer: Sealer, stream: str, version: int, name: str) -> codec.Opening:
    """Opens what was sealed for one fact; `name` is the wire name it was stored under."""
    place = (stream, str(version), name)
    return lambda path, sealed: sealer.open((*place, path), sealed)


def _of_command(command_id: UUID) -> Place:
    return "command", str(command_id)


def _asked_by(write: CommandWrite) -> str:
    return said_by(write.envelope) or ORGANISATION
