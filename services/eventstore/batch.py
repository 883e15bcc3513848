"""A batch of commands as the arrays that the database function `append` takes."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from eventsourcing.persistence import StoredEvent

from services.eventstore.mapper import Mapper, NewFact, StoredFact, envelope_to_json
from services.eventstore.packing import Packed, byteas, int4s, int8s, texts, uuids
from services.eventstore.sealing import Seals
from services.ids import new_id
from services.ports import CommandWrite


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """The parameters in their order, the facts among them, and the keys that have sealed them."""

    parameters: tuple[Packed, ...]
    facts: Sequence[StoredFact]
    key_ids: Collection[int]

    def sent(self, events: object) -> tuple[object, ...]:
        """What the statement takes, if the table of events still has the number it had."""
        return (*self.parameters, events, int8s(self.key_ids), len(self.key_ids))


def batch_of(writes: Sequence[CommandWrite], mapper: Mapper, seals: Seals) -> Batch:
    """Lay the commands out flat, with an id for every event, and seal what is personal.

    Raises:
        ValueError: a command names one stream twice, which no expected version can mean.
    """
    streams = [(wanted, write.envelope) for write in writes for wanted in write.streams]
    metadatas = [envelope_to_json(wanted.envelope(envelope)) for wanted, envelope in streams]
    for write in writes:
        if len({wanted.stream for wanted in write.streams}) < len(write.streams):
            raise ValueError("A command names each stream once.")
    facts = [
        mapper.to_stored_event(
            NewFact(
                originator_id=wanted.stream,
                originator_version=version,
                event=event,
                event_id=new_id(),
                metadata=metadata,
                seal=seals.of_fact(wanted.stream, version, event, envelope),
            )
        )
        for (wanted, envelope), metadata in zip(streams, metadatas, strict=True)
        for version, event in enumerate(wanted.events, start=wanted.expected_version + 1)
    ]
    return Batch(
        parameters=(
            uuids([write.envelope.command_id for write in writes]),
            byteas([b""] * len(writes)),
            byteas([seals.answer(write) for write in writes]),
            int4s([len(write.streams) for write in writes]),
            texts([wanted.stream for wanted, _ in streams]),
            int8s([wanted.expected_version for wanted, _ in streams]),
            int4s([len(wanted.events) for wanted, _ in streams]),
            texts(metadatas),
            *_packed_facts(facts),
        ),
        facts=facts,
        key_ids=seals.sealer.key_ids(),
    )


def batch_of_stored(facts: Sequence[StoredEvent], command_id: UUID) -> Batch:
    """The same for facts that the library hands over: they are one command.

    Raises:
        TypeError: a fact was not made by our mapper and has no envelope.
        ValueError: a stream's facts do not stand together with consecutive versions, or the
            envelopes differ.
    """
    ours = [fact for fact in facts if isinstance(fact, StoredFact)]
    if len(ours) < len(facts):
        raise TypeError("Only facts with an envelope are recorded.")
    streams = {
        stream: [fact.originator_version for fact in group]
        for stream, group in groupby(ours, key=lambda fact: str(fact.originator_id))
    }
    consecutive = all(
        versions == list(range(versions[0], versions[0] + len(versions)))
        for versions in streams.values()
    )
    if not consecutive or sum(map(len, streams.values())) < len(ours):
        raise ValueError("A stream's facts stand together and their versions follow each other.")
    if len({fact.metadata for fact in ours}) > 1:
        raise ValueError("Facts recorded together share one envelope.")
    return Batch(
        parameters=(
            uuids([command_id]),
            byteas([b""]),
            byteas([b""]),
            int4s([len(streams)]),
            texts(streams),
            int8s([versions[0] - 1 for versions in streams.values()]),
            int4s([len(versions) for versions in streams.values()]),
            texts([ours[0].metadata] * len(streams)),
            *_packed_facts(ours),
        ),
        facts=ours,
        key_ids=(),
    )


def _packed_facts(facts: Sequence[StoredFact]) -> tuple[Packed, Packed, Packed]:
    return (
        uuids([fact.event_id for fact in facts]),
        texts([fact.topic for fact in facts]),
        byteas([fact.state for fact in facts]),
    )
