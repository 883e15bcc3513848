"""The composition root: the one place where ports meet adapters."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool

from services.bidding.clock import BidClock, DatabaseClock, ToldClock
from services.bidding.envelopes import Envelopes
from services.bidding.receipts import Receipts
from services.bidding.rehearsing import PURPOSE, Trials
from services.catalogue.organisation import Organisation as Described
from services.clock import SystemClock
from services.config import Config
from services.core import open_core
from services.database import Row, pinned, server
from services.desk import Desk
from services.documents.clamd import Clamd, clamd_address
from services.documents.scanner import NoScanner, Scanner
from services.documents.spooling import Pace
from services.documents.store import DocumentStore
from services.identity import Identity, open_identity
from services.parties import Parties, known_parties
from services.ports import Clock, EventStore
from services.privacy.blind_index import BlindIndex
from services.privacy.key_ring import KeyRing, open_ring
from services.privacy.opening import reading_pool
from services.privacy.person_keys import ORGANISATION, PersonKeys
from services.registers.configuring import open_registers
from services.registers.ports import Registers
from services.roster import Roster
from services.views import Views


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """An organisation as the gateway sees it. `reads` is pinned to its schema, and opens what is
    sealed in the rows that are read; `keys` seal what goes there; `index` finds it by its words.
    `known` names parties for the authorities that must. `envelopes` are sealed bids, `bid_clock`
    what they come in time by, `receipts` what their receipts are signed by, and `trials` what a
    committee rehearses with.
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
    envelopes: Envelopes
    bid_clock: BidClock
    trials: Trials
    receipts: Receipts


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """`registers` are the public ones; `ring` has the keys that persons' keys are wrapped by.

    `bid_clock` is another than the database's, where time is set by hand. `organisations` are those
    that are served by now; `roster` tells of more.
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
    bid_clock: BidClock | None = None
    organisations: dict[str, Organisation] = field(default_factory=dict)


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
            own = await core.keys.of_one(db, ORGANISATION)
        pace = Pace(idle=config.upload_idle_seconds, whole=config.upload_seconds)
        documents = DocumentStore(
            config.data / "documents" / name,
            reads,
            core.keys,
            scanner=application.scanner,
            pace=pace,
        )
        application.views.follow(name, pinned(conninfo, name))
        yield Organisation(
            name=name,
            store=core.store,
            desk=core.desk,
            catalogue=described,
            reads=reads,
            keys=core.keys,
            index=BlindIndex(own),
            known=known_parties(config, core.people),
            documents=documents,
            envelopes=Envelopes(config.data / "bids" / name, pace),
            bid_clock=application.bid_clock or DatabaseClock(reads),
            receipts=Receipts(name, reads, core.keys),
            trials=Trials(own.digest(ORGANISATION, PURPOSE, b"")),
        )


@asynccontextmanager
async def application(config: Config, clock: Clock | None = None) -> AsyncIterator[Application]:
    """Everything one gateway process holds, for as long as the block lasts.

    Raises:
        KekMissing: there is no key to seal personal data with; says what to do.
    """
    set_by_hand = None if clock is None else ToldClock(clock)
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
            bid_clock=set_by_hand,
        )
