"""The real outgoing post with everything around it in memory, and a clock that the test moves."""

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from typing import TypeVar
from uuid import UUID

from events.catalogue import WIRE_NAMES, Event
from events.ids import PartyId
from events.journal import Matter, MatterKind
from events.post import Channel
from events.text import Text
from services.clock import SetClock
from services.command_handling import Command
from services.esdh.port import Company
from services.feed.port import FactRef
from services.ids import new_id
from services.journal.facts import StoreFacts
from services.memory import MemoryEventStore
from services.post.contact_points import ContactPoint, KnownContactPoints
from services.post.email import EmailMailer
from services.post.intake import take_in
from services.post.memory import MemoryOutbox
from services.post.office import Mailer, PostOffice
from services.post.ports import Accepted, Answer, Mail, NotNow, Outbox, Unknown
from services.post.sending import turn
from services.request import Request, unattended
from services.streams import post_stream
from tests import examples
from tests.services.filing_office import ANNA, BO, DirectDesk, Register
from tests.tender_examples import COMPANY, OTHER

T = TypeVar("T")

POINTS = {
    examples.ANNA: ContactPoint(official=ANNA, email="anna@example.dk"),
    examples.BO: ContactPoint(official=BO, email="bo@example.dk", is_exempt=True),
    COMPANY: ContactPoint(official=Company(cvr="10000001", name="Nord ApS"), email="n@example.dk"),
    OTHER: ContactPoint(official=Company(cvr="10000002", name="Syd A/S"), email="s@example.dk"),
}


@dataclass(slots=True)
class Server:
    """A mail server. `drops` are how many it takes and then says nothing; `times` are arrivals."""

    clock: SetClock
    is_up: bool = True
    drops: int = 0
    received: list[EmailMessage] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    tries: int = 0

    async def send(self, message: EmailMessage, *, envelope_from: str, envid: str) -> Answer:
        assert envelope_from == "retur@hjorring.example"
        assert envid in message["Message-ID"]
        self.tries += 1
        if self.answers:
            return self.answers.pop(0)
        if not self.is_up:
            return NotNow(reason="unreachable", is_down=True)
        self.received.append(message)
        if self.drops:
            self.drops -= 1
            return Unknown(reason="connection-lost")
        return Accepted(receipt=str(message["Message-ID"]))

    def ids(self) -> list[str]:
        return [str(message["Message-ID"]) for message in self.received]


@dataclass(slots=True)
class DigitalPost:
    """A way by Digital Post that takes every letter; `received` are the mails' own ids."""

    received: list[tuple[UUID, PartyId]] = field(default_factory=list)

    async def prepare(self, mail: Mail) -> Callable[[], Awaitable[Answer]]:
        async def send() -> Answer:
            self.received.append((mail.mail, mail.party))
            return Accepted(receipt=str(mail.mail))

        return send


class Killed(BaseException):
    """What a SIGKILL is to a program: nothing catches it."""


@dataclass(slots=True)
class Fuse:
    """Kills at the n-th place where the program waits for the world; None never does."""

    left: int | None = None

    def burn(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise Killed


class Killable:
    """Whatever it wraps, with two places to be killed at in every call: before it and after."""

    def __init__(self, wrapped: object, fuse: Fuse) -> None:
        self._wrapped, self._fuse = wrapped, fuse

    def __getattr__(self, name: str) -> Callable[..., Awaitable[object]]:
        call: Callable[..., Awaitable[object]] = getattr(self._wrapped, name)

        async def killable(*args: object, **kwargs: object) -> object:
            self._fuse.burn()
            answer = await call(*args, **kwargs)
            self._fuse.burn()
            return answer

        return killable


class Town:
    """An organisation whose parties are told; `hear` follows the log, `go_on` lets time pass."""

    def __init__(self) -> None:
        self.clock = SetClock(examples.NOW)
        self.store = MemoryEventStore(self.clock)
        self.desk = DirectDesk(self.store)
        self.outbox: Outbox = MemoryOutbox()
        self.server = Server(self.clock)
        self.digital_post = DigitalPost()
        self.fuse = Fuse()
        self.heard = 0
        self.office = self.opened()

    def opened(self) -> PostOffice:
        """The process begun anew: nothing it remembered is left."""
        facts = StoreFacts(self.store)
        points = KnownContactPoints(POINTS, Register({}))
        email = EmailMailer(
            organisation="hjorring",
            name=Text(da="Hjørring Kommune", en="Hjørring Municipality"),
            sender="ingen-svar@hjorring.example",
            bounces_to="retur@hjorring.example",
            site="https://hjorring.example",
            server=Killable(self.server, self.fuse),  # type: ignore[arg-type]  # it passes calls on
            facts=facts,
            contact_points=points,
            clock=self.clock,
        )
        mailers: dict[Channel, Mailer] = {
            Channel.EMAIL: email,
            Channel.DIGITAL_POST: Killable(self.digital_post, self.fuse),  # type: ignore[dict-item]  # likewise
        }
        return PostOffice(
            name="hjorring",
            outbox=Killable(self.outbox, self.fuse),  # type: ignore[arg-type]  # likewise
            facts=facts,
            commands=Killable(self.desk, self.fuse),  # type: ignore[arg-type]  # likewise
            contact_points=points,
            mailers=mailers,
            clock=self.clock,
        )

    async def do(self, *commands: Command) -> None:
        """Each command by itself."""
        for command in commands:
            await self.desk.perform(self.request(command))

    def request(self, command: Command) -> Request:
        return unattended(
            command, command_id=new_id(), organisation="hjorring", actor=examples.KAREN
        )

    async def hear(self) -> None:
        """Everything that the log has and the feed has not given yet."""
        facts, reached = self.store.read_log(after=self.heard, limit=10_000)
        await take_in(
            [
                FactRef(
                    event_id=fact.event_id,
                    stream=fact.stream,
                    version=fact.version,
                    position=fact.position,
                    name=WIRE_NAMES[type(fact.event)],
                )
                for fact in facts
            ],
            self.office,
        )
        self.heard = reached

    async def send(self) -> None:
        """Until nothing is due."""
        while await turn(self.office):
            pass

    async def go_on(self, *, minutes: float, step: float = 1.0) -> None:
        """Time passes, and the worker looks every so many minutes."""
        passed = 0.0
        while passed < minutes:
            self.clock.set(self.clock.now() + timedelta(minutes=step))
            passed += step
            await self.hear()
            await self.send()

    def told(self, about: UUID = examples.MEETING_CASE) -> list[Event]:
        """What the post says of a case, or of a tender."""
        matter = Matter(kind=MatterKind.CASE, id=about)
        return [fact.event for fact in self.store.read_recorded(post_stream(matter))]

    def names(self, about: UUID = examples.MEETING_CASE) -> list[str]:
        return [type(event).__name__.removeprefix("Notification") for event in self.told(about)]

    def arrived(self) -> Counter[str]:
        """How often each mail came, by its mark."""
        letters = (str(mail) for mail, _ in self.digital_post.received)
        return Counter([*self.server.ids(), *letters])
