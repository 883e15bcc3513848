"""What filing needs around it, and one matter as it is worked on."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import NAMESPACE_OID

from aggregates.journal import Journal as JournalState
from commands.journal import JournalCommand
from events.envelope import Recorded
from events.ids import ActorId, EntryId
from events.journal import EsdhCase, Matter
from services.catalogue.organisation import Organisation
from services.esdh.port import Esdh, EsdhParty
from services.ids import derived_id
from services.journal.breaker import Breaker
from services.journal.letter import NOBODY
from services.journal.ports import (
    Claim,
    Entry,
    EntryState,
    Facts,
    Journal,
    Settle,
)
from services.journal.session import Session
from services.journal.timing import Timing
from services.parties import Parties
from services.request import Answered, Request, unattended
from services.workers import Job

SYNC: Final = ActorId(Job.FILING.value)


class Commands(Protocol):
    async def perform(self, request: Request) -> Answered:
        """As `services.desk.Desk.perform`."""
        ...


class Contents(Protocol):
    async def read(self, sha256: str) -> bytes:
        """The bytes of an uploaded document.

        Raises:
            FileNotFoundError: they are gone.
        """
        ...


class Typesetter(Protocol):
    async def letter(
        self,
        fact: Recorded,
        history: Sequence[Recorded],
        party: EsdhParty | None,
        *,
        protected: bool,
        called: Mapping[str, str] = NOBODY,
    ) -> "Typeset":
        """The fact as a PDF that people can read; the same fact gives the same bytes.

        `called` has whom it names beside `party`.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Typeset:
    title: str
    file_name: str
    content: bytes


class Unfileable(Exception):
    """It cannot be made into anything to file; a person must look. No personal data."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Halt(Exception):
    """Nothing more can be done for this matter now; what is to come has been written down."""


class LeaseLost(Exception):
    """Another worker has taken the matter; nothing more may be done to it here."""


def unnamed(_: ActorId) -> str | None:
    """Where no colleague is known by name."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """One organisation's filing: everything it is done with.

    `users` maps staff to log-on names there, `colleague` says what one is called; `wait` returns
    when something may be due, at the latest after the seconds given. `asking` is held from before
    an intent is written until its request is answered: it bounds what the records system has to do
    at once, while other matters wait for our own database.
    """

    name: str
    organisation: Organisation
    journal: Journal
    facts: Facts
    esdh: Esdh
    commands: Commands
    contents: Contents
    typesetter: Typesetter
    parties: Parties
    users: Mapping[ActorId, str]
    timing: Timing
    asking: asyncio.Semaphore
    colleague: Callable[[ActorId], str | None] = unnamed
    wait: Callable[[float], Awaitable[None]] = asyncio.sleep
    session: Session = field(default_factory=Session)
    breaker: Breaker = field(default_factory=Breaker)

    async def tell(self, command: JournalCommand, about: str) -> None:
        """Put a command to the desk; `about` is what it follows from, for ever the same.

        Raises:
            Refused: a rule says no.
        """
        cause = f"{self.name} {type(command).__name__} {about}"
        await self.commands.perform(
            unattended(
                command,
                command_id=derived_id(NAMESPACE_OID, cause),
                organisation=self.name,
                actor=SYNC,
            )
        )


@dataclass(slots=True)
class Lane:
    """A claimed matter while it is worked on. `linked` is its case in the records system.

    `history` is the matter's own stream, as far as it was when the matter was claimed.
    `intended` is the entry whose request may have been sent by us, until its outcome is certain.
    `lies_on` has the entries that were found on another case than `linked`.
    """

    claim: Claim
    state: JournalState
    history: Sequence[Recorded]
    intended: EntryId | None = None
    lies_on: dict[EntryId, EsdhCase] = field(default_factory=dict)

    @property
    def matter(self) -> Matter:
        return self.claim.matter

    @property
    def linked(self) -> EsdhCase | None:
        return self.state.linked

    def settle(
        self,
        entry: Entry,
        state: EntryState,
        *,
        receipt: str | None = None,
        error: str | None = None,
        retry_in: float = 0.0,
        esdh_id: str | None = None,
    ) -> Settle:
        return Settle(
            matter=self.matter,
            epoch=self.claim.epoch,
            entry=entry.new.entry,
            state=state,
            receipt=receipt,
            error=error,
            retry_in=retry_in,
            esdh_id=esdh_id,
        )
