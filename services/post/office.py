"""One organisation's outgoing post: everything it is done with."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Final, Protocol
from uuid import NAMESPACE_OID

from commands.post import PostCommand
from events.ids import ActorId
from events.post import Channel
from services.ids import derived_id
from services.journal.breaker import Breaker
from services.journal.ports import Facts
from services.journal.work import Commands
from services.ports import Clock
from services.post.contact_points import ContactPoints
from services.post.ports import Answer, Mail, Outbox
from services.post.timing import PostTiming
from services.request import unattended
from services.workers import Job

POST: Final = ActorId(Job.POST.value)


class Unsendable(Exception):
    """It cannot be made into anything to send; a person must look. No personal data."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Mailer(Protocol):
    """A way of sending. A mail keeps its mark, by which the other side knows a repetition."""

    async def prepare(self, mail: Mail) -> Callable[[], Awaitable[Answer]]:
        """What sends it, in one try; until that is called nothing is handed over.

        Raises:
            Unsendable: nothing can be made of it.
        """
        ...


def no_one() -> None:
    """Whoever sleeps looks by itself after a while."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PostOffice:
    """`mailers` has those ways that this organisation can send by; paper goes through a person.

    `wake` is called when something new may be due. `under_way` counts the mails being sent.
    """

    name: str
    outbox: Outbox
    facts: Facts
    commands: Commands
    contact_points: ContactPoints
    mailers: Mapping[Channel, Mailer]
    clock: Clock
    digest_at: time = time(7)
    timing: PostTiming = field(default_factory=PostTiming)
    wake: Callable[[], None] = no_one
    breakers: dict[Channel, Breaker] = field(init=False)
    under_way: Counter[Channel] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        def seconds() -> float:
            return self.clock.now().timestamp()

        breakers = {channel: Breaker(seconds=seconds) for channel in Channel}
        object.__setattr__(self, "breakers", breakers)

    def open_channels(self) -> list[Channel]:
        """Those by which another mail may be begun now; one alone where a breaker tries again."""
        lanes = self.timing.lanes
        return [
            channel
            for channel in Channel
            if self.breakers[channel].lets_through(lanes) > self.under_way[channel]
        ]

    def unanswering(self) -> list[str]:
        """Those that are tried less often now, as whoever takes the mail does not answer."""
        return [channel.value for channel in Channel if self.breakers[channel].is_open]

    async def tell(self, command: PostCommand, about: str) -> None:
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
                actor=POST,
            )
        )
