"""What sealing costs: the same facts sealed and in the clear, to the disk and back."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Final

from events.case import CaseOpened
from events.catalogue import Event
from events.hearing import HearingCancelled
from events.ids import HearingId
from projections import timeline
from services import codec
from services.database import connect
from services.eventstore.sealing import Seals, opening
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.ports import CommandWrite, EventStore, StreamWrite, Written
from services.privacy.sealer import PersonKey, Sealer
from services.projecting.generations import ensure
from services.projecting.kept_log import KeptLog
from services.projecting.rebuilding import rebuild
from services.projecting.shared_log import WholeLog
from tests.benchmarks import julelys
from tests.benchmarks.julelys_events import ACTOR, ORGANISATION, envelope, message
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, table
from tests.benchmarks.messages import EVENTS_PER_STREAM, TEXT
from tests.keys import RING

TIMES: Final = 5_000
APPENDS: Final = 500
CASES: Final = 2_000
PAGE: Final = 1_000

SUBJECT: Final = "Carport med redskabsrum, Strandvejen 12"
SEALED: Final = "Julelys"
CLEAR: Final = "in the clear"


class Shortened(Exception):
    """Less was read or written than there was; the figure would be of another work."""


def measure(bench: Bench, _skipped: list[str]) -> list[Table]:
    with ExitStack() as stack:
        stores = {}
        for contender, name in ((SEALED, "bench_sealed"), (CLEAR, "bench_clear")):
            conninfo = bench.database(name)
            julelys.install(conninfo)
            ensure(conninfo, ORGANISATION, [timeline.projection])
            store = stack.enter_context(PostgresEventStore(conninfo, ORGANISATION, RING))
            for _ in range(CASES):
                julelys.record(store, _case())
            stores[contender] = (conninfo, store)
        _put_in_the_clear(*stores[CLEAR])
        bench.analyze()
        logs = {each: _read(store) for each, (_, store) in stores.items()}
        builds = {
            SEALED: _rebuild(stores[SEALED][0], KeptLog(stores[SEALED][1])),
            CLEAR: _rebuild(*stores[CLEAR]),
        }
        appends = {SEALED: _append(stores[SEALED][1]), CLEAR: _append_public(stores[SEALED][1])}
        return [
            table("an event of 1 KB to bytes", interleaved(bench, _encoding())),
            table("bytes to an event of 1 KB", interleaved(bench, _decoding())),
            table("read the log, sealed", interleaved(bench, logs)),
            table("rebuild the timeline, sealed", interleaved(bench, builds)),
            table("append an event of 1 KB", interleaved(bench, appends)),
        ]


def _case() -> list[CommandWrite]:
    """With a subject of some words, as in earnest: a view is searched by their beginnings."""
    first, *others = julelys.history_of(new_id(), EVENTS_PER_STREAM)
    [stream] = first.streams
    named = [
        replace(event, subject=SUBJECT) if isinstance(event, CaseOpened) else event
        for event in stream.events
    ]
    return [replace(first, streams=[replace(stream, events=named)]), *others]


def _put_in_the_clear(conninfo: str, store: EventStore) -> None:
    """As facts lay there before anything was sealed, which is read for ever."""
    with connect(conninfo, ORGANISATION) as db, db.cursor() as cursor:
        db.execute("SET session_replication_role = replica")
        facts, _ = store.read_log(after=0, limit=CASES * EVENTS_PER_STREAM)
        cursor.executemany(
            "UPDATE events SET state = %s WHERE notification_id = %s",
            [(codec.encode(fact.event)[1], fact.position) for fact in facts],
        )


def _seals() -> Seals:
    key = PersonKey.made_of(ORGANISATION, 1, ACTOR, bytes(32))
    return Seals(Sealer({1: key}), {})


def _encoding() -> dict[str, Callable[[], Sample]]:
    seals, said, asked = _seals(), message(new_id()), envelope()

    def sealed() -> object:
        return codec.encode(said, seals.of_fact("case", 1, said, asked))

    return {SEALED: _timed(sealed), CLEAR: _timed(lambda: codec.encode(said))}


def _decoding() -> dict[str, Callable[[], Sample]]:
    seals, said = _seals(), message(new_id())
    name, plain = codec.encode(said)
    _, stored = codec.encode(said, seals.of_fact("case", 1, said, envelope()))

    def sealed() -> object:
        return codec.decode(name, stored, opening(seals.sealer, "case", 1, name))

    return {SEALED: _timed(sealed), CLEAR: _timed(lambda: codec.decode(name, plain))}


def _timed(work: Callable[[], object]) -> Callable[[], Sample]:
    def run() -> Sample:
        began = time.process_time()
        for _ in range(TIMES):
            work()
        seconds = (time.process_time() - began) / TIMES
        return {"events/s": 1 / seconds, "µs of a processor": seconds * 1_000_000}

    return run


def _append(store: EventStore) -> Callable[[], Sample]:
    return _appending(store, lambda: message(new_id()))


def _append_public(store: EventStore) -> Callable[[], Sample]:
    """Of the same size and without anything personal; what is answered is sealed all the same."""
    return _appending(store, lambda: HearingCancelled(hearing_id=HearingId(new_id()), reason=TEXT))


def _appending(store: EventStore, make: Callable[[], Event]) -> Callable[[], Sample]:
    def run() -> Sample:
        began = time.perf_counter()
        for _ in range(APPENDS):
            stream = StreamWrite(stream=str(new_id()), expected_version=0, events=[make()])
            write = CommandWrite(
                envelope=envelope(), fingerprint=b"x" * 32, answer=b"{}", streams=[stream]
            )
            if not isinstance(store.append([write])[0], Written):
                raise Shortened
        return {"commands/s": APPENDS / (time.perf_counter() - began)}

    return run


def _read(store: EventStore) -> Callable[[], Sample]:
    def run() -> Sample:
        began = time.perf_counter()
        after = count = 0
        while count < CASES * EVENTS_PER_STREAM:
            facts, after = store.read_log(after=after, limit=PAGE)
            if not facts:
                raise Shortened
            count += len(facts)
        return {"events/s": count / (time.perf_counter() - began)}

    return run


def _rebuild(conninfo: str, log: WholeLog) -> Callable[[], Sample]:
    def run() -> Sample:
        began = time.perf_counter()
        found = rebuild(conninfo, ORGANISATION, log, timeline.projection)
        if found.position != log.safe_position():
            raise Shortened
        return {"events/s": found.position / (time.perf_counter() - began)}

    return run
