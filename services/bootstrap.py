"""The composition root: the one place where ports meet adapters."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from dataclasses import dataclass, field

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from services.catalogue.organisation import Organisation as Described
from services.clock import SystemClock
from services.config import Config
from services.database import Row, pinned, server
from services.desk import Desk
from services.documents.clamd import Clamd, clamd_address
from services.documents.scanner import NoScanner, Scanner
from services.documents.spooling import Pace
from services.documents.store import DocumentStore
from services.eventstore.store import PostgresEventStore
from services.identity import Identity, open_identity
from services.migrating import require_current
from services.parties import Parties, known_parties
from services.people import People
from services.ports import Clock, EventStore
from services.privacy.blind_index import BlindIndex
from services.privacy.key_ring import KeyRing, open_ring
from services.privacy.opening import reading_pool
from services.privacy.person_keys import ORGANISATION, PersonKeys, require_ring
from services.registers.configuring import open_registers
from services.registers.ports import Registers
from services.roster import Roster
from services.views import Views


@dataclass(frozen=True, slots=True, kw_only=True)
class Core:
    """What every process needs of an organisation: its facts, the one way to add to them, and who
    people are.
    """

    name: str
    conninfo: str
    store: PostgresEventStore
    keys: PersonKeys
    people: People
    desk: Desk
    catalogue: Described


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as the gateway sees it. `reads` is pinned to its schema, and opens what is
    sealed in the rows that are read; `keys` seal what goes there; `index` finds it by its words.
    `known` names parties for the authorities that must.
    """

    name: str
    store: EventStore
    desk: Desk
    catalogue: Described
    reads: AsyncConnectionPool[AsyncConnection[Row]]
    keys: PersonKeys
    index: BlindIndex
    known: Parties
    documents: DocumentStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """`registers` are the public ones; `ring` has the keys that persons' keys are wrapped by.

    `organisations` are those that are served by now; `roster` tells of more.
    """

    config: Config
    clock: Clock
    conninfo: str
    roster: Roster
    scanner: Scanner
    identity: Identity
    ring: KeyRing
    views: Views
    registers: Registers
    organisations: dict[str, Organisation] = field(default_factory=dict)


@contextmanager
def open_core(conninfo: str, described: Described, ring: KeyRing) -> Iterator[Core]:
    """One organisation, ready to take commands; what is queued at the end is still carried out.

    Raises:
        WrongSchema: the database and this code do not belong together; says what to do.
        KekMissing: the database has keys that those of the ring do not open; likewise.
    """
    require_current(conninfo, described.id)
    require_ring(conninfo, described.id, ring)
    keys = PersonKeys(described.id, ring)
    people = People(conninfo, described.id, keys)
    with PostgresEventStore(conninfo, described.id, ring) as store, closing(people):
        desk = Desk(store)
        desk.start()
        try:
            yield Core(
                name=described.id,
                conninfo=conninfo,
                store=store,
                keys=keys,
                people=people,
                desk=desk,
                catalogue=described,
            )
        finally:
            desk.stop()


def open_scanner(config: Config) -> Scanner:
    """Raises ValueError: `JULELYS_CLAMAV` is no address."""
    return NoScanner() if config.clamav is None else Clamd(clamd_address(config.clamav))


@asynccontextmanager
async def open_organisation(
    application: Application, described: Described
) -> AsyncIterator[Organisation]:
    """One organisation as the gateway sees it, for as long as the block lasts."""
    config, conninfo, name = application.config, application.conninfo, described.id
    async with AsyncExitStack() as stack:
        # Opening asks the database and waits, which must not be felt by those served already.
        opened = open_core(conninfo, described, application.ring)
        core = await asyncio.to_thread(stack.enter_context, opened)
        reads = await stack.enter_async_context(reading_pool(conninfo, name, core.keys))
        async with reads.connection() as db:
            index = BlindIndex(await core.keys.of_one(db, ORGANISATION))
        documents = DocumentStore(
            config.data / "documents" / name,
            reads,
            core.keys,
            scanner=application.scanner,
            pace=Pace(idle=config.upload_idle_seconds, whole=config.upload_seconds),
        )
        application.views.follow(name, pinned(conninfo, name))
        yield Organisation(
            name=name,
            store=core.store,
            desk=core.desk,
            catalogue=described,
            reads=reads,
            keys=core.keys,
            index=index,
            known=known_parties(config, core.people),
            documents=documents,
        )


@asynccontextmanager
async def application(config: Config, clock: Clock | None = None) -> AsyncIterator[Application]:
    """Everything one gateway process holds, for as long as the block lasts.

    Raises:
        KekMissing: there is no key to seal personal data with; says what to do.
    """
    clock = clock or SystemClock()
    scanner = open_scanner(config)
    ring = open_ring(config)
    async with AsyncExitStack() as stack:
        conninfo = stack.enter_context(server(config))
        yield Application(
            config=config,
            clock=clock,
            conninfo=conninfo,
            roster=stack.enter_context(Roster(conninfo, config.organisations)),
            scanner=scanner,
            identity=open_identity(config, clock),
            ring=ring,
            views=await stack.enter_async_context(Views()),
            registers=await stack.enter_async_context(open_registers(config, clock)),
        )
